"""Taking in the file of a photo, and the copies of it that readers get.

Decides where files lie, what they are called, and that files and rows change together or not at
all. How a picture is read and encoded is left to ``pictures``. Readers get renditions only: they
are encoded anew, so that nothing hidden in the original (a place, a serial number, a second file)
goes along.

Encoding takes a second and more: call ``supply`` and ``remake`` outside a transaction, from a form
by ``transaction.on_commit``. A process killed half-way leaves files no row names; ``unused_files``
finds them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import logging
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from articles import pictures
from articles.credits import credit_line
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.models.photos import Rendition

logger = logging.getLogger(__name__)

ORIGINALS, RENDITIONS = "originals", "renditions"
FORMATS = {"jpeg": "jpg", "webp": "webp"}
_TEXT_LIMITS = {"caption": 2000, "credit_line": 300, "copyright_notice": 300}
_CHUNK = 1024 * 1024

Store = Callable[[str, str, File], str]


def supply(photo: Photo, file: BinaryIO | UploadedFile, *, name: str = "") -> None:
    """Give a saved photo its file: keep the original, make the renditions, fill empty texts.

    ``name`` is only used in messages. The same bytes again change nothing. Raises ``ImportProblem``
    if the file can't be taken or stored; the photo then has the file it had before.
    """
    name = _shown_name(file, name)
    with tempfile.TemporaryFile() as copy:
        try:
            digest = _copy(file, copy, name)
        except OSError as error:
            raise ImportProblem(
                "photo_not_read", _("%(name)s can’t be read: %(reason)s.") % _failure(name, error)
            ) from error
        if _is_supplied(photo, digest):
            return
        image = pictures.open_picture(copy, name, max_pixels=_max_pixels())
        texts = pictures.embedded_texts(image)
        width, height = pictures.shown_size(image)
        values = {"content_hash": digest, "width": width, "height": height}
        extension = pictures.EXTENSIONS[str(image.format)]
        sizes = pictures.rendition_sizes(width, height)
        picture = pictures.upright(image, sizes[-1], name)
        del image  # its pixels may be half a gigabyte
        credited = Photo.objects.get(pk=photo.pk)
        _fill(credited, texts)
        with _stored_or_gone(name) as store:
            made = _make_renditions(credited, picture, sizes, store)
            values["file"] = store(ORIGINALS, extension, File(copy, name=name))
            _replace(photo, values, made, texts)


def remake(photo: Photo) -> None:
    """Make a photo's renditions anew from its original, with its present credit inside.

    Raises ``ImportProblem`` if the original is gone or can't be read.
    """
    name = str(photo)
    try:
        original = default_storage.open(photo.file.name or "", "rb")
    except (OSError, ValueError) as error:
        raise ImportProblem(
            "photo_missing", _("The file of “%(name)s” is gone. Supply it again.") % {"name": name}
        ) from error
    with original:
        image = pictures.open_picture(cast(BinaryIO, original), name, max_pixels=_max_pixels())
        sizes = pictures.rendition_sizes(*pictures.shown_size(image))
        picture = pictures.upright(image, sizes[-1], name)
        del image
    with _stored_or_gone(name) as store:
        _replace(photo, {}, _make_renditions(photo, picture, sizes, store), {})


def check(file: BinaryIO | UploadedFile, *, name: str = "") -> None:
    """Refuse, in a form, a file whose size or header ``supply`` refuses; rewinds the file.

    Raises ``ImportProblem``. Nothing is decoded, so a damaged picture may still pass.
    """
    name = _shown_name(file, name)
    _check_size(_declared_size(file), name)
    pictures.open_picture(cast(BinaryIO, file), name, max_pixels=_max_pixels())
    file.seek(0)


def fill_from_metadata(photo: Photo, image: Image.Image) -> list[str]:
    """Set a photo's empty caption, credit line and copyright notice from its file; saves nothing.

    Returns the names of the fields set.
    """
    return _fill(photo, pictures.embedded_texts(image))


def unused_files(min_age: dt.timedelta = dt.timedelta(days=1)) -> Iterator[str]:
    """Yield the names of stored originals and renditions that no row names.

    Younger files are left out: their rows may be about to be written.
    """
    before = timezone.now() - min_age
    for folder, rows in ((ORIGINALS, Photo.objects), (RENDITIONS, Rendition.objects)):
        try:
            found = default_storage.listdir(folder)[1]
        except FileNotFoundError:
            continue
        names = (f"{folder}/{name}" for name in found)
        while batch := list(itertools.islice(names, 500)):
            used = set(rows.filter(file__in=batch).values_list("file", flat=True))
            for name in batch:
                if name not in used and default_storage.get_modified_time(name) <= before:
                    yield name


def _max_bytes() -> int:
    return getattr(settings, "NEWSROOM_PHOTO_MAX_BYTES", 40 * 1024 * 1024)


def _max_pixels() -> int:
    return getattr(settings, "NEWSROOM_PHOTO_MAX_PIXELS", 120_000_000)


def _shown_name(file: BinaryIO | UploadedFile, name: str) -> str:
    given = name or getattr(file, "name", None)
    if not isinstance(given, str) or not given:
        return _("The file")
    visible = "".join(letter for letter in given if letter.isprintable())
    return visible.replace("\\", "/").rpartition("/")[2][-80:] or _("The file")


def _declared_size(file: BinaryIO | UploadedFile) -> int:
    """Return the size in bytes without reading, 0 if it can't be known."""
    size = getattr(file, "size", None)
    if isinstance(size, int):
        return size
    if not file.seekable():
        return 0
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _check_size(size: int, name: str) -> None:
    limit = _max_bytes()
    if size > limit:
        raise ImportProblem(
            "photo_too_large",
            _("%(name)s is larger than %(limit)s MB. Export it smaller, as JPEG.")
            % {"name": name, "limit": f"{limit / (1024 * 1024):g}"},
        )


