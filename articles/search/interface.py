"""The one interface that search is asked by, whatever database answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from articles.search.query import Query

# So many of the newest matches are ranked, counted and paged through.
CANDIDATES = 1000
# Words that a query leaves out are looked for in so many of the newest that match otherwise.
LOOKED_THROUGH = 10_000
FIELDS = ("headline", "summary", "names", "body")
# What each field weighs; PostgreSQL's letters stand for the same.
WEIGHTS = {"headline": 1.0, "summary": 0.5, "names": 0.3, "body": 0.2}
EVERY = "every"  # the mark that every entry bears

_START = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
PLACES_PER_SECOND = 1 << 10


@dataclass(frozen=True, slots=True)
class Scope:
    """What matches have to bear: of each row of ``marks`` one; dated from ``since`` to before
    ``until``."""

    marks: tuple[tuple[str, ...], ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def first(self) -> int:
        return place_of(self.since) if self.since else 0

    @property
    def last(self) -> int:
        """Return the place before which matches lie."""
        return place_of(self.until) if self.until else 1 << 62


@dataclass(frozen=True, slots=True)
class Match:
    """A publication that was found, and its place in the index."""

    publication: int
    place: int


@dataclass(frozen=True, slots=True)
class Matches:
    """``rows``, the newest first; unless ``floor`` is None, what lies before that place may match
    too."""

    rows: list[Match]
    floor: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.floor is None


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication as the index keeps it: comparable words of each field, by blanks, and marks."""

    place: int
    publication: int
    texts: dict[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


class Backend(Protocol):
    """Finds and keeps entries; knows nothing of who may see what."""

    def find(self, query: Query, scope: Scope, *, limit: int) -> Matches:
        """Return the newest matches in bounded work."""

    def score(self, query: Query, places: Sequence[int]) -> dict[int, float]:
        """Return how well a query's words fit the entries there are of these places, by place."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Put entries in; their places are free."""

    def replace(self, place: int, entry: Entry) -> None:
        """Put an entry in where another is taken out; its place is free or the same."""

    def erase(self, places: Sequence[int]) -> None:
        """Take out the words of these places."""


def mark(name: str, value: object = "") -> str:
    """Return the mark of a section, topic, person … as one word of letters and digits."""
    return "".join(char for char in f"{name}{value}".lower() if char.isalnum())


def place_of(moment: dt.datetime) -> int:
    """Return the first place of a second."""
    return (moment - _START) // _SECOND * PLACES_PER_SECOND


def moment_of(place: int) -> dt.datetime:
    """Return the second a place lies in."""
    return _START + place // PLACES_PER_SECOND * _SECOND
