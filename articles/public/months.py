"""The months that have stories, and since when each is as it is; cheap at a million stories.

Months are those of the site's time zone, by the date a story carries. Which have stories is asked
of the index month by month, in one query for all. When a month last changed is read off the newest
``_LATELY`` changes; a month that none of them concerns is looked at once and remembered for as long
as that tells that it has not changed. Of those, no more than ``_AT_ONCE`` are looked at for one
answer: until its turn comes a month is listed without that time.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, IntegerField, Subquery
from django.utils import timezone

from articles import remembering
from articles.models import Publication, Section
from articles.public import lists
from articles.querysets import PublicationQuerySet

PART = 10_000  # stories of one file
_LATELY = 1000
_AT_ONCE = 24
_IN_ONE_QUERY = 200


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def begins(self) -> dt.datetime:
        first = dt.datetime(self.year, self.month, 1, tzinfo=timezone.get_default_timezone())
        return first.astimezone(dt.UTC)

    @property
    def following(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def stories(self, at: dt.datetime) -> PublicationQuerySet:
        return self.within(Publication.objects.listed(at))

    def within(self, rows: PublicationQuerySet) -> PublicationQuerySet:
        return rows.filter(published_at__gte=self.begins, published_at__lt=self.following.begins)


@dataclass(frozen=True, slots=True)
class State:
    """``changed_at`` is when what stands in the month last changed, None while that is not known;
    ``parts`` the number of its files."""

    changed_at: dt.datetime | None
    parts: int = 1
    seen_at: dt.datetime | None = None


def month_of(moment: dt.datetime) -> Month:
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return Month(local.year, local.month)


def filled(at: dt.datetime) -> list[Month]:
    """Return the months in which listed stories stand, oldest first."""
    times = Publication.objects.listed(at).order_by("published_at").values_list("published_at")
    oldest, newest = times.first(), times.last()
    if oldest is None or newest is None:
        return []
    last, wanted = month_of(newest[0]), [month_of(oldest[0])]
    while wanted[-1] < last:
        wanted.append(wanted[-1].following)
    return [month for part in _chunks(wanted, _IN_ONE_QUERY) for month in _with_stories(part, at)]


def states(months: list[Month], at: dt.datetime) -> dict[Month, State]:
    """Return since when each month is as it is, and in how many files it stands."""
    lately, reach = _changed_lately(at)
    kept = remembering.recall([_key(month) for month in months])
    found: dict[Month, State] = {}
    unknown = []
    for month in reversed(months):
        state = kept.get(_key(month))
        if state is not None and _still_holds(state, lately.get(month), reach):
            found[month] = state
        else:
            found[month] = State(lately.get(month))
            unknown.append(month)
    seen = _look(unknown[:_AT_ONCE], at)
    remembering.keep({_key(month): state for month, state in seen.items()}, None)
    return {**found, **seen}


def _still_holds(state: State, lately: dt.datetime | None, reach: dt.datetime | None) -> bool:
    if lately is not None:
        return state.changed_at == lately
    # Nothing changed in the month since ``reach``: what was seen after it is true now.
    return reach is not None and state.seen_at is not None and state.seen_at >= reach


def _changed_lately(at: dt.datetime) -> tuple[dict[Month, dt.datetime], dt.datetime | None]:
    """Return the newest change of each month among the newest changes, and how far they reach."""
    rows = lists.begun(at).order_by("-live_from").values_list("live_from", "published_at")
    newest = list(rows[:_LATELY])
    changed: dict[Month, dt.datetime] = {}
    for live_from, published_at in newest:
        changed.setdefault(month_of(published_at), live_from)
    return changed, newest[-1][0] if newest else None


class _Of(Subquery):
    """What one SQL function, ``function``, makes of the rows of a subquery."""

    template = "(SELECT %(function)s FROM (%(subquery)s) counted)"


def _look(months: list[Month], at: dt.datetime) -> dict[Month, State]:
    """Count the stories of some months, and find their newest changes, in one query."""
    asked: dict[str, _Of] = {}
    for month in months:
        stories = month.stories(at).order_by().values("pk")
        changes = month.within(lists.begun(at)).order_by().values("live_from")
        asked[f"n{month.year}_{month.month}"] = _Of(
            stories, function="COUNT(*)", output_field=IntegerField()
        )
        asked[f"c{month.year}_{month.month}"] = _Of(
            changes, function="MAX(live_from)", output_field=DateTimeField()
        )
    row = _one_row(asked)
    return {
        month: State(
            changed_at=row[f"c{month.year}_{month.month}"],
            parts=max(1, math.ceil(row[f"n{month.year}_{month.month}"] / PART)),
            seen_at=at,
        )
        for month in months
    }


def _with_stories(months: list[Month], at: dt.datetime) -> Iterator[Month]:
    asked = {
        f"n{month.year}_{month.month}": Subquery(
            month.stories(at).newest_first().values("published_at")[:1]
        )
        for month in months
    }
    row = _one_row(asked)
    return (month for month in months if row[f"n{month.year}_{month.month}"] is not None)


def _one_row(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the values of some subqueries, asked beside any section: where there are stories,
    there is one."""
    if not asked:
        return {}
    return dict(Section.objects.order_by("pk").values(**asked)[:1].get())


def _chunks(months: list[Month], size: int) -> Iterable[list[Month]]:
    return (months[start : start + size] for start in range(0, len(months), size))


def _key(month: Month) -> str:
    return f"sitemap-month:{settings.TIME_ZONE}:{month}".replace("/", "-")
