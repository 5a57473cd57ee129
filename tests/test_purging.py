"""Caches in front of the site are told what to forget."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from articles import purging, touching
from articles.workflow import transitions
from articles.workflow.photos import kill_photo
from tests.factories import (
    make_article,
    make_photo,
    make_publication,
    make_section,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)


class Edge:
    """A cache that notes what it is told; ``answers`` are the statuses it gives, then 200."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: list[int] = []
        edge = self

        class Handler(BaseHTTPRequestHandler):
            def _note(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                edge.asked.append(
                    {"method": self.command, "path": self.path, "body": body, **self.headers}
                )
                self.send_response(edge.answers.pop(0) if edge.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PURGE = do_POST = do_GET = _note  # noqa: N815 - the server looks for these names

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def edge() -> Iterator[Edge]:
    found = Edge()
    yield found
    found.stop()


@pytest.fixture
def by_tag(edge: Edge, settings: Settings) -> Edge:
    settings.NEWSROOM_PURGE, settings.NEWSROOM_PURGE_URLS = "tags", [edge.address]
    return edge


def tags(edge: Edge, name: str = "Xkey-Softpurge") -> set[str]:
    return {tag for told in edge.asked for tag in told.get(name, "").split()}


@pytest.mark.django_db
def test_publishing_forgets_every_list_the_story_stands_in(
    by_tag: Edge, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    section = make_section("Harbours", parent=make_section("World"))
    story = make_article(section=section, topics=(make_topic("Ferries"),))
    with django_capture_on_commit_callbacks(execute=True):
        publish(story)
    wanted = {"front", "section:world", "section:world/harbours", "topic:ferries"}
    assert wanted | {f"article:{story.uuid}"} <= tags(by_tag)
    assert {told["method"] for told in by_tag.asked} == {"PURGE"}
    assert {told["Host"] for told in by_tag.asked} == {"news.example"}


@pytest.mark.django_db
def test_nothing_is_sent_for_what_is_rolled_back(by_tag: Edge) -> None:
    story = make_article()
    with transaction.atomic():
        publish(story)
        transaction.set_rollback(True)
    assert by_tag.asked == []


@pytest.mark.django_db
def test_nothing_is_sent_for_what_readers_do_not_see(
    by_tag: Edge, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    story = make_article()
    with django_capture_on_commit_callbacks(execute=True):
        transitions.submit(story, by=publisher())
    assert by_tag.asked == []


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["retract", "kill"])
def test_retraction_and_kill_are_hard(
    act: str, by_tag: Edge, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    story = make_article()
    make_publication(story)
    with django_capture_on_commit_callbacks(execute=True):
        if act == "retract":
            transitions.retract(story, by=publisher(), note="It was wrong.")
        else:
            transitions.request_kill(story, by=make_user(), reason="Law.")
            story.refresh_from_db()
            transitions.kill(story, by=publisher(), reason="Law.")
    assert f"article:{story.uuid}" in tags(by_tag, "Xkey-Purge")
    assert tags(by_tag, "Xkey-Softpurge") == set()


@pytest.mark.django_db
def test_killed_photo_is_forgotten_hard_wherever_it_stands(
    by_tag: Edge, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    photo = make_photo()
    story = make_article(parts=("Words.", photo))
    make_publication(story)
    with django_capture_on_commit_callbacks(execute=True):
        kill_photo(photo, by=publisher(), reason="Law.")
    assert {f"photo:{photo.uuid}", f"article:{story.uuid}"} <= tags(by_tag, "Xkey-Purge")


@pytest.mark.django_db
def test_addresses_are_sent_to_a_cache_that_knows_no_tags(
    edge: Edge,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.NEWSROOM_PURGE, settings.NEWSROOM_PURGE_URLS = "urls", [edge.address]
    story = make_article(section=make_section("World"))
    with django_capture_on_commit_callbacks(execute=True):
        publication = publish(story)
    paths = {told["path"] for told in edge.asked}
    assert {"/", "/feed/", "/world/", "/world/feed/", publication.get_absolute_url()} <= paths
    assert {(told["method"], told["X-Purge"]) for told in edge.asked} == {("GET", "1")}


@pytest.mark.django_db
def test_scheduled_story_is_in_no_cache_yet(
    by_tag: Edge, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    story, at = make_article(), timezone.now() + dt.timedelta(hours=1)
    with django_capture_on_commit_callbacks(execute=True):
        schedule(story, at=at)
    assert by_tag.asked == []


def test_interface_of_a_cdn_is_posted_to_with_its_own_words(edge: Edge, settings: Settings) -> None:
    settings.NEWSROOM_PURGE = "api"
    settings.NEWSROOM_PURGE_URLS = [f"{edge.address}/zones/1/purge?x=1"]
    settings.NEWSROOM_PURGE_HEADERS = ["Authorization: Bearer abc", "Surrogate-Key: $keys"]
    settings.NEWSROOM_PURGE_BODY = '{"tags": $tags, "files": $urls, "soft": $soft}'
    purging.purge({"b", 'a"quoted'}, ["/world/"], hard=False)
    told = edge.asked[0]
    assert (told["method"], told["path"]) == ("POST", "/zones/1/purge?x=1")
    assert told["Authorization"] == "Bearer abc"
    assert json.loads(told["body"]) == {
        "tags": ['a"quoted', "b"],
        "files": ["https://news.example/world/"],
        "soft": 1,
    }


def test_failed_purge_is_tried_again(by_tag: Edge) -> None:
    by_tag.answers = [503]
    purging.purge({"front"}, [])
    assert len(by_tag.asked) == 2


def test_tries_are_bounded_and_the_last_failure_is_told(
    by_tag: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    by_tag.answers = [503] * 10
    purging.purge({"front"}, [])
    assert len(by_tag.asked) == 2
    assert any("not purged after 2 tries" in line.message for line in caplog.records)


@pytest.mark.django_db
def test_publishing_succeeds_though_no_cache_answers(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.NEWSROOM_PURGE, settings.NEWSROOM_PURGE_URLS = "tags", ["http://127.0.0.1:1"]
    with django_capture_on_commit_callbacks(execute=True):
        assert publish(make_article()).pk


def test_one_cache_that_fails_keeps_no_other_from_its_purge(
    by_tag: Edge, settings: Settings
) -> None:
    settings.NEWSROOM_PURGE_URLS = ["http://127.0.0.1:1", by_tag.address]
    purging.purge({"front"}, [])
    assert tags(by_tag) == {"front"}


def test_many_tags_go_in_several_requests(by_tag: Edge) -> None:
    purging.purge({f"article:{n}" for n in range(250)}, [])
    assert len(by_tag.asked) == 3
    assert len(tags(by_tag)) == 250


def test_without_a_cache_in_front_nothing_is_queued(settings: Settings) -> None:
    assert purging.backend() is None
    purging.purge({"front"}, ["/"])


@pytest.mark.django_db
def test_worker_tries_again_later(by_tag: Edge, settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    from django_tasks_db.models import DBTaskResult

    by_tag.answers = [503]
    purging.send.call(["front"], [], True, 1)
    waiting = DBTaskResult.objects.get()
    assert waiting.args_kwargs["args"] == [["front"], [], True, 2]
    assert waiting.run_after > timezone.now()


@pytest.mark.django_db
def test_addresses_of_a_story_are_each_named_once() -> None:
    publication = make_publication(make_article(section=make_section("World")))
    found = touching.addresses([publication, publication])
    assert len(found) == len(set(found))
