"""Paging by cursor: a page says after which story it goes on, so that no page counts or skips.

A cursor is ``<microseconds since year 1>-<publication id>`` in hexadecimal, the place of one story
in the order newest first. New stories and removed ones shift nothing for a reader on page three.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from articles.listings import Load, Place, Stories
from articles.models import Publication

_CURSOR = re.compile(r"([0-9a-f]{1,15})-([0-9a-f]{1,15})")
_START = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


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
    return encode_place((publication.published_at, publication.pk))


def encode_place(place: Place) -> str:
    """Return the cursor of a place in some order of times and ids."""
    moment, pk = place
    return f"{(moment - _START) // _MICROSECOND:x}-{pk:x}"


def decode(cursor: str) -> Place:
    """Return the time and id a cursor stands for; raises BadCursorError."""
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise BadCursorError(cursor)
    try:
        return _START + int(match[1], 16) * _MICROSECOND, int(match[2], 16)
    except OverflowError as error:
        raise BadCursorError(cursor) from error


def read_page(stories: Stories, load: Load, parameters: Mapping[str, str], size: int) -> ListPage:
    """Return the page that ``?before=`` or ``?after=`` names; raises BadCursorError."""
    if "after" in parameters:
        page = _page_after(stories, load, parameters["after"], size)
        if page is not None:
            return page
        # There is nothing newer than this page would show: it is the first one.
        return _page_before(stories, load, None, size)
    return _page_before(stories, load, parameters.get("before"), size)


def _page_after(stories: Stories, load: Load, cursor: str, size: int) -> ListPage | None:
    rows = list(stories.newer(load, size + 1, decode(cursor)))
    if len(rows) <= size:
        return None
    shown = rows[size - 1 :: -1]
    return ListPage(shown, f"?after={encode(shown[0])}", _older(shown), f"?after={cursor}")


def _page_before(stories: Stories, load: Load, cursor: str | None, size: int) -> ListPage:
    if cursor is None:
        return first_page(list(stories.older(load, size + 1)), size)
    found = list(stories.older(load, size + 1, decode(cursor)))
    shown = found[:size]
    return ListPage(
        shown,
        newer=f"?after={encode(shown[0])}" if shown else "",
        older=_older(shown) if len(found) > size else "",
        here=f"?before={cursor}",
    )


def first_page(found: list[Publication], size: int) -> ListPage:
    """Return the first page of a list of which so many stories were asked for, and one more."""
    stories = found[:size]
    return ListPage(stories, older=_older(stories) if len(found) > size else "")


def _older(stories: list[Publication]) -> str:
    return f"?before={encode(stories[-1])}"
