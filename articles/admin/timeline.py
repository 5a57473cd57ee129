"""An article's past as one row of entries: what was saved, done and shown, by whom, when, why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.standing import moment
from articles.choices import Origin, PublicationKind
from articles.models import Article, Event, Publication, Revision
from articles.workflow.actions import ACTIONS
from articles.workflow.editions import WITHDRAWN
from articles.workflow.standing import stand

# As many as a page shows; older ones are found in the tables of revisions and events.
SHOWN = 200

# What was done, as one tells it afterwards. A name that is missing here is told by its label.
_DONE: dict[str, Any] = {
    "submit": gettext_lazy("Submitted for review"),
    "confirm_fix": gettext_lazy("Read the fix: it is right"),
    "request_changes": gettext_lazy("Asked for changes"),
    "approve": gettext_lazy("Approved"),
    "reapprove": gettext_lazy("Approved again"),
    "publish": gettext_lazy("Published"),
    "schedule": gettext_lazy("Scheduled"),
    "unschedule": gettext_lazy("Called the schedule off"),
    "emergency_publish": gettext_lazy("Published in an emergency, without approval"),
    "publish_import": gettext_lazy("Published as imported"),
    "start_update": gettext_lazy("Started an update"),
    "hot_fix": gettext_lazy("Fixed the live text"),
    "retract": gettext_lazy("Retracted"),
    "reinstate": gettext_lazy("Reinstated"),
    "request_kill": gettext_lazy("Asked to kill it"),
    "kill": gettext_lazy("Killed"),
    "decline_kill": gettext_lazy("Declined to kill it"),
    "archive": gettext_lazy("Archived"),
    "unarchive": gettext_lazy("Brought back from the archive"),
    "spike": gettext_lazy("Spiked"),
    "restore": gettext_lazy("Brought back from the spike"),
    "set_embargo": gettext_lazy("Set an embargo"),
    "lift_embargo": gettext_lazy("Lifted the embargo"),
    "hold": gettext_lazy("Put on hold"),
    "release": gettext_lazy("Released from hold"),
    "require_legal": gettext_lazy("Asked for the legal check"),
    "clear_legal": gettext_lazy("Legal check done"),
    "require_pictures": gettext_lazy("Asked for pictures"),
    "clear_pictures": gettext_lazy("Pictures done"),
}
_SAVED = frozenset({"create", "edit"})
_TONES = {
    "request_changes": "waiting", "submit": "waiting", "schedule": "waiting", "hold": "waiting",
    "approve": "live", "reapprove": "live", "publish": "live", "publish_import": "live",
    "emergency_publish": "live", "hot_fix": "live", "reinstate": "live", "retract": "withdrawn",
    "kill": "withdrawn", "request_kill": "withdrawn", "spike": "withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    ``tone`` is that of a state (draft, live, waiting, withdrawn); ``marks`` are pairs of a tone
    and a word; ``facts`` are sentences. ``revision`` is the number of the one it is about and
    ``is_save`` says that it was written then.
    """

    at: dt.datetime
    what: str
    by: str = ""
    why: str = ""
    note: str = ""
    tone: str = "draft"
    revision: int | None = None
    before: int | None = None
    is_save: bool = False
    is_proposal: bool = False
    marks: tuple[tuple[str, str], ...] = ()
    facts: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    order: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries by day, newest first; ``live`` and ``current`` are numbers of revisions."""

    days: list[tuple[dt.date, list[Entry]]]
    live: int | None
    current: int | None
    is_cut: bool
    shown: int = SHOWN
    revisions: list[Revision] = field(default_factory=list)


def timeline(article: Article, at: dt.datetime | None = None) -> Timeline:
    """Return the newest ``SHOWN`` entries of an article's past, in four queries."""
    at = at or timezone.now()
    revisions = list(
        article.revisions.select_related("created_by").defer("document").order_by("-number")[:SHOWN]
    )
    publications = list(
        article.publications.select_related("created_by", "revision")
        .prefetch_related("corrections")
        .defer("body", "revision__document")
        .order_by("-number")[:SHOWN]
    )
    events = list(article.events.select_related("by").order_by("-number")[:SHOWN])
    live = stand(reversed(publications), at).live
    current = next((row.number for row in revisions if not row.is_proposal), None)
    shown = live.revision.number if live and live.kind not in WITHDRAWN else None
    entries = [*_entries(revisions, publications, events, at)]
    numbers = [row.number for row in revisions if not row.is_proposal]
    entries = [_marked(entry, numbers, shown) for entry in entries]
    entries.sort(key=lambda entry: (entry.at, entry.order), reverse=True)
    return Timeline(
        days=_by_day(entries[:SHOWN]),
        live=shown,
        current=current,
        is_cut=len(entries) > SHOWN or len(events) == SHOWN or len(revisions) == SHOWN,
        revisions=revisions,
    )


