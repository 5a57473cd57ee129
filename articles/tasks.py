"""Work that no page waits for, and what sets it off; done by ``db_worker`` where one runs."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from articles import notices, talk
from articles.models import Comment, Event
from articles.workflow.signals import event_written


@task()
def tell(event: int) -> None:
    """Tell of an event, named by its number in the table."""
    rows = Event.objects.select_related("article__section", "publication__revision", "revision")
    row = rows.filter(pk=event).first()
    if row is not None:
        notices.send([one.pk for one in notices.tell(row)])


@task()
def tell_comment(comment: int) -> None:
    """Tell of a comment, if it is still there."""
    row = Comment.objects.select_related("article").filter(pk=comment).first()
    if row is not None:
        notices.send([one.pk for one in notices.tell_comment(row)])


def on_event(event: Event, **kwargs: Any) -> None:
    """Keep comments on their words, and tell whom it concerns."""
    if event.action in ("edit", "hot_fix"):
        talk.keep(event.article_id)
    if notices.concerns(event):
        tell.enqueue(event.pk)


def on_comment(comment: Comment, **kwargs: Any) -> None:
    tell_comment.enqueue(comment.pk)


def connect() -> None:
    event_written.connect(on_event, dispatch_uid="articles.tasks")
    talk.comment_written.connect(on_comment, dispatch_uid="articles.tasks")
