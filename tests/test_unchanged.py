"""A page is written again when anything it was made of reads differently, and only then."""

from __future__ import annotations

import datetime as dt
import re
from sys import getsizeof
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import readings
from articles.choices import PublicationKind, RelatedKind
from articles.models import (
    Contributor,
    Photo,
    Publication,
    RelatedLink,
    Rendition,
    Section,
    Source,
    Topic,
)
from articles.prepared import Prepared
from articles.public import unchanged
from articles.public.responses import ReaderView
from articles.public.unchanged import Pages, Written
from articles.readings import Reading
from articles.workflow import transitions
from tests.factories import (
    arrange,
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

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TEXT = "Pilots of the Averil Strait said that Orla Venn had broken her word on wages."


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the paths of pages that are made, and not given out as they were written."""
    paths: list[str] = []
    make = ReaderView._made

    def noted(self: ReaderView, request: Any, *args: Any, **kwargs: Any) -> Any:
        paths.append(request.path)
        return make(self, request, *args, **kwargs)

    monkeypatch.setattr(ReaderView, "_made", noted)
    return paths


def story(**values: Any) -> Publication:
    """Publish a story with a photo that has a file, a topic, a contributor, and a source."""
    photo = make_photo(credit_line="Signe Hal")
    Rendition.objects.create(photo=photo, format="jpeg", width=480, height=300, file="r/1.jpg")
    values.setdefault("authors", (make_contributor("Ada Weil"),))
    article = make_article(
        values.pop("headline", "Ferry sinks"),
        parts=(TEXT, photo),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
        **values,
    )
    return make_publication(article, at=NOON)


def pages(of: Publication) -> list[str]:
    homes = ["/", "/world/", "/topic/harbours/", "/by/ada-weil/", "/source/reuters/"]
    feeds = [f"{home}feed/{name}" for home in homes for name in ("", "atom/", "json/")]
    return [of.get_absolute_url(), *homes, *feeds]


def test_no_page_is_made_twice_while_nothing_changes(client: Client, made: list[str]) -> None:
    addresses = pages(story())
    first = [client.get(address) for address in addresses]
    again = [client.get(address) for address in addresses]
    assert made == addresses
    assert [page.status_code for page in first] == [200] * len(addresses)
    assert [(page.content, page.headers) for page in again] == [
        (page.content, page.headers) for page in first
    ]


def test_arranged_front_is_not_made_twice(client: Client, made: list[str]) -> None:
    article = story().article
    arrange(article)
    arrange(article, section=article.section)
    for _ in range(2):
        assert [client.get(address).status_code for address in ("/", "/world/")] == [200, 200]
    assert made == ["/", "/world/"]


def test_search_is_not_made_again_while_it_finds_the_same(client: Client, made: list[str]) -> None:
    story()
    addresses = ["/search/", "/search/?q=ferry", "/search/?q=pilots&sort=date"]
    first = [client.get(address).content for address in addresses]
    assert [client.get(address).content for address in addresses] == first
    assert made == ["/search/"] * 3
    found = make_publication(make_article("Ferry raised"), at=NOON)
    assert found.get_absolute_url() in client.get("/search/?q=ferry").text
    transitions.request_kill(found.article, by=publisher(), reason="A court.")
    transitions.kill(found.article, by=make_user(), reason="A court.")
    assert found.get_absolute_url() not in client.get("/search/?q=ferry").text


@pytest.mark.parametrize("asked", ["q=ferry&section=world", "q=ferry&x=1", f"q={'ferry+' * 60}"])
def test_search_that_is_narrowed_down_is_made_each_time(
    client: Client, made: list[str], asked: str
) -> None:
    story()
    for _ in range(2):
        assert client.get(f"/search/?{asked}").status_code == 200
    assert made == ["/search/"] * 2


def test_searches_push_no_page_out(
    client: Client, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = story().get_absolute_url()
    client.get(page)
    monkeypatch.setattr(unchanged, "ASKED", Pages(100_000))
    words = TEXT.strip(".").split()
    for word in words:
        assert client.get(f"/search/?q={word}").status_code == 200
    assert 0 < len(unchanged.ASKED._pages) < len(words)
    client.get(page)
    assert made.count(page) == 1


def test_what_fits_best_stands_in_one_order_all_day(client: Client) -> None:
    for n in range(3):
        make_publication(make_article(f"Ferry {n}"), at=NOON + n * HOUR)
    orders = set()
    for hour in (16, 20, 23):
        with time_machine.travel(NOON.replace(hour=hour) + 40 * dt.timedelta(days=1), tick=False):
            unchanged.clear()
            orders.add(tuple(re.findall(r"Ferry</mark> (\d)", client.get("/search/?q=ferry").text)))
    assert len(orders) == 1


CHANGES: dict[str, Any] = {
    "name of a section": lambda: Section.objects.update(name="Abroad"),
    "credit": lambda: Photo.objects.update(credit_line="Bo Lind"),
    "a photo's caption": lambda: Photo.objects.update(caption="A ferry at night"),
    "kill of a photo": lambda: Photo.objects.update(
        killed_at=timezone.now(), file="", kill_reason="A court.", kill_notice="Gone."
    ),
    "files of a photo": lambda: Rendition.objects.update(file="r/2.jpg"),
    "rights that are over": lambda: Photo.objects.update(usable_until=NOON),
}


@pytest.mark.parametrize("what", CHANGES)
def test_page_shows_a_change_nobody_told_of(client: Client, what: str) -> None:
    url = story().get_absolute_url()
    before = client.get(url)
    CHANGES[what]()
    after = client.get(url)
    unchanged.clear()
    assert after.content == client.get(url).content != before.content
    assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize(
    ("model", "address"),
    [(Topic, "/topic/harbours/"), (Contributor, "/by/ada-weil/"), (Source, "/source/reuters/")],
)
def test_list_shows_the_new_name_of_its_thing(client: Client, model: Any, address: str) -> None:
    story()
    assert "Somebody else" not in client.get(address).text
    model.objects.update(name="Somebody else")
    assert "Somebody else" in client.get(address).text


def test_what_follows_from_steps_is_on_all_pages_at_the_next_request(client: Client) -> None:
    shown = story()
    addresses = pages(shown)
    for address in addresses:
        client.get(address)
    publish(change(shown.article, headline="Ferry is safe"))
    assert all("Ferry is safe" in client.get(address).text for address in addresses)
    transitions.retract(shown.article, by=publisher(), note="It was not so.")
    assert "It was not so." in client.get(addresses[0]).text
    assert not any("Ferry is safe" in client.get(address).text for address in addresses[1:])


def test_scheduled_story_appears_in_its_second(client: Client) -> None:
    story()
    moment = timezone.now() + HOUR
    schedule(make_article("Ferry raised"), at=moment)
    with time_machine.travel(moment - dt.timedelta(seconds=1), tick=False):
        assert "Ferry raised" not in client.get("/").text
    with time_machine.travel(moment, tick=False):
        assert "Ferry raised" in client.get("/").text


def test_photo_leaves_when_its_rights_end_though_its_row_stays(client: Client) -> None:
    end = timezone.now() + HOUR
    url = story().get_absolute_url()
    Photo.objects.update(usable_until=end)
    with time_machine.travel(end - dt.timedelta(seconds=1), tick=False):
        assert "r/1.jpg" in client.get(url).text
    with time_machine.travel(end, tick=False):
        assert "r/1.jpg" not in client.get(url).text


def test_page_carries_the_day_it_is_asked_for(client: Client, made: list[str]) -> None:
    story()
    with time_machine.travel(NOON.replace(year=2040), tick=False) as clock:
        for day in ("1 March 2040", "1 March 2040", "2 March 2040"):
            assert day in re.sub(r"\s+", " ", client.get("/").text)
            clock.shift(dt.timedelta(hours=8))
    assert made == ["/", "/"]


def test_page_is_not_given_out_for_a_moment_before_it_was_made(
    client: Client, made: list[str]
) -> None:
    story()
    for at in (NOON.replace(year=2040) + HOUR, NOON.replace(year=2040)):
        with time_machine.travel(at, tick=False):
            client.get("/")
    assert made == ["/", "/"]


def test_new_related_story_stands_under_a_page_that_was_written(client: Client) -> None:
    url = story().get_absolute_url()
    assert "Pilots strike" not in client.get(url).text
    make_publication(make_article("Pilots strike", parts=(TEXT,)), at=NOON - 300 * 24 * HOUR)
    assert "Pilots strike" in client.get(url).text


def test_story_that_shares_nothing_leaves_a_page_as_it_was_written(
    client: Client, made: list[str]
) -> None:
    url = story().get_absolute_url()
    food = make_section("Food")
    make_publication(make_article("Pilots strike", parts=(TEXT,)), at=NOON - 300 * 24 * HOUR)
    client.get(url)
    cheese = make_article("Cheese", section=food, parts=("A dairy in Torvik won.",))
    make_publication(cheese, at=NOON)
    text = client.get(url).text
    assert ("Pilots strike" in text, "Cheese" in text, made) == (True, False, [url])


def test_pin_leaves_when_it_ends(client: Client) -> None:
    other = make_publication(
        make_article("Goat cheese", section=make_section("Food"), parts=("A dairy won.",)), at=NOON
    )
    end = timezone.now() + HOUR
    article = story().article
    RelatedLink.objects.create(
        article=article, related=other.article, pinned_until=end, kind=RelatedKind.EARLIER
    )
    url = publish(change(article, kicker="Sea")).get_absolute_url()
    for _ in range(2):
        with time_machine.travel(end - dt.timedelta(seconds=1), tick=False):
            assert "Goat cheese" in client.get(url).text
    with time_machine.travel(end, tick=False):
        assert "Goat cheese" not in client.get(url).text


def test_correction_of_a_story_is_told_in_its_feed_entry(client: Client) -> None:
    article = story().article
    client.get("/feed/")
    kind = PublicationKind.CORRECTION
    publish(change(article, headline="Ferry aground"), kind=kind, note="It did not sink.")
    assert "It did not sink." in client.get("/feed/").text


def test_changed_page_asks_no_question_twice(client: Client) -> None:
    story()
    with CaptureQueriesContext(connection) as first:
        client.get("/")
    Section.objects.update(name="Abroad")
    with CaptureQueriesContext(connection) as second:
        assert "Abroad" in client.get("/").text
    assert len(second) == len(first)


@pytest.mark.parametrize("address", ["/?a=b", "/world/?before=x", "/as-of/2026-03-02T00:00:00Z/"])
def test_page_of_a_moment_or_a_query_is_made_each_time(
    client: Client, made: list[str], address: str
) -> None:
    story()
    assert client.get(address).content == client.get(address).content
    assert len(made) == 2


def test_page_that_asks_anything_else_is_not_kept() -> None:
    at = timezone.now()
    query = Prepared(lambda at: Publication.objects.listed(at))
    with readings.reading(at, {}) as whole:
        query(at)
    with readings.reading(at, {}) as other:
        query(at)
        Publication.objects.count()
    with readings.reading(at, {}) as elsewhen:
        query(at - HOUR)
    assert [whole.is_whole, other.is_whole, elsewhen.is_whole] == [True, False, False]


def test_question_that_is_asked_twice_is_answered_once() -> None:
    at = timezone.now()
    query = Prepared(lambda at, keys: Publication.objects.listed(at).filter(pk__in=keys))
    with readings.reading(at, {}), CaptureQueriesContext(connection) as queries:
        assert query(at, [1, 2]) == query(at, [1, 2]) == []
        query(at, [1, 3])
    assert len(queries) == 2


def test_answers_count_as_what_they_take_of_memory() -> None:
    text = "harbour " * 100
    numbers, texts = Reading(timezone.now(), {}), Reading(timezone.now(), {})
    numbers.asked.append((lambda at, known: [], [(number,) for number in range(1000)]))
    texts.asked.append((lambda at, known: [], [(text, 1), (None, [{"name": text}])]))
    assert numbers.size() > 1000 * (getsizeof((1,)) + getsizeof(1))
    assert 0 < texts.size() - 2 * getsizeof(text) < 1000


def test_only_so_much_is_kept_and_what_was_asked_for_last() -> None:
    at = timezone.now()
    page = Written(Reading(at, {}), at + HOUR, b"x" * 300, (), "", frozenset(), True, None)
    kept = Pages(most=4 * page.size() + 1)
    for name in "abcd":
        kept.put(name, page)
    assert kept.get("a", at, {})
    kept.put("e", page)
    assert [name for name in "abcde" if kept.get(name, at, {})] == ["a", "c", "d", "e"]
    kept.put("f", Written(Reading(at, {}), at, b"x" * 400, (), "", frozenset(), True, None))
    assert kept.get("f", at, {}) is None


def test_options_of_a_list_are_answered(client: Client) -> None:
    story()
    assert client.options("/world/").headers["Allow"] == "GET, HEAD, OPTIONS"
