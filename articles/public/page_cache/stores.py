"""Where entries are kept: in this process, and in Redis where there is one.

A process keeps pages and, in a small part of its own, what strangers can ask for without end
(answers to queries, addresses that are nobody's), so that those can't push pages out. What is full
drops what was asked for longest ago.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from contextlib import suppress

from articles.public.page_cache.entries import Entry, from_bytes
from articles.redis_link import DownError, Link

_ENDLESS_SHARE = 8
_LONGEST_SECONDS = 24 * 60 * 60
_LARGEST_SHARE = 4


class Shelf:
    """Entries up to a number of bytes, the last asked for last."""

    def __init__(self, room: int) -> None:
        self.room, self.used = room, 0
        # Each with its size when it was counted.
        self._entries: OrderedDict[str, tuple[Entry, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> Entry | None:
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: str, entry: Entry) -> None:
        if entry.size <= self.room // _LARGEST_SHARE:
            with self._lock:
                self._put(key, entry)

    def recount(self, key: str, entry: Entry) -> None:
        """Count an entry that holds more than it did, if it is kept."""
        with self._lock:
            if self._entries.get(key, (None, 0))[0] is entry:
                self._put(key, entry)

    def drop(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def _put(self, key: str, entry: Entry) -> None:
        self._drop(key)
        size = entry.size
        self._entries[key] = entry, size
        self.used += size
        while self.used > self.room:
            self.used -= self._entries.popitem(last=False)[1][1]

    def _drop(self, key: str) -> None:
        self.used -= self._entries.pop(key, (None, 0))[1]


class Memory:
    """What this process keeps."""

    def __init__(self, room: int) -> None:
        self.endless = Shelf(room // _ENDLESS_SHARE)
        self.pages = Shelf(room - room // _ENDLESS_SHARE)

    @property
    def used(self) -> int:
        return self.pages.used + self.endless.used

    def get(self, key: str) -> Entry | None:
        return (self.pages.get(key) if "?" not in key else None) or self.endless.get(key)

    def put(self, key: str, entry: Entry) -> None:
        shelf, other = self.pages, self.endless
        if is_endless(key, entry):
            shelf, other = other, shelf
        shelf.put(key, entry)
        # A page that became a notice of its end would else hide behind what it was.
        other.drop(key)

    def recount(self, key: str, entry: Entry) -> None:
        self.pages.recount(key, entry)
        self.endless.recount(key, entry)


class Shared:
    """What all processes keep, in Redis, under names of this release of the code.

    The server forgets an entry when it ends; how much it holds is its own ``maxmemory``.
    """

    def __init__(self, link: Link, release: str) -> None:
        self.link, self.release = link, release

    def name(self, key: str) -> str:
        return self.link.key(f"{self.release}:{key}")

    def put(self, key: str, entry: Entry, now: dt.datetime) -> None:
        left = min((entry.fresh_until - now).total_seconds(), _LONGEST_SECONDS)
        if is_endless(key, entry) or left < 1:
            return
        with suppress(DownError):
            self.link.call("SET", self.name(key), entry.to_bytes(), "EX", int(left))

    def get(self, key: str) -> Entry | None:
        try:
            raw = self.link.call("GET", self.name(key))
        except DownError:
            return None
        return from_bytes(raw) if raw else None

    def claim(self, key: str, seconds: float) -> bool:
        """Return whether this process is to render a page; it is too when Redis can't tell."""
        lock = self.name(f"lock:{key}")
        try:
            return bool(self.link.call("SET", lock, "1", "NX", "PX", int(seconds * 1000)))
        except DownError:
            return True

    def release_claim(self, key: str) -> None:
        with suppress(DownError):
            self.link.call("DEL", self.name(f"lock:{key}"))

    def is_claimed(self, key: str) -> bool:
        """Return whether a process is rendering a page now."""
        try:
            return bool(self.link.call("EXISTS", self.name(f"lock:{key}")))
        except DownError:
            return False


def is_endless(key: str, entry: Entry) -> bool:
    """Return whether strangers can ask for any number of such answers."""
    return "?" in key or entry.status in (404, 410)
