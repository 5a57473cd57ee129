"""Work that no page waits for, and what sets it off; done by ``db_worker`` where one runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from articles import notices, talk, websub
from articles.models import Comment, Event
from articles.workflow.signals import event_written

# What of an event has to be known to tell whom it concerns.
_TOLD = (
    "action", "by", "at", "detail", "article__section__path", "publication__number",
    "publication__revision__number", "revision__number",
)  # fmt: skip


@task()
def tell(event: int, told: list[tuple[str, list[int]]] | None = None) -> None:
    """Tell of an event, named by its number in the table; ``told`` is whom, where it is known."""
    rows = Event.objects.select_related("article__section", "publication__revision", "revision")
    row = rows.only(*_TOLD).filter(pk=event).first()
    if row is not None:
        notices.send([one.pk for one in notices.tell(row, told)])


@task()
def tell_comment(comment: int) -> None:
    """Tell of a comment, if it is still there."""
    row = Comment.objects.select_related("article").filter(pk=comment).first()
    if row is not None:
        notices.send([one.pk for one in notices.tell_comment(row)])


# Minutes until a hub that did not answer is told again; then the next change or command tells it.
PATIENCE = (1, 5, 30)


@task()
def announce(publication: int | None = None, attempt: int = 0) -> None:
    """Tell hubs which feeds changed; try again later, a few times, where tasks can wait."""
    failed = any(one.problem for one in websub.announce(also=publication))
    if failed and attempt < len(PATIENCE) and announce.get_backend().supports_defer:
        later = timezone.now() + dt.timedelta(minutes=PATIENCE[attempt])
        announce.using(run_after=later).enqueue(publication, attempt + 1)


def _announce(event: Event) -> None:
    publication = event.publication
    if not settings.WEBSUB_HUBS or publication is None or publication.was_called_off:
        return
    if publication.live_from <= timezone.now():
        announce.enqueue(publication.pk)
    elif announce.get_backend().supports_defer:
        announce.using(run_after=publication.live_from).enqueue()


def on_event(event: Event, **kwargs: Any) -> None:
    """Keep comments on their words, and tell whom it concerns.

    Who locked the article may have read whether it ``has_quotes``.
    """
    if event.action in ("edit", "hot_fix") and getattr(event.article, "has_quotes", True):
        talk.keep(event.article_id)
    if notices.concerns(event) and (told := notices.told(event)):
        tell.enqueue(event.pk, told)
    _announce(event)


def on_comment(comment: Comment, **kwargs: Any) -> None:
    tell_comment.enqueue(comment.pk)


def connect() -> None:
    event_written.connect(on_event, dispatch_uid="articles.tasks")
    talk.comment_written.connect(on_comment, dispatch_uid="articles.tasks")
