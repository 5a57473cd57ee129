"""Timing a thing beside its floor in one run, and the tables of what came out.

A floor is the least work that gives the same result; ratios to it mean the same on any machine,
milliseconds do not. Nothing here judges a time: the table says which bar holds, and no benchmark
fails because of one.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

Work = Callable[[int], Any]

SHARE, GROWTH, MS, QUERIES, MIB = "share", "times", "ms", "queries", "MiB"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure should reach: of a share at least the bar, of all else at most."""

    what: str
    unit: str
    bar: float
    aim: float

    def mark(self, value: float) -> str:
        """Return which of bar and aim a value reaches."""
        reached = [value >= one if self.unit == SHARE else value <= one for one in self._both()]
        return "aim" if reached[1] else "bar" if reached[0] else "missed"

    def _both(self) -> tuple[float, float]:
        return self.bar, self.aim


# Of a page: what it is called, and which share of a bare application it should reach.
_PAGES = {
    "cached": ("cached page", 0.45, 0.62),
    "article": ("uncached article", 0.07, 0.15),
    "front": ("uncached front page", 0.04, 0.08),
    "section": ("uncached section", 0.05, 0.08),
    "topic": ("uncached topic", 0.05, 0.08),
    "feed": ("uncached feed", 0.05, 0.08),
    "article anew": ("article, written anew", 0.07, 0.15),
    "front anew": ("front page, written anew", 0.04, 0.08),
    "section anew": ("section, written anew", 0.05, 0.08),
    "topic anew": ("topic, written anew", 0.05, 0.08),
    "feed anew": ("feed, written anew", 0.05, 0.08),
}
SERVERS = ("gunicorn", "granian")

