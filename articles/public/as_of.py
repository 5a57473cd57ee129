"""Any public page as it was, or will be, at a moment: ``/as-of/2026-11-02T08:00:00Z/world/``.

The rest of the address is answered by the view it belongs to, with another moment in the request;
addresses written into the page stay in that moment. The past is open to readers by setting, the
future to staff. What was killed is gone from the past, too, and a photo's rights are today's.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve, set_script_prefix
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from articles.models import Publication
from articles.public.responses import finish, not_found

PREFIX = "/as-of/"
PERMISSION = "articles.view_future"
_SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class AsOf:
    """The moment a page is shown at; ``path`` is the page's address today, query included.

    ``is_open`` says whether anybody may see it, and caches keep it.
    """

    at: dt.datetime
    path: str
    now: dt.datetime
    is_open: bool

    action = PREFIX

    @property
    def is_future(self) -> bool:
        return self.at > self.now

    @property
    def field(self) -> str:
        """The moment as a ``datetime-local`` field of a form holds it, in the site's zone."""
        return timezone.localtime(self.at).strftime("%Y-%m-%dT%H:%M:%S")

    @cached_property
    def previous(self) -> str:
        """Where the same page is shown as it was before, at the last change until then; or ""."""
        rows = _begun().filter(live_from__lte=self.at - _SECOND).order_by("-live_from")
        return self._address(rows.values_list("live_from", flat=True).first())

    @cached_property
    def next(self) -> str:
        """Where the same page is shown after the next change of the site; "" if none is told."""
        rows = _begun().filter(live_from__gt=self.at).order_by("live_from")
        if not self.is_future:
            rows = rows.filter(live_from__lte=self.now)
        found = rows.values_list("live_from", flat=True).first()
        address = self._address(found)
        return address if found and (self.is_future or _whole(found) <= self.now) else ""

    def _address(self, moment: dt.datetime | None) -> str:
        return address(self.path, moment) if moment else ""


def address(path: str, at: dt.datetime) -> str:
    """Return where a page of today is shown as of a moment."""
    return f"{PREFIX}{_whole(at):%Y-%m-%dT%H:%M:%SZ}{path}"


def read_moment(text: str) -> dt.datetime | None:
    """Return the whole second that ISO 8601 text names, in UTC where it names no zone, or None."""
    try:
        found = dt.datetime.fromisoformat(text.strip().upper())
        if found.tzinfo is None:
            found = found.replace(tzinfo=dt.UTC)
        return found.astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """Lead from the form to the page at the moment that was chosen, in the site's zone."""
    path, text = request.GET.get("path", "/"), request.GET.get("at", "")
    try:
        local = dt.datetime.fromisoformat(text)
        if local.tzinfo is None:
            local = timezone.make_aware(local)
        moment = local.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return finish(request, not_found(request, as_of_hint=True))
    response = HttpResponseRedirect(address(quote(_own(path), safe="/?=&-._~%"), moment))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
def as_of(request: HttpRequest, when: str, rest: str = "") -> HttpResponseBase:
    """Answer with the page at ``rest`` as of ``when``; a moment written otherwise is led on."""
    moment = read_moment(when)
    if moment is None:
        return finish(request, not_found(request, as_of_hint=True))
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    path = f"/{quote(rest)}"
    try:
        match = _found(f"/{rest}")
    except Resolver404:
        if not rest.endswith("/") and _leads_somewhere(f"/{rest}/"):
            return HttpResponsePermanentRedirect(address(f"{path}/", moment) + query)
        return finish(request, not_found(request))
    if address("", moment) != f"{PREFIX}{when}":
        return HttpResponsePermanentRedirect(address(path, moment) + query)
    return _answer(request, AsOf(moment, path + query, timezone.now(), _is_open(moment)), match)


def _answer(request: HttpRequest, shown: AsOf, match: ResolverMatch) -> HttpResponseBase:
    if not shown.is_open and not _may_see(request):
        raise PermissionDenied
    request.as_of = shown  # type: ignore[attr-defined]
    before = get_script_prefix()
    set_script_prefix(address("/", shown.at))
    try:
        return match.func(request, *match.args, **match.kwargs)
    finally:
        set_script_prefix(before)


def _is_open(moment: dt.datetime) -> bool:
    return settings.NEWSROOM_PUBLIC_HISTORY and moment <= timezone.now()


def _may_see(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_active and user.is_staff and user.has_perm(PERMISSION))


def _found(path: str) -> ResolverMatch:
    """Return the view of a public address that has a past; raises Resolver404."""
    match = resolve(path, "articles.public.urls")
    view = getattr(match.func, "view_class", match.func)
    if not getattr(view, "has_past", False):
        raise Resolver404({"path": path})
    return match


def _leads_somewhere(path: str) -> bool:
    try:
        return bool(_found(path))
    except Resolver404:
        return False


def _own(path: str) -> str:
    """Return a path of this site; what may lead elsewhere becomes the front page."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _begun() -> Any:
    return Publication.objects.exclude(live_until=F("live_from"))


def _whole(moment: dt.datetime) -> dt.datetime:
    """Return the first whole second at which something that began then can be seen."""
    return dt.datetime.fromtimestamp(math.ceil(moment.timestamp()), dt.UTC)
