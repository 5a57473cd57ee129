"""What is worth counting once for a while, kept in the cache that all processes share.

No page depends on it: while its server can't be reached nothing is found and nothing is kept, and
after a failure it is left alone for a second, so that a server that hangs holds nobody up twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache

_PAUSE = 1.0
_left_alone = {"until": 0.0}

logger = logging.getLogger(__name__)


def recall(keys: Iterable[str]) -> dict[str, Any]:
    """Return what is kept under these keys, without those that nothing is kept under."""
    if time.monotonic() < _left_alone["until"]:
        return {}
    try:
        return dict(cache.get_many(list(keys)))
    except Exception as error:  # whatever the client of a cache server raises
        _leave_alone(error)
        return {}


def keep(values: Mapping[str, Any], seconds: float | None) -> None:
    """Keep values for so long; None is for as long as there is room."""
    if not values or time.monotonic() < _left_alone["until"]:
        return
    try:
        cache.set_many(dict(values), timeout=seconds)
    except Exception as error:  # as above
        _leave_alone(error)


def _leave_alone(error: Exception) -> None:
    _left_alone["until"] = time.monotonic() + _PAUSE
    logger.warning("The cache can't be reached: %s", type(error).__name__)
