"""Notifications: who is told of what, in which words, and by mail too if they want it so.

Nobody is told of what they did themselves, nor who may not read articles at the desk. The words are
made when they are read, from the event or the comment, so that they say nothing that is no longer
there. When this runs is decided in ``tasks``.
"""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.choices import DeskState, NotificationKind, Origin
from articles.document import line
from articles.models import (
    Approval,
    Article,
    Comment,
    Event,
    Notification,
    NotificationChoice,
    Publication,
)
from articles.workflow.actions import contributors
from articles.workflow.permissions import holders

NEAR = dt.timedelta(hours=1)
# More than this many unread are "9+" at the bell.
COUNTED_TO = 9
_SUBJECT_LENGTH = 120
_EXCERPT = 300
_KEEP = ("articles.view_article", None)

log = logging.getLogger(__name__)
Kind = NotificationKind
Telling = tuple[NotificationKind, set[int]]

# Actions that tell the people who wrote it.
_TO_WRITERS: dict[str, NotificationKind] = {
    "request_changes": Kind.CHANGES_REQUESTED,
    "approve": Kind.APPROVED,
    "reapprove": Kind.APPROVED,
    "publish": Kind.PUBLISHED,
    "schedule": Kind.PUBLISHED,
    "hot_fix": Kind.PUBLISHED,
    "emergency_publish": Kind.PUBLISHED,
    "unschedule": Kind.CALLED_OFF,
    "retract": Kind.WITHDRAWN,
    "kill": Kind.WITHDRAWN,
}
# Actions that ask something of those who hold a permission in the article's section.
_TO_HOLDERS: dict[str, tuple[NotificationKind, str]] = {
    "submit": (Kind.SUBMITTED, "articles.approve_article"),
    "emergency_publish": (Kind.REVIEW_DUE, "articles.approve_article"),
    "request_kill": (Kind.KILL_ASKED, "articles.kill_article"),
    "require_legal": (Kind.LEGAL_ASKED, "articles.clear_legal_article"),
    "require_pictures": (Kind.PICTURES_ASKED, "articles.clear_pictures_article"),
}
# Of these the writers can't judge their own work.
_BY_ANOTHER = {Kind.SUBMITTED, Kind.REVIEW_DUE}


def concerns(event: Event) -> bool:
    """Return whether anybody could be told of an event; asks the database nothing."""
    told = event.action in _TO_WRITERS or event.action in _TO_HOLDERS
    return told or _called_off(event) or bool(event.detail.get("voided"))


def told(event: Event) -> list[tuple[str, list[int]]]:
    """Return who may be told of a step of an article's life, kind by kind; none of who did it."""
    article = event.article
    tellings: list[Telling] = []
    if event.action in _TO_HOLDERS:
        kind, permission = _TO_HOLDERS[event.action]
        asked = set(holders(permission, article.section).values_list("pk", flat=True))
        tellings.append((kind, asked - (contributors(article) if kind in _BY_ANOTHER else set())))
    if event.action in _TO_WRITERS:
        tellings.append((_TO_WRITERS[event.action], writers(event)))
    elif _called_off(event):
        tellings.append((Kind.CALLED_OFF, writers(event)))
    if number := event.detail.get("voided"):
        signed = Approval.objects.filter(revision__article=article, revision__number=number)
        tellings.append((Kind.APPROVAL_VOID, set(signed.values_list("approved_by", flat=True))))
    found = [(kind.value, sorted(ids - {event.by_id})) for kind, ids in tellings]
    return [(kind, ids) for kind, ids in found if ids]


def tell(
    event: Event, known: Iterable[tuple[str, Iterable[int]]] | None = None
) -> list[Notification]:
    """Write who is told of an event, asked unless it is ``known``; return the notifications."""
    rows = told(event) if known is None else known
    tellings = [(Kind(kind), set(ids)) for kind, ids in rows]
    return _write(event.article, tellings, but=event.by_id, event=event)


def tell_comment(comment: Comment) -> list[Notification]:
    """Write who is told of a comment: the mentioned, the others of its thread, the writers."""
    mentioned = set(comment.mentions.values_list("pk", flat=True))
    thread = Comment.objects.none()
    if comment.parent_id:
        thread = Comment.objects.filter(Q(pk=comment.parent_id) | Q(parent=comment.parent_id))
    others = set(thread.values_list("author", flat=True)) | _version(comment.article, 0, None)
    tellings = [(Kind.MENTIONED, mentioned), (Kind.COMMENTED, others)]
    return _write(comment.article, tellings, but=comment.author_id, comment=comment)


