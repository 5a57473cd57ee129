"""The tools of the body editor, used as a person would; what counts is what Save stores."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from articles import body, renditions
from articles.models import Article, Photo
from tests import desk
from tests.factories import change, make_article, make_photo, make_publication, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[[Article], Page]


@pytest.fixture
def opened(page: Page, live_server: Any) -> Open:
    """Open an article's form as a chief, with the editor running."""
    cookie = desk.client_of(make_user("Chief")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.on("dialog", lambda dialog: dialog.accept())

    def open_form(article: Article) -> Page:
        page.goto(live_server.url + desk.change_url(article))
        expect(editor(page)).to_be_visible()
        return page

    return open_form


def editor(page: Page) -> Any:
    return page.locator("#id_body_editor")


def tool(page: Page, name: str) -> Any:
    return page.get_by_role("toolbar", name="Formatting").get_by_role("button", name=name)


def place(page: Page, word: str, *, offset: int | None = None) -> None:
    """Select a word of the text, or put the cursor ``offset`` letters into it."""
    editor(page).evaluate(
        """(dom, [word, offset]) => {
            const walker = document.createTreeWalker(dom, NodeFilter.SHOW_TEXT)
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(word)
                if (at < 0) continue
                dom.focus()
                const from = at + (offset ?? 0)
                const to = offset === null ? at + word.length : from
                getSelection().setBaseAndExtent(walker.currentNode, from, walker.currentNode, to)
                return
            }
            throw new Error("no such word: " + word)
        }""",
        [word, offset],
    )
    page.wait_for_timeout(100)


def paste(page: Page, html: str) -> None:
    editor(page).evaluate(
        """(dom, html) => {
            const data = new DataTransfer()
            data.setData("text/html", html)
            data.setData("text/plain", "plain")
            dom.dispatchEvent(new ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}))
        }""",
        html,
    )


def picture(colour: str = "teal") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (640, 400), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def saved(page: Page, article: Article) -> list[str]:
    """Save and return the blocks as they are stored, which must be canonical, without their ids."""
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision")
    stored = Article.objects.get(pk=article.pk).body
    assert body.clean(stored) == stored
    return [without_id(line) for line in stored.split("\n")]


def without_id(line: str) -> str:
    head, _, tail = line.partition(' data-id="')
    return head + tail.partition('"')[2] if tail else line


def test_photo_is_found_by_words_and_splits_the_paragraph_at_the_cursor(opened):
    make_photo(caption="A pier at dawn.")
    photo = make_photo(caption="A ferry at dusk.", credit_line="Signe Hal/AFP")
    article = make_article(parts=("Ferries left. They came back.",))
    page = opened(article)
    place(page, "They", offset=0)
    tool(page, "Insert a photo").click()
    dialog = page.get_by_role("dialog", name="Insert a photo")
    dialog.get_by_label("Words").fill("ferry dusk")
    expect(dialog.locator(".desk-picker-photo")).to_have_count(1)
    dialog.get_by_role("button", name="A ferry at dusk.").press("Enter")
    page.keyboard.insert_text(" Now.")
    assert saved(page, article) == [
        "<p>Ferries left.</p>",
        f'<figure data-photo="{photo.uuid}" data-layout="inline">'
        "<figcaption>A ferry at dusk. Now.</figcaption></figure>",
        "<p>They came back.</p>",
    ]


def choose(page: Page, caption: str) -> None:
    tool(page, "Insert a photo").click()
    page.get_by_role("dialog").get_by_role("button", name=caption).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_inserting_a_photo_is_one_step_of_undo_that_joins_the_paragraph_again(opened):
    make_photo(caption="Pier.")
    article = make_article(parts=("Ferries left. They came back.",))
    page = opened(article)
    place(page, "They", offset=0)
    choose(page, "Pier.")
    expect(page.locator(".desk-figure")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator(".desk-figure")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Nothing was changed")


@pytest.mark.parametrize(
    "around",
    [
        "<ul><li><p>Here one</p></li><li><p>two</p></li></ul>",
        "<blockquote><p>Here one</p><p><cite>Ada</cite></p></blockquote>",
        "<table><tbody><tr><td><p>Here one</p></td><td><p>two</p></td></tr></tbody></table>",
        "<h2>Here one</h2>",
    ],
    ids=["list", "quote", "table", "subhead"],
)
def test_photo_never_tears_a_list_quote_table_or_subhead(opened, around):
    make_photo(caption="Pier.")
    article = make_article()
    change(article, body=body.clean(around + "<p>End.</p>"))
    page = opened(article)
    place(page, "Here", offset=2)
    choose(page, "Pier.")
    stored = saved(page, article)
    assert stored[0] == around
    assert stored[1].startswith("<figure")
    assert stored[2] == "<p>End.</p>"


def test_figure_is_dragged_by_its_picture_to_another_place(opened, page):
    page.set_viewport_size({"width": 1280, "height": 1300})  # both ends in sight
    photo = make_photo(caption="Pier.")
    article = make_article(parts=(photo, "One.", "Two.", "Three."))
    opened(article)
    last = page.locator("#id_body_editor > p").last
    page.locator(".desk-figure-picture").drag_to(last, target_position={"x": 4, "y": 4})
    stored = [line[:7] for line in saved(page, article)]
    assert stored == ["<p>One.", "<p>Two.", "<figure", "<p>Thre"]


def test_files_are_uploaded_in_the_picker_each_with_its_own_answer(opened, tmp_path: Path):
    (tmp_path / "good.jpg").write_bytes(picture())
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    article = make_article(parts=("Ferries left.",))
    page = opened(article)
    place(page, "left.", offset=5)
    tool(page, "Insert a photo").click()
    files = [tmp_path / "bad.jpg", tmp_path / "good.jpg"]
    page.get_by_label("Upload picture files").set_input_files(files)
    messages = page.locator(".desk-picker-messages li")
    expect(messages.nth(0)).to_contain_text("bad.jpg is no picture")
    expect(messages.nth(1)).to_have_text("good.jpg: taken in.")
    page.locator(".desk-picker-photo").first.click()
    page.keyboard.insert_text("The harbour.")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Next.")
    photo = Photo.objects.get()
    assert saved(page, article) == [
        "<p>Ferries left.</p>",
        f'<figure data-photo="{photo.uuid}" data-layout="inline">'
        "<figcaption>The harbour.</figcaption></figure>",
        "<p>Next.</p>",
    ]


DROP = """(dom, [letters, name, event]) => {
    const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0))
    const data = new DataTransfer()
    data.items.add(new File([bytes], name, {type: "image/jpeg"}))
    const box = dom.querySelector("p").getBoundingClientRect()
    const at = {clientX: box.left + 2, clientY: box.top + 2, bubbles: true, cancelable: true}
    dom.dispatchEvent(event === "paste"
        ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
        : new DragEvent("drop", {dataTransfer: data, ...at}))
}"""


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_picture_pasted_or_dropped_is_uploaded_and_placed(opened, event):
    article = make_article(parts=("Ferries left.",))
    page = opened(article)
    place(page, "Ferries", offset=0)
    letters = base64.b64encode(picture()).decode()
    editor(page).evaluate(DROP, [letters, "pier.jpg", event])
    expect(page.locator(".desk-figure img")).to_be_visible()
    expect(page.locator(".desk-notice")).to_have_text("pier.jpg: taken in.")
    photo = Photo.objects.get()
    assert saved(page, article) == [
        f'<figure data-photo="{photo.uuid}" data-layout="inline">'
        "<figcaption></figcaption></figure>",
        "<p>Ferries left.</p>",
    ]


def test_photo_of_a_figure_is_replaced_and_its_own_caption_stays(opened):
    old, new = make_photo(caption="Old."), make_photo(caption="New pier.")
    article = make_article(parts=("Start.", old))
    change(article, body=article.body.replace("Old.", "Written for this story."))
    page = opened(article)
    page.get_by_role("button", name="Replace photo").click()
    page.get_by_role("button", name="New pier.").click()
    assert saved(page, article)[1] == (
        f'<figure data-photo="{new.uuid}" data-layout="inline">'
        "<figcaption>Written for this story.</figcaption></figure>"
    )


def test_figure_moves_by_alt_and_arrows_and_a_removed_one_comes_back(opened):
    photo = make_photo(caption="Pier.")
    article = make_article(parts=("One.", "Two.", photo))
    page = opened(article)
    place(page, "Pier.", offset=2)
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_role("button", name="Remove photo").press("Enter")
    expect(page.locator(".desk-figure")).to_have_count(0)
    page.locator(".desk-notice").get_by_role("button", name="Undo").click()
    assert [line[:7] for line in saved(page, article)] == ["<figure", "<p>One.", "<p>Two."]


def test_photos_of_the_story_are_offered_again(opened):
    used = make_photo(caption="Used here.")
    make_photo(caption="Elsewhere.")
    page = opened(make_article(parts=("One.", used)))
    tool(page, "Insert a photo").click()
    expect(page.locator(".desk-picker-photo")).to_have_count(2)
    page.get_by_role("button", name="Used in this story").click()
    expect(page.locator(".desk-picker-photo")).to_have_count(1)
    expect(page.locator(".desk-picker-photo")).to_contain_text("Used here.")


WORD = """<html><body><!--StartFragment--><style>p.MsoNormal {margin:0}</style>
<h1 style='mso-x:y'>Big<o:p></o:p></h1><p class=MsoNormal><b>Bold</b> and <i>slanted</i>
<a href="javascript:alert(1)">bad</a> <a href="https://example.org/">good</a></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>First</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>Under</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]>
<span style='mso-list:Ignore'>·</span><![endif]>Second</p>
<table class=MsoTable><tr><td><p>a</p></td><td><p>b</p></td></tr></table>
<script>alert(1)</script><img src=x onerror=alert(1)><!--EndFragment--></body></html>"""
GOOGLE = (
    '<b style="font-weight:normal" id="docs-internal-guid-1"><h2 dir="ltr"><span>Sub</span></h2>'
    '<p dir="ltr"><span style="font-weight:700">Bold</span> <span style="font-style:italic">slant'
    '</span> <a href="https://www.google.com/url?q=https://example.org/a&sa=D">link</a></p>'
    "<ul><li dir=ltr><p role=presentation><span>One</span></p></li></ul></b>"
)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            WORD,
            [
                "<h2>Big</h2>",
                "<p><strong>Bold</strong> and <em>slanted</em> bad "
                '<a href="https://example.org/">good</a></p>',
                "<ul><li><p>First</p><ol><li><p>Under</p></li></ol></li>"
                "<li><p>Second</p></li></ul>",
                "<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>",
            ],
        ),
        (
            GOOGLE,
            [
                "<h2>Sub</h2>",
                "<p><strong>Bold</strong> <em>slant</em> "
                '<a href="https://example.org/a">link</a></p>',
                "<ul><li><p>One</p></li></ul>",
            ],
        ),
    ],
    ids=["word", "google"],
)
def test_pasted_text_keeps_its_structure_and_nothing_else(opened, html, expected):
    article = make_article(parts=("Replace me.",))
    page = opened(article)
    place(page, "Replace me.")
    page.keyboard.press("Delete")
    paste(page, html)
    assert saved(page, article) == expected


