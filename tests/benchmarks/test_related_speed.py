"""Proposing related stories at growing archives: what it costs, and that the cost stays.

``NEWSROOM_BENCH_STORIES`` sets the sizes, in stories: "1000,20000" when left out. Terms are drawn
as words are in texts: few in most stories, most in few.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from itertools import islice

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from articles import related
from articles.models import Article, Publication, Revision, StoryTerm, Term, TextPrint
from articles.related import ranking, terms
from tests.benchmarks import prose
from tests.benchmarks.measure import Figures, interleaved
from tests.factories import make_article, make_publication

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

SIZES = [int(n) for n in os.environ.get("NEWSROOM_BENCH_STORIES", "1000,20000").split(",")]
ROUNDS = 40
NEWEST = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
BATCH = 2_000
# Kind → how many there are of it in the language, and how many stand for a story.
DRAWN = {"w:en": (60_000, 20), "n": (120_000, 8), "t": (400, 2), "s": (60, 1), "x": (12, 1)}


def populate(size: int) -> None:
    """Let the archive grow to so many stories, each with terms of its own."""
    model = Publication.objects.order_by("pk").first() or make_publication(make_article())
    start = Publication.objects.count()
    rng = random.Random(size)
    for first in range(start, size, BATCH):
        write(model, range(first, min(first + BATCH, size)), rng)
    terms.recount()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write(model: Publication, numbers: range, rng: random.Random) -> None:
    articles = Article.objects.bulk_create(
        Article(headline=prose.headline(n), slug=f"s-{n}", section=model.section) for n in numbers
    )
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, document={}, digest="") for article in articles
    )
    shown = Publication.objects.bulk_create(
        Publication(
            article=revision.article,
            revision=revision,
            number=1,
            kind="first",
            live_from=NEWEST - n * dt.timedelta(minutes=10),
            path=f"world/2026/01/01/s-{n}/",
            section=model.section,
            headline=f"{revision.article.headline}, part {n}",
            language="en",
            published_at=NEWEST - n * dt.timedelta(minutes=10),
            revised_at=NEWEST,
        )
        for n, revision in zip(numbers, revisions, strict=True)
    )
    drawn = [draw(rng) for _ in shown]
    ids = numbers_of({text for found in drawn for text in found})
    StoryTerm.objects.bulk_create(
        (
            StoryTerm(
                publication=row,
                term_id=ids[text],
                day=terms.day_of(row.published_at),
                weight=rng.randint(10, 90),
            )
            for row, found in zip(shown, drawn, strict=True)
            for text in found
        ),
        batch_size=10_000,
    )
    TextPrint.objects.bulk_create(
        TextPrint(publication=row, value=rng.getrandbits(63)) for row in shown
    )


def draw(rng: random.Random) -> set[str]:
    return {
        f"{kind}:{int(known ** rng.random())}"
        for kind, (known, count) in DRAWN.items()
        for _ in range(count)
    }


def numbers_of(texts: set[str]) -> dict[str, int]:
    Term.objects.bulk_create((Term(text=text) for text in sorted(texts)), ignore_conflicts=True)
    return {text: pk for text, (pk, _count) in terms.counts(texts).items()}


def spread(count: int) -> list[Publication]:
    last = Publication.objects.aggregate(last=Max("pk"))["last"]
    rows = Publication.objects.select_related("section").filter(terms__isnull=False).distinct()
    step = max(last // count, 1)
    found = (rows.filter(pk__gte=n).order_by("pk").first() for n in range(1, last, step))
    return list(islice((row for row in found if row), count))


def write_again(story: Publication) -> None:
    related.remove(story.article)
    related.add([story])


def measure(figures: Figures, size: str) -> None:
    stories = spread(ROUNDS + 2)
    at = NEWEST + dt.timedelta(days=1)
    (ours,) = interleaved(
        lambda n: related.make_blocks(stories[n % len(stories)], at), rounds=ROUNDS
    )
    figures.add("related block", size, None, ours)
    subjects = [ranking.subject_of(story) for story in stories]
    (ours,) = interleaved(lambda n: ranking.matches(subjects[n % len(subjects)], at), rounds=ROUNDS)
    figures.add("related block: candidates", size, None, ours)
    fresh = [make_publication(make_article(parts=(prose.seed(n),))) for n in range(8)]
    (ours,) = interleaved(lambda n: write_again(fresh[n % 8]), rounds=12)
    figures.add("terms of a story, written again", size, None, ours)
    with CaptureQueriesContext(connection) as captured:
        found = related.make_blocks(stories[3], at)
    assert found.related
    assert len(captured) == 3


def test_what_a_proposal_costs_in_a_small_and_in_a_large_archive(figures: Figures) -> None:
    for stories in SIZES:
        populate(stories)
        measure(figures, f"{stories // 1000}k")
    figures.add_growth(f"{SIZES[0] // 1000}k", f"{SIZES[-1] // 1000}k")
