"""Import: reading a seed beside a bare word scan, loading beside a raw insert, one huge file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from itertools import count, islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import CompositePrimaryKey, Max

from articles.importing.load import CREATED, Loader
from articles.importing.reading import read_seed
from articles.models import Article
from newsroom.settings import services
from tests.benchmarks import prose, raw
from tests.benchmarks.measure import Figures, interleaved
from tests.benchmarks.newsroom import empty, newsrooms
from tests.benchmarks.sizes import Size

pytestmark = pytest.mark.benchmark

BATCHES, BATCH = 10, 20
SEEDS = 60
# A file of five megabytes, and how long one of its paragraphs is, in bytes.
HUGE, AVERAGE = 5_000_000, 258

_WORD = re.compile(r"\w+")
Rows = dict[Any, list[Any]]


def scan(data: bytes) -> int:
    """Count the words of a seed line by line: the least a reader that looks at words does."""
    return sum(len(_WORD.findall(line)) for line in data.decode().splitlines())


def test_reading_a_seed(figures: Figures) -> None:
    seeds = [prose.seed(number).encode() for number in range(SEEDS + 2)]
    kilobytes = sum(map(len, seeds)) / len(seeds) / 1000
    outcomes = {read_seed(data, "desk/a.txt")["outcome"] for data in seeds}
    assert outcomes == {"imported"}
    floor, ours = interleaved(
        lambda n: scan(seeds[n]), lambda n: read_seed(seeds[n], "desk/a.txt"), rounds=SEEDS
    )
    figures.add(
        "import: read a seed, per kB", f"{SEEDS} seeds", floor / kilobytes, ours / kilobytes
    )


@pytest.mark.django_db(transaction=True)
def test_loading_documents(figures: Figures) -> None:
    """Load records, in turn with a bulk insert of the rows that as many others become."""
    loader, numbers = Loader(), count()
    load(loader, islice(numbers, len(prose.PEOPLE)))
    floor, ours = [], []
    for _ in range(BATCHES):
        before = newest_rows()
        rows = rows_of(loader, islice(numbers, BATCH))
        floor.append(seconds(insert, rows))
        assert {model: len(found) for model, found in rows_since(before).items()} == {
            model: len(found) for model, found in rows.items()
        }
        before = newest_rows()
        ours.append(seconds(load, loader, islice(numbers, BATCH)))
        assert len(rows_since(before)[Article]) == BATCH
    documents = f"{BATCHES * BATCH} documents"
    per_document = [median(times) / BATCH * 1000 for times in (floor, ours)]
    figures.add("import: load a document", documents, *per_document)


def load(loader: Loader, numbers: Iterable[int]) -> None:
    for number in numbers:
        data, record, name = prepared(number)
        assert loader.load(record, data, name).action == CREATED


@cache
def prepared(number: int) -> tuple[bytes, dict[str, Any], str]:
    """Return a seed and what the reader made of it, which is measured elsewhere."""
    data, name = prose.seed(number).encode(), f"desk/{number}.txt"
    return data, read_seed(data, name), name


def rows_of(loader: Loader, numbers: Iterable[int]) -> Rows:
    """Return the rows that loading makes, and take them back."""
    before = newest_rows()
    with transaction.atomic():
        load(loader, numbers)
        rows = rows_since(before)
        transaction.set_rollback(True)
    return rows


def insert(rows: Rows) -> None:
    with transaction.atomic():
        for model, found in rows.items():
            model._default_manager.bulk_create(found)


def newest_rows() -> dict[Any, int]:
    models = apps.get_app_config("articles").get_models(include_auto_created=True)
    return {
        model: model._base_manager.aggregate(newest=Max(rising(model)))["newest"] or 0
        for model in models
    }


def rising(model: Any) -> str:
    """Return the column by which the rows of a table come one after another."""
    return "publication_id" if isinstance(model._meta.pk, CompositePrimaryKey) else "pk"


def rows_since(before: dict[Any, int]) -> Rows:
    found = {
        model: list(model._base_manager.filter(**{f"{rising(model)}__gt": newest}))
        for model, newest in before.items()
    }
    return {model: rows for model, rows in found.items() if rows}


def seconds(work: Any, *args: Any) -> float:
    started = perf_counter()
    work(*args)
    return perf_counter() - started


def test_importing_an_archive(figures: Figures, tmp_path: Path) -> None:
    """Export a newsroom and import it into an empty one, on the database that is measured; beside
    it insert the same stories with Python's own SQLite.

    Both read a file of lines and are counted by CPU, without the start of a process.
    """
    size = Size.chosen().documents
    sqlite = {"ENGINE": services.SQLITE}
    folder, lines = tmp_path / "archive", tmp_path / "stories.jsonl"
    for name in ("from", "into", "last"):
        (tmp_path / name).mkdir()
    with newsrooms(sqlite, tmp_path / "from", [size]) as (room,):
        stories = room.do("export", str(folder), str(lines))["stories"]
    floors = [raw.insert(lines, tmp_path / f"floor-{n}.sqlite3") for n in range(3)]
    taken = []
    for name in ("into", "last"):
        with empty(settings.DATABASES["default"], tmp_path / name) as room:
            done = room.do("take_in", str(folder))
        assert done["stories"] == size
        taken.append(done["seconds"] / size)
    floor = min(seconds / count for count, seconds in floors)
    assert {count for count, _ in floors} == {stories}
    figures.share("import", f"{size} documents", floor * 1000, min(taken) * 1000)


def test_importing_a_file_of_five_megabytes(figures: Figures, tmp_path: Path) -> None:
    """Run the command as a person would, in a process and a newsroom of its own."""
    file = tmp_path / "huge.txt"
    file.write_text(prose.seed(0, HUGE // AVERAGE), encoding="utf-8")
    assert file.stat().st_size > HUGE * 0.95
    manage(tmp_path, "migrate", "--verbosity", "0")
    started = perf_counter()
    peak, told = manage(tmp_path, "import_articles", str(file))
    taken = perf_counter() - started
    megabytes = file.stat().st_size / 1e6
    figures.notes["A seed of 5 MB"] = (
        f"{megabytes:.1f} MB imported in {taken:.1f} s, {peak} MiB at the most ({told})."
    )


def manage(state: Path, *arguments: str) -> tuple[int, str]:
    """Run a command with its state under a directory; return its peak memory in MiB and last line.

    The newsroom is an SQLite file there, whatever database the other figures are of.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if not name.endswith("_URL")},
        "DATA_DIR": str(state),
        "DEBUG": "false",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings.development",
    }
    told = state / "told.txt"
    with told.open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, told.read_text(encoding="utf-8")
    lines = told.read_text(encoding="utf-8").splitlines()
    return usage.ru_maxrss // 1024, lines[-1] if lines else ""
