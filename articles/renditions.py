"""Taking in the file of a photo, and the copies of it that readers get.

Decides which files a photo has, and that files and rows change together or not at all. How a
picture is read and encoded is left to ``pictures``, and making files once to ``making``. Readers
get renditions only: they are encoded anew, so that nothing hidden in the original (a place, a
serial number, a second file) goes along.

An upload is decoded once and makes one small JPEG, with which the photo can be placed. All other
renditions are rows with a name; a task makes their files where a worker runs (``TASK_WORKER``),
else each is made when a reader first asks for it. Call ``supply``, ``take_in`` and ``renew``
outside a transaction, from a form by ``transaction.on_commit``. A process killed half-way leaves
files no row names; ``unused_files`` finds them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from PIL import Image

from articles import lookalikes, making, photo_store, photo_texts, pictures, uploads
from articles.credits import marks
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.models.photos import Rendition
from articles.photo_store import ORIGINALS, RENDITIONS

EXTENSIONS = {"jpeg": "jpg", "webp": "webp", "avif": "avif"}


class _KnownError(Exception):
    """The same bytes were taken in meanwhile."""

    def __init__(self, photo: Photo) -> None:
        self.photo = photo


@dataclass(frozen=True, slots=True)
class _Intake:
    """A file read once: what its row will say, and the small copy made at once."""

    extension: str
    values: dict[str, Any]
    texts: dict[str, Any]
    small: pictures.Copy
    content: bytes


def supply(photo: Photo, file: BinaryIO | UploadedFile, *, name: str = "") -> list[Photo]:
    """Give a saved photo its file: keep the original, plan the renditions, fill empty texts.

    ``name`` is only used in messages. Returns other photos with the same bytes. The same bytes
    again change nothing. Raises ``ImportProblem`` if the file can't be taken or stored; the photo
    then has the file it had before.
    """
    name = uploads.shown_name(file, name)
    with tempfile.TemporaryFile() as copy:
        digest = _copied(file, copy, name)
        _refuse_killed(photo, digest, name)
        if not _is_supplied(photo, digest):
            _take(photo, copy, digest, name)
            _make_in_task(photo)
    return lookalikes.duplicates(photo)


def take_in(file: BinaryIO | UploadedFile, *, name: str = "", **values: Any) -> tuple[Photo, bool]:
    """Make a photo of a file; return it, and whether a photo had these bytes already.

    That photo is returned then, also if it was made at the same moment, and nothing is changed.
    ``values`` are fields of a new photo. Raises ``ImportProblem``: nothing was stored, no row made.
    """
    name = uploads.shown_name(file, name)
    with tempfile.TemporaryFile() as copy:
        digest = _copied(file, copy, name)
        photo = Photo(**{"expected_file": name, **values})
        _refuse_killed(photo, digest, name)
        known = _known(digest)
        if known is None:
            try:
                _take(photo, copy, digest, name)
            except _KnownError as error:
                known = error.photo
    if known is not None:
        return known, True
    _make_in_task(photo)
    return photo, False


def remake(photo: Photo) -> None:
    """Make a photo's renditions anew, under new names, with its present credit inside.

    Pages show the old ones until then. Raises ``ImportProblem`` if the original is gone or can't
    be read.
    """
    marked = Photo.objects.select_related("agency", "photographer").get(pk=photo.pk)
    rows = _planned(marked)
    inside = marks(marked)
    with photo_store.saved_or_gone(str(marked)) as save, making.one_picture_at_a_time():
        pieces = making.decoded(marked, [copy for copy, _ in rows])
        for copy, made in rows:
            files = pictures.encode(pieces[copy.box], copy, inside)
            for row in made:
                save(str(row.file.name), ContentFile(files[row.format]))
                row.is_made = True
        values = {"renditions_digest": _wanted_digest(marked)}
        _replace(photo, values, [row for _, made in rows for row in made], {})


def renew(photo: Photo) -> None:
    """Have a photo's renditions say what the desk now does, after a change of its row.

    In a task, where a worker runs: until it is done pages show the old files. Else pages name new
    ones at once, which are made when readers ask for them. Raises ``ImportProblem`` as ``remake``.
    """
    row = Photo.objects.select_related("agency", "photographer").get(pk=photo.pk)
    if not row.file or row.killed_at or is_current(row):
        return
    if settings.TASK_WORKER:
        _make_in_task(row)
    elif settings.SERVE_MEDIA and default_storage.exists(str(row.file.name)):
        rows = [one for _, planned in _planned(row) for one in planned]
        _replace(photo, {"renditions_digest": _wanted_digest(row)}, rows, {})
    else:
        remake(photo)


def renew_outdated() -> None:
    """Have all renditions renewed that say something old, as after an agency changed its name.

    With a worker in a task; without one it is left to ``make_renditions``.
    """
    if settings.TASK_WORKER:
        _renew_all.enqueue()


def is_current(photo: Photo) -> bool:
    """Return whether the renditions are planned from the photo's present credit and focal point.

    Photographer and agency should have been fetched with it. Their files may not be made yet.
    """
    return photo.renditions_digest == _wanted_digest(photo)


def make_missing(photo: Photo) -> bool:
    """Make a photo's files if any is missing or says something else; return whether it did.

    Raises ``ImportProblem`` as ``remake`` does.
    """
    if not photo.file or photo.killed_at:
        return False
    if is_current(photo):
        return making.make_files(photo) > 0
    remake(photo)
    return True


def outdated() -> Iterator[Photo]:
    """Yield the photos whose renditions are missing or say something else than the desk now does.

    It compares what is with what should be, so it doesn't matter which way a change came: a new
    credit, another name of the agency, an import, other widths in the settings.
    """
    unmade = Rendition.objects.filter(photo=OuterRef("pk"), is_made=False)
    rows = Photo.objects.exclude(file="").filter(killed_at=None).order_by("-pk")
    rows = rows.select_related("agency", "photographer")
    for photo in rows.annotate(lacks_files=Exists(unmade)).iterator(chunk_size=500):
        if photo.lacks_files or not is_current(photo):
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
    transaction.on_commit(lambda: photo_store.delete(names))


def check(file: BinaryIO | UploadedFile, *, name: str = "") -> None:
    """Refuse, in a form, a file whose size or header ``supply`` refuses; rewinds the file.

    Raises ``ImportProblem``. Nothing is decoded, so a damaged picture may still pass.
    """
    name = uploads.shown_name(file, name)
    uploads.check_size(uploads.declared_size(file), name)
    pictures.open_picture(cast(BinaryIO, file), name, max_pixels=settings.NEWSROOM_PHOTO_MAX_PIXELS)
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


@task()
def _make_all_of(photo_id: int) -> None:
    """Make what is missing of one photo; it may be gone or killed since."""
    photo = Photo.objects.select_related("agency", "photographer").filter(pk=photo_id).first()
    if photo is not None:
        make_missing(photo)


@task()
def _renew_all() -> None:
    for photo in outdated():
        _make_all_of.enqueue(photo.pk)


def _make_in_task(photo: Photo) -> None:
    if settings.TASK_WORKER:
        _make_all_of.enqueue(photo.pk)


def _copied(file: BinaryIO | UploadedFile, copy: BinaryIO, name: str) -> str:
    try:
        return uploads.copy(file, copy, name)
    except OSError as error:
        raise ImportProblem(
            "photo_not_read",
            _("%(name)s can’t be read: %(reason)s.") % photo_store.failure(name, error),
        ) from error


def _known(digest: str) -> Photo | None:
    return Photo.objects.filter(content_hash=digest).exclude(file="").order_by("pk").first()


def _is_supplied(photo: Photo, digest: str) -> bool:
    """Return whether a photo has these bytes already, with every file where it should be."""
    stored = Photo.objects.filter(pk=photo.pk, content_hash=digest).exclude(file="").first()
    if stored is None:
        return False
    rows = Rendition.objects.filter(photo=stored)
    names = [stored.file.name, *rows.filter(is_made=True).values_list("file", flat=True)]
    return rows.exists() and all(default_storage.exists(name) for name in names if name)


def _names(photo: Photo) -> list[str]:
    """Return the stored names of a photo's files: the original, if any, then the renditions."""
    renditions = Rendition.objects.filter(photo=photo).values_list("file", flat=True)
    return [name for name in (photo.file.name, *renditions) if name]


