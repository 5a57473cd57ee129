"""The desk's first page: what waits for this user, where everything stands, what is to come.

A few rows of each queue, all articles' queues in one query and all publications' in another, each
part of it answered from an index (``waiting``). Nothing here grows with the archive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import charts, waiting
from articles.admin.standing import clock
from articles.choices import DeskState, Origin, Outcome, PublicationKind
from articles.models import (
    Article,
    ImportedDocument,
    Photo,
    Placement,
    Publication,
    Revision,
    Section,
)

ROWS = 8
COMING = dt.timedelta(days=7)
# So many of each state are counted, and so many imports with questions are looked at.
COUNTED = 500
IMPORTS = 1_000

_ARTICLES = "admin:articles_article_changelist"


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    url: str
    detail: str = ""
    at: dt.datetime | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One list; ``nothing`` says what to do when it is empty, ``more`` that it isn't all of it."""

    name: str
    title: str
    url: str
    nothing: str
    rows: list[Row]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class SectionCounts:
    name: str
    cells: list[tuple[str, str]]


@dataclass
class Board:
    """What the first page shows; parts a user may not look at are missing."""

    mine: list[Part] = field(default_factory=list)
    desk: list[Part] = field(default_factory=list)
    side: list[Part] = field(default_factory=list)
    readers: list[Part] = field(default_factory=list)
    schedule: Part | None = None
    days: list[Day] = field(default_factory=list)
    zone: str = ""
    columns: list[Any] = field(default_factory=list)
    counts: list[SectionCounts] = field(default_factory=list)
    counted: int = COUNTED
    charts: list[charts.Chart] = field(default_factory=list)


_CHANGED = gettext_lazy("changed %(time)s")


@dataclass(frozen=True, slots=True)
class Queue:
    """A list of articles: where it stands, what it is asked with, which of its times is shown.

    ``permission`` is an editorial action's; who has it nowhere doesn't get the list.
    """

    name: str
    place: str
    title: Any
    nothing: Any
    query: str
    rows: Callable[[Any], list[Any]]
    time: str = "updated_at"
    told: Any = _CHANGED
    permission: str = ""
    descending: bool = True


QUEUES = [
    Queue(
        "approve", "mine", gettext_lazy("To approve"),
        gettext_lazy("Nothing waits for you: what others submit in your sections comes here."),
        "flag=approve", lambda user: [waiting.to_approve(user)], permission="approve",
    ),
    Queue(
        "to_review", "mine", gettext_lazy("To read after emergency publishing"),
        gettext_lazy("Nothing was published unread."),
        "flag=review", lambda user: [waiting.to_review(user)], "review_due_at",
        gettext_lazy("due %(time)s"), permission="approve", descending=False,
    ),
    Queue(
        "changes", "mine", gettext_lazy("Changes asked of me"),
        gettext_lazy("Nobody has asked you for changes."),
        "author=mine&state__exact=changes_requested",
        lambda user: waiting.own(DeskState.CHANGES_REQUESTED, user), permission="submit",
    ),
    Queue(
        "drafts", "mine", gettext_lazy("My drafts"),
        gettext_lazy("You have no draft: add an article to begin one."),
        "author=mine&state__exact=draft",
        lambda user: waiting.own(DeskState.DRAFT, user), permission="submit",
    ),
    Queue(
        "legal", "mine", gettext_lazy("Legal checks"),
        gettext_lazy("No legal check is open."), "flag=legal",
        lambda user: [waiting.where_allowed(waiting.legal(), user, "clear_legal")],
        permission="clear_legal",
    ),
    Queue(
        "pictures", "mine", gettext_lazy("Pictures wanted"),
        gettext_lazy("No article waits for pictures."), "flag=pictures",
        lambda user: [waiting.where_allowed(waiting.pictures(), user, "clear_pictures")],
        permission="clear_pictures",
    ),
    Queue(
        "kills", "mine", gettext_lazy("Kills to confirm"),
        gettext_lazy("Nobody has asked for a kill."), "flag=kill",
        lambda user: [waiting.to_kill(user)], permission="kill",
    ),
    Queue(
        "in_review", "desk", gettext_lazy("In review"),
        gettext_lazy("Nothing is in review: drafts come here when they are submitted."),
        "state__exact=in_review", lambda user: [waiting.state(DeskState.IN_REVIEW)],
    ),
    Queue(
        "changes_requested", "desk", gettext_lazy("Changes requested"),
        gettext_lazy("No article is being changed after review."),
        "state__exact=changes_requested",
        lambda user: [waiting.state(DeskState.CHANGES_REQUESTED)],
    ),
    Queue(
        "ready", "desk", gettext_lazy("Approved, ready"),
        gettext_lazy("Nothing is ready: approved articles stay here until they are published."),
        "flag=ready", lambda user: [waiting.ready()], "ready_at",
        gettext_lazy("ready since %(time)s"),
    ),
    Queue(
        "holds", "side", gettext_lazy("On hold"), gettext_lazy("Nothing is held back."),
        "flag=hold", lambda user: [waiting.on_hold()],
    ),
    Queue(
        "embargoes", "schedule", gettext_lazy("Embargoes"), "", "flag=embargo",
        lambda user: [waiting.embargoed().filter(embargo_until__lte=timezone.now() + COMING)],
        "embargo_until", gettext_lazy("embargo ends"), descending=False,
    ),
]  # fmt: skip

