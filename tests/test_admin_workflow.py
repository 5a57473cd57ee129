"""Buttons of the desk: who is offered which, what they do, and that a refusal loses nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import snapshots
from articles.choices import DeskState, PublicationKind
from articles.models import Approval, Article, Event, Publication
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_photo,
    make_publication,
    make_section,
    make_user,
    publisher,
)

pytestmark = pytest.mark.django_db


def url(name: str, article: Article) -> str:
    return reverse("admin:articles_article_act", args=[article.pk, name])


def tomorrow() -> str:
    return f"{timezone.localtime() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}"


def buttons(client: Any, article: Article) -> set[str]:
    return set(desk.page(client, desk.change_url(article)).xpath("//@data-action"))


def state(article: Article) -> str:
    article.refresh_from_db()
    return article.state


def approved(**values: Any) -> Article:
    return approve(make_article(sources=(), **values))


# Buttons


def test_reporter_is_offered_what_a_reporter_may_do_now():
    client, article = desk.client_of(make_user("Reporter")), make_article()
    assert buttons(client, article) == {"submit", "require_legal", "require_pictures"}
    transitions.submit(article, by=publisher())
    assert "submit" not in buttons(client, article)


def test_lawyer_who_may_not_edit_acts_without_the_form():
    client, article = desk.client_of(make_user("Legal")), make_article()
    transitions.require_legal(article, by=publisher())
    page = desk.page(client, desk.change_url(article))
    button = page.xpath("//*[@data-action='clear_legal']")[0]
    assert button.get("formaction") == url("clear_legal", article)
    response = client.post(button.get("formaction"), {"revision": "1"})
    article.refresh_from_db()
    assert article.legal_check == "done"
    assert "legal check is done" in desk.told(client, response)


def test_unknown_action_and_other_methods_are_refused():
    client, article = desk.client_of(make_user()), make_article()
    for name in ("edit", "refusal", "nonsense"):
        assert client.post(url(name, article)).status_code == 404
    assert client.put(url("submit", article)).status_code == 405


def test_strangers_are_sent_to_log_in(client):
    article = make_article()
    assert "/login/" in client.post(url("publish", article))["Location"]


def test_asking_for_a_page_does_nothing():
    client, article = desk.client_of(make_user("Chief")), make_article()
    make_publication(article)
    before = Event.objects.count()
    for name in ("retract", "archive", "hold", "request_kill"):
        assert client.get(url(name, article)).status_code == 200
    assert Event.objects.count() == before


# Save and act


def test_one_press_saves_and_submits_what_was_saved_with_a_note():
    client, article = desk.client_of(make_user("Reporter")), make_article()
    press(client, article, "submit", headline="Harbour shut", **{"act-reason": "Check names."})
    assert state(article) == DeskState.IN_REVIEW
    event = article.events.order_by("-number").first()
    assert (event.action, event.reason) == ("submit", "Check names.")
    assert event.revision == snapshots.current_revision(article)


def press(client: Any, article: Article, action: str, **changes: Any) -> Any:
    """Open the form, change fields, press the button of an action."""
    fields = desk.filled_form(desk.page(client, desk.change_url(article)))
    return client.post(desk.change_url(article), {**fields, **changes, "_act": action})


def test_editor_approves_what_a_reporter_submitted_and_publishes_it():
    reporter, editor = make_user("Reporter"), make_user("Editor")
    article = make_article(by=reporter)
    transitions.submit(article, by=reporter)
    client = desk.client_of(editor)
    answer = press(client, article, "approve")
    assert "Say why you pass over these warnings" in desk.told(client, answer)
    press(client, article, "approve", **{"act-override": "Read twice."})
    assert state(article) == DeskState.APPROVED
    press(client, article, "publish")
    row = Publication.objects.get()
    assert (row.kind, row.revision) == (PublicationKind.FIRST, snapshots.current_revision(article))


def test_editor_who_changes_a_word_while_approving_is_saved_and_told_why_not():
    reporter = make_user("Reporter")
    article = make_article(by=reporter)
    transitions.submit(article, by=reporter)
    client = desk.client_of(make_user("Editor"))
    response = press(client, article, "approve", headline="Mine")
    assert state(article) == DeskState.IN_REVIEW
    assert article.headline == "Mine"
    assert not Approval.objects.exists()
    assert "somebody else has to approve it" in desk.told(client, response)


def test_reporter_who_forges_a_press_saves_only():
    client, article = desk.client_of(make_user("Reporter")), approved()
    response = press(client, article, "publish", headline="Mine")
    assert state(article) == DeskState.DRAFT
    assert article.headline == "Mine"
    assert not Publication.objects.exists()
    assert "Your role doesn’t include this action" in desk.told(client, response)


def test_late_edit_voids_the_approval_and_one_click_approves_again():
    article = approved()
    late, editor = make_user("Reporter"), make_user("Editor")
    press(desk.client_of(late), article, "", headline="Late change")
    assert state(article) == DeskState.DRAFT
    client = desk.client_of(editor)
    page = desk.page(client, desk.change_url(article))
    assert "the approval is void" in page.find_class("desk-void")[0].text_content()
    assert page.xpath("//*[@data-action='reapprove']/@value") == ["reapprove"] * 2
    press(client, article, "reapprove", **{"act-override": "Read twice."})
    assert state(article) == DeskState.APPROVED
    assert "reapprove" not in buttons(desk.client_of(late), article)


def test_correction_is_published_with_what_was_wrong_and_what_is_right():
    article = make_article()
    make_publication(article)
    approve(change(article, kicker="Ports"))
    client = desk.client_of(make_user("Editor"))
    values = {"act-kind": "correction", "act-was": "Monday", "act-now": "Tuesday"}
    press(client, article, "publish", **values, **{"act-override": "Read."})
    row = Publication.objects.get(kind=PublicationKind.CORRECTION)
    assert [(c.was, c.now) for c in row.corrections.all()] == [("Monday", "Tuesday")]


def test_correction_that_says_nothing_is_refused_before_anything_is_saved():
    article = make_article("Old")
    make_publication(article)
    approve(change(article, kicker="Ports"))
    client = desk.client_of(make_user("Editor"))
    answer = press(client, article, "publish", headline="New", **{"act-kind": "correction"})
    assert state(article) == DeskState.APPROVED
    assert article.headline == "Old"
    page = desk.answered(answer)
    assert page.get_element_by_id("id_headline").get("value") == "New"
    assert "Tell readers what was wrong" in answer.content.decode()


def test_workflow_that_refuses_keeps_the_note_that_was_typed():
    article = make_article()
    make_publication(article)
    approve(change(article, kicker="Ports"))
    transitions.hold(article, by=publisher(), reason="Wait for the police.")
    client = desk.client_of(make_user("Editor"))
    response = press(client, article, "publish", **{"act-note": "For our readers."})
    page = desk.page(client, response["Location"])
    assert Publication.objects.count() == 1
    assert "on hold" in page.find_class("messagelist")[0].text_content()
    assert "For our readers." in page.get_element_by_id("id_act-note").text


# Times


def test_article_is_scheduled_in_the_zone_of_the_site(settings):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    client, article = desk.client_of(make_user("Editor")), approved()
    press(client, article, "schedule", **{"act-at": "2031-03-04T06:30"})
    assert Publication.objects.get().live_from == dt.datetime(2031, 3, 3, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("time", "which"),
    [
        # skipped: 02:30 of that morning is 01:30 by the old clock or 03:30 by the new one
        ("2031-03-30T02:30", ["2031-03-30T00:30:00+00:00", "2031-03-30T01:30:00+00:00"]),
        # comes twice
        ("2031-10-26T02:30", ["2031-10-26T00:30:00+00:00", "2031-10-26T01:30:00+00:00"]),
    ],
)
def test_where_the_clocks_change_it_is_asked_which_time_is_meant(settings, time, which):
    settings.TIME_ZONE = "Europe/Berlin"
    client, article = desk.client_of(make_user("Editor")), approved()
    page = desk.answered(press(client, article, "schedule", **{"act-at": time}))
    choices = page.xpath("//input[@name='act-at_which']")
    assert [choice.get("value") for choice in choices] == which
    assert not Publication.objects.exists()
    forged = {"act-at": time, "act-at_which": "2031-05-05T00:00:00+00:00"}
    assert press(client, article, "schedule", **forged).status_code == 200
    press(client, article, "schedule", **{"act-at": time, "act-at_which": which[0]})
    assert Publication.objects.get().live_from == dt.datetime.fromisoformat(which[0])


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("", "Choose a day and a time."),
        ("2001-01-01T10:00", "That time has gone by"),
        ("soon", "Enter a valid date/time."),
        ("9999-99-99T00:00", "Enter a valid date/time."),
    ],
)
def test_times_that_can_not_be_are_refused_with_a_sentence(time, words):
    client, article = desk.client_of(make_user("Editor")), approved()
    answer = press(client, article, "schedule", **{"act-at": time})
    told = desk.told(client, answer) if answer.status_code == 302 else answer.content.decode()
    assert words in told
    page = client.post(url("schedule", article), {"act-at": time, "revision": "1"})
    assert words in page.content.decode()
    assert not Publication.objects.exists()


def test_schedule_before_the_embargo_is_refused():
    client, article = desk.client_of(make_user("Editor")), approved()
    transitions.set_embargo(
        article, by=publisher(), at=timezone.now() + dt.timedelta(days=9), reason="Agreed."
    )
    answer = client.post(url("schedule", article), {"act-at": tomorrow(), "revision": "1"})
    page = desk.answered(answer)
    assert "Under embargo until" in page.find_class("desk-problems")[0].text_content()
    assert page.get_element_by_id("id_act-at").get("value") == tomorrow()
    assert not Publication.objects.exists()


# Actions with a page of their own


def test_what_is_scheduled_is_called_off():
    client, article = desk.client_of(make_user("Editor")), make_article()
    make_publication(article, at=timezone.now() + dt.timedelta(days=1))
    response = client.post(url("unschedule", article))
    assert Publication.objects.get().was_called_off
    assert "Called off" in desk.told(client, response)


def test_only_the_revision_that_was_seen_is_approved_and_published():
    article = make_article()
    transitions.submit(article, by=publisher())
    change(article, headline="Newer", by=make_user("Reporter"))
    client = desk.client_of(make_user("Editor"))
    for fields in ({"revision": "1"}, {}, {"revision": "x" * 99}):
        answer = client.post(url("approve", article), fields).content.decode()
        sentence = "changed since you looked" if fields.get("revision") == "1" else "Say which"
        assert sentence in answer
    assert not Approval.objects.exists()


@pytest.mark.parametrize("name", ["request_changes", "hold", "spike"])
def test_action_that_needs_a_reason_asks_for_it_and_keeps_it(name):
    article = make_article()
    if name == "request_changes":
        transitions.submit(article, by=publisher())
    client = desk.client_of(make_user("Editor"))
    for empty in ("", "  \n "):
        answer = client.post(url(name, article), {"act-reason": empty})
        assert "Say why" in answer.content.decode()
    client.post(url(name, article), {"act-reason": " The names are wrong. "})
    event = article.events.order_by("-number").first()
    assert (event.action, event.reason) == (name, "The names are wrong.")


def test_retraction_is_confirmed_with_a_notice():
    client, article = desk.client_of(make_user("Chief")), make_article()
    make_publication(article)
    assert "leaves the front page" in client.get(url("retract", article)).content.decode()
    refused = client.post(url("retract", article), {"act-note": " "})
    assert "Say to readers why" in refused.content.decode()
    client.post(url("retract", article), {"act-note": "The figures were made up."})
    row = Publication.objects.live().get()
    assert (row.kind, row.note) == (PublicationKind.RETRACTION, "The figures were made up.")


def test_refusal_for_where_it_stands_is_a_message_and_no_event():
    client, article = desk.client_of(make_user("Chief")), make_article()
    before = Event.objects.count()
    response = client.post(url("retract", article), {"act-note": "Why not."})
    assert "is not possible now" in desk.told(client, response)
    assert Event.objects.count() == before


# What the box shows


def test_box_lists_what_stands_in_the_way_and_leads_there():
    article = make_article(parts=(make_photo(credit_line=""), "Text."), section=None, slug="")
    Article.objects.filter(pk=article.pk).update(section=None)
    change(article, section=None)
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(article))
    problems = page.xpath("//ul[@class='desk-problems']/li")
    links = [link.get("href") for link in page.xpath("//ul[@class='desk-problems']//a")]
    assert links[0] == "#id_section"
    assert "#id_body" in links
    kinds = [row.get("class") for row in problems]
    assert kinds == sorted(kinds)
    passed = page.find_class("desk-passed")[0].text_content()
    assert "Neither on hold nor waiting for a check" in passed


@pytest.mark.parametrize(
    ("at", "words"), [(None, ["Live", "First publication"]), (dt.timedelta(days=1), ["Scheduled"])]
)
def test_box_says_where_the_article_stands_with_readers(at: Any, words):
    article = make_article()
    make_publication(article, at=timezone.now() + at if at else None)
    page = desk.page(desk.client_of(make_user("Auditor")), desk.change_url(article))
    box = page.find_class("desk-standing")[0].text_content()
    assert all(word in box for word in words)


def test_one_person_newsroom_publishes_what_it_wrote(settings):
    settings.NEWSROOM_FOUR_EYES = False
    chief = make_user("Chief")
    client, article = desk.client_of(chief), make_article(by=chief)
    press(client, article, "publish", headline="All mine", **{"act-override": "Only me here."})
    assert Publication.objects.get().headline == "All mine"


def test_press_refused_for_its_address_keeps_the_save_and_changes_nothing_readers_see(settings):
    settings.NEWSROOM_FOUR_EYES = False
    taken = make_publication(slug="harbour", section=make_section("world"))
    live = make_publication(slug="quay", section=taken.section)
    client = desk.client_of(publisher())
    response = desk.save(
        client, live.article, _act="publish", slug="harbour", **{"act-override": "It is urgent."}
    )
    assert "has the address" in desk.told(client, response)
    live.article.refresh_from_db()
    assert (live.article.slug, live.article.state) == ("harbour", "draft")
    assert list(live.article.publications.values_list("live_until", flat=True)) == [None]
    assert live.article.events.last().action == "edit"
