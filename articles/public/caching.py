"""How long an answer may be kept, since when it reads as it does, and what it is a page of.

The clock makes stories appear, so the times at which pages change by themselves are known before:
``EDGES`` lists the columns that hold them, each with an index of its own. No cache is allowed to
keep an answer past the next of them. ``Last-Modified`` is the last change anywhere on the site: a
page shows more than its own story (what is related, the sections, a photo's credit), and one that
was taken back makes no other newer.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db.models import F, Model, Q, QuerySet, Subquery
from django.utils import timezone

from articles.models import Front, Photo, Publication, Section, Slot
from articles.prepared import Prepared

_Edge = tuple[type[Model], str, Q]
_HAPPENS = Q(live_until=None) | ~Q(live_until=F("live_from"))
# Where the times stand at which readers get something else: model, column, and for which rows.
EDGES: list[_Edge] = [
    (Publication, "live_from", _HAPPENS),
    (Photo, "usable_from", Q()),
    (Photo, "usable_until", Q()),
    (Photo, "killed_at", Q()),
    (Front, "live_from", _HAPPENS),
    (Slot, "pinned_until", Q()),
]
# What is written at one moment may be seen a little later, when its transaction ends.
SETTLED = dt.timedelta(seconds=5)
_DAY = 24 * 60 * 60
# How long shared caches keep what was (seconds). It is for ever but for kills and for what is told
# of it later, and those purge by tag.
PAST_SECONDS = _DAY
# Changes that are no story's, like a photo's new credit, are looked for in the desk's last entries.
_LOG_ENTRIES = 1000
_LONGEST_TAGS = 4000
_CODE = ("articles", "newsroom", "static", "templates")


@dataclass(frozen=True, slots=True)
class Times:
    """``next_change`` is None when nothing is to come; ``last_change`` is never None."""

    next_change: dt.datetime | None
    last_change: dt.datetime

    def and_at(self, moment: dt.datetime | None) -> Times:
        """Return the times of a page that also changes by itself at this moment, if any."""
        if moment is None:
            return self
        return replace(self, next_change=min(moment, self.next_change or moment))


def times(at: dt.datetime, *, past: bool = False) -> Times:
    """Return when the site changes next after ``at`` and when it last did, in one query.

    What a page once was (``past``) changes with the rights in its photos only.
    """
    found = (_PAST_TIMES if past else _TIMES).first(at) or ()
    edges = sum(edge[0] is Photo or not past for edge in EDGES)
    to_come = [moment for moment in found[:edges] if moment]
    were = [moment for moment in found[edges:] if moment]
    return Times(min(to_come, default=None), max([*were, _midnight(at), code_changed_at()]))


def _times(at: dt.datetime, *, past: bool) -> QuerySet[Any, Any]:
    """Return the query of the times to come, edge by edge, and then of those that were."""
    edges = [edge for edge in EDGES if edge[0] is Photo or not past]
    first = {f"next_{n}": _moment(edge, at, "gt") for n, edge in enumerate(edges)}
    last = {f"last_{n}": _moment(edge, at, "lte") for n, edge in enumerate(EDGES)}
    made = Publication.objects.filter(pk__gt=0, live_from__lte=at).order_by("-pk")
    rows = Section.objects.order_by().annotate(
        **first,
        **last,
        last_made=Subquery(made.values("created_at")[:1]),
        last_edit=Subquery(_edits()),
    )
    return rows.values_list(*first, *last, "last_made", "last_edit").order_by("pk")[:1]


def next_change(at: dt.datetime) -> dt.datetime | None:
    return times(at).next_change


def fresh_until(found: Times, at: dt.datetime) -> dt.datetime:
    """Return until when a page made at ``at`` reads the same, if nobody does anything."""
    local = timezone.localtime(at, timezone.get_default_timezone()).date()
    tomorrow = dt.datetime.combine(local + dt.timedelta(days=1), dt.time.min)
    midnight = timezone.make_aware(tomorrow, timezone.get_default_timezone())
    return min(midnight, found.next_change or midnight)


def last_change(at: dt.datetime) -> dt.datetime:
    return times(at).last_change


def last_modified(changed_at: dt.datetime, now: dt.datetime) -> int | None:
    """Return the Last-Modified of an answer in Unix seconds, None while it can't be told apart.

    The date has whole seconds: rounded up, so that a change later in the same second has a later
    date. Just after a change there is none, since another may become visible with an older time.
    """
    if now - changed_at < SETTLED:
        return None
    return math.ceil(changed_at.timestamp())


def cache_control(
    fresh: int, until: dt.datetime | None, now: dt.datetime, *, may_be_stale: bool = True
) -> str:
    """Return the rule for caches of what may change at ``until`` at the earliest.

    A browser asks each time, so that who publishes sees it at once. Shared caches keep an answer
    ``fresh`` seconds, half as long again while they ask for a new one, and sixty times as long
    (a day at most) when there is none to be had; all of that ends before ``until``.
    """
    # A second less, since an answer is dated after it is made.
    left = math.inf if until is None else max(0, math.floor((until - now).total_seconds() - 1))
    kept = int(min(fresh, left))
    parts = [f"public, max-age=0, s-maxage={kept}"]
    if may_be_stale:
        rest = left - kept
        parts.append(f"stale-while-revalidate={int(min(fresh // 2, rest))}")
        parts.append(f"stale-if-error={int(min(fresh * 60, _DAY, rest))}")
    return ", ".join(parts)


def tag_header(tags: Iterable[str], separator: str) -> str:
    """Return tags as a header: sorted, in ASCII, as many as caches take."""
    written, length = [], 0
    for tag in sorted(set(tags)):
        name = quote(tag, safe=":/-_.~")
        length += len(name) + 1
        if length > _LONGEST_TAGS:
            break
        written.append(name)
    return separator.join(written)


def page_tags(publication: Any) -> set[str]:
    """Return the tags of a story's own page: the story, its photos, and stories it is tied to.

    The publication carries its article's ``uuid``; its photos were prefetched.
    """
    tied = {row["article"] for row in publication.related if row["article"]}
    return {
        f"article:{publication.uuid}",
        *(f"article:{uuid}" for uuid in tied),
        *(f"photo:{photo.uuid}" for photo in publication.photos.all()),
    }


def story_tags(publication: Publication, uuid: Any) -> set[str]:
    """Return what to purge when a story changes: its own page and each list it stands in."""
    stored = publication.credits
    parts = publication.section.path.split("/")
    return {
        f"article:{uuid}",
        "front",
        *(f"section:{'/'.join(parts[:length])}" for length in range(1, len(parts) + 1)),
        *(f"by:{row['slug']}" for row in stored.get("bylines", []) if row["slug"]),
        *(f"topic:{row['slug']}" for row in stored.get("topics", [])),
        *(f"source:{row['slug']}" for row in stored.get("sources", [])),
    }


@cache
def code_changed_at() -> dt.datetime:
    """Return when the newest file of templates, style and code was written; once a process."""
    files = (
        path for name in _CODE for path in Path(settings.BASE_DIR, name).rglob("*.*")
        if "__pycache__" not in path.parts
    )  # fmt: skip
    newest = max((path.stat().st_mtime for path in files), default=0.0)
    return dt.datetime.fromtimestamp(newest, dt.UTC)


def _moment(edge: _Edge, at: dt.datetime, lookup: Literal["gt", "lte"]) -> Subquery:
    """Return the first time of an edge after ``at``, or the last up to it: one step in an index."""
    model, column, which = edge
    rows = model._default_manager.filter(which, **{f"{column}__{lookup}": at})
    order = column if lookup == "gt" else f"-{column}"
    return Subquery(rows.order_by(order).values(column)[:1])


def _edits() -> Any:
    """Return when the desk last changed something but a working copy, which readers don't see."""
    newest = LogEntry.objects.filter(pk__gt=0).order_by("-pk").values("pk")[:1]
    rows = LogEntry.objects.filter(pk__gt=Subquery(newest) - _LOG_ENTRIES)
    rows = rows.exclude(content_type__app_label="articles", content_type__model="article")
    return rows.order_by("-pk").values("action_time")[:1]


def _midnight(at: dt.datetime) -> dt.datetime:
    """Return when the site's day began: every page carries its date."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(dt.UTC)


_TIMES = Prepared(partial(_times, past=False))
_PAST_TIMES = Prepared(partial(_times, past=True))
