"""The archive: write, read into an empty newsroom, write again, get the same files."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from articles import renditions, snapshots, talk
from articles.archive.read import read
from articles.archive.write import write
from articles.choices import PublicationKind
from articles.exceptions import ImportProblem, NewsroomError
from articles.models import Article, ImportedDocument, ImportRun, Photo, Section
from articles.workflow import transitions
from articles.workflow.photos import kill_photo
from tests.factories import (
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
    editor.assignments.create(role=editor.groups.get(), section=business)
    run = ImportRun.objects.create(by=editor)
    ImportedDocument.objects.create(
        run=run, external_id="a/b.txt", content_hash="0" * 64, format="seed", outcome="imported",
        article=late, revision=late.revisions.get(number=1), report={"lines": []},
    )  # fmt: skip


def empty_newsroom() -> None:
    """Empty every table, accounts included, and the storage."""
    from django.core.files.storage import default_storage

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
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    next(line for line in lines if line["type"] == kind).update(values)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


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
        ("article", {"updated_at": "yesterday"}, "shape"),
        ("article", {"uuid": "x"}, "shape"),
        ("story", {"revisions": []}, "reference"),
        ("story", {"working_copy": {"schema": "other"}}, "shape"),
        ("archive", {"schema": "newsroom-archive/9"}, "not_an_archive"),
        ("topic", {"type": "spaceship"}, "shape"),
    ],
)
def test_a_bad_archive_is_refused_and_leaves_nothing(
    archive: Path, kind: str, values: dict, code: str
) -> None:
    edit(archive, kind, **values)
    empty_newsroom()
    with pytest.raises(ImportProblem) as caught:
        read(archive)
    assert caught.value.code == code
    assert not Article.objects.exists()
    assert not Section.objects.exists()


def test_markup_that_no_revision_makes_is_refused(archive: Path) -> None:
    path = archive / "newsroom.jsonl"
    path.write_text(path.read_text().replace("collided.</p>", "<script>x</script></p>"))
    empty_newsroom()
    with pytest.raises(ImportProblem) as caught:
        read(archive)
    assert caught.value.code == "altered"


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
    assert read(archive, dry_run=True)["article"] == 4
    assert not Article.objects.exists()
