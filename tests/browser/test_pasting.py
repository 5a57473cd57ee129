"""What comes in by paste: structure stays, the rest of the markup and other sites' pictures go.

``pasted`` holds what each program puts on the clipboard (.html, .txt), and beside it the blocks
that are stored (.expected).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles import body
from articles.models import Article
from tests.browser.writer import Open, editor, paste, place, saved
from tests.factories import change, make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLES = Path(__file__).parent / "pasted"


def emptied(opened: Open) -> tuple[Page, Article]:
    article = make_article(parts=("Replace me.",))
    page = opened(article)
    place(page, "Replace me.")
    page.keyboard.press("Delete")
    return page, article


@pytest.mark.parametrize("name", sorted(one.stem for one in SAMPLES.glob("*.expected")))
def test_pasted_text_keeps_its_structure_and_nothing_else(opened, name):
    page, article = emptied(opened)
    if (sample := SAMPLES / f"{name}.html").exists():
        paste(page, sample.read_text(encoding="utf-8"))
    else:
        paste(page, text=(SAMPLES / f"{name}.txt").read_text(encoding="utf-8"))
    expected = (SAMPLES / f"{name}.expected").read_text(encoding="utf-8").splitlines()
    assert saved(page, article) == expected


@pytest.mark.parametrize(("name", "left_out"), [("word", 1), ("google_docs", 1), ("web_page", 1)])
def test_pictures_of_other_places_are_left_out_and_that_is_said(opened, name, left_out):
    page, _article = emptied(opened)
    paste(page, (SAMPLES / f"{name}.html").read_text(encoding="utf-8"))
    expect(page.locator(".desk-notice")).to_contain_text(f"Pictures left out: {left_out}.")
    assert editor(page).locator("img[src]").count() == 0


def test_lines_without_blank_ones_between_are_paragraphs(opened):
    page, article = emptied(opened)
    paste(page, text="One.\r\nTwo.\r\n\t\r\n")
    assert saved(page, article) == ["<p>One.</p>", "<p>Two.</p>"]


def test_pasting_is_one_step_of_undo(opened):
    article = make_article(parts=("Before after.",))
    page = opened(article)
    place(page, "after", offset=0)
    paste(page, (SAMPLES / "word.html").read_text(encoding="utf-8"))
    expect(editor(page).locator("table")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Nothing was changed")


def test_words_pasted_into_a_sentence_stay_in_it(opened):
    article = make_article(parts=("Before after.",))
    page = opened(article)
    place(page, "after", offset=0)
    paste(page, "<p class=MsoNormal>and <b>then</b> </p>", text="and then ")
    [line] = saved(page, article)
    assert line in (
        "<p>Before and <strong>then</strong> after.</p>",
        "<p>Before and <strong>then</strong>after.</p>",
    )


def test_blocks_pasted_into_a_cell_become_its_lines_and_the_table_stays_whole(opened):
    article = make_article()
    table = "<table><tbody><tr><td><p>Here</p></td><td><p>two</p></td></tr></tbody></table>"
    change(article, body=body.clean(table + "<p>End.</p>"))
    page = opened(article)
    place(page, "Here", offset=4)
    paste(page, "<p>1</p><ul><li>2</li></ul>")
    assert saved(page, article) == [table.replace("Here", "Here1<br>2"), "<p>End.</p>"]


def test_copied_photo_keeps_its_place_text_and_layout_but_not_its_name(opened):
    page, _article = emptied(opened)
    uuid = "0190a0b0-0000-4000-8000-000000000000"
    paste(
        page,
        f'<figure data-id="aaaa" data-photo="{uuid}" data-layout="wide" class="x">'
        "<figcaption>A <b>pier</b></figcaption></figure>",
    )
    assert page.locator("#id_body").input_value() == (
        f'<figure data-photo="{uuid}" data-layout="wide">'
        "<figcaption>A <strong>pier</strong></figcaption></figure>"
    )
