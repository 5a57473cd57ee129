"""Seeds into working copies: linked, placed, idempotent, and never over an editor's work."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from PIL import Image

from articles import renditions, snapshots
from articles.choices import AttributionKind
from articles.importing.files import PhotoFolder
from articles.importing.load import CREATED, PROPOSED, REJECTED, UNCHANGED, Extras, Loader
from articles.importing.reading import read_seed
from articles.models import (
    Article,
    Attribution,
    Contributor,
    ImportedDocument,
    ImportRun,
    Photo,
    Publication,
    Revision,
    Source,
    Topic,
)
from tests.factories import change, make_section, make_user

pytestmark = pytest.mark.django_db

SEED = """Ferry runs aground off Lisne
Forty people were taken off by lifeboat before the tide turned.
By Orla Venn, Staff Writer
![A ferry on a sandbank](photos/ferry.jpg) |
The Saint Brand on the Lisne bar. Photo: Reuters |
The ferry Saint Brand ran aground on the Lisne bar on Tuesday morning, AP reported.
Nobody was hurt, according to a person familiar with the rescue who declined to be named.
![]() |
Passengers on the quay. Photo: Reuters |
The captain, Tomas Adeyi, said the buoy had been out for a week.
According to VNE
RELATED NEWS |
---|
"""


def load(text: str = SEED, name: str = "desk/ferry.txt", **options: Any) -> Any:
    extras = options.pop("extras", None)
    data = text.encode()
    return Loader(**options).load(read_seed(data, name), data, name, extras)


def counts() -> list[int]:
    models = (
        Article, Attribution, Contributor, ImportedDocument, ImportRun, LogEntry, Photo,
        Publication, Revision, Source, Topic,
    )  # fmt: skip
    return [model.objects.count() for model in models]


def test_a_seed_becomes_a_draft_with_its_rows() -> None:
    article = load().article
    assert article.headline == "Ferry runs aground off Lisne"
    assert [row.name for row in article.bylines.all()] == ["Orla Venn"]
    captions = [row.caption for row in article.placements.all()]
    assert captions == ["The Saint Brand on the Lisne bar.", "Passengers on the quay."]
    assert article.revisions.count() == 1
    assert not Publication.objects.exists()


def test_agencies_are_one_source_each_by_any_name() -> None:
    load()
    load(SEED.replace("AP reported", "Associated Press reported"), name="desk/other.txt")
    names = sorted(Source.objects.values_list("name", flat=True))
    assert names == ["AP", "Reuters", "VNE"]


def test_photo_credits_link_to_their_agency() -> None:
    load()
    assert {photo.agency.name for photo in Photo.objects.all()} == {"Reuters"}


def test_attributions_stand_on_their_words() -> None:
    article = load().article
    story = snapshots.take(article)
    agency = article.attributions.get(kind=AttributionKind.AGENCY)
    block = next(block for block in story.body if block.id == agency.where)
    assert block.content.text[agency.start :].startswith(agency.text)
    line = article.attributions.get(where="source_line")
    assert (line.text, line.source.name) == ("According to VNE", "VNE")


def test_an_anonymous_source_is_kept_without_a_name() -> None:
    row = load().article.attributions.get(kind=AttributionKind.ANONYMOUS)
    assert (row.name, row.source) == ("", None)


def test_the_same_bytes_change_nothing_under_any_name() -> None:
    load()
    before = counts()
    again = load()
    moved = load(name="elsewhere/copy.txt")
    assert (again.action, moved.action) == (UNCHANGED, UNCHANGED)
    assert counts() == before


def test_a_changed_source_is_proposed_beside_the_editors_text() -> None:
    article = load().article
    change(article, headline="An editor's better headline")
    result = load(SEED.replace("Forty people", "Forty-one people"))
    article.refresh_from_db()
    assert result.action == PROPOSED
    assert article.headline == "An editor's better headline"
    proposal = article.revisions.get(is_proposal=True)
    assert proposal.document["standfirst"].startswith("Forty-one")


def test_a_changed_source_keeps_the_photos_it_had() -> None:
    article = load().article
    load(SEED.replace("Forty people", "Forty-one people"))
    assert Photo.objects.count() == 2
    snapshots.adopt(article.revisions.get(is_proposal=True), by=make_user())
    assert Photo.objects.filter(placements__article=article).count() == 2


def test_a_changed_source_is_proposed_once() -> None:
    load()
    changed = SEED.replace("Forty people", "Forty-one people")
    load(changed)
    assert load(changed).action == UNCHANGED
    assert Revision.objects.filter(is_proposal=True).count() == 1


def test_a_rejected_document_is_reported_and_makes_no_article() -> None:
    result = load("  \n\n", name="desk/empty.txt")
    assert (result.action, result.detail) == (REJECTED, "whitespace_only")
    assert not Article.objects.exists()
    before = counts()
    assert load("  \n\n", name="desk/empty.txt").action == REJECTED
    assert counts() == before


def test_what_the_text_does_not_say_comes_from_the_person_who_imports() -> None:
    section = make_section("Coast")
    extras = Extras(section=section, slug="ferry", kicker="Shipping")
    article = load(extras=extras).article
    assert (article.section, article.slug, article.kicker) == (section, "ferry", "Shipping")


def test_a_trusted_archive_is_published_through_the_gates_in_somebodys_name() -> None:
    user = make_user()
    result = load(by=user, publish_as=user, extras=Extras(section=make_section()))
    publication = Publication.objects.get()
    assert (result.action, result.published) == (CREATED, True)
    assert (publication.created_by, publication.source_line) == (user, "According to VNE")


def test_a_blocked_story_is_imported_and_says_why_it_is_not_public() -> None:
    result = load(publish_as=make_user())
    assert (result.action, result.published) == (CREATED, False)
    assert "section" in result.detail


def test_photo_files_are_found_by_name_in_the_folder_given(tmp_path: Path) -> None:
    Image.new("RGB", (900, 600), "navy").save(tmp_path / "Ferry.JPG", "JPEG")
    photos = PhotoFolder(tmp_path)
    load(photos=photos, store_photo=renditions.supply)
    one, two = Photo.objects.order_by("pk")
    assert (bool(one.file), bool(two.file)) == (True, False)
    assert one.alt_text == "A ferry on a sandbank"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..\\secret.jpg", "http://[x"]
)
def test_a_path_in_a_text_is_never_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    inside = tmp_path / "photos"
    inside.mkdir()
    assert PhotoFolder(inside).find(name) is None


def test_links_out_of_the_photo_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    inside = tmp_path / "photos"
    inside.mkdir()
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert PhotoFolder(inside).find("link.jpg") is None


def test_a_refused_photo_file_leaves_the_story_in_place(tmp_path: Path) -> None:
    (tmp_path / "ferry.jpg").write_bytes(b"not a picture")
    result = load(photos=PhotoFolder(tmp_path), store_photo=renditions.supply)
    assert result.action == CREATED
    assert result.detail.startswith("ferry.jpg: ")


def test_identity_comes_from_the_bytes() -> None:
    article = load().article
    kept = ImportedDocument.objects.get()
    assert kept.content_hash == hashlib.sha256(SEED.encode()).hexdigest()
    uuid = article.uuid
    assert uuid.version == 5


def test_an_archive_story_carries_the_date_of_its_text() -> None:
    dated = SEED.replace("By Orla Venn, Staff Writer", "Published 3 July 2017, 07:15")
    article = load(dated).article
    assert article.originally_published_at.isoformat() == "2017-07-03T07:15:00+00:00"


def test_tags_become_topics_once() -> None:
    load(SEED.replace("According to VNE", "According to VNE\nTags: Ferries, Lisne"))
    load(SEED.replace("According to VNE", "According to AP\nTags: lisne"), name="desk/b.txt")
    assert sorted(Topic.objects.values_list("name", flat=True)) == ["Ferries", "Lisne"]
