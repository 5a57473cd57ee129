"""Where an article stands with readers, in words: one wording for list, form and desk panel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.choices import PublicationKind
from articles.models import Article, Publication
from articles.workflow.editions import WITHDRAWN


@dataclass(frozen=True, slots=True)
class Label:
    """A word for the state and what it means; ``tone`` is draft, live, waiting or withdrawn."""

    tone: str
    word: str
    detail: str = ""


def moment(at: dt.datetime) -> str:
    """Return a time as the desk reads it, in the site's zone."""
    return date_format(timezone.localtime(at), "j M Y, H:i")


def labels(live: Publication | None, pending: Publication | None) -> list[Label]:
    """Return where an article stands: never public, live as what, and what is to come."""
    found = []
    if live is not None:
        kind = PublicationKind(live.kind)
        detail = _("since %(time)s") % {"time": moment(live.live_from)}
        if kind in WITHDRAWN:
            found.append(Label("withdrawn", str(kind.label), detail))
        else:
            found.append(Label("live", _("Live"), f"{detail} · {kind.label}"))
    if pending is not None:
        kind = PublicationKind(pending.kind)
        detail = _("for %(time)s") % {"time": moment(pending.live_from)}
        found.append(Label("waiting", _("Scheduled"), f"{detail} · {kind.label}"))
    return found or [Label("draft", _("Not public"))]


def current(rows: Iterable[Publication], at: dt.datetime | None = None) -> list[Label]:
    """Return the labels for an article's publications that have not ended."""
    at = at or timezone.now()
    rows = list(rows)
    live = next((row for row in rows if row.is_live(at)), None)
    pending = next((row for row in rows if row.live_from > at and not row.was_called_off), None)
    return labels(live, pending)


def unended(at: dt.datetime | None = None) -> Prefetch:
    """Prefetch what is live and what is to come as ``unended``, without texts."""
    at = at or timezone.now()
    rows = Publication.objects.filter(Q(live_until=None) | Q(live_until__gt=at)).only(
        "article_id", "number", "kind", "live_from", "live_until", "path"
    )
    return Prefetch("publications", queryset=rows.order_by("number"), to_attr="unended")


def public_states(at: dt.datetime) -> dict[str, Any]:
    """Return the conditions that sort articles by where they stand with readers at a moment."""
    own = Publication.objects.filter(article=OuterRef("pk"))
    return {
        "live": Exists(own.listed(at)),
        "scheduled": Exists(own.pending(at)),
        "withdrawn": Exists(own.live(at).filter(kind__in=WITHDRAWN)),
        "never": ~Exists(own),
    }


def narrowed(queryset: Any, state: str, at: dt.datetime | None = None) -> Any:
    """Keep the articles that stand so with readers; unknown states keep all."""
    condition = public_states(at or timezone.now()).get(state)
    return queryset if condition is None else queryset.filter(condition)


def label_line(article: Article) -> list[Label]:
    return current(article.unended)  # type: ignore[attr-defined]
