"""Whether a kept page is still what its address would answer: the versions of what it shows.

The newest version of all is asked for at each use, from where the changes are written. While it is
the one a page was checked at, nothing changed anywhere; else the tags changed since are read, once
for all pages. SQLite says by itself, without a query, whether its file was written to. Where there
is a Redis, the version is mirrored there (``articles.generations``).
"""

from __future__ import annotations

import copy
import sqlite3
import threading
import time
from contextlib import suppress
from typing import Any

from django.db import connections
from django.db.utils import DatabaseError, InterfaceError

from articles import patience, planned
from articles.generations import CLOCK, Mirror
from articles.public.page_cache.entries import Entry
from articles.redis_link import DownError

_PAUSE = 1.0
# Longest wait for a connection, and for an answer (seconds; a connection takes 2 at the least).
_PATIENCE = 2
_MOST_TAGS = 20_000
_NEWEST = "SELECT version FROM articles_pagetag WHERE tag = ''"
_SINCE = "SELECT tag, version FROM articles_pagetag WHERE version > %s LIMIT %s"


class UnreachableError(Exception):
    """The database doesn't answer."""


class Database:
    """Asks the database on connections of its own, one a thread: a request that is answered from
    the cache never opens Django's. After a failure it is left alone for a second, and then one
    thread at a time finds out whether it is back."""

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias
        self._local = threading.local()
        self._down_until = 0.0
        self._is_down = False
        self._looking = threading.Lock()

    def newest(self) -> int:
        """Return the newest version; raises UnreachableError."""
        local = self._local
        seen = self._written()
        if seen is not None and seen == local.__dict__.get("seen"):
            return int(local.version)
        rows = self.ask(_NEWEST)
        local.version = rows[0][0] if rows else 0
        local.seen = seen
        return int(local.version)

    def ask(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        if time.monotonic() < self._down_until:
            raise UnreachableError
        if not self._is_down:
            return self._answered(sql, values)
        if not self._looking.acquire(blocking=False):
            raise UnreachableError
        try:
            found = self._answered(sql, values)
            self._is_down = False
            return found
        finally:
            self._looking.release()

    def _answered(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Ask, once more on a new connection if the one there was failed."""
        was_open = "connection" in self._local.__dict__
        try:
            return self._ask(sql, values)
        except (DatabaseError, InterfaceError) as error:
            failure = error
        # What was open may be of a server that was started anew since: that says nothing of it.
        self.close()
        if was_open and not patience.was_lost(failure):
            try:
                return self._ask(sql, values)
            except (DatabaseError, InterfaceError) as error:
                failure = error
        raise self._failed() from failure

    def _ask(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with patience.within(_PATIENCE):
            cursor = self._cursor()
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())

    def _cursor(self) -> Any:
        """Return a cursor that is kept: making one costs as much as the question."""
        connection = self._connection()
        found = self._local.__dict__.get("cursor")
        if found is None:
            found = self._local.cursor = planned.cursor(connection)
        return found

    def close(self) -> None:
        self._local.__dict__.pop("cursor", None)
        found = self._local.__dict__.pop("connection", None)
        self._local.__dict__.pop("seen", None)
        if found is not None:
            found.close()

    def _written(self) -> int | None:
        """Return a number that changes whenever anybody writes to a SQLite file."""
        if connections[self.alias].vendor != "sqlite":
            return None
        if time.monotonic() < self._down_until:
            raise UnreachableError
        try:
            raw: sqlite3.Connection = self._connection().connection
            return int(raw.execute("PRAGMA data_version").fetchone()[0])
        except (DatabaseError, InterfaceError, sqlite3.Error) as error:
            raise self._failed() from error

    def _failed(self) -> UnreachableError:
        self._down_until = time.monotonic() + _PAUSE
        self._is_down = True
        self.close()
        return UnreachableError()

    def _connection(self) -> Any:
        found = self._local.__dict__.get("connection")
        if found is None:
            theirs = connections[self.alias]
            options = copy.deepcopy(theirs.settings_dict)
            options["OPTIONS"].pop("pool", None)
            options["OPTIONS"].pop("transaction_mode", None)
            if theirs.vendor == "postgresql":
                options["OPTIONS"]["connect_timeout"] = _PATIENCE
            found = type(theirs)(options, f"{self.alias} pages")
            found.inc_thread_sharing()
            # Not connect(), which tells of a failure in the words of the driver.
            found.ensure_connection()
            self._local.connection = found
        return found


class Versions:
    """Knows for each tag its last change since this process began to ask."""

    def __init__(self, database: Database, mirror: Mirror | None = None) -> None:
        self.database, self.mirror = database, mirror
        self._lock = threading.Lock()
        self._floor: int | None = None
        self._seen = 0
        self._changed: dict[str, int] = {}
        self._rumours: dict[str, int] = {}
        self._told_until = 0.0

    def newest(self, also: str | None = None) -> tuple[int, bytes | None]:
        """Return the newest version, and what Redis holds under the key ``also``, in one question.

        Raises UnreachableError when neither the mirror nor the database tells.
        """
        version, raw = self._mirrored(self.mirror, also) if self.mirror else (None, None)
        if version is None:
            version = self._read()
        if self._floor is None:
            self._floor = self._seen = version
        return version, raw

    def _read(self) -> int:
        """Return what the database says, and mirror it."""
        began: int | None = None
        if self.mirror is not None:
            with suppress(DownError):
                began = self.mirror.now()
        version = self.database.newest()
        if self.mirror is not None and began is not None:
            with suppress(DownError):
                self.mirror.fill(version, began)
        return version

    def _mirrored(self, mirror: Mirror, also: str | None) -> tuple[int | None, bytes | None]:
        link, name = mirror.link, mirror.keys[0]
        try:
            if also is None:
                found, raw = link.call("GET", name), None
            else:
                found, raw = link.call("MGET", name, also)
        except DownError:
            return None, None
        return (int(found) if found else None), raw

    def holds(self, entry: Entry, newest: int) -> bool:
        """Return whether nothing an entry shows was changed since it was made."""
        if entry.checked == newest:
            return True
        if entry.made > newest:
            return False
        if self._changed_at(entry.tags, entry.made, newest) > entry.made:
            return False
        entry.checked = newest
        return True

    def is_known_stale(self, entry: Entry) -> bool:
        """Return whether a change of what an entry shows is known, without asking the database."""
        told = self._told()
        changed = self._changed
        return any(max(changed.get(t, 0), told.get(t, 0)) > entry.made for t in entry.tags)

    def _told(self) -> dict[str, int]:
        """Return the changes that Redis knows of, asked for once a second."""
        if self.mirror is None or time.monotonic() < self._told_until:
            return self._rumours
        self._told_until = time.monotonic() + _PAUSE
        with suppress(DownError):
            self._rumours = self.mirror.changed()
        return self._rumours

    def _changed_at(self, tags: frozenset[str], made: int, newest: int) -> int:
        """Return the version of the last change to one of these tags."""
        with self._lock:
            if newest > self._seen:
                self._learn(newest)
            changed, floor = self._changed, self._floor
        if floor is not None and made >= floor:
            return max((changed.get(tag, 0) for tag in tags), default=0)
        marks = ", ".join(["%s"] * len(tags))
        sql = f"SELECT MAX(version) FROM articles_pagetag WHERE tag IN ({marks})"  # noqa: S608
        return int(self.database.ask(sql, tuple(tags))[0][0] or 0)

    def _learn(self, newest: int) -> None:
        rows = self.database.ask(_SINCE, (self._seen, _MOST_TAGS))
        if len(rows) + len(self._changed) >= _MOST_TAGS:
            self._changed, self._floor = {}, newest
        else:
            self._changed = {**self._changed, **{tag: at for tag, at in rows if tag != CLOCK}}
        self._seen = newest