def _take(photo: Photo, copy: BinaryIO, digest: str, name: str) -> None:
    """Decode a file once, store what is made of it, and write the rows."""
    intake = _read(photo, copy, digest, name)
    marked = _with(photo, intake)
    with photo_store.saved_or_gone(name) as save:
        rows = [row for _, planned in _planned(marked) for row in planned]
        small = _at_once(rows, intake.small)
        save(str(small.file.name), ContentFile(intake.content))
        small.is_made = True
        original = photo_store.new_name(ORIGINALS, intake.extension)
        save(original, File(copy, name=name))
        values = {
            **intake.values,
            "file": original,
            "renditions_digest": _wanted_digest(marked),
        }
        _replace(photo, values, rows, intake.texts)


def _read(photo: Photo, copy: BinaryIO, digest: str, name: str) -> _Intake:
    with making.one_picture_at_a_time():
        image = pictures.open_picture(copy, name, max_pixels=settings.NEWSROOM_PHOTO_MAX_PIXELS)
        texts = photo_texts.read(image)
        width, height = pictures.shown_size(image)
        small = pictures.copy_at_once(width, height)
        extension = pictures.EXTENSIONS[str(image.format)]
        picture = pictures.upright_pieces(image, [small], name)[small.box]
        del image  # its pixels may be half a gigabyte
    values = {
        "content_hash": digest,
        "width": width,
        "height": height,
        "perceptual_hash": pictures.perceptual_hash(picture),
    }
    intake = _Intake(extension, values, texts, small, b"")
    (content,) = pictures.encode(picture, small, marks(_with(photo, intake))).values()
    return _Intake(extension, values, texts, small, content)


