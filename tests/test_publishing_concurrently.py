"""Several people at once: one wins, the others are told, and no two publications overlap."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from articles.exceptions import WorkflowError
from articles.models import Approval, Article, Event, Publication
from articles.workflow import transitions
from articles.workflow.verify import verify
from tests.factories import (
    approve,
    change,
    make_article,
    make_publication,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; return results or the errors raised."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[number] = call()
        except WorkflowError as refusal:
            results[number] = refusal
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def overlaps(article: Article) -> list[tuple[int, int]]:
    rows = list(article.publications.all())
    end = dt.datetime.max.replace(tzinfo=dt.UTC)
    return [
        (one.number, two.number)
        for one in rows
        for two in rows
        if one.number < two.number
        and max(one.live_from, two.live_from) < min(one.live_until or end, two.live_until or end)
    ]


@pytest.mark.parametrize("round_", range(5))
def test_of_publishers_at_once_one_wins_and_the_others_are_told(round_: int) -> None:
    article, user = approve(make_article()), make_user()
    results = at_once(*[lambda: transitions.publish(article, by=user, override="Read twice.")] * 4)
    assert sorted(type(result).__name__ for result in results) == [
        "Publication", "WorkflowError", "WorkflowError", "WorkflowError",
    ]  # fmt: skip
    article.refresh_from_db()
    assert list(verify(article)) == []
    assert Event.objects.filter(article=article, action="publish").count() == 1


@pytest.mark.parametrize("round_", range(5))
def test_edit_against_publish_never_shows_an_unapproved_letter(round_: int) -> None:
    article, user = approve(make_article("Ferry sinks")), make_user()
    at_once(
        lambda: transitions.publish(article, by=user, override="Read twice."),
        lambda: change(article, headline="Ferry raised"),
    )
    for row in article.publications.select_related("revision"):
        assert row.revision.approvals.filter(digest=row.revision.digest).exists()
        assert row.headline == "Ferry sinks"
    assert article.revisions.filter(document__headline="Ferry raised").exists()


@pytest.mark.parametrize("round_", range(5))
def test_approval_against_edit_seals_only_what_was_seen(round_: int) -> None:
    article = make_article("Ferry sinks")
    transitions.submit(article, by=make_user())
    seen, user = article.revisions.get(), make_user()
    at_once(
        lambda: transitions.approve(article, by=user, revision=seen, override="Read twice."),
        lambda: change(article, headline="Ferry raised"),
    )
    article.refresh_from_db()
    assert article.state in ("draft", "in_review")
    assert set(Approval.objects.values_list("revision", flat=True)) <= {seen.pk}


def test_publish_against_schedule_and_retract_keeps_the_chain_whole() -> None:
    article, user = make_article(), make_user()
    make_publication(article, at=timezone.now() - HOUR)
    approve(change(article, headline="Ferry raised"))
    soon = timezone.now() + HOUR
    at_once(
        lambda: transitions.publish(article, by=user, override="Read twice."),
        lambda: transitions.schedule(article, by=user, at=soon, override="Read twice."),
        lambda: transitions.retract(article, by=user, note="Wrong"),
        lambda: transitions.unschedule(article, by=user),
    )
    article.refresh_from_db()
    assert overlaps(article) == []
    assert list(verify(article)) == []


def test_two_stories_after_one_address_give_one_winner() -> None:
    section, user = make_section(), make_user()
    one, two = (make_article("Ferry sinks", section=section) for _ in range(2))
    for article in (one, two):
        approve(article)
    results = at_once(
        lambda: transitions.publish(one, by=user, override="Read twice."),
        lambda: transitions.publish(two, by=user, override="Read twice."),
    )
    assert sorted(type(result).__name__ for result in results) == ["Publication", "WorkflowError"]
    assert Publication.objects.count() == 1
