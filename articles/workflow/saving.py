"""Saving a working copy: the revision, and what an edit does to where the article stands.

Form, import and API save through here. Whether a person may edit is asked by whoever offers the
editing (``actions.refusal(user, "edit", article)``); an import edits on nobody's behalf.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from articles import snapshots
from articles.choices import DeskState, Origin
from articles.models import Approval, Article, Revision
from articles.workflow.steps import lock, write_event


@transaction.atomic
def save(
    article: Article, *, by: Any = None, note: str = "", origin: str = Origin.FORM
) -> Revision | None:
    """Write a revision of the working copy and the event of it, if anything changed.

    Returns the revision, or None when the story reads as before. An approval of the text before
    is void from now on: the state falls back to draft.
    """
    revision = snapshots.save(article, by=by, note=note, origin=origin)
    if revision is not None:
        _told(article, revision, by)
    return revision


@transaction.atomic
def adopt(revision: Revision, *, by: Any) -> Revision | None:
    """Make any revision the working copy, as a new revision; nothing older is lost.

    Raises DocumentError when it refers to photos that are no longer here.
    """
    made = snapshots.adopt(revision, by=by)
    if made is not None:
        _told(revision.article, made, by)
    return made


def _told(article: Article, revision: Revision, by: Any) -> None:
    row = lock(article)
    from_state = row.state if row.events.exists() else ""
    detail: dict[str, Any] = {}
    if row.state == DeskState.APPROVED:
        row.state, row.ready_at = DeskState.DRAFT, None
        row.save(update_fields=["state", "ready_at"])
        seals = Approval.objects.filter(revision__article=row).select_related("revision")
        seal = seals.order_by("-revision__number").first()
        if seal is not None and not seal.revision.publications.exists():
            detail["voided"] = seal.revision.number
    action = "edit" if from_state else "create"
    if revision.origin != Origin.FORM:
        detail["origin"] = revision.origin
    write_event(row, action, by=by, from_state=from_state, revision=revision, detail=detail)
    article.state, article.ready_at = row.state, row.ready_at