def test_all_occurrences_are_replaced_in_one_step_that_can_be_undone(opened):
    article = make_article(parts=("Kiev and kiev.", "In Kiev."))
    change(article, body=article.body.replace("In Kiev", "In <strong>Kiev</strong>"))
    page = opened(article)
    editor(page).click()
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("kiev")
    expect(page.locator(".desk-find-count")).to_have_text("0 of 3")
    page.get_by_label("Match case").check()
    page.get_by_label("Find", exact=True).fill("Kiev")
    expect(page.locator(".desk-find-count")).to_have_text("0 of 2")
    page.get_by_label("Replace with").fill("Kyiv")
    page.get_by_role("button", name="Replace all").click()
    expect(page.locator(".desk-notice")).to_contain_text("Replaced: 2")
    page.locator(".desk-notice").get_by_role("button", name="Undo").click()
    expect(editor(page)).to_contain_text("In Kiev.")
    page.get_by_role("button", name="Replace all").click()
    page.get_by_label("Find", exact=True).press("Escape")
    assert saved(page, article) == ["<p>Kyiv and kiev.</p>", "<p>In <strong>Kyiv</strong>.</p>"]


def test_one_occurrence_is_replaced_and_the_next_is_shown(opened):
    article = make_article(parts=("a pier, a pier and a pier.",))
    page = opened(article)
    editor(page).click()
    tool(page, "Find and replace").click()
    page.get_by_label("Find", exact=True).fill("pier")
    page.get_by_label("Find", exact=True).press("Enter")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Replace with").fill("$1 quay")
    page.get_by_role("button", name="Replace", exact=True).click()
    expect(page.locator(".desk-find-count")).to_have_text("2 of 2")
    assert saved(page, article) == ["<p>a pier, a $1 quay and a pier.</p>"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "java\tscript:alert(1)", "data:x,y"])
