"""import_articles and export_articles as their users run them."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, ImportRun, Publication
from tests.factories import make_section, make_user
from tests.importing.test_load import SEED, counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder with two good seeds."""
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "ferry.txt").write_text(SEED)
    (folder / "storm.txt").write_text(SEED.replace("Ferry runs", "Tanker runs"))
    return folder


def run(*args: Any, **options: Any) -> tuple[str, int]:
    out, status = StringIO(), 0
    try:
        call_command("import_articles", *map(str, args), stdout=out, **options)
    except SystemExit as end:
        status = int(end.code or 0)
    return out.getvalue(), status


def test_a_folder_is_imported_and_counted(seeds: Path) -> None:
    out, status = run(seeds)
    assert "2 documents: 2 created, 0 proposed, 0 unchanged, 0 rejected" in out
    assert status == 0


def test_a_second_run_changes_nothing_and_says_so(seeds: Path) -> None:
    run(seeds)
    before = counts()
    out, status = run(seeds)
    assert "2 unchanged" in out
    assert "Nothing changed" in out
    assert (counts(), status) == (before, 0)


def test_a_bad_file_is_named_fails_the_run_and_stops_nothing(seeds: Path) -> None:
    (seeds / "a-picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    out, status = run(seeds)
    assert "wire/a-picture.txt" in out
    assert "not_text" in out
    assert (Article.objects.count(), status) == (2, 1)


def test_a_dry_run_writes_nothing(seeds: Path) -> None:
    out, _status = run(seeds, dry_run=True)
    assert "2 created" in out
    assert "nothing was written" in out
    assert not Article.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("name", ["report.json", "deep/report.txt"])
def test_the_report_lists_every_file_and_line(seeds: Path, tmp_path: Path, name: str) -> None:
    run(seeds, report=tmp_path / name)
    text = (tmp_path / name).read_text()
    assert "wire/ferry.txt" in text
    assert "table_rule" in text
    if name.endswith("json"):
        assert json.loads(text)["totals"]["created"] == 2


def test_publishing_needs_somebody_who_may(seeds: Path) -> None:
    with pytest.raises(CommandError, match="--as USER"):
        run(seeds, publish=True)
    reporter = make_user("Reporter")
    with pytest.raises(CommandError, match="may not publish"):
        run(seeds, publish=True, user=reporter.username)
    with pytest.raises(CommandError, match="no user 'nobody'"):
        run(seeds, publish=True, user="nobody")


def test_a_trusted_archive_is_published_at_once(seeds: Path) -> None:
    make_section("World")
    out, _status = run(seeds, publish=True, user=make_user("Editor").username, section="world")
    assert "2 published" in out
    assert Publication.objects.count() == 2


def test_an_unknown_section_names_those_there_are(seeds: Path) -> None:
    make_section("World")
    with pytest.raises(CommandError, match="There are: world"):
        run(seeds, section="wrold")


def test_paths_that_are_not_there_or_hold_nothing_say_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing at"):
        run(tmp_path / "missing")
    with pytest.raises(CommandError, match="no .txt files"):
        run(tmp_path)


def test_what_is_no_regular_file_is_refused_without_waiting(seeds: Path) -> None:
    os.mkfifo(seeds / "pipe.txt")
    out, status = run(seeds)
    assert "pipe.txt" in out
    assert (Article.objects.count(), status) == (2, 1)


def test_links_out_of_the_folder_are_left_alone(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(SEED.replace("Ferry", "Barge"))
    (seeds / "link.txt").symlink_to(tmp_path / "outside.txt")
    run(seeds)
    assert Article.objects.count() == 2


def test_export_writes_one_record_per_seed_as_it_stands_now(seeds: Path, tmp_path: Path) -> None:
    run(seeds)
    call_command("export_articles", str(tmp_path / "out"), format="seed-article", stdout=StringIO())
    record = json.loads((tmp_path / "out" / "ferry.json").read_text())
    assert record["schema"] == "seed-article/1"
    assert record["headline"] == "Ferry runs aground off Lisne"
    assert [photo["credit_raw"] for photo in record["photos"]] == ["Photo: Reuters"] * 2
    assert record["unaccounted"] == []
