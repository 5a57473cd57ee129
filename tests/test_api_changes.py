"""What changed: a mirror that follows the addresses it is given holds what readers can read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.models import Article, Publication
from articles.public.api import changes
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_user,
    publisher,
    schedule,
)
from tests.trade import publish_at

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
START = "/api/v1/changes/"


class Mirror:
    """A republisher: keeps what it is told under its uri, and the address it goes on from."""

    def __init__(self, client: Client, limit: int = 20) -> None:
        self.client = client
        self.address = f"{START}?limit={limit}"
        self.texts: dict[str, str] = {}
        self.told: list[str] = []

    def read(self, at: dt.datetime, pages: int = 100) -> list[str]:
        """Read on until nothing is left, and return the headlines that came, in their order."""
        before = len(self.told)
        with time_machine.travel(at, tick=False):
            for _ in range(pages):
                answer = self.client.get(self.address).json()
                for item in answer["items"]:
                    self._take(item)
                self.address = answer["next"].removeprefix("https://news.example")
                if not answer["more"]:
                    break
        return self.told[before:]

    def _take(self, item: dict[str, Any]) -> None:
        if item["pubStatus"] == "canceled":
            self.texts.pop(item["uri"], None)
            self.told.append(f"canceled {item['version']}")
        else:
            headline = item["headlines"][0]["value"]
            self.texts[item["uri"]] = headline
            self.told.append(headline)


@pytest.fixture
def mirror(client: Client) -> Mirror:
    return Mirror(client)


def story(headline: str, moment: dt.datetime = NOON) -> Article:
    return publish_at(make_article(headline), moment).article


def retract(article: Article, moment: dt.datetime) -> None:
    article.refresh_from_db()
    with time_machine.travel(moment, tick=False):
        transitions.retract(article, by=publisher(), note="Untrue.")


def kill(article: Article, moment: dt.datetime) -> None:
    article.refresh_from_db()
    with time_machine.travel(moment, tick=False):
        transitions.request_kill(article, by=publisher(), reason="Court order.")
        article.refresh_from_db()
        transitions.kill(article, by=make_user(), reason="Court order.")


def test_all_that_is_public_comes_once_in_the_order_of_its_last_change(mirror: Mirror) -> None:
    one, two = story("One"), story("Two", NOON + MINUTE)
    publish_at(change(one, headline="One, again"), NOON + 2 * MINUTE, kind="update", note="More.")
    assert mirror.read(NOON + HOUR) == ["Two", "One, again"]
    assert mirror.texts == {
        f"urn:newsroom:{two.uuid}": "Two",
        f"urn:newsroom:{one.uuid}": "One, again",
    }


def test_asked_again_only_what_changed_since_comes(mirror: Mirror) -> None:
    one = story("One")
    mirror.read(NOON + HOUR)
    address = mirror.address
    assert mirror.read(NOON + 2 * HOUR) == []
    assert mirror.address == address
    publish_at(change(one, headline="One, again"), NOON + 3 * HOUR, kind="update", note="More.")
    assert mirror.read(NOON + 3 * HOUR) == ["One, again"]


def test_withdrawals_come_as_canceled_and_leave_the_mirror_empty(mirror: Mirror) -> None:
    one, two = story("One"), story("Two", NOON + MINUTE)
    mirror.read(NOON + HOUR)
    retract(one, NOON + 2 * HOUR)
    kill(two, NOON + 3 * HOUR)
    assert mirror.read(NOON + 4 * HOUR) == ["canceled 2", "canceled 2"]
    assert mirror.texts == {}


def test_first_reader_never_sees_words_that_were_withdrawn_before(mirror: Mirror) -> None:
    killed, retracted = story("Quicksilver one"), story("Quicksilver two")
    kill(killed, NOON + MINUTE)
    retract(retracted, NOON + MINUTE)
    with time_machine.travel(NOON + HOUR, tick=False):
        answer = mirror.client.get(START).content.decode()
    assert "Quicksilver" not in answer
    assert answer.count('"pubStatus":"canceled"') == 2


def test_scheduled_story_comes_in_its_second_although_it_was_written_first(mirror: Mirror) -> None:
    with time_machine.travel(NOON, tick=False):
        schedule(make_article("Scheduled"), at=NOON + HOUR)
    story("Later", NOON + MINUTE)
    assert mirror.read(NOON + HOUR - dt.timedelta(seconds=1)) == ["Later"]
    assert mirror.read(NOON + HOUR) == ["Scheduled"]
    assert mirror.read(NOON + HOUR + MINUTE) == []


def test_scheduled_update_comes_when_it_is_live_and_the_old_text_until_then(
    mirror: Mirror,
) -> None:
    article = story("Old")
    with time_machine.travel(NOON + MINUTE, tick=False):
        schedule(change(article, headline="New"), at=NOON + HOUR, kind="update", note="More.")
    assert mirror.read(NOON + 2 * MINUTE) == ["Old"]
    assert mirror.read(NOON + HOUR) == ["New"]


def test_schedule_that_is_called_off_never_comes(mirror: Mirror) -> None:
    with time_machine.travel(NOON, tick=False):
        article = schedule(make_article("Called off"), at=NOON + HOUR).article
        article.refresh_from_db()
        transitions.unschedule(article, by=publisher())
    assert mirror.read(NOON + 2 * HOUR) == []


def test_retraction_that_is_dated_back_still_comes(mirror: Mirror) -> None:
    article = story("One")
    mirror.read(NOON + HOUR)
    article.refresh_from_db()
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        transitions.retract(article, by=publisher(), note="Untrue.", at=NOON + MINUTE)
        assert mirror.read(NOON + 2 * HOUR) == ["canceled 2"]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_stories_of_one_instant_come_once_each_whatever_the_page_size(
    client: Client, limit: int
) -> None:
    names = [f"Story {number}" for number in range(7)]
    for name in names:
        story(name)
    mirror = Mirror(client, limit)
    assert mirror.read(NOON) == names
    assert mirror.read(NOON + HOUR) == []


def write_late(article: Article, moment: dt.datetime) -> None:
    """Publish as a program does whose clock read ``moment`` but that ended only now."""
    publish_at(article, moment)


@pytest.mark.parametrize("limit", [1, 2, 20])
def test_what_was_begun_before_but_written_after_a_page_is_not_lost(
    client: Client, limit: int
) -> None:
    mirror = Mirror(client, limit)
    for second in (10, 20, 30):
        story(f"At {second}", NOON + dt.timedelta(seconds=second))
    assert mirror.read(NOON + dt.timedelta(seconds=31)) == ["At 10", "At 20", "At 30"]
    write_late(make_article("At 15"), NOON + dt.timedelta(seconds=15))
    write_late(make_article("At 25"), NOON + dt.timedelta(seconds=25))
    assert mirror.read(NOON + dt.timedelta(seconds=40)) == ["At 15", "At 25"]
    assert mirror.read(NOON + HOUR) == []


def test_many_changes_at_once_wait_rather_than_get_lost(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "_MOST_NAMED", 3)
    names = [f"Story {number}" for number in range(5)]
    for name in names:
        story(name)
    mirror = Mirror(client)
    assert mirror.read(NOON) == names[:3]
    assert mirror.read(NOON + changes.SETTLED) == names[3:]


def test_update_while_somebody_reads_is_not_missed(client: Client) -> None:
    articles = [story(f"Story {number}", NOON + number * MINUTE) for number in range(4)]
    mirror = Mirror(client, limit=1)
    assert mirror.read(NOON + HOUR, pages=1) == ["Story 0"]
    update = {"kind": "update", "note": "More."}
    publish_at(change(articles[0], headline="New 0"), NOON + HOUR, **update)
    publish_at(change(articles[3], headline="New 3"), NOON + HOUR, **update)
    assert mirror.read(NOON + 2 * HOUR) == ["Story 1", "Story 2", "New 0", "New 3"]


def test_since_leaves_out_what_changed_before(client: Client) -> None:
    story("One")
    story("Two", NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        items = client.get(START, {"since": "2026-07-04T13:00:00Z"}).json()["items"]
        none = client.get(START, {"since": "2026-07-04T13:00:01Z"}).json()["items"]
    assert [item["headlines"][0]["value"] for item in items] == ["Two"]
    assert none == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-04T13:00:00Z",
        "2026-07-04t13:00:00.000z",
        "2026-07-04T15:00:00+02:00",
        "2026-07-04T15:00:00 02:00",
        "2026-07-04T08:30:00-04:30",
    ],
)
def test_since_takes_every_way_to_write_a_time_with_its_zone(client: Client, text: str) -> None:
    story("One", NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        assert len(client.get(START, {"since": text}).json()["items"]) == 1


def test_archived_story_stays_in_the_mirror(mirror: Mirror) -> None:
    article = story("One")
    article.refresh_from_db()
    with time_machine.travel(NOON + MINUTE, tick=False):
        transitions.archive(article, by=publisher())
    assert mirror.read(NOON + HOUR) == ["One"]


def test_since_at_the_list_of_articles_leads_to_the_changes(client: Client) -> None:
    answer = client.get("/api/v1/articles/", {"since": "2026-07-04T13:00:00Z", "limit": "5"})
    assert answer.status_code == 302
    assert answer["Location"] == (
        "https://news.example/api/v1/changes/?since=2026-07-04T13%3A00%3A00Z&limit=5"
    )
    refused = client.get("/api/v1/articles/", {"since": "2026-07-04T13:00:00Z", "topic": "x"})
    assert refused.status_code == 400
    assert refused.json()["parameters"] == [
        {"name": "topic", "detail": "Can't stand beside since."}
    ]


def test_mirror_of_random_acts_equals_what_readers_can_read(client: Client) -> None:
    """Read between all acts, in pages of two; at the end both know the same headlines."""
    mirror = Mirror(client, limit=2)
    articles = [story(f"Story {number}", NOON) for number in range(4)]
    at = NOON
    acts = [
        lambda moment: publish_at(
            change(articles[0], headline="New 0"), moment, kind="update", note="More."
        ),
        lambda moment: retract(articles[1], moment),
        lambda moment: kill(articles[2], moment),
        lambda moment: story("Story 4", moment),
        lambda moment: publish_at(
            change(articles[3], headline="New 3"), moment, kind="correction", note="Wrong."
        ),
    ]
    for act in acts:
        mirror.read(at)
        at += dt.timedelta(seconds=20)
        act(at)
    mirror.read(at)
    live = Publication.objects.public(at).exclude(kind__in=("retraction", "kill"))
    assert sorted(mirror.texts.values()) == sorted(live.values_list("headline", flat=True))
