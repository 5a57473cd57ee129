"""An article's past and its preview: who may look, what is shown, taking a revision over."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import snapshots
from articles.admin import timeline
from articles.models import Article, Assignment, Event, Publication
from articles.workflow import transitions
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_body,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db


def url(name: str, article: Article, *rest: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *rest])


def without_role() -> Any:
    user = make_user("Auditor")
    user.groups.clear()
    return user


def test_preview_is_the_page_as_it_would_be_and_is_kept_nowhere():
    article = make_article("Not out yet", parts=("Secret words.", make_photo(caption="Dusk.")))
    response = desk.client_of(make_user("Reporter")).get(url("preview_page", article))
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
    response = desk.client_of(make_user("Reporter")).get(url("preview_page", article))
    assert "Newer" in response.content.decode()


def test_preview_without_a_section_says_what_is_missing():
    article = make_article()
    change(article, section=None)
    client = desk.client_of(make_user("Reporter"))
    response = client.get(url("preview_page", article))
    assert response.status_code == 409
    assert "needs a section" in response.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_preview_needs_its_permission(role):
    response = desk.client_of(make_user(role)).get(url("preview_page", make_article()))
    assert response.status_code == (200 if "preview_article" in ROLES[role][1] else 403)


def test_nobody_without_a_role_sees_an_article():
    client, article = desk.client_of(without_role()), make_article()
    for address in (
        url("preview_page", article),
        url("history", article),
        url("change", article),
        url("revision", article, 1),
        url("compare", article, 1, 1),
        url("choose_comparison", article),
    ):
        assert client.get(address).status_code == 403
    assert client.post(url("take_over", article, 1)).status_code == 403


def entries(page) -> list[str]:
    """The timeline, newest first: each entry's heading, who, and what else it says."""
    found = page.get_element_by_id("content-main").find_class("desk-entry")
    return [" ".join(row.text_content().split()) for row in found]


def test_history_tells_which_edit_made_an_approval_void():
    article = approve(make_article())
    change(article, by=make_user("Reporter"), headline="Second")
    page = desk.page(desk.client_of(make_user("Editor")), url("history", article))
    assert "The approval of revision 1 was void" in entries(page)[0]


def test_history_is_one_timeline_of_saves_events_and_publications():
    editor, article = make_user("Editor", username="lan"), make_article()
    publish(article, by=editor, note="For readers.", override="Read twice.")
    change(article, by=editor, headline="Second")
    page = desk.page(desk.client_of(editor), url("history", article))
    told = entries(page)
    assert len(told) == len(STARTS)
    assert [start for row, start in zip(told, STARTS, strict=True) if start not in row] == []
    assert "Working copy" in told[0]
    assert "was void" not in told[0]  # what it approved is public
    assert "lan" in told[1]
    assert "Read twice." in told[1]
    assert "To readers: For readers." in told[1]
    assert "Live" in told[4]


STARTS = [
    "Saved revision 2",
    "Published, as: First publication",
    "Approved",
    "Submitted for review",
    "Created, as revision 1",
]


def test_history_is_grouped_by_day_and_shows_what_the_clock_did():
    start = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False):
        article = make_article()
        schedule(article, at=start + dt.timedelta(days=2))
    with time_machine.travel(start + dt.timedelta(days=3), tick=False):
        page = desk.page(desk.client_of(make_user("Editor")), url("history", article))
    days = [element.text_content() for element in page.xpath("//section[@class='desk-day']/h2")]
    assert days == ["Monday, 6 July 2026", "Saturday, 4 July 2026"]
    assert "Publication 1 went live, as: First publication" in entries(page)[0]
    assert "Scheduled for 6 Jul 2026" in entries(page)[1]


def test_history_tells_a_proposal_and_an_action_without_a_sentence_of_its_own():
    article = make_article("First")
    snapshots.propose(article, dataclasses.replace(snapshots.take(article), headline="Second"))
    Event.objects.create(article=article, number=9, action="something_new", reason="Because.")
    told = "\n".join(
        entries(desk.page(desk.client_of(make_user("Editor")), url("history", article)))
    )
    assert "Proposal came in, as revision 2" in told
    assert "something_new" in told
    assert "Because." in told


def test_history_leads_to_reading_comparing_and_restoring():
    article = make_article("First")
    make_publication(article)
    change(article, headline="Second")
    change(article, headline="Third")
    page = desk.page(desk.client_of(make_user("Editor")), url("history", article))
    links = {
        text: page.xpath(f"//a[normalize-space()='{text}']/@href")[:1]
        for text in (
            "Read revision 3",
            "Compare with revision 2",
            "Compare revision 3 with what is live",
            "Restore revision 2",
        )
    }
    assert links == {
        "Read revision 3": [url("revision", article, 3)],
        "Compare with revision 2": [url("compare", article, 2, 3)],
        "Compare revision 3 with what is live": [url("compare", article, 1, 3)],
        "Restore revision 2": [url("revision", article, 2) + "#take-over"],
    }
    page = desk.page(desk.client_of(make_user("Auditor")), url("history", article))
    assert not page.xpath("//a[starts-with(normalize-space(), 'Restore')]")


