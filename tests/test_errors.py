"""What readers get when something is wrong: help where there is some, and never a stack trace."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_publication,
    make_section,
    make_user,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(days=1)


@pytest.fixture
def failing(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that asks for the front page while it fails with an error."""
    client.raise_request_exception = False

    def ask(error: Exception) -> Any:
        def fail(at: Any) -> None:
            raise error

        monkeypatch.setattr("articles.public.lists.front_page", fail)
        return client.get("/")

    return ask


@pytest.mark.parametrize("error", [OperationalError("down"), InterfaceError("closed")])
def test_database_that_is_away_is_said_so_and_for_how_long(failing: Any, error: Exception) -> None:
    response = failing(error)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store"
    assert "We are back in a moment" in response.text


def test_fault_of_ours_needs_no_database_to_be_told(failing: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = failing(ZeroDivisionError("secret words"))
    assert (response.status_code, len(asked)) == (500, 0)
    assert "secret words" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_page_without_a_database_needs_none(failing: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        failing(OperationalError("down"))
    assert len(asked) == 0


def test_missing_page_offers_the_newest_stories(client: Client) -> None:
    stories = [make_publication() for _number in range(7)]
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert list(page.context["newest"]) == stories[:1:-1]


def test_missing_page_costs_the_same_queries_whatever_the_archive(client: Client) -> None:
    counts = []
    for _round in range(2):
        for _number in range(6):
            make_publication()
        with CaptureQueriesContext(connection) as asked:
            client.get("/world/2026/01/01/nothing/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(
    "path",
    ["/world/2019/01/01/harbour/", "/sport/2019/01/01/harbour/", "/world/2019/01/01/Harbour/"],
)
def test_mistyped_address_leads_to_the_one_story_of_that_name(client: Client, path: str) -> None:
    publication = make_publication(slug="harbour")
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == publication.get_absolute_url()


def test_name_that_two_stories_have_leads_nowhere(client: Client) -> None:
    make_publication(slug="harbour")
    make_publication(slug="harbour", section=make_section("Sport"))
    assert client.get("/world/2019/01/01/harbour/").status_code == 404


def test_name_of_what_is_not_listed_leads_nowhere(client: Client) -> None:
    make_article(slug="draft")
    schedule(make_article(slug="scheduled"), at=timezone.now() + LATER)
    change(make_publication(slug="public").article, slug="renamed-in-a-draft")
    retracted = make_publication(slug="retracted")
    transitions.retract(retracted.article, by=publisher(), note="Wrong.")
    for slug in ("draft", "scheduled", "renamed-in-a-draft", "retracted"):
        assert client.get(f"/world/2019/01/01/{slug}/").status_code == 404, slug


def test_address_without_its_last_slash_leads_on(client: Client) -> None:
    url = make_publication().get_absolute_url()
    assert client.get(url.rstrip("/")).headers["Location"] == url


def test_host_that_is_not_ours_is_refused_in_plain_words(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read this request" in response.text


def test_refusal_is_kept_by_nobody(client: Client) -> None:
    client.force_login(make_user("Reporter"))
    response = client.get("/as-of/2199-01-01T00:00:00Z/")
    assert (response.status_code, response.headers["Cache-Control"]) == (403, "no-store")
    assert "This page is not open to you" in response.text


def test_missing_page_of_the_desk_is_kept_by_nobody(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/admin/nothing/")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("written", ["yesterday", "2040-13-01"])
def test_moment_that_is_none_says_how_to_write_one(client: Client, written: str) -> None:
    page = client.get(f"/as-of/{written}/")
    assert (page.status_code, page.context["as_of_hint"]) == (404, True)
