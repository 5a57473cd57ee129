"""The desk's lists and first page: what they show, what they cost, what can't be changed there."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.models import (
    Approval,
    Article,
    Byline,
    Correction,
    Event,
    ImportedDocument,
    ImportRun,
    Photo,
    Publication,
    PublicPath,
    Revision,
    Source,
)
from tests import desk
from tests.factories import (
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def fill(count: int) -> None:
    """Add articles with a byline each, cheaply."""
    section, author = make_section(), make_contributor()
    rows = Article.objects.bulk_create(
        Article(headline=f"Story {n}", slug=f"story-{n}", section=section) for n in range(count)
    )
    Byline.objects.bulk_create(Byline(article=a, contributor=author, name="Ada Weil") for a in rows)


def queries_of(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_article_list_costs_the_same_at_ten_and_at_a_thousand():
    client = desk.client_of(make_user("Editor"))
    fill(10)
    make_publication()
    few = queries_of(client, LIST)
    fill(990)
    many = queries_of(client, LIST)
    assert few == many
    assert many <= 10


def test_article_list_never_counts_the_whole_table():
    client = desk.client_of(make_user("Editor"))
    fill(3)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    counts = [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)


def test_article_list_shows_where_each_story_stands():
    make_publication(make_article("Live one"))
    make_publication(make_article("Later one"), at=timezone.now() + dt.timedelta(days=1))
    make_article("Draft one", parts=(make_photo(),), authors=(make_contributor("Lan Chi"),))
    page = desk.page(desk.client_of(make_user("Editor")), LIST)
    rows = {
        row.find_class("desk-headline")[0].text: " ".join(row.text_content().split())
        for row in page.xpath("//table[@id='result_list']/tbody/tr")
    }
    assert "Live since" in rows["Live one"]
    assert "Scheduled for" in rows["Later one"]
    assert all(word in rows["Draft one"] for word in ("Not public", "Lan Chi", "File missing"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?public=live", ["Live one"]),
        ("?public=scheduled", ["Later one"]),
        ("?public=never", ["Draft one"]),
        ("?q=draft", ["Draft one"]),
        ("?lang=vi", []),
        ("?lang=en", ["Draft one", "Later one", "Live one"]),
        ("?lang=other", []),
    ],
)
def test_article_list_is_narrowed(query, found):
    make_publication(make_article("Live one"))
    make_publication(make_article("Later one"), at=timezone.now() + dt.timedelta(days=1))
    make_article("Draft one")
    page = desk.page(desk.client_of(make_user("Editor")), LIST + query)
    assert sorted(line.text for line in page.find_class("desk-headline")) == found


def test_article_is_never_deleted():
    client, article = desk.client_of(make_user()), make_article()
    url = reverse("admin:articles_article_delete", args=[article.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def written_once() -> list[Any]:
    row = make_publication()
    run = ImportRun.objects.create()
    return [
        row,
        row.revision,
        Event.objects.last(),
        PublicPath.objects.get(),
        run,
        ImportedDocument.objects.create(run=run, external_id="a.txt", outcome="rejected"),
        Correction.objects.create(publication=row, was="a", now="b"),
        Approval.objects.create(revision=row.revision, approved_by=make_user()),
    ]


def test_rows_that_are_written_once_are_only_looked_at_even_by_a_superuser():
    client = desk.client_of(make_user())
    for row in written_once():
        name = f"admin:articles_{row._meta.model_name}"
        page = desk.page(client, reverse(f"{name}_change", args=[row.pk]))
        assert page.xpath("//input[@name='_save']") == [], name
        for verb, args in (("change", [row.pk]), ("delete", [row.pk]), ("add", [])):
            answer = client.post(reverse(f"{name}_{verb}", args=args), {"post": "yes"})
            assert answer.status_code == 403, (name, verb)
        assert client.get(reverse(f"{name}_changelist")).status_code == 200


def test_lists_of_records_load_no_texts():
    make_publication()
    client = desk.client_of(make_user())
    for model, column in ((Revision, "document"), (Publication, "body")):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(f"admin:articles_{model._meta.model_name}_changelist"))
        assert not [q for q in captured if f'"{column}"' in q["sql"]]


def test_auditor_reads_the_form_and_saves_nothing():
    client, article = desk.client_of(make_user("Auditor")), make_article(parts=("Words.",))
    page = desk.page(client, desk.change_url(article))
    assert page.xpath("//input[@type='submit' and @name='_save']") == []
    assert "Words." in page.find_class("field-text")[0].text_content()
    assert client.post(desk.change_url(article), {"headline": "x"}).status_code == 403


def test_first_page_shows_what_waits(django_assert_max_num_queries):
    make_publication(make_article("Later one"), at=timezone.now() + dt.timedelta(days=1))
    make_publication(make_article("Live one", parts=(make_photo(caption="No file."),)))
    client = desk.client_of(make_user("Editor"))
    with django_assert_max_num_queries(12):
        page = desk.page(client, "/admin/")
    parts = [part.text_content() for part in page.xpath("//div[@class='desk-panel']/section")]
    for part, words in zip(parts, ["None", "Later one", "Live one", "No file."], strict=True):
        assert words in part


def test_photo_list_shows_which_files_to_supply():
    make_photo(caption="Without.")
    Photo.objects.create(caption="With.", file="originals/x.jpg")
    client = desk.client_of(make_user("Photo editor"))
    page = desk.page(client, "/admin/articles/photo/?missing=yes").text_content()
    assert "Without." in page
    assert "With." not in page


def picture() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (640, 400), "navy").save(file, "JPEG")
    return SimpleUploadedFile("dusk.jpg", file.getvalue(), "image/jpeg")


def test_file_of_a_photo_is_supplied():
    photo, client = make_photo(), desk.client_of(make_user("Photo editor"))
    url = reverse("admin:articles_photo_supply", args=[photo.pk])
    response = client.post(url, {"file": picture()})
    photo.refresh_from_db()
    assert photo.file
    assert (photo.width, photo.renditions.count() > 0) == (640, True)
    assert "The photo has its file" in desk.told(client, response)


def test_file_that_is_no_picture_is_refused_with_the_reason():
    photo, client = make_photo(), desk.client_of(make_user("Photo editor"))
    url = reverse("admin:articles_photo_supply", args=[photo.pk])
    response = client.post(url, {"file": SimpleUploadedFile("dusk.jpg", b"no picture")})
    assert "usk.jpg is no picture Newsroom takes" in desk.told(client, response)


@pytest.mark.parametrize("role", ["Reporter", "Legal", "Auditor"])
def test_file_is_supplied_only_by_those_who_may(role):
    photo, client = make_photo(), desk.client_of(make_user(role))
    url = reverse("admin:articles_photo_supply", args=[photo.pk])
    assert client.post(url, {"file": picture()}).status_code == 403


def test_editor_asks_what_a_pasted_photo_shows():
    photo = make_photo(caption="Dusk.", credit_line="Reuters")
    url = reverse("admin:articles_photo_described")
    client = desk.client_of(make_user("Reporter"))
    answer = client.get(url, {"photo": [str(photo.uuid), "no-uuid"]}).json()["photos"]
    shown = answer[str(photo.uuid)]
    assert (shown["caption"], shown["credit"], shown["missing"]) == ("Dusk.", "Reuters", True)


def test_name_of_another_source_is_refused_with_its_owner():
    reuters, other = make_source("Reuters"), make_source("Agency")
    client = desk.client_of(make_user("Editor"))
    url = reverse("admin:articles_source_change", args=[other.pk])
    fields = desk.filled_form(desk.page(client, url), "source_form")
    fields |= {"aliases-1-name": "The REUTERS", "aliases-TOTAL_FORMS": "2"}
    answer = client.post(url, fields)
    assert "is a name of Reuters already" in answer.content.decode()
    assert reuters.aliases.count() == 1


def test_new_source_is_found_by_its_own_name():
    client = desk.client_of(make_user("Editor"))
    url = reverse("admin:articles_source_add")
    fields = desk.filled_form(desk.page(client, url), "source_form")
    client.post(url, {**fields, "name": "Port Office", "slug": "port-office"})
    assert Source.objects.named("the port office") == Source.objects.get()


def test_second_section_at_one_address_is_refused():
    make_section("World")
    client = desk.client_of(make_user("Chief"))
    url = reverse("admin:articles_section_add")
    fields = desk.filled_form(desk.page(client, url), "section_form")
    answer = client.post(url, {**fields, "name": "World again", "slug": "world"})
    assert "Another section has the address /world/" in answer.content.decode()
