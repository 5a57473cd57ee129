"""A search looks through a part of the archive: it gives the newest that match, and says whether
older ones may match too."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from articles.models import SearchEntry
from articles.search import postgresql, sqlite
from articles.search.backends import backend
from articles.search.interface import FIELDS, Entry, Scope, place_of
from articles.search.query import parse

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
STORIES = 400
# Far smaller than they are, so that some hundred stories are many.
BOUNDS = {"_FIRST": 10, "_RARE": 20, "_LOOKED_THROUGH": 60}

Stories = dict[int, tuple[list[str], set[str]]]
QUERIES: dict[str, Callable[[list[str], set[str]], bool]] = {
    "common": lambda words, _: "common" in words,
    "middling": lambda words, _: "middling" in words,
    "rare": lambda words, _: "rare" in words,
    "late": lambda words, _: "late" in words,
    "early": lambda words, _: "early" in words,
    "missing": lambda _words, _marks: False,
    "common middling": lambda words, _: {"common", "middling"} <= set(words),
    '"common middling"': lambda words, _: "common middling" in " ".join(words),
    '"middling common"': lambda words, _: "middling common" in " ".join(words),
    "common -middling": lambda words, _: "common" in words and "middling" not in words,
    "common -common": lambda _words, _marks: False,
    "middling -rare": lambda words, _: "middling" in words and "rare" not in words,
    "common rare": lambda words, _: {"common", "rare"} <= set(words),
}


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stories]:
    """Write stories of some words into the index; they are of no publication."""
    for name, bound in BOUNDS.items():
        monkeypatch.setattr(postgresql, name, bound)
    monkeypatch.setattr(sqlite, "LOOKED_THROUGH", 20)
    rng = random.Random(7)
    made: Stories = {}
    for number in range(STORIES):
        share = {"common": 0.9, "middling": 0.2, "rare": 0.01}
        words = [word for word, part in share.items() if rng.random() < part]
        words += ["late"] * (number > STORIES - 30) + ["early"] * (number < 25)
        rng.shuffle(words)
        made[place_of(START + number * dt.timedelta(hours=7))] = (
            words,
            {"section1" if rng.random() < 0.05 else "section2"},
        )
    entries = [
        Entry(place, number, dict.fromkeys(FIELDS, "") | {"body": " ".join(words)}, (*marks,))
        for number, (place, (words, marks)) in enumerate(made.items(), 1)
    ]
    backend().write(entries)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE articles_searchentry")
    yield made
    backend().erase(list(SearchEntry.objects.values_list("place", flat=True)))


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [3, 30, STORIES])
@pytest.mark.parametrize("text", QUERIES)
def test_newest_that_match_are_found(stories: Stories, text: str, limit: int) -> None:
    middle = START + dt.timedelta(days=60)
    scopes = [
        Scope(),
        Scope((("section1",),)),
        Scope((("section1", "section2"),)),
        Scope((("section1",), ("section2",))),
        Scope(since=middle),
        Scope(until=middle),
        Scope((("section2",),), middle, middle + dt.timedelta(days=2)),
        Scope(until=START),
    ]
    for scope in scopes:
        first = place_of(scope.since) if scope.since else 0
        last = place_of(scope.until) if scope.until else 1 << 62
        all_found = [
            place
            for place, (words, marks) in reversed(stories.items())
            if first <= place < last
            and QUERIES[text](words, marks)
            and all(marks & set(row) for row in scope.marks)
        ]
        found = backend().find(parse(text), scope, limit=limit)
        places = [match.place for match in found.rows]
        assert places == all_found[: len(places)], scope
        assert len(places) <= limit
        assert places == [place for place in all_found if place >= (found.floor or 0)], scope


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["rare", "early", "missing"])
def test_rare_words_are_found_in_the_whole_archive(stories: Stories, text: str) -> None:
    found = backend().find(parse(text), Scope(), limit=STORIES)
    assert found.is_whole
    assert len(found.rows) == sum(QUERIES[text](*story) for story in stories.values())


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, STORIES])
def test_what_is_left_out_is_looked_for_among_the_newest(stories: Stories, limit: int) -> None:
    found = backend().find(parse("common -common"), Scope(), limit=limit)
    assert found.rows == []
    assert found.floor is not None
    matching = [place for place, (words, _) in stories.items() if "common" in words]
    assert sorted(matching)[-25] < found.floor <= sorted(matching)[-20]


@pytest.mark.django_db
def test_common_words_are_found_as_often_as_is_asked(stories: Stories) -> None:
    assert len(backend().find(parse("common"), Scope(), limit=30).rows) == 30


@given(st.datetimes(), st.floats(0, 48), st.floats(0, 1))
def test_stretches_hold_every_place_of_a_span(
    moment: dt.datetime, bits: float, part: float
) -> None:
    first, length = place_of(moment.replace(tzinfo=dt.UTC)), round(2**bits)
    stretches = postgresql._Span(first, first + length, is_whole=False).stretches
    (n,) = {stretch & 63 for stretch in stretches}
    place = first + int((length - 1) * part)
    assert place >> n << 6 | n in stretches
    assert len(stretches) <= postgresql._MOST_STRETCHES or n == postgresql.STRETCHES[-1]
    if n > postgresql.STRETCHES[0]:  # no longer ones than are needed
        assert len(stretches) << n < 8 * (length + (1 << n))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="an index of PostgreSQL")
def test_words_and_stretches_are_asked_of_one_index(stories: Stories) -> None:
    plans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "@@" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        backend().find(parse("common"), Scope(), limit=5)
    (plan,) = plans
    (line,) = (line for line in plan.splitlines() if "Index Cond: ((vector @@" in line)
    assert "search_entry_words" in plan
    assert " && " in line
