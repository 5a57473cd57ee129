"""Search on PostgreSQL: a ``tsvector`` of words that were made here, found through a GIN index.

Words come analysed, so that no text search configuration and no extension is needed and a story
is found alike whatever the server has.

A GIN index knows no order and gives all that match. So it also holds in which stretches of time a
story lies, and is asked for the newest stories first: of a common word these are enough. From how
many of them hold the words follows how many of all do; only rare words are looked for everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection

from articles import planned, replicas
from articles.search.interface import (
    EVERY,
    Entry,
    Match,
    Matches,
    Scope,
)
from articles.search.query import Query, Term
from articles.search.words import PREFIX

_FIRST = 1_200  # newest stories that are looked through to see how common words are
_MORE = 1.5  # times as many as should be enough
_RARE = 10_000  # matches that are fetched and sorted
_LOOKED_THROUGH = 50_000  # newest stories that are looked through for commoner words
# Stretches are 2 ** n places long: an hour, then each eight times as long, up to 272 years.
# The index is over this expression and no other (migration 0005).
STRETCHES = range(22, 44, 3)
IN_STRETCHES = f"ARRAY[{', '.join(f'place >> {n} << 6 | {n}' for n in STRETCHES)}]"
_MOST_STRETCHES = 16  # that a question names, unless it is about thousands of years

_LETTERS = {"headline": "A", "summary": "B", "names": "D", "body": "C"}
_WEIGHTS = "{0.3, 0.2, 0.5, 1.0}"  # of D, C, B, A
_BETWEEN_FIELDS = 10  # so that no phrase begins in one field and ends in the next
_LAST_POSITION = 16_383
_POSITIONS_PER_WORD = 255
_LONGEST_WORD = 500
_MARK = "="  # begins a mark, and no word

_SPAN = """
SELECT min(place), max(place), (
    SELECT place FROM articles_searchentry WHERE place >= %(first)s AND place < %(last)s
    ORDER BY place DESC LIMIT 1 OFFSET %(before)s
), (
    SELECT reltuples FROM pg_class WHERE oid = 'articles_searchentry'::regclass
) FROM articles_searchentry WHERE place >= %(first)s AND place < %(last)s
"""
# What lies in the stretches but not in the span is left out afterwards: an index of places beside
# this one would tempt the planner.
_FOUND = """
WITH found AS MATERIALIZED (
    SELECT place, publication_id FROM articles_searchentry
    WHERE vector @@ %(query)s::tsquery AND {within}
), newest AS (
    SELECT place, publication_id FROM found WHERE place >= %(first)s AND place < %(last)s
    ORDER BY place DESC LIMIT %(limit)s
)
"""
_WITHIN = f"{IN_STRETCHES} && %(stretches)s::bigint[]"
_MATCHES = "SELECT publication_id, place FROM newest ORDER BY place DESC"
_COUNT = "SELECT count(*) FROM newest"
# Of a word in few fields ts_rank gives little; a longer text gives each of its words less.
_SCORES = """
SELECT place, ts_rank(%s::float4[], vector, %s::tsquery, 1) FROM articles_searchentry
WHERE place = ANY (%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class _Span:
    """Places from ``first`` to before ``last``; ``is_whole`` if none before it was asked for."""

    first: int
    last: int
    is_whole: bool

    @property
    def stretches(self) -> list[int]:
        """Return what the index calls the stretches that hold it all: a few, and a little more."""
        newest = self.last - 1
        for n in STRETCHES:
            if (newest >> n) - (self.first >> n) < _MOST_STRETCHES:
                break
        return [number << 6 | n for number in range(self.first >> n, (newest >> n) + 1)]


class PostgreSQL:
    def find(self, query: Query, scope: Scope, *, limit: int) -> Matches:
        with planned.cursor(replicas.connection()) as cursor:
            return _Search(cursor, query, scope, limit).matches()

    def score(self, query: Query, places: Sequence[int]) -> dict[int, float]:
        words = " | ".join(map(_readings, query.terms))
        with planned.cursor(replicas.connection()) as cursor:
            cursor.execute(_SCORES, [_WEIGHTS, words, list(places)])
            return dict(cursor.fetchall())

    def write(self, entries: Sequence[Entry]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles_searchentry (place, publication_id, vector)"
                " VALUES (%s, %s, %s::tsvector)",
                [(entry.place, entry.publication, vector(entry)) for entry in entries],
            )

    def replace(self, place: int, entry: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE articles_searchentry SET place = %s, publication_id = %s,"
                " vector = %s::tsvector WHERE place = %s",
                [entry.place, entry.publication, vector(entry), place],
            )

    def erase(self, places: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_searchentry WHERE place = ANY(%s)", [list(places)])


class _Search:
    """One search: how common its words are, and then where to look for them."""

    def __init__(self, cursor: Any, query: Query, scope: Scope, limit: int) -> None:
        self.cursor = cursor
        self.asked = expression(query, scope)
        # What the index finds by itself: it knows no order of words.
        self.candidates = expression(query, scope, is_loose=True)
        self.limit = limit
        self.first, self.last = scope.first, scope.last

    def matches(self) -> Matches:
        span, stories = self._newest(_FIRST)
        if span is None:
            return Matches([])
        if span.is_whole:
            return self._of(span)
        is_exact = self.asked == self.candidates
        found = self._of(span) if is_exact else Matches([])
        if len(found.rows) == self.limit:
            return found
        count = len(found.rows) if is_exact else self._count(span)
        if not count:
            return self._of(None)
        apart = _FIRST / count  # stories to look through for one that the index finds
        if (enough := round(_MORE * self.limit * apart)) < min(stories, _LOOKED_THROUGH):
            found = self._of(self._newest(enough)[0])
            if len(found.rows) == self.limit:
                return found
        if stories <= _RARE * apart:
            return self._of(None)
        return self._of(self._newest(min(_LOOKED_THROUGH, round(_RARE * apart)))[0])

    def _newest(self, count: int) -> tuple[_Span | None, float]:
        """Return where the newest stories of those days lie, so many at most, and about how many
        stories there are of all days."""
        values = {"first": self.first, "last": self.last, "before": count - 1}
        self.cursor.execute(_SPAN, values)
        oldest, newest, first, stories = self.cursor.fetchone()
        if newest is None:
            return None, stories
        is_whole = first is None or first == oldest
        return _Span(oldest if is_whole else first, newest + 1, is_whole), stories

    def _of(self, span: _Span | None) -> Matches:
        """Return the newest matches within a span, or of all days that are asked for."""
        rows = self._rows(_MATCHES, self.asked, span, self.limit)
        found = [Match(publication, place) for publication, place in rows]
        if found and len(found) == self.limit:
            return Matches(found, found[-1].place)
        return Matches(found, span.first if span and not span.is_whole else None)

    def _count(self, span: _Span) -> int:
        """Return how many stories within a span the index finds."""
        ((count,),) = self._rows(_COUNT, self.candidates, span, _FIRST)
        return int(count)

    def _rows(self, select: str, query: str, span: _Span | None, limit: int) -> list[Any]:
        values = {
            "query": query,
            "first": span.first if span else self.first,
            "last": span.last if span else self.last,
            "stretches": span.stretches if span else [],
            "limit": limit,
        }
        self.cursor.execute(_FOUND.format(within=_WITHIN if span else "true") + select, values)
        rows: list[Any] = self.cursor.fetchall()
        return rows


def vector(entry: Entry) -> str:
    """Return an entry as a ``tsvector`` is written: words, places in the text, weights."""
    positions: dict[str, list[str]] = {}
    at = 0
    for name, letter in _LETTERS.items():
        for word in entry.texts[name].split():
            at += 1
            held = positions.setdefault(word[:_LONGEST_WORD], [])
            if len(held) < _POSITIONS_PER_WORD:
                held.append(f"{min(at, _LAST_POSITION)}{letter}")
        at += _BETWEEN_FIELDS
    marks = (f"'{_MARK}{mark}'" for mark in (EVERY, *entry.marks))
    return " ".join(chain((f"'{word}':{','.join(at)}" for word, at in positions.items()), marks))


def expression(query: Query, scope: Scope, *, is_loose: bool = False) -> str:
    """Return a query as a ``tsquery`` is written; a loose one takes words in any order, and what
    the query leaves out."""
    parts = [_any_of(row) for row in scope.marks]
    parts += [_readings(term, " & " if is_loose else " <-> ") for term in query.terms]
    parts = parts or [_any_of([EVERY])]
    excluded = () if is_loose else query.excluded
    return " & ".join((*parts, *(f"!{_readings(term)}" for term in excluded)))


def _any_of(marks: Sequence[str]) -> str:
    quoted = (f"'{_MARK}{mark}'" for mark in marks)
    return f"({' | '.join(quoted)})"


def _readings(term: Term, between: str = " <-> ") -> str:
    return f"({' | '.join(_row(reading, between) for reading in term.readings)})"


def _row(reading: tuple[str, ...], between: str) -> str:
    """Return words that follow each other; they hold letters, digits and signs and no quote."""
    return "(" + between.join(map(_word, reading)) + ")"


def _word(word: str) -> str:
    if word.endswith(PREFIX):
        return f"'{word[: -len(PREFIX)]}':*"
    return f"'{word[:_LONGEST_WORD]}'"