def writers(event: Event) -> set[int]:
    """Return the ids of those who wrote in what an event is about.

    Of a withdrawn story all who ever did; else from behind the last revision that was public
    before the event up to the event's own. Who merely imported it wrote nothing.
    """
    article, publication = event.article, event.publication
    if event.action in ("retract", "kill"):
        return _version(article, 0, None)
    revision = event.revision or (publication and publication.revision)
    shown = Publication.objects.filter(article=article, live_from__lte=event.at)
    shown = shown.exclude(live_until=F("live_from"))
    if publication is not None:
        shown = shown.filter(number__lt=publication.number)
    if revision is not None:
        shown = shown.filter(revision__number__lt=revision.number)
    before = Subquery(shown.order_by("-number").values("revision__number")[:1])
    return _version(article, Coalesce(before, 0), revision.number if revision else None)


def _version(article: Article, after: Any, upto: int | None) -> set[int]:
    rows = article.revisions.filter(number__gt=after, is_proposal=False, created_by__isnull=False)
    rows = rows.exclude(origin=Origin.IMPORT).order_by()
    if upto is not None:
        rows = rows.filter(number__lte=upto)
    named = article.bylines.filter(contributor__user__isnull=False).order_by()
    wrote = rows.values_list("created_by", flat=True)
    return set(wrote.union(named.values_list("contributor__user", flat=True)))


def _called_off(event: Event) -> bool:
    return event.detail.get("called_off") is not None


def _write(
    article: Article,
    tellings: Iterable[Telling],
    *,
    but: int | None = None,
    event: Event | None = None,
    comment: Comment | None = None,
) -> list[Notification]:
    """Write one notification for each person, of the first kind that names them and that they want.

    What somebody wants by mail only stands at the desk as read.
    """
    wanted = [(kind, ids - {but}) for kind, ids in tellings]
    everybody = set().union(*(ids for _kind, ids in wanted)) if wanted else set()
    if not everybody:
        return []
    with transaction.atomic():
        return _write_to(article, wanted, everybody, event, comment)


def _write_to(
    article: Article,
    wanted: list[Telling],
    everybody: set[int],
    event: Event | None,
    comment: Comment | None,
) -> list[Notification]:
    may = holders(*_KEEP).filter(is_staff=True, pk__in=everybody)
    left = set(may.values_list("pk", flat=True))
    choices = {
        (row.user_id, row.kind): row for row in NotificationChoice.objects.filter(user__in=left)
    }
    now, rows = timezone.now(), []
    for kind, ids in wanted:
        for pk in sorted(ids & left):
            choice = choices.get((pk, kind))
            if choice and not (choice.at_desk or choice.by_mail):
                continue
            left.discard(pk)
            unread = choice is None or choice.at_desk
            rows.append(
                Notification(
                    user_id=pk,
                    kind=kind,
                    article=article,
                    event=event,
                    comment=comment,
                    at=now,
                    read_at=None if unread else now,
                )
            )
    return Notification.objects.bulk_create(rows)


# Reminders: what no event tells, because it is the clock that does it


def near_embargoes(at: dt.datetime | None = None) -> QuerySet[Article]:
    """Return the articles whose embargo ends within the next hour, the next one first."""
    at = at or timezone.now()
    rows = Article.objects.filter(embargo_until__gt=at, embargo_until__lte=at + NEAR)
    return rows.exclude(state=DeskState.SPIKED).for_desk().order_by("embargo_until", "pk")


def remind(at: dt.datetime | None = None) -> list[Notification]:
    """Write what the clock brings, each once: embargoes that end soon, reviews that are overdue."""
    at = at or timezone.now()
    told = Notification.objects.filter(article=OuterRef("pk"), kind=Kind.EMBARGO_NEAR)
    near = near_embargoes(at).exclude(Exists(told.filter(at__gte=OuterRef("embargo_until") - NEAR)))
    rows = []
    for article in near:
        rows += _remind(article, Kind.EMBARGO_NEAR, "articles.publish_article", writing=True)
    late = Article.objects.filter(review_due_at__lte=at).for_desk()
    told = Notification.objects.filter(article=OuterRef("pk"), kind=Kind.REVIEW_DUE)
    for article in late.exclude(Exists(told.filter(at__gte=OuterRef("review_due_at")))):
        rows += _remind(article, Kind.REVIEW_DUE, "articles.approve_article", writing=False)
    return rows


def _remind(article: Article, kind: Kind, permission: str, *, writing: bool) -> list[Notification]:
    asked = set(holders(permission, article.section).values_list("pk", flat=True))
    told = asked | _version(article, 0, None) if writing else asked - contributors(article)
    return _write(article, [(kind, told)])


# At the desk


def unread(user: Any) -> int:
    """Return how many unread notifications somebody has, counting no further than one above 9.

    What a page counted already stands on the user object.
    """
    if (counted := getattr(user, "unread_notices", None)) is not None:
        return int(counted)
    rows = Notification.objects.filter(user=user, read_at=None).order_by()
    return len(rows.values_list("pk")[: COUNTED_TO + 1])


def of(user: Any) -> QuerySet[Notification]:
    """Return somebody's notifications with all that their words need, newest first."""
    rows = Notification.objects.filter(user=user).select_related(
        "article", "event__by", "event__publication", "comment__author"
    )
    return rows.defer("article__body", "article__standfirst", "event__publication__body")


