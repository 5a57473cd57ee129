"""How public answers behave in browsers and shared caches: validators, rules, tags, encodings."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from typing import Any

import brotli
import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles.models import Article, Photo, Publication
from articles.public import caching
from articles.public.compression import preferred
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

# Later than any file of this checkout, so that the code is older than what the tests change.
LATER = dt.datetime(2040, 5, 6, 9, 30, tzinfo=dt.UTC)
SURFACES = [
    "article", "/", "/world/", "/topic/harbours/", "/by/ada-weil/", "/source/reuters/", "/feed/",
    "/world/feed/", "/topic/harbours/feed/", "/by/ada-weil/feed/", "oembed",
]  # fmt: skip
CACHED = re.compile(
    r"public, max-age=0, s-maxage=(\d+)"
    r"(?:, stale-while-revalidate=(\d+), stale-if-error=(\d+))?"
)


def make_story(**values: Any) -> Publication:
    return make_publication(
        make_article(
            "Harbour reopens",
            authors=(make_contributor("Ada Weil"),),
            topics=(make_topic(),),
            sources=(make_source("Reuters"),),
            **values,
        )
    )


def address(surface: str, publication: Publication) -> str:
    own = publication.get_absolute_url()
    named = {"article": own, "oembed": f"/oembed/?url=https://news.example{own}"}
    return named.get(surface, surface)


def seconds(response: Any) -> list[int]:
    """Return how long a shared cache may keep an answer, and how long use it stale."""
    match = CACHED.fullmatch(response.headers["Cache-Control"])
    assert match, response.headers["Cache-Control"]
    return [int(value or 0) for value in match.groups()]


@pytest.mark.parametrize("surface", SURFACES)
def test_answer_carries_what_caches_need(client: Client, surface: str) -> None:
    with time_machine.travel(LATER, tick=False) as clock:
        url = address(surface, make_story())
        clock.shift(60)
        headers = client.get(url).headers
    assert headers["Cache-Control"] == (
        "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=3600"
    )
    assert re.fullmatch(r'W/"[0-9a-f]{32}"', headers["ETag"])
    assert headers["Last-Modified"] == http_date(LATER.timestamp())
    assert headers["Vary"] == "Accept-Encoding"
    assert set(headers["Cache-Tag"].split(",")) == set(headers["Surrogate-Key"].split(" "))


@pytest.mark.parametrize("surface", [*SURFACES, "/nowhere/", "/world/2026/01/01/nothing/"])
def test_head_answers_with_the_headers_of_get(client: Client, surface: str) -> None:
    url = address(surface, make_story())
    with time_machine.travel(LATER, tick=False):
        head, got = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize("surface", [*SURFACES, "/nowhere/"])
def test_reader_who_sends_cookies_gets_the_same_and_no_cookie(client: Client, surface: str) -> None:
    url = address(surface, make_story())
    with time_machine.travel(LATER, tick=False):
        anonymous = client.get(url)
        client.force_login(make_user())
        client.cookies["sessionid_old"] = client.cookies["csrftoken"] = "x" * 32
        known = client.get(url)
    assert not known.cookies
    assert (known.content, known.headers) == (anonymous.content, anonymous.headers)
    assert "Cookie" not in known.headers["Vary"]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("sent", ["{tag}", '"nope", {tag}', "{strong}", "*"])
def test_reader_who_has_the_page_gets_304(client: Client, surface: str, sent: str) -> None:
    url = address(surface, make_story())
    with time_machine.travel(LATER, tick=False):
        got = client.get(url)
        tag = got.headers["ETag"]
        value = sent.format(tag=tag, strong=tag.removeprefix("W/"))
        again = client.get(url, headers={"If-None-Match": value})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified", "Cache-Tag"):
        assert again.headers[name] == got.headers[name]


def test_etag_wins_over_the_date(client: Client) -> None:
    url = make_story().get_absolute_url()
    with time_machine.travel(LATER, tick=False):
        since = client.get(url).headers["Last-Modified"]
        sent = {"If-Modified-Since": since}
        assert client.get(url, headers=sent).status_code == 304
        sent["If-None-Match"] = '"another"'
        assert client.get(url, headers=sent).status_code == 200


def retract(article: Article) -> None:
    transitions.retract(article, by=publisher(), note="It was wrong.")


def kill(article: Article) -> None:
    transitions.request_kill(article, by=publisher(), reason="A court order.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="A court order.")


def kill_photo(article: Article) -> None:
    Photo.objects.update(killed_at=timezone.now(), kill_reason="A court order.", file="")


def correct(article: Article) -> None:
    publish(change(article, headline="Harbour stays closed"), kind="correction", note="Wrong.")


def edit_caption(article: Article) -> None:
    Photo.objects.update(credit_line="Signe Hal/Reuters")
    photo = Photo.objects.get()
    LogEntry.objects.log_actions(publisher().pk, [photo], CHANGE, "Changed", single_object=True)


@pytest.mark.parametrize("happening", [retract, kill, kill_photo, correct, edit_caption])
@pytest.mark.parametrize("gap", [dt.timedelta(milliseconds=300), dt.timedelta(minutes=3)])
def test_no_validator_confirms_a_page_from_before(client: Client, happening, gap) -> None:
    """Also within one second, which a date can't tell apart."""
    with time_machine.travel(LATER, tick=False) as clock:
        publication = make_story(parts=("Words.", make_photo()))
        url = publication.get_absolute_url()
        clock.shift(60.2)
        before = client.get(url).headers
        clock.shift(gap)
        happening(publication.article)
        sent = {"If-None-Match": before["ETag"]}
        assert client.get(url, headers=sent).status_code in (200, 410)
        for moment in (before["Last-Modified"], http_date(timezone.now().timestamp() - 0.5)):
            sent = {"If-Modified-Since": moment}
            assert client.get(url, headers=sent).status_code in (200, 410)
        clock.shift(60)
        assert client.get(url, headers=sent).status_code in (200, 410)


