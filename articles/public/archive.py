"""The calendar of everything that was published: years, months, days, in the site's time zone.

A period has stories if one step along the index of dates says so; all periods of a page are asked
in one query. Nothing is counted.
"""

from __future__ import annotations

import calendar
import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists
from django.http import Http404
from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from articles import dates, listings, pages
from articles.models import Publication, Section
from articles.public import cursors, lists
from articles.public.filters import day_of, start_of
from articles.public.responses import ReaderView
from articles.public.structured_data import json_ld, list_page
from articles.querysets import PublicationQuerySet

_MOST_YEARS = 200  # that are asked for, from the newest back
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, month or day, from ``first`` to before ``end``; without stories it has no ``url``."""

    first: dt.date
    end: dt.date
    label: str
    url: str = ""


class Archive:
    """What was published, as of a moment, by days of the site's calendar."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def between(self, first: dt.date, end: dt.date) -> PublicationQuerySet:
        """Return the stories dated from one day to before another."""
        rows = Publication.objects.listed(self.at)
        return rows.filter(published_at__gte=start_of(first), published_at__lt=start_of(end))

    def newest(self, before: dt.date | None = None) -> dt.date | None:
        """Return the last day with stories, of those before a day if one is given."""
        rows = Publication.objects.listed(self.at)
        if before:
            rows = rows.filter(published_at__lt=start_of(before))
        return _day(rows.newest_first().values_list("published_at", flat=True).first())

    def oldest(self, since: dt.date | None = None) -> dt.date | None:
        """Return the first day with stories, of those from a day on if one is given."""
        rows = Publication.objects.listed(self.at)
        if since:
            rows = rows.filter(published_at__gte=start_of(since))
        rows = rows.order_by("published_at", "id")
        return _day(rows.values_list("published_at", flat=True).first())

    def with_stories(self, periods: Sequence[Period]) -> list[bool]:
        """Return of each period whether there are stories in it, in one query."""
        if not periods:
            return []
        asked = {
            f"has_{n}": Exists(self.between(period.first, period.end).order_by())
            for n, period in enumerate(periods)
        }
        # Any one row to ask beside; where there are stories there is a section.
        found = Section.objects.order_by().annotate(**asked).values_list(*asked).first()
        return list(found) if found else [False] * len(periods)


class ArchiveView(ReaderView, TemplateView):
    """A page of the calendar: its trail, and the periods before and after it that have stories."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.archive = Archive(self.at)
        self.here = self.request.path
        context = self.shown(**kwargs)
        title = context["title"]
        return super().get_context_data(
            at=self.at,
            **{
                "canonical": pages.absolute(self.here),
                "structured_data": json_ld(list_page(title, self.here)),
                **context,
            },
        )

    def tags(self) -> set[str]:
        return {"archive"}

    @abstractmethod
    def shown(self, **parts: int) -> dict[str, Any]:
        """Return what the page shows; raises Http404 where nothing was published."""

    def stories(self, first: dt.date, end: dt.date) -> cursors.ListPage:
        """Return the page of a period's stories that the address asks for."""
        rows = listings.stories("", (), self.archive.between(first, end))
        try:
            return cursors.read_page(rows, lists.cards, self.request.GET, settings.LIST_PAGE_SIZE)
        except cursors.BadCursorError as error:
            raise Http404 from error


class YearsView(ArchiveView):
    template_name = "articles/archive.html"

    def shown(self, **parts: int) -> dict[str, Any]:
        newest, oldest = self.archive.newest(), self.archive.oldest()
        years: list[Period] = []
        if newest and oldest:
            first = max(oldest.year, newest.year - _MOST_YEARS + 1)
            years = [_year(number) for number in range(newest.year, first - 1, -1)]
        has = self.archive.with_stories(years)
        return {
            "title": _("Archive"),
            "years": [year for year, there_are in zip(years, has, strict=True) if there_are],
            "months": _linked(self.archive, _months(newest.year)) if newest else [],
            "newest": newest,
            "oldest": oldest,
        }


