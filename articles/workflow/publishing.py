"""Going live: publish, schedule, call off, publish in an emergency.

What goes live is a revision that was sealed, letter for letter; the gates are asked again with the
row locked, so that of two who press at once one is told what happened in between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import document
from articles.choices import PublicationKind
from articles.exceptions import WorkflowError
from articles.models import Approval, Article, Correction, Publication, PublicPath, Revision
from articles.parts import Parts
from articles.workflow import editions, gates
from articles.workflow.holding import Held
from articles.workflow.standing import Standing, four_eyes, stand
from articles.workflow.steps import Step, begin, closes, in_future, required_reason

INSTANT = dt.timedelta(microseconds=1)
CHANGE_KINDS = (
    PublicationKind.MINOR,
    PublicationKind.UPDATE,
    PublicationKind.CLARIFICATION,
    PublicationKind.CORRECTION,
)
Pairs = Iterable[tuple[str, str]]


@transaction.atomic
def publish(
    article: Article | Held,
    *,
    by: Any,
    at: dt.datetime | None = None,
    kind: str = "",
    note: str = "",
    corrections: Pairs = (),
    revision: Revision | None = None,
    override: str = "",
) -> Publication:
    """Make the approved revision what readers see from now (or from a past ``at``) on.

    ``kind`` is one of ``CHANGE_KINDS``, update when left out; the first publication is always
    "first". ``corrections`` are pairs of (was wrong, is right). ``revision`` names the revision
    that was seen: another one since then is refused (``changed``). ``override`` says why warnings
    are passed over. What was scheduled is called off. Raises WorkflowError: not_permitted,
    not_now, not_approved, changed, blocked, warnings, future, kind, path_taken.
    """
    if at is not None and at > timezone.now():
        raise WorkflowError("future", _("That time has not come: schedule it instead."))
    step = begin(article, "publish", by=by, at=at)
    moment = at or timezone.now()
    return put_live(
        step, moment, kind=kind, note=note, corrections=corrections, seen=revision, why=override
    )


@transaction.atomic
def schedule(
    article: Article | Held,
    *,
    by: Any,
    at: dt.datetime | None,
    kind: str = "",
    note: str = "",
    corrections: Pairs = (),
    revision: Revision | None = None,
    override: str = "",
) -> Publication:
    """Make the approved revision what readers see from ``at`` on; no job runs, the clock does it.

    Raises WorkflowError as ``publish`` does, and ``no_time`` or ``past``.
    """
    step = begin(article, "schedule", by=by)
    moment = in_future(at)
    return put_live(
        step, moment, kind=kind, note=note, corrections=corrections, seen=revision, why=override
    )


@transaction.atomic
def emergency_publish(
    article: Article | Held,
    *,
    by: Any,
    reason: str,
    review_by: dt.datetime | None = None,
    kind: str = "",
    note: str = "",
    corrections: Pairs = (),
    revision: Revision | None = None,
) -> Publication:
    """Publish without approval, for a reason that is kept; somebody else reads it afterwards.

    The article stands in review until it is approved, at the latest by ``review_by`` (in
    ``NEWSROOM_REVIEW_HOURS``, 2, when left out). The gates hold; warnings are passed over for the
    same reason. Raises WorkflowError as ``publish`` does, and ``no_reason``, ``past``.
    """
    step = begin(article, "emergency_publish", by=by)
    reason, now = required_reason(reason), timezone.now()
    step.article.review_due_at = in_future(review_by or review_due())
    return put_live(
        step,
        now,
        kind=kind,
        note=note,
        corrections=corrections,
        seen=revision,
        why=reason,
        fields=("review_due_at",),
    )


@transaction.atomic
def publish_import(article: Article, *, by: Any) -> Publication:
    """Publish what came from a trusted archive and was touched by nobody; ``by`` vouches for it.

    The seal is written along. The gates hold; warnings are kept in the event. Raises
    WorkflowError: not_permitted, not_now, blocked, path_taken.
    """
    step = begin(article, "publish_import", by=by)
    revision = step.revision()
    Approval.objects.create(revision=revision, digest=revision.digest, approved_by=by)
    return put_live(step, timezone.now(), why=_("Imported from a trusted archive."))


@transaction.atomic
def unschedule(article: Article, *, by: Any, reason: str = "") -> Publication:
    """Call off what is scheduled; what is live stays live. Raises not_permitted, not_now."""
    step = begin(article, "unschedule", by=by)
    number = step.call_off()
    pending = next(row for row in step.now.publications if row.number == number)
    step.finish(publication=pending, reason=reason.strip(), detail={"called_off": number})
    return pending


def put_live(
    step: Step,
    live_from: dt.datetime,
    *,
    kind: str = "",
    note: str = "",
    corrections: Pairs = (),
    seen: Revision | None = None,
    why: str = "",
    fields: tuple[str, ...] = (),
) -> Publication:
    """Publish the step's revision from a moment on, if seal and gates allow it."""
    revision = step.revision(seen)
    is_sealed = False if step.held.is_fresh else None
    if step.action.sealed and four_eyes():
        _require_seal(revision)
        is_sealed = True
    kind = change_kind(kind, step.now)
    now = stand(step.now.publications, live_from)
    as_printed = step.action.name == "publish_import"
    case = gates.make_case(
        step.article,
        revision,
        now,
        at=live_from,
        kind=kind,
        as_printed=as_printed,
        is_sealed=is_sealed,
        parts=step.held.parts,
    )
    detail = gates.require(case, revision, why)
    publication = add_edition(
        step, revision, live_from=live_from, kind=kind, note=note.strip(), fields=fields,
        reason=why.strip() or note.strip(), detail=detail, parts=step.held.parts,
    )  # fmt: skip
    add_corrections(publication, corrections)
    return publication