@pytest.mark.parametrize("surface", [surface for surface in SURFACES if surface != "oembed"])
def test_list_is_newer_when_a_story_was_taken_from_it(client: Client, surface: str) -> None:
    with time_machine.travel(LATER, tick=False) as clock:
        publication = make_story()
        url = address(surface, publication)
        clock.shift(60)
        since = client.get(url).headers["Last-Modified"]
        retract(publication.article)
        clock.shift(60)
        after = client.get(url, headers={"If-Modified-Since": since})
    assert after.status_code == 200
    assert parse_http_date(after.headers["Last-Modified"]) > parse_http_date(since)


def test_date_is_not_told_while_changes_may_still_become_visible(client: Client) -> None:
    with time_machine.travel(LATER, tick=False) as clock:
        url = make_story().get_absolute_url()
        assert "Last-Modified" not in client.get(url).headers
        clock.shift(caching.SETTLED)
        assert "Last-Modified" in client.get(url).headers


def test_a_page_is_new_each_day_since_it_carries_the_date(client: Client) -> None:
    with time_machine.travel(LATER, tick=False) as clock:
        make_story()
        clock.shift(dt.timedelta(days=2))
        assert caching.last_change(timezone.now()) == (LATER + dt.timedelta(days=2)).replace(
            hour=0, minute=0
        )


moments = st.integers(0, 7200).map(lambda n: LATER + dt.timedelta(seconds=n))


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=moments,
    stories=st.lists(moments, max_size=2),
    rights=st.lists(st.tuples(moments, moments), max_size=2),
)
def test_no_cache_keeps_an_answer_past_the_next_scheduled_change(client, at, stories, rights):
    edges = [*stories, *(moment for pair in rights if pair[0] < pair[1] for moment in pair)]
    to_come = min((moment for moment in edges if moment > at), default=None)
    # What one example schedules is not there for the next.
    with transaction.atomic():
        with time_machine.travel(LATER - dt.timedelta(seconds=1), tick=False):
            make_section()
            for moment in stories:
                schedule(make_article(), at=moment)
            for begin, end in rights:
                if begin < end:
                    make_photo(usable_from=begin, usable_until=end)
        with time_machine.travel(at, tick=False):
            fresh, revalidated, error = seconds(client.get("/"))
        transaction.set_rollback(True)
    left = 3660 if to_come is None else (to_come - at).total_seconds()
    assert fresh + max(revalidated, error) <= left
    assert fresh > 0 or left <= 2


