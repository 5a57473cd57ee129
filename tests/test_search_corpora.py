"""Real articles: each is found first by three rare words of its own.

Reads ``url,date,title,text`` from the CSV files under the folder that NEWSROOM_CORPORA names.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
from dateutil import parser as dates
from django.test import Client

from articles.models import Article, Publication, Revision
from articles.search import index
from articles.search.words import fold
from tests.factories import make_body, make_section

FOLDER = os.environ.get("NEWSROOM_CORPORA", "")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="NEWSROOM_CORPORA names no folder"),
]

_WORD = re.compile(r"\w+")


def stories() -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    rows = []
    for path in sorted(Path(FOLDER).rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return rows


def load(rows: list[dict[str, str]]) -> list[Publication]:
    section = make_section()
    articles = Article.objects.bulk_create(Article(headline=row["title"][:300]) for row in rows)
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, document={}, digest="0" * 64) for article in articles
    )
    made = Publication.objects.bulk_create(
        Publication(
            article=revision.article,
            revision=revision,
            number=1,
            kind="first",
            live_from=(at := dates.parse(row["date"]).replace(tzinfo=dt.UTC)),
            published_at=at,
            revised_at=at,
            path=f"world/2020/01/01/{number}/",
            section=section,
            headline=row["title"][:300],
            language="en",
            body=make_body(*filter(None, map(str.strip, row["text"].splitlines()))),
            digest="0" * 64,
        )
        for number, (row, revision) in enumerate(zip(rows, revisions, strict=True))
    )
    index.add(made)
    return made


def rare_words(texts: list[str]) -> list[str]:
    """Return for each text three words of it that are rare and together tell it from the others."""
    sets = [
        {fold(word) for word in _WORD.findall(text) if word.isalpha() and len(word) > 3}
        for text in texts
    ]
    holders: dict[str, set[int]] = defaultdict(set)
    for number, words in enumerate(sets):
        for word in words:
            holders[word].add(number)
    return [" ".join(_three(words, holders)) for words in sets]


def _three(words: set[str], holders: dict[str, set[int]]) -> list[str]:
    chosen: list[str] = []
    left = set.union(*holders.values())
    rare = sorted(words, key=lambda word: (len(holders[word]), word))
    while len(chosen) < 3 and rare:
        best = min(rare, key=lambda word: len(left & holders[word]))
        rare.remove(best)
        chosen.append(best)
        left &= holders[best]
    return chosen


def test_every_article_is_found_first_by_three_rare_words_of_it() -> None:
    rows = stories()
    assert len(rows) > 200
    made = load(rows)
    queries = rare_words([f"{row['title']} {row['text']}" for row in rows])
    client = Client()
    missed = []
    for publication, query in zip(made, queries, strict=True):
        hits = client.get("/search/", {"q": query}).context.get("hits")
        if not hits or hits[0].story.pk != publication.pk:
            missed.append((query, publication.headline))
    assert missed == []
