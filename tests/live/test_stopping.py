"""A web process that is told to stop answers what it has begun, and takes nothing new."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import closing

import pytest

from tests.live.asking import Answer, Asker
from tests.live.machines import Web, wait_until
from tests.live.newsroom import Newsroom

pytestmark = pytest.mark.live


def test_requests_under_way_are_answered_before_the_process_ends(newsroom: Newsroom) -> None:
    """Requests that are held up by a database that pauses are under way when the signal comes."""
    web = Web("third", newsroom.folder, newsroom.environment)
    web.start()
    answers: list[Answer] = []

    def ask(number: int) -> None:
        with closing(Asker()) as asker:
            answers.append(asker.ask(web, f"/search/?q=stopping{number}"))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    try:
        ask(99)  # warm: its connections are open
        newsroom.postgres.freeze()
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        assert web.process is not None
        os.kill(web.process.pid, signal.SIGTERM)
        time.sleep(0.5)
    finally:
        newsroom.postgres.thaw()
    for thread in threads:
        thread.join(30)
    assert [answer.status for answer in answers] == [200] * 7
    assert web.process.wait(30) == 0
    assert web.probe("live")[0] == 0


def test_process_that_starts_anew_takes_up_what_the_other_kept(newsroom: Newsroom) -> None:
    web = Web("fourth", newsroom.folder, newsroom.environment)
    with closing(Asker()) as asker:
        asker.ask(newsroom.web[0], "/world/")
        web.start()
        answer = asker.ask(web, "/world/")
    assert answer.headers["cache-status"] == "newsroom; hit"
    assert web.stop() == 0
    wait_until(lambda: web.probe("live")[0] == 0, "nobody listens any more")
