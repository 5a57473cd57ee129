"""The first page's two charts, as figures that a template draws: bars in SVG, and the same table.

Both look at the last fourteen days in the site's zone, and at no more rows than those days have.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.choices import PublicationKind
from articles.models import Event, Publication, Section

DAYS = 14
# So many colours there are in the style sheet; the last is for all other sections.
SERIES = 6
# So many of the newest events are looked at.
EVENTS = 2_000

# The drawing's own units: a column for each day, a strip below for the days' names.
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 420, 150, 34, 18, 10


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    series: int
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale, or a name under the columns."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``series`` are the names of the colours, ``rows`` the table's (first cell the day)."""

    name: str
    title: str
    summary: str
    nothing: str
    series: list[str]
    bars: list[Bar]
    scale: list[Mark]
    days: list[Mark]
    rows: list[list[str]]
    viewbox: str = f"0 0 {WIDTH} {HEIGHT}"
    left: int = LEFT
    right: int = WIDTH


def published_by_day(sections: dict[int, Section], at: dt.datetime) -> Chart:
    """Chart the first publications of each day by top section, by the date stories carry."""
    days = _days(at)
    bounds = [_midnight(day) for day in [*days, days[-1] + dt.timedelta(days=1)]]
    counts: dict[str, Any] = {
        f"d{n}": Count("pk", filter=Q(published_at__gte=bounds[n], published_at__lt=bounds[n + 1]))
        for n in range(DAYS)
    }
    rows: Any = (
        Publication.objects.filter(
            kind=PublicationKind.FIRST, published_at__gte=bounds[0], live_from__lte=at
        )
        .exclude(live_until=F("live_from"))
        .order_by()
        .values("section_id")
        .annotate(**counts)
    )
    tops: dict[str, list[int]] = {}
    names = {row.path: row.name for row in sections.values()}
    for row in rows:
        path = sections[row["section_id"]].path.split("/")[0]
        numbers = tops.setdefault(path, [0] * DAYS)
        tops[path] = [n + row[f"d{day}"] for day, n in enumerate(numbers)]
    series = _series({names.get(path, path): numbers for path, numbers in tops.items()})
    total = sum(sum(numbers) for _name, numbers in series)
    summary = ngettext(
        "%(n)d story in %(days)d days.", "%(n)d stories in %(days)d days.", total
    ) % {"n": total, "days": DAYS}
    return _stacked(
        "published", _("Published per day and section"), summary,
        _("Nothing was published in these days."), days, series, str,
    )  # fmt: skip


def submit_to_publish(at: dt.datetime) -> Chart:
    """Chart the median time from the last submission of a story to its publication, by day."""
    days = _days(at)
    submitted = Event.objects.filter(
        article=OuterRef("article"), number__lt=OuterRef("number"), action="submit"
    )
    rows = (
        Event.objects.filter(action="publish", at__gte=_midnight(days[0]))
        .annotate(submitted_at=Subquery(submitted.order_by("-number").values("at")[:1]))
        .order_by("-at", "-id")
        .values_list("at", "submitted_at")[:EVENTS]
    )
    minutes: dict[dt.date, list[float]] = {day: [] for day in days}
    for published_at, submitted_at in rows:
        day = timezone.localdate(published_at)
        if submitted_at is not None and day in minutes:
            minutes[day].append((published_at - submitted_at).total_seconds() / 60)
    medians = [round(statistics.median(times)) if times else 0 for times in minutes.values()]
    every = [time for times in minutes.values() for time in times]
    title = _("Median time from submission to publication")
    summary = _("Median of %(days)d days: %(time)s.") % {
        "days": DAYS,
        "time": duration(round(statistics.median(every))) if every else "–",
    }
    return _stacked(
        "times", title, summary, _("Nothing was submitted and published in these days."),
        days, [(_("Median"), medians)] if every else [], duration, _hours,
    )  # fmt: skip


def _hours(minutes: int) -> str:
    return _("%(n)s h") % {"n": number_format(minutes / 60, 1)}


def duration(minutes: int) -> str:
    """Return minutes in words: "45 min", "2 h 5 min", "3 d 4 h"."""
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": rest}
    return _("%(d)d d %(h)d h") % {"d": hours // 24, "h": hours % 24}


def _days(at: dt.datetime) -> list[dt.date]:
    today = timezone.localdate(at)
    return [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _series(by_name: dict[str, list[int]]) -> list[tuple[str, list[int]]]:
    """Return the largest series first; those beyond the colours become one."""
    ordered = sorted(by_name.items(), key=lambda row: (-sum(row[1]), row[0]))
    shown, rest = ordered[: SERIES - 1], ordered[SERIES - 1 :]
    if len(rest) > 1:
        rest = [(_("Other sections"), [sum(day) for day in zip(*dict(rest).values(), strict=True)])]
    return shown + rest


def _stacked(
    name: str,
    title: str,
    summary: str,
    nothing: str,
    days: list[dt.date],
    series: list[tuple[str, list[int]]],
    told: Callable[[int], str],
    scaled: Callable[[int], str] = str,
) -> Chart:
    sums = [sum(numbers[day] for _name, numbers in series) for day in range(len(days))]
    top = max(sums, default=0)
    step = (WIDTH - LEFT) / len(days)
    scale = (HEIGHT - BOTTOM - TOP) / top if top else 0
    bars = []
    for day, date in enumerate(days):
        y = float(HEIGHT - BOTTOM)
        for number, (label, numbers) in enumerate(series):
            height = numbers[day] * scale
            y -= height
            if numbers[day]:
                text = f"{date_format(date, 'j M')}, {label}: {told(numbers[day])}"
                x = LEFT + day * step + step * 0.15
                bars.append(
                    Bar(f"{x:.1f}", f"{y:.1f}", f"{step * 0.7:.1f}", f"{height:.1f}", number, text)
                )
    marks: list[tuple[int, float]] = [(0, HEIGHT - BOTTOM), *([(top, TOP)] if top else [])]
    if top > 1:
        marks.insert(1, (top // 2, HEIGHT - BOTTOM - (top // 2) * scale))
    return Chart(
        name=name,
        title=title,
        summary=summary,
        nothing="" if top else nothing,
        series=[label for label, _numbers in series],
        bars=bars,
        scale=[
            Mark(str(LEFT - 5), f"{y:.1f}", scaled(value) if value else "0") for value, y in marks
        ],
        days=[
            Mark(f"{LEFT + day * step + step / 2:.1f}", str(HEIGHT - 5), date_format(date, "j"))
            for day, date in enumerate(days)
        ],
        rows=[
            [
                date_format(date, "D, j M"),
                *(told(numbers[day]) if numbers[day] else "–" for _name, numbers in series),
            ]
            for day, date in enumerate(days)
        ],
    )
