"""Asking addresses of a newsroom, and keeping what the database was asked on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import resolve

from tests.flat.addresses import REMEMBERED
from tests.flat.plans import Query, by_indexes

# So much more than in a small newsroom a query may cost in one of twenty times its size: rows of
# the same kind differ, tables are taken in another order, rarer words of a story are looked up.
MORE, SLACK = 2, 1_500
# SQLite tells of so many instructions at a time.
_AT_ONCE = 20


@dataclass
class Asked:
    """An address with its answer's status, and the statements the answer took."""

    address: str
    status: int = 0
    queries: list[Query] = field(default_factory=list)

    @property
    def route(self) -> str:
        """The pattern that answers; none where something was sent."""
        path = self.address.partition("?")[0]
        return resolve(path).route if path.startswith("/") else ""

    def grown(self, few: Asked) -> list[tuple[Query, Query]]:
        """Return the queries that cost more than they did in a smaller newsroom, beside those."""
        pairs = zip(few.queries, self.queries, strict=False)
        return [(old, new) for old, new in pairs if new.steps > MORE * old.steps + SLACK]


def ask(client: Client, address: str) -> Asked:
    """Ask an address; unless it is one of those that are remembered, as if for the first time."""
    asked = Asked(address)
    cache.key_prefix = uuid.uuid4().hex  # an empty cache that takes nothing from others
    if address in REMEMBERED:
        client.get(address)
    with kept(asked.queries):
        response: Any = client.get(address)
        if response.streaming:
            list(response.streaming_content)
    asked.status = response.status_code
    return asked


@contextmanager
def kept(queries: list[Query]) -> Iterator[None]:
    """Keep all statements that are executed inside."""
    steps = 0
    is_sqlite = connection.vendor == "sqlite"

    def count() -> int:
        nonlocal steps
        steps += _AT_ONCE
        return 0

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        before = steps
        found = execute(sql, params, many, context)
        one = (list(params) or [()])[0] if many else params
        cost = steps - before if is_sqlite else _rows(sql, one)
        query = Query(sql, one, cost)
        if query.is_search and queries and queries[-1].is_search:
            queries[-1].take_in(query)
        else:
            queries.append(query)
        return found

    connection.ensure_connection()
    raw: Any = connection.connection
    if is_sqlite:
        raw.set_progress_handler(count, _AT_ONCE)
    try:
        with connection.execute_wrapper(keep):
            yield
    finally:
        if is_sqlite:
            raw.set_progress_handler(None, 0)


def _rows(sql: str, params: Any) -> int:
    """Return how many rows PostgreSQL touches for a reading query, where it has to use indexes."""
    is_reading = sql.lstrip("(\n").startswith(("SELECT", "WITH"))
    if not is_reading or "FOR UPDATE" in sql:
        return 0
    raw: Any = connection.connection
    with raw.cursor() as cursor, by_indexes(cursor):
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    return _touched(plan[0]["Plan"])


def _touched(node: dict[str, Any]) -> int:
    removed = (value for name, value in node.items() if name.startswith("Rows Removed"))
    own = int((node["Actual Rows"] + sum(removed)) * node["Actual Loops"])
    return own + sum(_touched(child) for child in node.get("Plans", ()))
