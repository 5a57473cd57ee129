"""Taking in the file of a photo, and the copies of it that readers get.

Decides where files lie, what they are called, and that files and rows change together or not at
all. How a picture is read and encoded is left to ``pictures``. Readers get renditions only: they
are encoded anew, so that nothing hidden in the original (a place, a serial number, a second file)
goes along.

Encoding takes seconds: call ``supply`` and ``remake`` outside a transaction, from a form by
``transaction.on_commit``. With ``NEWSROOM_PHOTO_RENDITIONS_LATER`` only two small files are made at
once and ``make_renditions`` makes the others; pages show what is there. A process killed half-way
leaves files no row names; ``unused_files`` finds them.
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
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageFile

from articles import lookalikes, photo_texts, pictures, uploads
from articles.credits import marks
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.models.photos import Rendition

logger = logging.getLogger(__name__)

ORIGINALS, RENDITIONS = "originals", "renditions"
EXTENSIONS = {"jpeg": "jpg", "webp": "webp", "avif": "avif"}

Store = Callable[[str, str, File], str]


def supply(photo: Photo, file: BinaryIO | UploadedFile, *, name: str = "") -> list[Photo]:
    """Give a saved photo its file: keep the original, make the renditions, fill empty texts.

    ``name`` is only used in messages. Returns other photos with the same bytes. The same bytes
    again change nothing. Raises ``ImportProblem`` if the file can't be taken or stored; the photo
    then has the file it had before.
    """
    name = uploads.shown_name(file, name)
    with tempfile.TemporaryFile() as copy:
        try:
            digest = uploads.copy(file, copy, name)
        except OSError as error:
            raise ImportProblem(
                "photo_not_read", _("%(name)s can’t be read: %(reason)s.") % _failure(name, error)
            ) from error
        _refuse_killed(photo, digest, name)
        if not _is_supplied(photo, digest):
            _take_in(photo, copy, digest, name)
    return lookalikes.duplicates(photo)


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
    marked = Photo.objects.select_related("agency", "photographer").get(pk=photo.pk)
    with original:
        image = pictures.open_picture(cast(BinaryIO, original), name, max_pixels=_max_pixels())
        wanted = _all_copies(marked, *pictures.shown_size(image))
        picture = _decoded(image, wanted, name)
        del image
    with _stored_or_gone(name) as store:
        made = _make_renditions(marked, picture, wanted, store)
        values = {
            "perceptual_hash": pictures.perceptual_hash(picture),
            "renditions_digest": _wanted_digest(marked),
        }
        _replace(photo, values, made, {})


def is_current(photo: Photo) -> bool:
    """Return whether all renditions are made, and from the photo's present credit and focal point.

    Photographer and agency should have been fetched with it.
    """
    return photo.renditions_digest == _wanted_digest(photo)


def make_missing(photo: Photo) -> bool:
    """Make a photo's renditions if any is missing or says something else; return whether it did.

    Raises ``ImportProblem`` as ``remake`` does.
    """
    if not photo.file or photo.killed_at or is_current(photo):
        return False
    remake(photo)
    return True


def outdated() -> Iterator[Photo]:
    """Yield the photos whose renditions are missing or say something else than the desk now does.

    It compares what is with what should be, so it doesn't matter which way a change came: a new
    credit, another name of the agency, an import, other widths in the settings.
    """
    rows = Photo.objects.exclude(file="").filter(killed_at=None).order_by("-pk")
    for photo in rows.select_related("agency", "photographer").iterator(chunk_size=500):
        if not is_current(photo):
            yield photo


def discard_files(photo: Photo) -> None:
    """Take all files from a photo; they are removed from the store once that is committed.

    The caller holds the photo's row locked.
    """
    names = _names(photo)
    Rendition.objects.filter(photo=photo).delete()
    photo.file = ""
    photo.renditions_digest = ""
    photo.save(update_fields=["file", "renditions_digest"])
    transaction.on_commit(lambda: _delete(names))


def check(file: BinaryIO | UploadedFile, *, name: str = "") -> None:
    """Refuse, in a form, a file whose size or header ``supply`` refuses; rewinds the file.

    Raises ``ImportProblem``. Nothing is decoded, so a damaged picture may still pass.
    """
    name = uploads.shown_name(file, name)
    uploads.check_size(uploads.declared_size(file), name)
    pictures.open_picture(cast(BinaryIO, file), name, max_pixels=_max_pixels())
    file.seek(0)


def fill_from_metadata(photo: Photo, image: Image.Image) -> list[str]:
    """Set a photo's empty texts from what its file says; saves nothing.

    Returns the names of the fields set.
    """
    return photo_texts.fill(photo, photo_texts.read(image))


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


def _max_pixels() -> int:
    return getattr(settings, "NEWSROOM_PHOTO_MAX_PIXELS", 120_000_000)


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


def _take_in(photo: Photo, copy: BinaryIO, digest: str, name: str) -> None:
    """Decode a file once, store what is made of it, and write the rows."""
    image = pictures.open_picture(copy, name, max_pixels=_max_pixels())
    texts = photo_texts.read(image)
    width, height = pictures.shown_size(image)
    extension = pictures.EXTENSIONS[str(image.format)]
    marked = Photo.objects.select_related("agency", "photographer").get(pk=photo.pk)
    photo_texts.fill(marked, texts)
    later = getattr(settings, "NEWSROOM_PHOTO_RENDITIONS_LATER", False)
    at_once = pictures.copies_at_once(width, height)
    wanted = at_once if later else _all_copies(marked, width, height)
    picture = _decoded(image, wanted, name)
    del image  # its pixels may be half a gigabyte
    with _stored_or_gone(name) as store:
        made = _make_renditions(marked, picture, wanted, store)
        values = {
            "file": store(ORIGINALS, extension, File(copy, name=name)),
            "content_hash": digest,
            "width": width,
            "height": height,
            "perceptual_hash": pictures.perceptual_hash(picture),
            "renditions_digest": "" if later else _wanted_digest(marked),
        }
        _replace(photo, values, made, texts)


def _refuse_killed(photo: Photo, digest: str, name: str) -> None:
    """Refuse a file for a killed photo, and the file of a killed photo for any other."""
    killed = Photo.objects.exclude(killed_at=None)
    if killed.filter(Q(pk=photo.pk) | Q(content_hash=digest)).exists():
        message = _("%(name)s was killed: it may not be used again. Ask whoever killed it.")
        raise ImportProblem("photo_killed", message % {"name": name})


def _all_copies(photo: Photo, width: int, height: int) -> list[pictures.Copy]:
    return pictures.copies(width, height, (photo.focal_x, photo.focal_y), _widths())


def _decoded(image: ImageFile.ImageFile, wanted: list[pictures.Copy], name: str) -> Image.Image:
    size = pictures.needed_size(*pictures.shown_size(image), wanted)
    return pictures.resized(pictures.upright(image, size, name), size)


def _widths() -> tuple[int, ...]:
    return tuple(getattr(settings, "NEWSROOM_PHOTO_WIDTHS", pictures.WIDTHS))


def _wanted_digest(photo: Photo) -> str:
    """Return what stands for everything that renditions are made from, but the original."""
    # Any size does: it stands for the shapes, widths and formats that are made now.
    shapes = pictures.copies(3000, 2000, (0.5, 0.5), _widths())
    focal = (float(photo.focal_x), float(photo.focal_y))
    made_from = f"{marks(photo).digest()} {focal} {shapes}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:32]


def _make_renditions(
    photo: Photo, picture: Image.Image, wanted: list[pictures.Copy], store: Store
) -> list[Rendition]:
    """Encode and store every rendition; return their rows, not yet saved."""
    inside, made = marks(photo), []
    for copy in wanted:
        width, height = copy.size
        for format_, content in pictures.encode(picture, copy, inside).items():
            stored = store(RENDITIONS, EXTENSIONS[format_], ContentFile(content))
            made.append(
                Rendition(file=stored, width=width, height=height, format=format_, crop=copy.crop)
            )
    return made


def _replace(
    photo: Photo, values: dict[str, Any], made: list[Rendition], texts: dict[str, Any]
) -> None:
    """Write the rows of new files; the files they replace go once that is committed."""
    with transaction.atomic():
        row = Photo.objects.select_for_update().get(pk=photo.pk)
        if row.killed_at or ("file" not in values and row.file.name != photo.file.name):
            raise ImportProblem(
                "photo_replaced",
                _("“%(name)s” was killed or given another file meanwhile.") % {"name": row},
            )
        replaced = _names(row)
        filled = photo_texts.fill(row, texts)
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
