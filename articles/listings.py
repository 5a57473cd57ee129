"""Lists of stories, newest first, each read off an index that has it in this order.

A list of one topic, person, source or section is one stretch of an index: its first rows are read
and no others, however many there are. What stands under several of them (a section with those under
it, a topic with those merged into it) is made of as many rows of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from articles.models import Publication
from articles.querysets import PublicationQuerySet

Load = Callable[[PublicationQuerySet], PublicationQuerySet]
# The date a story carries, and its key.
Place = tuple[dt.datetime, int]

# Of more parts than this all rows are read and sorted.
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that an index has in the order of their dates.

    ``way`` is the relation, with ``__`` behind it, to the table of that index, empty for the
    publications' own. ``places`` are the conditions that a row of it fits: all in one filter, since
    two would be about two rows.
    """

    rows: PublicationQuerySet
    way: str = ""
    places: tuple[Q, ...] = ()

    def dated(self, **lookups: dt.datetime) -> Stretch:
        """Keep the rows whose dates these lookups fit."""
        named = {f"{self.way}published_at__{name}": value for name, value in lookups.items()}
        return replace(self, places=(*self.places, Q(**named)))

    def older(self, place: Place | None) -> PublicationQuerySet:
        """Return what comes after a place, or all of it, newest first."""
        rows = self.rows.filter(*self.places, *self._beyond(place, "lt"))
        return rows.order_by(f"-{self.way}published_at", f"-{self._key}")

    def newer(self, place: Place) -> PublicationQuerySet:
        """Return what comes before a place, oldest first."""
        rows = self.rows.filter(*self.places, *self._beyond(place, "gt"))
        return rows.order_by(f"{self.way}published_at", self._key)

    @property
    def _key(self) -> str:
        return f"{self.way}publication_id" if self.way else "pk"

    def _beyond(self, place: Place | None, which: str) -> tuple[Q, ...]:
        if place is None:
            return ()
        moment, pk = place
        date = f"{self.way}published_at"
        same = Q(**{date: moment, f"{self._key}__{which}": pk})
        # The first condition is implied by the second, and lets the database start at the place.
        return Q(**{f"{date}__{which}e": moment}), Q(**{f"{date}__{which}": moment}) | same


@dataclass(frozen=True, slots=True)
class Stories:
    """A list that is made of one or more stretches; a story may stand in several of them."""

    parts: tuple[Stretch, ...]

    def filter(self, *conditions: Q, **lookups: Any) -> Stories:
        return self._each(lambda part: replace(part, rows=part.rows.filter(*conditions, **lookups)))

    def exclude(self, *conditions: Q, **lookups: Any) -> Stories:
        return self._each(
            lambda part: replace(part, rows=part.rows.exclude(*conditions, **lookups))
        )

    def dated(self, **lookups: dt.datetime) -> Stories:
        """Keep the stories whose dates these lookups (``gte``, ``lt``) fit."""
        return self._each(lambda part: part.dated(**lookups))

    def older(self, load: Load, size: int, place: Place | None = None) -> PublicationQuerySet:
        """Return the first so many stories, or those after a place, newest first."""
        first, *others = [part.older(place) for part in self.parts]
        if not others:
            return load(first)[:size]
        return load(_any_of([first, *others], size)).newest_first()[:size]

    def newer(self, load: Load, size: int, place: Place) -> PublicationQuerySet:
        """Return the so many stories next before a place, the one nearest to it first."""
        first, *others = [part.newer(place) for part in self.parts]
        if not others:
            return load(first)[:size]
        return load(_any_of([first, *others], size)).order_by("published_at", "pk")[:size]

    def _each(self, change: Callable[[Stretch], Stretch]) -> Stories:
        return Stories(tuple(map(change, self.parts)))


def stories(kind: str, things: Sequence[int], rows: PublicationQuerySet) -> Stories:
    """Return those of ``rows`` that stand under any of some things, by their keys.

    ``kind`` is the publication's relation to them: topics, contributors, sources or section; ""
    keeps all rows.
    """
    if not kind:
        return Stories((Stretch(rows),))
    if kind == "section":
        if len(things) > _MOST_PARTS:
            return Stories((Stretch(rows.filter(section__in=things)),))
        return Stories(tuple(Stretch(rows.filter(section=thing)) for thing in things))
    name = kind.removesuffix("s")
    way = f"{name}listings__"
    return Stories(tuple(Stretch(rows, way, (Q(**{f"{way}{name}": thing}),)) for thing in things))


def _any_of(parts: Sequence[PublicationQuerySet], size: int) -> PublicationQuerySet:
    """Return what is among the first ``size`` of any part."""
    # SQLite takes no limit in a part of a union, but in what a part selects from.
    first, *others = [
        Publication.objects.filter(pk__in=part.values("pk")[:size]).order_by().values("pk")
        for part in parts
    ]
    found: QuerySet = first.union(*others, all=True)
    return Publication.objects.filter(pk__in=found)
