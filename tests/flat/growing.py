"""A newsroom in which everything that grows with the years has grown along with its archive."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import previews
from articles.choices import NotificationKind, Outcome
from articles.models import (
    Article,
    Autosave,
    Comment,
    Contributor,
    Front,
    ImportedDocument,
    ImportRun,
    Notification,
    Photo,
    PreviewLink,
    Publication,
    Rendition,
    Section,
    Slot,
    Source,
    Topic,
)
from articles.workflow import transitions
from tests.benchmarks import corpus
from tests.factories import (
    approve,
    make_article,
    make_photo,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

_LAST = 1_000_000  # the number of the newest layout; older ones are put before it
_DAY, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
# When the layout that is live began, and when the first of those to come does.
_LAID_OUT = corpus.NEWEST
_COMES = timezone.now().replace(microsecond=0) + _DAY


def grow(size: int) -> None:
    """Let the newsroom grow to so many articles; what it had stays the newest."""
    is_new = not Article.objects.exists()
    corpus.populate(size)
    if is_new:
        _begin()
    for fill in (_things, _photos, _layouts, _desk, _logs):
        fill(size // 2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _begin() -> None:
    """Make one of everything that is the same in any newsroom: stories in all their states."""
    publish(
        make_article(
            "A rarity at the quay",
            slug="rarity",
            parts=("Nobody had seen it.", make_photo(file="rare.jpg", width=960, height=640)),
            section=make_section("Curiosities"),
            topics=(make_topic("Rarities"),),
            authors=(Contributor.objects.create(name="Rare Author", slug="rare-author"),),
            sources=(make_source("Rare Source"),),
        )
    )
    soon = timezone.now() + _DAY
    schedule(make_article("To come on the quay", slug="to-come"), at=soon)
    transitions.submit(make_article("In review", slugline="in review"), by=publisher())
    approve(make_article("Ready", slugline="ready"))
    transitions.hold(make_article("Held", slugline="held"), by=publisher(), reason="Wait.")
    killed = publish(make_article("Killed", slugline="killed")).article
    transitions.request_kill(killed, by=publisher(), reason="It hurt somebody.")
    killed.refresh_from_db()
    transitions.kill(killed, by=make_user(), reason="It hurt somebody.")
    corrected = Publication.objects.filter(kind="correction").order_by("pk")[0]
    Comment.objects.create(article=corrected.article, text="Where from?", author=publisher())
    previews.share(
        corrected.article,
        by=publisher(),
        revision=corrected.revision,
        lifetime="week",
        note="A reader",
    )
    begins = [_COMES + days * _DAY for days in range(4)]
    _lay_out(
        Front(section=section, number=_LAST + n + 1, live_from=begin, live_until=end)
        for section in (None, Section.objects.get(path="sport"))
        for n, (begin, end) in enumerate(zip(begins, [*begins[1:], None], strict=True))
    )


def _things(count: int) -> None:
    """Make people, sources and topics that one old story each names."""
    old = list(Publication.objects.listed().order_by("published_at", "pk")[:count])
    things: list[tuple[Any, str]] = [
        (Contributor, "contributor"), (Source, "source"), (Topic, "topic"),
    ]  # fmt: skip
    for model, name in things:
        rows = model._default_manager.bulk_create(
            model(name=f"{name} {n:06}", slug=f"{name}-{n:06}")
            for n in range(model._default_manager.count(), count)
        )
        link: Any = getattr(Publication, f"{name}s").through
        link.objects.bulk_create(
            link(publication=story, published_at=story.published_at, **{name: row})
            for story, row in zip(old, rows, strict=False)
        )


def _photos(count: int) -> None:
    photos = Photo.objects.bulk_create(
        Photo(caption=f"Boats, {n}", alt_text="A quay", credit_line="Signe Hal", file="x.jpg")
        for n in range(Photo.objects.count(), count)
    )
    Rendition.objects.bulk_create(
        Rendition(photo=photo, file=f"r-{photo.pk}.jpg", format="jpeg", width=480, height=320)
        for photo in photos
    )


def _layouts(count: int) -> None:
    """Let the front page and a section have had so many layouts, each for a minute."""
    for section in (None, Section.objects.get(path="sport")):
        had = Front.objects.filter(section=section, number__lte=_LAST).count()
        _lay_out(
            Front(
                section=section,
                number=_LAST - age,
                live_from=_LAID_OUT - age * _MINUTE,
                live_until=_LAID_OUT + (1 - age) * _MINUTE if age else _COMES,
            )
            for age in range(had, count // 5)
        )


def _lay_out(layouts: Iterable[Front]) -> None:
    """Write layouts that all have the same story in their first place."""
    story = Publication.objects.listed().order_by("pk")[0]
    made = Front.objects.bulk_create(layouts)
    Slot.objects.bulk_create(
        Slot(front=front, zone="lead", position=0, article=story.article) for front in made
    )


def _desk(count: int) -> None:
    """Make what editors leave behind: comments, notices, links, imports, what was typed."""
    user = publisher()
    articles = list(Article.objects.order_by("-pk").values_list("pk", flat=True)[:count])
    revision = Article.objects.order_by("pk")[0].revisions.order_by("pk")[0]
    at = timezone.now()
    missing = range(Comment.objects.count(), count)
    Comment.objects.bulk_create(
        Comment(article_id=articles[n % len(articles)], text=f"Look at {n}.", author=user)
        for n in missing
    )
    Notification.objects.bulk_create(
        Notification(
            user=user,
            kind=NotificationKind.values[0],
            article_id=articles[n % len(articles)],
            event=revision.article.events.order_by("pk")[0],
            at=at - n * _MINUTE,
            read_at=at,
        )
        for n in missing
    )
    PreviewLink.objects.bulk_create(
        PreviewLink(
            article=revision.article,
            revision=revision,
            note=f"Reader {n}",
            created_by=user,
            created_at=at - 9 * _DAY,
            expires_at=at - 8 * _DAY,
        )
        for n in missing
    )
    Autosave.objects.bulk_create(
        Autosave(user=user, article_id=articles[n], form=f"form {n}", saved_at=at - n * _MINUTE)
        for n in range(Autosave.objects.count(), min(count, len(articles)))
    )
    runs = ImportRun.objects.bulk_create(ImportRun(by=user) for n in missing)
    ImportedDocument.objects.bulk_create(
        ImportedDocument(
            run=run,
            external_id=f"wire/{run.pk}.txt",
            content_hash=f"{run.pk:064}",
            format="seed",
            outcome=Outcome.values[run.pk % len(Outcome.values)],
            article_id=articles[run.pk % len(articles)],
        )
        for run in runs
    )


def _logs(count: int) -> None:
    """Make the rows that log-ins, tasks and the desk's own record leave behind."""
    at = timezone.now()
    missing = range(AccessAttempt.objects.count(), count)
    said = {"user_agent": "A browser", "ip_address": "127.0.0.1", "http_accept": "*/*"}
    for model in (AccessAttempt, AccessLog, AccessFailureLog):
        more: dict[str, Any] = {}
        if model is AccessAttempt:
            more = {"get_data": "", "post_data": "", "failures_since_start": 1}
        model._default_manager.bulk_create(
            model(username=f"user {n}", path_info="/admin/login/", attempt_time=at, **said, **more)
            for n in missing
        )
        model._default_manager.update(attempt_time=at)
    DBTaskResult.objects.bulk_create(
        DBTaskResult(
            id=uuid.UUID(int=n + 1),
            args_kwargs={"args": [], "kwargs": {}},
            task_path="articles.tasks.notice",
            backend_name="default",
            enqueued_at=at - n * _MINUTE,
            run_after=at,
            exception_class_path="",
            traceback="",
        )
        for n in missing
    )
    user, kind = get_user_model().objects.get(username="publisher"), ContentType.objects
    LogEntry.objects.bulk_create(
        LogEntry(
            user=user,
            content_type=kind.get_for_model(Article),
            object_id=f"{1000 + n}",
            object_repr="A story",
            action_flag=CHANGE,
            change_message="[]",
        )
        # The last thousand are looked through for how long a page may be kept.
        for n in range(LogEntry.objects.count(), count + 1000)
    )
