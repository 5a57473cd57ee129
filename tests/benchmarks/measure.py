"""Timing a thing beside its floor in one run, and the table of what came out.

A floor is the least work that gives the same result; ratios to it mean the same on any machine,
milliseconds do not. Nothing here judges a time: which ratio is good enough is for people.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

Work = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; times in milliseconds, ``floor`` None where nothing compares."""

    what: str
    size: str
    floor: float | None
    ours: float

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None


@dataclass
class Figures:
    """All figures of a run, in the order in which they were measured."""

    rows: list[Figure] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, size: str, floor: float | None, ours: float) -> None:
        self.rows.append(Figure(what, size, floor, ours))

    def add_growth(self, small: str, large: str) -> None:
        """Compare each thing at two sizes: the cost at the small one is the floor of the large."""
        before = {row.what: row.ours for row in self.rows if row.size == small}
        after = [row for row in self.rows if row.size == large and row.what in before]
        for row in after:
            self.add(row.what, f"{large} over {small}", before[row.what], row.ours)

    def table(self) -> str:
        """Return the figures as a Markdown table, columns aligned, with the notes under it."""
        head = ("what", "size", "floor ms", "ours ms", "ratio")
        cells = [
            (row.what, row.size, _number(row.floor), _number(row.ours), _number(row.ratio))
            for row in self.rows
        ]
        widths = [max(len(line[n]) for line in [head, *cells]) for n in range(len(head))]
        rule = ["-" * (width - 1) + ("-" if n < 2 else ":") for n, width in enumerate(widths)]
        notes = [f"{name}: {text}" for name, text in self.notes.items()]
        return "\n".join([*(_line(line, widths) for line in [head, rule, *cells]), "", *notes])

    def write(self, path: Path) -> None:
        rows = [{**asdict(row), "ratio": row.ratio} for row in self.rows]
        machine = {"python": platform.python_version(), "system": platform.platform()}
        path.parent.mkdir(parents=True, exist_ok=True)
        out = {"machine": machine, "notes": self.notes, "figures": rows}
        path.write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def interleaved(*works: Work, rounds: int, warm_up: int = 2) -> list[float]:
    """Return the median time of each work in milliseconds, the works taking turns in each round.

    Each is called with the number of the round, so that it need not do the same thing twice.
    """
    times: list[list[float]] = [[] for _ in works]
    for number in range(warm_up + rounds):
        for taken, work in zip(times, works, strict=True):
            started = perf_counter()
            work(number)
            taken.append(perf_counter() - started)
    return [median(taken[warm_up:]) * 1000 for taken in times]


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _line(cells: Any, widths: list[int]) -> str:
    padded = [
        cell.ljust(width) if n < 2 else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
