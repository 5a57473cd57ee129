"""Search on SQLite: an FTS5 table that is read from the newest story backwards.

FTS5's own bm25 reads every row that holds a word before it ranks the first one. So ranks are
reckoned here, from the words of the few rows that are ranked at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from articles.search.interface import (
    EVERY,
    FIELDS,
    LOOKED_THROUGH,
    WEIGHTS,
    Entry,
    Match,
    Matches,
    Scope,
)
from articles.search.query import Query, Term
from articles.search.words import PREFIX

_TABLE = "articles_searchtext"
_WORDS = f"{{{' '.join(FIELDS)}}}"
_INSERT = (
    f"INSERT OR REPLACE INTO {_TABLE} (rowid, {', '.join(FIELDS)}, marks)"  # noqa: S608
    f" VALUES (%s{', %s' * len(FIELDS)}, %s)"
)
_SATURATED = 1.5  # occurrences that count half of the most a field can give
_USUAL_LENGTH = 3000  # characters of a body


class SQLite:
    def find(self, query: Query, scope: Scope, *, limit: int) -> Matches:
        sql = (
            f"SELECT e.publication_id, t.rowid FROM {_TABLE} t"  # noqa: S608
            " CROSS JOIN articles_searchentry e ON e.place = t.rowid"
            f" WHERE t.{_TABLE} MATCH %s AND t.rowid >= %s AND t.rowid < %s"
            " ORDER BY t.rowid DESC LIMIT %s"
        )
        with connection.cursor() as cursor:
            if len(scope.marks) > 1 and query.terms and not self._has_any(cursor, scope):
                return Matches([])
            floor, most = scope.first, limit
            if query.excluded:
                floor, most = self._left(cursor, query, scope, limit)
            cursor.execute(sql, [expression(query, scope), floor, scope.last, most])
            rows = [Match(publication, place) for publication, place in cursor.fetchall()]
        if rows and len(rows) == limit:
            return Matches(rows, rows[-1].place)
        return Matches(rows, floor if floor > scope.first else None)

    def score(self, query: Query, places: Sequence[int]) -> dict[int, float]:
        score = scorer(query.terms)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid, {', '.join(FIELDS)} FROM {_TABLE}"  # noqa: S608
                " WHERE rowid IN (SELECT value FROM json_each(%s))",
                [json.dumps(list(places))],
            )
            return {place: score(texts) for place, *texts in cursor.fetchall()}

    def _has_any(self, cursor: Any, scope: Scope) -> bool:
        """Return whether any story bears all marks; where none does, FTS5 compares their lists from
        end to end, and sooner without those of words."""
        cursor.execute(
            f"SELECT 1 FROM {_TABLE} WHERE {_TABLE} MATCH %s ORDER BY rowid DESC LIMIT 1",  # noqa: S608
            [expression(Query(), scope)],
        )
        return cursor.fetchone() is not None

    def _left(self, cursor: Any, query: Query, scope: Scope, limit: int) -> tuple[int, int]:
        """Return the place down to which matches are asked for what a query leaves out, and how
        many there are left, up to a limit.

        FTS5 looks for one more to the archive's end where two words nearly always stand together.
        """
        asked = expression(replace(query, excluded=()), scope)
        cursor.execute(
            f"SELECT rowid FROM {_TABLE} WHERE {_TABLE} MATCH %s AND rowid >= %s AND rowid < %s"  # noqa: S608
            " ORDER BY rowid DESC LIMIT 1 OFFSET %s",
            [asked, scope.first, scope.last, LOOKED_THROUGH - 1],
        )
        found = cursor.fetchone()
        if not found:
            return scope.first, limit
        cursor.execute(
            f"SELECT count(*) FROM {_TABLE} WHERE {_TABLE} MATCH %s AND rowid >= %s AND rowid < %s",  # noqa: S608
            [f"({asked}) AND ({_leaving_out(query)})", found[0], scope.last],
        )
        return found[0], min(limit, LOOKED_THROUGH - cursor.fetchone()[0])

    def write(self, entries: Sequence[Entry]) -> None:
        # FTS5 gathers words in memory for as long as the numbers of its rows rise.
        rows = [_row_of(entry) for entry in sorted(entries, key=lambda entry: entry.place)]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO articles_searchentry (place, publication_id) VALUES (%s, %s)",
                [(entry.place, entry.publication) for entry in entries],
            )
            # A row of that number may be left from tables that were emptied without a word to us.
            cursor.executemany(_INSERT, rows)

    def replace(self, place: int, entry: Entry) -> None:
        columns = ", ".join(f"{name} = %s" for name in ("rowid", *FIELDS, "marks"))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE articles_searchentry SET place = %s, publication_id = %s WHERE place = %s",
                [entry.place, entry.publication, place],
            )
            cursor.execute(
                f"UPDATE OR REPLACE {_TABLE} SET {columns} WHERE rowid = %s",  # noqa: S608
                [*_row_of(entry), place],
            )
            if not cursor.rowcount:
                cursor.execute(_INSERT, _row_of(entry))

    def erase(self, places: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            for table, name in ((_TABLE, "rowid"), ("articles_searchentry", "place")):
                cursor.executemany(
                    f"DELETE FROM {table} WHERE {name} = %s",  # noqa: S608
                    [(place,) for place in places],
                )


def _row_of(entry: Entry) -> list[str | int]:
    marks = " ".join((EVERY, *entry.marks))
    return [entry.place, *(entry.texts[name] for name in FIELDS), marks]


def expression(query: Query, scope: Scope) -> str:
    """Return a query in FTS5's words; every word of a reader's stands in quotation marks."""
    parts = [f"marks : ({_any_of(row)})" for row in scope.marks]
    parts += [f"{_WORDS} : ({_readings(term)})" for term in query.terms]
    found = " AND ".join(parts or [f'marks : "{EVERY}"'])
    return f"({found}) NOT ({_leaving_out(query)})" if query.excluded else found


def _leaving_out(query: Query) -> str:
    return " OR ".join(f"{_WORDS} : ({_readings(term)})" for term in query.excluded)


def _any_of(marks: Sequence[str]) -> str:
    return " OR ".join(f'"{mark}"' for mark in marks)


def _readings(term: Term) -> str:
    return " OR ".join(_row(reading) for reading in term.readings)


def _row(reading: tuple[str, ...]) -> str:
    *words, last = reading
    if last.endswith(PREFIX):
        return f'"{" ".join((*words, last[: -len(PREFIX)]))}"{PREFIX}'
    return f'"{" ".join(reading)}"'


def scorer(terms: Sequence[Term]) -> Callable[[Sequence[str]], float]:
    """Return what tells of the texts of a story's fields how well its words fit: each term by the
    fields it stands in and how often."""
    needles = [[_needle(reading) for reading in term.readings] for term in terms]
    weights = [WEIGHTS[name] for name in FIELDS]

    def score(texts: Sequence[str]) -> float:
        fields = [
            (weight, f" {text} ", _SATURATED * max(0.5, (len(text) + 2) / _USUAL_LENGTH))
            for weight, text in zip(weights, texts, strict=True)
        ]
        return sum(max(_fit(needle, fields) for needle in of_term) for of_term in needles)

    return score


def _needle(reading: tuple[str, ...]) -> str:
    """Return a row of words as it stands between blanks."""
    row = " ".join(reading)
    return f" {row[: -len(PREFIX)]}" if row.endswith(PREFIX) else f" {row} "


def _fit(needle: str, fields: Sequence[tuple[float, str, float]]) -> float:
    fit = 0.0
    for weight, text, half in fields:
        if often := text.count(needle):
            fit += weight * often / (often + half)
    return fit
