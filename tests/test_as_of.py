"""Pages as of another moment: what they show, and to whom; and that nothing killed comes back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Photo, Publication
from articles.public import as_of
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

T0 = dt.datetime(2040, 5, 6, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SURFACES = [
    "article", "/", "/world/", "/topic/harbours/", "/by/ada-weil/", "/source/reuters/", "/feed/",
]  # fmt: skip
SECRET = "Quicksilver"


def at(hours: float, path: str = "/") -> str:
    return as_of.address(path, T0 + hours * HOUR)


@pytest.fixture
def clock():
    with time_machine.travel(T0, tick=False) as traveller:
        yield traveller


def make_story(headline: str = "Harbour reopens", **values: Any) -> Publication:
    return make_publication(
        make_article(
            headline,
            authors=(make_contributor("Ada Weil"),),
            topics=(make_topic(),),
            sources=(make_source("Reuters"),),
            **values,
        )
    )


def of(surface: str, publication: Publication) -> str:
    return publication.get_absolute_url() if surface == "article" else surface


def retract(article: Article) -> None:
    transitions.retract(article, by=publisher(), note="It was wrong.")


def kill(article: Article) -> None:
    transitions.request_kill(article, by=publisher(), reason="A court order.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="A court order.")


@pytest.mark.parametrize("surface", SURFACES)
def test_page_shows_what_it_showed_then(client: Client, clock: Any, surface: str) -> None:
    publication = make_story("First headline")
    url = of(surface, publication)
    clock.shift(HOUR)
    publish(change(publication.article, headline="Second headline"))
    clock.shift(HOUR)
    assert "Second headline" in client.get(url).text
    assert "First headline" in client.get(at(0.5, url)).text
    assert "Second headline" not in client.get(at(0.5, url)).text
    assert "Second headline" in client.get(at(1, url)).text


def test_story_is_not_there_before_it_was_published(client: Client, clock: Any) -> None:
    publication = make_story()
    clock.shift(HOUR)
    assert client.get(at(-1, publication.get_absolute_url())).status_code == 404
    assert "Harbour reopens" not in client.get(at(-1)).text


def test_past_page_is_marked_and_kept_out_of_indexes(client: Client, clock: Any) -> None:
    publication = make_story()
    url = publication.get_absolute_url()
    clock.shift(HOUR)
    response = client.get(at(0.5, url))
    assert "This page as it was:" in response.text
    assert f'<link rel="canonical" href="https://news.example{url}">' in response.text
    assert '<meta name="robots" content="noindex, nofollow">' in response.text
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert f'<a href="{url}">Back to today</a>' in response.text


def test_links_in_a_past_page_stay_in_its_moment(client: Client, clock: Any) -> None:
    publication = make_story()
    clock.shift(HOUR)
    page = client.get(at(0.5)).text
    assert f'href="{at(0.5, publication.get_absolute_url())}"' in page
    assert f'href="{at(0.5, "/world/")}"' in page
    assert 'href="/static/css/records.css"' in page
    assert 'href="/world/"' not in page
    assert f'href="{publication.get_absolute_url()}"' in client.get("/").text


def test_past_page_is_kept_by_shared_caches_for_a_day_under_its_tag(client, clock) -> None:
    publication = make_story(parts=("Words.", make_photo()))
    clock.shift(HOUR)
    response = client.get(at(0.5, publication.get_absolute_url()))
    assert response.headers["Cache-Control"] == (
        "public, max-age=0, s-maxage=86400, stale-while-revalidate=43200, stale-if-error=86400"
    )
    tags = response.headers["Cache-Tag"]
    assert f"article:{publication.article.uuid}" in tags
    assert f"photo:{Photo.objects.get().uuid}" in tags
    assert not response.cookies
    assert "Cookie" not in response.headers["Vary"]


def test_past_page_is_not_kept_past_the_end_of_a_photos_rights(client: Client, clock: Any) -> None:
    make_story(parts=("Words.", make_photo(usable_until=T0 + 2 * HOUR)))
    clock.shift(HOUR)
    schedule(make_article(), at=T0 + 1.5 * HOUR)
    rule = client.get(at(0.5)).headers["Cache-Control"]
    assert rule.startswith("public, max-age=0, s-maxage=3599, stale-while-revalidate=0")


@pytest.mark.parametrize("surface", SURFACES)
def test_killed_story_is_gone_from_the_past_too(client: Client, clock: Any, surface: str) -> None:
    publication = make_story(f"{SECRET} found", standfirst=SECRET)
    url = of(surface, publication)
    clock.shift(HOUR)
    kill(publication.article)
    clock.shift(HOUR)
    response = client.get(at(0.5, url))
    assert SECRET not in response.text
    assert surface == "article" or publication.path not in response.text
    assert response.status_code == (410 if surface == "article" else response.status_code)


def test_killed_photo_is_gone_from_the_past_too(client: Client, clock: Any) -> None:
    photo = make_photo(caption=SECRET, alt_text=SECRET)
    publication = make_story(parts=("Words.", photo))
    clock.shift(HOUR)
    Photo.objects.update(killed_at=timezone.now(), kill_reason="A court order.")
    page = client.get(at(0.5, publication.get_absolute_url())).text
    assert "This photo has been withdrawn." in page
    assert f'alt="{SECRET}"' not in page


def test_story_retracted_since_has_its_notice_in_place_of_its_text(
    client: Client, clock: Any
) -> None:
    publication = make_story()
    url = publication.get_absolute_url()
    clock.shift(HOUR)
    retract(publication.article)
    clock.shift(HOUR)
    page = client.get(at(0.5, url)).text
    assert "The harbour reopened on Monday." not in page
    assert "This story has since been retracted." in page
    assert "It was wrong." in page


def test_story_corrected_since_says_so(client: Client, clock: Any) -> None:
    publication = make_story()
    clock.shift(HOUR)
    article = change(publication.article, headline="Harbour stays closed")
    publish(article, kind="correction", note="The harbour is closed.")
    clock.shift(HOUR)
    url = publication.get_absolute_url()
    assert "The harbour is closed." in client.get(at(0.5, url)).text
    assert "Since then:" not in client.get(at(1.5, url)).text


def test_what_is_scheduled_is_told_nobody_by_a_past_page(client: Client, clock: Any) -> None:
    publication = make_story()
    clock.shift(HOUR)
    article = change(publication.article, headline=SECRET)
    schedule(article, at=T0 + 3 * HOUR, kind="correction", note=SECRET)
    assert SECRET not in client.get(at(0.5, publication.get_absolute_url())).text


@pytest.mark.parametrize(
    ("role", "status"),
    [("Editor", 200), ("Chief", 200), ("Reporter", 403), ("Administrator", 403), (None, 403)],
)
def test_future_is_for_staff_who_may_see_it(client, clock, role, status) -> None:
    publication = schedule(make_article(f"{SECRET} found"), at=T0 + HOUR)
    if role:
        client.force_login(make_user(role))
    for path in ("/", "/world/", publication.get_absolute_url()):
        response = client.get(at(2, path))
        assert response.status_code == status, path
        assert (SECRET in response.text) == (status == 200)
        assert response.headers.get("Cache-Control", "").startswith("public") is False


def test_future_page_is_marked_and_kept_by_nobody(client: Client, clock: Any) -> None:
    schedule(make_article(), at=T0 + HOUR)
    client.force_login(make_user("Chief"))
    response = client.get(at(2))
    assert "This page as it will be if nothing changes:" in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize(("role", "status"), [(None, 403), ("Chief", 200)])
def test_past_may_be_closed_to_readers(client, clock, settings, role, status) -> None:
    settings.NEWSROOM_PUBLIC_HISTORY = False
    make_story()
    clock.shift(HOUR)
    if role:
        client.force_login(make_user(role))
    response = client.get(at(0.5))
    assert response.status_code == status
    assert "public" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "written",
    ["2040-05-06T09:00Z", "2040-05-06t09:00:00z", "2040-05-06T16:00:00+07:00",
     "2040-05-06T09:00:00", "2040-05-06T09:00:00.700Z", "20400506T090000Z"],
)  # fmt: skip
def test_moment_written_otherwise_leads_to_its_normal_form(client, clock, written) -> None:
    clock.shift(HOUR)
    response = client.get(f"/as-of/{written}/world/?before=1-1")
    assert response.status_code == 301
    assert response.headers["Location"] == "/as-of/2040-05-06T09:00:00Z/world/?before=1-1"


@pytest.mark.parametrize(
    "written", ["yesterday", "2040-13-01", "0001-01-01T00:00+14:00", "9" * 400, "2040-05-06T25:00Z"]
)
def test_what_is_no_moment_is_missing_and_says_how_to_write_one(client, clock, written) -> None:
    response = client.get(f"/as-of/{written}/")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "path", ["/preview/x/", "/oembed/", "/as-of/2030-01-01T00:00:00Z/", "/admin/", "/static/x.css"]
)
def test_what_has_no_past_is_missing_there(client: Client, clock: Any, path: str) -> None:
    make_user()
    clock.shift(HOUR)
    assert client.get(at(0.5, path)).status_code == 404


def test_address_without_its_last_slash_leads_on(client: Client, clock: Any) -> None:
    make_story()
    clock.shift(HOUR)
    assert client.get(at(0.5, "/world")).headers["Location"] == at(0.5, "/world/")


def test_old_address_leads_on_within_the_moment(client: Client, clock: Any) -> None:
    publication = make_story()
    clock.shift(HOUR)
    publish(change(publication.article, slug="new-name"))
    clock.shift(HOUR)
    old = publication.get_absolute_url()
    assert client.get(at(0.5, old)).status_code == 200
    assert client.get(at(1.5, old)).headers["Location"].startswith("/as-of/2040-05-06T10:30:00Z/")


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/world/?before=1-1", "/world/?before=1-1"), ("//evil.example/", "/"), ("evil", "/"),
     ("/\\evil.example", "/"), ("", "/")],
)  # fmt: skip
def test_form_leads_to_the_page_at_the_moment_chosen(client, settings, path, leads_to) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    response = client.get("/as-of/", {"path": path, "at": "2040-05-06T16:00"})
    assert response.headers["Location"] == f"/as-of/2040-05-06T09:00:00Z{leads_to}"


def test_page_leads_to_the_changes_before_and_after(client: Client, clock: Any) -> None:
    make_story()
    clock.shift(HOUR + dt.timedelta(milliseconds=300))
    make_publication()
    clock.shift(HOUR)
    schedule(make_article(), at=T0 + 4 * HOUR)
    page = client.get(at(0.5)).text
    assert f'href="{at(0)}"' in page
    assert 'href="/as-of/2040-05-06T10:00:01Z/"' in page
    assert "2040-05-06T13" not in client.get(at(1.5)).text


def test_prefix_of_one_answer_is_not_in_the_next(client: Client, clock: Any) -> None:
    make_story()
    clock.shift(HOUR)
    client.get(at(0.5))
    client.get(at(0.5, "/nowhere/"))
    assert "/as-of/" not in client.get("/").text


def test_past_page_costs_a_few_queries_whatever_the_archive(client, clock) -> None:
    url = make_story().get_absolute_url()
    counts = []
    make_publication()
    for _round in range(2):
        clock.shift(HOUR)
        with CaptureQueriesContext(connection) as asked:
            client.get(at(0.5, url))
        counts.append(len(asked))
        for _story in range(12):
            make_publication()
    assert counts[0] == counts[1] <= 13
