"""The page cache on Redis: shared by processes, right without it, and right when it fails."""

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from pytest_django import Settings

from articles import generations
from articles.generations import Mirror
from articles.public.page_cache import PageCache, entries
from articles.redis_link import DownError, Link
from tests.factories import change, make_article, make_publication, publish
from tests.wsgi import Numbers, ask, databases_closed

pytestmark = pytest.mark.skipif(
    not django_settings.CACHES["default"]["BACKEND"].endswith("RedisCache"),
    reason="CACHE_URL names no Redis",
)

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def cleaned() -> Iterator[None]:
    with databases_closed():
        yield
    link = generations.link()
    if link is not None and not link.is_down:
        for key in link.call("KEYS", f"{link.prefix}*"):
            link.call("DEL", key)


@pytest.mark.django_db
def test_process_may_reconnect_as_often_as_it_must() -> None:
    link = Link(django_settings.CACHES["default"]["LOCATION"], "reconnects:")
    for _ in range(300):
        assert link.call("PING") == b"PONG"
        link.close()


def process(view: Callable[[], HttpResponse], numbers: Any) -> tuple[PageCache, list[str]]:
    """Return one process of a site of one view; ``numbers`` are all processes' versions."""
    asked: list[str] = []

    def plain(environ: dict[str, Any], start: Any) -> HttpResponse:
        asked.append(WSGIRequest(environ).path)
        response = view()
        start(f"{response.status_code} X", list(response.items()))
        return response

    cached: Any = PageCache(plain)
    cached.versions.database = numbers
    return cached, asked


def page(text: str = "page") -> HttpResponse:
    response = HttpResponse(text, headers={"Cache-Control": "public", "Cache-Tag": "front,site"})
    response.fresh_until = timezone.now() + dt.timedelta(hours=1)  # type: ignore[attr-defined]
    return response


def other_side() -> Mirror:
    """Return the mirror as another process has it, with a connection of its own."""
    mine = generations.mirror()
    assert mine is not None
    return Mirror(Link(mine.link.url, mine.link.prefix))


def test_page_made_by_one_process_is_kept_for_all() -> None:
    numbers = Numbers()
    (first, made), (second, remade) = process(page, numbers), process(page, numbers)
    ask(first)
    assert ask(second).cache == "hit"
    assert (len(made), len(remade)) == (1, 0)


def test_version_and_page_come_in_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = Numbers()
    (first, _), (second, _) = process(page, numbers), process(page, numbers)
    ask(first)
    asked: list[str] = []
    call = Link.call

    def noted(link: Link, *command: Any) -> Any:
        asked.append(command[0])
        return call(link, *command)

    monkeypatch.setattr(Link, "call", noted)
    ask(second)
    ask(second)
    assert asked == ["MGET", "GET"]


def test_mirrored_version_saves_the_question_to_the_database() -> None:
    numbers = Numbers()
    cached, _ = process(page, numbers)
    ask(cached)
    numbers.is_down = True
    assert "Warning" not in ask(cached).headers


def test_mirror_is_on_a_lease() -> None:
    numbers = Numbers()
    cached, _ = process(page, numbers)
    ask(cached)
    numbers.bump("front")  # by somebody who could not reach Redis
    assert ask(cached).cache == "hit"
    time.sleep(generations.LEASE / 1000 + 0.05)
    assert ask(cached).cache == "miss"


@pytest.mark.django_db(transaction=True)
def test_publishing_is_seen_at_once_by_every_process() -> None:
    story = make_article("Ferry aground")
    publish(story)
    processes = [PageCache(WSGIHandler()) for _ in range(2)]
    for cached in processes:
        assert "Ferry aground" in ask(cached).text
    publish(change(story, headline="Ferry afloat"), kind="update")
    for cached in processes:
        assert "Ferry afloat" in ask(cached).text


@pytest.mark.django_db(transaction=True)
def test_nobody_mirrors_a_version_while_a_change_is_under_way() -> None:
    other = other_side()
    with transaction.atomic():
        version = generations.bump({"front"})
        other.fill(version - 1, other.now())
        assert other.link.call("GET", other.keys[0]) is None
    assert int(other.link.call("GET", other.keys[0])) == version


@pytest.mark.django_db(transaction=True)
def test_older_version_is_never_mirrored_over_a_newer_one() -> None:
    other, version = other_side(), generations.bump({"front"})
    other.fill(version - 1, other.now())
    assert int(other.link.call("GET", other.keys[0])) == version


def test_version_read_too_long_ago_is_not_mirrored() -> None:
    other = other_side()
    other.fill(5, other.now() - 1_000_000)
    assert other.link.call("GET", other.keys[0]) is None


@pytest.mark.django_db(transaction=True)
def test_publisher_who_can_not_take_the_mirror_away_waits_until_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = other_side()
    old = generations.bump({"front"})
    other.fill(old, other.now())

    def fail(self: Any, *command: Any) -> Any:
        raise DownError

    with monkeypatch.context() as patch:
        patch.setattr(Link, "call", fail)
        new = generations.bump({"front"})
    assert new > old
    assert other.link.call("GET", other.keys[0]) is None


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_to_a_server_that_hung_is_not_mirrored_when_it_wakes() -> None:
    other, script = other_side(), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(other.link, "call", lambda *command: script.append(command))
        other.fill(5, other_side().now())
    time.sleep(generations.SETTING / 1000 + 0.05)
    other.link.call(*script[0])
    assert other.link.call("GET", other.keys[0]) is None


