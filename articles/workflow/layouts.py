"""Layouts of fronts: publish one now or later, and call off one that is to come.

The layouts of a page follow each other in time. A new one ends the one it follows at the same
instant and lasts until the next that is scheduled; calling one off gives its time back to the one
before it. Each is numbered after the newest its maker had seen, so that two editors who arrange
the same page at once never overwrite each other unseen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.document import line
from articles.exceptions import WorkflowError
from articles.fronts import PLACES
from articles.models import Article, Front, Section, Slot
from articles.workflow.permissions import has_permission, sections_of

PERMISSION = "articles.arrange_fronts"


def may_arrange(user: Any, section: Section | None) -> bool:
    """Return whether a user may arrange a page; the front page only who may everywhere."""
    if section is None:
        return sections_of(user, PERMISSION) is None
    return has_permission(user, PERMISSION, section)


def newest_number(section: Section | None) -> int:
    """Return the number of the layout that was made last for a page, 0 if there was none."""
    rows = Front.objects.filter(section=section).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


def publish_layout(
    section: Section | None,
    slots: Sequence[Slot],
    *,
    by: Any,
    seen: int,
    note: str = "",
    at: dt.datetime | None = None,
) -> Front:
    """Let a layout of unsaved ``slots`` go live, at once or ``at`` a later time.

    ``seen`` is the number of the newest layout its maker has seen. Raises WorkflowError:
    not_permitted, past, place, twice, story, pin, conflict.
    """
    now = timezone.now()
    start = at or now
    if at is not None and at <= now:
        raise WorkflowError("past", _("That time is over: choose a later one, or publish now."))
    _permit(section, by)
    _check(slots, start)
    try:
        with transaction.atomic():
            _lock(section, now)
            if newest_number(section) != seen:
                raise _conflict()
            front = Front(
                section=section,
                number=seen + 1,
                live_from=start,
                live_until=_make_room(section, start),
                note=line(note)[:200],
                created_by=by,
                created_at=now,
            )
            front.save(force_insert=True)
            for slot in slots:
                slot.front = front
            Slot.objects.bulk_create(slots)
    except IntegrityError as error:
        raise _conflict() from error
    return front


def call_off(front: Front, *, by: Any) -> None:
    """Call off a layout that is to come. Raises WorkflowError: not_permitted, not_now."""
    _permit(front.section, by)
    now = timezone.now()
    with transaction.atomic():
        _lock(front.section, now)
        row = Front.objects.get(pk=front.pk)
        if row.live_from <= now or row.was_called_off:
            raise WorkflowError("not_now", _("This layout is not to come any more."))
        until, row.live_until = row.live_until, row.live_from
        row.called_off_by, row.called_off_at = by, now
        row.save(update_fields=["live_until", "called_off_by", "called_off_at"])
        page = Front.objects.filter(section=front.section, live_until=row.live_from)
        before = page.filter(live_from__lt=row.live_from).first()
        if before is not None:
            before.live_until = until
            before.save(update_fields=["live_until"])


def coming(section: Section | None, at: dt.datetime) -> list[Front]:
    """Return the layouts of a page that are to go live, the next first."""
    rows = Front.objects.filter(section=section, live_from__gt=at).select_related("created_by")
    return [row for row in rows.order_by("live_from", "number") if not row.was_called_off]


def _lock(section: Section | None, now: dt.datetime) -> None:
    """Keep everybody else from moving the ends of a page's layouts until the transaction ends."""
    rows = Front.objects.lasting(now).filter(section=section)
    list(rows.select_for_update().order_by("pk").values_list("pk"))


def _make_room(section: Section | None, start: dt.datetime) -> dt.datetime | None:
    """End the layout that a new one follows; return until when the new one lasts."""
    page = Front.objects.filter(section=section)
    lasting = page.filter(Q(live_until=None) | Q(live_until__gt=start), live_from__lte=start)
    before = lasting.order_by("-live_from").first()
    if before is not None:
        until = before.live_until
        before.live_until = start
        before.save(update_fields=["live_until"])
        return until
    after = next(iter(coming(section, start)), None)
    return after.live_from if after else None


def _check(slots: Sequence[Slot], start: dt.datetime) -> None:
    places = [(str(slot.zone), slot.position) for slot in slots]
    if len(set(places)) < len(places) or not set(places) <= set(PLACES):
        raise WorkflowError("place", _("A place is named twice, or is none of this page."))
    articles = {slot.article_id for slot in slots}
    if len(articles) < len(slots):
        raise WorkflowError("twice", _("A story stands in two places: take it out of one."))
    if Article.objects.filter(pk__in=articles).count() < len(articles):
        raise WorkflowError("story", _("A story is not known here any more: choose another one."))
    if any(slot.pinned_until is not None and slot.pinned_until <= start for slot in slots):
        raise WorkflowError("pin", _("A pin ends before the layout begins: choose a later time."))


def _permit(section: Section | None, by: Any) -> None:
    if not may_arrange(by, section):
        raise WorkflowError("not_permitted", _("Your role doesn’t include arranging this page."))


def _conflict() -> WorkflowError:
    message = _("Somebody else has arranged this page since you opened it.")
    return WorkflowError("conflict", message)
