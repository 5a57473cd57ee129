"""One renderer a page: whoever asks while a page is being made waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from articles.public.page_cache.stores import Shared

# How long somebody waits for another's rendering before making the page as well (seconds).
PATIENCE = 5.0
_STEP = 0.02


class Flights:
    """Renderings under way, in this process by lock and in all others by Redis."""

    def __init__(self, shared: Shared | None = None) -> None:
        self.shared = shared
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Event] = {}

    @contextmanager
    def claim(self, key: str, *, wait: bool) -> Iterator[bool]:
        """Give whether the caller is to render; False once another has, or at once without
        ``wait``. Who waited in vain is to render after all."""
        with self._lock:
            other = self._under_way.get(key)
            if other is None:
                self._under_way[key] = threading.Event()
        if other is not None:
            yield wait and not other.wait(PATIENCE)
            return
        is_mine = True
        try:
            if self.shared is not None:
                is_mine = _claim_among_processes(self.shared, key, wait=wait)
            yield is_mine
        finally:
            if is_mine and self.shared is not None:
                self.shared.release_claim(key)
            with self._lock:
                self._under_way.pop(key).set()


def _claim_among_processes(shared: Shared, key: str, *, wait: bool) -> bool:
    if shared.claim(key, PATIENCE):
        return True
    until = time.monotonic() + (PATIENCE if wait else 0)
    while time.monotonic() < until:
        time.sleep(_STEP)
        if not shared.is_claimed(key):
            return False
    return wait
