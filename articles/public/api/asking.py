"""The parameters of the API's lists: words, page sizes, cursors and times."""

from __future__ import annotations

from articles.public import cursors
from articles.public.api import changes
from articles.public.api.parameters import MOST, USUAL, Parameter, read_limit, read_time
from articles.public.finding import BY_DATE, BY_RELEVANCE
from articles.search.interface import CANDIDATES

LONGEST = 500  # characters of a search

_NUMBER = "[0-9a-f]{1,15}"
_NOT_OURS = "This is no cursor of ours: take it from a next address as it is."
_GOES_ON = "Where a page goes on, as a `next` address has it."


def _read_cursor(text: str) -> str:
    try:
        cursors.decode(text)
    except cursors.BadCursorError:
        raise ValueError(_NOT_OURS) from None
    return text


def _read_after(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError(_NOT_OURS)
    return int(text)


def _read_words(text: str) -> str:
    if not 1 <= len(text) <= LONGEST:
        raise ValueError(f"Give 1 to {LONGEST} characters.")
    return text


def _read_sort(text: str) -> str:
    if text not in (BY_RELEVANCE, BY_DATE):
        raise ValueError(f"Give {BY_RELEVANCE} or {BY_DATE}.")
    return text


LIMIT = Parameter(
    "limit",
    f"How many items a page holds at most; {USUAL} if not given.",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    read_limit,
    default=USUAL,
    example=10,
)
CURSOR = Parameter(
    "cursor",
    _GOES_ON,
    {"type": "string", "pattern": rf"^[0-9a-f]{{1,14}}-{_NUMBER}$"},
    _read_cursor,
)
AFTER = Parameter(
    "cursor", _GOES_ON, {"type": "string", "pattern": "^[0-9]{1,15}$"}, _read_after, default=0
)
SINCE = Parameter(
    "since",
    "The time from which on changes are told, with its zone; without it, all from the beginning.",
    {"type": "string", "format": "date-time"},
    read_time,
    example="2026-07-04T12:00:00Z",
)
CHANGES_CURSOR = Parameter(
    "cursor",
    "Where the changes go on, as a `next` address has it; goes before `since`.",
    {"type": "string", "pattern": changes.PATTERN},
    changes.read_cursor,
)
WORDS = Parameter(
    "q",
    "Words to find, as in the site's search: all of them, “a phrase” in quotes, -without. The "
    f"newest {CANDIDATES} stories that match are ranked.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST},
    _read_words,
    example="harbour storm",
)
SORT = Parameter(
    "sort",
    "In which order stories that were found by words come; without words, newest first.",
    {"type": "string", "enum": [BY_RELEVANCE, BY_DATE], "default": BY_RELEVANCE},
    _read_sort,
    default=BY_RELEVANCE,
    example=BY_DATE,
)
