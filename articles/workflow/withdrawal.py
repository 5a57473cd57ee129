"""Taking a story from readers, and bringing it back: archive, retract, kill, reinstate.

Retracted, a page keeps its address and the reason. Killed, nothing but a tombstone is left: one
person asks for it, another confirms.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import PublicationKind
from articles.exceptions import WorkflowError
from articles.models import Article, Event, Publication, Revision
from articles.workflow import gates, vault
from articles.workflow.editions import WITHDRAWN
from articles.workflow.publishing import add_edition
from articles.workflow.steps import Step, begin, required, required_reason


@transaction.atomic
def retract(article: Article, *, by: Any, note: str, at: dt.datetime | None = None) -> Publication:
    """Withdraw the story: its page keeps the notice ``note``, its text is public no more.

    From now, or from a past ``at``, on. Raises WorkflowError: not_permitted, not_now, no_note.
    """
    step = begin(article, "retract", by=by, at=at)
    note = required(note, "no_note", _("Say to readers why the story is retracted."))
    kind = PublicationKind.RETRACTION
    return _follow(step, _shown(step), kind, note=note, reason=note, at=at)


@transaction.atomic
def reinstate(article: Article, *, by: Any, reason: str, note: str = "") -> Publication:
    """Show a retracted story again, as it stood before; ``note`` is for readers.

    Raises WorkflowError: not_permitted, not_now, no_reason, blocked.
    """
    step = begin(article, "reinstate", by=by)
    reason = required_reason(reason)
    revision = _shown(step)
    kind = PublicationKind.REINSTATED
    case = gates.make_case(step.article, revision, step.now, kind=kind)
    detail = gates.require(case, revision, reason)
    return _follow(step, revision, kind, note=note.strip(), reason=reason, detail=detail)


@transaction.atomic
def archive(article: Article, *, by: Any, reason: str = "") -> Publication:
    """Take the story out of lists, feeds and search results; it stays at its address.

    Raises WorkflowError: not_permitted, not_now.
    """
    step = begin(article, "archive", by=by)
    return _follow(step, _shown(step), PublicationKind.ARCHIVED, reason=reason.strip())


@transaction.atomic
def unarchive(article: Article, *, by: Any, reason: str = "") -> Publication:
    """Put an archived story back into lists under its old date. Raises not_permitted, not_now."""
    step = begin(article, "unarchive", by=by)
    return _follow(step, _shown(step), PublicationKind.REINSTATED, reason=reason.strip())


@transaction.atomic
def request_kill(article: Article, *, by: Any, reason: str) -> Event:
    """Ask for a story to be removed for law or safety; readers see it until it is confirmed.

    Raises WorkflowError: not_permitted, not_now, no_reason.
    """
    step = begin(article, "request_kill", by=by)
    step.article.kill_requested_by = by
    return step.finish("kill_requested_by", reason=required_reason(reason))


@transaction.atomic
def decline_kill(article: Article, *, by: Any, reason: str) -> Event:
    """Let a story stand that somebody asked to kill. Raises not_permitted, not_now, no_reason."""
    step = begin(article, "decline_kill", by=by)
    step.article.kill_requested_by = None
    return step.finish("kill_requested_by", reason=required_reason(reason))


@transaction.atomic
def kill(article: Article, *, by: Any, reason: str) -> Publication:
    """Remove a story for good: its address answers that it is gone, its text is locked away.

    Raises WorkflowError: not_permitted, not_now, own_work, no_reason.
    """
    step = begin(article, "kill", by=by)
    reason = required_reason(reason)
    step.article.kill_requested_by = None
    revision = _shown(step)
    vault.empty(step.article)
    kind, fields = PublicationKind.KILL, ("kill_requested_by",)
    return _follow(step, revision, kind, reason=reason, fields=fields)


def _shown(step: Step) -> Revision:
    """Return the revision readers see, or saw before the story was withdrawn."""
    shown = [
        row
        for row in step.now.publications
        if not row.was_called_off and row.kind not in WITHDRAWN and row.live_from <= timezone.now()
    ]
    if not shown:
        raise WorkflowError("not_now", _("Readers never saw a text of this story."))
    return shown[-1].revision


def _follow(
    step: Step,
    revision: Revision,
    kind: PublicationKind,
    *,
    note: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
    fields: tuple[str, ...] = (),
    at: dt.datetime | None = None,
) -> Publication:
    return add_edition(
        step,
        revision,
        live_from=at or timezone.now(),
        kind=kind,
        note=note,
        reason=reason,
        detail=detail,
        fields=fields,
    )
