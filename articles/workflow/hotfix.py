"""Fixing the live text while a longer draft waits; the draft gets the fix too."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import document, snapshots
from articles.changes.merge import merge
from articles.choices import DeskState, Origin
from articles.document import Document
from articles.exceptions import WorkflowError
from articles.models import Article, Publication
from articles.workflow import gates
from articles.workflow.publishing import (
    Pairs,
    add_corrections,
    add_edition,
    change_kind,
    review_due,
)
from articles.workflow.standing import four_eyes
from articles.workflow.steps import begin, required_reason


@transaction.atomic
def hot_fix(
    article: Article,
    *,
    by: Any,
    story: Document | None,
    reason: str,
    kind: str = "",
    note: str = "",
    corrections: Pairs = (),
    override: str = "",
) -> Publication:
    """Make ``story``, the live text with a fix in it, what readers see; carry it into the draft.

    Nobody has approved the fix, so somebody else reads it afterwards, as after an emergency. Where
    the draft had changed the same words it keeps its own; ``detail["conflicts"]`` of the event
    names the places. Raises WorkflowError: not_permitted, not_now, no_reason, no_change, blocked,
    warnings, kind.
    """
    step = begin(article, "hot_fix", by=by)
    reason = required_reason(reason)
    live = step.now.live
    if live is None:  # the table says so too
        raise WorkflowError("not_now", _("Readers see no text of this story."))
    base = document.from_json(live.revision.document)
    if story is None or story.digest() == base.digest():
        raise WorkflowError("no_change", _("The text is the one that readers see: change it."))
    kind = change_kind(kind, step.now)
    fix = snapshots.propose(step.article, story, by=by, note=reason, origin=Origin.HOT_FIX)
    case = gates.make_case(step.article, fix, step.now, kind=kind)
    detail = gates.require(case, fix, override)
    joined = merge(base, story, snapshots.take(step.article))
    snapshots.restore(step.article, joined.document)
    carried = _("Hot fix of revision %(number)d") % {"number": fix.number}
    draft = snapshots.save(step.article, by=by, note=carried, origin=Origin.HOT_FIX)
    if draft is not None:
        detail["carried"] = draft.number
        if step.article.state == DeskState.APPROVED:
            step.article.state = DeskState.DRAFT
    detail["conflicts"] = [clash.label for clash in joined.conflicts] or None
    if four_eyes():
        step.article.review_due_at = review_due()
    publication = add_edition(
        step, fix, live_from=timezone.now(), kind=kind, note=note.strip(), reason=reason,
        detail=detail, fields=("review_due_at",),
    )  # fmt: skip
    add_corrections(publication, corrections)
    return publication
