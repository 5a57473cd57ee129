"""How the database answers pages and desk: from indexes, never by reading a table that grows.

Each query a page really asks is explained, on tables that were filled and analysed. On PostgreSQL
full scans and sorts are made dear, so that one is only left where no index can do the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.admin.waiting import QUEUES
from articles.models import Contributor, Photo, Publication, Rendition, Source
from tests import desk
from tests.benchmarks import corpus

pytestmark = pytest.mark.django_db

STORIES = 2000
# A newsroom has some dozens of these, whatever the size of its archive.
SMALL = frozenset({"articles_section", "articles_topic", "auth_user", "auth_group"})

_NAMED = re.compile(r'"(\w+)" (?:"?([A-Z]+\d+)"?\b)?')
_SQLITE_SCAN = re.compile(r"SCAN (\w+)(?! USING)\b(?! CONSTANT)")
_SQLITE_WHOLE_INDEX = re.compile(r"SCAN (\w+) USING")
_POSTGRES_SCAN = re.compile(r"Seq Scan on (\w+)")
_LIST = re.compile(r"ORDER BY .* LIMIT (\d+)\Z", re.DOTALL)

Query = tuple[str, Any]


@pytest.fixture
def archive() -> Publication:
    """Fill every table a page asks, and return a story of it."""
    corpus.populate(STORIES)
    rows = range(STORIES)
    Contributor.objects.bulk_create(Contributor(name=f"C {n}", slug=f"c-{n}") for n in rows)
    Source.objects.bulk_create(Source(name=f"S {n}", slug=f"s-{n}") for n in rows)
    photos = Photo.objects.bulk_create(Photo(caption=f"Photo {n}") for n in rows)
    Rendition.objects.bulk_create(
        Rendition(photo=photo, file="r.jpg", format="jpeg", width=480, height=320)
        for photo in photos
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Publication.objects.listed().filter(section__path="science").newest_first()[3]


@pytest.fixture
def publisher(archive: Publication) -> Client:
    return desk.client_of(get_user_model().objects.get(username="publisher"))


def pages_of(story: Publication) -> list[str]:
    return [
        "/",
        "/feed/",
        story.section.get_absolute_url(),
        f"{story.section.get_absolute_url()}feed/",
        "/world/",
        story.topics.all()[0].get_absolute_url(),
        story.contributors.all()[0].get_absolute_url(),
        story.sources.all()[0].get_absolute_url(),
        story.get_absolute_url(),
    ]


def desk_pages_of(story: Publication) -> list[str]:
    desk_list = reverse("admin:articles_article_changelist")
    return [
        reverse("admin:index"),
        desk_list,
        f"{desk_list}?state__exact=draft",
        f"{desk_list}?section={story.section.path}",
        f"{desk_list}?author=mine",
        f"{desk_list}?author={story.contributors.all()[0].pk}",
        *(
            f"{desk_list}?public={state}"
            for state in ("published", "scheduled", "retracted", "never")
        ),
        *(f"{desk_list}?flag={queue}" for queue in QUEUES),
        f"{desk_list}?q={story.article.uuid}",
        desk.change_url(story.article),
    ]


def asked(client: Client, address: str) -> list[Query]:
    """Return the reading queries of a page, with their parameters."""
    queries: list[Query] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            queries.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        assert client.get(address).status_code == 200, address
    assert queries, address
    return queries


def plan(query: Query) -> list[str]:
    """Return the lines of the database's plan for a query."""
    sql, params = query
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        lines = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
        return lines


def read_whole(query: Query) -> Iterator[str]:
    """Yield the growing tables that a query reads from end to end."""
    names = {short: table for table, short in _NAMED.findall(query[0]) if short}
    for line in plan(query):
        scanned = _POSTGRES_SCAN.findall(line) + _SQLITE_SCAN.findall(line)
        if " LIMIT " not in query[0]:
            scanned += _SQLITE_WHOLE_INDEX.findall(line)
        for name in scanned:
            table = names.get(name, name)
            if table not in SMALL and table in connection.introspection.table_names():
                yield table


def is_sorted(query: Query) -> bool:
    """Return whether a list's rows are all fetched and sorted before the first few are shown."""
    lines = " ".join(plan(query))
    return "TEMP B-TREE FOR ORDER BY" in lines or bool(re.search(r"\bSort\b", lines))


def test_no_page_reads_a_whole_growing_table(archive, publisher, client):
    found = [
        (address, table, query[0])
        for reader, addresses in ((client, pages_of), (publisher, desk_pages_of))
        for address in addresses(archive)
        for query in asked(reader, address)
        for table in read_whole(query)
    ]
    assert found == []


def test_no_list_sorts_the_archive_to_show_its_newest(archive, publisher, client):
    desk_list = reverse("admin:articles_article_changelist")
    section = archive.section.get_absolute_url()
    pages = [(client, "/"), (client, "/feed/"), (client, section), (publisher, desk_list)]
    found = [
        (address, query[0])
        for reader, address in pages
        for query in asked(reader, address)
        if (limit := _LIST.search(query[0])) and int(limit[1]) > 1 and is_sorted(query)
    ]
    assert found == []
