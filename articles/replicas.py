"""Pages of readers from replicas of the database: as new as the last publish, or from the primary.

A replica is asked only for what is made for nobody in particular: an anonymous GET of a view that
says so by ``reading``. Desk, previews, the future, tasks and every write stay with the primary.

A publish writes a version in its transaction (``articles.generations``). Whoever makes a page knows
the newest version from the primary or its mirror, and takes a replica only if that has replayed it.
The page is then made in one snapshot of that replica, so no part of it is older, and the page cache
keeps it under a version that it truly holds. A replica that fails on the way is left alone for some
seconds, and the page is made again from the next one, at last from the primary.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connections,
    transaction,
)
from django.http import HttpRequest

from articles import generations

# Where the page cache puts the newest version it knows, in the environment of a request.
VERSION = "newsroom.version"
# Seconds that a replica which did not answer is left alone.
PAUSE = 5.0
# PostgreSQL: a statement took too long. It would on the primary, too.
_TOO_LONG = "57014"
# A row this page reads was cleared away by the primary: the replica itself is well.
_CONFLICT = "40001"
# A table or column that a migration has just made is not there yet.
_NOT_THERE = ("42P01", "42703")

logger = logging.getLogger(__name__)

_chosen: ContextVar[str] = ContextVar("replica", default=DEFAULT_DB_ALIAS)
_turn = itertools.count()
_down_until: dict[str, float] = {}


class BehindError(Exception):
    """The replica has not replayed the newest version yet."""


class Router:
    """Sends reads of a page that is made from a replica there, and all else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _chosen.get() if model._meta.app_label == "articles" else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return None if db == DEFAULT_DB_ALIAS else False


def connection() -> Any:
    """Return the connection on which SQL of a page for readers is run."""
    return connections[_chosen.get()]


def reading(view: Callable[..., Any]) -> Callable[..., Any]:
    """Have a view for readers answer from a replica, if there is one that is new enough.

    The view only reads, catches no error of the database and may be called again.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        version: int | None = None
        for alias in _able() if _is_for_all(request) else ():
            if version is None:
                given = request.META.get(VERSION)
                version = generations.newest() if given is None else int(given)
            try:
                with _level(alias, version):
                    return view(request, *args, **kwargs)
            except BehindError:
                continue
            except (OperationalError, InterfaceError, ProgrammingError) as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state == _TOO_LONG or (
                    isinstance(error, ProgrammingError) and state not in _NOT_THERE
                ):
                    raise
                if state != _CONFLICT:
                    _leave_alone(alias, error)
        return view(request, *args, **kwargs)

    return answer


@contextmanager
def _level(alias: str, version: int) -> Iterator[None]:
    """Read from a replica, in one snapshot; raises BehindError if it lacks the version."""
    with transaction.atomic(using=alias):
        if generations.newest(alias) < version:
            raise BehindError
        token = _chosen.set(alias)
        try:
            yield
        finally:
            _chosen.reset(token)


def _is_for_all(request: HttpRequest) -> bool:
    """Return whether the answer is the same for everybody, and not being read already."""
    shown = getattr(request, "as_of", None)
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and (shown is None or shown.is_open)
        and _chosen.get() == DEFAULT_DB_ALIAS
    )


def _able() -> list[str]:
    """Return the replicas that are not known to be gone, each first in its turn."""
    now = time.monotonic()
    names = [alias for alias in connections if alias != DEFAULT_DB_ALIAS]
    names = [alias for alias in names if _down_until.get(alias, 0.0) <= now]
    first = next(_turn) % len(names) if names else 0
    return names[first:] + names[:first]


def _leave_alone(alias: str, error: Exception) -> None:
    _down_until[alias] = time.monotonic() + PAUSE
    logger.warning(
        "%s fails (%s): pages are made without it for %d s", alias, type(error).__name__, PAUSE
    )
    with suppress(OperationalError, InterfaceError):
        connections[alias].close()