class YearView(ArchiveView):
    template_name = "articles/archive_year.html"

    def shown(self, **parts: int) -> dict[str, Any]:
        year = _year(parts["year"])
        months = _linked(self.archive, _months(year.first.year))
        if not any(month.url for month in months):
            raise Http404
        before, after = self.archive.newest(before=year.first), self.archive.oldest(since=year.end)
        return {
            "title": year.label,
            "year": year,
            "months": months,
            "before": _year(before.year) if before else None,
            "after": _year(after.year) if after else None,
        }


class MonthView(ArchiveView):
    template_name = "articles/archive_month.html"

    def shown(self, **parts: int) -> dict[str, Any]:
        month = _month(parts["year"], parts["month"])
        days = _linked(self.archive, _days(month))
        if not any(day.url for day in days):
            raise Http404
        before = self.archive.newest(before=month.first)
        after = self.archive.oldest(since=month.end)
        page = self.stories(month.first, month.end)
        return {
            "title": month.label,
            "month": month,
            "year": _year(month.first.year),
            "weekdays": _weekdays(),
            "weeks": _weeks(days),
            "list": page,
            "canonical": pages.absolute(f"{self.here}{page.here}"),
            "before": _month(before.year, before.month) if before else None,
            "after": _month(after.year, after.month) if after else None,
        }


class DayView(ArchiveView):
    template_name = "articles/archive_day.html"

    def shown(self, **parts: int) -> dict[str, Any]:
        try:
            first = dt.date(parts["year"], parts["month"], parts["day"])
            day = _of_day(first)
        except (ValueError, OverflowError) as error:
            raise Http404 from error
        page = self.stories(day.first, day.end)
        if not page.stories:
            raise Http404
        before, after = self.archive.newest(before=day.first), self.archive.oldest(since=day.end)
        return {
            "title": dates.day_of_week(first),
            "day": day,
            "month": _month(first.year, first.month),
            "year": _year(first.year),
            "list": page,
            "canonical": pages.absolute(f"{self.here}{page.here}"),
            "before": _of_day(before) if before else None,
            "after": _of_day(after) if after else None,
        }


def _day(moment: dt.datetime | None) -> dt.date | None:
    return day_of(moment) if moment else None


def _year(number: int) -> Period:
    first, end = _bounds(number, 1, number + 1, 1)
    return Period(first, end, str(number), reverse("articles:archive-year", args=[number]))


def _month(year: int, month: int) -> Period:
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    first, end = _bounds(year, month, *following)
    url = reverse("articles:archive-month", args=[year, month])
    return Period(first, end, dates.month(first), url)


def _of_day(day: dt.date) -> Period:
    url = reverse("articles:archive-day", args=[day.year, day.month, day.day])
    return Period(day, day + _DAY, dates.day(day), url)


def _bounds(year: int, month: int, end_year: int, end_month: int) -> tuple[dt.date, dt.date]:
    """Return first day and end; the first and the last year there are have no page."""
    if not 1 < year < 9998 or not 1 <= month <= 12:
        raise Http404
    return dt.date(year, month, 1), dt.date(end_year, end_month, 1)


def _months(year: int) -> list[Period]:
    return [_month(year, month) for month in range(1, 13)]


def _days(month: Period) -> list[Period]:
    number = (month.end - month.first).days
    return [_of_day(month.first + n * _DAY) for n in range(number)]


def _linked(archive: Archive, periods: Sequence[Period]) -> list[Period]:
    """Return the periods, those without stories without an address."""
    has = archive.with_stories(periods)
    return [
        period if there_are else Period(period.first, period.end, period.label)
        for period, there_are in zip(periods, has, strict=True)
    ]


def _first_weekday() -> int:
    """Return the day weeks begin with where the interface's language is spoken; Monday is 0."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _weekdays() -> list[tuple[Any, Any]]:
    """Return short and whole names of the days of a week, in order."""
    order = [(_first_weekday() + n) % 7 for n in range(7)]
    names: Mapping[int, Any] = WEEKDAYS
    return [(WEEKDAYS_ABBR[n], names[n]) for n in order]


def _weeks(days: Sequence[Period]) -> list[list[Period | None]]:
    """Return the days in rows of a week, None outside of the month."""
    first = days[0].first
    rows = calendar.Calendar(_first_weekday()).monthdayscalendar(first.year, first.month)
    return [[days[number - 1] if number else None for number in row] for row in rows]
