"""No question to PostgreSQL waits for ever.

A server that hangs, or a network that swallows everything, says nothing: the statement timeout is
the server's own and does not help. So the client gives up by itself, and the connection with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_within: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have a question asked inside fail with OperationalError after so long without an answer."""
    token = _within.set(seconds)
    try:
        yield
    finally:
        _within.reset(token)


def was_lost(error: BaseException) -> bool:
    """Return whether a question failed because no answer came in time."""
    from psycopg.errors import _WaitTimeout

    return isinstance(error.__cause__, _WaitTimeout)


def on_connection(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Limit what a new connection waits for; SQLite, which asks nobody, is left as it is."""
    raw: Any = connection.connection
    if connection.vendor == "postgresql":
        raw.wait = partial(_wait, raw)


def connect() -> None:
    connection_created.connect(on_connection, dispatch_uid="articles.patience")


def _wait(raw: Any, steps: Any, *given: Any, **named: Any) -> Any:
    """Do what psycopg does with each of its questions, for a bounded time."""
    from psycopg.errors import _WaitTimeout

    named.setdefault("timeout", _within.get() or settings.NEWSROOM_DATABASE_PATIENCE or None)
    try:
        return type(raw).wait(raw, steps, *given, **named)
    except _WaitTimeout:
        raw.close()
        raise