def mark_read(user: Any, pk: int | None = None) -> int:
    """Mark one of somebody's notifications, or all, as read; return how many were not."""
    rows = Notification.objects.filter(user=user, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())


def words(row: Notification) -> str:
    """Return what a notification says, as one plain sentence."""
    event, comment = row.event, row.comment
    by = event.by if event else comment.author if comment else None
    values = {"who": (by.get_full_name() or by.get_username()) if by else "–"}
    if event and event.action == "schedule" and event.publication:
        values["time"] = _moment(event.publication.live_from)
        return _("%(who)s scheduled it: readers see it from %(time)s on.") % values
    if row.kind == Kind.REVIEW_DUE and row.article.review_due_at:
        values["time"] = _moment(row.article.review_due_at)
        if event is None:
            return (
                _("Nobody has read yet what was published in an emergency: due %(time)s.") % values
            )
        return _("%(who)s published it in an emergency: read it until %(time)s.") % values
    if row.kind == Kind.EMBARGO_NEAR and row.article.embargo_until:
        return _("Its embargo ends at %(time)s.") % {"time": _moment(row.article.embargo_until)}
    return _sentences().get(row.kind, row.get_kind_display()) % values


def _sentences() -> dict[str, str]:
    return {
        Kind.SUBMITTED: _("%(who)s submitted it: it waits for your review."),
        Kind.CHANGES_REQUESTED: _("%(who)s asks for changes."),
        Kind.APPROVED: _("%(who)s approved it."),
        Kind.APPROVAL_VOID: _("%(who)s changed what you had approved: the approval is void."),
        Kind.MENTIONED: _("%(who)s mentioned you in a comment."),
        Kind.COMMENTED: _("%(who)s commented."),
        Kind.PUBLISHED: _("%(who)s published it: readers see it now."),
        Kind.CALLED_OFF: _("%(who)s called off what was scheduled."),
        Kind.WITHDRAWN: _("%(who)s withdrew it from readers."),
        Kind.KILL_ASKED: _("%(who)s asks for it to be killed: confirm or decline."),
        Kind.LEGAL_ASKED: _("%(who)s asks for the legal check."),
        Kind.PICTURES_ASKED: _("%(who)s asks for pictures."),
        Kind.EMBARGO_NEAR: _("Its embargo ends within the hour."),
        Kind.REVIEW_DUE: _("%(who)s published it in an emergency: somebody else has to read it."),
    }


def excerpt(row: Notification) -> str:
    """Return what was said with it: the comment, or the event's reason; cut when long."""
    text = row.comment.text if row.comment else row.event.reason if row.event else ""
    return text if len(text) <= _EXCERPT else f"{text[: _EXCERPT - 1]}…"


def address(row: Notification) -> str:
    """Return where a notification leads, from the site's top."""
    url = reverse("admin:articles_article_change", args=[row.article_id])
    return f"{url}#comment-{row.comment.parent_id or row.comment_id}" if row.comment else url


# By mail


def send(pks: Iterable[int]) -> int:
    """Mail notifications to those who want them so; return how many mails went out.

    A mail that can't be sent is logged, never raised; when the server doesn't answer the rest of
    the mails is given up.
    """
    wanted, sent = list(pks), 0
    rows = list(_mailed(wanted)) if wanted else []
    if not rows:
        return sent
    connection = get_connection()
    try:
        connection.open()
        for row in rows:
            try:
                sent += _mail(row, connection).send()
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
                log.warning("Notification %s was not mailed: %s.", row.pk, type(error).__name__)
        connection.close()
    except OSError as error:
        message = "Mail server failed (%s): %d of %d notifications mailed."
        log.error(message, type(error).__name__, sent, len(rows))
    return sent


def _mailed(pks: list[int]) -> Iterator[Notification]:
    off = NotificationChoice.objects.filter(
        user=OuterRef("user"), kind=OuterRef("kind"), by_mail=False
    )
    rows = Notification.objects.filter(~Exists(off), pk__in=pks, user__is_active=True)
    rows = rows.exclude(user__email="").select_related(
        "user", "article", "event__by", "event__publication", "comment__author"
    )
    return rows.order_by("pk").iterator()


def _mail(row: Notification, connection: Any) -> EmailMessage:
    """Write a mail; the subject is one line, whatever stands in the headline."""
    subject = line(f"[{settings.SITE_NAME}] {row.get_kind_display()}: {row.article}")
    lines = [str(row.article), "", words(row)]
    if said := excerpt(row):
        lines += ["", *(f"> {part}" for part in said.splitlines())]
    lines += ["", f"{settings.SITE_URL}{address(row)}", "", "-- "]
    choices = f"{settings.SITE_URL}{reverse('admin:notifications')}#choices"
    lines.append(_("Which mails you get: %(url)s") % {"url": choices})
    return EmailMessage(
        subject[:_SUBJECT_LENGTH],
        "\n".join(lines),
        to=[row.user.email],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i")
