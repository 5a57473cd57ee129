"""The tools of the body editor, used as a person would; what counts is what Save stores."""

from __future__ import annotations

import gzip
import re
from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from playwright.sync_api import expect

from articles import body, document, renditions
from articles.models import Article
from tests.browser.writer import editor, paste, picture, place, saved, tool
from tests.factories import change, make_article, make_photo, make_publication
from tests.strategies import bodies

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITTEN = """async () => {
    const { written } = await import("newsroom/vocabulary")
    return written(document.querySelector("#id_body_editor").editor.schema, [2, 3, 4])
}"""


def test_editor_writes_what_is_stored_and_nothing_else(opened):
    page = opened(make_article())
    allowed = {tag: sorted(names) for tag, names in body.ALLOWED.items()}
    assert page.evaluate(WRITTEN) == allowed


@pytest.mark.parametrize("tag", ["mark", "sub"], ids=["one more", "one less"])
def test_editor_stays_away_when_server_and_editor_know_different_markup(
    live_server, page, opened, monkeypatch, tag
):
    article = make_article()
    opened(article)
    other = {**body.ALLOWED, "mark": set()} if tag == "mark" else dict(body.ALLOWED)
    if tag == "sub":
        del other["sub"]
    monkeypatch.setattr(body, "ALLOWED", other)
    page.reload()
    expect(page.locator("#id_body")).to_be_visible()
    expect(page.locator("#id_body")).to_have_value(article.body)
    assert editor(page).count() == 0


TAKEN_OVER = """(html) => {
    document.querySelector("#id_body_editor").editor.commands.setContent(html)
    return document.querySelector("#id_body").value
}"""


def test_editor_takes_over_and_gives_back_every_text_that_can_be_stored(opened):
    page = opened(make_article())
    photo = str(make_photo().uuid)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @example(document.with_ids([document.Figure(photo=photo)]))
    @example(())
    @given(bodies([photo]))
    def check(blocks: list[document.Block]) -> None:
        stored = body.to_html(blocks)
        assert body.clean(page.evaluate(TAKEN_OVER, stored)) == stored

    check()


RICH = (
    "<h2>Two</h2><p data-note='update'>Now.</p><blockquote><p>Said.</p><p><cite>Ada</cite></p>"
    "</blockquote><ul><li><p>a</p><ol><li><p>b</p></li></ol></li></ul><table><tbody><tr><th><p>h</p>"
    "</th></tr><tr><td><p>1<br>2</p></td></tr></tbody></table><p>A&amp;B &lt;c&gt; \u00a0d "
    "<a href='/a/?b=1&amp;c=2'>e</a> <sub>f</sub><sup>g</sup><s>h</s></p>"
)


def test_editor_that_was_only_opened_leaves_the_value_as_it_was(opened, page):
    article = make_article(parts=("One.", make_photo(), "Two."))
    change(article, body=body.clean(article.body + RICH))
    page.add_init_script("""
        window.inputs = 0
        addEventListener("input", () => window.inputs++, true)
    """)
    opened(article)
    editor(page).focus()
    page.wait_for_timeout(3000)
    assert page.locator("#id_body").input_value() == article.body
    assert page.evaluate("window.inputs") == 0


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
    page.get_by_role("dialog").get_by_role("button", name="Ferry strike ends").click()
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


def test_table_is_made_grown_and_cut_by_keyboard_alone(opened):
    article = make_article(parts=("Results are in.",))
    page = opened(article)
    place(page, "Results", offset=3)
    keys = page.keyboard
    keys.press("Alt+F10")
    while page.evaluate("document.activeElement.dataset.tool") != "table":
        keys.press("ArrowRight")
    keys.press("Enter")
    for word in ("Place", "Votes", "Gone", "Huế", "12", "x", "Vinh", "9"):
        keys.insert_text(word)
        keys.press("Tab")
    keys.press("Alt+Shift+Delete")  # the column of "Gone"
    place(page, "Huế", offset=0)
    keys.press("Alt+Shift+ArrowUp")
    place(page, "Huế", offset=0)
    keys.press("Shift+Tab")
    keys.insert_text("between")
    place(page, "12", offset=2)
    keys.press("Alt+Shift+ArrowLeft")
    keys.press("Shift+Tab")
    keys.insert_text("%")
    place(page, "Vinh", offset=0)
    keys.press("Alt+Shift+Backspace")
    assert [re.findall(r"<p>(.*?)</p>", row) for row in saved(page, article)[1].split("</tr>")] == [
        ["Place", "", "Votes"],
        ["", "", "between"],
        ["Huế", "%", "12"],
        [],
    ]


def test_enter_in_a_cell_is_a_new_line_of_it(opened):
    article = make_article()
    table = "<table><tbody><tr><td><p>One</p></td><td><p>two</p></td></tr></tbody></table>"
    change(article, body=body.clean(table + "<p>End.</p>"))
    page = opened(article)
    place(page, "One", offset=3)
    page.keyboard.press("Enter")
    page.keyboard.insert_text("more")
    assert saved(page, article)[0] == table.replace("One", "One<br>more")


