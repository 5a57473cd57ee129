"""Review: submit, request changes, approve; and dropping a story before it was public.

An approval is a seal over the digest of one revision. It is written for the revision that was
seen, by somebody who wrote nothing in it, and says nothing of any later one.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from articles.models import Approval, Article, Event, Revision
from articles.workflow import gates
from articles.workflow.holding import Held
from articles.workflow.steps import begin, required_reason


@transaction.atomic
def submit(article: Article | Held, *, by: Any, reason: str = "") -> Event:
    """Hand the working copy to the editors. Raises WorkflowError: not_permitted, not_now,
    no_revision."""
    step = begin(article, "submit", by=by)
    return step.finish(revision=step.revision(), reason=reason.strip())


@transaction.atomic
def request_changes(article: Article, *, by: Any, reason: str) -> Event:
    """Hand it back with what is to be changed; what was scheduled is called off.

    Raises WorkflowError: not_permitted, not_now, no_reason.
    """
    step = begin(article, "request_changes", by=by)
    reason = required_reason(reason)
    detail = {"called_off": step.call_off()}
    return step.finish(revision=step.revision(), reason=reason, detail=detail)


@transaction.atomic
def approve(
    article: Article | Held, *, by: Any, revision: Revision | None = None, override: str = ""
) -> Approval:
    """Seal the working copy's revision, so that exactly this may go live.

    ``revision`` is the one that was seen, ``override`` why warnings are passed over. Raises
    WorkflowError: not_permitted, not_now, own_work, changed, blocked, warnings.
    """
    return _seal(article, "approve", by=by, seen=revision, override=override)


@transaction.atomic
def reapprove(
    article: Article | Held, *, by: Any, revision: Revision | None = None, override: str = ""
) -> Approval:
    """Seal the working copy again after an edit voided the approval; raises as ``approve``."""
    return _seal(article, "reapprove", by=by, seen=revision, override=override)


def _seal(
    article: Article | Held, action: str, *, by: Any, seen: Revision | None, override: str
) -> Approval:
    step = begin(article, action, by=by)
    revision = step.revision(seen)
    is_sealed = False if step.held.is_fresh else None
    case = gates.make_case(
        step.article, revision, step.now, is_sealed=is_sealed, parts=step.held.parts
    )
    accepted = gates.require(case, revision, override, about=gates.TEXT)
    approval = Approval.objects.create(revision=revision, digest=revision.digest, approved_by=by)
    step.article.review_due_at = None
    step.finish("review_due_at", revision=revision, reason=override.strip(), detail=accepted)
    return approval


@transaction.atomic
def confirm_fix(article: Article, *, by: Any) -> Event:
    """Say that a hot fix, which went live unread, was read and is right; it is sealed afterwards.

    Raises WorkflowError: not_permitted, not_now, own_work.
    """
    step = begin(article, "confirm_fix", by=by)
    revision = step.now.live.revision  # type: ignore[union-attr]  # the action asks for it
    Approval.objects.create(revision=revision, digest=revision.digest, approved_by=by)
    step.article.review_due_at = None
    return step.finish("review_due_at", revision=revision)


@transaction.atomic
def start_update(article: Article, *, by: Any) -> Event:
    """Say that an update of a public story is being written. Raises not_permitted, not_now."""
    step = begin(article, "start_update", by=by)
    return step.finish(revision=step.revision())


@transaction.atomic
def spike(article: Article, *, by: Any, reason: str) -> Event:
    """Drop a story that was never public. Raises not_permitted, not_now, no_reason."""
    step = begin(article, "spike", by=by)
    return step.finish(reason=required_reason(reason))


@transaction.atomic
def restore(article: Article, *, by: Any) -> Event:
    """Bring a spiked story back as a draft. Raises not_permitted, not_now."""
    return begin(article, "restore", by=by).finish()
