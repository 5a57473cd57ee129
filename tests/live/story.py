"""The desk's work on one story, from draft to kill, noted in its life as it happens."""

from __future__ import annotations

import datetime as dt
import math
import time

from tests.live.asking import Editor
from tests.live.newsroom import Newsroom
from tests.live.watching import KILLED, LIVE, RETRACTED, Life

_WHY = "Read twice."


class Desk:
    """Two people: one writes and publishes at one process, one approves and kills at the other."""

    def __init__(self, newsroom: Newsroom, writer: Editor, chief: Editor) -> None:
        self.newsroom, self.writer, self.chief = newsroom, writer, chief

    def take(self, count: int) -> list[Life]:
        """Return so many drafts that no test has touched."""
        lives = [Life(self.newsroom.stories.pop(0)) for _ in range(count)]
        for life in lives:
            life.path = f"/world/{dt.datetime.now(dt.UTC):%Y/%m/%d}/{life.story.slug}/"
        return lives

    def publish(self, life: Life, version: int) -> None:
        self._approve(life, version)
        with life.to(LIVE, version):
            self.writer.press(life.story, "publish", act__override=_WHY, act__kind="update")

    def correct(self, life: Life, version: int) -> None:
        self._approve(life, version)
        with life.to(LIVE, version):
            self.writer.press(
                life.story, "publish", act__kind="correction", act__override=_WHY,
                act__note="A number was wrong.", act__was="Nine.", act__now="Eight.",
            )  # fmt: skip

    def schedule(self, life: Life, version: int, ahead: int) -> float:
        """Schedule a version for a whole second of the clock, so far ahead; return it."""
        self._approve(life, version)
        moment = math.ceil(time.time()) + ahead
        when = f"{dt.datetime.fromtimestamp(moment, dt.UTC):%Y-%m-%dT%H:%M:%S}"
        life.at(moment, LIVE, version)
        self.writer.act(
            life.story, "schedule", act__at=when, act__override=_WHY, act__kind="update"
        )
        assert time.time() < moment, "scheduled too late to be seen waiting"
        return moment

    def call_off(self, life: Life) -> None:
        """Call off what was scheduled; it is nobody's any more once that is answered for."""
        self.writer.act(life.story, "unschedule")
        life.called_off()

    def retract(self, life: Life, version: int) -> None:
        with life.to(RETRACTED, version):
            self.chief.act(life.story, "retract", act__note="It was wrong.")

    def kill(self, life: Life) -> None:
        self.writer.act(life.story, "request_kill", act__reason="Law.")
        with life.to(KILLED):
            self.chief.act(life.story, "kill", act__reason="Law.")

    def _approve(self, life: Life, version: int) -> None:
        headline = f"Ferry zx{life.story.number:02}v{version} aground"
        self.writer.press(life.story, "submit", headline=headline, standfirst=f"Part {version}.")
        self.chief.press(life.story, "approve", act__override=_WHY)