def _by_day(entries: Iterable[Entry]) -> list[tuple[dt.date, list[Entry]]]:
    days = groupby(entries, key=lambda entry: timezone.localtime(entry.at).date())
    return [(day, list(rows)) for day, rows in days]


def _entries(
    revisions: list[Revision],
    publications: list[Publication],
    events: list[Event],
    at: dt.datetime,
) -> Iterator[Entry]:
    """Yield an entry for each event, and for what was saved or shown without one."""
    by_pk = {row.pk: row for row in revisions}
    shown = {row.pk: row for row in publications}
    told: set[int] = set()
    told_publications: set[int] = set()
    for event in events:
        revision = by_pk.get(event.revision_id) if event.revision_id else None
        publication = shown.get(event.publication_id) if event.publication_id else None
        if event.action in _SAVED and revision is not None:
            told.add(revision.pk)
        called_off = event.detail.get("called_off")
        if publication is not None and publication.number == called_off:
            publication = None  # the event is about its end
        if publication is not None:
            told_publications.add(publication.pk)
        yield _of_event(event, revision, publication)
    oldest = events[-1].at if len(events) == SHOWN else None
    for row in revisions:
        if row.pk not in told and (oldest is None or row.created_at >= oldest):
            yield _of_revision(row)
    for publication in publications:
        is_told = publication.pk in told_publications
        if not is_told and (oldest is None or publication.created_at >= oldest):
            yield _of_publication(publication)
        yield from _going_live(publication, at)


def _of_event(event: Event, revision: Revision | None, publication: Publication | None) -> Entry:
    is_save = event.action in _SAVED and revision is not None
    number = revision.number if revision else None
    what = _what(event, number, publication)
    note, digest = "", ""
    corrections: tuple[tuple[str, str], ...] = ()
    if publication is not None:
        note = publication.note if publication.note != event.reason else ""
        corrections, digest = _corrections(publication), publication.digest
    return Entry(
        at=event.at,
        what=what,
        by=_person(event.by),
        why=event.reason or (revision.note if is_save and revision else ""),
        note=note,
        tone=_TONES.get(event.action, "draft"),
        revision=number,
        is_save=is_save,
        marks=_origin(revision) if is_save and revision else (),
        facts=tuple(_facts(event)),
        corrections=corrections,
        digest=digest,
        order=(1, event.number),
    )


def _what(event: Event, number: int | None, publication: Publication | None) -> str:
    if event.action in _SAVED and number is not None:
        text = _("Created, as revision %(n)d") if event.action == "create" else _(
            "Saved revision %(n)d"
        )  # fmt: skip
        return text % {"n": number}
    action = ACTIONS.get(event.action)
    done = _DONE.get(event.action) or (action.label if action else event.action)
    if publication is None:
        return str(done)
    values = {"done": str(done), "kind": str(PublicationKind(publication.kind).label)}
    if event.action == "schedule":
        values["time"] = moment(publication.live_from)
        return _("%(done)s for %(time)s, as: %(kind)s") % values
    if event.action in ("publish", "emergency_publish", "hot_fix"):
        return _("%(done)s, as: %(kind)s") % values
    return str(done)


