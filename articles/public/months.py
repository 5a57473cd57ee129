"""The months that have stories, and since when each is as it is; cheap at a million stories.

Months are those of the site's time zone, by the date a story carries. A file of a month holds what
is listed among ``PART`` of its publications, so that files are counted and begin along an index,
whatever is listed at the moment. What was found is remembered, and only months that something
changed in are looked at again. To know when a month last changed takes a look at all its rows: no
more than ``_AT_ONCE`` months get one for one answer, and until its turn comes a month is listed
without that time.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import DateTimeField, F, IntegerField, Q, QuerySet, Subquery
from django.utils import timezone

from articles import readings, remembering
from articles.models import Publication, Section
from articles.prepared import Prepared
from articles.public import lists
from articles.querysets import PublicationQuerySet

PART = 1000  # publications of one file
_LATELY = 1000  # changes, after more of which all months are looked at again
_AT_ONCE = 24
_IN_ONE_QUERY = 200
# What is written at one moment may be seen a little later, when its transaction ends.
_SETTLED = dt.timedelta(minutes=1)
# With a limit PostgreSQL takes a month's rows; without, it seeks the latest time of all that falls
# into the month, and walks from today to a month long ago.
_MORE_THAN_A_MONTH = 10_000_000
_PATIENCE = 10  # seconds
_looking = threading.Lock()


class Month(NamedTuple):
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

    def part(self, number: int, at: dt.datetime) -> PublicationQuerySet:
        """Return the stories of one of the month's files, oldest first."""
        rows = self.within(Publication.objects.order_by("published_at", "pk"))
        held = rows.values("pk")[(number - 1) * PART : number * PART]
        return Publication.objects.listed(at).filter(pk__in=held).order_by("published_at", "pk")

    def stories(self, at: dt.datetime) -> PublicationQuerySet:
        return self.within(Publication.objects.listed(at))

    def within(self, rows: PublicationQuerySet) -> PublicationQuerySet:
        return rows.filter(published_at__gte=self.begins, published_at__lt=self.following.begins)


class State(NamedTuple):
    """``changed_at`` is when what stands in the month last changed, None while that is not known;
    ``parts`` the number of its files."""

    changed_at: dt.datetime | None
    parts: int


class _Seen(NamedTuple):
    """What is remembered: the months as of a moment, as JSON since they are seldom looked at.

    ``newest`` is the key of the newest publication then, ``late`` those of the ones that came so
    shortly before that others of their time may have been missed. ``is_whole`` says that all times
    are known.
    """

    at: dt.datetime
    newest: int
    late: frozenset[int]
    is_whole: bool
    written: str

    @property
    def months(self) -> dict[Month, State]:
        return {
            Month(year, month): State(dt.datetime.fromisoformat(time) if time else None, parts)
            for year, month, time, parts in json.loads(self.written)
        }


def month_of(moment: dt.datetime) -> Month:
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return Month(local.year, local.month)


def states(at: dt.datetime) -> dict[Month, State]:
    """Return the months in which listed stories stand, and how each is."""
    seen: _Seen = readings.ask(_seen, at)
    return seen.months


def _seen(at: dt.datetime, known: readings.Known) -> _Seen:
    """Return the months at a moment; as they are remembered if nothing has changed."""
    key = f"sitemap-months:{settings.TIME_ZONE}:{PART}".replace("/", "-")
    if key not in known:
        last: _Seen | None = remembering.recall([key]).get(key)
        if last is not None and last.is_whole:
            known[key] = _looked(key, last, at)
        else:
            with _alone():
                known[key] = _looked(key, remembering.recall([key]).get(key), at)
    seen: _Seen = known[key]
    return seen


def _looked(key: str, last: _Seen | None, at: dt.datetime) -> _Seen:
    """Return the months at a moment, given what is remembered of them, and remember that.

    Whoever asks at the same time may have remembered what was true a little later.
    """
    is_before = last is not None and last.at - _SETTLED <= at
    found = _updated(last, at) if last is not None and is_before else _made(at)
    if found is not last and (last is None or is_before) and at <= timezone.now():
        remembering.keep({key: found}, None)
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """Have one thread look at many months: others wait a while for what it will remember."""
    is_mine = _looking.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if is_mine:
            _looking.release()


