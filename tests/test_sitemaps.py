"""Sitemaps: what stands in lists is named, with the time it last changed, whatever the archive."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import Settings

from articles.models import Article, Rendition
from articles.public import months, sitemaps
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
    publish,
    publisher,
    schedule,
)
from tests.test_public_lists import Archive, queries

pytestmark = pytest.mark.django_db

SITE = "https://news.example"
NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def entries(client: Client, address: str) -> dict[str, str]:
    """Return the addresses of a sitemap with their times of change."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    rows = etree.fromstring(response.content).findall("*", NAMES)
    return {
        str(row.findtext("s:loc", namespaces=NAMES)).removeprefix(SITE): str(
            row.findtext("s:lastmod", default="", namespaces=NAMES)
        )
        for row in rows
    }


def publish_at(moment: dt.datetime, headline: str = "", **values: object) -> str:
    with time_machine.travel(moment, tick=False):
        return make_publication(make_article(headline, **values)).get_absolute_url()  # type: ignore[arg-type]


def test_index_names_the_months_that_have_stories_and_when_each_last_changed(
    client: Client,
) -> None:
    publish_at(NOON.replace(year=2019, month=3))
    path = publish_at(NOON)
    with time_machine.travel(NOON + dt.timedelta(days=40), tick=False):
        assert entries(client, "/sitemap.xml") == {
            "/sitemap-pages.xml": "2026-07-04T12:00:00+00:00",
            "/sitemap-2026-07.xml": "2026-07-04T12:00:00+00:00",
            "/sitemap-2019-03.xml": "2019-03-04T12:00:00+00:00",
        }
        assert entries(client, "/sitemap-2026-07.xml") == {path: "2026-07-04T12:00:00+00:00"}


def test_late_change_of_an_old_story_moves_the_time_of_its_month(client: Client) -> None:
    publish_at(NOON.replace(year=2019))
    assert entries(client, "/sitemap.xml")["/sitemap-2019-07.xml"] == "2019-07-04T12:00:00+00:00"
    with time_machine.travel(NOON, tick=False):
        publish(change(Article.objects.get(), kicker="New"))
    assert entries(client, "/sitemap.xml")["/sitemap-2019-07.xml"] == "2026-07-04T12:00:00+00:00"


def test_month_is_that_of_the_sites_time_zone(client: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    path = publish_at(dt.datetime(2026, 6, 30, 18, tzinfo=dt.UTC))
    assert "/sitemap-2026-07.xml" in entries(client, "/sitemap.xml")
    assert list(entries(client, "/sitemap-2026-07.xml")) == [path]
    assert client.get("/sitemap-2026-06.xml").status_code == 404


def test_month_of_december_ends_with_the_year() -> None:
    zone = ZoneInfo("UTC")
    assert months.Month(2025, 12).following == months.Month(2026, 1)
    assert months.Month(2025, 12).following.begins == dt.datetime(2026, 1, 1, tzinfo=zone)


def test_large_month_stands_in_several_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "PART", 4)
    Archive().grow(11)
    assert [path for path in entries(client, "/sitemap.xml") if "2026-07" in path] == [
        "/sitemap-2026-07.xml",
        "/sitemap-2026-07-2.xml",
        "/sitemap-2026-07-3.xml",
    ]
    found = [path for n in ("", "-2", "-3") for path in entries(client, f"/sitemap-2026-07{n}.xml")]
    assert len(found) == len(set(found)) == 11
    assert client.get("/sitemap-2026-07-4.xml").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["2026-13", "2026-00", "0000-01", "0001-01", "9999-12", "2026-07-1", "2026-7", "2026-08"],
)
def test_file_that_is_none_is_not_found(client: Client, name: str) -> None:
    publish_at(NOON)
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_story_names_the_picture_others_may_show(client: Client) -> None:
    photo = make_photo()
    Rendition.objects.create(photo=photo, format="jpeg", width=960, height=600, file="r/a.jpg")
    publish_at(NOON, parts=("Text.", photo))
    assert (
        "<image:loc>https://news.example/media/r/a.jpg" in client.get("/sitemap-2026-07.xml").text
    )
    photo.withheld_from = ["share"]
    photo.save()
    assert "image:loc" not in client.get("/sitemap-2026-07.xml").text


