"""Statements that PostgreSQL reads and plans once a connection, not each time they are asked.

Django writes values into a statement's text, so that the server has to read and plan each anew,
which costs both sides more than most of our questions do. Here the server keeps the statement and
is sent the values; where these matter it plans again by itself. Without prepared statements
(``DATABASE_PREPARED_STATEMENTS``) values are still sent apart.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def cursor(connection: BaseDatabaseWrapper) -> Any:
    """Return a cursor for such statements: Django's own for another database, and while queries are
    logged, since it alone can say how they read with their values."""
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.make_cursor(_cursors()(connection.connection))


def number(value: int) -> Any:
    """Return a whole number that the driver sends with one type, whatever its size: with several
    a statement would be kept once for each."""
    from psycopg.types.numeric import Int8

    return Int8(value)


@cache
def _cursors() -> Any:
    """Return the cursors that have each of their statements kept."""
    from psycopg import Cursor

    class Keeping(Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **given: Any) -> Keeping:
            super().execute(query, params, prepare=True, **given)
            return self

    return Keeping
