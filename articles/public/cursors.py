"""Paging by cursor: a page says after which story it goes on, so that no page counts or skips.

A cursor is ``<microseconds since year 1>-<publication id>`` in hexadecimal, the place of one story
in the order newest first. New stories and removed ones shift nothing for a reader on page three.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from articles.models import Publication
from articles.querysets import PublicationQuerySet

_CURSOR = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,15})")
_START = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)

Place = tuple[dt.datetime, int]


class BadCursorError(ValueError):
    """A cursor that this site never gave out."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """The stories of one page; ``newer`` and ``older`` are query strings, empty at an end.

    ``here`` is the query string of the page itself, empty on the first.
    """

    stories: list[Publication]
    newer: str = ""
    older: str = ""
    here: str = ""


def encode(publication: Publication) -> str:
    """Return the cursor of a story's place."""
    return f"{(publication.published_at - _START) // _MICROSECOND:x}-{publication.pk:x}"


def decode(cursor: str) -> Place:
    """Return the time and id a cursor stands for; raises BadCursorError."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise BadCursorError(cursor)
    try:
        return _START + int(match[1], 16) * _MICROSECOND, int(match[2], 16)
    except OverflowError as error:
        raise BadCursorError(cursor) from error


def read_page(
    publications: PublicationQuerySet, parameters: Mapping[str, str], size: int
) -> ListPage:
    """Return the page that ``?before=`` or ``?after=`` names; raises BadCursorError."""
    if "after" in parameters:
        page = _page_after(publications, parameters["after"], size)
        if page is not None:
            return page
        # There is nothing newer than this page would show: it is the first one.
        return _page_before(publications, None, size)
    return _page_before(publications, parameters.get("before"), size)


def _page_after(publications: PublicationQuerySet, cursor: str, size: int) -> ListPage | None:
    rows = list(_newer_than(publications, decode(cursor))[: size + 1])
    if len(rows) <= size:
        return None
    stories = rows[size - 1 :: -1]
    return ListPage(stories, f"?after={encode(stories[0])}", _older(stories), f"?after={cursor}")


def _page_before(publications: PublicationQuerySet, cursor: str | None, size: int) -> ListPage:
    rows = publications.newest_first()
    if cursor is None:
        found = list(rows[: size + 1])
    else:
        found = list(_older_than(rows, decode(cursor))[: size + 1])
    stories = found[:size]
    return ListPage(
        stories,
        newer=f"?after={encode(stories[0])}" if cursor and stories else "",
        older=_older(stories) if len(found) > size else "",
        here=f"?before={cursor}" if cursor else "",
    )


def _older(stories: list[Publication]) -> str:
    return f"?before={encode(stories[-1])}"


def _older_than(publications: PublicationQuerySet, place: Place) -> PublicationQuerySet:
    moment, pk = place
    older = Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=pk)
    # The first condition is implied by the second, and lets the database start at the place.
    return publications.filter(published_at__lte=moment).filter(older)


def _newer_than(publications: PublicationQuerySet, place: Place) -> PublicationQuerySet:
    moment, pk = place
    newer = Q(published_at__gt=moment) | Q(published_at=moment, pk__gt=pk)
    rows = publications.filter(published_at__gte=moment).filter(newer)
    return rows.order_by("published_at", "pk")
