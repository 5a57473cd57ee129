"""Reading a newsroom from a folder into an empty database, a batch at a time.

Each batch is committed with the place it ends at, so that a run that was stopped goes on from
there. A bad story, article or imported document is rejected and named, and tried again by the next
run; what else is bad ends the run at its line.

An archive is data from outside. Its files are taken by names of our own form only, and a page's
stored text is taken only if it is what its revision renders to: nothing in an archive becomes
markup that this newsroom would not have written itself.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from articles import generations
from articles.archive import rows, stories, tables
from articles.archive.stories import Lines, Rejected, Write, of_line, write_apart
from articles.exceptions import ImportProblem
from articles.models import (
    ArchiveReading,
    Article,
    Assignment,
    Contributor,
    Front,
    ImportRun,
    Photo,
    Rendition,
    Section,
    Slot,
    Source,
    SourceAlias,
    Topic,
)

# Called with the number of bytes, and of stories, that were read since the last call.
Progress = Callable[[int, int], object]
_FILE_NAME = re.compile(r"(originals|renditions)/[0-9a-f]{32}\.(jpg|jpeg|png|webp|gif|avif)")
_WHOLE = {"topic"}  # types whose lines are taken in at once: they refer to later ones
_MODULUS = 1 << 256


@dataclass
class Outcome:
    """What became of the lines of an archive: how many of each type came in now, how many lines
    were there before, and which were rejected."""

    counts: dict[str, int] = field(default_factory=dict)
    there: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def read(
    folder: Path, *, dry_run: bool = False, progress: Progress = lambda size, stories: None
) -> Outcome:
    """Fill this database from an archive, or go on where an earlier run stopped.

    Raises ImportProblem with the number of the line: not_an_archive, not_empty, shape, reference,
    file_name, no_file, conflict, not_alone. What was read before that line stays.
    """
    path = folder / rows.JSONL
    reader = _Reader(folder)
    if dry_run:
        for _number, _text, line in _lines(path):
            reader.count(str(line["type"]), 1)
        return reader.outcome
    reader.open(path)
    with tables.pages_in_memory(), _collecting_by_batch() as collect:
        for kind, lines in _batches(reader.lines(path, progress)):
            reader.take(kind, lines)
            progress(0, len(lines) if kind == "story" else 0)
            collect()
    reader.close()
    return reader.outcome


@contextmanager
def _collecting_by_batch() -> Iterator[Callable[[], object]]:
    """Have cycles looked for when a batch is over: while lines are read and rows are made there
    are only ever more of them, and looking through all again and again takes half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield partial(gc.collect, 1)
    finally:
        if was_enabled:
            gc.enable()


def size(folder: Path) -> int:
    """Return how many bytes an archive has that ``progress`` will count; 0 when it is none."""
    path = folder / rows.JSONL
    return path.stat().st_size if path.is_file() else 0


