"""Versions of a story as readers saw them, and the words that changed between two."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Article, Photo, Publication
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_body,
    make_contributor,
    make_photo,
    make_publication,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

SECRET = "Quicksilver"


def make_story(**values: Any) -> Publication:
    """Make a story with three versions: as first published, with a correction, changed a little."""
    article = make_article(
        "Harbour reopens", parts=("Nine boats sank.",), slugline="working-name", **values
    )
    publication = make_publication(article)
    changed = change(article, headline="Harbour stays closed", body=make_body("Ten boats sank."))
    publish(changed, kind="correction", note="Ten boats sank, not nine.")
    publish(change(article, body=make_body("Ten boats sank there.")), kind="minor")
    return publication


def history(publication: Publication, rest: str = "") -> str:
    return f"{publication.get_absolute_url()}history/{rest}"


def retract(article: Article) -> None:
    article.refresh_from_db()
    transitions.retract(article, by=publisher(), note="It was wrong.")


def test_story_leads_to_its_versions(client: Client) -> None:
    publication = make_story()
    assert f'href="{history(publication)}"' in client.get(publication.get_absolute_url()).text


def test_history_lists_every_version_the_newest_first(client: Client) -> None:
    page = client.get(history(make_story())).text
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    for words in ("Ten boats sank, not nine.", "Harbour reopens", "Minor change"):
        assert words in page


def test_version_reads_as_it_did(client: Client) -> None:
    publication = make_story()
    page = client.get(history(publication, "1/")).text
    assert "Nine boats sank." in page
    assert "Harbour reopens" in page
    assert "It has changed since." in page
    assert "the one readers see today" in client.get(history(publication, "3/")).text


def test_difference_shows_the_words_that_changed(client: Client) -> None:
    page = client.get(history(make_story(), "1..2/")).text
    assert "Nine" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "Ten boats sank, not nine." in page


@pytest.mark.parametrize(
    "rest", ["0/", "4/", "99999999999999999999/", "2..1/", "1..1/", "1..9/", "0..1/"]
)
def test_version_that_never_was_is_missing(client: Client, rest: str) -> None:
    assert client.get(history(make_story(), rest)).status_code == 404


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_pages_of_the_past_stay_out_of_indexes(client: Client, rest: str) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(history(make_story(), rest)).text


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_nothing_that_only_staff_see_is_told(client: Client, rest: str) -> None:
    author = make_contributor("Ada Weil")
    publication = make_story(authors=(author,))
    page = client.get(history(publication, rest)).text
    for word in ("working-name", "publisher", "approver", "Read twice."):
        assert word not in page


@pytest.mark.parametrize("rest", ["", "1/", "2/", "1..2/"])
def test_draft_and_what_is_scheduled_are_no_versions_yet(client: Client, rest: str) -> None:
    publication = make_publication()
    change(publication.article, headline=f"{SECRET} draft")
    schedule(change(publication.article, headline=SECRET), at=timezone.now() + dt.timedelta(days=1))
    assert SECRET not in client.get(history(publication, rest)).text


def test_what_was_called_off_leaves_no_gap(client: Client) -> None:
    publication = make_publication()
    article = change(publication.article, headline=SECRET)
    schedule(article, at=timezone.now() + dt.timedelta(days=1))
    article.refresh_from_db()
    transitions.unschedule(article, by=publisher())
    publish(change(article, headline="Another"))
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        page = client.get(history(Publication.objects.public().get())).text
    assert "Version 2" in page
    assert "Version 3" not in page
    assert SECRET not in page


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_retracted_story_has_its_notice_only(client: Client, rest: str) -> None:
    publication = make_story()
    retract(publication.article)
    response = client.get(history(publication, rest))
    assert response.status_code == 302
    assert response.headers["Location"] == publication.get_absolute_url()


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_killed_story_has_no_past(client: Client, rest: str) -> None:
    publication = make_story()
    article = Article.objects.get()
    transitions.request_kill(article, by=publisher(), reason="A court order.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="A court order.")
    assert client.get(history(publication, rest)).status_code == 410


def test_words_of_a_killed_photo_are_in_no_version(client: Client) -> None:
    photo = make_photo(caption=SECRET)
    article = make_article(parts=("Words.", photo))
    publication = make_publication(article)
    publish(change(article, body=make_body("Words.")))
    assert SECRET in client.get(history(publication, "1..2/")).text
    Photo.objects.update(killed_at=timezone.now(), kill_reason="A court order.")
    for rest in ("1/", "1..2/"):
        assert SECRET not in client.get(history(publication, rest)).text


def test_reinstated_story_shows_that_it_was_away(client: Client) -> None:
    publication = make_story()
    retract(publication.article)
    article = Article.objects.get()
    transitions.reinstate(article, by=publisher(), reason="It was right.", note="It was right.")
    page = client.get(history(publication)).text
    assert "Retraction" in page
    assert client.get(history(publication, "4/")).status_code == 404
    assert client.get(history(publication, "3..5/")).status_code == 200


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_old_address_leads_to_the_history_at_the_new_one(client: Client, rest: str) -> None:
    publication = make_story()
    publish(change(publication.article, slug="new-name"))
    response = client.get(history(publication, rest))
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"/new-name/history/{rest}")


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_newsroom_may_keep_its_past_to_itself(client: Client, settings: Any, rest: str) -> None:
    settings.NEWSROOM_PUBLIC_HISTORY = False
    publication = make_story()
    assert client.get(history(publication, rest)).status_code == 404
    assert "history/" not in client.get(publication.get_absolute_url()).text


def test_history_of_the_past_knows_nothing_of_later_versions(client: Client) -> None:
    with time_machine.travel(dt.datetime(2040, 5, 6, tzinfo=dt.UTC), tick=False) as clock:
        publication = make_publication()
        clock.shift(3600)
        publish(change(publication.article, headline="Later"))
        clock.shift(3600)
        page = client.get(f"/as-of/2040-05-06T00:30:00Z{history(publication)}").text
    assert "Version 1" in page
    assert "Version 2" not in page


@pytest.mark.parametrize("rest", ["", "1/", "1..2/"])
def test_versions_cost_the_same_queries_however_many(
    client: Client, rest: str, django_assert_max_num_queries: Any
) -> None:
    publication = make_story(authors=(make_contributor("Ada Weil"),))
    for number in range(8):
        publish(change(publication.article, headline=f"Headline {number}"))
    with django_assert_max_num_queries(13):
        client.get(history(publication, rest))
