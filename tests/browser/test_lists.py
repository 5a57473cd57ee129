"""The desk's lists on a phone: columns that can be read, moved sideways within their own frame."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize

from articles.models import (
    Approval,
    Correction,
    Event,
    ImportedDocument,
    ImportRun,
    Publication,
    PublicPath,
    Revision,
)
from tests import desk
from tests.browser.waiting import until
from tests.factories import make_article, make_publication, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 844}
READABLE = 176  # pixels; some 25 letters
HEADLINE = "Haddock falls below nine florins as the northern fleet lands its largest catch"
# The column that says which story or words a row is about.
NAMED_BY = {
    Revision: "story",
    Publication: "headline",
    Event: "story",
    PublicPath: "story",
    Correction: "now",
    ImportedDocument: "to_article",
}


@pytest.fixture
def signed_in(page: Page, live_server: Any) -> Page:
    """Return a page of somebody who sees every list, with a row in each."""
    row = make_publication(make_article(HEADLINE))
    Correction.objects.create(publication=row, was=HEADLINE.swapcase(), now=HEADLINE)
    run = ImportRun.objects.create()
    made = {"article": row.article, "outcome": "imported"}
    ImportedDocument.objects.create(run=run, external_id="fish/haddock.txt", **made)
    Approval.objects.create(revision=row.revision, approved_by=make_user())
    cookie = desk.client_of(make_user()).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def address(live_server: Any, model: Any) -> str:
    meta = model._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return str(live_server.url + path)


def width_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["width"]


def moved(page: Page) -> Any:
    return page.locator(".results").evaluate("frame => frame.scrollLeft")


@pytest.mark.parametrize("model", NAMED_BY, ids=lambda model: model.__name__)
def test_what_names_a_row_is_wide_enough_to_read_on_a_phone(
    signed_in: Page, live_server: Any, model: Any
) -> None:
    signed_in.set_viewport_size(PHONE)
    signed_in.goto(address(live_server, model))
    assert width_of(signed_in, f"#result_list tbody .field-{NAMED_BY[model]}") >= READABLE


def test_no_list_moves_the_whole_page_sideways_on_a_phone(
    signed_in: Page, live_server: Any
) -> None:
    signed_in.set_viewport_size(PHONE)
    widths = {}
    for model in admin.site._registry:
        signed_in.goto(address(live_server, model))
        widths[model.__name__] = signed_in.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > PHONE["width"]} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_wide_list_is_reached_and_moved_by_keyboard(
    signed_in: Page, live_server: Any, scheme: Any
) -> None:
    signed_in.emulate_media(color_scheme=scheme)
    signed_in.set_viewport_size(PHONE)
    signed_in.goto(address(live_server, Publication))
    frame = signed_in.get_by_role("region", name="Select publication to view")
    signed_in.locator("#searchbar").focus()
    for _ in range(3):
        signed_in.keyboard.press("Tab")
        if frame.evaluate("frame => frame === document.activeElement"):
            break
    signed_in.keyboard.press("ArrowRight")
    until(signed_in, lambda: moved(signed_in) > 0, "the list moves sideways")
    assert Axe().run(signed_in).response["violations"] == []


@pytest.mark.parametrize("model", [Event, get_user_model()], ids=lambda model: model.__name__)
def test_list_is_a_stop_for_the_keyboard_only_where_it_is_wider_than_its_frame(
    signed_in: Page, live_server: Any, model: Any
) -> None:
    signed_in.set_viewport_size(PHONE)
    signed_in.goto(address(live_server, model))
    frame = signed_in.locator(".results")
    until(signed_in, lambda: frame.get_attribute("tabindex") == "0", "a stop on a phone")
    signed_in.set_viewport_size(DESKTOP)
    until(signed_in, lambda: frame.get_attribute("tabindex") is None, "none on a desktop")
    assert frame.get_attribute("role") is None
