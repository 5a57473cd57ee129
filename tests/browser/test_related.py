"""A proposal pinned, saved, published and read, with the keyboard; what was typed stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, RelatedLink
from tests.browser.writer import Open
from tests.factories import make_article, make_publication, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRIKE = "Pilots of the Averil Strait said that Orla Venn had broken her word on wages."
TALKS = "Orla Venn called talks with the pilots of the Averil Strait and left early."
CHEESE = "A dairy in Torvik won the goat cheese prize."


@pytest.fixture
def talks() -> Article:
    for headline, text in (("Strike", STRIKE), ("Cheese", CHEESE)):
        at = timezone.now() - dt.timedelta(days=90)
        make_publication(make_article(headline, parts=(text,)), at=at)
    return make_article("Talks fail", parts=(TALKS,))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as revision")).to_be_visible()


def test_proposal_is_pinned_saved_published_and_read(
    opened: Open, talks: Article, live_server: Any
) -> None:
    page = opened(talks)
    page.fill("#id_standfirst", "Not saved yet.")
    page.get_by_role("button", name="Pin Strike").press("Enter")
    line = page.locator(".desk-related li", has_text="Strike")
    expect(line.locator(".desk-related-pinned")).to_be_visible()
    expect(page.get_by_text("Added to the related links above")).to_be_visible()
    expect(page.locator(".desk-related-refresh")).to_be_focused()
    expect(page.locator("#id_standfirst")).to_have_value("Not saved yet.")
    save(page)
    row = RelatedLink.objects.get()
    assert (str(row), row.kind) == ("Strike", "related")
    story = publish(talks)
    page.goto(live_server.url + story.get_absolute_url())
    block = page.get_by_role("region", name="Related stories")
    expect(block.get_by_role("link", name="Strike")).to_be_visible()


def test_dismissed_proposal_goes_at_once_and_for_good(opened: Open, talks: Article) -> None:
    page = opened(talks)
    page.get_by_role("button", name="Not related Strike").press("Enter")
    expect(page.get_by_text("It won’t be proposed again")).to_be_visible()
    expect(page.locator(".desk-related li", has_text="Strike")).to_have_count(0)
    save(page)
    expect(page.locator(".desk-related li", has_text="Strike")).to_have_count(0)
    assert RelatedLink.objects.get().kind == "dismissed"


def test_list_is_asked_again_for_what_was_typed(opened: Open, talks: Article) -> None:
    page = opened(talks)
    expect(page.locator(".desk-related li", has_text="Cheese")).to_have_count(0)
    page.fill("#id_headline", "Torvik dairy: goat cheese prize")
    page.fill("#id_standfirst", CHEESE)
    page.get_by_role("button", name="Ask again for the text as it stands").press("Enter")
    expect(page.locator(".desk-related li", has_text="Cheese")).to_be_visible()
    expect(page.locator("#id_headline")).to_have_value("Torvik dairy: goat cheese prize")