def test_history_costs_the_same_however_long_it_is():
    article, client = make_article("First"), desk.client_of(make_user("Editor"))
    client.get(url("history", article))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("history", article)).status_code == 200
        return len(queries)

    make_publication(article)
    before = cost()
    for number in range(6):
        change(article, headline=f"Headline {number}")
        make_publication(article)
    assert cost() <= before


def test_history_is_bounded(monkeypatch):
    article = make_article("First")
    for number in range(6):
        change(article, headline=f"Headline {number}")
    monkeypatch.setattr(timeline, "SHOWN", 5)
    page = desk.page(desk.client_of(make_user("Editor")), url("history", article))
    assert len(entries(page)) == 5
    assert "Older ones" in page.text_content()


def test_comparison_shows_words_that_went_and_came_and_folds_the_rest():
    article = make_article("Ferry sinks", parts=("Boats sail.", "It cost 5 dollars."))
    make_publication(article)
    change(article, body=article.body.replace("5", "7"))
    page = desk.page(desk.client_of(make_user("Auditor")), url("compare", article, 1, 2))
    (row,) = page.find_class("desk-changed")
    assert " ".join(row.text_content().split()) == (
        "Paragraph 2 Changed It cost [gone: 5][added: 7] dollars."
    )
    assert [fold.get("open") for fold in page.find_class("desk-unchanged")] == [None]
    proposal = page.find_class("desk-proposal")[0].text_content()
    assert "To readers this is: Correction" in proposal
    assert "A number was changed. 5 → 7" in " ".join(proposal.split())


def test_comparison_proposes_a_kind_only_against_what_is_live():
    article = make_article("First")
    make_publication(article)
    change(article, headline="Second")
    change(article, headline="Third")
    client = desk.client_of(make_user("Editor"))
    assert "To readers this is" in client.get(url("compare", article, 1, 3)).content.decode()
    assert "To readers this is" not in client.get(url("compare", article, 2, 3)).content.decode()


def test_comparison_names_photos_and_people():
    article = make_article(authors=(make_contributor("Ada Weil"),))
    change(article, body=make_body("The harbour reopened.", make_photo(caption="Dusk.")))
    page = desk.page(desk.client_of(make_user("Editor")), url("compare", article, 1, 2))
    (figure,) = page.find_class("desk-added")
    assert "Photo" in figure.text_content()
    assert figure.text_content().count("Dusk.") == 2


def test_any_two_revisions_are_chosen_with_a_form():
    article = make_article("First")
    change(article, headline="Second")
    client = desk.client_of(make_user("Auditor"))
    address = url("choose_comparison", article)
    answer = client.get(address, {"older": "2", "newer": "1"})
    assert answer["Location"] == url("compare", article, 1, 2)
    assert client.get(url("compare", article, 2, 1))["Location"] == url("compare", article, 1, 2)
    for wrong in ({"older": "x", "newer": "1"}, {}, {"older": "1", "newer": "9" * 40}):
        assert client.get(address, wrong).status_code == 404
    assert client.get(url("compare", article, 1, 9)).status_code == 404
    assert client.post(url("compare", article, 1, 2)).status_code == 405


def test_the_same_revision_compared_with_itself_says_so():
    article = make_article("First")
    answer = desk.client_of(make_user("Auditor")).get(url("compare", article, 1, 1))
    assert "Nothing differs" in answer.content.decode()


def test_markup_in_a_text_is_shown_as_text_in_a_comparison():
    article = make_article("First")
    change(article, headline="<script>alert(1)</script>")
    page = desk.client_of(make_user("Editor")).get(url("compare", article, 1, 2)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;" in page


def test_restoring_is_refused_where_editing_is():
    article = make_article("First")
    change(article, headline="Second")
    transitions.spike(article, by=publisher(), reason="Not ours.")
    client = desk.client_of(make_user("Editor"))
    page = client.get(url("revision", article, 1)).content.decode()
    assert "not possible now" in page
    assert 'id="take-over"' not in page
    response = client.post(url("take_over", article, 1), {"confirmed": "yes"})
    assert "not possible now" in desk.told(client, response)
    article.refresh_from_db()
    assert article.headline == "Second"


def test_restoring_is_refused_in_a_section_that_is_not_ones_own():
    article = make_article("First")
    change(article, headline="Second")
    editor = make_user("Editor")
    Assignment.objects.create(
        user=editor, role=Group.objects.get(name="Editor"), section=make_section("Sport")
    )
    client = desk.client_of(editor)
    response = client.post(url("take_over", article, 1), {"confirmed": "yes"})
    assert response.status_code == 403


def test_restoring_is_refused_when_the_article_was_changed_since_one_looked():
    article = make_article("First")
    change(article, headline="Second")
    client = desk.client_of(make_user("Editor"))
    opened = desk.filled_form(desk.page(client, url("revision", article, 1)), "take-over")
    change(article, headline="Third")
    response = client.post(url("take_over", article, 1), {**opened, "confirmed": "yes"})
    assert "changed since you looked" in desk.told(client, response)
    article.refresh_from_db()
    assert article.headline == "Third"


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
