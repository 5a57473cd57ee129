"""Killing the import at any moment leaves whole articles only; running again gives the rest."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.importing.test_load import SEED

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


def start_import(data: Path, seeds: Path) -> subprocess.Popen:
    environment = {**os.environ, "DATA_DIR": str(data)}
    environment.pop("DATABASE_URL", None)
    environment["DJANGO_SETTINGS_MODULE"] = "newsroom.settings.development"
    command = [sys.executable, "manage.py", "import_articles", str(seeds)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def state(data: Path) -> str:
    shown = manage(data, "shell", "--no-imports", "-c", STATE)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


def test_killed_twenty_times_and_run_again_gives_what_one_clean_run_gives(tmp_path: Path) -> None:
    seeds = tmp_path / "wire"
    seeds.mkdir()
    for number in range(30):
        text = SEED.replace("Lisne", PLACES[number % 12]).replace("Forty", f"{number} and forty")
        (seeds / f"{number:03}.txt").write_text(text)
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    for data in (clean, killed):
        assert manage(data, "migrate", "--verbosity", "0").returncode == 0
    began = time.monotonic()
    assert manage(clean, "import_articles", str(seeds)).returncode == 0
    whole = time.monotonic() - began
    chance = random.Random(20)
    for _ in range(20):
        process = start_import(killed, seeds)
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    last = manage(killed, "import_articles", str(seeds))
    assert last.returncode == 0, last.stderr
    assert state(killed) == state(clean)
