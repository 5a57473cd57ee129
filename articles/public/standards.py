"""How this newsroom works, in its own words, with figures counted from what it published.

Each figure looks at a bounded number of the newest rows and says how many. They are counted for
the whole minute a page is asked in, and kept for it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Min
from django.views.generic import TemplateView

from articles import pages, remembering
from articles.choices import PublicationKind, SourceKind
from articles.models import Publication, SourceListing
from articles.public import lists
from articles.public.responses import ReaderView

DAYS = 90
STORIES = 500
_MOST = 1000
_CORRECTED = 100
_NAMED = [SourceKind.PERSON, SourceKind.INSTITUTION, SourceKind.DOCUMENT]


@dataclass(frozen=True, slots=True)
class Figures:
    """``stories`` are the newest looked at, ``named`` those of them that name a person, an
    institution or a document as a source; ``hours`` is the median from publication to correction,
    None without any; ``is_more`` says that a count stopped at its limit."""

    corrections: int
    clarifications: int
    retractions: int
    is_more: bool
    stories: int
    named: int
    hours: float | None
    corrected: int

    @property
    def named_percent(self) -> int:
        return round(100 * self.named / self.stories) if self.stories else 0

    @property
    def days(self) -> float | None:
        """The median in days, if it is two or more."""
        return round(self.hours / 24, 1) if self.hours is not None and self.hours >= 48 else None


def figures(at: dt.datetime) -> Figures:
    """Return the figures as of the minute of a moment; asks at most seven queries a minute."""
    minute = at.replace(second=0, microsecond=0)
    key = f"articles.standards:{minute:%Y%m%d%H%M}"
    found: Figures | None = remembering.recall([key]).get(key)
    if found is None:
        found = _count(minute)
        remembering.keep({key: found}, 60)
    return found


class StandardsView(ReaderView, TemplateView):
    """The page that says how this newsroom works."""

    template_name = "articles/standards.html"

    def tags(self) -> set[str]:
        return {"standards"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            at=self.at,
            figures=figures(self.at),
            days=DAYS,
            canonical=pages.absolute("/standards/"),
            **kwargs,
        )


def _count(at: dt.datetime) -> Figures:
    since = at - dt.timedelta(days=DAYS)
    counts = [
        _made(kind, at, since)
        for kind in (
            PublicationKind.CORRECTION, PublicationKind.CLARIFICATION, PublicationKind.RETRACTION,
        )
    ]  # fmt: skip
    stories, named = _sourced(at)
    hours, corrected = _time_to_correct(at)
    corrections, clarifications, retractions = counts
    return Figures(
        corrections, clarifications, retractions, max(counts) >= _MOST, stories, named, hours,
        corrected,
    )  # fmt: skip


def _made(kind: PublicationKind, at: dt.datetime, since: dt.datetime) -> int:
    rows = lists.begun(at).filter(kind=kind, live_from__gte=since).exclude(headline="")
    return len(rows.order_by("-live_from").values_list("pk")[:_MOST])


def _sourced(at: dt.datetime) -> tuple[int, int]:
    newest = Publication.objects.listed(at).newest_first().values_list("pk", flat=True)
    keys = list(newest[:STORIES])
    rows = SourceListing.objects.filter(publication__in=keys, source__kind__in=_NAMED)
    named = rows.values("publication").distinct().count()
    return len(keys), named


def _time_to_correct(at: dt.datetime) -> tuple[float | None, int]:
    """Return the median of hours from a story's first publication to its correction."""
    rows = lists.begun(at).filter(kind=PublicationKind.CORRECTION).order_by("-live_from")
    made = list(rows.values_list("article", "live_from")[:_CORRECTED])
    first = dict(
        lists.begun(at)
        .filter(article__in={article for article, _moment in made})
        .order_by()
        .values_list("article")
        .annotate(first=Min("live_from"))
    )
    hours = [(moment - first[article]).total_seconds() / 3600 for article, moment in made]
    return (round(median(hours), 1) if hours else None), len(hours)
