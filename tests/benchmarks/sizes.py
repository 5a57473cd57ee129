"""How much is measured: ``BENCH_SIZE`` is ``small``, ``full`` (when left out) or ``million``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """Archives by their number of articles, smallest first; how often the rest is done."""

    articles: list[int]
    documents: int
    saves: int
    requests: int
    rounds: int
    seconds: float
    least: int

    @classmethod
    def chosen(cls) -> Size:
        return SIZES[os.environ.get("BENCH_SIZE") or "full"]

    @property
    def patience(self) -> dict[str, Any]:
        """What ``serving.compare`` is given."""
        return {"rounds": self.rounds, "seconds": self.seconds, "least": self.least}


SIZES = {
    "small": Size([100, 200], 60, 2, requests=400, rounds=1, seconds=0, least=2),
    "full": Size([1_000, 10_000, 100_000], 2_000, 20, 100_000, rounds=5, seconds=0.15, least=8),
    "million": Size(
        [1_000, 100_000, 1_000_000], 2_000, 20, 100_000, rounds=5, seconds=0.15, least=8
    ),
}
