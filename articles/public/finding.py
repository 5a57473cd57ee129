"""What a search of a reader's finds at a moment: matches of the index that may stand in lists.

The index gives the newest that match, a bounded number; everything else (what is visible, ranks,
counts, pages) is done among these.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from articles import readings
from articles.models import Publication, Section, Topic
from articles.prepared import Prepared
from articles.public.filters import day_of, start_of
from articles.querysets import PublicationQuerySet
from articles.search import ranking
from articles.search.backends import backend
from articles.search.index import language_marks, photo_mark
from articles.search.interface import CANDIDATES, Match, Matches, Scope, mark, moment_of
from articles.search.query import Query

BY_DATE, BY_RELEVANCE = "date", "relevance"
# So many matches are counted where no story is shown.
COUNTED = 100
_CURSOR = re.compile(r"([0-9a-f]{1,3})-([0-9a-f]{1,15})")


@dataclass(frozen=True, slots=True)
class Row:
    """A story that was found, as far as counting needs it; its time is in whole seconds."""

    pk: int
    section: int
    language: str
    published_at: dt.datetime
    has_photo: bool


@dataclass
class Found:
    """``rows`` in the order they are shown; what is older than ``since`` may match too."""

    rows: list[Row] = field(default_factory=list)
    since: dt.datetime | None = None

    @property
    def is_whole(self) -> bool:
        return self.since is None

    @property
    def count(self) -> int:
        return len(self.rows)


def look(
    query: Query, scope: Scope, rows: PublicationQuerySet | None, *, sort: str, at: dt.datetime
) -> Found:
    """Return what of ``rows`` a query finds, or of all that is listed.

    The order of what fits best is the same all day long.
    """
    matches: Matches = readings.ask(_Question(query, scope, CANDIDATES), at)
    visible = _visible(rows, matches.rows, at)
    ordered: Sequence[Match] = matches.rows
    if sort == BY_RELEVANCE and query.terms:
        scores = _scores(query, matches)
        tonight = start_of(day_of(at) + dt.timedelta(days=1))
        ordered = ranking.by_relevance(ordered, scores, tonight)
    shown = [visible[match.publication] for match in ordered if match.publication in visible]
    return Found(shown, None if matches.floor is None else moment_of(matches.floor))


def count(query: Query, scope: Scope, at: dt.datetime) -> tuple[int, bool]:
    """Return how many stories a query finds among its newest matches, and whether these are all."""
    matches: Matches = readings.ask(_Question(query, scope, COUNTED), at)
    visible = _visible(None, matches.rows, at)
    return len(visible), matches.is_whole


def is_found(query: Query, at: dt.datetime) -> bool:
    """Return whether a query finds anything among the first few matches."""
    matches: Matches = readings.ask(_Question(query, Scope(), 20), at)
    return bool(_visible(None, matches.rows, at))


@dataclass(frozen=True, slots=True)
class _Question:
    """What the index is asked, whatever the moment."""

    query: Query
    scope: Scope
    limit: int

    def __call__(self, _at: dt.datetime, known: readings.Known) -> Matches:
        if self not in known:
            known[self] = backend().find(self.query, self.scope, limit=self.limit)
        found: Matches = known[self]
        return found


def _scores(query: Query, matches: Matches) -> dict[int, float]:
    """Return how well matches fit; nothing is noted of it, since the words of a publication never
    change."""
    with readings.apart():
        return backend().score(query, [match.place for match in matches.rows])


def _visible(
    rows: PublicationQuerySet | None, matches: Sequence[Match], at: dt.datetime
) -> dict[int, Row]:
    if not matches:
        return {}
    places = {match.publication: match.place for match in matches}
    wanted = list(places)
    return {
        pk: Row(pk, section, language, moment_of(places[pk]), photo is not None)
        for pk, section, language, photo in (
            _LISTED(at, wanted) if rows is None else _columns(rows, wanted)
        )
    }


def _columns(rows: PublicationQuerySet, wanted: list[int]) -> QuerySet[Publication, Any]:
    found = rows.filter(pk__in=wanted).order_by()
    return found.values_list("pk", "section", "language", "lead_photo")


_LISTED = Prepared(lambda at, wanted: _columns(Publication.objects.listed(at), wanted))


def scope_of(chosen: Mapping[str, Any]) -> Scope:
    """Return the cleaned values of ``StoryFilter`` as the index knows them."""
    marks: list[tuple[str, ...]] = []
    section, photo = chosen.get("section"), chosen.get("photo")
    if section:
        under = Q(pk=section.pk) | Q(path__startswith=f"{section.path}/")
        numbers = _numbers(Section.objects.filter(under))
        marks.append(
            tuple(photo_mark(photo, pk) if photo else mark("section", pk) for pk in numbers)
        )
    elif photo:
        marks.append((photo_mark(photo),))
    if topic := chosen.get("topic"):
        merged = Q(pk=topic.pk) | Q(merged_into=topic)
        marks.append(tuple(mark("topics", pk) for pk in _numbers(Topic.objects.filter(merged))))
    for name in ("contributor", "source"):
        if row := chosen.get(name):
            marks.append((mark(f"{name}s", row.pk),))
    if language := chosen.get("language"):
        marks.append((language_marks(language)[-1],))
    since, until = chosen.get("from"), chosen.get("until")
    return Scope(
        tuple(marks),
        start_of(since) if since else None,
        start_of(until + dt.timedelta(days=1)) if until else None,
    )


def _numbers(rows: QuerySet[Any, Any]) -> QuerySet[Any, int]:
    return rows.order_by("pk").values_list("pk", flat=True)


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of one page; ``following`` is the cursor of the next, ``first`` counts from 0."""

    ids: list[int]
    first: int
    following: str = ""


def page_of(found: Found, cursor: str, size: int) -> Page | None:
    """Return the page that begins after a cursor's story, or None for no cursor of ours.

    A cursor is a story's place in the list and its id, so that what was published meanwhile shifts
    nothing; where the story is gone, its place counts.
    """
    first = 0
    if cursor:
        match = _CURSOR.fullmatch(cursor)
        if match is None:
            return None
        place, pk = int(match[1], 16), int(match[2], 16)
        at = next((n for n, row in enumerate(found.rows) if row.pk == pk), None)
        first = place if at is None else at + 1
    ids = [row.pk for row in found.rows[first : first + size]]
    following = ""
    if ids and first + size < found.count:
        following = f"{first + size:x}-{ids[-1]:x}"
    return Page(ids, first, following)
