"""Stories as lists show them: what stands on their cards, without models.

A card is a tuple of values, so that what was written of it stands for each other one of the same
values. ``card_of`` makes one of a publication that was loaded for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from articles import pages
from articles.addresses import address
from articles.models import Publication
from articles.photo_values import ON_CARDS, CardPhoto, card_files, card_photo, card_photo_of
from articles.querysets import PublicationQuerySet

_STORY = (
    *("pk", "path", "headline", "standfirst", "kicker", "language", "published_at"),
    *("section__name", "section__path", "lead_photo"),
)


class Card(NamedTuple):
    """A story in a list."""

    pk: int
    path: str
    headline: str
    standfirst: str
    kicker: str
    language: str
    published_at: dt.datetime
    section_name: str
    section_path: str
    photo: CardPhoto | None

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return address("article", path=self.path)

    def has_picture(self) -> bool:
        """Return whether there is a photo with a file that readers may get now."""
        return self.photo is not None and pages.picture(self.photo.row()) is not None


Story = Publication | Card


def card_of(story: Publication, *, with_photo: bool) -> Card:
    """Return the card of a publication that was loaded for one."""
    photo = story.lead_photo if with_photo else None
    return Card(
        story.pk,
        story.path,
        story.headline,
        story.standfirst,
        story.kicker,
        story.language,
        story.published_at,
        story.section.name,
        story.section.path,
        card_photo_of(photo) if photo else None,
    )


def card_columns(publications: PublicationQuerySet) -> Any:
    """Ask for what cards are made of."""
    photo = (f"lead_photo__{name}" for name in ON_CARDS)
    return publications.values_list(*_STORY, *photo)


def read_cards(rows: Iterable[tuple[Any, ...]]) -> list[Card]:
    """Return the cards of rows that hold ``card_columns``; the files of photos cost a query."""
    rows = list(rows)
    size = len(_STORY) - 1
    files = card_files(row[size] for row in rows if row[size] is not None)
    found = []
    for row in rows:
        pk = row[size]
        photo = None if pk is None else card_photo(row[size:], files[pk])
        found.append(Card._make((*row[:size], photo)))
    return found
