"""Versions of what readers see: every change gets one, for each tag it touches.

``bump`` is called in the transaction of the change, so a crash can't part the two: whoever reads a
version also reads the data that belongs to it, or newer. Versions are microseconds of the clock,
and always more than the one before: a database that was restored from a backup, or one whose clock
stepped back, never gives a number out twice.

The database is asked for the newest version at each use of a kept page. Where many processes share
a Redis, that one number is mirrored there (``Mirror``), on a lease so short that a mirror nobody
could take back dies by itself before the change is answered for.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from articles.models import PageTag
from articles.redis_link import DownError, Link

# On every page; on pages that may show any story; on pages of addresses that are nobody's.
EVERYTHING, ANY_STORY, MISSING = "site", "lists", "missing"
CLOCK = ""
# On no page: the tables by which stories are found to be related.
TERMS = "terms"
# Milliseconds: how long a mirrored version is trusted; how old a version read from the database
# may be when it is mirrored; how long a change may take from its bump to its commit.
LEASE, SETTING, CHANGE = 1000, 500, 30_000
# For how long Redis knows which tags were changed, as long as pages live without the database
# (seconds), and how many of them.
KNOWN, _MOST_KNOWN = 12 * 60 * 60, 20_000

logger = logging.getLogger(__name__)

_TICK = """
INSERT INTO articles_pagetag (tag, version) VALUES (%s, %s)
ON CONFLICT (tag) DO UPDATE SET version = CASE
    WHEN articles_pagetag.version < excluded.version THEN excluded.version
    ELSE articles_pagetag.version + 1 END
RETURNING version
"""
_MARK = """
INSERT INTO articles_pagetag (tag, version) VALUES {rows}
ON CONFLICT (tag) DO UPDATE SET version = excluded.version
"""
# KEYS: mirror, change under way, changed tags. ARGV: version, time for a change, seconds that
# changed tags are known, the oldest version of them, how many, tags.
_ANNOUNCE = """
redis.call('set', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('del', KEYS[1])
for n = 6, #ARGV do redis.call('zadd', KEYS[3], ARGV[1], ARGV[n]) end
redis.call('zremrangebyscore', KEYS[3], '-inf', ARGV[4])
redis.call('zremrangebyrank', KEYS[3], 0, -1 - ARGV[5])
redis.call('expire', KEYS[3], ARGV[3])
"""
# A script, since its answer has one form in every version of the protocol.
_CHANGED = "return redis.call('zrange', KEYS[1], 0, -1, 'WITHSCORES')"
# KEYS: mirror, change under way. ARGV: version, lease.
# ... and by when, on the server's own clock in microseconds: a server that hung for a while does
# afterwards what it was asked before, when nobody waits for it any more.
_LATE = """
local now = redis.call('time')
if now[1] * 1000000 + now[2] > tonumber(ARGV[3]) then return 0 end
"""
_FILL = """
if redis.call('exists', KEYS[2]) == 1 then return 0 end
if tonumber(redis.call('get', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1
"""
_CONFIRM = """
local under_way = redis.call('get', KEYS[2])
if under_way and under_way ~= ARGV[1] then return 0 end
redis.call('del', KEYS[2])
if tonumber(redis.call('get', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1
"""


def bump(tags: Iterable[str]) -> int:
    """Make every kept page with one of these tags stale when this transaction commits.

    Returns the new version. Other bumps wait until then, so call it last. ``EVERYTHING`` is on
    every page.
    """
    names = sorted({tag[:300] for tag in tags} - {CLOCK})
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_TICK, [CLOCK, time.time_ns() // 1000])
        version = int(cursor.fetchone()[0])
        if names:
            rows = ", ".join(["(%s, %s)"] * len(names))
            values = [value for name in names for value in (name, version)]
            cursor.execute(_MARK.format(rows=rows), values)
    shared = mirror()
    if shared is not None:
        was_told = shared.announce(version, names)
        confirm = partial(shared.confirm, version, names, was_told=was_told)
        transaction.on_commit(confirm, robust=True)
    return version


def tick(tag: str) -> None:
    """Give a tag that is on no page its next version, in the transaction of the change.

    Whoever calls this has a lock of their own on what changes, so that versions become visible in
    their order.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TICK, [tag, time.time_ns() // 1000])


def newest(using: str = DEFAULT_DB_ALIAS) -> int:
    """Return the newest version as this process's own connection to a database sees it."""
    rows = PageTag.objects.using(using).filter(tag=CLOCK)
    return rows.values_list("version", flat=True).first() or 0


class Mirror:
    """The newest version, in Redis.

    Before a change commits, its publisher takes the mirror away and marks that a change is under
    way; until it confirms, nobody may put a version there, so all ask the database. If a
    publisher dies in between, the mark ends by itself. If it can't reach Redis, others may still
    read the old mirror: after the commit it waits until no lease can be left.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        self.keys = (link.key("version"), link.key("changing"))
        self._changed = link.key("changed")

    def announce(self, version: int, tags: Iterable[str] = ()) -> bool:
        """Take the mirror away ahead of a commit, and note what it changes; return whether that is
        certain."""
        keys = (*self.keys, self._changed)
        kept = (CHANGE, KNOWN, version - KNOWN * 1_000_000, _MOST_KNOWN)
        try:
            self.link.call("EVAL", _ANNOUNCE, 3, *keys, str(version), *kept, *tags)
        except DownError:
            return False
        return True

    def changed(self) -> dict[str, int]:
        """Return at which version each tag was last changed, for who can't ask the database.

        What was announced and never committed stands there too. Raises DownError.
        """
        found = self.link.call("EVAL", _CHANGED, 1, self._changed)
        return {tag.decode(): int(at) for tag, at in zip(found[::2], found[1::2], strict=True)}

    def confirm(self, version: int, tags: Iterable[str] = (), *, was_told: bool) -> None:
        """Mirror a version that is committed; if others may not know of it, wait till they do."""
        try:
            until = self.now() + SETTING * 1000
            self.link.call("EVAL", _LATE + _CONFIRM, 2, *self.keys, str(version), LEASE, until)
        except DownError:
            logger.warning("Redis can't be reached: version %d is read from the database", version)
        if not was_told:
            time.sleep((LEASE + SETTING) / 1000)
            self.announce(version, tags)

    def now(self) -> int:
        """Return the time by the server's clock in microseconds; raises DownError."""
        seconds, rest = self.link.call("TIME")
        return int(seconds) * 1_000_000 + int(rest)

    def fill(self, version: int, since: int) -> None:
        """Mirror a version read from the database after ``since``, which is a ``now()``."""
        until = since + SETTING * 1000
        self.link.call("EVAL", _LATE + _FILL, 2, *self.keys, str(version), LEASE, until)


def mirror() -> Mirror | None:
    """Return the mirror this installation shares, None where there is no Redis."""
    store: dict[str, Any] = settings.CACHES["default"]
    if not store["BACKEND"].endswith("RedisCache"):
        return None
    return _mirror(store["LOCATION"], f"{store.get('KEY_PREFIX', '')}pages:{_database()}:")


def link() -> Link | None:
    found = mirror()
    return found.link if found else None


@cache
def _mirror(url: str, prefix: str) -> Mirror:
    return Mirror(Link(url, prefix))


def _database() -> str:
    """Return a short name of the database, so that sites on one Redis don't meet."""
    parts = (connection.settings_dict.get(name) for name in ("HOST", "PORT", "NAME"))
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:12]
