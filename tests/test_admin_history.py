"""An article's past and its preview: who may look, what is shown, taking a revision over."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.urls import reverse

from articles import snapshots
from articles.models import Article, Publication
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import change, make_article, make_photo, make_publication, make_user

pytestmark = pytest.mark.django_db


def url(name: str, article: Article, *rest: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *rest])


def without_role() -> Any:
    user = make_user("Auditor")
    user.groups.clear()
    return user


def test_preview_is_the_page_as_it_would_be_and_is_kept_nowhere():
    article = make_article("Not out yet", parts=("Secret words.", make_photo(caption="Dusk.")))
    response = desk.client_of(make_user("Reporter")).get(url("preview", article))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    page = response.content.decode()
    assert all(words in page for words in ("Not out yet", "Secret words.", "Dusk."))
    assert not Publication.objects.exists()


def test_preview_shows_the_working_copy_of_a_live_story():
    article = make_article("Old")
    make_publication(article)
    change(article, headline="Newer")
    response = desk.client_of(make_user("Reporter")).get(url("preview", article))
    assert "Newer" in response.content.decode()


def test_preview_without_a_section_says_what_is_missing():
    article = make_article()
    change(article, section=None)
    client = desk.client_of(make_user("Reporter"))
    response = client.get(url("preview", article))
    assert "needs a section" in desk.told(client, response)


@pytest.mark.parametrize("role", ROLES)
def test_preview_needs_its_permission(role):
    response = desk.client_of(make_user(role)).get(url("preview", make_article()))
    assert response.status_code == (200 if "preview_article" in ROLES[role][1] else 403)


def test_nobody_without_a_role_sees_an_article():
    client, article = desk.client_of(without_role()), make_article()
    for address in (
        url("preview", article),
        url("history", article),
        url("change", article),
        url("revision", article, 1),
    ):
        assert client.get(address).status_code == 403
    assert client.post(url("take_over", article, 1)).status_code == 403


def test_history_lists_revisions_publications_and_events():
    editor, article = make_user("Editor", username="lan"), make_article()
    make_publication(article, by=editor)
    change(article, by=editor, headline="Second")
    page = desk.page(desk.client_of(editor), url("history", article))
    tables = page.get_element_by_id("content-main").findall(".//table")
    revisions, publications, events = (
        [[cell.text_content().strip() for cell in row] for row in table.findall(".//tbody/tr")]
        for table in tables
    )
    assert [row[0] for row in revisions] == ["Revision 2", "Revision 1"]
    assert "Working copy" in revisions[0][4]
    assert publications[0][:2] == ["1", "First publication"]
    assert events[1][1:4] == ["publish", "lan", "1"]


def test_revision_reads_as_it_was_saved():
    article = make_article("First", parts=("Old words.",))
    change(article, headline="Second")
    page = desk.page(desk.client_of(make_user("Auditor")), url("revision", article, 1))
    reading = page.find_class("desk-reading")[0].text_content()
    assert "First" in reading
    assert "Old words." in reading


def test_unknown_revision_is_not_found():
    client, article = desk.client_of(make_user("Editor")), make_article()
    assert client.get(url("revision", article, 9)).status_code == 404


def test_older_revision_is_taken_over_as_a_new_one():
    editor, article = make_user("Editor"), make_article("First")
    change(article, headline="Second")
    client = desk.client_of(editor)
    response = client.post(url("take_over", article, 1), {"confirmed": "yes"})
    article.refresh_from_db()
    revision = snapshots.current_revision(article)
    assert article.headline == "First"
    assert (revision.number, revision.created_by) == (3, editor)
    assert "taken over as revision 3" in desk.told(client, response)


def test_proposal_is_marked_and_taken_over():
    article = make_article("First")
    proposal = dataclasses.replace(snapshots.take(article), headline="From the source")
    snapshots.propose(article, proposal)
    client = desk.client_of(make_user("Editor"))
    assert "Proposal" in client.get(url("revision", article, 2)).content.decode()
    client.post(url("take_over", article, 2), {"confirmed": "yes"})
    article.refresh_from_db()
    assert article.headline == "From the source"


@pytest.mark.parametrize(("role", "fields", "status"), [
    ("Editor", {}, 302),
    ("Auditor", {"confirmed": "yes"}, 403),
    ("Photo editor", {"confirmed": "yes"}, 403),
])  # fmt: skip
def test_revision_is_not_taken_over_unconfirmed_or_without_permission(role, fields, status):
    article = make_article("First")
    change(article, headline="Second")
    client = desk.client_of(make_user(role))
    assert client.post(url("take_over", article, 1), fields).status_code == status
    article.refresh_from_db()
    assert article.headline == "Second"


def test_taking_over_answers_to_post_only():
    client, article = desk.client_of(make_user("Editor")), make_article()
    assert client.get(url("take_over", article, 1)).status_code == 405


def test_form_opened_before_a_take_over_is_refused():
    article = make_article("First")
    change(article, headline="Second")
    client = desk.client_of(make_user("Editor"))
    opened = desk.filled_form(desk.page(client, desk.change_url(article)))
    client.post(url("take_over", article, 1), {"confirmed": "yes"})
    client.post(desk.change_url(article), {**opened, "headline": "Blind", "_save": "1"})
    article.refresh_from_db()
    assert article.headline == "First"
