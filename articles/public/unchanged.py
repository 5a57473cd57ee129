"""Pages as they were last written, given out again while all they were made of reads the same.

Each request asks the database what the page asked before, as of its own moment (``readings``). Only
if every answer is the one it was, and the clock has not reached the next moment at which a page
changes by itself, is the page not written again. Nothing has to tell that something changed, so
this can't be out of date. It is no cache of answers: ``page_cache`` doesn't ask for what it keeps.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Hashable, Set
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils.translation import get_language

from articles.addresses import urls
from articles.readings import Known, Reading, size_of


@dataclass(frozen=True, slots=True)
class Written:
    """A page before it gets the headers of its moment, made at ``made_of.at``.

    ``fresh_until`` is when it changes by itself; ``until`` is that of this page alone, if any.
    """

    made_of: Reading
    fresh_until: dt.datetime
    content: bytes
    headers: tuple[tuple[str, str], ...]
    digest: str
    tags: frozenset[str]
    may_be_stale: bool
    until: dt.datetime | None

    def response(self) -> HttpResponse:
        response = HttpResponse(self.content, headers=dict(self.headers))
        response.digest = self.digest  # type: ignore[attr-defined]
        return response

    def is_true(self, at: dt.datetime, known: Known) -> bool:
        return self.made_of.at <= at < self.fresh_until and self.made_of.reads_same(at, known)

    def size(self) -> int:
        return size_of([self.content, self.headers, *self.tags]) + self.made_of.size()


class Pages:
    """The pages that were asked for last, with what they were made of, up to about so many bytes:
    a part of ``NEWSROOM_WRITTEN_PAGES_BYTES``, or ``most``."""

    def __init__(self, most: int | None = None, *, part: float = 1) -> None:
        self._most, self._part = most, part
        self._pages: OrderedDict[Hashable, tuple[Written, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    @property
    def most(self) -> int:
        if self._most is not None:
            return self._most
        return int(settings.NEWSROOM_WRITTEN_PAGES_BYTES * self._part)

    def get(self, name: Hashable, at: dt.datetime, known: Known) -> Written | None:
        """Return a page that would be written the same at this moment.

        What had to be asked for that is known afterwards.
        """
        with self._lock:
            found = self._pages.get(name)
            if found is None:
                return None
            self._pages.move_to_end(name)
        return found[0] if found[0].is_true(at, known) else None

    def put(self, name: Hashable, page: Written) -> None:
        size = page.size()
        with self._lock:
            self._size -= self._pages.pop(name, (page, 0))[1]
            if size > self.most // 4:
                return
            self._pages[name] = (page, size)
            self._size += size
            while self._size > self.most:
                self._size -= self._pages.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._size = 0


def place_of(
    request: HttpRequest, parameters: Set[str] = frozenset()
) -> tuple[Pages, Hashable] | None:
    """Return where a page is kept and under which name; None for one of another moment, or with
    other parameters than these."""
    query = request.META.get("QUERY_STRING", "")
    if (
        settings.DEBUG
        or not PAGES.most
        or request.method not in ("GET", "HEAD")
        or len(query) > _LONGEST
        or not set(request.GET) <= parameters
        or getattr(request, "as_of", None)
    ):
        return None
    name = request.path, query, get_language(), get_script_prefix(), urls()
    return (ASKED if query else PAGES), name


def clear(**_kwargs: Any) -> None:
    """Forget all pages."""
    PAGES.clear()
    ASKED.clear()


_LONGEST = 300  # characters of a query
# Strangers can ask for any number of answers to queries: these can't push pages out.
PAGES, ASKED = Pages(part=3 / 4), Pages(part=1 / 4)
# Settings stand on pages; they change in tests alone.
setting_changed.connect(clear, dispatch_uid="articles.public.unchanged")
