"""Lists by cursor, and what pages ask the database: as much at ten stories as at a thousand."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.choices import PublicationKind
from articles.models import (
    Article,
    Contributor,
    Photo,
    Publication,
    RelatedLink,
    Rendition,
    Revision,
    Section,
    Source,
    Topic,
)
from articles.public import cursors, unchanged
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

NEWEST = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
BODY = "A body that no list may load. "
LIMITS = {
    "/": 8,
    "/world/": 8,
    "/world/europe/": 8,
    "/topic/harbours/": 8,
    "/by/ada-weil/": 8,
    "/source/reuters/": 8,
    "/feed/": 8,
    "/world/feed/": 8,
    "/topic/harbours/feed/": 8,
    "/by/ada-weil/feed/": 8,
}


class Archive:
    """Stories written straight into the tables; every third shares its time with the one before."""

    def __init__(self) -> None:
        world = make_section("World")
        self.sections: list[Section] = [world, make_section("Europe", parent=world)]
        self.sections.append(make_section("Sport"))
        self.topic: Topic = make_topic()
        self.contributor: Contributor = make_contributor("Ada Weil")
        self.source: Source = make_source("Reuters")
        self.photos: list[Photo] = [self._photo() for _ in range(5)]

    def grow(self, size: int) -> None:
        start = Publication.objects.count()
        numbers = range(start, size)
        articles = Article.objects.bulk_create([Article(headline=f"Story {n}") for n in numbers])
        revisions = Revision.objects.bulk_create(
            [Revision(article=a, number=1, document={}, digest="0" * 64) for a in articles]
        )
        rows = Publication.objects.bulk_create(
            [self._publication(n, r) for n, r in zip(numbers, revisions, strict=True)]
        )
        for name in ("topic", "contributor", "source"):
            through = getattr(Publication, f"{name}s").through
            thing = {f"{name}_id": getattr(self, name).pk}
            through.objects.bulk_create(
                through(publication=row, published_at=row.published_at, **thing) for row in rows
            )
        photos = Publication.photos.through
        photos.objects.bulk_create(
            [photos(publication_id=row.pk, photo_id=row.lead_photo_id) for row in rows]
        )

    def _publication(self, number: int, revision: Revision) -> Publication:
        moment = NEWEST - dt.timedelta(hours=number - (number % 3 == 2))
        return Publication(
            article_id=revision.article_id,
            revision=revision,
            number=1,
            kind=PublicationKind.FIRST,
            live_from=moment,
            path=f"world/2026/07/04/story-{number}/",
            section=self.sections[number % 3],
            headline=f"Story {number}",
            language="en",
            lead_photo=self.photos[number % 5],
            published_at=moment,
            revised_at=moment,
            body=f"<p>{BODY * 20}</p>",
            digest="0" * 64,
        )

    @staticmethod
    def _photo() -> Photo:
        photo = make_photo(
            agency=make_source("AFP"), photographer=make_contributor(), credit_line=""
        )
        Rendition.objects.create(photo=photo, format="jpeg", width=480, height=300, file="r/1.jpg")
        return photo


def queries(client: Client, address: str) -> list[str]:
    """Return the statements of a page that was not asked for before."""
    unchanged.PAGES.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("address", LIMITS)
def test_list_asks_the_same_of_ten_stories_and_of_a_thousand(client: Client, address: str) -> None:
    archive = Archive()
    archive.grow(10)
    few = queries(client, address)
    archive.grow(1000)
    many = queries(client, address)
    assert len(few) == len(many) <= LIMITS[address]


@pytest.mark.parametrize("address", [a for a in LIMITS if "feed" not in a])
def test_list_loads_no_text_of_a_story_and_counts_nothing(client: Client, address: str) -> None:
    Archive().grow(30)
    asked = " ".join(queries(client, address))
    assert '"articles_publication"."body"' not in asked
    assert '"articles_article"."body"' not in asked
    assert "COUNT(" not in asked.upper()


def make_rich_story() -> Publication:
    article = make_article(
        "A story with everything",
        parts=("Text.", *(make_photo() for _ in range(8))),
        authors=(make_contributor("Bo Lind"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )
    for number in range(5):
        RelatedLink.objects.create(article=article, title=f"Story {number}", position=number)
    RelatedLink.objects.create(article=article, related=Article.objects.get(headline="Story 7"))
    return make_publication(change(article, kicker="All"))


def test_story_asks_the_same_of_ten_stories_and_of_a_thousand(client: Client) -> None:
    archive = Archive()
    archive.grow(10)
    url = make_rich_story().get_absolute_url()
    few = queries(client, url)
    archive.grow(1000)
    many = queries(client, url)
    assert len(few) == len(many) <= 10
    assert '"articles_article"."body"' not in " ".join(many)


def walk(client: Client, address: str, rel: str) -> tuple[list[str], str]:
    """Follow the links to older or newer stories; return the headlines and the last address."""
    seen: list[str] = []
    here = address
    while True:
        page = client.get(here).text
        seen += re.findall(r">(Story \d+)</a>", page)
        following = re.search(rf'<a rel="{rel}" href="([^"]+)"', page)
        if following is None:
            return seen, here
        here = following[1]


@pytest.mark.parametrize("size", [0, 1, 6, 7, 8, 29])
def test_walk_to_the_oldest_meets_every_story_once(
    client: Client, settings: Settings, size: int
) -> None:
    settings.LIST_PAGE_SIZE = 7
    Archive().grow(size)
    seen, last = walk(client, "/topic/harbours/", "next") if size else ([], "")
    assert sorted(seen) == sorted(f"Story {n}" for n in range(size))
    if size:
        back, first = walk(client, last, "prev")
        assert set(back) == set(seen)
        assert "Newer stories" not in client.get(first).text


def test_story_published_meanwhile_shifts_nothing(client: Client, settings: Settings) -> None:
    settings.LIST_PAGE_SIZE = 7
    archive = Archive()
    archive.grow(14)
    older = re.search(r'<a rel="next" href="([^"]+)"', client.get("/by/ada-weil/").text)
    assert older is not None
    before = re.findall(r">(Story \d+)</a>", client.get(older[1]).text)
    make_publication(headline="Breaking", authors=(archive.contributor,))
    assert re.findall(r">(Story \d+)</a>", client.get(older[1]).text) == before


@pytest.mark.parametrize(
    "query",
    [
        "before=",
        "before=x",
        "after=1-",
        "before=fffffffffffffff-1",
        "before=-1-1",
        "after=%00",
        "before=١-1",
    ],
)
def test_cursor_never_given_out_is_not_found(client: Client, query: str) -> None:
    make_section("World")
    assert client.get(f"/world/?{query}").status_code == 404


def test_page_beyond_the_oldest_story_leads_back(client: Client) -> None:
    make_publication()
    page = client.get("/world/?before=1-1").text
    assert "There are no older stories." in page


def test_cursor_stands_for_one_place_in_time() -> None:
    story = Publication(pk=7, published_at=dt.datetime(1921, 3, 4, 5, 6, 7, 8, tzinfo=dt.UTC))
    assert cursors.decode(cursors.encode(story)) == (story.published_at, 7)
