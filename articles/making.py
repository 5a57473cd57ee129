"""Making the files of renditions: each once, however many ask for it at the same time.

Who makes a file first claims its row, which one of all threads, processes and machines can do; the
others wait. A claim is void after ``CLAIM`` seconds: its holder may have died. Until then a file
that could not be made is not tried again either. One picture at a time is decoded in a process, so
that its memory is bounded. No transaction is open meanwhile.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import logging
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from articles import generations, photo_store, pictures
from articles.credits import marks
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.models.photos import Rendition

logger = logging.getLogger(__name__)

CLAIM = 60.0  # seconds
PATIENCE = 8.0  # seconds somebody waits for a file another is making
_PAUSE = 0.05

_decoding = threading.Lock()


@contextlib.contextmanager
def one_picture_at_a_time() -> Iterator[None]:
    """Let one thread of this process decode and encode, and give back the memory that took."""
    with _decoding:
        try:
            yield
        finally:
            _give_back_memory()


def make_for_reader(row: Rendition) -> bool:
    """Make a file somebody asks for, or wait for who is making it; return whether it is there."""
    if _claim(row):
        try:
            _make(_photo_of(row), [row], is_claimed=True)
        except ImportProblem as problem:
            logger.warning("Rendition %s could not be made: %s.", row.pk, problem.code)
            return False
    until = time.monotonic() + PATIENCE
    while True:
        is_made = Rendition.objects.filter(pk=row.pk).values_list("is_made", flat=True).first()
        if is_made is not False or time.monotonic() > until:
            return bool(is_made)
        time.sleep(_PAUSE)


def make_files(photo: Photo) -> int:
    """Make all files of a photo that are not there yet; return how many.

    Raises ``ImportProblem`` if the original is gone or can't be read, or nothing can be stored.
    """
    rows = list(Rendition.objects.filter(photo=photo, is_made=False))
    return _make(photo, rows) if rows else 0


def decoded(photo: Photo, wanted: Sequence[pictures.Copy]) -> dict[pictures.Box, Image.Image]:
    """Return the pieces of a photo's original that these copies show. Raises ``ImportProblem``."""
    name = str(photo)
    try:
        original = default_storage.open(photo.file.name or "", "rb")
    except Exception as error:
        raise ImportProblem(
            "photo_missing", _("The file of “%(name)s” is gone. Supply it again.") % {"name": name}
        ) from error
    with original:
        image = pictures.open_picture(
            cast(BinaryIO, original), name, max_pixels=settings.NEWSROOM_PHOTO_MAX_PIXELS
        )
        return pictures.upright_pieces(image, wanted, name)


def focal_point(photo: Photo) -> tuple[float, float]:
    return (float(photo.focal_x), float(photo.focal_y))


def _make(photo: Photo, rows: Iterable[Rendition], *, is_claimed: bool = False) -> int:
    copies = {row: _copy_of(photo, row) for row in rows}
    inside, count = marks(photo), 0
    with one_picture_at_a_time():
        pieces = decoded(photo, list(copies.values()))
        for row, copy in copies.items():
            if is_claimed or _claim(row):
                content = pictures.encode(pieces[copy.box], copy, inside)[row.format]
                count += _finish(row, content, str(photo))
    return count


def _give_back_memory() -> None:
    """Return what was freed to the system: glibc by itself keeps much of it, megabyte by megabyte.

    Another C library that lacks the call is left alone.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _copy_of(photo: Photo, row: Rendition) -> pictures.Copy:
    size = (photo.width or row.width, photo.height or row.height)
    try:
        box = pictures.box(row.crop, *size, focal_point(photo))
    except KeyError:
        raise ImportProblem("photo_shape", _("This shape is made no more.")) from None
    return pictures.Copy(row.crop, (row.width, row.height), (row.format,), box)


def _finish(row: Rendition, content: bytes, shown_name: str) -> bool:
    """Store a file and say so in its row; if the row has gone meanwhile, so has the file."""
    name = str(row.file.name)
    if default_storage.exists(name):  # a part, from somebody who died while writing
        default_storage.delete(name)
    with photo_store.saved_or_gone(shown_name) as save:
        save(name, ContentFile(content))
        unmade = Rendition.objects.filter(pk=row.pk, is_made=False, file=name)
        if unmade.update(is_made=True, claimed_at=None):
            if not settings.SERVE_MEDIA:  # until now pages went without it
                generations.bump({generations.EVERYTHING})
            return True
    if not Rendition.objects.filter(file=name).exists():
        photo_store.delete([name])
    return False


def _claim(row: Rendition) -> bool:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - dt.timedelta(seconds=CLAIM))
    return bool(Rendition.objects.filter(free, pk=row.pk, is_made=False).update(claimed_at=now))


def _photo_of(row: Rendition) -> Photo:
    return Photo.objects.select_related("agency", "photographer").get(pk=row.photo_id)
