"""Whether this process lives, and whether it can serve: for those who start and balance processes.

Answered before everything else, so that a probe needs no host name, no https and no session, and
is neither cached nor written to the log. Says what is wrong in words without addresses or names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

from django.core.cache import cache as default_cache
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from articles import patience

Answer = Callable[[HttpRequest], HttpResponse]
OK = "ok"
# Seconds that a probe waits for the database.
_PATIENCE = 2

logger = logging.getLogger(__name__)


def middleware(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        view = _VIEWS.get(request.path)
        return get_response(request) if view is None else _finished(request, view)

    return answer


def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; asks nobody."""
    return JsonResponse({"status": OK})


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if pages can be made: the database answers and has this code's tables.

    Without its cache the site works on, so that is told and no reason to send readers elsewhere.
    """
    found = {"database": _database(), "migrations": "unknown", "cache": _cache()}
    if found["database"] == OK:
        found["migrations"] = _migrations()
    is_ready = found["database"] == OK and found["migrations"] == OK
    status = "unavailable" if not is_ready else OK if found["cache"] == OK else "degraded"
    return JsonResponse({"status": status, **found}, status=200 if is_ready else 503)


_VIEWS: dict[str, Answer] = {
    "/health/live": live,
    "/health/live/": live,
    "/health/ready": ready,
    "/health/ready/": ready,
}


def _finished(request: HttpRequest, view: Answer) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        response = HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    else:
        response = view(request)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # A probe that fails each second would be all one sees in the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _database() -> str:
    """Return whether the database answers, and soon: a probe that waits says nothing."""
    try:
        with patience.within(_PATIENCE), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        connection.close()
        return "unreachable"
    return OK


def _migrations() -> str:
    """Return whether every migration of this code was applied; newer ones are no matter."""
    applied = MigrationRecorder(connection).applied_migrations()
    return OK if _known().issubset(applied) else "missing"


@cache
def _known() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def _cache() -> str:
    try:
        default_cache.get("health")
    except Exception as error:  # whatever the client of a cache server raises
        logger.debug("Cache: %s", type(error).__name__)
        return "unreachable"
    return OK
