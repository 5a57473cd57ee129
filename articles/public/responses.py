"""How public pages answer: fresh, cheap to ask again, and the same for every reader.

Nothing here or in the public templates touches session, user or CSRF token, so no answer sets a
cookie or varies by one. Browsers ask before each use; shared caches keep a page until the next
change that is known (``caching``), and know by its tags what to forget when a story changes before.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.generic import View

from articles import readings, replicas
from articles.models import Publication
from articles.public import caching, lists, unchanged
from articles.public.compression import compress

SITE_TAG = "site"
MISSING_TAG = "missing"
# An address that is nobody's may be a story's in a moment: caches ask again soon.
_MISSING_SECONDS = 10
_NEWEST = 5  # stories offered on the page for a missing address


class Gone(Exception):  # noqa: N818 - an answer, not an error
    """A page that was taken down for good."""


class ReaderView(View):
    """Fixes the moment a page is asked for in ``self.at``, and finishes the answer.

    ``may_be_stale`` is False for what nobody may get an older version of once it is there,
    ``has_past`` for what is not asked as of a moment. ``until`` is when the page changes by itself,
    if that is known of this page alone. ``is_kept`` is True for what depends on nothing but its
    address, prepared queries and the clock, as ``caching`` knows it (``unchanged``); with
    a query only of the parameters in ``kept_with``.
    """

    http_method_names = ["get", "head", "options"]
    may_be_stale = True
    has_past = True
    is_kept = False
    kept_with: frozenset[str] = frozenset()
    until: dt.datetime | None = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return replicas.reading(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.at = moment(request)
        place = unchanged.place_of(request, self.kept_with) if self.is_kept else None
        known: readings.Known = {}
        kept, name = place or (unchanged.PAGES, None)
        page = kept.get(name, self.at, known) if name else None
        if page is not None:
            return finish(
                request,
                page.response(),
                tags=page.tags,
                may_be_stale=page.may_be_stale,
                until=page.until,
            )
        if name is None:
            response, tags = self._made(request, *args, **kwargs)
            times = None
        else:
            with readings.reading(self.at, known) as made_of:
                response, tags = self._made(request, *args, **kwargs)
            times = caching.times(self.at)
            if response.status_code == 200 and made_of.is_whole:
                kept.put(name, self._written(response, tags, made_of, times))
        return finish(
            request,
            response,
            tags=tags,
            may_be_stale=self.may_be_stale,
            until=self.until,
            times=times,
        )

    def _made(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> tuple[HttpResponse, set[str]]:
        """Make the page; return it rendered, with its tags."""
        try:
            response: Any = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response.render()
            is_page = response.status_code < 400 and request.method != "OPTIONS"
            return response, self.tags() if is_page else set()
        except Http404:
            return not_found(request), {MISSING_TAG}
        except Gone:
            response = render(request, "410.html", {"at": self.at}, status=410)
            return response, {MISSING_TAG}

    def _written(
        self,
        response: HttpResponse,
        tags: set[str],
        made_of: readings.Reading,
        times: caching.Times,
    ) -> unchanged.Written:
        response.digest = _digest(response)  # type: ignore[attr-defined]
        return unchanged.Written(
            made_of=made_of,
            fresh_until=caching.fresh_until(times.and_at(self.until), self.at),
            content=response.content,
            headers=tuple(response.items()),
            digest=response.digest,  # type: ignore[attr-defined]
            tags=frozenset(tags),
            may_be_stale=self.may_be_stale,
            until=self.until,
        )

    def tags(self) -> set[str]:
        """Return what the page shows, for caches that forget by tag; asked once it is made."""
        return set()


def moment(request: HttpRequest) -> dt.datetime:
    """Return the moment a page is asked for, in UTC: now, or the one its address names."""
    shown = getattr(request, "as_of", None)
    return shown.at if shown else _asked_at(request)


def _asked_at(request: HttpRequest) -> dt.datetime:
    """Return when a request was first looked at: what changes after that may be missing."""
    found: dt.datetime = request.__dict__.setdefault("asked_at", timezone.now())
    return found


def not_found(request: HttpRequest, **extra: Any) -> HttpResponse:
    """Answer as for an address that never was one, whatever the reason; also in development.

    The page helps with the newest stories, which cost two queries.
    """
    at = moment(request)
    newest = lists.cards(Publication.objects.listed(at).newest_first())[:_NEWEST]
    return render(request, "404.html", {"newest": newest, "at": at, **extra}, status=404)


def finish(
    request: HttpRequest,
    response: Any,
    *,
    tags: Iterable[str] = (),
    may_be_stale: bool = True,
    until: dt.datetime | None = None,
    times: caching.Times | None = None,
) -> HttpResponse:
    """Give an answer its validators and its rule for caches; answer 304 to who has it already.

    Headers that the view set itself are kept. The validator is weak: it stands for the page in
    each of its encodings. ``times`` are those of the request's moment, if they are known.
    """
    if hasattr(response, "render"):
        response.render()
    if response.status_code >= 500 or request.method not in ("GET", "HEAD"):
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    now, shown = timezone.now(), getattr(request, "as_of", None)
    if shown is not None:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if shown is not None and not shown.is_open:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    times = times or caching.times(_asked_at(request), past=shown is not None)
    times = times.and_at(until)
    fresh = caching.PAST_SECONDS if shown is not None else settings.NEWSROOM_CACHE_SECONDS
    if response.status_code >= 400:
        fresh = min(fresh, _MISSING_SECONDS) if response.status_code != 410 else fresh
        may_be_stale = False
    rule = caching.cache_control(fresh, times.next_change, now, may_be_stale=may_be_stale)
    response.headers.setdefault("Cache-Control", rule)
    named = {SITE_TAG, *tags}
    # What the site's own page cache goes by (page_cache.entries).
    response.page_tags = frozenset(named)
    response.fresh_until = caching.fresh_until(times, _asked_at(request))
    response.headers.setdefault("Cache-Tag", caching.tag_header(named, ","))
    response.headers.setdefault("Surrogate-Key", caching.tag_header(named, " "))
    if response.status_code == 200:
        response = _conditional(request, response, times.last_change, now)
    if response.status_code != 304:
        compress(request, response)
    return response


def _digest(response: HttpResponse) -> str:
    return hashlib.sha256(response.content).hexdigest()[:32]


def _conditional(
    request: HttpRequest, response: HttpResponse, changed_at: dt.datetime, now: dt.datetime
) -> HttpResponse:
    """Add ETag and Last-Modified; return 304 in place of what the reader has."""
    etag = f'W/"{getattr(response, "digest", None) or _digest(response)}"'
    modified = caching.last_modified(changed_at, now)
    response.headers["ETag"] = etag
    response.headers.pop("Last-Modified", None)
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified)
    patch_vary_headers(response, ["Accept-Encoding"])
    found = get_conditional_response(request, etag, modified, response)
    if found is not None and found.status_code == 304:
        for name in ("Cache-Tag", "Surrogate-Key"):
            found.headers[name] = response.headers[name]
    return found or response