# Part of the counts → its title, the list it leads to, its articles.
COLUMNS: list[tuple[str, Any, str, Callable[[], Any]]] = [
    ("draft", gettext_lazy("Draft"), "state__exact=draft", lambda: waiting.state(DeskState.DRAFT)),
    (
        "in_review", gettext_lazy("In review"), "state__exact=in_review",
        lambda: waiting.state(DeskState.IN_REVIEW),
    ),
    (
        "changes_requested", gettext_lazy("Changes"), "state__exact=changes_requested",
        lambda: waiting.state(DeskState.CHANGES_REQUESTED),
    ),
    ("ready", gettext_lazy("Ready"), "flag=ready", waiting.ready),
    ("hold", gettext_lazy("On hold"), "flag=hold", waiting.on_hold),
]  # fmt: skip


def board(user: Any, at: dt.datetime | None = None) -> Board:
    """Return what the first page shows this user, in ten queries at the most."""
    at = at or timezone.now()
    found = Board(zone=timezone.get_current_timezone_name())
    sections = {row.pk: row for row in Section.objects.order_by("path")}
    if user.has_perm("articles.view_article"):
        parts = _queues(user, sections, at)
        for queue in QUEUES:
            if queue.name in parts and queue.place != "schedule":
                getattr(found, queue.place).append(parts[queue.name])
        publications = _publications(sections, at)
        found.readers = [publications["published"], publications["corrected"]]
        found.schedule = _schedule(publications["scheduled"], parts["embargoes"])
        found.days = _days(found.schedule.rows)
        found.columns = [(title, _list(query)) for _name, title, query, _rows in COLUMNS]
        found.counts = _counts(sections)
        found.charts = [
            charts.published_by_day(sections, at),
            charts.submit_to_publish(at),
        ]
    if user.has_perm("articles.view_importeddocument"):
        found.side.append(_needs_editor())
    if user.has_perm("articles.view_photo"):
        found.side.append(_files_to_supply())
    return found


def _list(query: str) -> str:
    return f"{reverse(_ARTICLES)}?{query}"


def _article(pk: int | None) -> str:
    return reverse("admin:articles_article_change", args=[pk])


def _union(arms: Iterable[Any]) -> list[Any]:
    first, *others = arms
    return list(first.union(*others, all=True))


def _first(rows: Any, count: int) -> Any:
    """Return the first so many of an ordered list, in a form that stands in a union anywhere."""
    return rows.model._default_manager.filter(pk__in=rows.values("pk")[:count]).order_by()


def _named(rows: Any, name: str) -> Any:
    return rows.annotate(part=Value(name, output_field=CharField()))


def _queues(user: Any, sections: dict[int, Section], at: dt.datetime) -> dict[str, Part]:
    queues = [
        queue
        for queue in QUEUES
        if not queue.permission or user.has_perm(f"articles.{queue.permission}_article")
    ]
    columns = ("part", "pk", "headline", "slugline", "section_id", "time")
    rows: dict[str, dict[int, Any]] = {queue.name: {} for queue in queues}
    arms = [
        _named(_first(arm, ROWS + 1), queue.name).annotate(time=F(queue.time)).values_list(*columns)
        for queue in queues
        for arm in queue.rows(user)
    ]
    for part, pk, *values in _union(arms):
        rows[part][pk] = values
    return {queue.name: _part(queue, rows[queue.name], sections, at) for queue in queues}


def _part(
    queue: Queue, found: dict[int, Any], sections: dict[int, Section], at: dt.datetime
) -> Part:
    ordered = sorted(found.items(), key=lambda row: row[1][3], reverse=queue.descending)
    rows = []
    for pk, (headline, slugline, section, time) in ordered[:ROWS]:
        text = str(Article(pk=pk, headline=headline, slugline=slugline))
        told = str(queue.told) % {"time": clock(time, at)}
        detail = " · ".join(filter(None, [_section(sections, section), told]))
        rows.append(Row(text, _article(pk), detail, time, queue.name))
    return Part(
        queue.name, str(queue.title), _list(queue.query), str(queue.nothing), rows,
        len(ordered) > ROWS,
    )  # fmt: skip


def _section(sections: dict[int, Section], pk: int | None) -> str:
    return sections[pk].name if pk in sections else ""