def _batches(lines: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[tuple[str, Lines]]:
    """Put neighbouring lines of one type together, a batch at a time."""
    for kind, found in groupby(lines, key=lambda line: str(line[1]["type"])):
        while batch := list(islice(found, None if kind in _WHOLE else stories.SIZE)):
            yield kind, batch


def _texts(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of each line."""
    try:
        with path.open("rb") as stream:
            yield from enumerate(stream, start=1)
    except FileNotFoundError as error:
        message = f"There is no {path.name} in {path.parent}."
        raise ImportProblem("not_an_archive", message) from error


def _lines(path: Path) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    for number, text in _texts(path):
        yield number, text, _parsed(path, number, text)


def _parsed(path: Path, number: int, text: bytes) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        message = f"{path} is damaged at line {number}: {error}."
        raise ImportProblem("shape", message) from error
    if number == 1 and (not isinstance(line, dict) or line.get("schema") != rows.SCHEMA):
        raise ImportProblem("not_an_archive", f"{path} is not of {rows.SCHEMA}.")
    if not isinstance(line, dict) or "type" not in line:
        raise ImportProblem("shape", f"Line {number} is no object with a type.")
    return line


def _print(number: int, text: bytes) -> int:
    """Return a line's part of the sum by which an archive is known again."""
    return int.from_bytes(hashlib.sha256(b"%d:%b" % (number, text.rstrip(b"\n"))).digest())


class _Reader:
    """Reads an archive in its order; each type of line has its function."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = rows.Rows()
        self.outcome = Outcome()
        self.stored: list[str] = []
        self.run: ImportRun | None = None
        self.runs: list[ImportRun] = []
        self.reading = ArchiveReading(pk=1)
        self.before = 0
        self.again: set[int] = set()
        self.prints: dict[int, int] = {}
        self.single: dict[str, Callable[[dict[str, Any]], None]] = {
            "archive": self._archive,
            "user": self._user,
            "section": self._section,
            "contributor": self._contributor,
            "source": self._source,
            "photo": self._photo,
            "assignment": self._assignment,
            "front": self._front,
            "import_run": self._import_run,
        }
        self.together: dict[str, Write] = {
            "article": stories.write_articles,
            "story": stories.write_stories,
            "imported_document": lambda known, lines: stories.write_documents(
                self.run, known, lines
            ),
        }

    def count(self, kind: str, lines: int) -> None:
        self.outcome.counts[kind] = self.outcome.counts.get(kind, 0) + lines

    def open(self, path: Path) -> None:
        """Find out where to begin. Raises ImportProblem: not_an_archive, not_empty."""
        found = ArchiveReading.objects.first()
        if found is None:
            next(_lines(path), None)
            if Article.objects.exists() or Photo.objects.exists() or Section.objects.exists():
                raise ImportProblem(
                    "not_empty", "This newsroom is not empty: use a fresh database."
                )
            return
        self.reading, self.before = found, found.lines
        self.again = {number for number, _code, _message in found.rejected}
        if not self._is_begun(path):
            message = "This newsroom is not empty: it was read from another archive, or this one "
            raise ImportProblem("not_empty", message + "was changed in lines that are in it.")
        self.rows.know(Section, {row.path: row for row in Section.objects.all()})
        for model in (get_user_model(), Topic, Contributor, Source, Photo):
            names = model._default_manager.values_list(rows.key_field(model), "pk")
            self.rows.know(model, {str(name): pk for name, pk in names.iterator()})
        self.runs = list(ImportRun.objects.order_by("pk"))

    def _is_begun(self, path: Path) -> bool:
        """Return whether what was read before are the first lines of this archive."""
        total = last = 0
        for last, text in islice(_texts(path), self.before):
            if last not in self.again:
                total += _print(last, text)
        return last == self.before and f"{total % _MODULUS:x}" == self.reading.digest

    def lines(self, path: Path, progress: Progress) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the lines that are not in, and those of import runs, which documents hang on."""
        for number, text in _texts(path):
            progress(len(text), 0)
            if number <= self.before and number not in self.again:
                self.outcome.there += 1
                if b'"import_run"' in text:
                    line = _parsed(path, number, text)
                    if line["type"] == "import_run":
                        yield number, line
                continue
            self.prints[number] = _print(number, text)
            yield number, _parsed(path, number, text)

    def take(self, kind: str, lines: Lines) -> None:
        """Write a batch and the place it ends at, in one transaction."""
        if kind == "import_run":
            while lines and lines[0][0] <= self.before:
                self.run, lines = self.runs.pop(0), lines[1:]
        if not lines:
            return
        try:
            with transaction.atomic():
                self._stand_alone()
                rejected = self._write(kind, lines)
                self._keep_place(lines, rejected)
                if kind != "archive":
                    generations.bump({generations.EVERYTHING})
        except BaseException:
            for name in self.stored:
                default_storage.delete(name)
            raise
        self.stored.clear()
        self.count(kind, len(lines) - len(rejected))
        self.outcome.rejected += rejected

    def _stand_alone(self) -> None:
        """Refuse to go on beside another run; wait for its batch on a database that locks rows."""
        now = ArchiveReading.objects.select_for_update().first()
        place = (now.lines, now.digest) if now else (0, "0")
        if place != (self.reading.lines, self.reading.digest):
            raise ImportProblem("not_alone", "Another run reads an archive at this moment.")

    def _write(self, kind: str, lines: Lines) -> list[Rejected]:
        if kind in self.together:
            return write_apart(self.together[kind], self.rows, lines)
        if kind == "topic":
            self._topics(lines)
        elif kind in self.single:
            for number, line in lines:
                with of_line(number):
                    self._write_one(kind, line)
        else:
            raise ImportProblem("shape", f"Line {lines[0][0]}: {kind!r} is not known.")
        return []

    def _write_one(self, kind: str, line: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                self.single[kind](line)
        except (IntegrityError, DataError) as error:
            raise ImportProblem("conflict", f"The database refuses it: {error}.") from error

    def _keep_place(self, lines: Lines, rejected: list[Rejected]) -> None:
        reading = self.reading
        numbers = {number for number, _line in lines}
        prints = {number: self.prints.pop(number) for number in numbers}
        total = int(reading.digest, 16)
        total += sum(prints.values()) - sum(prints[row.line] for row in rejected)
        reading.digest = f"{total % _MODULUS:x}"
        reading.lines = max(reading.lines, *numbers)
        kept = [row for row in reading.rejected if row[0] not in numbers]
        reading.rejected = sorted([*kept, *map(list, rejected)])
        reading.save()

    def close(self) -> None:
        if self.reading.lines and self.reading.finished_at is None:
            self.reading.finished_at = timezone.now()
            self.reading.save()

    def _archive(self, line: dict[str, Any]) -> None:
        pass

    def _user(self, line: dict[str, Any]) -> None:
        model = get_user_model()
        user = model._default_manager.filter(**{model.USERNAME_FIELD: line["name"]}).first()
        if user is None:
            user = model(**{model.USERNAME_FIELD: line["name"]})
            for name in rows.USER_COLUMNS:
                setattr(user, name, line[name])
            user.set_unusable_password()
            user.save()
            user.groups.set(Group.objects.filter(name__in=line["groups"]))
        self.rows.remember(user)

    def _section(self, line: dict[str, Any]) -> None:
        self._keep(self.rows.make(Section, line))

    def _topics(self, lines: Lines) -> None:
        """Write all topics, then which are merged into which."""
        made = []
        for number, line in lines:
            with of_line(number):
                made.append(self.rows.make(Topic, line))
        try:
            with transaction.atomic():
                Topic.objects.bulk_create(made)
        except IntegrityError as error:
            where = f"Lines {lines[0][0]} to {lines[-1][0]}"
            raise ImportProblem("conflict", f"{where}: {error}.") from error
        for row in made:
            self.rows.remember(row)
        for number, line in lines:
            with of_line(number):
                if line["merged_into"]:
                    into = self.rows.id_of(Topic, line["merged_into"])
                    Topic.objects.filter(slug=line["slug"]).update(merged_into=into)

    def _contributor(self, line: dict[str, Any]) -> None:
        self._keep(self.rows.make(Contributor, line))

    def _source(self, line: dict[str, Any]) -> None:
        source = self._keep(self.rows.make(Source, line))
        for name in line["aliases"]:
            SourceAlias.objects.create(source=source, name=name)

    def _photo(self, line: dict[str, Any]) -> None:
        photo = self.rows.make(Photo, line)
        if photo.file.name:
            self._store(photo.file.name)
        self._keep(photo)
        Photo.objects.filter(pk=photo.pk).update(created_at=line["created_at"])
        for stored in line["renditions"]:
            row = self.rows.make(Rendition, stored, photo=photo)
            if row.is_made:
                self._store(row.file.name)
            row.save()

    def _front(self, line: dict[str, Any]) -> None:
        named = Article.objects.filter(uuid__in=[slot["article"] for slot in line["slots"]])
        self.rows.know(Article, {str(uuid): pk for uuid, pk in named.values_list("uuid", "pk")})
        front = self._save(self.rows.make(Front, line))
        for slot in line["slots"]:
            self._save(self.rows.make(Slot, slot, front=front))

    def _import_run(self, line: dict[str, Any]) -> None:
        self.run = self._save(self.rows.make(ImportRun, line))

    def _save(self, row: Any) -> Any:
        row.save(force_insert=True)
        return row

    def _keep(self, row: Any) -> Any:
        self._save(row)
        self.rows.remember(row)
        return row

    def _assignment(self, line: dict[str, Any]) -> None:
        for role in Group.objects.filter(name=line["role"]):
            self.rows.remember(role)
        self._save(self.rows.make(Assignment, line))

    def _store(self, name: str) -> None:
        """Copy a file of the archive into the storage under the same name."""
        if not _FILE_NAME.fullmatch(name):
            raise ImportProblem("file_name", f"{name!r} is no name of a photo file.")
        source = self.folder / rows.FILES / name
        if source.is_symlink() or not source.is_file():
            raise ImportProblem("no_file", f"The file {name} is not in the archive.")
        if default_storage.exists(name):
            if default_storage.size(name) == source.stat().st_size:
                return
            default_storage.delete(name)  # a run was stopped while it wrote this file
        with source.open("rb") as stream:
            self.stored.append(default_storage.save(name, File(stream)))
