"""Search on PostgreSQL: a ``tsvector`` of words that were made here, found through a GIN index.

Words come analysed, so that no text search configuration and no extension is needed and a story
is found alike whatever the server has. A GIN index knows no order: the few matches of a rare word
are all fetched and sorted; of a word with more than ``_RARE`` the newest stories are looked
through.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection

from articles import replicas
from articles.search.interface import (
    EVERY,
    Entry,
    Match,
    Matches,
    Scope,
    place_of,
)
from articles.search.query import Query, Term
from articles.search.words import PREFIX

_RARE = 10_000  # matches that are fetched and sorted
_LOOKED_THROUGH = 50_000  # newest stories that are looked through for a common word
_LETTERS = {"headline": "A", "summary": "B", "names": "D", "body": "C"}
_WEIGHTS = "{0.3, 0.2, 0.5, 1.0}"  # of D, C, B, A
_BETWEEN_FIELDS = 10  # so that no phrase begins in one field and ends in the next
_LAST_POSITION = 16_383
_POSITIONS_PER_WORD = 255
_LONGEST_WORD = 500
_MARK = "="  # begins a mark, and no word

_FEW = """
WITH found AS MATERIALIZED (
    SELECT place FROM articles_searchentry
    WHERE vector @@ %(query)s::tsquery AND place >= %(first)s AND place < %(last)s
    LIMIT %(rare)s + 1
), newest AS (
    SELECT place FROM found ORDER BY place DESC LIMIT %(limit)s
)
SELECT e.publication_id, e.place, {rank}, (SELECT count(*) FROM found) > %(rare)s
FROM newest JOIN articles_searchentry e USING (place) ORDER BY e.place DESC
"""
_MANY = """
SELECT e.publication_id, e.place, {rank}, EXISTS (
    SELECT 1 FROM articles_searchentry WHERE place >= %(first)s AND place < %(last)s
    OFFSET %(newest)s
) FROM (
    SELECT place, publication_id, vector FROM articles_searchentry
    WHERE place >= %(first)s AND place < %(last)s ORDER BY place DESC LIMIT %(newest)s
) e WHERE vector @@ %(query)s::tsquery ORDER BY e.place DESC LIMIT %(limit)s
"""
# Of a word in few fields ts_rank gives little; a longer text gives each of its words less.
_RANK = "ts_rank(%(weights)s::float4[], e.vector, %(words)s::tsquery, 1)"


class PostgreSQL:
    def find(self, query: Query, scope: Scope, *, limit: int, ranked: bool = True) -> Matches:
        values = {
            "query": expression(query, scope),
            "words": " | ".join(map(_readings, query.terms)),
            "weights": _WEIGHTS,
            "first": place_of(scope.since) if scope.since else 0,
            "last": place_of(scope.until) if scope.until else 1 << 62,
            "rare": _RARE,
            "newest": _LOOKED_THROUGH,
            "limit": limit,
        }
        rank = _RANK if ranked and query.terms else "0.0"
        rows = self._rows(_FEW.format(rank=rank), values)
        is_whole = len(rows) < limit
        if rows and rows[0][3]:
            rows = self._rows(_MANY.format(rank=rank), values)
            is_whole = 0 < len(rows) < limit and not rows[0][3]
        found = [Match(publication, place, float(score)) for publication, place, score, _ in rows]
        return Matches(found, is_whole)

    def _rows(self, sql: str, values: dict[str, Any]) -> list[Any]:
        with replicas.connection().cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

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


def expression(query: Query, scope: Scope) -> str:
    """Return a query as a ``tsquery`` is written."""
    parts = [_any_of(row) for row in scope.marks]
    parts += [_readings(term) for term in query.terms]
    parts = parts or [_any_of([EVERY])]
    return " & ".join((*parts, *(f"!{_readings(term)}" for term in query.excluded)))


def _any_of(marks: Sequence[str]) -> str:
    quoted = (f"'{_MARK}{mark}'" for mark in marks)
    return f"({' | '.join(quoted)})"


def _readings(term: Term) -> str:
    return f"({' | '.join(map(_row, term.readings))})"


def _row(reading: tuple[str, ...]) -> str:
    """Return words that follow each other; they hold letters, digits and signs and no quote."""
    return "(" + " <-> ".join(map(_word, reading)) + ")"


def _word(word: str) -> str:
    if word.endswith(PREFIX):
        return f"'{word[: -len(PREFIX)]}':*"
    return f"'{word[:_LONGEST_WORD]}'"
