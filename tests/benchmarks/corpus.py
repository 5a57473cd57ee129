"""An archive of any size, written straight into the tables, each row as the newsroom makes it.

Twenty model stories go through the real path: saved, published, some of them corrected, retracted
or never public. All others are copies of their rows with a headline, address, time and digests of
their own, so that every check of the newsroom holds for them too.
"""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from articles import document
from articles.models import (
    Approval,
    Article,
    Attribution,
    Byline,
    Correction,
    Event,
    Placement,
    Publication,
    PublicPath,
    RelatedLink,
    Revision,
)
from articles.slugs import make_slug
from tests.benchmarks.stories import MODELS, make_model

NEWEST = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
STEP = dt.timedelta(minutes=10)
BATCH = 1000

_STORIES = uuid.UUID("0f8e7a52-3c1d-4b7e-9a64-5d2b8c3e1f90")
_PARTS = (Byline, Attribution, RelatedLink, Placement)
_LISTS = ("photos", "topics", "contributors", "sources")


@dataclass(frozen=True, slots=True)
class Whole:
    """All rows of one story; ``parts`` hang on the article, ``links`` are rows of many-to-many."""

    article: Article
    revisions: list[Revision]
    approvals: list[Approval]
    publications: list[Publication]
    parts: list[Any]
    events: list[Event]
    corrections: list[Correction]
    paths: list[PublicPath]
    topics: list[Any]
    links: list[Any]


def populate(size: int) -> None:
    """Let the archive grow to so many articles, the newest first, and have it analysed."""
    if not Article.objects.exists():
        for number in range(MODELS):
            make_model(number, NEWEST - number * STEP)
    models = [_whole(article) for article in Article.objects.order_by("pk")[:MODELS]]
    start = Article.objects.count()
    for first in range(start, size, BATCH):
        numbers = range(first, min(first + BATCH, size))
        with transaction.atomic():
            _insert([_copy(models[number % MODELS], number) for number in numbers])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _whole(article: Article) -> Whole:
    """Read all rows of a story, with what their digests are made of."""
    publications = list(
        article.publications.select_related("section", "lead_photo").order_by("number")
    )
    through = (getattr(Publication, name).through for name in _LISTS)
    return Whole(
        article=article,
        revisions=list(article.revisions.order_by("number")),
        approvals=list(Approval.objects.filter(revision__article=article)),
        publications=publications,
        parts=[row for model in _PARTS for row in model.objects.filter(article=article)],
        events=list(article.events.all()),
        corrections=list(Correction.objects.filter(publication__in=publications)),
        paths=list(article.public_paths.all()),
        topics=list(Article.topics.through.objects.filter(article=article)),
        links=[row for m in through for row in m.objects.filter(publication__in=publications)],
    )


def _copy(model: Whole, number: int) -> Whole:
    """Copy a story's rows as the story of that number; they point to each other, not to rows."""
    name = f"{model.article.headline}, part {number}"
    slug = make_slug(name)
    article = _new(model.article, uuid=uuid.uuid5(_STORIES, str(number)), headline=name, slug=slug)
    shift = NEWEST - number * STEP - _first_moment(model)
    revisions = {row.pk: _copy_revision(row, article) for row in model.revisions}
    publications = {
        row.pk: _copy_publication(row, article, revisions[row.revision_id], shift)
        for row in model.publications
    }
    _chain(article, publications.values())
    addresses = {row.path for row in publications.values()}
    return Whole(
        article=article,
        revisions=list(revisions.values()),
        approvals=[_copy_approval(row, revisions[row.revision_id]) for row in model.approvals],
        publications=list(publications.values()),
        parts=[_new(row, article=article) for row in model.parts],
        events=[_copy_event(row, article, revisions, publications, shift) for row in model.events],
        corrections=[
            _new(row, publication=publications[row.publication_id]) for row in model.corrections
        ],
        paths=[
            _new(row, article=article, path=path)
            for row, path in zip(model.paths, addresses, strict=True)
        ],
        topics=[_new(row, article=article) for row in model.topics],
        links=[_new(row, publication=publications[row.publication_id]) for row in model.links],
    )


def _first_moment(model: Whole) -> dt.datetime:
    return model.publications[0].live_from if model.publications else NEWEST


def _copy_revision(row: Revision, article: Article) -> Revision:
    story = {**row.document, "headline": article.headline, "slug": article.slug}
    return _new(row, article=article, document=story, digest=document.digest(story))


def _copy_approval(row: Approval, revision: Revision) -> Approval:
    return _new(row, revision=revision, digest=revision.digest)


def _copy_publication(
    row: Publication, article: Article, revision: Revision, shift: dt.timedelta
) -> Publication:
    dated = row.published_at + shift
    return _new(
        row,
        article=article,
        revision=revision,
        headline=article.headline,
        path=f"{row.section.path}/{dated:%Y/%m/%d}/{article.slug}/",
        live_from=row.live_from + shift,
        live_until=row.live_until + shift if row.live_until else None,
        published_at=dated,
        revised_at=row.revised_at + shift,
    )


def _copy_event(
    row: Event,
    article: Article,
    revisions: dict[int, Revision],
    publications: dict[int, Publication],
    shift: dt.timedelta,
) -> Event:
    return _new(
        row,
        article=article,
        revision=revisions[row.revision_id] if row.revision_id else None,
        publication=publications[row.publication_id] if row.publication_id else None,
        at=row.at + shift,
    )


def _chain(article: Article, publications: Iterable[Publication]) -> None:
    """Seal an article's publications, oldest first, each over the one before it."""
    article.chain_head = ""
    for row in publications:
        row.previous_digest = article.chain_head
        row.digest = article.chain_head = row.make_digest(article, row.revision.digest)


def _new(row: Any, **values: Any) -> Any:
    """Return an unsaved copy of a row with other values."""
    made = copy.copy(row)
    made.pk, made._state.adding = None, True
    for name, value in values.items():
        setattr(made, name, value)
    return made


def _insert(stories: Sequence[Whole]) -> None:
    """Write the rows of whole stories, table by table, each before those that point to it."""
    _write([story.article for story in stories])
    for names in ("revisions", "publications"):
        _write(row for story in stories for row in getattr(story, names))
    for names in ("approvals", "parts", "events", "corrections", "paths", "topics", "links"):
        _write(row for story in stories for row in getattr(story, names))


def _write(rows: Iterable[Model]) -> None:
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        for name, target in list(row._state.fields_cache.items()):
            setattr(row, name, target)  # the row it points to has got its number since
        by_model.setdefault(type(row), []).append(row)
    for model, found in by_model.items():
        model._default_manager.bulk_create(found, batch_size=BATCH)
