"""The desk's lists: what they show, what they cost, what can't be changed there."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.admin import finding
from articles.choices import DeskState
from articles.models import (
    Approval,
    Article,
    Assignment,
    Contributor,
    Correction,
    Event,
    ImportedDocument,
    ImportRun,
    Photo,
    Presence,
    Publication,
    PublicPath,
    Revision,
    Source,
)
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def fill(count: int) -> None:
    """Add articles that make the list ask everything: photos, sources, links, readers, people."""
    section = make_section("Markets", parent=make_section("Business"))
    linked = make_publication()
    for _ in range(count):
        article = make_article(
            parts=("The harbour reopened on Monday.", make_photo()),
            section=section,
            authors=(make_contributor(),),
            sources=(make_source(),),
        )
        article.related_links.create(related=linked.article, title="Before")
        make_publication(change(article, standfirst="Boats again."))
        Presence.objects.create(article=article, user=make_user("Reporter"))


def queries_of(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("narrowed", ["", "?section=business", "?public=published&author=mine"])
def test_article_list_costs_the_same_with_five_and_with_fifty_rows(narrowed):
    user = make_user("Editor")
    Assignment.objects.create(
        user=user, role=Group.objects.get(name="Editor"), section=make_section("Business")
    )
    Contributor.objects.create(user=user, name="Own", slug="own")
    client = desk.client_of(user)
    fill(4)
    few = queries_of(client, LIST + narrowed)
    fill(45)
    many = queries_of(client, LIST + narrowed)
    assert few == many
    assert many <= 16


def test_article_list_never_counts_the_whole_table():
    client = desk.client_of(make_user("Editor"))
    make_article()
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    counts = [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)


def rows_of(page: Any) -> dict[str, str]:
    return {
        row.find_class("desk-headline")[0].text: " ".join(row.text_content().split())
        for row in page.xpath("//table[@id='result_list']/tbody/tr")
    }


def test_article_list_shows_where_each_story_stands():
    at, live = timezone.now() - dt.timedelta(minutes=2), make_article("Live one")
    make_publication(live, at=at)
    publish(change(live, standfirst="It is 60."), kind="correction")
    change(live, standfirst="It is 60 metres.")
    transitions.submit(live, by=publisher())
    schedule(make_article("Later one"), at=timezone.now() + dt.timedelta(days=1))
    make_article("Draft one", parts=(make_photo(),), authors=(make_contributor("Lan Chi"),))
    rows = rows_of(desk.page(desk.client_of(make_user("Editor")), LIST))
    assert "Published corrected " in rows["Live one"]
    assert rows["Live one"].count("update in review") == 1
    assert "Approved scheduled for " in rows["Later one"]
    assert all(word in rows["Draft one"] for word in ("Draft", "Lan Chi", "photo file missing"))


def test_article_list_marks_what_holds_a_story_back():
    article = make_article("Held one")
    transitions.hold(article, by=publisher(), reason="Not yet.")
    transitions.require_legal(article, by=publisher())
    transitions.require_pictures(article, by=publisher())
    later = timezone.now() + dt.timedelta(days=3)
    transitions.set_embargo(article, by=publisher(), at=later)
    transitions.emergency_publish(make_article("Fast one"), by=publisher(), reason="Fire.")
    gone = make_publication(make_article("Gone one")).article
    transitions.request_kill(gone, by=publisher(), reason="A court order.")
    transitions.retract(gone, by=publisher(), note="Not true.")
    rows = rows_of(desk.page(desk.client_of(make_user("Editor")), LIST))
    for mark in ("on hold", "legal check open", "pictures wanted", "embargo until"):
        assert mark in rows["Held one"], mark
    assert "review due" in rows["Fast one"]
    assert "Retracted" in rows["Gone one"]
    assert "kill asked for" in rows["Gone one"]


def test_article_list_says_what_stands_against_publishing_and_leads_there():
    related = make_publication(make_article("Before")).article
    blocked = make_article("Blocked one", parts=(make_photo(credit_line=""),))
    fine = make_article("Fine one", authors=(make_contributor(),))
    fine.related_links.create(related=related, title="Before")
    transitions.save(fine)
    page = desk.page(desk.client_of(make_user("Editor")), LIST)
    links = {a.get("href"): a for a in page.find_class("desk-preflight")}
    link = links[f"{desk.change_url(blocked)}#preflight"]
    assert link.text == "1 blocker · 2 warnings"
    assert link.get("title") == "Photo 1 has no credit."
    link = links[f"{desk.change_url(fine)}#preflight"]
    assert (link.text, link.get("title")) == ("ready", "Nothing stands against publishing it.")


def test_article_list_counts_the_words_and_shows_who_has_it_open():
    article = make_article("Open one", parts=("Five words stand in here.",))
    Presence.objects.create(article=article, user=make_user("Reporter", first_name="Signe"))
    gone = timezone.now() - dt.timedelta(seconds=91)
    Presence.objects.create(
        article=article, user=make_user("Editor", first_name="Bo"), seen_at=gone
    )
    page = desk.page(desk.client_of(make_user("Editor")), LIST)
    assert page.find_class("field-words")[0].text == "5"
    assert page.find_class("field-in_it_now")[0].text == "Signe"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?public=published", ["Live one"]),
        ("?public=scheduled", ["Later one"]),
        ("?public=retracted", ["Gone one"]),
        ("?public=archived", []),
        ("?public=killed", []),
        ("?public=never", ["Draft one"]),
        ("?state__exact=draft", ["Draft one"]),
        ("?section=world", ["Draft one", "Gone one", "Later one", "Live one"]),
        ("?section=world/asia", ["Draft one"]),
        ("?section=nowhere", []),
        ("?flag=hold", ["Draft one"]),
        ("?flag=ready", []),
        ("?author=mine", ["Draft one", "Gone one"]),
        ("?lang=vi", []),
        ("?lang=en", ["Draft one", "Gone one", "Later one", "Live one"]),
        ("?lang=other", []),
    ],
)
def test_article_list_is_narrowed(query, found):
    user = make_user("Editor")
    own = make_contributor("Own Name", user=user)
    make_publication(make_article("Live one"))
    schedule(make_article("Later one"), at=timezone.now() + dt.timedelta(days=1))
    asia = make_section("Asia", parent=make_section("World"))
    draft = make_article("Draft one", section=asia, authors=(own,))
    transitions.hold(draft, by=publisher(), reason="Not yet.")
    gone = make_publication(make_article("Gone one", by=user)).article
    transitions.retract(gone, by=publisher(), note="Not true.")
    page = desk.page(desk.client_of(user), LIST + query)
    assert sorted(line.text for line in page.find_class("desk-headline")) == found


def test_article_list_is_narrowed_to_an_author_and_keeps_what_else_was_chosen():
    author = make_contributor("Lan Chi")
    make_article("Hers", authors=(author,))
    make_article("Another’s", authors=(make_contributor(),))
    client = desk.client_of(make_user("Editor"))
    page = desk.page(client, f"{LIST}?state__exact=draft&author={author.pk}")
    assert [line.text for line in page.find_class("desk-headline")] == ["Hers"]
    form = page.find_class("desk-author")[0]
    assert form.xpath("input[@name='state__exact']/@value") == ["draft"]
    assert form.xpath(".//option[@selected]/text()") == ["Lan Chi"]


def looked_for(words: str) -> list[str]:
    client = desk.client_of(make_user("Editor"))
    page = desk.page(client, f"{LIST}?{urlencode({'q': words})}")
    return sorted(line.text for line in page.find_class("desk-headline"))


def test_working_copies_are_found_by_their_words_byline_address_and_uuid():
    article = make_article(
        "The Lock at Elsin",
        slugline="elsin-gates",
        standfirst="Divers look at the hinges.",
        authors=(make_contributor("Maren Oduya"),),
    )
    make_article("Another story")
    path = make_publication(article).path
    for words in ("elsin LOCK", "gates", "hinges divers", "oduya lock", path, f"/{path}"):
        assert looked_for(words) == ["The Lock at Elsin"], words
    assert looked_for(str(article.uuid)) == ["The Lock at Elsin"]
    assert looked_for("elsin another") == []


def test_older_articles_are_found_by_whole_headline_and_byline(monkeypatch):
    old = make_article("The Lock at Elsin", authors=(make_contributor("Maren Oduya"),))
    make_publication(old)
    Article.objects.filter(pk=old.pk).update(updated_at=timezone.now() - dt.timedelta(days=400))
    make_article("Newer")
    for name, most in {"SEARCHED": 1, "DRAFTS": 0, "PUBLISHED": 0}.items():
        monkeypatch.setattr(finding, name, most)
    assert looked_for("Elsin") == []
    assert looked_for("The Lock at Elsin") == looked_for("Maren Oduya") == ["The Lock at Elsin"]


def test_older_articles_are_found_by_all_that_readers_see(monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 1)
    old = make_article("The Lock at Elsin", parts=("Divers looked at the hinges.",))
    publish(old)
    make_article("Newer")
    for words in ("elsin", "hinges divers", '"the lock" hinge'):
        assert looked_for(words) == ["The Lock at Elsin"], words
    assert looked_for("elsin -hinges") == looked_for("elsin newer") == []


def test_drafts_are_found_longer_than_what_is_published(monkeypatch):
    monkeypatch.setattr(finding, "SEARCHED", 1)
    make_article("The Lock at Elsin")
    make_article("Newer", state=DeskState.APPROVED)
    assert looked_for("elsi") == ["The Lock at Elsin"]
    monkeypatch.setattr(finding, "DRAFTS", 0)
    assert looked_for("elsi") == []


def test_of_more_articles_than_are_shown_the_newest_are_found(monkeypatch):
    monkeypatch.setattr(finding, "FOUND", 2)
    for n in range(3):
        make_article(f"The Lock at Elsin {n}")
    assert looked_for("lock") == ["The Lock at Elsin 1", "The Lock at Elsin 2"]


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