def test_pages_are_those_readers_know_with_the_time_of_their_newest_story(client: Client) -> None:
    business = make_section("Business")
    publish_at(
        NOON,
        section=make_section("Markets", parent=business),
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )
    make_topic("Nothing yet")
    make_section("Empty")
    found = entries(client, "/sitemap-pages.xml")
    assert set(found.values()) == {"2026-07-04T12:00:00+00:00"}
    assert list(found) == [
        "/",
        "/business/",
        "/business/markets/",
        "/topic/harbours/",
        "/by/ada-weil/",
        "/source/reuters/",
    ]


NEWS = "/news-sitemap.xml"


def test_news_are_those_of_two_days_with_all_google_asks(client: Client) -> None:
    old = publish_at(NOON - dt.timedelta(hours=48))
    with time_machine.travel(NOON - dt.timedelta(hours=47), tick=False):
        young = make_publication(
            make_article("Cảng & bến", slug="cang", language="vi")
        ).get_absolute_url()
    with time_machine.travel(NOON, tick=False):
        assert list(entries(client, NEWS)) == [young]
        text = client.get(NEWS).text
    assert old not in text
    assert (
        "<news:news><news:publication><news:name>The Test Courier</news:name>"
        "<news:language>vi</news:language></news:publication>"
        "<news:publication_date>2026-07-02T13:00:00+00:00</news:publication_date>"
        "<news:title>Cảng &amp; bến</news:title></news:news>"
    ) in text


def test_news_name_no_more_than_a_thousand(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "_NEWS_MOST", 7)
    Archive().grow(20)
    with time_machine.travel(NOON, tick=False):
        assert len(entries(client, NEWS)) == 7


def test_news_of_no_story_name_the_front_page_alone(client: Client) -> None:
    assert list(entries(client, NEWS)) == ["/"]
    assert "news:news>" not in client.get(NEWS).text


def files(client: Client) -> str:
    """Return all sitemaps in one text."""
    index = entries(client, "/sitemap.xml")
    return "".join(client.get(path).text for path in [*index, NEWS])


def test_scheduled_story_is_named_in_its_second(client: Client) -> None:
    make_publication()
    at = (timezone.now() + dt.timedelta(hours=1)).replace(microsecond=0)
    path = schedule(make_article("Quicksilver"), at=at).get_absolute_url()
    with time_machine.travel(at - dt.timedelta(seconds=1), tick=False):
        assert path not in files(client)
    with time_machine.travel(at, tick=False):
        assert files(client).count(path) == 2


def test_draft_and_retracted_story_are_named_nowhere(client: Client) -> None:
    make_article("Quicksilver")
    publication = make_publication(topics=(make_topic(),))
    path = publication.get_absolute_url()
    assert files(client).count(path) == 2
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    assert path not in files(client)
    assert "quicksilver" not in files(client)
    assert "harbours" not in files(client)


ADDRESSES = ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-2026-07.xml", NEWS]


@pytest.mark.parametrize("address", ADDRESSES)
@time_machine.travel(NOON, tick=False)
def test_sitemap_asks_the_same_of_ten_stories_and_of_a_thousand(
    client: Client, address: str
) -> None:
    archive = Archive()
    archive.grow(10)
    few = queries(client, address)
    archive.grow(1000)
    queries(client, address)
    many = queries(client, address)
    assert len(many) <= len(few) <= 12
    assert '"body"' not in " ".join(many)


@time_machine.travel(NOON, tick=False)
def test_index_counts_no_month_twice_that_did_not_change(client: Client) -> None:
    Archive().grow(1500)
    assert "COUNT(" in " ".join(queries(client, "/sitemap.xml"))
    assert "COUNT(" not in " ".join(queries(client, "/sitemap.xml"))


@time_machine.travel(NOON, tick=False)
def test_time_of_a_month_stays_true_beyond_the_newest_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "_LATELY", 5)
    Archive().grow(1500)
    found = entries(client, "/sitemap.xml")
    assert found["/sitemap-2026-05.xml"] == "2026-05-31T23:00:00+00:00"
    assert entries(client, "/sitemap.xml") == found


LATER = NOON + dt.timedelta(days=1)


def names(client: Client, before: str = "") -> list[str]:
    """Return which files of months the index names; each holds something."""
    found = [path for path in entries(client, f"{before}/sitemap.xml") if "-pages" not in path]
    assert all(entries(client, f"{before}{path}") for path in found)
    return [path.removeprefix("/sitemap-").removesuffix(".xml") for path in found]