@pytest.mark.django_db(transaction=True)
def test_change_is_known_to_who_can_not_ask_the_database() -> None:
    cached, _ = process(page, numbers := Numbers())
    ask(cached)
    generations.bump({"front"})
    numbers.is_down = True
    time.sleep(generations.LEASE / 1000 + 0.05)
    assert ask(cached).status == 503


@pytest.mark.django_db(transaction=True)
def test_publisher_who_dies_after_the_commit_leaves_no_old_mirror() -> None:
    other = other_side()
    old = generations.bump({"front"})
    other.fill(old, other.now())
    other.announce(old + 1)  # and then nothing more
    other.fill(old, other.now())
    assert other.link.call("GET", other.keys[0]) is None


@pytest.mark.django_db(transaction=True)
def test_site_works_without_redis(settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}
    story = make_article("Ferry aground")
    publish(story)
    cached = PageCache(WSGIHandler())
    ask(cached)
    assert ask(cached).cache == "hit"
    publish(change(story, headline="Ferry afloat"), kind="update")
    assert "Ferry afloat" in ask(cached).text


def test_redis_that_is_gone_costs_next_to_nothing() -> None:
    link = Link(NOWHERE, "x:")
    with pytest.raises(DownError):
        link.call("GET", "a")
    began = time.perf_counter()
    for _ in range(100):
        with pytest.raises(DownError):
            link.call("GET", "a")
    assert time.perf_counter() - began < 0.1


def test_redis_that_comes_back_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    link = other_side().link
    monkeypatch.setattr("articles.redis_link._PAUSE", 0.05)
    link._connection().disconnect()
    monkeypatch.setattr(link, "url", NOWHERE)
    link.close()
    with pytest.raises(DownError):
        link.call("PING")
    monkeypatch.undo()
    time.sleep(0.1)
    assert link.call("PING") in (b"PONG", "PONG")


def test_emptied_redis_makes_nothing_true_that_was_stale() -> None:
    numbers = Numbers()
    cached, _ = process(page, numbers)
    ask(cached)
    numbers.bump("front")
    link = generations.link()
    assert link is not None
    for key in link.call("KEYS", f"{link.prefix}*"):
        link.call("DEL", key)
    assert ask(cached).cache == "miss"


def test_what_somebody_else_wrote_under_a_key_is_not_given_out() -> None:
    numbers = Numbers()
    cached, asked = process(page, numbers)
    assert cached.shared is not None
    cached.shared.link.call("SET", cached.shared.name("http://testserver/"), b"\x80\x04evil")
    assert ask(cached).text == "page"
    assert len(asked) == 1


def test_one_of_two_processes_renders() -> None:
    numbers, begun, go = Numbers(), threading.Event(), threading.Event()

    def slow() -> HttpResponse:
        begun.set()
        go.wait(5)
        return page("made once")

    (first, made), (second, remade) = process(slow, numbers), process(slow, numbers)
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda site=site: answers.append(ask(site).text))
        for site in (first, second)
    ]
    threads[0].start()
    begun.wait(5)
    threads[1].start()
    time.sleep(0.1)
    go.set()
    for thread in threads:
        thread.join()
    assert answers == ["made once"] * 2
    assert (len(made), len(remade)) == (1, 0)


def test_pages_of_another_release_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = Numbers()
    first, _ = process(page, numbers)
    ask(first)
    monkeypatch.setattr("articles.public.page_cache.application.release", lambda: "newer")
    second, _ = process(page, numbers)
    assert ask(second).cache == "miss"


def test_entry_in_redis_ends_with_its_page() -> None:
    cached, _ = process(page, Numbers())
    ask(cached)
    assert cached.shared is not None
    left = cached.shared.link.call("TTL", cached.shared.name("http://testserver/"))
    assert 3500 < left <= 3600


def test_entries_are_bytes_and_numbers_only() -> None:
    raw = entries.make(page(), made=7, now=timezone.now()).to_bytes()
    assert b"pickle" not in raw
    assert raw.startswith(b"\x00")
    assert os.environ.get("CACHE_URL", "") != ""


@pytest.mark.django_db(transaction=True)
def test_readers_of_two_processes_never_see_less_than_was_published() -> None:
    """One thread publishes; two read all the time: what was answered for is what they see."""
    story = make_article("Headline 0")
    make_publication(story)
    done, stop, wrong = [0], threading.Event(), []

    def read(site: PageCache) -> None:
        from django.db import connection

        while not stop.is_set():
            published = done[0]
            text = ask(site).text
            shown = max((n for n in range(12) if f"Headline {n}<" in text), default=-1)
            if shown < published:
                wrong.append((published, shown))
        site.versions.database.close()
        connection.close()

    threads = [threading.Thread(target=read, args=(PageCache(WSGIHandler()),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        publish(change(story, headline=f"Headline {number}"), kind="update")
        done[0] = number
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