def test_what_was_called_off_shortens_nothing(client: Client) -> None:
    with time_machine.travel(LATER, tick=False):
        publication = schedule(make_article(), at=LATER + dt.timedelta(seconds=20))
        assert seconds(client.get("/"))[0] == 19
        transitions.unschedule(publication.article, by=publisher())
        assert seconds(client.get("/"))[0] == 60


def test_notice_of_retraction_is_never_used_stale(client: Client) -> None:
    publication = make_story()
    retract(publication.article)
    rule = client.get(publication.get_absolute_url()).headers["Cache-Control"]
    assert rule == "public, max-age=0, s-maxage=60"


def test_answer_that_a_story_is_gone_is_never_used_stale(client: Client) -> None:
    publication = make_story()
    kill(publication.article)
    response = client.get(publication.get_absolute_url())
    assert (response.status_code, seconds(response)) == (410, [60, 0, 0])


def test_missing_page_is_soon_asked_for_again(client: Client) -> None:
    assert seconds(client.get("/nowhere/")) == [10, 0, 0]


def test_old_address_leads_on_for_as_long_as_a_page_is_kept(client: Client) -> None:
    publication = make_story()
    old = publication.get_absolute_url()
    publish(change(publication.article, slug="new-name"))
    response = client.get(old)
    assert (response.status_code, seconds(response)[0]) == (301, 60)
    assert f"article:{publication.article.uuid}" in response.headers["Cache-Tag"]


def test_caches_can_be_told_to_keep_nothing(client: Client, settings: Any) -> None:
    settings.NEWSROOM_CACHE_SECONDS = 0
    assert seconds(client.get("/")) == [0, 0, 0]


def test_failure_is_kept_by_nobody(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("articles.public.lists.front_page", lambda at: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "public" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("surface", [surface for surface in SURFACES if surface != "oembed"])
def test_what_a_story_purges_is_a_tag_of_each_of_its_pages(client: Client, surface: str) -> None:
    publication = make_story()
    tags = client.get(address(surface, publication)).headers["Cache-Tag"].split(",")
    assert caching.story_tags(publication, publication.article.uuid) & set(tags)


def test_page_is_tagged_with_its_photos_and_lists_with_theirs(client: Client) -> None:
    section = make_section("Deep", parent=make_section("World"))
    photo = make_photo()
    publication = make_story(parts=("Words.", photo), section=section)
    tags = client.get(publication.get_absolute_url()).headers["Cache-Tag"]
    assert f"photo:{photo.uuid}" in tags
    assert {"section:world", "section:world/deep"} <= caching.story_tags(publication, "x")


def test_tags_are_plain_letters_and_end_before_a_header_grows_too_long() -> None:
    assert caching.tag_header({"topic:biển-đông", "a b"}, ",") == (
        "a%20b,topic:bi%E1%BB%83n-%C4%91%C3%B4ng"
    )
    assert len(caching.tag_header({f"article:{n:036}" for n in range(500)}, " ")) <= 4000


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""), ("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"), ("br;q=0.2, gzip;q=0.9", "gzip"), ("*", "br"),
        ("*;q=0", ""), ("identity", ""), ("gzip;q=0, br;q=0.0", ""), ("x" * 9000, ""),
        ("br;q=oops", ""), ("GZIP", "gzip"), (";,;=,", ""),
    ],
)  # fmt: skip
def test_encoding_is_the_one_the_reader_prefers(accepted: str, encoding: str) -> None:
    assert preferred(accepted) == encoding


@pytest.mark.parametrize(
    ("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
@pytest.mark.parametrize("surface", ["article", "/", "/feed/"])
def test_page_is_compressed_for_who_can_read_it(client, surface, encoding, decode) -> None:
    url = address(surface, make_story())
    with time_machine.travel(LATER, tick=False):
        plain = client.get(url)
        packed = client.get(url, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert decode(packed.content) == plain.content
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content)
    assert packed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", ["/admin/login/", "/preview/nothing/"])
def test_what_may_hold_a_secret_is_never_compressed(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in response.headers


def test_times_cost_one_query(django_assert_num_queries: Any) -> None:
    make_story()
    with django_assert_num_queries(1):
        caching.times(timezone.now())


def test_empty_newsroom_has_times_too() -> None:
    found = caching.times(timezone.now())
    assert found.next_change is None
    assert found.last_change <= timezone.now()
