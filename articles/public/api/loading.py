"""Publications as the stories that formats are written from, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.http import Http404

from articles import fronts, pages
from articles.formats.story import Story
from articles.models import Publication
from articles.querysets import PublicationQuerySet


def whole(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Load what a story's formats show, text and photos included."""
    rows = publications.select_related("section").prefetch_related(pages.with_renditions())
    return rows.annotate(uuid=F("article__uuid"))


def lines(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Load what a list shows of stories: no text, and of the photos the first."""
    return fronts.lines(publications).annotate(uuid=F("article__uuid"))


def stories(publications: Sequence[Any], at: dt.datetime) -> list[Story]:
    """Return ``whole`` publications as stories, each with what was put right in it."""
    told = pages.changes_of([row.article_id for row in publications], at)
    return [
        Story(row.uuid, row, list(row.photos.all()), told.get(row.article_id, []))
        for row in publications
    ]


def listed(publications: Sequence[Any]) -> list[Story]:
    """Return ``lines`` as stories without text."""
    return [Story(row.uuid, row) for row in publications]


def story(name: str, at: dt.datetime) -> Story:
    """Return the story of that uuid as readers may read it; raises Http404.

    What is only to come, was never public or never was, is the same to who asks.
    """
    try:
        rows = Publication.objects.public(at).filter(article__uuid=uuid.UUID(name))
    except ValueError:
        raise Http404 from None
    found = list(whole(rows)[:1])
    if not found:
        raise Http404
    return stories(found, at)[0]
