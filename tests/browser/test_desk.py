"""A story's way over the desk, as reporter, editor and chief go it, up to what readers see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from articles.models import Article, Autosave, Publication
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

As = Callable[[str], Page]


@pytest.fixture
def signed_in(browser: Browser, context: BrowserContext, live_server: Any) -> Any:
    """Return a function that signs in and opens a page, each account after the first apart."""
    contexts = [context]

    def sign_in(role: str) -> Page:
        user = make_user(role, username=role.lower())
        if context.cookies():
            contexts.append(browser.new_context(base_url=live_server.url))
        cookie = desk.client_of(user).cookies["sessionid"].value
        contexts[-1].add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = contexts[-1].new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield sign_in
    for own in contexts[1:]:
        own.close()


def told(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)


def press(page: Page, name: str) -> None:
    page.locator(".desk-bar").get_by_role("button", name=name, exact=True).click()


def type_at_the_end(page: Page, words: str) -> None:
    page.locator("#id_body_editor").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def pass_warnings_over(page: Page) -> None:
    page.get_by_label("Why the warnings are passed over").fill("Read twice.")


def test_story_goes_from_a_reporters_draft_to_a_correction(signed_in: As, live_server: Any) -> None:
    make_section("World")
    reporter, editor, chief = signed_in("Reporter"), signed_in("Editor"), signed_in("Chief")

    # The reporter writes and submits.
    reporter.goto(reverse("admin:articles_article_add"))
    reporter.get_by_label("Headline").fill("Night ferries return")
    reporter.get_by_label("Section").select_option(label="World")
    type_at_the_end(reporter, "The first night ferry left on Monday with 12 passengers.")
    press(reporter, "Save")
    told(reporter, "Saved as revision 1")
    reporter.get_by_label("Note for the editors").fill("Please by noon.")
    press(reporter, "Submit for review")
    told(reporter, "Submitted")
    article = Article.objects.get()
    form = desk.change_url(article)

    # The editor finds it at the desk and asks for changes; without a comment that is refused.
    editor.goto(reverse("admin:index"))
    editor.get_by_role("link", name="Night ferries return").first.click()
    editor.locator(".desk-bar").get_by_role("link", name="Request changes").click()
    editor.get_by_role("button", name="Request changes").click()
    expect(editor.locator(".errorlist")).to_contain_text("Say why")
    editor.get_by_label("Why").fill("How many could it carry?")
    editor.get_by_role("button", name="Request changes").click()
    told(editor, "Handed back")

    # The reporter is told, fixes it and submits again.
    reporter.goto(reverse("admin:index"))
    waiting = reporter.locator("#content-main").get_by_role("link", name="Night ferries return")
    waiting.first.click()
    expect(reporter.locator(".desk-asked")).to_contain_text("How many could it carry?")
    type_at_the_end(reporter, " It can carry 400.")
    press(reporter, "Submit for review")
    told(reporter, "Submitted")

    # The editor approves; the reporter's late edit makes that void, and shows its words.
    editor.goto(form)
    pass_warnings_over(editor)
    press(editor, "Approve")
    told(editor, "exactly this text may go live")
    reporter.goto(form)
    reporter.get_by_label("Standfirst").fill("After six years.")
    press(reporter, "Save")
    told(reporter, "Saved as revision")
    editor.goto(form)
    void = editor.locator(".desk-void")
    expect(void).to_contain_text("so the approval is void")
    void.locator("summary").click()
    expect(void.locator("ins")).to_contain_text("After six years.")
    pass_warnings_over(editor)
    press(editor, "Approve again")
    told(editor, "Approved again")

    # It is scheduled; the clock alone makes it public.
    at = (timezone.localtime() + dt.timedelta(hours=2)).replace(second=0, microsecond=0)
    editor.get_by_text("Later", exact=True).click()
    editor.get_by_label("Day and time").fill(f"{at:%Y-%m-%dT%H:%M}")
    editor.get_by_role("button", name="Schedule").click()
    told(editor, "Scheduled: readers see it from")
    address = Publication.objects.get().get_absolute_url()
    reader = editor.context.browser.new_context(base_url=live_server.url).new_page()
    assert reader.goto(address).status == 404
    with time_machine.travel(at + dt.timedelta(seconds=1)):
        assert reader.goto(address).status == 200
        expect(reader.locator("article").first).to_contain_text("with 12 passengers")
        reader.goto("/")
        expect(reader.locator("main")).to_contain_text("Night ferries return")

    # A correction, written by the editor and approved by the chief, says what was wrong.
    with time_machine.travel(at + dt.timedelta(hours=1)):
        change(article, body=Article.objects.get().body.replace("12 passengers", "21 passengers"))
        approve(article)
        chief.goto(form)
        expect(chief.locator("#id_act-kind")).to_have_value("correction")
        chief.get_by_text("Correction: what was wrong").click()
        chief.get_by_label("Was wrong").fill("12 passengers")
        chief.get_by_label("Is right").fill("21 passengers")
        press(chief, "Publish the change")
        told(chief, "Published as “Correction”")
        reader.goto(address)
        story = reader.locator("article").first
        expect(story).to_contain_text("with 21 passengers")
        expect(story).to_contain_text("12 passengers")
    reader.context.close()


def test_two_people_are_told_of_each_other_and_both_keep_their_words(signed_in: As) -> None:
    article = make_article("Harbour", parts=("One paragraph.", "Another paragraph."))
    ada, ben = signed_in("Editor"), signed_in("Chief")
    ada.goto(desk.change_url(article))
    ben.goto(desk.change_url(article))
    expect(ben.locator("#desk-present")).to_contain_text("editor", timeout=10_000)
    ada.get_by_label("Kicker").fill("Ports")
    press(ada, "Save")
    told(ada, "Saved as revision 2")
    ben.get_by_label("Standfirst").fill("More to come.")
    expect(ben.locator("#desk-kept")).to_contain_text("Somebody else has saved", timeout=15_000)
    press(ben, "Save")
    told(ben, "both changes are kept")
    article.refresh_from_db()
    assert (article.kicker, article.standfirst) == ("Ports", "More to come.")


def test_what_was_typed_survives_a_crash_and_is_taken_back(signed_in: As) -> None:
    article = make_article("Harbour")
    page = signed_in("Editor")
    page.goto(desk.change_url(article))
    type_at_the_end(page, " Typed before the crash.")
    expect(page.locator("#desk-kept")).to_contain_text("not saved yet", timeout=15_000)
    page.close(run_before_unload=False)

    again = page.context.new_page()
    again.on("dialog", lambda dialog: dialog.accept())
    again.goto(desk.change_url(article))
    again.get_by_role("button", name="Take it back").click()
    expect(again.locator("#id_body_editor")).to_contain_text("Typed before the crash.")
    press(again, "Save")
    told(again, "Saved as revision 2")
    article.refresh_from_db()
    assert "Typed before the crash." in article.body
    assert not Autosave.objects.exists()


def test_with_the_session_gone_the_words_stay_in_the_browser(signed_in: As) -> None:
    article = make_article("Harbour")
    page = signed_in("Editor")
    page.goto(desk.change_url(article))
    expect(page.locator("#id_body_editor")).to_be_visible()
    kept: Any = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Standfirst").fill("Typed while signed out.")
    expect(page.locator("#desk-kept")).to_contain_text("signed out", timeout=15_000)
    page.goto("about:blank")
    page.context.add_cookies([cookie for cookie in kept if cookie["name"] == "sessionid"])
    page.goto(desk.change_url(article))
    page.get_by_role("button", name="Take it back").click()
    # The page comes again with what it sent, under a button that says the same.
    page.locator("button[name=_recover]", has_text="Take it back").click()
    expect(page.get_by_label("Standfirst")).to_have_value("Typed while signed out.")


def test_keyboard_saves_and_takes_the_next_step(signed_in: As) -> None:
    article = make_article("Harbour")
    page = signed_in("Reporter")
    page.goto(desk.change_url(article))
    page.get_by_label("Kicker").fill("Ports")
    page.keyboard.press("Control+s")
    told(page, "Saved as revision 2")
    page.locator("#id_headline").focus()
    page.keyboard.press("Control+Enter")
    told(page, "Submitted")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_the_desk_have_no_accessibility_faults(
    signed_in: As, scheme: Any, width: int
) -> None:
    photo = make_photo()
    authors, sources = (make_contributor(),), (make_source(),)
    article = make_article("Harbour", parts=("One.", photo), authors=authors, sources=sources)
    make_publication(article)
    change(article, headline="Harbour shut", by=make_user("Reporter"))
    approve(article)
    change(article, kicker="Late", by=make_user("Reporter"))
    page = signed_in("Chief")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    act = [reverse("admin:articles_article_act", args=[article.pk, n]) for n in ("hold", "hot_fix")]
    paths = [
        reverse("admin:index"),
        reverse("admin:articles_article_changelist"),
        f"{reverse('admin:articles_article_changelist')}?q=one",
        desk.change_url(article),
        reverse("admin:articles_article_history", args=[article.pk]),
        reverse("admin:articles_article_compare", args=[article.pk, 1, 3]),
        reverse("admin:articles_article_preview_frame", args=[article.pk]),
        reverse("admin:notifications"),
        *act,
    ]
    for path in paths:
        page.goto(path)
        page.wait_for_timeout(300)
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true }")
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == [], path
