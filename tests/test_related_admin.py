"""Related stories at the desk: proposals with their reason, pinned and dismissed in the form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles.choices import RelatedKind
from articles.models import Article, RelatedLink
from articles.related import make_blocks
from tests import desk
from tests.factories import (
    make_article,
    make_publication,
    make_section,
    make_topic,
    make_user,
    publish,
)

pytestmark = pytest.mark.django_db

STRIKE = "Pilots of the Averil Strait said that Orla Venn had broken her word on wages."
TALKS = "Orla Venn called talks with the pilots of the Averil Strait and left early."
CHEESE = "A dairy in Torvik won the goat cheese prize."


def story(headline: str, *parts: str, days: int = 3, **values: Any) -> Article:
    article = make_article(headline, parts=parts, **values)
    make_publication(article, at=timezone.now() - dt.timedelta(days=days, minutes=5))
    return article


def proposals(page: html.HtmlElement) -> list[tuple[str, str]]:
    """Return headline and reason of each line, a pin as "pinned"."""
    return [
        (line.xpath("string(.//a)"), " ".join(line.xpath("string(.//p)").split()))
        for line in page.xpath("//*[@class='desk-related-list']//li")
    ]


def ask(client: Client, article: Article | None, **sent: Any) -> html.HtmlElement:
    name = "admin:articles_article_propose" if article else "admin:articles_article_propose_new"
    url = reverse(name, args=[article.pk] if article else [])
    section = make_section().pk
    values = {"headline": "Talks fail", "language": "en", "section": section, "topics": []}
    return desk.answered(client.post(url, {**values, **sent}))


def test_form_shows_proposals_with_the_reason_in_words() -> None:
    topic = make_topic("Shipping")
    story("Strike", STRIKE, topics=(topic,), days=75)
    talks = make_article("Talks fail", parts=(TALKS,), topics=(topic,))
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(talks))
    [(title, why)] = proposals(page)
    assert title == "Strike"
    assert why.startswith("by itself shares ")
    assert "Orla Venn" in why
    assert "topic Shipping; 2 months ago" in why.replace("\xa0", " ")


def test_fallback_says_that_it_is_the_newest_of_its_section() -> None:
    story("Cheese", CHEESE)
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(make_article("Rain")))
    [(title, why)] = proposals(page)
    assert (title, why.replace("\xa0", " ")) == ("Cheese", "by itself newest in World; 3 days ago")


def test_form_of_a_long_story_shows_what_readers_get_under_it() -> None:
    """Its section counts though its words are many, and its own live text is no other story."""
    story("Cheese", CHEESE)
    many = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}ling" for n in range(400))
    live = publish(make_article("Rain", parts=(f"{many}.", f"{many}.")))
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(live.article))
    assert [title for title, _why in proposals(page)] == ["Cheese"]
    assert [row.title for row in make_blocks(live, timezone.now()).related] == ["Cheese"]


def test_earlier_stories_stand_apart() -> None:
    story("Strike", STRIKE)
    talks = make_article("Talks fail", parts=(TALKS,))
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(talks))
    assert page.xpath("//*[@class='desk-related-list']/h4/text()") == ["Earlier in this story"]
    assert page.xpath("//button[@data-act]/@data-act") == ["earlier", "dismissed"]


def test_unsaved_text_is_what_is_asked_for() -> None:
    story("Strike", STRIKE, days=60)
    story("Cheese", CHEESE, days=60)
    saved = make_article("Saved", parts=(TALKS,))
    client = desk.client_of(make_user("Editor"))
    assert proposals(ask(client, saved, body=f"<p>{CHEESE} Torvik!</p>"))[0][0] == "Cheese"
    assert proposals(ask(client, None, body=f"<p>{TALKS}</p>"))[0][0] == "Strike"
    saved.refresh_from_db()
    assert "Orla" in saved.body


def test_rows_of_the_form_count_as_they_stand() -> None:
    strike, cheese = story("Strike", STRIKE, days=60), story("Cheese", CHEESE, days=60)
    talks = make_article("Talks fail", parts=(TALKS,))
    client = desk.client_of(make_user("Editor"))
    body = f"<p>{TALKS}</p>"
    row = {"related_links-0-related": cheese.pk, "related_links-0-kind": RelatedKind.RELATED}
    found = proposals(ask(client, talks, body=body, **row))
    assert found[0] == ("Cheese", "pinned")
    assert [title for title, _why in found] == ["Cheese", "Strike"]
    deleted = proposals(ask(client, talks, body=body, **row, **{"related_links-0-DELETE": "on"}))
    assert [title for title, _why in deleted] == ["Strike"]
    row = {"related_links-0-related": strike.pk, "related_links-0-kind": RelatedKind.DISMISSED}
    assert "Strike" not in dict(proposals(ask(client, talks, body=body, **row)))


@pytest.mark.parametrize("role", ["Auditor", "Administrator"])
def test_who_may_not_edit_gets_a_list_without_buttons(role: str) -> None:
    story("Strike", STRIKE)
    talks = make_article("Talks fail", parts=(TALKS,))
    page = desk.page(desk.client_of(make_user(role)), desk.change_url(talks))
    assert [title for title, _why in proposals(page)] == ["Strike"]
    assert page.xpath("//button[@data-act]") == []


def test_endpoint_asks_for_a_role_and_for_post(client: Client) -> None:
    talks = make_article("Talks fail")
    url = reverse("admin:articles_article_propose", args=[talks.pk])
    assert client.post(url).status_code == 302
    client.force_login(make_user("Auditor"))
    assert client.get(url).status_code == 405
    assert client.post(reverse("admin:articles_article_propose_new")).status_code == 403


def test_nonsense_is_answered_with_a_list() -> None:
    client = desk.client_of(make_user("Editor"))
    wild = {
        "body": "<p>\x00" + "x y " * 300_000,
        "section": "9" * 30,
        "topics": ["x", "-1", "99999"],
        "related_links-0-related": "1; DROP",
        "related_links-999-kind": "?",
        "language": "xx-Wild",
    }
    assert proposals(ask(client, None, **wild)) == []


def test_asking_costs_the_same_whatever_is_found() -> None:
    talks = make_article("Talks fail", parts=(TALKS,))
    client = desk.client_of(make_user("Editor"))

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            ask(client, talks, body=f"<p>{TALKS}</p>")
        return len(captured)

    story("Strike 0", STRIKE, days=60)
    few = count()
    for number in range(1, 9):
        story(f"Strike {number}", STRIKE, days=60 + number)
    assert count() == few


def test_dismissed_row_is_kept_with_the_story_and_in_its_revision() -> None:
    strike = story("Strike", STRIKE)
    talks = make_article("Talks fail", parts=(TALKS,))
    client = desk.client_of(make_user("Editor"))
    url = desk.change_url(talks)
    sent = desk.filled_form(desk.page(client, url))
    sent |= {
        "related_links-TOTAL_FORMS": "1",
        "related_links-0-related": str(strike.pk),
        "related_links-0-kind": "dismissed",
        "related_links-0-position": "0",
        "related_links-0-title": "",
        "related_links-0-url": "",
        "_save": "Save",
    }
    client.post(url, sent)
    assert RelatedLink.objects.get().kind == RelatedKind.DISMISSED
    newest = talks.revisions.order_by("-number")[0]
    assert newest.document["related"][0]["kind"] == "dismissed"
    page = desk.page(client, url)
    assert proposals(page) == []
    assert "archive has none to propose" not in page.text_content()
