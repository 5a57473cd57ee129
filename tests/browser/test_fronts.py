"""Arranging a front as an editor does it: by hand, by keyboard, with a preview, up to readers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Dialog, Locator, Page, expect

from articles.models import Article, Front
from tests import desk
from tests.browser.waiting import until
from tests.factories import arrange, make_article, make_publication, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARRANGE = reverse("admin:articles_front_arrange")


@pytest.fixture
def stories() -> list[Article]:
    """Publish ten stories; the first is the newest."""
    now = timezone.now()
    return [
        make_publication(
            make_article(f"Story {n} of the day"), at=now - dt.timedelta(hours=n + 1)
        ).article
        for n in range(10)
    ]


@pytest.fixture
def screen(page: Page, live_server: Any, stories: list[Article]) -> Page:
    """Open the screen of the front page as a chief; stories 4 and 5 have places already."""
    arrange(stories[4], stories[5])
    cookie = desk.client_of(make_user("Chief")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + ARRANGE)
    expect(page.locator("#front-form.scripted")).to_be_attached()
    return page


def place(page: Page, key: str) -> Locator:
    return page.locator(f"[data-place={key}]")


def stands(page: Page, key: str, number: int, *, itself: bool = False) -> None:
    """Wait until a story stands in a place, chosen or by itself."""
    expect(place(page, key).locator(".front-card .front-headline")).to_have_text(
        f"Story {number} of the day"
    )
    has_class = re.compile(r"\bfree\b")
    if itself:
        expect(place(page, key)).to_have_class(has_class)
    else:
        expect(place(page, key)).not_to_have_class(has_class)


def offered(page: Page, number: int) -> Locator:
    return page.locator("#front-stories li", has_text=f"Story {number} of")


def press(page: Page, key: str, name: str) -> None:
    place(page, key).get_by_role("button", name=re.compile(f"^{name}")).click()


def told(page: Page, words: str) -> None:
    expect(page.locator("#front-told")).to_have_text(words)


def test_a_story_dragged_to_the_top_is_what_readers_see(screen, live_server, stories):
    offered(screen, 7).drag_to(place(screen, "lead_0"), target_position={"x": 60, "y": 120})
    stands(screen, "lead_0", 7)
    stands(screen, "beside_0", 4)
    stands(screen, "beside_1", 5)
    stands(screen, "beside_2", 0, itself=True)
    told(screen, "Story 7 of the day is now in Lead; Story 4 of the day went on to the next place.")
    screen.get_by_role("button", name="Publish now").click()
    expect(screen.locator(".messagelist")).to_contain_text("Published")
    screen.goto(f"{live_server.url}/")
    expect(screen.locator(".card-lead .card-headline")).to_have_text("Story 7 of the day")


def test_cards_dragged_onto_each_other_change_places(screen):
    place(screen, "lead_0").locator(".front-card").drag_to(
        place(screen, "beside_0"), target_position={"x": 60, "y": 60}
    )
    stands(screen, "lead_0", 5)
    stands(screen, "beside_0", 4)


def test_a_card_dragged_to_the_upper_edge_goes_in_between(screen):
    offered(screen, 8).drag_to(place(screen, "beside_0"), target_position={"x": 60, "y": 5})
    stands(screen, "lead_0", 4)
    stands(screen, "beside_0", 8)
    stands(screen, "beside_1", 5)


def test_the_whole_page_is_arranged_by_keyboard(screen, stories):
    press(screen, "lead_0", "Down")
    stands(screen, "lead_0", 5)
    expect(place(screen, "beside_0").get_by_role("button", name="Down")).to_be_focused()
    screen.keyboard.press("Enter")
    stands(screen, "beside_1", 4)
    stands(screen, "beside_0", 0, itself=True)
    place(screen, "beside_1").locator("summary").press("Enter")
    place(screen, "beside_1").get_by_role("button", name="To Under").press("Enter")
    stands(screen, "under_0", 4)
    expect(place(screen, "under_0").locator("summary")).to_be_focused()
    screen.get_by_label("“Add” puts it in").select_option("under_3")
    offered(screen, 9).get_by_role("button", name="Add").press("Enter")
    stands(screen, "under_3", 9)
    screen.get_by_role("button", name="Publish now").press("Enter")
    expect(screen.locator(".messagelist")).to_contain_text("Published")
    slots = Front.objects.get(number=2).slots.select_related("article")
    assert {(s.zone, s.position): s.article for s in slots} == {
        ("lead", 0): stories[5],
        ("under", 0): stories[4],
        ("under", 3): stories[9],
    }


def test_what_was_done_is_undone_step_by_step(screen):
    press(screen, "lead_0", "Take out")
    stands(screen, "lead_0", 0, itself=True)
    press(screen, "beside_0", "Take out")
    screen.keyboard.press("Control+z")
    stands(screen, "beside_0", 5)
    screen.get_by_role("button", name="Undo").click()
    stands(screen, "lead_0", 4)
    expect(screen.get_by_role("button", name="Undo")).to_be_disabled()
    expect(screen.locator("#front-state")).to_have_text("As readers see it")


def test_stories_are_found_while_somebody_types(screen, live_server):
    screen.get_by_label("Words in the headline, or an address").press_sequentially("story 9")
    expect(screen.locator("#front-stories li")).to_have_count(1)
    expect(screen.locator("#front-found")).to_have_text("1 stories")
    screen.keyboard.press("Enter")
    assert screen.url == live_server.url + ARRANGE
    offered(screen, 9).get_by_role("button", name="Add").click()
    stands(screen, "beside_1", 9)
    expect(offered(screen, 9).locator(".front-there")).to_be_visible()


def test_a_pin_set_on_a_card_is_published_with_it(screen):
    place(screen, "lead_0").locator("summary").click()
    place(screen, "lead_0").get_by_label("Lead: pinned until").fill("2099-05-04T06:30:00")
    place(screen, "lead_0").get_by_label("Lead: pinned until").press("Tab")
    expect(place(screen, "lead_0").locator(".front-pin")).to_contain_text("4 May")
    screen.get_by_role("button", name="Publish now").click()
    expect(screen.locator(".messagelist")).to_contain_text("Published")
    until = Front.objects.get(number=2).slots.get(zone="lead").pinned_until
    assert timezone.localtime(until).isoformat()[:16] == "2099-05-04T06:30"


def test_preview_shows_what_is_arranged_and_leaves_it_unpublished(screen):
    offered(screen, 7).get_by_role("button", name="Add").click()
    stands(screen, "beside_1", 7)
    screen.get_by_text("Preview", exact=True).click()
    screen.get_by_role("button", name="Show it here").click()
    frame = screen.frame_locator("iframe[name=front-frame]")
    expect(frame.locator(".preview-banner")).to_contain_text("Preview")
    expect(frame.locator(".front-beside .card-headline").nth(1)).to_have_text("Story 7 of the day")
    expect(screen.locator("#front-state")).to_have_text("Not published yet")
    assert Front.objects.count() == 1


def test_leaving_unpublished_work_is_asked_about(screen):
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    screen.on("dialog", stay)
    press(screen, "lead_0", "Take out")
    screen.get_by_role("link", name="See the page").click()
    until(screen, lambda: asked, "the question before leaving")
    assert asked == ["beforeunload"]
    stands(screen, "lead_0", 0, itself=True)


def test_a_later_layout_is_scheduled_from_the_bar(screen):
    press(screen, "lead_0", "Take out")
    screen.locator(".front-later > summary").click()
    screen.get_by_label(re.compile("^Goes live at")).fill("2099-05-04T06:30:00")
    screen.get_by_role("button", name="Schedule").click()
    expect(screen.locator(".messagelist")).to_contain_text("Scheduled")
    expect(screen.locator(".front-facts")).to_contain_text("Layout 2 for 4 May")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_of_a_front_have_no_barrier(screen, live_server, width, scheme):
    screen.set_viewport_size({"width": width, "height": 900})
    screen.emulate_media(color_scheme=scheme)
    place(screen, "beside_0").locator("summary").click()
    screen.get_by_text("Preview", exact=True).click()
    found = Axe().run(screen).response["violations"]
    for address in ("admin:articles_front_changelist", "admin:articles_front_layouts"):
        screen.goto(live_server.url + reverse(address))
        found += Axe().run(screen).response["violations"]
    assert [(row["id"], row["nodes"][0]["html"]) for row in found] == []
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
