"""Making things happen: each transition locks the article, asks permission and gates, and writes.

One transaction each; a refusal is a WorkflowError with a code and writes nothing. Everybody who
publishes, be it form, command or API, comes through here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import document, snapshots
from articles.choices import DeskState, PublicationKind
from articles.exceptions import WorkflowError
from articles.models import (
    Article,
    Correction,
    Event,
    Photo,
    Publication,
    PublicPath,
    Revision,
)
from articles.workflow import editions, gates

_INSTANT = dt.timedelta(microseconds=1)
CHANGE_KINDS = (
    PublicationKind.MINOR,
    PublicationKind.UPDATE,
    PublicationKind.CLARIFICATION,
    PublicationKind.CORRECTION,
)


@dataclass(frozen=True, slots=True)
class Action:
    """An editorial action: what a button says, who may press it."""

    name: str
    label: Any
    permission: str


ACTIONS = {
    action.name: action
    for action in (
        Action("publish", gettext_lazy("Publish"), "articles.publish_article"),
        Action("schedule", gettext_lazy("Schedule"), "articles.schedule_article"),
        Action("unschedule", gettext_lazy("Call off"), "articles.schedule_article"),
        Action("retract", gettext_lazy("Retract"), "articles.retract_article"),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands with readers at a moment."""

    publications: tuple[Publication, ...]
    live: Publication | None
    pending: Publication | None

    @property
    def is_withdrawn(self) -> bool:
        return self.live is not None and self.live.kind in editions.WITHDRAWN


def standing(article: Article, at: dt.datetime | None = None) -> Standing:
    """Return an article's publications without bodies, oldest first, the live and the next one."""
    at = at or timezone.now()
    rows = tuple(article.publications.defer("body").order_by("number"))
    live = next((row for row in rows if row.is_live(at)), None)
    pending = next((row for row in rows if row.live_from > at and not row.was_called_off), None)
    return Standing(rows, live, pending)


def allowed_actions(article: Article, user: Any, now: Standing) -> list[Action]:
    """Return what this user may do to this article as it stands; draws the buttons."""
    possible = {
        "publish": not now.is_withdrawn,
        "schedule": not now.is_withdrawn,
        "unschedule": now.pending is not None,
        "retract": now.live is not None and not now.is_withdrawn,
    }
    return [
        action
        for action in ACTIONS.values()
        if possible[action.name] and user.has_perm(action.permission)
    ]


def preflight(
    article: Article, story: document.Document, at: dt.datetime | None = None
) -> list[gates.Problem]:
    """Return what the gates say to publishing this document of the article at a moment."""
    at = at or timezone.now()
    return gates.check(_case(article, story, standing(article, at), at))


@transaction.atomic
def publish(
    article: Article,
    *,
    by: Any,
    at: dt.datetime | None = None,
    kind: str = "",
    note: str = "",
    corrections: Iterable[tuple[str, str]] = (),
    revision: Revision | None = None,
) -> Publication:
    """Make the working copy's last revision what readers see from now (or from a past ``at``) on.

    ``kind`` is one of ``CHANGE_KINDS``, update when left out; the first publication is always
    "first". ``corrections`` are pairs of (was wrong, is right). ``revision`` names the revision
    that was seen: another one since then is refused (``changed``). What was scheduled is called
    off. Raises WorkflowError: not_permitted, changed, blocked, future, kind, path_taken.
    """
    _require(by, "publish")
    now = timezone.now()
    if at is not None and at > now:
        raise WorkflowError("future", _("That time has not come: schedule it instead."))
    return _put_live(
        article,
        "publish",
        by=by,
        live_from=at or now,
        kind=kind,
        note=note,
        corrections=corrections,
        seen=revision,
    )


@transaction.atomic
def schedule(
    article: Article,
    *,
    by: Any,
    at: dt.datetime,
    kind: str = "",
    note: str = "",
    revision: Revision | None = None,
) -> Publication:
    """Make the last revision what readers see from ``at`` on; no job runs, the clock does it.

    Raises WorkflowError as ``publish`` does, and ``past`` when the time has gone by.
    """
    _require(by, "schedule")
    if at <= timezone.now():
        raise WorkflowError("past", _("That time has gone by: choose a later one, or publish now."))
    return _put_live(article, "schedule", by=by, live_from=at, kind=kind, note=note, seen=revision)


@transaction.atomic
def unschedule(article: Article, *, by: Any, reason: str = "") -> Publication:
    """Call off what is scheduled; what is live stays live. Raises not_permitted, not_scheduled."""
    _require(by, "unschedule")
    article = _lock(article)
    now = standing(article)
    if now.pending is None:
        raise WorkflowError("not_scheduled", _("Nothing is scheduled."))
    _end(now.pending, now.pending.live_from)
    if now.live is not None:
        _end(now.live, None)
    _record(article, "unschedule", by=by, publication=now.pending, reason=reason)
    return now.pending


