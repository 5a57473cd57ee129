"""The secret key of a checkout: made once, kept in its data directory, readable by its owner."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

FILE_NAME = "secret_key"


def kept_secret_key(directory: Path) -> str:
    """Return the key kept in the directory; make both if they aren't there.

    The key appears under its name whole, so that processes started at once all use the same one.
    """
    path = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            write_once(path, get_random_secret_key())
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"DATA_DIR: the secret key {path} can't be kept there: {error}."
            " Set DATA_DIR to a directory you may write to."
        ) from error
    if not key:
        raise ImproperlyConfigured(f"DATA_DIR: {path} is empty. Delete it; a new one is made.")
    return key


def write_once(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; keep one that is there already."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