@time_machine.travel(LATER, tick=False)
def test_old_stories_that_are_imported_get_their_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "PART", 40)
    archive = Archive()
    archive.grow(100)
    assert names(client) == ["2026-07", "2026-07-2", "2026-07-3", "2026-06"]
    archive.grow(180)
    assert names(client)[3:] == ["2026-06", "2026-06-2", "2026-06-3"]


@time_machine.travel(LATER, tick=False)
def test_months_get_their_times_a_few_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "_AT_ONCE", 1)
    Archive().grow(1500)
    found = [entries(client, "/sitemap.xml") for _ in range(3)]
    assert [list(times.values()).count("") for times in found] == [2, 1, 0]
    assert found[2]["/sitemap-2026-05.xml"] == "2026-05-31T23:00:00+00:00"


def test_one_thread_looks_at_all_months_and_the_others_take_what_it_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = []

    def made(at: dt.datetime) -> months._Seen:
        looks.append(at)
        time.sleep(0.2)
        return months._Seen(at, 1, frozenset(), True, "[]")

    monkeypatch.setattr(months, "_made", made)
    monkeypatch.setattr(months, "_updated", lambda seen, at: seen)
    now = timezone.now()
    # Each asks as of its own moment, most of them before the one that looked.
    moments = [now - dt.timedelta(seconds=n) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: months._seen(at, {}), moments))
    assert len(looks) == 1
    assert found == [found[0]] * 8


@time_machine.travel(LATER, tick=False)
def test_index_looks_at_everything_again_after_many_changes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive()
    archive.grow(100)
    before = entries(client, "/sitemap.xml")
    monkeypatch.setattr(months, "_LATELY", 50)
    archive.grow(900)
    after = entries(client, "/sitemap.xml")
    assert {path: after[path] for path in before} == before
    assert list(after)[-1] == "/sitemap-2026-05.xml"


def test_month_that_a_story_left_by_its_new_date_is_named_no_more(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        publish(make_article(originally_published_at=NOON.replace(year=2019)))
        publish_at(NOON)
        assert names(client) == ["2026-07", "2019-07"]
    with time_machine.travel(LATER, tick=False):
        story = Article.objects.get(originally_published_at__year=2019)
        publish(change(story, originally_published_at=NOON.replace(year=2020)))
        assert names(client) == ["2026-07", "2020-07"]


def test_file_of_which_nothing_is_listed_any_more_is_there_while_later_ones_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "PART", 2)
    paths = [publish_at(NOON + dt.timedelta(hours=n), f"Story {n}") for n in range(4)]
    with time_machine.travel(LATER, tick=False):
        for story in Article.objects.order_by("pk")[:2]:
            transitions.retract(story, by=publisher(), note="Wrong.")
        named = names(client)
        found = [path for name in named for path in entries(client, f"/sitemap-{name}.xml")]
    assert sorted(set(found)) == sorted(["/", *paths[2:]])
    assert client.get("/sitemap-2026-07-9.xml").status_code == 404


def test_index_of_another_moment_is_that_of_its_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "PART", 2)
    for n in range(5):
        publish_at(NOON + dt.timedelta(hours=n), f"Story {n}")
    with time_machine.travel(LATER, tick=False):
        schedule(make_article("Quicksilver"), at=LATER.replace(month=9))
        today = names(client)
        assert today == ["2026-07", "2026-07-2", "2026-07-3"]
        assert names(client, "/as-of/2026-07-04T13:30:00Z") == ["2026-07"]
        client.force_login(publisher())
        assert names(client, "/as-of/2026-10-01T00:00:00Z") == ["2026-09", *today]
        assert names(client) == today


@pytest.mark.parametrize("is_changed", [False, True])
@time_machine.travel(LATER, tick=False)
def test_index_is_written_again_only_when_a_month_changed(
    client: Client, monkeypatch: pytest.MonkeyPatch, is_changed: bool
) -> None:
    Archive().grow(100)
    client.get("/sitemap.xml")
    written = 0

    def write(document: str) -> HttpResponse:
        nonlocal written
        written += 1
        return HttpResponse(document)

    monkeypatch.setattr(sitemaps, "_answer", write)
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        if is_changed:
            publish(make_article())
        client.get("/sitemap.xml")
    assert written == is_changed


def test_story_is_named_by_the_address_of_its_page(client: Client) -> None:
    path = publish_at(NOON, slug="cảng-東京")
    assert list(entries(client, "/sitemap-2026-07.xml")) == [path]
    assert "%" in path