def test_link_with_an_unsafe_address_is_refused_with_the_reason(opened, address):
    page = opened(make_article(parts=("See here.",)))
    place(page, "here")
    page.keyboard.press("Control+k")
    page.get_by_label("Address, or words").fill(address)
    page.get_by_label("Address, or words").press("Enter")
    expect(page.locator(".desk-links [role=alert]")).to_contain_text("links are not taken")
    expect(editor(page).locator("a")).to_have_count(0)


def test_link_is_set_to_an_own_story_changed_and_removed(opened):
    live = make_publication(headline="Ferry strike ends")
    article = make_article(parts=("See here and there.",))
    page = opened(article)
    place(page, "here")
    page.keyboard.press("Control+k")
    page.get_by_label("Address, or words").fill("strike")
    page.get_by_role("button", name="Ferry strike ends").click()
    place(page, "there")
    page.keyboard.press("Control+k")
    page.get_by_label("Address, or words").fill("example.org/x")
    page.get_by_role("button", name="Set link").click()
    place(page, "there", offset=2)
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Address, or words")).to_have_value("https://example.org/x")
    page.get_by_role("button", name="Remove link").click()
    path = live.get_absolute_url()
    assert saved(page, article) == [f'<p>See <a href="{path}">here</a> and there.</p>']


