"""The floor of an import: the same stories with Python's own SQLite and nothing else.

Plain rows, the words in a full-text table, the indexes a list needs, one analysis at the end. No
checks, no history, no rendering.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

from articles.models import Publication
from articles.search.index import plain_text

BATCH = 1000

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE story (number INTEGER PRIMARY KEY, slug TEXT UNIQUE, section TEXT, headline TEXT,
    standfirst TEXT, body TEXT, source TEXT, dated TEXT);
CREATE TABLE author (story INTEGER, slug TEXT, PRIMARY KEY (story, slug)) WITHOUT ROWID;
CREATE TABLE tag (story INTEGER, slug TEXT, PRIMARY KEY (story, slug)) WITHOUT ROWID;
CREATE TABLE related (story INTEGER, place INTEGER, title TEXT, PRIMARY KEY (story, place))
    WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(headline, standfirst, body, content = '');
"""
_INDEXES = """
CREATE INDEX newest ON story (dated DESC);
CREATE INDEX newest_of_section ON story (section, dated DESC);
CREATE INDEX of_tag ON tag (slug, story DESC);
CREATE INDEX of_author ON author (slug, story DESC);
ANALYZE;
PRAGMA wal_checkpoint(TRUNCATE);
"""


def write(file: str) -> int:
    """Write the newest text of each story of this newsroom as a line; return how many."""
    rows = Publication.objects.filter(live_until=None).select_related("article", "section")
    count = 0
    with Path(file).open("w", encoding="utf-8") as out:
        for count, row in enumerate(rows.order_by("pk").iterator(), start=1):  # noqa: B007
            out.write(json.dumps(_plain(row), ensure_ascii=False) + "\n")
    return count


def _plain(row: Publication) -> dict[str, Any]:
    named = {
        kind: [one["slug"] for one in row.credits.get(kind, ())] for kind in ("bylines", "topics")
    }
    return {
        "id": row.pk,
        "slug": row.article.slug,
        "section": row.section.path,
        "headline": row.headline,
        "standfirst": row.standfirst,
        "body": [plain_text(part) for part in row.body.split("</p>")],
        "authors": named["bylines"],
        "tags": named["topics"],
        "source": {"name": row.source_line},
        "photos": [],
        "related": [one["title"] for one in row.related],
        "published_at": row.published_at.isoformat(),
    }


def insert(file: Path, database: Path) -> tuple[int, float]:
    """Insert the stories of a file; return how many, and the CPU seconds it took."""
    started, count = process_time(), 0
    connection = sqlite3.connect(database)
    connection.executescript(_TABLES)
    with file.open(encoding="utf-8") as lines:
        while stories := [json.loads(line) for line in islice(lines, BATCH)]:
            _insert(connection, stories)
            count += len(stories)
    connection.executescript(_INDEXES)
    connection.close()
    return count, process_time() - started


def _insert(connection: sqlite3.Connection, stories: list[dict[str, Any]]) -> None:
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        "story VALUES (?, ?, ?, ?, ?, ?, ?, ?)": (
            (one["id"], one["slug"], one["section"], one["headline"], one["standfirst"],
             json.dumps(one["body"], ensure_ascii=False), one["source"]["name"],
             one["published_at"])
            for one in stories
        ),
        "author VALUES (?, ?)": ((one["id"], slug) for one in stories for slug in one["authors"]),
        "tag VALUES (?, ?)": ((one["id"], slug) for one in stories for slug in one["tags"]),
        "related VALUES (?, ?, ?)": (
            (one["id"], place, title)
            for one in stories
            for place, title in enumerate(one["related"])
        ),
        "words (rowid, headline, standfirst, body) VALUES (?, ?, ?, ?)": (
            (one["id"], one["headline"], one["standfirst"], "\n".join(one["body"]))
            for one in stories
        ),
    }  # fmt: skip
    with connection:
        for what, values in rows.items():
            connection.executemany(f"INSERT INTO {what}", values)