def _publications(sections: dict[int, Section], at: dt.datetime) -> dict[str, Part]:
    begun = Publication.objects.filter(live_from__lte=at).exclude(live_until=F("live_from"))
    newest = begun.exclude(headline="").order_by("-live_from", "-id")
    arms = {
        "scheduled": Publication.objects.pending(at)
        .filter(live_from__lte=at + COMING)
        .order_by("live_from", "id"),
        "published": newest.filter(kind=PublicationKind.FIRST),
        "corrected": newest.filter(kind=PublicationKind.CORRECTION),
    }
    columns = ("part", "article_id", "headline", "kind", "live_from", "section_id")
    found: dict[str, list[Row]] = {name: [] for name in arms}
    limited = [
        _named(_first(rows, ROWS + 1), name).values_list(*columns) for name, rows in arms.items()
    ]
    for name, article, headline, kind, live_from, section in _union(limited):
        told = [_section(sections, section)]
        told.append(
            str(PublicationKind(kind).label) if name == "scheduled" else clock(live_from, at)
        )
        detail = " · ".join(filter(None, told))
        found[name].append(Row(headline, _article(article), detail, live_from, name))
    records = reverse("admin:articles_publication_changelist")
    titles = {
        "scheduled": (
            _("Schedule"),
            _list("public=scheduled"),
            _("Nothing is scheduled, and no embargo ends: schedule what is ready."),
        ),
        "published": (
            _("Recently published"), _list("public=published"), _("Nothing is public yet."),
        ),
        "corrected": (
            _("Recently corrected"),
            f"{records}?kind__exact=correction",
            _("No correction was published."),
        ),
    }  # fmt: skip
    return {
        name: Part(name, title, url, nothing, *_ordered(found[name], name != "scheduled"))
        for name, (title, url, nothing) in titles.items()
    }


def _ordered(rows: list[Row], descending: bool) -> tuple[list[Row], bool]:
    rows = sorted(rows, key=lambda row: row.at or timezone.now(), reverse=descending)
    return rows[:ROWS], len(rows) > ROWS


def _schedule(scheduled: Part, embargoes: Part) -> Part:
    """Return what is to come in the next days, publications and ends of embargoes in one."""
    rows, more = _ordered([*scheduled.rows, *embargoes.rows], descending=False)
    more = more or scheduled.more or embargoes.more
    return Part("schedule", scheduled.title, scheduled.url, scheduled.nothing, rows, more)


def _days(rows: list[Row]) -> list[Day]:
    """Group rows by their day in the site's zone."""
    days = groupby(rows, key=lambda row: timezone.localdate(row.at))
    return [Day(date_format(day, "l, j M"), list(group)) for day, group in days]


def _counts(sections: dict[int, Section]) -> list[SectionCounts]:
    """Count the newest of each state by top section, those under it included."""
    arms = [
        _named(_first(rows(), COUNTED), name)
        .values("part", "section_id")
        .annotate(n=Count("pk"))
        .values_list("part", "section_id", "n")
        for name, _title, _query, rows in COLUMNS
    ]
    numbers: dict[str, dict[str, int]] = {}
    for part, section, n in _union(arms):
        top = sections[section].path.split("/")[0] if section in sections else ""
        of_top = numbers.setdefault(top, {})
        of_top[part] = of_top.get(part, 0) + n
    tops = [row for row in sections.values() if row.path in numbers]
    tops.sort(key=lambda row: (row.position, row.name))
    found = [_section_counts(row.name, row.path, numbers[row.path]) for row in tops]
    if "" in numbers:
        found.append(_section_counts(_("No section"), "", numbers[""]))
    return found


def _section_counts(name: str, path: str, numbers: dict[str, int]) -> SectionCounts:
    cells = [
        (str(numbers.get(part, 0)), _list(f"section={path}&{query}" if path else query))
        for part, _title, query, _rows in COLUMNS
    ]
    return SectionCounts(name, cells)


def _needs_editor() -> Part:
    """List imports with open questions that no editor has saved and nobody has published."""
    saved = Revision.objects.filter(article=OuterRef("article"), origin=Origin.FORM)
    published = Publication.objects.filter(article=OuterRef("article"))
    asked = ImportedDocument.objects.filter(outcome=Outcome.NEEDS_EDITOR).order_by("-id")
    newest = asked.values("pk")[:IMPORTS]
    rows = (
        ImportedDocument.objects.filter(~Exists(saved), ~Exists(published), pk__in=newest)
        .select_related("article")
        .only("external_id", "created_at", "article__headline", "article__slugline")
        .order_by("-id")[: ROWS + 1]
    )
    found = [
        Row(str(row.article or row), _article(row.article_id), row.external_id) for row in rows
    ]
    return Part(
        "imports",
        _("Imports that need an editor"),
        reverse("admin:articles_importeddocument_changelist") + "?outcome__exact=needs_editor",
        _("None: every import was clear."),
        found[:ROWS],
        len(found) > ROWS,
    )


def _files_to_supply() -> Part:
    used = Placement.objects.filter(photo=OuterRef("pk"))
    rows = Photo.objects.filter(Exists(used), file="", killed_at=None).order_by("-id")[: ROWS + 1]
    found = [
        Row(str(row), reverse("admin:articles_photo_change", args=[row.pk]), row.expected_file)
        for row in rows
    ]
    return Part(
        "files",
        _("Files to supply"),
        reverse("admin:articles_photo_changelist") + "?missing=yes",
        _("Every photo has its file."),
        found[:ROWS],
        len(found) > ROWS,
    )