def test_table_is_inserted_filled_and_grown(opened):
    article = make_article(parts=("Results.",))
    page = opened(article)
    place(page, "Results.", offset=8)
    page.keyboard.press("Enter")
    tool(page, "Insert a table").click()
    for word in ("Place", "Votes", "Share", "Hue", "12", "3 %"):
        page.keyboard.insert_text(word)
        page.keyboard.press("Tab")
    tool(page, "Remove this row").click()
    tool(page, "Add a column after").click()
    tool(page, "Remove this column").click()
    row = "".join(f"<td><p>{word}</p></td>" for word in ("Hue", "12"))
    stored = saved(page, article)
    assert stored[1].startswith("<table><tbody><tr><th><p>Place</p></th>")
    assert row in stored[1]


def test_subhead_note_quote_and_cite_are_set_from_the_bar(opened):
    article = make_article(parts=("Sub.", "It was Monday.", "We sail.", "Ada Weil"))
    page = opened(article)
    kind = page.get_by_label("Kind of paragraph")
    place(page, "Sub.", offset=1)
    kind.select_option(label="Smaller subhead")
    place(page, "It was", offset=1)
    kind.select_option(label="Note: Correction")
    place(page, "We sail.", offset=1)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+End")
    tool(page, "Block quote").click()
    place(page, "Ada Weil", offset=3)
    tool(page, "Who is quoted").click()
    assert saved(page, article) == [
        "<h3>Sub.</h3>",
        '<p data-note="correction">It was Monday.</p>',
        "<blockquote><p>We sail.</p><p><cite>Ada Weil</cite></p></blockquote>",
    ]


@pytest.mark.parametrize(
    ("language", "typed", "stored"),
    [
        ("en", '"It\'s late," he said - 5 km...', "“It’s late,” he said\u00a0— 5\u00a0km…"),
        ("vi", '"Xin chào," ông nói - 20 km.', "“Xin chào,” ông nói\u00a0– 20\u00a0km."),
        ("fr", '"Bonjour !" dit-il : oui...', "«\u00a0Bonjour\u202f!\u00a0» dit-il\u00a0: oui…"),
        ("de", '"Ja", sagte er - z. B.', "„Ja“, sagte er\u00a0– z.\u00a0B."),
    ],
)
def test_signs_of_the_language_are_set_on_demand(opened, language, typed, stored):
    article = make_article(parts=(typed,), language=language)
    page = opened(article)
    tool(page, "Set quotes, dashes and fixed blanks").click()
    expect(page.locator(".desk-notice")).to_contain_text("Signs set: ")
    page.locator(".desk-notice").get_by_role("button", name="Undo").click()
    expect(editor(page)).to_have_text(typed)
    tool(page, "Set quotes, dashes and fixed blanks").click()
    assert saved(page, article) == [f"<p>{stored}</p>"]