def _facts(event: Event) -> Iterator[str]:
    """Yield what else an event led to, in sentences."""
    detail = event.detail
    if (number := detail.get("voided")) is not None:
        yield _("The approval of revision %(n)d was void from then on.") % {"n": number}
    if (number := detail.get("called_off")) is not None and event.action != "unschedule":
        yield _("Publication %(n)d, which was scheduled, was called off.") % {"n": number}
    if accepted := detail.get("accepted"):
        count = len(accepted)
        yield ngettext(
            "%(count)d warning was passed over.", "%(count)d warnings were passed over.", count
        ) % {"count": count}
    for name, sentence in (
        ("embargo_until", _("Under embargo until %(time)s.")),
        ("review_due_at", _("To be read by somebody else until %(time)s.")),
    ):
        if until := parse_datetime(detail.get(name) or ""):
            yield sentence % {"time": moment(until)}


def _of_revision(row: Revision) -> Entry:
    text = _("Proposal came in, as revision %(n)d") if row.is_proposal else _(
        "Saved revision %(n)d"
    )  # fmt: skip
    return Entry(
        at=row.created_at,
        what=text % {"n": row.number},
        by=_person(row.created_by),
        why=row.note,
        tone="waiting" if row.is_proposal else "draft",
        revision=row.number,
        is_save=True,
        is_proposal=row.is_proposal,
        marks=_origin(row),
        order=(0, row.number),
    )


def _origin(row: Revision) -> tuple[tuple[str, str], ...]:
    marks = []
    if row.is_proposal:
        marks.append(("waiting", _("Proposal")))
    if row.origin != Origin.FORM:
        marks.append(("draft", str(Origin(row.origin).label)))
    return tuple(marks)


def _of_publication(row: Publication) -> Entry:
    kind = PublicationKind(row.kind)
    return Entry(
        at=row.created_at,
        what=_("Made publication %(n)d, as: %(kind)s") % {"n": row.number, "kind": kind.label},
        by=_person(row.created_by),
        note=row.note,
        tone="withdrawn" if kind in WITHDRAWN else "live",
        revision=row.revision.number,
        corrections=_corrections(row),
        digest=row.digest,
        order=(2, row.number),
    )


def _going_live(row: Publication, at: dt.datetime) -> Iterator[Entry]:
    """Yield the moment at which the clock showed, or will show, what was scheduled."""
    if row.live_from - row.created_at < dt.timedelta(minutes=1) or row.was_called_off:
        return
    values = {"n": row.number, "kind": PublicationKind(row.kind).label}
    is_past = row.live_from <= at
    text = _("Publication %(n)d went live, as: %(kind)s") if is_past else _(
        "Publication %(n)d is to go live, as: %(kind)s"
    )  # fmt: skip
    tone = "live" if is_past else "waiting"
    yield Entry(
        at=row.live_from, what=text % values, by=_("the clock"), tone=tone,
        revision=row.revision.number, order=(3, row.number),
    )  # fmt: skip


def _corrections(row: Publication) -> tuple[tuple[str, str], ...]:
    return tuple((correction.was, correction.now) for correction in row.corrections.all())


def _marked(entry: Entry, numbers: list[int], live: int | None) -> Entry:
    """Mark where the working copy and what readers see were saved, and what was there before.

    ``numbers`` are those of the working copy's revisions, newest first.
    """
    if not entry.is_save or entry.revision is None:
        return entry
    marks = list(entry.marks)
    if entry.revision == live:
        marks.insert(0, ("live", _("Live")))
    if entry.revision == next(iter(numbers), None):
        marks.insert(0, ("draft", _("Working copy")))
    before = next((number for number in numbers if number < entry.revision), None)
    return replace(entry, marks=tuple(marks), before=before)


def _person(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