def _copy(file: BinaryIO | UploadedFile, copy: BinaryIO, name: str) -> str:
    """Copy a file of at most the size allowed; return the SHA-256 of its bytes in hex."""
    _check_size(_declared_size(file), name)
    if file.seekable():
        file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        _check_size(size, name)
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise ImportProblem(
            "photo_empty",
            _("%(name)s is empty: it has no bytes. Copy it again from where it came.")
            % {"name": name},
        )
    return digest.hexdigest()


def _is_supplied(photo: Photo, digest: str) -> bool:
    """Return whether a photo has these bytes already, with every file where it should be."""
    stored = Photo.objects.filter(pk=photo.pk, content_hash=digest).exclude(file="").first()
    if stored is None:
        return False
    names = _names(stored)
    return len(names) > 1 and all(default_storage.exists(name) for name in names)


def _names(photo: Photo) -> list[str]:
    """Return the stored names of a photo's files: the original, if any, then the renditions."""
    renditions = Rendition.objects.filter(photo=photo).values_list("file", flat=True)
    return [name for name in (photo.file.name, *renditions) if name]


@contextlib.contextmanager
def _stored_or_gone(shown_name: str) -> Iterator[Store]:
    """Give a function that stores a file under a name nobody can guess; on failure remove them."""
    names: list[str] = []

    def store(folder: str, extension: str, content: File) -> str:
        # Noted before it is written: a full disk leaves a part of the file behind.
        names.append(f"{folder}/{secrets.token_hex(16)}.{extension}")
        return default_storage.save(names[-1], content)

    try:
        yield store
    except BaseException as error:
        _delete(names)
        if isinstance(error, OSError):
            raise ImportProblem(
                "photo_not_stored",
                _("%(name)s can’t be stored: %(reason)s. Nothing was changed; try again later.")
                % _failure(shown_name, error),
            ) from error
        raise


def _failure(name: str, error: OSError) -> dict[str, str]:
    return {"name": name, "reason": error.strerror or type(error).__name__}


def _delete(names: Iterable[str]) -> None:
    """Remove stored files; one that can't be removed is left for ``unused_files``."""
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:
            logger.exception("Could not remove %s from the photo store.", name)


def _make_renditions(
    photo: Photo, picture: Image.Image, sizes: list[tuple[int, int]], store: Store
) -> list[Rendition]:
    """Encode and store every rendition; return their rows, not yet saved."""
    exif = pictures.credit_exif(credit_line(photo), photo.copyright_notice)
    made = []
    for size, (format_, extension) in itertools.product(sizes, FORMATS.items()):
        content = ContentFile(pictures.encode(picture, size, format_, exif))
        stored = store(RENDITIONS, extension, content)
        made.append(Rendition(file=stored, width=size[0], height=size[1], format=format_))
    return made


def _replace(
    photo: Photo, values: dict[str, Any], made: list[Rendition], texts: dict[str, str]
) -> None:
    """Write the rows of new files; the files they replace go once that is committed."""
    with transaction.atomic():
        row = Photo.objects.select_for_update().get(pk=photo.pk)
        if not values and row.file.name != photo.file.name:
            raise ImportProblem(
                "photo_replaced",
                _("“%(name)s” was given another file meanwhile.") % {"name": row},
            )
        replaced = _names(row)
        filled = _fill(row, texts)
        for field, value in values.items():
            setattr(row, field, value)
        row.save(update_fields=[*values, *filled])
        Rendition.objects.filter(photo=row).delete()
        for rendition in made:
            rendition.photo = row
        Rendition.objects.bulk_create(made)
        kept = row.file.name
        transaction.on_commit(lambda: _delete(name for name in replaced if name != kept))
    for field in values:
        setattr(photo, field, getattr(row, field))
    for field in filled:
        setattr(photo, field, getattr(photo, field) or getattr(row, field))


def _fill(photo: Photo, texts: dict[str, str]) -> list[str]:
    """Set the empty fields among ``texts``; a credit made from photographer and agency counts."""
    present = {
        "caption": photo.caption,
        "credit_line": credit_line(photo),
        "copyright_notice": photo.copyright_notice,
    }
    filled = [field for field, text in texts.items() if text and not present[field]]
    for field in filled:
        setattr(photo, field, texts[field][: _TEXT_LIMITS[field]].rstrip())
    return filled
