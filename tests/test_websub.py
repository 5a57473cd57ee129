"""Hubs are told which feeds changed, when readers see it; asked of a hub on this machine."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from articles import tasks, websub
from articles.workflow import transitions
from tests.factories import (
    approve,
    change,
    make_article,
    make_contributor,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

SITE = "https://news.example"


class Hub:
    """A hub that keeps what it is told and answers with ``status``."""

    def __init__(self) -> None:
        self.told: list[dict[str, list[str]]] = []
        self.status = 202
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                hub.told.append(parse_qs(self.rfile.read(size).decode()))
                self.send_response(hub.status)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hub?x=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def feeds(self) -> list[str]:
        """The feeds told of so far; forgets them."""
        found = [url.removeprefix(SITE) for one in self.told for url in one["hub.url"]]
        assert all(one["hub.mode"] == ["publish"] for one in self.told)
        self.told.clear()
        return found


@pytest.fixture
def hub(settings: Settings) -> Iterator[Hub]:
    hub = Hub()
    settings.WEBSUB_HUBS = [hub.url]
    yield hub
    hub.server.shutdown()
    hub.server.server_close()


def later(minutes: float = 1) -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=minutes)


def test_hub_is_told_of_every_feed_the_story_stands_in(
    hub: Hub, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    article = make_article(
        section=make_section("Markets", parent=make_section("Business")),
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )
    approve(article)
    with django_capture_on_commit_callbacks(execute=True):
        publish(article)
    lists = ["/", "/business/", "/business/markets/", "/by/ada-weil/", "/source/reuters/"]
    homes = [*lists, "/topic/harbours/"]
    parts = ["feed/", "feed/atom/", "feed/json/"]
    assert hub.feeds == [f"{home}{part}" for home in homes for part in parts]


def test_nothing_is_told_twice(hub: Hub) -> None:
    make_publication()
    websub.announce()
    assert "/feed/" in hub.feeds
    websub.announce(later())
    assert hub.feeds == []


def test_scheduled_story_is_told_of_once_it_is_live_and_not_before(hub: Hub) -> None:
    websub.announce()
    schedule(make_article(section=make_section("Sport")), at=later(30))
    websub.announce(later(29))
    assert hub.feeds == []
    websub.announce(later(31))
    assert "/sport/feed/atom/" in hub.feeds


def test_schedule_called_off_is_told_to_nobody(hub: Hub) -> None:
    websub.announce()
    publication = schedule(make_article(), at=later(30))
    transitions.unschedule(publication.article, by=publisher())
    websub.announce(later(31))
    assert hub.feeds == []


def test_hub_learns_of_a_story_taken_back_and_of_its_corrections(hub: Hub) -> None:
    publication = make_publication(section=make_section("Sport"))
    websub.announce()
    assert "/corrections/feed/" not in hub.feeds
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    websub.announce(later())
    assert {"/feed/", "/sport/feed/", "/corrections/feed/"} <= set(hub.feeds)


def test_section_a_story_left_is_told_of_too(hub: Hub) -> None:
    article = make_publication(section=make_section("Sport")).article
    websub.announce()
    hub.told.clear()
    publish(change(article, section=make_section("Culture")))
    websub.announce(later())
    assert {"/sport/feed/", "/culture/feed/"} <= set(hub.feeds)


def test_hub_that_refuses_is_told_the_same_again(hub: Hub) -> None:
    make_publication()
    hub.status = 503
    (round_,) = websub.announce()
    assert round_.problem == "HTTP 503"
    first = hub.feeds
    hub.status = 204
    websub.announce(later())
    assert hub.feeds == first


def test_hub_that_is_not_there_stops_no_publication(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.WEBSUB_HUBS = ["http://127.0.0.1:9/"]
    with django_capture_on_commit_callbacks(execute=True):
        assert make_publication().pk


def test_redirect_of_a_hub_is_not_followed(hub: Hub) -> None:
    make_publication()
    hub.status = 302
    assert websub.announce()[0].problem == "HTTP 302"
    assert len(hub.told) == 1


def test_without_hubs_nothing_is_asked(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert websub.announce() == []


def test_cost_does_not_grow_with_what_changed(hub: Hub) -> None:
    make_publication(topics=(make_topic(),))
    websub.announce()
    counts = []
    for size in (1, 5):
        for _ in range(size):
            make_publication(topics=(make_topic(),))
        with CaptureQueriesContext(connection) as asked:
            websub.announce()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_story_committed_after_a_round_had_looked_is_told_of_all_the_same(hub: Hub) -> None:
    publication = make_publication(section=make_section("Sport"))
    websub.announce(later())
    hub.told.clear()
    websub.announce(later(2))
    assert hub.feeds == []
    websub.announce(later(2), also=publication.pk)
    assert "/sport/feed/" in hub.feeds


# Later


class Queue:
    """Stands for a worker's queue: keeps when a task is to run."""

    supports_defer = True

    def __init__(self) -> None:
        self.rows: list[tuple[dt.datetime | None, tuple[Any, ...]]] = []


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()

    class Task:
        def __init__(self, run_after: dt.datetime | None = None) -> None:
            self.run_after = run_after

        def get_backend(self) -> Queue:
            return queue

        def using(self, *, run_after: dt.datetime) -> Task:
            return Task(run_after)

        def enqueue(self, *args: Any) -> None:
            queue.rows.append((self.run_after, args))

    monkeypatch.setattr(tasks, "announce", Task())
    return queue


def test_worker_tells_of_a_scheduled_story_at_its_moment(
    hub: Hub, queue: Queue, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    at = later(30)
    article = approve(make_article())
    with django_capture_on_commit_callbacks(execute=True):
        transitions.schedule(article, by=publisher(), at=at, override="Read twice.")
    assert queue.rows == [(at, ())]


def test_worker_tries_a_few_times_and_then_leaves_it(hub: Hub, queue: Queue) -> None:
    make_publication()
    hub.status = 500
    tell = ORIGINAL.func
    with time_machine.travel(timezone.now(), tick=False):
        for attempt in range(4):
            tell(None, attempt)
        waits = [row[0] - timezone.now() for row in queue.rows if row[0]]
    assert waits == [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30)]
    assert [row[1] for row in queue.rows] == [(None, 1), (None, 2), (None, 3)]


ORIGINAL = tasks.announce


# The command


def test_command_tells_once_and_counts(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    make_publication()
    call_command("announce", "--dry-run")
    assert hub.feeds == []
    call_command("announce")
    assert len(hub.feeds) == 6
    with time_machine.travel(later()):
        call_command("announce")
    assert hub.feeds == []
    counts = [line.split(": ")[-1] for line in capsys.readouterr().out.splitlines()]
    assert counts == ["6 feeds", "6 feeds", "0 feeds"]


def test_command_fails_when_a_hub_was_not_told(hub: Hub) -> None:
    make_publication()
    hub.status = 500
    with pytest.raises(CommandError, match="not told"):
        call_command("announce")
