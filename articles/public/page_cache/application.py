"""The cache as a WSGI application around the site: a kept page costs neither Django nor a session.

In order: the key of the request, the newest version, the entry, the clock. What fails any of them
is made by the site, as if for somebody who has nothing and is nobody (no cookie, no validator, no
encoding), and answered from the entry that is made of it; so a kept answer and a new one are the
same by construction.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from articles import patience, replicas
from articles.generations import mirror
from articles.public.page_cache import entries
from articles.public.page_cache.entries import Entry, Headers
from articles.public.page_cache.flights import Flights
from articles.public.page_cache.keys import Keys
from articles.public.page_cache.release import release
from articles.public.page_cache.stores import Memory, Shared
from articles.public.page_cache.versions import Database, UnreachableError, Versions

# Seconds after which a page is made anew although nothing changed, by one reader; others get it.
AGE = 600
# Longest time that pages are given out while the database can't be asked (seconds).
WITHOUT_DATABASE = 12 * 60 * 60
NAME = "newsroom"
_RETRY_AFTER = 2
# Longest wait for any one answer of the database while a page is made (seconds).
_PATIENCE = 5
# What a request has that must not matter to a page that is kept.
_PERSONAL = (
    "HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE",
    "HTTP_CACHE_CONTROL", "HTTP_PRAGMA",
)  # fmt: skip

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

logger = logging.getLogger(__name__)


def wrap(application: Application) -> Application:
    """Put the cache around the site, unless it is switched off or templates may change."""
    if not settings.NEWSROOM_PAGE_CACHE or settings.DEBUG:
        return application
    return PageCache(application)


class PageCache:
    def __init__(self, application: Application) -> None:
        self.application = application
        self.keys = Keys()
        self.memory = Memory(settings.NEWSROOM_PAGE_CACHE_BYTES)
        shared = mirror()
        self.shared = Shared(shared.link, release()) if shared else None
        self.versions = Versions(Database(), shared)
        self.flights = Flights(self.shared)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        key = self.keys.of(environ)
        if key is None:
            return self.application(environ, start)
        try:
            entry, newest = self._kept(key)
        except UnreachableError:
            return self._without_database(key, environ, start)
        if entry is None:
            return self._made(key, environ, start, newest)
        age = _now().timestamp() - entry.stored_at
        if age <= AGE:
            return self._send(key, entry, environ, start, "hit")
        return self._made(key, environ, start, newest, aged=entry)

    def _kept(self, key: str) -> tuple[Entry | None, int]:
        """Return the entry of a key if it is true now, and the version it was compared with."""
        entry = self.memory.get(key)
        name = self.shared.name(key) if self.shared is not None and entry is None else None
        newest, raw = self.versions.newest(name)
        if raw:
            entry = entries.from_bytes(raw)
            if entry is not None:
                self.memory.put(key, entry)
        elif entry is not None and self.shared is not None and not self._is_true(entry, newest):
            # Another process may have made it anew.
            entry = self.shared.get(key)
            if entry is not None:
                self.memory.put(key, entry)
        return (entry if entry and self._is_true(entry, newest) else None), newest

    def _is_true(self, entry: Entry, newest: int) -> bool:
        return _now() < entry.fresh_until and self.versions.holds(entry, newest)

    def _made(
        self, key: str, environ: Environ, start: Start, newest: int, aged: Entry | None = None
    ) -> Iterable[bytes]:
        """Answer with a page made now, by this request or by another that began before."""
        with self.flights.claim(key, wait=aged is None) as is_mine:
            kept = self.memory.get(key) if is_mine else None
            if is_mine and (kept is None or kept is aged or not self._is_true(kept, newest)):
                return self._render(key, environ, start, newest)
        if aged is not None:
            return self._send(key, aged, environ, start, "hit; detail=made-anew-meanwhile")
        try:
            entry, newest = self._kept(key)
        except UnreachableError:
            return self._without_database(key, environ, start)
        if entry is not None:
            return self._send(key, entry, environ, start, "fwd=miss; collapsed")
        return self._render(key, environ, start, newest)

    def _render(self, key: str, environ: Environ, start: Start, newest: int) -> Iterable[bytes]:
        """Have the site make the page; ``newest`` was read before it reads anything."""
        held: list[tuple[str, Headers]] = []

        def hold(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
            held.append((status, headers))
            return lambda _part: None

        anonymous = {name: environ[name] for name in environ if name not in _PERSONAL}
        anonymous["REQUEST_METHOD"] = "GET"
        anonymous[replicas.VERSION] = newest
        with patience.within(_PATIENCE):
            response = self.application(anonymous, hold)
        if not isinstance(response, HttpResponse) or response.streaming:
            start(*held[-1])
            return response
        if response.status_code >= 500:
            return self._failed(key, environ, start, response, held[-1])
        try:
            reason = entries.refusal(response)
            accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
            entry = entries.make(response, made=newest, now=_now(), accepted=accepted)
        finally:
            response.close()
        if not reason:
            self.memory.put(key, entry)
            if self.shared is not None:
                self.shared.put(key, entry, _now())
        status = f"fwd=bypass; detail={reason}" if reason else "fwd=miss; stored"
        return self._send(key, entry, environ, start, status)

    def _failed(
        self,
        key: str,
        environ: Environ,
        start: Start,
        response: HttpResponse,
        held: tuple[str, Headers],
    ) -> Iterable[bytes]:
        """Pass an error on; if the database went away meanwhile, answer as without it."""
        try:
            self.versions.database.newest()
        except UnreachableError:
            response.close()
            return self._without_database(key, environ, start)
        start(*held)
        return response

    def _without_database(self, key: str, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer with a page kept before, if no change of it is known or due; else 503."""
        entry, now = self._last(key), _now()
        age = now.timestamp() - entry.stored_at if entry else 0
        if entry and age <= WITHOUT_DATABASE and now < entry.fresh_until:
            told = [("Age", str(int(age))), ("Warning", '111 - "Revalidation Failed"')]
            status = "hit; detail=database-unreachable"
            return self._send(key, entry, environ, start, status, told)
        body = unavailable()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Retry-After", str(_RETRY_AFTER)),
            ("Cache-Status", f"{NAME}; fwd=miss; detail=database-unreachable"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start("503 Service Unavailable", headers)
        return [body if environ["REQUEST_METHOD"] == "GET" else b""]

    def _last(self, key: str) -> Entry | None:
        """Return what was kept last, unless a change of it is known."""
        entry = self.memory.get(key)
        if entry is None and self.shared is not None:
            entry = self.shared.get(key)
        return None if entry is None or self.versions.is_known_stale(entry) else entry

    def _send(
        self,
        key: str,
        entry: Entry,
        environ: Environ,
        start: Start,
        status: str,
        more: Headers | None = None,
    ) -> Iterable[bytes]:
        """Answer from an entry. It was just found to be true, so it has no age for caches."""
        left = (entry.fresh_until - _now()).total_seconds()
        encodings = len(entry.bodies)
        line, headers, body = entry.answer(environ, left)
        if len(entry.bodies) > encodings:
            self.memory.recount(key, entry)
        start(line, [*headers, ("Cache-Status", f"{NAME}; {status}"), *(more or ())])
        return [body if environ["REQUEST_METHOD"] == "GET" else b""]


def unavailable() -> bytes:
    """Return the page for readers while the database can't be asked."""
    try:
        return render_to_string("503.html").encode()
    except TemplateDoesNotExist:
        return b"<!doctype html><title>503</title><h1>Back in a moment</h1>"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
