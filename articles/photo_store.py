"""Where files of photos lie and what they are called; a file is stored whole or not at all."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from articles.exceptions import ImportProblem

logger = logging.getLogger(__name__)

ORIGINALS, RENDITIONS = "originals", "renditions"

Save = Callable[[str, File], None]


def new_name(folder: str, extension: str) -> str:
    """Return a name of 128 random bits: nobody finds a file by guessing."""
    return f"{folder}/{secrets.token_hex(16)}.{extension}"


@contextlib.contextmanager
def saved_or_gone(shown_name: str) -> Iterator[Save]:
    """Give a function that stores a file under a name; if anything fails, all of them are removed.

    Raises ``ImportProblem``: photo_not_stored, if the store is full or out of reach.
    """
    names: list[str] = []

    def save(name: str, content: File) -> None:
        # Noted before it is written: a full disk leaves a part of the file behind.
        names.append(name)
        try:
            stored = default_storage.save(name, content)
        except Exception as error:  # a disk raises OSError, a bucket's client errors of its own
            raise ImportProblem(
                "photo_not_stored",
                _("%(name)s can’t be stored: %(reason)s. Nothing was changed; try again later.")
                % failure(shown_name, error),
            ) from error
        if stored != name:  # somebody else has just written it
            names[-1] = stored
            raise ImportProblem("photo_not_stored", _("The file was stored by another process."))

    try:
        yield save
    except BaseException:
        delete(names)
        raise


def failure(name: str, error: Exception) -> dict[str, str]:
    """Return the parts of a message about a file that can't be read or stored."""
    reason = error.strerror if isinstance(error, OSError) else ""
    return {"name": name, "reason": reason or type(error).__name__}


def delete(names: Iterable[str]) -> None:
    """Remove stored files; one that can't be removed is left for ``renditions.unused_files``."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("Could not remove %s from the photo store.", name)
