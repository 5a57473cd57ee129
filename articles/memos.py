"""What was made of values, kept under them: the same values make the same, so it can't be out of
date. What it depends on besides is ``place``, which is one of the values, and settings."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.signals import setting_changed
from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone
from django.utils.translation import get_language

T = TypeVar("T")


class Memo(Generic[T]):
    """Keeps what was asked for last, up to about ``most`` bytes of values and what was made."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        # Settings change in tests alone.
        setting_changed.connect(self._forget, weak=False)

    def get(self, values: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` makes, or made of the same values before.

        While somebody works on the templates (``DEBUG``), nothing is kept.
        """
        if settings.DEBUG:
            return make()
        with self._lock:
            found = self._kept.get(values)
            if found is not None:
                self._kept.move_to_end(values)
                return found[0]
        made = make()
        size = _size(values) + _size(made)
        with self._lock:
            if size <= self.most // 4 and values not in self._kept:
                self._kept[values] = (made, size)
                self._size += size
                while self._size > self.most:
                    self._size -= self._kept.popitem(last=False)[1][1]
        return made

    def _forget(self, **_kwargs: Any) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


def place() -> Hashable:
    """Return what a part of a page depends on besides its values: language, addresses, zone."""
    urlconf = get_urlconf() or settings.ROOT_URLCONF
    return get_language(), get_script_prefix(), urlconf, timezone.get_current_timezone()


def _size(value: Any) -> int:
    """Return what a value takes in memory, with what it holds."""
    held: Any = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        held = (getattr(value, field.name) for field in fields(value))
    return sys.getsizeof(value) + sum(map(_size, held))
