"""The archive: write, read into an empty newsroom, write again, get the same files."""

import datetime as dt
import json
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from articles import renditions, snapshots, talk
from articles.archive import stories
from articles.archive.read import read
from articles.archive.write import write
from articles.choices import PublicationKind
from articles.exceptions import ImportProblem, NewsroomError
from articles.models import (
    Article,
    ImportedDocument,
    ImportRun,
    Photo,
    Publication,
    Revision,
    SearchEntry,
    TextPrint,
)
from articles.workflow import transitions
from articles.workflow.layouts import call_off
from articles.workflow.photos import kill_photo
from articles.workflow.verify import verify
from tests.factories import (
    arrange,
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db(transaction=True)


def make_newsroom(folder: Path) -> None:
    """Fill the database with a bit of everything."""
    editor = make_user("Editor", username="edith")
    picture = folder / "quay.png"
    Image.new("RGB", (600, 400), "teal").save(picture)
    photo = make_photo(agency=make_source("Reuters"))
    with picture.open("rb") as stream:
        renditions.supply(photo, stream, name="quay.png")
    killed = make_photo(caption="A face.")
    with picture.open("rb") as stream:
        renditions.supply(killed, stream, name="face.png")
    kill_photo(killed, by=publisher(), reason="In danger.", notice="Taken out.")
    old, new = make_topic("Ports"), make_topic("Harbours")
    old.merged_into = new
    old.save()
    business = make_section("Business")
    original = make_publication(make_article("Phà chìm", language="vi")).article
    make_publication(make_article("Ferry sinks, they say", original=original))
    story = make_article(
        "Ferry sinks",
        parts=("Two boats collided.", photo, "Nobody was hurt, the mayor said."),
        authors=(make_contributor("Đặng Mai Khuê", user=editor),),
        topics=(new,),
        sources=(make_source("AP"),),
        section=make_section("Markets", parent=business),
        by=editor,
    )
    related = make_article("Storm warning")
    first = talk.comment(story, by=publisher(), text="@edith, sure?", quote="Two boats")
    talk.comment(story, by=editor, text="Resolve it.")
    talk.comment(story, by=editor, text="Yes.", parent=first)
    talk.resolve(first, by=publisher())
    story.related_links.create(related=related, title="Storm warning")
    story.attributions.create(text="the mayor said", name="The mayor", verified_by=editor)
    snapshots.save(story, by=editor)
    make_publication(story)
    change(story, headline="Ferry raised")
    kind = PublicationKind.CORRECTION
    publish(story, by=publisher(), kind=kind, note="Two.", corrections=[("three", "two")])
    make_publication(related)
    transitions.retract(related, by=publisher(), note="The warning was for another coast.")
    late = make_article("Tomorrow", embargo_until=timezone.now())
    schedule(late, by=publisher(), at=timezone.now() + dt.timedelta(days=1))
    snapshots.propose(late, snapshots.take(late))
    gone = make_article("A name that endangers somebody", slug="gone", topics=(new,))
    make_publication(gone)
    transitions.request_kill(gone, by=editor, reason="In danger.")
    transitions.kill(gone, by=publisher(), reason="In danger.")
    arrange(story, late, section=None)
    arrange(story, section=business, until=timezone.now() + dt.timedelta(hours=1))
    call_off(arrange(late, section=None, at=timezone.now() + dt.timedelta(days=2)), by=publisher())
    editor.assignments.create(role=editor.groups.get(), section=business)
    run = ImportRun.objects.create(by=editor)
    ImportedDocument.objects.create(
        run=run, external_id="a/b.txt", content_hash="0" * 64, format="seed", outcome="imported",
        article=late, revision=late.revisions.get(number=1), report={"lines": []},
    )  # fmt: skip


def empty_newsroom() -> None:
    """Empty every table, accounts included, and the storage."""
    for photo in Photo.objects.exclude(file=""):
        default_storage.delete(str(photo.file.name))
        for row in photo.renditions.all():
            default_storage.delete(str(row.file.name))
    call_command("flush", interactive=False, verbosity=0)


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    make_newsroom(tmp_path)
    write(tmp_path / "one")
    return tmp_path / "one"


def edit(archive: Path, kind: str, **values: Any) -> None:
    """Change the first line of a kind in an archive."""
    path = archive / "newsroom.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if json.loads(line)["type"] == kind)
    lines[place] = json.dumps({**json.loads(lines[place]), **values}) + "\n"
    path.write_text("".join(lines))


def test_export_import_export_gives_identical_files(archive: Path, tmp_path: Path) -> None:
    empty_newsroom()
    read(archive)
    write(tmp_path / "two")
    assert content(tmp_path / "two") == content(archive)
    assert len(content(archive)) > 3


def test_an_archive_goes_only_into_an_empty_newsroom(archive: Path) -> None:
    with pytest.raises(ImportProblem, match="not empty"):
        read(archive)


def test_an_archive_is_written_only_into_an_empty_folder(archive: Path) -> None:
    with pytest.raises(NewsroomError, match="not empty"):
        write(archive)


def test_accounts_come_back_without_a_password_or_superuser_rights(archive: Path) -> None:
    empty_newsroom()
    read(archive)
    assert "password" not in (archive / "newsroom.jsonl").read_text()
    users = get_user_model().objects.all()
    assert {user.username for user in users} == {"approver", "edith", "publisher"}
    assert not any(user.is_superuser or user.has_usable_password() for user in users)


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("photo", {"file": "../../etc/passwd"}, "file_name"),
        ("photo", {"file": "originals/" + "0" * 32 + ".jpg"}, "no_file"),
        ("photo", {"agency": "7b0c9f5e-0000-4000-8000-000000000001"}, "reference"),
        ("section", {"parent": "nowhere"}, "reference"),
        ("front", {"section": "nowhere"}, "reference"),
        ("front", {"live_from": "noon"}, "shape"),
        ("archive", {"schema": "newsroom-archive/9"}, "not_an_archive"),
        ("topic", {"type": "spaceship"}, "shape"),
    ],
)
def test_a_bad_line_ends_the_run_and_put_right_lets_it_go_on(
    archive: Path, tmp_path: Path, kind: str, values: dict, code: str
) -> None:
    before = content(archive)
    edit(archive, kind, **values)
    empty_newsroom()
    with pytest.raises(ImportProblem) as caught:
        read(archive)
    assert caught.value.code == code
    (archive / "newsroom.jsonl").write_bytes(before["newsroom.jsonl"])
    read(archive)
    write(tmp_path / "two")
    assert content(tmp_path / "two") == before


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("article", {"updated_at": "yesterday"}, "shape"),
        ("article", {"uuid": "x"}, "shape"),
        ("story", {"revisions": []}, "reference"),
        ("story", {"working_copy": {"schema": "other"}}, "shape"),
        ("story", {"article": "7b0c9f5e-0000-4000-8000-000000000001"}, "reference"),
        ("imported_document", {"revision": 99}, "shape"),
    ],
)
def test_a_bad_line_is_rejected_beside_the_good_ones_and_read_once_it_is_right(
    archive: Path, kind: str, values: dict, code: str
) -> None:
    before = content(archive)["newsroom.jsonl"]
    edit(archive, kind, **values)
    empty_newsroom()
    outcome = read(archive)
    first = outcome.rejected[0]
    assert first.code == code
    assert first.message.startswith(f"Line {first.line}")
    assert Article.objects.exclude(headline="").count() >= 4
    (archive / "newsroom.jsonl").write_bytes(before)
    again = read(archive)
    assert again.rejected == []
    assert sum(again.counts.values()) == len(outcome.rejected)
    assert again.there == before.count(b"\n") - len(outcome.rejected)
    assert Article.objects.exclude(headline="").count() == 5
    assert [row for article in Article.objects.all() for row in verify(article)] == []