@transaction.atomic
def retract(article: Article, *, by: Any, note: str, at: dt.datetime | None = None) -> Publication:
    """Withdraw the story: its page keeps the notice ``note``, its text is public no more.

    Raises WorkflowError: not_permitted, no_note, not_public.
    """
    _require(by, "retract")
    if not note.strip():
        raise WorkflowError("no_note", _("Say to readers why the story is retracted."))
    article = _lock(article)
    moment = at or timezone.now()
    now = standing(article, moment)
    if now.live is None or now.is_withdrawn:
        raise WorkflowError(
            "not_public", _("The story is not public: there is nothing to retract.")
        )
    return _add(
        article,
        now.live.revision,
        now,
        "retract",
        by=by,
        live_from=moment,
        kind=PublicationKind.RETRACTION,
        note=note.strip(),
    )


def _put_live(
    article: Article,
    action: str,
    *,
    by: Any,
    live_from: dt.datetime,
    kind: str,
    note: str,
    corrections: Iterable[tuple[str, str]] = (),
    seen: Revision | None,
) -> Publication:
    article = _lock(article)
    revision = snapshots.current_revision(article)
    if revision is None:
        raise WorkflowError("no_revision", _("Save the article first."))
    if seen is not None and seen.pk != revision.pk:
        raise WorkflowError(
            "changed", _("The article has been changed since you looked: look again, then publish.")
        )
    now = standing(article, live_from)
    story = document.from_json(revision.document)
    problems = gates.check(_case(article, story, now, live_from))
    if stops := gates.blockers(problems):
        raise WorkflowError("blocked", " ".join(p.message for p in stops), tuple(problems))
    kind = _change_kind(kind, now)
    publication = _add(
        article, revision, now, action, by=by, live_from=live_from, kind=kind, note=note.strip()
    )
    pairs = [(was.strip(), right.strip()) for was, right in corrections]
    for position, (was, right) in enumerate(pairs):
        Correction.objects.create(publication=publication, was=was, now=right, position=position)
    return publication


def _change_kind(kind: str, now: Standing) -> str:
    if not any(p.live_from <= timezone.now() and not p.was_called_off for p in now.publications):
        return PublicationKind.FIRST
    kind = kind or PublicationKind.UPDATE
    if kind not in CHANGE_KINDS:
        raise WorkflowError(
            "kind", _("A change is minor, an update, a clarification or a correction.")
        )
    return kind


def _add(
    article: Article,
    revision: Revision,
    now: Standing,
    action: str,
    *,
    by: Any,
    live_from: dt.datetime,
    kind: str,
    note: str,
) -> Publication:
    """Write a publication: what was to come is called off, what is live ends where this begins."""
    begun = []
    for publication in now.publications:
        if publication.live_from > timezone.now() and not publication.was_called_off:
            _end(publication, publication.live_from)
        elif not publication.was_called_off:
            begun.append(publication)
    if begun:
        live_from = max(live_from, begun[-1].live_from + _INSTANT)
        _end(begun[-1], live_from)
    edition = editions.compose(
        article,
        revision,
        kind=kind,
        live_from=live_from,
        note=note,
        by=by,
        before=list(now.publications),
    )
    _claim(article, edition.publication.path)
    publication = edition.save()
    article.chain_head = publication.digest
    article.state = DeskState.DRAFT
    article.save(update_fields=["chain_head", "state"])
    _record(article, action, by=by, publication=publication, revision=revision, reason=note)
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


def _end(publication: Publication, at: dt.datetime | None) -> None:
    if publication.live_until != at:
        publication.live_until = at
        publication.save(update_fields=["live_until"])


def _case(article: Article, story: document.Document, now: Standing, at: dt.datetime) -> gates.Case:
    photos = Photo.objects.filter(uuid__in=story.photos()).select_related("agency", "photographer")
    shown = [row for row in now.publications if not row.was_called_off]
    dated = editions.published_at(article, shown[0] if shown else None, at)
    return gates.Case(
        article=article,
        story=story,
        photos={str(photo.uuid): photo for photo in photos},
        at=at,
        path=editions.path_for(story, dated),
        live=now.live,
    )


def _lock(article: Article) -> Article:
    """Return the article as it is now, locked until the transaction ends."""
    return Article.objects.select_for_update().get(pk=article.pk)


def _require(user: Any, action: str) -> None:
    if user is None or not user.is_active or not user.has_perm(ACTIONS[action].permission):
        label = str(ACTIONS[action].label)
        message = _("Your role doesn’t include this action: %(action)s.") % {"action": label}
        raise WorkflowError("not_permitted", message)


def _record(
    article: Article,
    action: str,
    *,
    by: Any,
    publication: Publication | None = None,
    revision: Revision | None = None,
    reason: str = "",
) -> Event:
    number = article.events.aggregate(last=Max("number"))["last"] or 0
    return Event.objects.create(
        article=article,
        number=number + 1,
        action=action,
        from_state=article.state,
        to_state=article.state,
        revision=revision,
        publication=publication,
        by=by,
        reason=reason,
    )