# In the order of the table. A share is the floor's CPU over ours: 1 is as fast as can be.
BARS = {
    **{
        f"{server} {key}": Bar(f"{what} ({server})", SHARE, bar, aim)
        for server in SERVERS
        for key, (what, bar, aim) in _PAGES.items()
    },
    "growth": Bar("dearest growth of a page or a view of the desk", GROWTH, 1.3, 1.1),
    "common": Bar("search for a common word, CPU", MS, 60, 10),
    "rare": Bar("search for a rare word, CPU", MS, 6, 2),
    "save": Bar("save and publish, CPU", MS, 60, 25),
    "queries": Bar("save and publish, queries", QUERIES, 40, 25),
    "import": Bar("import of documents", SHARE, 0.15, 0.3),
    "memory": Bar("memory of a web process, growth", MIB, 30, 10),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table; times in milliseconds, ``floor`` None where nothing compares."""

    what: str
    size: str
    floor: float | None
    ours: float

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None


@dataclass(frozen=True, slots=True)
class Reached:
    """What came out for a bar; ``floor`` and ``ours`` in milliseconds where it is a share."""

    key: str
    size: str
    value: float
    floor: float | None = None
    ours: float | None = None


@dataclass
class Figures:
    """All figures of a run, in the order in which they were measured."""

    rows: list[Figure] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    costs: dict[str, dict[str, float]] = field(default_factory=dict)
    peer: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, size: str, floor: float | None, ours: float) -> None:
        self.rows.append(Figure(what, size, floor, ours))

    def reach(self, key: str, size: str, value: float) -> None:
        self.reached.append(Reached(key, size, value))

    def share(self, key: str, size: str, floor: float, ours: float) -> None:
        self.reached.append(Reached(key, size, floor / ours, floor, ours))

    def cost(self, what: str, size: str, ms: float) -> None:
        """Keep what one thing costs in an archive of a size, small ones first."""
        self.costs.setdefault(what, {})[size] = ms

    def growth(self, what: str) -> float:
        """Return what a thing costs in the largest archive, over the smallest."""
        costs = list(self.costs[what].values())
        return costs[-1] / costs[0]

    def add_growth(self, small: str, large: str) -> None:
        """Compare each thing at two sizes: the cost at the small one is the floor of the large."""
        before = {row.what: row.ours for row in self.rows if row.size == small}
        after = [row for row in self.rows if row.size == large and row.what in before]
        for row in after:
            self.add(row.what, f"{large} over {small}", before[row.what], row.ours)

    def table(self) -> str:
        """Return all figures as Markdown tables, columns aligned, with the notes under them."""
        parts = [table for table in (self._bars(), self._costs(), self._others()) if table]
        notes = [f"- {name}: {text}" for name, text in self.notes.items()]
        return "\n\n".join([*parts, *(["\n".join(notes)] if notes else [])])

    def _bars(self) -> str:
        order = list(BARS)
        head = ["what", "articles", "floor ms", "ours ms", "figure", "", "bar", "aim", "reached"]
        cells = []
        for row in sorted(self.reached, key=lambda row: order.index(row.key)):
            bar = BARS[row.key]
            values = [_number(value) for value in (row.floor, row.ours, row.value)]
            goals = [_number(bar.bar), _number(bar.aim), bar.mark(row.value)]
            cells.append([bar.what, row.size, *values, bar.unit, *goals])
            if self.peer:
                cells[-1].append(_number(self.peer.get(row.key)))
        return _table(head + ["peer"] * bool(self.peer), cells, {0, 1, 5, 8})

    def _costs(self) -> str:
        if not self.costs:
            return ""
        sizes = list(dict.fromkeys(size for row in self.costs.values() for size in row))
        head = ["CPU ms of a request", *sizes, f"{sizes[-1]} over {sizes[0]}"]
        cells = [
            [what, *(_number(row.get(size)) for size in sizes), _number(self.growth(what))]
            for what, row in self.costs.items()
        ]
        return _table(head, cells, {0})

    def _others(self) -> str:
        head = ["what", "size", "floor ms", "ours ms", "ratio"]
        cells = [
            [row.what, row.size, _number(row.floor), _number(row.ours), _number(row.ratio)]
            for row in self.rows
        ]
        return _table(head, cells, {0, 1})

    def write(self, path: Path) -> None:
        out = {
            "machine": {"python": platform.python_version(), "system": platform.platform()},
            "notes": self.notes,
            "bars": [{**asdict(row), **asdict(BARS[row.key])} for row in self.reached],
            "peer": self.peer,
            "costs": self.costs,
            "figures": [{**asdict(row), "ratio": row.ratio} for row in self.rows],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
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


def with_children(pid: int) -> list[int]:
    """Return the numbers of a process and of all that came of it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it ended just now
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_of(pids: Iterable[int]) -> dict[int, float]:
    """Return the CPU seconds each process has taken until now; nothing for one that has ended."""
    found = {}
    for pid in pids:
        try:
            found[pid] = _cpu(Path(f"/proc/{pid}"))
        except OSError:
            continue
    return found


def _cpu(process: Path) -> float:
    """Return the CPU seconds of a process: of its threads to the nanosecond where the kernel
    tells, else in the ticks of its clock."""
    threads = list(process.glob("task/*/schedstat"))
    if threads:
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
    rest = (process / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(rest[11]) + int(rest[12])) / os.sysconf("SC_CLK_TCK")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value == int(value):
        return str(int(value))
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _table(head: Sequence[str], cells: Sequence[Sequence[str]], texts: set[int]) -> str:
    """Return a Markdown table, the columns in ``texts`` to the left; "" if it has no lines."""
    if not cells:
        return ""
    widths = [max(len(line[n]) for line in [head, *cells]) for n in range(len(head))]
    rule = ["-" * (width - 1) + ("-" if n in texts else ":") for n, width in enumerate(widths)]
    lines = [
        [
            cell.ljust(widths[n]) if n in texts else cell.rjust(widths[n])
            for n, cell in enumerate(line)
        ]
        for line in [head, rule, *cells]
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