@pytest.mark.parametrize(
    ("table", "values", "code", "message"),
    [
        ("events", {"at": "noon"}, "shape", "at: 'noon' is no time with a zone."),
        ("events", {"by": "nobody"}, "reference", "refers to user 'nobody', which is not there."),
        ("events", {"reason": None}, "conflict", "the database refuses it: "),
        ("events", {"number": "first"}, "conflict", "expected a number but got 'first'."),
        ("events", {"revision": 9}, "reference", "refers to revision 9, which is not there."),
        ("revisions", {"number": 9}, "reference", "refers to revision 1, which is not there."),
        ("publications", {"kind": "rumour"}, "altered", "it is not as it was made."),
        ("publications", {"digest": "0" * 64}, "altered", "it is not as it was made."),
    ],
)
def test_what_is_wrong_with_a_row_of_a_story_is_said(
    archive: Path, table: str, values: dict, code: str, message: str
) -> None:
    path = archive / "newsroom.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    story = next(line for line in lines if line.get("publications"))
    story[table][0].update(values)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    empty_newsroom()
    (rejected,) = [row for row in read(archive).rejected if row.line == lines.index(story) + 1]
    assert rejected.code == code
    assert message in rejected.message
    assert "CONTEXT" not in rejected.message


def test_a_story_whose_row_lacks_a_column_is_rejected_by_name(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    story = next(line for line in lines if line.get("publications"))
    del story["events"][0]["reason"], story["events"][0]["to_state"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    empty_newsroom()
    assert [row.message for row in read(archive).rejected] == [
        f"Line {lines.index(story) + 1}: A event has no 'to_state'."
    ]


def test_a_revision_that_stands_there_twice_is_refused(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    story = next(line for line in lines if line.get("publications"))
    story["revisions"].append(story["revisions"][0])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    empty_newsroom()
    assert [row.code for row in read(archive).rejected] == ["conflict"]


def test_rows_of_a_story_are_numbered_on_after_an_import(archive: Path) -> None:
    empty_newsroom()
    read(archive)
    newest = Revision.objects.latest("pk")
    story = newest.article
    story.headline = "Changed after the import"
    story.save()
    made = snapshots.save(story)
    assert made is not None
    assert made.pk > newest.pk


def test_two_stories_that_claim_one_address_are_told_apart(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    paths = [line["public_paths"] for line in lines if line.get("public_paths")]
    paths[1][0]["path"] = paths[0][0]["path"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    empty_newsroom()
    outcome = read(archive)
    assert [row.code for row in outcome.rejected] == ["conflict"]
    assert outcome.counts["story"] == 5


def test_markup_that_no_revision_makes_is_refused(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    path.write_text(path.read_text().replace("collided.</p>", "<script>x</script></p>"))
    empty_newsroom()
    assert {row.code for row in read(archive).rejected} == {"altered"}
    assert not Publication.objects.filter(body__contains="script").exists()


def test_a_second_reading_changes_nothing_and_says_so(archive: Path) -> None:
    empty_newsroom()
    read(archive)
    out = StringIO()
    call_command("import_articles", str(archive), format="document", stdout=out)
    lines = (archive / "newsroom.jsonl").read_bytes().count(b"\n")
    assert out.getvalue() == f"{lines} lines were there already. Nothing changed.\n"


def test_a_reading_goes_on_after_its_last_batch_wherever_it_was_stopped(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "SIZE", 2)
    lines = (archive / "newsroom.jsonl").read_bytes().count(b"\n")
    empty_newsroom()
    stops = 0
    for place in range(1, lines):
        with pytest.raises(KeyboardInterrupt):
            read(archive, progress=stopping_after(place))
        stops += 1
    read(archive)
    write(tmp_path / "two")
    assert content(tmp_path / "two") == content(archive)
    assert SearchEntry.objects.count() == TextPrint.objects.count() > 0
    assert stops == lines - 1


def stopping_after(lines: int) -> Any:
    """Return a progress that interrupts a reading at the line after so many."""
    read_so_far = count()

    def progress(size: int, stories: int) -> None:
        if size and next(read_so_far) == lines:
            raise KeyboardInterrupt

    return progress


def test_another_archive_is_not_mixed_in(archive: Path) -> None:
    empty_newsroom()
    read(archive)
    edit(archive, "section", name="Other")
    with pytest.raises(ImportProblem, match="another archive"):
        read(archive)


def test_a_file_that_a_stopped_run_left_half_written_is_written_anew(
    archive: Path, tmp_path: Path
) -> None:
    files = content(archive)
    empty_newsroom()
    name = next(name for name in files if name.startswith("files/originals/"))
    default_storage.save(name.removeprefix("files/"), ContentFile(files[name][:10]))
    read(archive)
    write(tmp_path / "two")
    assert content(tmp_path / "two") == files


def test_a_damaged_archive_says_so(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    empty_newsroom()
    with pytest.raises(ImportProblem, match="damaged"):
        read(archive)


def test_a_missing_archive_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no newsroom.jsonl"):
        call_command("import_articles", str(tmp_path), format="document")


def test_reading_on_trial_writes_nothing(archive: Path) -> None:
    empty_newsroom()
    assert read(archive, dry_run=True).counts["article"] == 6
    assert not Article.objects.exists()
