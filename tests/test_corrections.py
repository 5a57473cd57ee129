"""The page of everything that was put right or taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Publication
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_publication,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

SECRET = "Quicksilver"


def correct(publication: Publication, note: str = "Ten boats sank.", **values: Any) -> Publication:
    article = change(publication.article, headline=f"{publication.headline} again")
    return publish(article, **{"kind": "correction", "note": note, **values})


def test_page_tells_what_was_wrong_and_what_is_right(client: Client) -> None:
    publication = correct(make_publication(), corrections=[("Nine boats", "Ten boats")])
    page = client.get("/corrections/").text
    for words in ("Ten boats sank.", "Nine boats", "Ten boats", publication.headline):
        assert words in page
    assert f'href="{publication.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("correction", True), ("clarification", True), ("update", False), ("minor", False)],
)
def test_page_tells_what_readers_are_told_of(client: Client, kind: str, is_told: bool) -> None:
    article = make_publication(make_article(standfirst="Boats")).article
    publish(change(article, standfirst="Boat"), kind=kind, note="A note to readers.")
    assert ("A note to readers." in client.get("/corrections/").text) == is_told


def test_what_is_scheduled_is_not_told_yet(client: Client) -> None:
    article = change(make_publication().article, headline="Another")
    at = timezone.now() + dt.timedelta(hours=1)
    schedule(article, at=at, kind="correction", note=SECRET)
    assert SECRET not in client.get("/corrections/").text
    with time_machine.travel(at):
        assert SECRET in client.get("/corrections/").text


def test_retraction_is_told_and_what_was_wrong_before_no_more(client: Client) -> None:
    publication = correct(make_publication(), SECRET, corrections=[(SECRET, SECRET)])
    article = Article.objects.get(pk=publication.article_id)
    transitions.retract(article, by=publisher(), note="We had it wrong.")
    page = client.get("/corrections/").text
    assert "We had it wrong." in page
    assert "The story has since been retracted." in page
    assert SECRET not in page


def test_killed_story_is_not_named(client: Client) -> None:
    publication = correct(make_publication(make_article(SECRET)), SECRET)
    article = Article.objects.get(pk=publication.article_id)
    transitions.request_kill(article, by=publisher(), reason="A court order.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="A court order.")
    page = client.get("/corrections/").text
    assert SECRET not in page
    assert publication.path not in page


def test_pages_follow_each_other_and_hold_each_correction_once(client, settings) -> None:
    settings.LIST_PAGE_SIZE = 2
    kinds = ["correction", "clarification", "correction", "clarification", "correction"]
    for number, kind in enumerate(kinds):
        correct(make_publication(), f"Note {number}.", kind=kind)
    address, found = "/corrections/", []
    while address:
        page = client.get(address)
        notes = [number for number in range(5) if f"Note {number}." in page.text]
        assert len(notes) <= 2
        found += notes[::-1]
        older = page.context["older"]
        address = f"/corrections/{older}" if older else ""
    assert found == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("cursor", ["x", "", "1", "f" * 20, "1-g"])
def test_bad_cursor_is_no_page(client: Client, cursor: str) -> None:
    assert client.get("/corrections/", {"before": cursor}).status_code == 404


def test_newsroom_without_mistakes_says_so(client: Client) -> None:
    make_publication()
    assert "Nothing has been corrected yet." in client.get("/corrections/").text


def test_page_costs_the_same_queries_for_many_corrections(client: Client) -> None:
    counts = []
    for _round in range(2):
        for _number in range(3):
            correct(make_publication(), corrections=[("Nine", "Ten"), ("Two", "Three")])
        with CaptureQueriesContext(connection) as asked:
            client.get("/corrections/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8
