"""Saving a working copy: the revision, and what an edit does to where the article stands.

Form, import and API save through here. Whether a person may edit is asked by whoever offers the
editing (``actions.refusal(user, "edit", article)``); an import edits on nobody's behalf.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from articles import snapshots
from articles.choices import DeskState, Origin
from articles.models import Article, Revision
from articles.workflow.holding import Held
from articles.workflow.steps import lock, write_event


@transaction.atomic(savepoint=False)
def save(
    article: Article | Held, *, by: Any = None, note: str = "", origin: str = Origin.FORM
) -> Revision | None:
    """Write a revision of the working copy and the event of it, if anything changed.

    Returns the revision, or None when the story reads as before. An approval of the text before
    is void from now on: the state falls back to draft. Whoever holds the article gives what is
    held, and has its own row written too.
    """
    if not isinstance(article, Held):
        revision = snapshots.save(article, by=by, note=note, origin=origin)
        if revision is not None:
            _told(article, revision, by)
        return revision
    held = article
    revision = snapshots.save(
        held.article, by=by, note=note, origin=origin, parts=held.parts, last=held.last
    )
    if revision is not None:
        _tell(held, revision, by)
    held.write()
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
    held = Held(lock(article))
    _tell(held, revision, by)
    article.state, article.ready_at = held.article.state, held.article.ready_at


def _tell(held: Held, revision: Revision, by: Any) -> None:
    row, approved, last_event = held.article, held.last_approved, held.last_event
    from_state = row.state if last_event else ""
    detail: dict[str, Any] = {}
    if row.state == DeskState.APPROVED:
        row.state, row.ready_at = DeskState.DRAFT, None
        if not held.is_unsaved:
            row.save(update_fields=["state", "ready_at"])
        shown = {publication.revision_id for publication in held.now.publications}
        if approved is not None and approved not in shown:
            detail["voided"] = Revision.objects.values_list("number", flat=True).get(pk=approved)
    held.write()
    held.wrote(revision)
    action = "edit" if from_state else "create"
    if revision.origin != Origin.FORM:
        detail["origin"] = revision.origin
    write_event(held, action, by=by, from_state=from_state, revision=revision, detail=detail)
