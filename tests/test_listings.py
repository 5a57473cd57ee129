"""Lists of topics, people, sources and sections: each story once, newest first, page after page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import listings
from articles.models import (
    ContributorListing,
    Publication,
    SourceListing,
    Topic,
    TopicListing,
)
from articles.public import cursors, lists
from tests.factories import (
    change,
    make_contributor,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)


def story(hours: int, **values: Any) -> Publication:
    return make_publication(at=NOW - dt.timedelta(hours=hours), **values)


def leafed_through(client: Client, address: str) -> list[list[str]]:
    """Return the headlines of each page of a list, to its end."""
    pages, query = [], ""
    while True:
        page = client.get(f"{address}{query}").context["list"]
        pages.append([row.headline for row in page.stories])
        if not page.older:
            return pages
        query = page.older


def two_of_each(**values: Any) -> None:
    """Publish six stories, an hour apart, of which each second one has the last of the values."""
    for number in range(6):
        story(
            number,
            headline=f"Story {number}",
            **{name: pair[number % 2] for name, pair in values.items()},
        )


def test_topic_with_one_merged_into_it_lists_each_story_once(client, settings):
    settings.LIST_PAGE_SIZE = 2
    boats, ships, both = make_topic("Boats"), make_topic("Ships"), make_topic("Weather")
    two_of_each(topics=((boats, both), (ships, boats)))
    Topic.objects.filter(pk=ships.pk).update(merged_into=boats)
    found = leafed_through(client, "/topic/boats/")
    assert found == [["Story 0", "Story 1"], ["Story 2", "Story 3"], ["Story 4", "Story 5"]]


def test_story_of_two_topics_stands_once_on_every_page(client, settings):
    settings.LIST_PAGE_SIZE = 2
    topics = (make_topic("Boats"), make_topic("Weather"))
    two_of_each(topics=(topics, topics))
    found = leafed_through(client, "/topic/boats/")
    assert found == [["Story 0", "Story 1"], ["Story 2", "Story 3"], ["Story 4", "Story 5"]]


def test_section_lists_those_under_it_in_their_order(client, settings):
    settings.LIST_PAGE_SIZE = 2
    world = make_section("World")
    two_of_each(section=(world, make_section("Europe", parent=world)))
    found = leafed_through(client, "/world/")
    assert found == [["Story 0", "Story 1"], ["Story 2", "Story 3"], ["Story 4", "Story 5"]]


def test_more_sections_than_parts_are_listed_in_their_order(client, monkeypatch):
    monkeypatch.setattr(listings, "_MOST_PARTS", 1)
    world = make_section("World")
    two_of_each(section=(world, make_section("Europe", parent=world)))
    rows = lists.stories("section", [world.pk, world.children.get().pk], timezone.now())
    found = rows.older(lists.cards, 9)
    assert [row.headline for row in found] == [f"Story {number}" for number in range(6)]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_page_before_a_page_is_the_one_that_came_before(size):
    topics = (make_topic("Boats"), make_topic("Weather"))
    two_of_each(topics=(topics, topics[:1]))
    found = lists.stories("topics", [topic.pk for topic in topics], timezone.now())
    first = cursors.read_page(found, lists.cards, {}, size)
    place = first.older.removeprefix("?before=")
    second = cursors.read_page(found, lists.cards, {"before": place}, size)
    back = cursors.read_page(found, lists.cards, {"after": second.newer[7:]}, size)
    assert [row.pk for row in back.stories] == [row.pk for row in first.stories]


def test_lists_hold_the_date_the_story_carries():
    first = story(
        5, topics=(make_topic(),), authors=(make_contributor(),), sources=(make_source(),)
    )
    second = publish(change(first.article, kicker="Storm"))
    for model in (TopicListing, ContributorListing, SourceListing):
        dates = model.objects.values_list("publication", "published_at").order_by("publication")
        assert list(dates) == [(first.pk, first.published_at), (second.pk, first.published_at)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic=boats&section=world", [0, 2, 4]),
        ("topic=boats&contributor=ada-weil", [0, 2, 4]),
        ("contributor=ada-weil&source=reuters", [0, 2, 4]),
        ("source=reuters&topic=boats&language=en", [0, 2, 4]),
        ("section=sport&topic=boats", []),
    ],
)
def test_filters_of_the_api_leave_what_all_of_them_name(client, query, expected):
    two_of_each(
        topics=((make_topic("Boats"),), (make_topic("Weather"),)),
        section=(make_section("World"), make_section("Sport")),
        authors=((make_contributor("Ada Weil"),), (make_contributor("Lan Chi"),)),
        sources=((make_source("Reuters"),), (make_source("AFP"),)),
    )
    items = client.get(f"/api/v1/articles/?{query}").json()["items"]
    assert [item["headlines"][0]["value"] for item in items] == [f"Story {n}" for n in expected]
