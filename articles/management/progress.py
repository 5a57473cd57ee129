"""How far a long command is: on a terminal a line that is rewritten, in a log one now and then."""

from __future__ import annotations

import time
from typing import TextIO

from tqdm import tqdm

EVERY = 30.0  # seconds between two lines of a log


class Progress:
    """Tells of bytes read, of stories a second and of the time left; nothing when ``quiet``."""

    def __init__(self, size: int, out: TextIO, *, quiet: bool = False) -> None:
        self.size, self.out = size, out
        self.done = self.stories = 0
        self.is_log = not quiet and not out.isatty()
        self.started = self.told = time.monotonic()
        self.bar = tqdm(
            total=size, unit="B", unit_scale=True, leave=False, file=out,
            disable=quiet or self.is_log,
        )  # fmt: skip

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        self.bar.close()

    def add(self, size: int, stories: int) -> None:
        """Take in that so many more bytes and stories were read."""
        self.done += size
        self.stories += stories
        now = time.monotonic()
        if stories:
            self.bar.set_postfix_str(f"{self._rate(now):.0f} stories/s", refresh=False)
        self.bar.update(size)
        if self.is_log and now - self.told >= EVERY:
            self.told = now
            self.out.write(f"{self.line(now)}\n")
            self.out.flush()

    def line(self, now: float) -> str:
        """Return how far it is at a moment of the monotonic clock, in seconds."""
        share = self.done / self.size if self.size else 1.0
        left = (now - self.started) * (1 - share) / share if share else 0.0
        megabytes = f"{self.done / 1e6:.0f} of {self.size / 1e6:.0f} MB"
        return (
            f"{share:.0%} ({megabytes}), {self.stories} stories, {self._rate(now):.0f} a second, "
            f"{tqdm.format_interval(left)} left"
        )

    def _rate(self, now: float) -> float:
        return self.stories / max(now - self.started, 0.001)
