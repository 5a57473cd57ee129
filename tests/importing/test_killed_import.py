"""Killing the import at any moment leaves whole articles only; running again gives the rest."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.importing.test_load import SEED

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PLACES = "Lisne Corran Averil Brack Tallow Orrin Maren Hethra Sarne Cranholt Fennick Ghaym".split()
STATE = """
import json, sys
from articles.models import *
from articles import snapshots
names = {str(row.uuid): row.name for model in (Source, Contributor) for row in model.objects.all()}
rows = []
for article in Article.objects.order_by("uuid"):
    story = snapshots.take(article).to_json()
    for row in story["attributions"]:
        row["source"] = names.get(row["source"], "")
    for row in story["bylines"]:
        row["contributor"] = names[row["contributor"]]
    rows.append([str(article.uuid), story, article.chain_head,
                 list(article.revisions.values_list("number", "note")),
                 list(article.placements.values_list("block", "photo__uuid", "position"))])
for model, columns in [
    (Photo, ["uuid", "caption", "credit_line", "expected_file"]),
    (Source, ["name", "slug", "kind"]), (SourceAlias, ["folded", "source__name"]),
    (Contributor, ["name", "slug"]), (Topic, ["slug"]),
    (ImportedDocument, ["external_id", "content_hash", "outcome", "article__uuid"]),
]:
    rows.append([model.__name__, sorted(map(repr, model.objects.values_list(*columns)))])
print(json.dumps(rows, default=str, sort_keys=True))
"""


def manage(data: Path, *args: str, text: str | None = None) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DATA_DIR": str(data), "LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    environment["DJANGO_SETTINGS_MODULE"] = "newsroom.settings.development"
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True, timeout=120
    )


def start_import(data: Path, *arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "DATA_DIR": str(data)}
    environment.pop("DATABASE_URL", None)
    environment["DJANGO_SETTINGS_MODULE"] = "newsroom.settings.development"
    command = [sys.executable, "manage.py", "import_articles", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def state(data: Path) -> str:
    shown = manage(data, "shell", "--no-imports", "-c", STATE)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


def make_twins(one: Path, other: Path) -> None:
    """Make two newsrooms that hold nothing yet."""
    assert manage(one, "migrate", "--verbosity", "0").returncode == 0
    shutil.copytree(one, other)


def make_seeds(folder: Path) -> Path:
    folder.mkdir()
    for number in range(30):
        text = SEED.replace("Lisne", PLACES[number % 12]).replace("Forty", f"{number} and forty")
        (folder / f"{number:03}.txt").write_text(text)
    return folder


def test_killed_twenty_times_and_run_again_gives_what_one_clean_run_gives(tmp_path: Path) -> None:
    seeds = make_seeds(tmp_path / "wire")
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    make_twins(clean, killed)
    began = time.monotonic()
    assert manage(clean, "import_articles", str(seeds)).returncode == 0
    whole = time.monotonic() - began
    chance = random.Random(20)
    for _ in range(20):
        process = start_import(killed, str(seeds))
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    last = manage(killed, "import_articles", str(seeds))
    assert last.returncode == 0, last.stderr
    assert state(killed) == state(clean)


def test_archive_whose_reading_was_killed_is_read_to_the_end_by_later_runs(tmp_path: Path) -> None:
    seeds, archive, again = make_seeds(tmp_path / "wire"), tmp_path / "archive", tmp_path / "again"
    first, killed = tmp_path / "first", tmp_path / "killed"
    make_twins(first, killed)
    assert manage(first, "import_articles", str(seeds)).returncode == 0
    assert manage(first, "export_articles", str(archive)).returncode == 0
    chance = random.Random(6)
    began = time.monotonic()
    tried = manage(killed, "import_articles", str(archive), "--format", "document", "--dry-run")
    assert tried.returncode == 0
    startup = time.monotonic() - began
    for _ in range(12):
        process = start_import(killed, str(archive), "--format", "document")
        time.sleep(chance.uniform(0.5, 1.6) * startup)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    last = manage(killed, "import_articles", str(archive), "--format", "document")
    assert last.returncode == 0, last.stderr
    assert manage(killed, "export_articles", str(again)).returncode == 0
    assert (again / "newsroom.jsonl").read_bytes() == (archive / "newsroom.jsonl").read_bytes()
    assert manage(killed, "verify_publications").returncode == 0