def test_new_article_is_written_in_the_same_editor(opened, live_server, page):
    opened(make_article())
    page.goto(live_server.url + reverse("admin:articles_article_add"))
    page.locator("#id_headline").fill("Written here")
    editor(page).click()
    page.keyboard.insert_text("First words.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 1")
    assert "First words.</p>" in Article.objects.get(headline="Written here").body


def test_typing_in_a_very_long_story_puts_every_letter_at_the_cursor(opened):
    article = make_article(parts=tuple(f"Paragraph {n} of it." for n in range(1500)))
    page = opened(article)
    place(page, "Paragraph 700", offset=9)
    page.keyboard.type("xxxxxxxxxx")
    expect(editor(page)).to_contain_text("Paragraphxxxxxxxxxx 700 of it.")


def test_length_of_the_text_is_told_under_it(opened):
    page = opened(make_article(parts=("One two three.", "Four five.")))
    line = page.locator(".desk-counts")
    expect(line).to_have_text("Words: 5 · Characters: 25 · Reading time: 1 min")
    place(page, "five.", offset=5)
    page.keyboard.insert_text(" Six.")
    expect(line).to_contain_text("Words: 6")


def test_full_screen_is_left_by_escape_and_keeps_the_rest_out_of_reach(opened):
    page = opened(make_article())
    tool(page, "Full screen").click()
    box = page.locator(".desk-editor").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, page.viewport_size["width"])
    assert page.locator("#id_headline").evaluate("one => !!one.closest('[inert]')")
    page.keyboard.press("Escape")
    assert page.locator("[inert]").count() == 0
    page.locator("#id_headline").fill("Reachable")


def test_tools_are_reached_and_left_by_keyboard_alone(opened):
    page = opened(make_article(parts=("One.",)))
    place(page, "One.")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(editor(page).locator("em")).to_have_text("One.")
    expect(tool(page, "Italic")).to_have_attribute("aria-pressed", "true")


def test_text_of_a_language_written_from_the_right_runs_from_the_right(opened):
    page = opened(make_article(parts=("متن",), language="fa"))
    assert editor(page).evaluate("dom => getComputedStyle(dom).direction") == "rtl"
    page.locator("#id_language").fill("en")
    page.locator("#id_language").blur()
    assert editor(page).evaluate("dom => getComputedStyle(dom).direction") == "ltr"


def test_form_page_is_light_enough_for_a_slow_line(opened, page):
    bodies: list[bytes] = []
    page.on("response", lambda answer: bodies.append(answer.body()) if answer.ok else None)
    opened(make_article(parts=tuple(f"Paragraph {n}." for n in range(60))))
    page.wait_for_load_state("networkidle")
    assert len(bodies) > 20
    assert sum(len(gzip.compress(one)) for one in bodies) < 700_000


SHIFT = """() => new Promise((done) => {
    let sum = 0
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += entry.value
    }).observe({type: "layout-shift", buffered: true})
    setTimeout(() => done(sum), 500)
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_editor_starts(opened, page, width):
    page.set_viewport_size({"width": width, "height": 1600})
    opened(make_article(parts=tuple(f"Paragraph {n}." for n in range(60))))
    assert page.evaluate(SHIFT) < 0.02


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_picker_link_dialog_and_find_have_no_accessibility_faults(opened, page, scheme, width):
    photo = make_photo(caption="Pier.")
    renditions.supply(photo, BytesIO(picture()), name="pier.jpg")
    make_photo(caption="No file.")
    make_publication(headline="Ferry strike ends")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(make_article(parts=("Ferry one.", photo)))
    faults = []
    tool(page, "Insert a photo").click()
    expect(page.locator(".desk-picker-photo")).to_have_count(2)
    faults += Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    place(page, "one")
    page.keyboard.press("Control+k")
    page.get_by_label("Address, or words").fill("ferry")
    expect(page.locator(".desk-stories button")).to_have_count(1)
    faults += Axe().run(page).response["violations"]
    page.keyboard.press("Escape")
    tool(page, "Full screen").click()
    page.keyboard.press("Control+f")
    page.get_by_label("Find", exact=True).fill("ferry")
    faults += Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["target"]) for fault in faults] == []
