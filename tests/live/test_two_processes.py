"""Two web processes on PostgreSQL and Redis, under load, while editors work at both.

After the editor's answer nobody sees the old state, before the act nobody the new one; what is
scheduled appears in its second. Readers ask plain and conditionally, at both processes at once.
"""

from __future__ import annotations

import datetime as dt
import time

import pytest

from tests.live.newsroom import Newsroom
from tests.live.story import Desk
from tests.live.watching import Surface, Watch, lists, surfaces_of

pytestmark = pytest.mark.live

# How far ahead something is scheduled (seconds): readers see for a while that it is not there.
AHEAD = 6
LEAST_ANSWERS = 3000


def surfaces(lives: list) -> list[Surface]:
    return lists(f"{dt.datetime.now(dt.UTC):%Y-%m}") + [
        surface for life in lives for surface in surfaces_of(life)
    ]


def test_nobody_sees_the_old_state_late_or_the_new_one_early(
    newsroom: Newsroom, editors: Desk
) -> None:
    first, second, third, later, changed, never = lives = editors.take(6)
    watch = Watch(newsroom, surfaces(lives), lives)
    with watch.reading():
        editors.publish(changed, 1)
        moments = [
            editors.schedule(later, 1, AHEAD),
            editors.schedule(changed, 2, AHEAD),
            editors.schedule(never, 1, 2 * AHEAD),
        ]
        editors.call_off(never)
        editors.publish(first, 1)
        editors.publish(second, 1)
        editors.correct(first, 2)
        editors.retract(second, 1)
        editors.publish(third, 1)
        editors.kill(first)
        editors.correct(third, 2)
        until = max(*moments, time.time()) + 1
        while time.time() < until or len(watch.seen) < LEAST_ANSWERS:
            assert time.time() < until + 120, "too few answers"
            time.sleep(0.2)
    print(dict(watch.counts()))  # noqa: T201
    assert watch.broken == []
    assert watch.faults() == []
