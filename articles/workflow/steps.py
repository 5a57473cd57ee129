"""What all transitions share: lock the article, ask whether it may be done, write one event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.choices import DeskState
from articles.exceptions import WorkflowError
from articles.models import Article, Event, Publication, Revision
from articles.workflow.actions import Action, require
from articles.workflow.holding import Held
from articles.workflow.signals import event_in_transaction, event_written
from articles.workflow.standing import Standing

_FLAGS = ("on_hold", "legal_check", "picture_check", "embargo_until", "review_due_at")


@dataclass(frozen=True, slots=True)
class Step:
    """One action under way: the article, locked until the transaction ends, and where it stood."""

    action: Action
    held: Held
    now: Standing
    by: Any
    from_state: str

    @property
    def article(self) -> Article:
        return self.held.article

    def revision(self, seen: Revision | None = None) -> Revision:
        """Return the working copy's revision; raises ``no_revision``, or ``changed`` if another
        one was seen."""
        revision = self.held.revision
        if revision is None:
            raise WorkflowError("no_revision", _("Save the article first."))
        if seen is not None and seen.pk != revision.pk:
            raise WorkflowError(
                "changed",
                _("The article has been changed since you looked: look again, then decide."),
            )
        return revision

    def call_off(self) -> int | None:
        """Call off what is scheduled; return the number of that publication, if there was one."""
        if self.now.pending is None:
            return None
        end(self.now.pending, self.now.pending.live_from)
        if self.now.live is not None:
            end(self.now.live, None)
        return self.now.pending.number

    def finish(
        self,
        *fields: str,
        revision: Revision | None = None,
        publication: Publication | None = None,
        reason: str = "",
        detail: dict[str, Any] | None = None,
    ) -> Event:
        """Write the article's new state, its changed ``fields``, and the event of this step.

        What flags and times are afterwards is written into the event, so that the events alone
        tell how an article stands.
        """
        article = self.article
        if self.action.target is not None:
            article.state = self.action.target
        article.ready_at = _ready_at(self.held)
        article.save(update_fields=["state", "ready_at", *fields])
        detail = {key: value for key, value in (detail or {}).items() if value is not None}
        for name in fields:
            if name in _FLAGS:
                detail[name] = _plain(getattr(article, name))
            if name == "kill_requested_by":
                user = article.kill_requested_by
                detail[name] = user.get_username() if user else None
        return write_event(
            self.held,
            self.action.name,
            by=self.by,
            from_state=self.from_state,
            revision=revision,
            publication=publication,
            reason=reason,
            detail=detail,
        )


def begin(article: Article | Held, name: str, *, by: Any, at: dt.datetime | None = None) -> Step:
    """Lock an article for an action, unless it is held; raises WorkflowError if it may not be
    done now.

    "Now" is read once the lock is held: whoever waited sees what happened meanwhile.
    """
    held = article if isinstance(article, Held) else Held(lock(article))
    now = held.standing(at or timezone.now())
    return Step(require(by, name, held.article, now), held, now, by, held.article.state)


def lock(article: Article) -> Article:
    """Return the article as it is now, locked until the transaction ends."""
    return Article.objects.select_for_update().get(pk=article.pk)


def write_event(
    held: Held,
    action: str,
    *,
    by: Any,
    from_state: str,
    revision: Revision | None = None,
    publication: Publication | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Event:
    """Write the next event of a locked article; the state it has now is the one it led to.

    ``event_in_transaction`` is sent at once, ``event_written`` when it is committed.
    """
    article = held.article
    event = Event.objects.create(
        article=article,
        number=held.last_event + 1,
        action=action,
        from_state=from_state,
        to_state=article.state,
        revision=revision,
        publication=publication,
        by=by,
        reason=reason,
        detail=detail or {},
    )
    held.last_event = event.number
    publications = held.now.publications if publication is not None else ()
    event_in_transaction.send(sender=Event, event=event, publications=publications)
    transaction.on_commit(partial(event_written.send_robust, sender=Event, event=event))
    return event


def required(text: str, code: str, message: str) -> str:
    """Return a text without blanks around it; raises WorkflowError if nothing is left."""
    if not text.strip():
        raise WorkflowError(code, message)
    return text.strip()


def required_reason(text: str) -> str:
    return required(text, "no_reason", _("Say why: the reason is kept in the article’s history."))


def in_future(at: dt.datetime | None) -> dt.datetime:
    """Return a time that lies ahead; raises WorkflowError ``no_time`` or ``past``."""
    if at is None:
        raise WorkflowError("no_time", _("Choose a day and a time."))
    if at <= timezone.now():
        raise WorkflowError("past", _("That time has gone by: choose a later one."))
    return at


def end(publication: Publication, at: dt.datetime | None) -> None:
    """Set when a publication ends, None for never."""
    if closes(publication, at):
        publication.save(update_fields=["live_until"])


def closes(publication: Publication, at: dt.datetime | None) -> bool:
    """Set when a publication ends without writing it; return whether that is another time."""
    is_other = publication.live_until != at
    publication.live_until = at
    return is_other


def _ready_at(held: Held) -> dt.datetime | None:
    """Return since when an approved text waits, neither live nor scheduled; None if none does."""
    article = held.article
    if article.state != DeskState.APPROVED:
        return None
    now, revision = held.standing(timezone.now()), held.revision
    if now.pending is not None or now.is_withdrawn or revision is None:
        return None
    if now.live is not None and now.live.revision.digest == revision.digest:
        return None
    return article.ready_at or timezone.now()


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value