def test_quote_of_one_paragraph_gets_a_line_for_who_is_quoted(opened):
    article = make_article(parts=("We sail.", "End."))
    page = opened(article)
    place(page, "We sail.", offset=8)
    page.keyboard.press("Control+Shift+9")
    page.keyboard.press("Control+Alt+9")
    page.keyboard.type("Ada Weil")
    assert saved(page, article) == [
        "<blockquote><p>We sail.</p><p><cite>Ada Weil</cite></p></blockquote>",
        "<p>End.</p>",
    ]


def test_everything_done_is_undone_step_by_step_and_done_again(opened):
    article = make_article(parts=('"One" two.', make_photo(caption="Pier."), "Three."))
    page = opened(article)
    place(page, "Three.", offset=2)
    page.get_by_label("Kind of paragraph").select_option(label="Subhead")
    place(page, "two")
    tool(page, "Bold").click()
    tool(
        page,
        "List",
    ).first.click()
    tool(page, "Insert a table").click()
    page.locator(".desk-figure").get_by_label("Layout").select_option("full")
    place(page, "Three", offset=0)
    tool(page, "Set quotes, dashes and fixed blanks").click()
    paste(page, "<p>pasted</p>")
    done = page.locator("#id_body").input_value()
    steps = 0
    while tool(page, "Undo").get_attribute("aria-disabled") == "false":
        editor(page).press("Control+z")
        page.wait_for_timeout(60)
        steps += 1
    assert 7 <= steps <= 12
    assert page.locator("#id_body").input_value() == article.body
    for _n in range(steps):
        page.keyboard.press("Control+y")
    assert page.locator("#id_body").input_value() == done


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


def test_keys_are_listed_in_a_dialog_that_gives_the_focus_back(opened):
    page = opened(make_article())
    place(page, "harbour", offset=0)
    tool(page, "Keys").click()
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("To the buttons")
    assert dialog.locator("dt:empty").count() == 0
    assert "undefined" not in dialog.inner_text()
    assert Axe().run(page, context=".desk-dialog").response["violations"] == []
    page.keyboard.press("Escape")
    expect(editor(page)).to_be_focused()


def test_every_tool_has_a_name_and_a_sign(opened):
    page = opened(make_article())
    for one in page.locator(".desk-tool").all():
        assert one.get_attribute("aria-label")
        assert one.locator("path[d]").count() == 1


@pytest.mark.usefixtures("nothing_fetched")
def test_form_page_is_light_enough_for_a_slow_line(opened, page):
    sizes: dict[str, int] = {}

    def weigh(answer: Any) -> None:
        if answer.ok:
            sizes[answer.url.partition("/static/")[2] or answer.url] = len(
                gzip.compress(answer.body())
            )

    page.on("response", weigh)
    photo = make_photo()
    renditions.supply(photo, BytesIO(picture()), name="pier.jpg")
    opened(make_article(parts=(photo, *(f"Paragraph {n}." for n in range(60)))))
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 20
    assert not [name for name in sizes if "woff" in name]
    heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:8]
    assert sum(sizes.values()) < 450_000, heaviest


def test_lists_show_their_signs_and_rows_run_the_way_of_the_language(opened):
    article = make_article(language="fa")
    table = "<table><tbody><tr><td><p>سه</p></td></tr></tbody></table>"
    text = f"<ul><li><p>یک</p></li></ul><ol><li><p>دو</p></li></ol>{table}"
    change(article, body=body.clean(text + "<p>متن</p>"))
    page = opened(article)
    signs = editor(page).evaluate(
        "dom => [...dom.querySelectorAll('li')].map((li) => getComputedStyle(li).listStyleType)"
    )
    assert signs == ["disc", "decimal"]
    place(page, "سه", offset=0)
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("چهار")
    assert "<td><p>سه</p></td><td><p>چهار</p></td>" in saved(page, article)[2]


def test_only_what_is_selected_gets_the_signs_of_the_language(opened):
    article = make_article(parts=('"One"', '"Two"'))
    page = opened(article)
    place(page, '"Two"')
    tool(page, "Set quotes, dashes and fixed blanks").click()
    assert saved(page, article) == ['<p>"One"</p>', "<p>“Two”</p>"]


def test_words_of_the_selection_are_counted(opened):
    page = opened(make_article(parts=("One two three.",)))
    place(page, "two three")
    expect(page.locator(".desk-counts")).to_contain_text("Selected: 2")


SHIFT = """() => new Promise((done) => {
    let sum = 0
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) sum += entry.value
    }).observe({type: "layout-shift", buffered: true})
    setTimeout(() => done(sum), 500)
})"""


@pytest.mark.usefixtures("nothing_fetched")
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_editor_starts(opened, page, width):
    page.set_viewport_size({"width": width, "height": 1600})
    photo = make_photo()
    renditions.supply(photo, BytesIO(picture()), name="pier.jpg")
    opened(make_article(parts=("One.", photo, *(f"Paragraph {n}." for n in range(60)))))
    expect(page.locator(".desk-figure img")).to_be_visible()
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
