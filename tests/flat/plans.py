"""What a statement cost, and which growing tables its plan reads from end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection

# A newsroom has some dozens of these, whatever the size of its archive.
SMALL = frozenset(
    {
        "articles_announcement", "articles_assignment", "articles_section", "articles_pagetag",
        "auth_group", "auth_group_permissions", "auth_permission", "auth_user",
        "auth_user_groups", "auth_user_user_permissions", "django_content_type",
    }
)  # fmt: skip

_NAMED = re.compile(r'"(\w+)" (?:"?([A-Z]+\d+)"?\b)?')
_SQLITE_SCAN = re.compile(r"SCAN (\w+)")
_POSTGRES_SCAN = re.compile(r"Seq Scan on (\w+)")
# A scan that stops after some rows costs less than one of a table that has as many.
_WHOLE = 20_000


@dataclass
class Query:
    """A statement with its parameters, or a search of readers with all statements it takes.

    ``steps`` is what it cost: instructions of SQLite's machine, or rows that PostgreSQL touched.
    ``plan`` are the lines of the database's plan, once it was explained.
    """

    sql: str
    params: Any
    steps: int = 0
    plan: list[str] = field(default_factory=list)
    others: list[Query] = field(default_factory=list)

    @property
    def is_search(self) -> bool:
        """Whether it asks the index of words, which is asked again where a word is rarer."""
        return "articles_searchentry" in self.sql and self.sql.lstrip().startswith(
            ("SELECT", "WITH")
        )

    def take_in(self, query: Query) -> None:
        self.steps += query.steps
        self.others.append(query)

    def explain(self) -> None:
        """Ask for the plan; on PostgreSQL for that of ``by_indexes``."""
        self._explain()
        for query in self.others:
            query.explain()
            self.plan += query.plan

    def _explain(self) -> None:
        if not self.sql.lstrip("(\n").startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"EXPLAIN QUERY PLAN {self.sql}", self.params)
                self.plan = [row[3] for row in cursor.fetchall()]
                return
            with by_indexes(cursor):
                cursor.execute(f"EXPLAIN {self.sql}", self.params)
                self.plan = [row[0] for row in cursor.fetchall()]

    @property
    def is_sorted(self) -> bool:
        """Whether rows are fetched and sorted before the first is shown."""
        return any("TEMP B-TREE FOR ORDER BY" in line or "Sort Key" in line for line in self.plan)

    def read_whole(self) -> Iterator[str]:
        """Yield the growing tables that are read from end to end."""
        names = {short: table for table, short in _NAMED.findall(self.sql) if short}
        is_sqlite = connection.vendor == "sqlite"
        if self.steps < (_WHOLE if is_sqlite else _WHOLE / 2):
            return
        for line in self.plan:
            for name in (_SQLITE_SCAN if is_sqlite else _POSTGRES_SCAN).findall(line):
                table = names.get(name, name)
                if table in _tables() - SMALL:
                    yield table


@contextmanager
def by_indexes(cursor: Any) -> Iterator[None]:
    """Make dear on PostgreSQL what reads many rows at once, and cheap what looks up one, so that
    the former is only left where no index leads to the few that are wanted. Tables of this size
    would be read whole, and tell nothing of larger ones."""
    dear = ("seqscan", "hashjoin", "mergejoin")
    cursor.execute("; ".join(f"SET LOCAL enable_{way} = off" for way in dear))
    cursor.execute("SET LOCAL random_page_cost = 0.1")
    yield
    cursor.execute("; ".join(f"SET LOCAL enable_{way} = on" for way in dear))
    cursor.execute("SET LOCAL random_page_cost = 4")


@cache
def _tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(model._meta.db_table for model in models)