def _updated(seen: _Seen, at: dt.datetime) -> _Seen:
    """Look again at the months in which something changed since."""
    since = _since(_LATELY)(at, seen.at - _SETTLED, seen.newest)
    if len(since) > _LATELY:
        return _made(at)
    rows = [row for row in since if row[0] not in seen.late]
    if not rows and seen.is_whole:
        return seen
    before, changed = seen.months, dict[Month, dt.datetime]()
    for _pk, live_from, published_at, _other in rows:
        month = month_of(published_at)
        changed[month] = max(live_from, changed.get(month, live_from))
    # A story that carries another date now has left the month of the one it had.
    touched = sorted({month_of(row[-1]) for row in rows})
    found = {month: state for month, state in before.items() if month not in touched}
    for month, state in _look(touched, at).items():
        last = before[month].changed_at if month in before else None
        if last is not None:
            state = state._replace(changed_at=max(last, changed.get(month, last)))
        found[month] = state
    newest = max([seen.newest, *(row[0] for row in rows)])
    return _with_times(found, at, newest, _late(since, at))


def _made(at: dt.datetime) -> _Seen:
    newest = Publication.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    late = _late(_since(_LATELY)(at, at - _SETTLED, newest), at)
    return _with_times(_look(_all(at), at), at, newest, late)


def _late(rows: Iterable[tuple[Any, ...]], at: dt.datetime) -> frozenset[int]:
    return frozenset(pk for pk, live_from, *_dates in rows if live_from > at - _SETTLED)


def _with_times(
    found: dict[Month, State], at: dt.datetime, newest: int, late: frozenset[int]
) -> _Seen:
    """Look when some of the months changed of which that is not known, the latest first."""
    unknown = sorted(month for month, state in found.items() if state.changed_at is None)
    for month, moment in _changes(unknown[-_AT_ONCE:], at).items():
        found[month] = found[month]._replace(changed_at=moment)
    rows = [
        (*month, state.changed_at.isoformat() if state.changed_at else "", state.parts)
        for month, state in found.items()
    ]
    return _Seen(at, newest, late, len(unknown) <= _AT_ONCE, json.dumps(rows))


@cache
def _since(most: int) -> Prepared:
    """Return the query of what came, or was written, after a moment, with every date its story
    ever carried."""

    def build(at: dt.datetime, since: dt.datetime, newest: int) -> QuerySet[Publication, Any]:
        rows = Publication.objects.filter(Q(live_from__gt=since) | Q(pk__gt=newest))
        rows = rows.filter(~Q(live_from__gt=at)).exclude(live_until=F("live_from")).order_by()
        carried = "article__publications__published_at"
        return rows.values_list("pk", "live_from", "published_at", carried)[: most + 1]

    return Prepared(build)


def _all(at: dt.datetime) -> list[Month]:
    """Return the months from the first to the last in which listed stories stand."""
    times = Publication.objects.listed(at).order_by("published_at").values_list("published_at")
    oldest, newest = times.first(), times.last()
    if oldest is None or newest is None:
        return []
    last, months = month_of(newest[0]), [month_of(oldest[0])]
    while months[-1] < last:
        months.append(months[-1].following)
    return months


class _Of(Subquery):
    """What one SQL function, ``function``, makes of the rows of a subquery."""

    template = "(SELECT %(function)s FROM (%(subquery)s) counted)"


def _look(months: list[Month], at: dt.datetime) -> dict[Month, State]:
    """Return those of some months that have stories, each up to its newest one, in two queries."""
    newest = _asked(
        {
            month: Subquery(month.stories(at).newest_first().values("published_at")[:1])
            for month in months
        }
    )
    counted = {}
    for month, last in newest.items():
        rows = month.within(Publication.objects.filter(published_at__lte=last)).order_by()
        counted[month] = _Of(rows.values("pk"), function="COUNT(*)", output_field=IntegerField())
    return {month: State(None, math.ceil(n / PART)) for month, n in _asked(counted).items()}


def _changes(months: list[Month], at: dt.datetime) -> dict[Month, dt.datetime]:
    """Return when some months last changed, in one query."""
    asked = {}
    for month in months:
        rows = month.within(lists.begun(at)).order_by().values("live_from")[:_MORE_THAN_A_MONTH]
        asked[month] = _Of(rows, function="MAX(live_from)", output_field=DateTimeField())
    return _asked(asked)


def _asked(subqueries: Mapping[Month, Subquery]) -> dict[Month, Any]:
    """Return the values of some subqueries, without those of none.

    They are asked beside any section: where there are stories, there is one.
    """
    found: dict[Month, Any] = {}
    for months in _chunks(list(subqueries)):
        names = {f"m{month.year}_{month.month}": subqueries[month] for month in months}
        row = Section.objects.order_by("pk").annotate(**names).values_list(*names)[:1].get()
        found |= {
            month: value for month, value in zip(months, row, strict=True) if value is not None
        }
    return found


def _chunks(months: list[Month]) -> Iterable[list[Month]]:
    starts = range(0, len(months), _IN_ONE_QUERY)
    return (months[start : start + _IN_ONE_QUERY] for start in starts)
