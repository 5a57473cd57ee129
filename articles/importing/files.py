"""Which files an import reads: regular files under the paths given, nothing they point to."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from articles.exceptions import ImportProblem

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import. ``external_id`` stays the same when the file's content changes."""

    path: Path
    external_id: str

    def read(self) -> bytes:
        """Return the bytes. Raises ImportProblem: not_a_file, too_large, unreadable."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise ImportProblem("unreadable", f"It can’t be read: {error.strerror}.") from error
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ImportProblem("not_a_file", "It is not a regular file.")
            if status.st_size > MAX_BYTES:
                size, limit = status.st_size // 1_000_000, MAX_BYTES // 1_000_000
                raise ImportProblem("too_large", f"It has {size} MB; {limit} MB is the limit.")
            return stream.read(MAX_BYTES + 1)


def source_files(paths: list[Path], suffix: str, collection: str = "") -> Iterator[SourceFile]:
    """Yield the files to import, in a stable order, hidden ones left out.

    The external id is the collection (the name of the folder given, or of the file's folder)
    and the path below it. Links that lead out of a folder are not followed.
    """
    for path in paths:
        real = path.resolve()
        if real.is_dir():
            for found in sorted(real.rglob(f"*{suffix}")):
                below = found.relative_to(real)
                hidden = any(part.startswith(".") for part in below.parts)
                if not hidden and not found.is_dir() and found.resolve().is_relative_to(real):
                    yield SourceFile(found, f"{collection or real.name}/{below.as_posix()}")
        else:
            yield SourceFile(real, f"{collection or real.parent.name}/{real.name}")


@dataclass
class PhotoFolder:
    """The files of one folder by name, to be matched with what texts call their photos.

    A name in a text is only ever compared with this list: it is never opened as a path.
    """

    root: Path
    names: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = self.root.resolve()
        for found in sorted(root.rglob("*")):
            real = found.resolve()
            if real.is_file() and real.is_relative_to(root):
                self.names.setdefault(found.name.casefold(), real)

    def find(self, expected_file: str) -> Path | None:
        """Return the file of that name, whatever folder or host the text puts before it."""
        try:
            path = unquote(urlsplit(expected_file).path)
        except ValueError:
            return None
        return self.names.get(PurePosixPath(path.replace("\\", "/")).name.casefold())
