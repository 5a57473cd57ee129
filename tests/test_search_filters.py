"""The filters that search and the read API share: what each lets through, what each refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import Settings

from articles.models import Publication, Topic
from articles.public.filters import NAMES, StoryFilter
from articles.public.finding import scope_of
from articles.search.backends import backend
from articles.search.query import parse
from tests.factories import (
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


def narrowed(**values: str) -> StoryFilter:
    now = timezone.now()
    query = QueryDict(mutable=True)
    query.update({name.rstrip("_"): value for name, value in values.items()})
    return StoryFilter(query, Publication.objects.listed(now), at=now)


def found(**values: str) -> set[str]:
    filters = narrowed(**values)
    assert filters.is_valid(), filters.errors
    return set(filters.qs.values_list("headline", flat=True))


def dated(headline: str, *moment: int, **values: Any) -> Publication:
    at = dt.datetime(*moment, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
    return make_publication(make_article(headline, originally_published_at=at, **values))


def test_names_are_those_of_addresses() -> None:
    assert tuple(StoryFilter.base_filters) == NAMES


def test_nothing_chosen_lets_all_through() -> None:
    make_publication(headline="One")
    assert found(section="", topic="", from_="", photo="", language="") == {"One"}


def test_section_includes_those_under_it_but_not_its_namesakes() -> None:
    world = make_section("World")
    make_publication(headline="Above", section=world)
    make_publication(headline="Under", section=make_section("Europe", parent=world))
    make_publication(headline="Other", section=make_section("World cup", slug="world-cup"))
    assert found(section="world") == {"Above", "Under"}
    assert found(section="world/europe") == {"Under"}


def test_topic_includes_what_was_merged_into_it_by_either_name() -> None:
    old, new = make_topic("Ports"), make_topic("Harbours")
    make_publication(headline="Old", topics=(old,))
    make_publication(headline="New", topics=(new,))
    Topic.objects.filter(pk=old.pk).update(merged_into=new)
    assert found(topic="harbours") == found(topic="ports") == {"Old", "New"}


def test_contributor_and_source_are_found_by_slug() -> None:
    person, agency = make_contributor("Bo Lind"), make_source("Reuters")
    make_publication(headline="Both", authors=(person,), sources=(agency,))
    make_publication(headline="None")
    assert found(contributor="bo-lind") == found(source="reuters") == {"Both"}


def test_days_are_those_of_the_site_and_both_are_included(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    dated("Third, before midnight", 2026, 7, 3, 16, 59)
    dated("Fourth, first minute", 2026, 7, 3, 17, 0)
    dated("Fourth, last minute", 2026, 7, 4, 16, 59)
    dated("Fifth", 2026, 7, 4, 17, 0)
    fourth = {"Fourth, first minute", "Fourth, last minute"}
    assert found(from_="2026-07-04", until="2026-07-04") == fourth


def test_language_includes_its_regions_only() -> None:
    for tag in ("en", "en-GB", "eng", "vi"):
        make_publication(headline=f"In {tag}", language=tag)
    assert found(language="en") == {"In en", "In en-GB"}
    assert found(language="EN-gb") == {"In en-GB"}


def test_photo_asks_for_a_lead_photo() -> None:
    make_publication(headline="Seen", parts=("Text.", make_photo()))
    make_publication(headline="Told")
    assert found(photo="true") == {"Seen"}
    assert found(photo="false") == {"Told"}


def test_filters_narrow_together() -> None:
    topic = make_topic()
    make_publication(headline="Vietnamese", topics=(topic,), language="vi")
    make_publication(headline="English", topics=(topic,))
    assert found(topic="harbours", language="vi") == {"Vietnamese"}


@pytest.mark.parametrize("section", ["", "world", "world/europe", "sport"])
@pytest.mark.parametrize("photo", ["", "true", "false"])
@pytest.mark.parametrize("topic", ["", "harbours"])
def test_index_lets_through_what_the_filters_do(section: str, photo: str, topic: str) -> None:
    world = make_section("World")
    europe, ports = make_section("Europe", parent=world), make_topic("Harbours")
    pictured = ("Text.", make_photo())
    make_publication(headline="Ferry one", section=world, parts=pictured)
    make_publication(headline="Ferry two", section=world, topics=(ports,))
    make_publication(headline="Ferry three", section=europe, parts=pictured, topics=(ports,))
    make_publication(headline="Ferry four", section=europe)
    make_publication(headline="Ferry five", section=make_section("Sport"))
    filters = narrowed(section=section, photo=photo, topic=topic)
    assert filters.is_valid(), filters.errors
    chosen = {name: value for name, value in filters.form.cleaned_data.items() if value}
    rows = backend().find(parse("ferry"), scope_of(chosen), limit=10).rows
    assert {row.publication for row in rows} == set(filters.qs.values_list("pk", flat=True))


HOSTILE = ["\x00", "a\x00", "x" * 10_000, "\ud800", "'\"; --", "../..", "🙂", "%", "*", "\u202e"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: ascii(value)[:12])
def test_value_that_means_nothing_is_an_error_of_its_field(name: str, value: str) -> None:
    make_publication()
    filters = narrowed(**{name: value})
    assert list(filters.errors) == [name]
    assert not filters.qs.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "0001-01-01"),
        ("until", "9999-12-31"),
        ("from", "2026-02-30"),
        ("from", "04/07/2026"),
        ("photo", "null"),
        ("language", "e"),
        ("section", "nowhere"),
        ("topic", "nothing"),
    ],
)
def test_other_unknown_value_is_an_error_of_its_field(name: str, value: str) -> None:
    assert list(narrowed(**{name: value}).errors) == [name]


def test_period_that_ends_before_it_begins_is_an_error() -> None:
    assert list(narrowed(from_="2026-07-05", until="2026-07-04").errors) == ["until"]


@pytest.mark.parametrize("name", ["topic", "contributor", "source"])
def test_what_only_a_draft_or_a_scheduled_story_names_is_unknown(name: str) -> None:
    things: dict[str, Any] = {
        "topic": make_topic("Secret"),
        "contributor": make_contributor("Secret"),
        "source": make_source("Secret"),
    }
    named: dict[str, Any] = {
        "topics": (things["topic"],),
        "authors": (things["contributor"],),
        "sources": (things["source"],),
    }
    make_article(**named)
    make_publication(at=timezone.now() + dt.timedelta(hours=1), **named)
    assert list(narrowed(**{name: things[name].slug}).errors) == [name]
    make_publication(**named)
    assert narrowed(**{name: things[name].slug}).is_valid()
