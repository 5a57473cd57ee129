"""Buttons of the desk: who may press them, what they do, and that a refusal loses nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import snapshots
from articles.choices import PublicationKind
from articles.models import Article, Publication
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import change, make_article, make_photo, make_publication, make_user

pytestmark = pytest.mark.django_db

MAY = {
    "publish": {"Editor", "Chief"},
    "schedule": {"Editor", "Chief"},
    "call_off": {"Editor", "Chief"},
    "retract": {"Chief", "Legal"},
}


def url(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def tomorrow() -> str:
    return f"{timezone.localtime() + dt.timedelta(days=1):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", MAY)
def test_forged_post_is_refused_to_roles_without_the_permission(role, name):
    article = make_article()
    if name in ("call_off", "retract"):
        make_publication(article, at=timezone.now() + dt.timedelta(days=name == "call_off"))
    before = list(Publication.objects.values())
    fields = {"revision": "1", "release-at": tomorrow(), "note": "It was wrong."}
    response = desk.client_of(make_user(role)).post(url(name, article), fields)
    may = role in MAY[name]
    assert response.status_code == (302 if may else 403)
    assert (list(Publication.objects.values()) != before) is may


@pytest.mark.parametrize("name", ["publish", "schedule", "call_off"])
def test_buttons_answer_to_post_only(name):
    client, article = desk.client_of(make_user("Chief")), make_article()
    assert client.get(url(name, article)).status_code == 405


def test_strangers_are_sent_to_log_in(client):
    article = make_article()
    for name in (*MAY, "preview", "history"):
        assert "/login/" in client.post(url(name, article))["Location"]


def test_reporter_who_forges_save_and_publish_saves_only():
    client, article = desk.client_of(make_user("Reporter")), make_article()
    response = desk.save(client, article, press="_publish", headline="Mine")
    article.refresh_from_db()
    assert article.headline == "Mine"
    assert not Publication.objects.exists()
    assert "Your role doesn’t include this action" in desk.told(client, response)


def test_reporter_is_shown_no_button_to_publish():
    page = desk.page(desk.client_of(make_user("Reporter")), desk.change_url(make_article()))
    assert page.xpath("//*[@name='_publish' or @name='_schedule']") == []


def test_one_press_saves_and_publishes_what_was_saved():
    client, article = desk.client_of(make_user("Editor")), make_article()
    desk.save(client, article, press="_publish", headline="Harbour open")
    row = Publication.objects.get()
    assert (row.headline, row.kind) == ("Harbour open", PublicationKind.FIRST)
    assert row.revision == snapshots.current_revision(article)


def test_correction_is_published_with_what_was_wrong_and_what_is_right():
    client, article = desk.client_of(make_user("Editor")), make_article()
    make_publication(article)
    values = {"release-kind": "correction", "release-was": "Monday", "release-now": "Tuesday"}
    desk.save(client, article, press="_publish", kicker="Ports", **values)
    row = Publication.objects.get(kind=PublicationKind.CORRECTION)
    assert [(c.was, c.now) for c in row.corrections.all()] == [("Monday", "Tuesday")]


def test_correction_that_says_nothing_is_refused_before_anything_is_saved():
    client, article = desk.client_of(make_user("Editor")), make_article("Old")
    make_publication(article)
    values = {"headline": "New", "release-kind": "correction"}
    answer = desk.save(client, article, press="_publish", **values)
    article.refresh_from_db()
    assert article.headline == "Old"
    page = desk.answered(answer)
    assert page.get_element_by_id("id_headline").get("value") == "New"
    assert "Tell readers what was wrong" in answer.content.decode()


def test_workflow_that_refuses_keeps_the_save_and_the_note_that_was_typed():
    client, article = desk.client_of(make_user("Editor")), make_article()
    make_publication(article)
    values = {"headline": "New", "on_hold": "on", "release-note": "For our readers."}
    response = desk.save(client, article, press="_publish", **values)
    page = desk.page(client, response["Location"])
    article.refresh_from_db()
    assert article.headline == "New"
    assert Publication.objects.count() == 1
    assert "on hold" in page.find_class("messagelist")[0].text_content()
    assert "For our readers." in page.get_element_by_id("id_release-note").text


def test_article_is_scheduled_in_the_zone_of_the_site(settings):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    client, article = desk.client_of(make_user("Editor")), make_article()
    values = {"release-at": "2031-03-04T06:30"}
    desk.save(client, article, press="_schedule", **values)
    assert Publication.objects.get().live_from == dt.datetime(2031, 3, 3, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("time", ["2031-03-30T02:30", "2031-10-26T02:30"])
def test_time_that_the_clocks_skip_or_repeat_is_refused(settings, time):
    settings.TIME_ZONE = "Europe/Berlin"
    client, article = desk.client_of(make_user("Editor")), make_article()
    answer = desk.save(client, article, press="_schedule", **{"release-at": time})
    assert "because the clocks change" in answer.content.decode()
    assert not Publication.objects.exists()


def test_schedule_without_a_time_is_refused():
    client, article = desk.client_of(make_user("Editor")), make_article()
    answer = desk.save(client, article, press="_schedule")
    assert "Say from when on it is to be live." in answer.content.decode()


def test_what_is_scheduled_is_called_off():
    client, article = desk.client_of(make_user("Editor")), make_article()
    make_publication(article, at=timezone.now() + dt.timedelta(days=1))
    response = client.post(url("call_off", article))
    assert Publication.objects.get().was_called_off
    assert "Called off" in desk.told(client, response)


def test_only_the_revision_that_was_seen_is_published():
    client, article = desk.client_of(make_user("Editor")), make_article()
    change(article, headline="Newer")
    response = client.post(url("publish", article), {"revision": "1"})
    assert not Publication.objects.exists()
    assert "changed since you looked" in desk.told(client, response)


def test_retraction_is_confirmed_with_a_notice():
    client, article = desk.client_of(make_user("Chief")), make_article()
    make_publication(article)
    assert "leaves the front page" in client.get(url("retract", article)).content.decode()
    refused = client.post(url("retract", article), {"note": " "})
    assert "Say to readers why" in refused.content.decode()
    client.post(url("retract", article), {"note": "The figures were made up."})
    row = Publication.objects.live().get()
    assert (row.kind, row.note) == (PublicationKind.RETRACTION, "The figures were made up.")


def test_box_lists_what_stands_in_the_way_and_leads_there():
    article = make_article(parts=(make_photo(credit_line=""), "Text."), section=None, slug="")
    Article.objects.filter(pk=article.pk).update(section=None)
    change(article, section=None)
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(article))
    links = [link.get("href") for link in page.xpath("//ul[@class='desk-problems']//a")]
    assert links[0] == "#id_section"
    assert "#id_body" in links


@pytest.mark.parametrize(
    ("at", "words"), [(None, ["Live", "First publication"]), (dt.timedelta(days=1), ["Scheduled"])]
)
def test_box_says_where_the_article_stands_with_readers(at: Any, words):
    article = make_article()
    make_publication(article, at=timezone.now() + at if at else None)
    page = desk.page(desk.client_of(make_user("Auditor")), desk.change_url(article))
    box = page.find_class("desk-standing")[0].text_content()
    assert all(word in box for word in words)
