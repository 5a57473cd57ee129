"""Keeping the search index in step, and making it anew while readers search."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles import indexing
from articles.management.commands import reindex
from articles.models import SearchEntry
from articles.search import index
from articles.search.backends import backend
from articles.search.interface import Scope
from articles.search.query import parse
from tests.factories import change, make_article, make_publication, publish, schedule

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("reindex", *arguments, stdout=out)
    return out.getvalue().strip()


def found(text: str) -> list[int]:
    return [match.publication for match in backend().find(parse(text), Scope(), limit=100).rows]


def empty() -> None:
    backend().erase(list(SearchEntry.objects.values_list("place", flat=True)))


def test_index_is_made_anew_from_nothing() -> None:
    ids = [make_publication(headline=f"Ferry {n}").pk for n in range(3)]
    empty()
    assert found("ferry") == []
    assert run() == "3 publications indexed, 0 ended ones taken out."
    assert found("ferry") == ids[::-1]


def test_second_run_changes_nothing() -> None:
    make_publication(headline="Ferry")
    before = list(SearchEntry.objects.values_list())
    assert run() == run() == "1 publications indexed, 0 ended ones taken out."
    assert list(SearchEntry.objects.values_list()) == before


def test_missing_goes_on_where_a_run_was_stopped() -> None:
    first = make_publication(headline="Ferry one")
    make_publication(headline="Ferry two")
    empty()
    indexing.add([first])
    assert run("--missing", "--dry-run") == "1 publications to index; nothing was written."
    assert run("--missing") == "1 publications indexed, 0 ended ones taken out."
    assert len(found("ferry")) == 2


def test_what_has_ended_by_itself_is_taken_out() -> None:
    publication = make_publication(headline="Ferry sinks")
    at = timezone.now() + dt.timedelta(hours=1)
    schedule(change(publication.article, headline="Ferry towed"), at=at)
    assert found("sinks") == [publication.pk]
    with time_machine.travel(at):
        assert run() == "1 publications indexed, 0 ended ones taken out."
    assert found("sinks") == []


def test_readers_find_all_the_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindex, "BATCH", 1)
    for number in range(4):
        make_publication(headline=f"Ferry {number}")
    seen: list[int] = []
    add = indexing.add

    def watched(batch: Any) -> None:
        seen.append(len(found("ferry")))
        add(batch)

    monkeypatch.setattr(indexing, "add", watched)
    run()
    assert seen == [4, 4, 4, 4]


def test_called_off_update_leaves_the_index() -> None:
    publication = make_publication(headline="Ferry sinks")
    schedule(
        change(publication.article, headline="Ferry towed"), at=timezone.now() + dt.timedelta(1)
    )
    publish(change(publication.article, headline="Ferry raised"))
    assert found("towed") == found("sinks") == []
    assert len(found("raised")) == 1


def test_stories_of_one_second_get_places_of_their_own() -> None:
    at = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
    rows = [
        make_publication(make_article(f"Ferry {n}", originally_published_at=at)) for n in range(3)
    ]
    empty()
    first, *others = rows
    places = index._free_places(rows)
    backend().write(index._entries([first], places))
    SearchEntry.objects.filter(publication=first).update(place=places[others[0].pk])
    made = index._free_places(others)
    assert len({*made.values(), places[others[0].pk]}) == 3


def test_update_takes_the_place_of_the_text_before_it_also_where_that_is_lost() -> None:
    article = make_publication(headline="Ferry sinks").article
    publish(change(article, headline="Ferry towed"))
    assert (found("sinks"), len(found("towed"))) == ([], 1)
    empty()
    publish(change(article, headline="Ferry raised"))
    assert (found("towed"), len(found("raised"))) == ([], 1)
    assert SearchEntry.objects.count() == 1


def test_rows_left_by_an_emptied_table_do_not_stand_in_the_way() -> None:
    publication = make_publication(headline="Ferry sinks")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_searchentry")
    assert found("ferry") == []
    run()
    assert found("ferry") == [publication.pk]