def _with(photo: Photo, intake: _Intake) -> Photo:
    """Return the photo as it will be once it has its file."""
    if photo._state.adding:
        marked = photo
    else:
        marked = Photo.objects.select_related("agency", "photographer").get(pk=photo.pk)
    for field, value in intake.values.items():
        setattr(marked, field, value)
    photo_texts.fill(marked, intake.texts)
    return marked


def _refuse_killed(photo: Photo, digest: str, name: str) -> None:
    """Refuse a file for a killed photo, and the file of a killed photo for any other."""
    killed = Photo.objects.exclude(killed_at=None)
    if killed.filter(Q(pk=photo.pk) | Q(content_hash=digest)).exists():
        message = _("%(name)s was killed: it may not be used again. Ask whoever killed it.")
        raise ImportProblem("photo_killed", message % {"name": name})


def _planned(photo: Photo) -> list[tuple[pictures.Copy, list[Rendition]]]:
    """Return the rows of all renditions, under new names, none saved and none made."""
    size = (photo.width or 1, photo.height or 1)
    wanted = pictures.copies(*size, making.focal_point(photo), _widths())
    return [(copy, [_row(copy, format_) for format_ in copy.formats]) for copy in wanted]


def _row(copy: pictures.Copy, format_: str) -> Rendition:
    width, height = copy.size
    name = photo_store.new_name(RENDITIONS, EXTENSIONS[format_])
    return Rendition(
        file=name, width=width, height=height, format=format_, crop=copy.crop, is_made=False
    )


def _at_once(rows: list[Rendition], small: pictures.Copy) -> Rendition:
    """Return the row of the small copy, put among the rows if the widths wanted leave it out."""
    for row in rows:
        if (row.crop, row.format, row.width) == ("", "jpeg", small.size[0]):
            return row
    rows.append(_row(small, "jpeg"))
    return rows[-1]


def _widths() -> tuple[int, ...]:
    return tuple(getattr(settings, "NEWSROOM_PHOTO_WIDTHS", pictures.WIDTHS))


def _wanted_digest(photo: Photo) -> str:
    """Return what stands for everything that renditions are made from, but the original."""
    # Any size does: it stands for the shapes, widths and formats that are made now.
    shapes = pictures.copies(3000, 2000, (0.5, 0.5), _widths())
    made_from = f"{marks(photo).digest()} {making.focal_point(photo)} {shapes}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:32]


def _replace(
    photo: Photo, values: dict[str, Any], rows: list[Rendition], texts: dict[str, Any]
) -> None:
    """Write the rows of new files; the files they replace go once that is committed."""
    with transaction.atomic():
        row = _locked(photo, values)
        is_new = row._state.adding
        replaced = [] if is_new else _names(row)
        filled = photo_texts.fill(row, texts)
        for field, value in values.items():
            setattr(row, field, value)
        row.save(update_fields=None if is_new else [*values, *filled])
        Rendition.objects.filter(photo=row).delete()
        for rendition in rows:
            rendition.photo = row
        Rendition.objects.bulk_create(rows)
        kept = row.file.name
        transaction.on_commit(lambda: photo_store.delete(n for n in replaced if n != kept))
    for field in values:
        setattr(photo, field, getattr(row, field))
    for field in filled:
        setattr(photo, field, getattr(photo, field) or getattr(row, field))


def _locked(photo: Photo, values: dict[str, Any]) -> Photo:
    """Return the row to write, locked; a new photo itself, if nobody took in its bytes."""
    if photo._state.adding:
        digest = values["content_hash"]
        if connection.vendor == "postgresql":
            # SQLite has one writer at a time; here those of the same bytes wait for each other.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
        _refuse_killed(photo, digest, photo.expected_file)
        known = _known(digest)
        if known is not None:
            raise _KnownError(known)
        return photo
    row = Photo.objects.select_for_update().get(pk=photo.pk)
    if row.killed_at or ("file" not in values and row.file.name != photo.file.name):
        raise ImportProblem(
            "photo_replaced",
            _("“%(name)s” was killed or given another file meanwhile.") % {"name": row},
        )
    return row
