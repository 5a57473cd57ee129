"""How the newsroom works, with figures that are counted and bounded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.choices import SourceKind
from articles.public import standards
from tests.factories import change, make_article, make_publication, make_source, publish

pytestmark = pytest.mark.django_db

T0 = dt.datetime(2040, 5, 6, 9, 0, tzinfo=dt.UTC)


def correct_after(clock: Any, hours: float) -> None:
    publication = make_publication()
    clock.shift(dt.timedelta(hours=hours))
    article = change(publication.article, headline=f"{publication.headline} again")
    publish(article, kind="correction", note="Ten boats sank.")


def test_page_is_there_without_any_story(client: Client) -> None:
    response = client.get("/standards/")
    assert response.status_code == 200
    assert "How we work" in response.text


def test_corrections_of_the_last_ninety_days_are_counted() -> None:
    with time_machine.travel(T0, tick=False) as clock:
        correct_after(clock, 1)
        clock.shift(dt.timedelta(days=91))
        correct_after(clock, 1)
        correct_after(clock, 1)
        clock.shift(60)
        assert standards.figures(timezone.now()).corrections == 2


def test_time_to_correct_is_the_median() -> None:
    with time_machine.travel(T0, tick=False) as clock:
        for hours in (1, 2, 30):
            correct_after(clock, hours)
        clock.shift(60)
        found = standards.figures(timezone.now())
    assert (found.hours, found.corrected, found.days) == (2.0, 3, None)


def test_share_of_stories_with_a_named_source_leaves_agencies_out() -> None:
    with time_machine.travel(T0, tick=False) as clock:
        for kind in (SourceKind.PERSON, SourceKind.AGENCY, SourceKind.DOCUMENT):
            make_publication(make_article(sources=(make_source(kind=kind),)))
        make_publication()
        clock.shift(60)
        found = standards.figures(timezone.now())
    assert (found.stories, found.named, found.named_percent) == (4, 2, 50)


def test_figures_are_counted_once_a_minute(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with time_machine.travel(T0, tick=False) as clock:
        make_publication()
        clock.shift(60)
        standards.figures(timezone.now())
        with django_assert_num_queries(0):
            standards.figures(timezone.now())
        clock.shift(60)
        with django_assert_max_num_queries(7):
            standards.figures(timezone.now())


def test_figures_of_the_past_are_those_of_the_past(client: Client) -> None:
    with time_machine.travel(T0, tick=False) as clock:
        clock.shift(60)
        before = timezone.now()
        correct_after(clock, 1)
        clock.shift(60)
        assert standards.figures(before).corrections == 0
        assert standards.figures(timezone.now()).corrections == 1
