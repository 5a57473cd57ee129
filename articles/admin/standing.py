"""Where an article stands, in words: one wording for list, form and first page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import DeskState, FlagState, PublicationKind, PublicState
from articles.models import Article, Publication, Revision
from articles.workflow.editions import WITHDRAWN
from articles.workflow.standing import Standing


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


def clock(at: dt.datetime, now: dt.datetime | None = None) -> str:
    """Return a time in the site's zone as short as it is clear: without the day if it is today."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    if at.date() == now.date():
        return date_format(at, "H:i")
    return date_format(at, "j M, H:i" if at.year == now.year else "j M Y, H:i")


# What readers were told of the live text, in the order of importance to a desk: the last one.
_TOLD = {
    PublicationKind.UPDATE: gettext_lazy("updated %(time)s"),
    PublicationKind.CLARIFICATION: gettext_lazy("clarified %(time)s"),
    PublicationKind.CORRECTION: gettext_lazy("corrected %(time)s"),
    PublicationKind.REINSTATED: gettext_lazy("brought back %(time)s"),
}
_UPDATE = {
    DeskState.DRAFT: gettext_lazy("update in draft"),
    DeskState.IN_REVIEW: gettext_lazy("update in review"),
    DeskState.CHANGES_REQUESTED: gettext_lazy("changes requested in the update"),
    DeskState.APPROVED: gettext_lazy("update ready"),
}


def label(
    article: Article, now: Standing | None, revision: Revision | None, at: dt.datetime | None = None
) -> Label:
    """Return one label for people: "Published · corrected 14:10 · update in review".

    ``now`` and ``revision`` (the working copy's) are None for an article that was never saved.
    """
    at = at or timezone.now()
    if now is None or now.live is None:
        word, tone, parts = article.get_state_display(), "draft", []
    else:
        word, tone = str(now.state.label), "withdrawn" if now.is_withdrawn else "live"
        parts = [_since(now, at), *_work(article, now, revision)]
    if now is not None and now.pending is not None:
        parts.append(_("scheduled for %(time)s") % {"time": clock(now.pending.live_from, at)})
        tone = "waiting" if tone == "draft" else tone
    return Label(tone, word, " · ".join(parts))


def _since(now: Standing, at: dt.datetime) -> str:
    """Return the last thing that readers were told, with its time."""
    begun = [row for row in now.publications if row.live_from <= at and not row.was_called_off]
    if now.state == PublicState.PUBLISHED:
        told = next((row for row in reversed(begun) if row.kind in _TOLD), None)
        if told is not None:
            return str(_TOLD[PublicationKind(told.kind)]) % {"time": clock(told.live_from, at)}
        return clock(begun[0].live_from, at)
    return clock(begun[-1].live_from, at)


def _work(article: Article, now: Standing, revision: Revision | None) -> list[str]:
    """Return what is being written beside the live text; a killed story has no text."""
    if revision is None or now.live is None or now.state == PublicState.KILLED:
        return []
    if revision.digest == now.live.revision.digest:
        return [_("in review")] if article.state == DeskState.IN_REVIEW else []
    is_scheduled = now.pending is not None and now.pending.revision_id == revision.pk
    return [] if is_scheduled else [str(_UPDATE[DeskState(article.state)])]


def marks(article: Article, at: dt.datetime | None = None) -> list[str]:
    """Return the flags that stand beside the state, in words."""
    at = at or timezone.now()
    due, embargo = article.review_due_at, article.embargo_until
    found = [
        article.on_hold and _("on hold"),
        article.legal_check == FlagState.REQUIRED and _("legal check open"),
        article.picture_check == FlagState.REQUIRED and _("pictures wanted"),
        embargo
        and embargo > at
        and _("embargo until %(time)s") % {"time": clock(embargo, at)},
        due and (_("review overdue since %(time)s") if due <= at else _("review due %(time)s"))
        % {"time": clock(due, at)},
        article.kill_requested_by_id and _("kill asked for"),
    ]  # fmt: skip
    return [str(mark) for mark in found if mark]
