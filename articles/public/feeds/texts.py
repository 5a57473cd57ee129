"""Whole stories with their photos, as the values that entries are made of."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from articles.choices import Channel
from articles.models import Photo, Publication, Rendition, Section
from articles.photo_values import File, photo_row
from articles.prepared import Prepared, keep
from articles.querysets import PublicationQuerySet

_WIDEST = 1600  # pixels of the picture that goes along
_ENDED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Text(NamedTuple):
    """A story with its article's ``uuid``; ``said`` are its credits as JSON."""

    pk: int
    article: int
    uuid: uuid.UUID
    path: str
    headline: str
    standfirst: str
    language: str
    dateline: str
    said: str
    source_line: str
    published_at: dt.datetime
    revised_at: dt.datetime
    body: str
    section__name: str
    section__path: str
    lead_photo: int | None

    def row(self, photos: Iterable[TextPhoto]) -> Any:
        """Return a publication of these values, with its photos; it is in no database."""
        story: Any = Publication(
            pk=self.pk,
            article_id=self.article,
            path=self.path,
            headline=self.headline,
            standfirst=self.standfirst,
            language=self.language,
            dateline=self.dateline,
            credits=json.loads(self.said),
            source_line=self.source_line,
            published_at=self.published_at,
            revised_at=self.revised_at,
            body=self.body,
            section=Section(name=self.section__name, path=self.section__path),
            lead_photo_id=self.lead_photo,
        )
        story.uuid = self.uuid
        keep(story, "photos", [photo.row() for photo in photos])
        return story


class TextPhoto(NamedTuple):
    """A photo as an entry shows it. Its rights have no end, or are long over: which of them was
    asked of the clock, so that the same values show the same."""

    pk: int
    uuid: uuid.UUID
    caption: str
    alt_text: str
    is_decorative: bool
    credit_line: str
    digital_source_type: str
    usable_from: dt.datetime | None
    usable_until: dt.datetime | None
    withheld_from: tuple[str, ...]
    killed_at: dt.datetime | None
    kill_notice: str
    copyright_notice: str
    usage_terms: str
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

    def file(self) -> File | None:
        """Return the file that goes along where it is the lead photo, if any may."""
        files = [file for file in self.files if file.format == "jpeg" and file.is_offered]
        if not files or not self.may_be_shown(Channel.FEED):
            return None
        return next((file for file in reversed(files) if file.width <= _WIDEST), files[0])


def loaded(publications: PublicationQuerySet) -> Any:
    """Ask for the columns of a ``Text``, by their names."""
    rows = publications.annotate(uuid=F("article__uuid"), said=Cast("credits", TextField()))
    return rows.values_list(*Text._fields, named=True)


def photos_of(stories: Sequence[Text]) -> dict[int, tuple[TextPhoto, ...]]:
    """Return the photos of stories by their keys, in two queries."""
    now = timezone.now()
    rows = _PHOTOS_OF([story.pk for story in stories]) if stories else []
    files: dict[int, list[File]] = {}
    for photo, *values in _FILES_OF(sorted({row[1] for row in rows})) if rows else ():
        files.setdefault(photo, []).append(File._make(values))
    known: dict[int, TextPhoto] = {}
    found: dict[int, list[TextPhoto]] = {story.pk: [] for story in stories}
    for story, *values in rows:
        if values[0] not in known:
            known[values[0]] = _photo(values, files.get(values[0], ()), now)
        found[story].append(known[values[0]])
    return {story: tuple(photos) for story, photos in found.items()}


def _photo(values: Iterable[Any], files: Iterable[File], now: dt.datetime) -> TextPhoto:
    said = (tuple(value) if isinstance(value, list) else value for value in values)
    photo = TextPhoto._make((*said, tuple(files)))
    ended = None if photo.is_within_rights(now) else _ENDED
    return photo._replace(usable_from=None, usable_until=ended)


_PHOTOS_OF = Prepared(
    lambda stories: Photo.objects.filter(publications__in=stories).values_list(
        "publications", *TextPhoto._fields[:-1]
    )
)
# Of the whole picture: no entry shows another shape.
_FILES_OF = Prepared(
    lambda photos: (
        Rendition.objects.filter(photo__in=photos, crop="")
        .order_by("format", "width")
        .values_list("photo", *File._fields)
    )
)
