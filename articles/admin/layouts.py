"""Layouts of one page side by side: what came, what went, what moved, and how long each lasted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from articles.admin.standing import Label, moment
from articles.front_forms import name
from articles.fronts import PLACES
from articles.models import Front, Section, Slot

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """One story's change; ``kind`` is came, went, moved or pinned, for the mark beside it."""

    kind: str
    word: str
    headline: str
    detail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A layout in the history of its page; ``differences`` are against the one made before it."""

    front: Front
    label: Label
    slots: list[Slot]
    differences: list[Difference] = field(default_factory=list)


def history(section: Section | None, at: dt.datetime) -> list[Entry]:
    """Return the newest layouts of a page, each compared with the one before; two queries."""
    rows = Front.objects.filter(section=section).select_related("created_by", "called_off_by")
    fronts = list(rows.order_by("-number")[: SHOWN + 1])
    slots = slots_of(fronts)
    entries = [
        Entry(
            front,
            label(front, at),
            in_order(slots.get(front.pk, [])),
            compare(slots.get(before.pk, []) if before else [], slots.get(front.pk, [])),
        )
        for front, before in zip_longest(fronts, fronts[1:])
    ]
    return entries[:SHOWN]


def slots_of(fronts: Sequence[Front]) -> dict[int, list[Slot]]:
    """Return the slots of layouts with their articles' headlines, by layout; one query."""
    found: dict[int, list[Slot]] = {}
    rows = Slot.objects.filter(front__in=[front.pk for front in fronts]).select_related("article")
    for slot in rows.defer("article__body", "article__standfirst"):
        found.setdefault(slot.front_id, []).append(slot)
    return found


def in_order(slots: Sequence[Slot]) -> list[Slot]:
    """Return slots from the top of the page."""
    order = {place: number for number, place in enumerate(PLACES)}
    return sorted(slots, key=lambda slot: order.get(_place(slot), len(order)))


def label(front: Front, at: dt.datetime) -> Label:
    """Return where a layout stands in time."""
    if front.was_called_off:
        return Label("draft", _("Called off") if front.called_off_at else _("Never shown"))
    if front.live_from > at:
        return Label(
            "waiting", _("Scheduled"), _("for %(time)s") % {"time": moment(front.live_from)}
        )
    if front.live_until is None or front.is_live(at):
        return Label("live", _("Live"), _("since %(time)s") % {"time": moment(front.live_from)})
    times = {"from": moment(front.live_from), "until": moment(front.live_until)}
    return Label("draft", _("Over"), _("%(from)s to %(until)s") % times)


def compare(before: Sequence[Slot], after: Sequence[Slot]) -> list[Difference]:
    """Return what one layout changes in another, from the top of the page; asks nothing."""
    old = {slot.article_id: slot for slot in before}
    new = {slot.article_id: slot for slot in after}
    found = [
        difference
        for slot in in_order(after)
        if (difference := _difference(old.get(slot.article_id), slot))
    ]
    gone = [slot for slot in in_order(before) if slot.article_id not in new]
    return [*found, *(_told("went", _("went"), slot, name(_place(slot))) for slot in gone)]


def _difference(old: Slot | None, new: Slot) -> Difference | None:
    if old is None:
        return _told("came", _("came"), new, name(_place(new)))
    if _place(old) != _place(new):
        places = {"from": name(_place(old)), "to": name(_place(new))}
        return _told("moved", _("moved"), new, _("%(from)s → %(to)s") % places)
    if old.pinned_until != new.pinned_until:
        until = new.pinned_until
        detail = _("until %(time)s") % {"time": moment(until)} if until else _("no end any more")
        return _told("pinned", _("pinned"), new, detail)
    return None


def _told(kind: str, word: str, slot: Slot, detail: str) -> Difference:
    return Difference(kind, word, str(slot.article), detail)


def _place(slot: Any) -> tuple[str, int]:
    return str(slot.zone), slot.position
