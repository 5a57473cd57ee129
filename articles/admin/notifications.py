"""Notifications at the desk: the list, what marks them as read, and who wants which how."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import notices
from articles.choices import NotificationKind
from articles.models import Notification, NotificationChoice
from articles.notices import COUNTED_TO

SHOWN = 50
AT_DESK = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: the notification and its words."""

    notification: Notification
    words: str
    excerpt: str

    @property
    def url(self) -> str:
        return reverse("admin:notification_open", args=[self.notification.pk])


@dataclass(frozen=True, slots=True)
class Choice:
    kind: str
    label: str
    at_desk: bool
    by_mail: bool


def notification_urls() -> list[Any]:
    wrap = admin.site.admin_view
    return [
        path("notifications/", wrap(listed), name="notifications"),
        path("notifications/read/", wrap(read), name="notifications_read"),
        path("notifications/choices/", wrap(choose), name="notifications_choose"),
        path("notifications/<int:pk>/", wrap(opened), name="notification_open"),
    ]


def at_desk(user: Any) -> dict[str, Any]:
    """Return what the include ``notifications.html`` shows on the desk's first page as
    ``notices``: the newest unread. The bell of that page counts them without asking again."""
    if not user.has_perm("articles.view_article"):
        return {"rows": []}
    unread = list(notices.of(user).filter(read_at=None).order_by("-at", "-pk")[: COUNTED_TO + 1])
    user.unread_notices = len(unread)
    return {"rows": [_row(one) for one in unread[:AT_DESK]]}


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show one's own notifications, newest first, a page at a time."""
    _require_reader(request.user)
    rows = notices.of(request.user)
    if before := _before(request):
        at, pk = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    found = list(rows[: SHOWN + 1])
    context = {
        **admin.site.each_context(request),
        "title": _("Notifications"),
        "rows": [_row(one) for one in found[:SHOWN]],
        "older": found[SHOWN - 1] if len(found) > SHOWN else None,
        "has_unread": any(one.read_at is None for one in found),
        "choices": _choices(request.user),
        "has_mail": bool(getattr(request.user, "email", "")),
    }
    return TemplateResponse(request, "admin/notifications.html", context)


@require_safe
def opened(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to what a notification is about; it counts as read from then on."""
    _require_reader(request.user)
    row = get_object_or_404(notices.of(request.user), pk=pk)
    notices.mark_read(request.user, pk)
    return HttpResponseRedirect(notices.address(row))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notification, or all, as read."""
    pk = request.POST.get("notification", "")
    if not pk:
        count = notices.mark_read(request.user)
        messages.success(request, _("Marked as read: %(count)d.") % {"count": count})
    elif pk.isascii() and pk.isdigit() and len(pk) < 19:
        notices.mark_read(request.user, int(pk))
    return HttpResponseRedirect(reverse("admin:notifications"))


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what somebody wants to be told, and how."""
    user: Any = request.user
    with transaction.atomic():
        for kind in NotificationKind.values:
            NotificationChoice.objects.update_or_create(
                user=user,
                kind=kind,
                defaults={
                    "at_desk": kind in request.POST.getlist("at_desk"),
                    "by_mail": kind in request.POST.getlist("by_mail"),
                },
            )
    messages.success(request, _("Saved: you are told so from now on."))
    return HttpResponseRedirect(f"{reverse('admin:notifications')}#choices")


def _require_reader(user: Any) -> None:
    if not user.has_perm("articles.view_article"):
        raise PermissionDenied


def _row(row: Notification) -> Row:
    return Row(row, notices.words(row), notices.excerpt(row))


def _before(request: HttpRequest) -> tuple[dt.datetime, int] | None:
    """Return where the next page begins, None for the first; what can't be read is the first."""
    user: Any = request.user
    pk = request.GET.get("before", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    rows = Notification.objects.filter(user=user, pk=int(pk))
    return rows.values_list("at", "pk").first()


def _choices(user: Any) -> list[Choice]:
    kept = {row.kind: row for row in NotificationChoice.objects.filter(user=user)}
    return [
        Choice(
            kind.value,
            str(kind.label),
            at_desk=kind not in kept or kept[kind].at_desk,
            by_mail=kind not in kept or kept[kind].by_mail,
        )
        for kind in NotificationKind
    ]
