"""A file somebody hands over, before anything looks inside: its name, its size, its bytes."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from articles.exceptions import ImportProblem

_CHUNK = 1024 * 1024


def shown_name(file: BinaryIO | UploadedFile, name: str) -> str:
    """Return a file's name as messages show it: no folders, no control characters."""
    given = name or getattr(file, "name", None)
    if not isinstance(given, str) or not given:
        return _("The file")
    visible = "".join(letter for letter in given if letter.isprintable())
    return visible.replace("\\", "/").rpartition("/")[2][-80:] or _("The file")


def check_size(size: int, name: str) -> None:
    """Refuse more bytes than are allowed. Raises ``ImportProblem``: photo_too_large."""
    limit = _max_bytes()
    if size > limit:
        raise ImportProblem(
            "photo_too_large",
            _("%(name)s is larger than %(limit)s MB. Export it smaller, as JPEG.")
            % {"name": name, "limit": f"{limit / (1024 * 1024):g}"},
        )


def copy(file: BinaryIO | UploadedFile, copy: BinaryIO, name: str) -> str:
    """Copy a file of at most the size allowed; return the SHA-256 of its bytes in hex."""
    check_size(declared_size(file), name)
    if file.seekable():
        file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        check_size(size, name)
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise ImportProblem(
            "photo_empty",
            _("%(name)s is empty: it has no bytes. Copy it again from where it came.")
            % {"name": name},
        )
    return digest.hexdigest()


def declared_size(file: BinaryIO | UploadedFile) -> int:
    """Return the size in bytes without reading, 0 if it can't be known."""
    size = getattr(file, "size", None)
    if isinstance(size, int):
        return size
    if not file.seekable():
        return 0
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _max_bytes() -> int:
    return int(settings.NEWSROOM_PHOTO_MAX_BYTES)
