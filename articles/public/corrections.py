"""Everything this newsroom put right or took back, newest first, by cursor.

What was wrong in a story that is retracted by now is not said again, and a killed story is not
named; both are known by their last publication.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from articles import pages
from articles.choices import PublicationKind
from articles.listings import Place
from articles.models import Correction, Publication
from articles.public import cursors, lists
from articles.public.feeds.views import feed_links
from articles.public.responses import ReaderView
from articles.querysets import PublicationQuerySet

KINDS = (*pages.TOLD, PublicationKind.RETRACTION)


@dataclass(frozen=True, slots=True)
class Entry:
    """``story`` is what readers get of the story now; ``change`` without words if it is retracted
    by now and this was before."""

    change: pages.Change
    story: Publication
    is_retracted: bool


def newest(at: dt.datetime, place: Place | None, size: int) -> list[Publication]:
    """Return what was put right up to a moment, from a place on; one query of an index each kind.

    A place is the time and the id of the last one shown.
    """
    rows = lists.begun(at).exclude(headline="").defer("body").order_by("-live_from", "-pk")
    if place is not None:
        moment, pk = place
        rows = rows.filter(live_from__lte=moment)
        rows = rows.filter(Q(live_from__lt=moment) | Q(live_from=moment, pk__lt=pk))
    kinds = [rows.filter(kind=kind)[:size] for kind in KINDS]
    return list(islice(heapq.merge(*kinds, key=_place, reverse=True), size))


def entries(rows: list[Publication], at: dt.datetime) -> list[Entry]:
    """Return publications with what readers are told of each, in two queries."""
    articles = {row.article_id for row in rows}
    public: PublicationQuerySet = Publication.objects.public(at).filter(article__in=articles)
    stories = {row.article_id: row for row in public.defer("body").select_related("section")}
    told: dict[int, list[tuple[str, str]]] = {}
    pairs = Correction.objects.filter(publication__in=rows).order_by("position", "pk")
    for publication, was, now in pairs.values_list("publication", "was", "now"):
        told.setdefault(publication, []).append((was, now))
    found = []
    for row in rows:
        story = stories.get(row.article_id)
        if story is None or story.kind == PublicationKind.KILL:
            continue
        is_retracted = story.kind == PublicationKind.RETRACTION
        is_silent = is_retracted and row.kind != PublicationKind.RETRACTION
        change = pages.Change(
            row.kind,
            row.live_from,
            "" if is_silent else row.note,
            [] if is_silent else told.get(row.pk, []),
        )
        found.append(Entry(change, story, is_retracted))
    return found


class CorrectionsView(ReaderView, TemplateView):
    """Corrections, clarifications and retractions of the whole site."""

    template_name = "articles/corrections.html"

    def tags(self) -> set[str]:
        return {"corrections"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        size, place = settings.LIST_PAGE_SIZE, _asked(self.request.GET)
        rows = newest(self.at, place, size + 1)
        last = rows[size - 1] if len(rows) > size else None
        here = f"?before={self.request.GET['before']}" if place else ""
        return super().get_context_data(
            at=self.at,
            entries=entries(rows[:size], self.at),
            older=f"?before={_cursor(last)}" if last else "",
            is_first=place is None,
            canonical=pages.absolute(f"/corrections/{here}"),
            feeds=feed_links(f"{_('Corrections')} – {settings.SITE_NAME}", "/corrections/"),
            **kwargs,
        )


def _asked(parameters: Mapping[str, str]) -> Place | None:
    if "before" not in parameters:
        return None
    try:
        return cursors.decode(parameters["before"])
    except cursors.BadCursorError as error:
        raise Http404 from error


def _cursor(publication: Publication) -> str:
    return cursors.encode_place((publication.live_from, publication.pk))


def _place(publication: Publication) -> Place:
    return publication.live_from, publication.pk
