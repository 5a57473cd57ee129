"""Photos as the values that pages show of them: the same values are shown the same.

Whether a photo may be shown is asked of these values as it is of the photo. Where a model is
needed, ``row`` makes one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from articles.models import Photo, Rendition
from articles.models.contributors import Contributor
from articles.models.sources import Source
from articles.prepared import Prepared, keep


class File(NamedTuple):
    """A file of a photo (``Rendition``)."""

    file: str
    width: int
    height: int
    format: str
    crop: str
    is_made: bool

    @property
    def is_offered(self) -> bool:
        return Rendition.is_offered.fget(self)  # type: ignore[attr-defined]

    def row(self) -> Rendition:
        return Rendition(**self._asdict())


class CardPhoto(NamedTuple):
    """What a card shows of a photo, named as there; ``withheld_from`` is a tuple."""

    pk: int
    caption: str
    alt_text: str
    is_decorative: bool
    credit_line: str
    digital_source_type: str
    usable_from: dt.datetime | None
    usable_until: dt.datetime | None
    withheld_from: tuple[str, ...]
    focal_x: float
    focal_y: float
    killed_at: dt.datetime | None
    agency__name: str | None
    agency__credit_wording: str | None
    photographer__name: str | None
    files: tuple[File, ...]

    def may_be_shown(self, channel: str) -> bool:
        return Photo.may_be_shown(self, channel)  # type: ignore[arg-type]

    def is_within_rights(self, at: dt.datetime | None = None) -> bool:
        return Photo.is_within_rights(self, at)  # type: ignore[arg-type]

    def row(self) -> Photo:
        return photo_row(**self._asdict())


def photo_row(
    *,
    files: Iterable[File],
    agency__name: str | None,
    agency__credit_wording: str | None,
    photographer__name: str | None,
    **values: Any,
) -> Photo:
    """Return a photo of these values, with its files; it is in no database."""
    agency = {"name": agency__name, "credit_wording": agency__credit_wording}
    photo = Photo(
        agency=None if agency__name is None else Source(**agency),
        photographer=None if photographer__name is None else Contributor(name=photographer__name),
        **values,
    )
    keep(photo, "renditions", (file.row() for file in files))
    return photo


# What is asked of a photo for a card, by its names.
ON_CARDS = CardPhoto._fields[1:-1]
_CROPS = ("", "card")


def card_photo(values: Iterable[Any], files: Iterable[File]) -> CardPhoto:
    """Return what a card shows of a photo, of its key and ``ON_CARDS``."""
    said = (tuple(value) if isinstance(value, list) else value for value in values)
    return CardPhoto._make((*said, tuple(files)))


def card_photo_of(photo: Photo) -> CardPhoto:
    """Return what a card shows of a photo that was loaded for one."""
    agency, photographer = photo.agency, photo.photographer
    others = {
        "agency__name": agency.name if agency else None,
        "agency__credit_wording": agency.credit_wording if agency else None,
        "photographer__name": photographer.name if photographer else None,
    }
    values = (others[name] if name in others else getattr(photo, name) for name in ON_CARDS)
    files = [
        File(str(row.file), row.width, row.height, row.format, row.crop, row.is_made)
        for row in photo.renditions.all()
        if row.crop in _CROPS
    ]
    return card_photo((photo.pk, *values), files)


def card_files(photos: Iterable[int]) -> dict[int, list[File]]:
    """Return the files that cards show of photos by their keys, in one query."""
    wanted = sorted(set(photos))
    files: dict[int, list[File]] = {photo: [] for photo in wanted}
    for photo, *values in _FILES_OF(wanted) if wanted else ():
        files[photo].append(File._make(values))
    return files


def photo_with_files(photo: int) -> CardPhoto | None:
    """Return what a card shows of a photo that has files, by its key; None without any; a query."""
    size = len(ON_CARDS) + 1
    rows = _WITH_FILES(photo)
    return card_photo(rows[0][:size], (File._make(row[size:]) for row in rows)) if rows else None


def _files_on_cards() -> QuerySet[Rendition, Rendition]:
    return Rendition.objects.filter(crop__in=_CROPS).order_by("crop", "format", "width")


_FILES_OF = Prepared(
    lambda photos: _files_on_cards().filter(photo__in=photos).values_list("photo", *File._fields)
)
_WITH_FILES = Prepared(
    lambda photo: (
        _files_on_cards()
        .filter(photo=photo)
        .values_list("photo", *(f"photo__{name}" for name in ON_CARDS), *File._fields)
    )
)