def add_corrections(publication: Publication, pairs: Pairs) -> None:
    """Write what a publication tells readers was wrong and is right."""
    for position, (was, right) in enumerate(pairs):
        Correction.objects.create(
            publication=publication, was=was.strip(), now=right.strip(), position=position
        )


def review_due() -> dt.datetime:
    """Return by when somebody else has to read what goes live unread now."""
    hours = getattr(settings, "NEWSROOM_REVIEW_HOURS", 2)
    return timezone.now() + dt.timedelta(hours=hours)


def _require_seal(revision: Revision) -> None:
    """Refuse a revision nobody approved, or whose text is not the one that was approved."""
    sealed = Approval.objects.filter(revision=revision, digest=revision.digest).exists()
    if not sealed or document.digest(revision.document) != revision.digest:
        raise WorkflowError(
            "not_approved", _("This text was not approved: submit it, and let somebody approve it.")
        )


def change_kind(kind: str, now: Standing) -> str:
    """Return as what a revision goes live; raises WorkflowError ``kind`` for any other word."""
    if not now.was_public:
        return PublicationKind.FIRST
    kind = kind or PublicationKind.UPDATE
    if kind not in CHANGE_KINDS:
        raise WorkflowError(
            "kind", _("A change is minor, an update, a clarification or a correction.")
        )
    return kind


def add_edition(
    step: Step,
    revision: Revision,
    *,
    live_from: dt.datetime,
    kind: str,
    note: str,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    fields: tuple[str, ...] = (),
    parts: Parts | None = None,
) -> Publication:
    """Write a publication: what was to come is called off, what is live ends where this begins.

    Nothing is written before the address is known to be free.

    ``parts`` are the rows that the revision was made of, where they are known.
    """
    begun, ends = [], []
    for publication in step.now.publications:
        if publication.live_from > timezone.now() and not publication.was_called_off:
            ends.append((publication, publication.live_from))
        elif not publication.was_called_off:
            begun.append(publication)
    if begun:
        live_from = max(live_from, begun[-1].live_from + INSTANT)
        ends.append((begun[-1], live_from))
    closed = [row for row, at in ends if closes(row, at)]
    edition = editions.compose(
        step.article,
        revision,
        kind=kind,
        live_from=live_from,
        note=note,
        by=step.by,
        before=list(step.now.publications),
        parts=parts,
    )
    path = edition.publication.path
    if all(row.path != path for row in step.now.publications):
        _claim(step.article, path)
    for row in closed:
        row.save(update_fields=["live_until"])
    publication = edition.save()
    step.held.published(publication)
    step.article.chain_head = publication.digest
    step.finish(
        "chain_head",
        *fields,
        revision=revision,
        publication=publication,
        reason=reason,
        detail=detail,
    )
    return publication


def _claim(article: Article, path: str) -> None:
    try:
        with transaction.atomic():
            row, _created = PublicPath.objects.get_or_create(
                path=path, defaults={"article": article}
            )
    except IntegrityError:
        row = PublicPath.objects.get(path=path)
    if row.article_id != article.pk:
        message = _("Another story has the address /%(path)s: change the slug.") % {"path": path}
        raise WorkflowError("path_taken", message)
