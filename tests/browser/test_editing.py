"""Writing in the editor, as a person would: nothing of a story may change but what was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import body, document
from articles.editor import MODULES
from articles.models import Article, Publication
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_source,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYTHING = (
    "<p>One <strong>bold <em>both</em></strong> and <a href='https://example.org/?a=1&amp;b=2'>link"
    "</a>, H<sub>2</sub>O, x<sup>2</sup>, <s>gone</s>.<br>Next line.</p><h2>Two</h2><h3>Three</h3>"
    "<h4>Four</h4><blockquote><p>Said so.</p><p>Twice.</p><p><cite>Ada Weil</cite></p></blockquote>"
    "<ul><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p>c</p></li></ul><ol><li><p>1</p></li></ol>"
    "<table><tbody><tr><th><p>h</p></th><th><p>i</p></th></tr><tr><td><p>1</p></td><td><p></p></td>"
    "</tr></tbody></table><p data-note='correction'>Correction: it was Monday.</p>"
    "<p>Tiếng Việt, متن, 漢字 and a\u00a0fixed blank.</p>"
)

Open = Callable[[Article], Page]


@pytest.fixture
def chief() -> Any:
    return make_user("Chief", username="chief")


@pytest.fixture
def opened(page: Page, live_server: Any, chief: Any) -> Open:
    """Open an article's form as the chief, with the editor running."""
    cookie = desk.client_of(chief).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.on("dialog", lambda dialog: dialog.accept())

    def open_form(article: Article) -> Page:
        page.goto(live_server.url + desk.change_url(article))
        return page

    return open_form


def editor(page: Page) -> Any:
    return page.locator("#id_body_editor")


def seed_like(**values: Any) -> Article:
    photos = [make_photo(caption=f"Caption {n}.", credit_line="Reuters") for n in (1, 2)]
    parts = ("The harbour reopned on Monday.", photos[0], "Ferries left.", photos[1], "The end.")
    sources = (make_source("VNE"),)
    return make_article("Harbour reopens", parts=parts, sources=sources, **values)


def replace_word(page: Page, wrong: str, right: str) -> None:
    """Select a word in the text by its letters and type another."""
    editor(page).evaluate(
        """(dom, word) => {
            const walker = document.createTreeWalker(dom, NodeFilter.SHOW_TEXT)
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(word)
                if (at < 0) continue
                dom.focus()
                getSelection().setBaseAndExtent(
                    walker.currentNode, at, walker.currentNode, at + word.length)
                return
            }
            throw new Error("no such word")
        }""",
        wrong,
    )
    page.wait_for_timeout(100)
    page.keyboard.insert_text(right)


def test_one_word_is_changed_saved_and_published(opened, live_server):
    article = seed_like()
    make_publication(article)
    page = opened(article)
    replace_word(page, "reopned", "reopened")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 2")
    approve(article)
    page = opened(article)
    page.locator(".desk-bar").get_by_role("button", name="Publish the change").click()
    expect(page.locator(".messagelist")).to_contain_text("readers see it now")

    live = Publication.objects.live().get()
    assert Publication.objects.count() == 2
    address = live_server.url + live.get_absolute_url()
    page.goto(address)
    story = page.locator("article").first
    expect(story).to_contain_text("The harbour reopened on Monday.")
    expect(story.locator("figure")).to_have_count(2)
    expect(story).to_contain_text("According to VNE")
    for path in ("/", "/world/", "/feed/", "/world/feed/", live.get_absolute_url()):
        assert "reopned" not in page.request.get(live_server.url + path).text(), path


def test_editor_keeps_everything_but_the_word_that_was_changed(opened):
    photo = make_photo()
    article = make_article(parts=("Start.", photo, "Wrong word."))
    figure = 'data-layout="wide" data-alt="Own &quot;alt&quot;" data-group="g1"'
    text = article.body.replace('data-layout="inline"', figure) + EVERYTHING
    change(article, body=body.clean(text))
    page = opened(article)
    replace_word(page, "Wrong", "Right")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision")
    after = Article.objects.get(pk=article.pk).body
    assert after == article.body.replace("Wrong", "Right")


def test_opening_and_saving_changes_nothing(opened):
    article = seed_like()
    page = opened(article)
    expect(editor(page)).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Nothing was changed")
    assert Article.objects.get(pk=article.pk).body == article.body


def test_caption_is_edited_in_place_and_layout_by_its_list(opened):
    article = seed_like()
    page = opened(article)
    replace_word(page, "Caption 1", "The eastern pier")
    page.locator(".desk-figure").first.get_by_label("Layout").select_option("wide")
    page.locator(".desk-figure").first.get_by_label("Alt text for this use").fill("A pier")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 2")
    row = article.placements.first()
    assert (row.caption, row.layout, row.alt) == ("The eastern pier.", "wide", "A pier")


def test_photo_is_moved_and_removed_with_the_keyboard(opened):
    article = seed_like()
    page = opened(article)
    page.locator(".desk-figure").last.get_by_role("button", name="Move up").press("Enter")
    page.locator(".desk-figure").first.get_by_role("button", name="Remove photo").press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 2")
    kinds = [block.type for block in body.parse(Article.objects.get(pk=article.pk).body)]
    assert kinds == ["paragraph", "figure", "paragraph", "paragraph"]


def test_enter_leaves_a_caption_for_a_new_paragraph(opened):
    article = seed_like()
    page = opened(article)
    replace_word(page, "Caption 1.", "Done.")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("New paragraph.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 2")
    texts = list(document.plain(body.parse(Article.objects.get(pk=article.pk).body)))
    assert texts[1:3] == ["Done.", "New paragraph."]


PARTS = ["body_editor.js", "prose_editor/editor.js", *(f"/{name}.js" for name in MODULES)]


@pytest.mark.parametrize("blocked", PARTS)
def test_without_any_part_of_the_editor_the_text_is_edited_as_markup(opened, page, blocked):
    article = seed_like()
    page.route(f"**/*{blocked}", lambda route: route.abort())
    opened(article)
    area = page.locator("#id_body")
    expect(area).to_be_visible()
    area.fill(area.input_value().replace("Ferries left.", "Ferries sailed."))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 2")
    assert article.placements.count() == 2


def test_without_the_editor_a_save_that_drops_photos_is_refused(opened, page):
    article = seed_like()
    page.route("**/figure.js", lambda route: route.abort())
    opened(article)
    page.locator("#id_body").fill("<p>All gone.</p>")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".desk-refusal")).to_contain_text("Photos would be lost")
    expect(page.locator("#id_body")).to_have_value("<p>All gone.</p>")
    assert Article.objects.get(pk=article.pk).body == article.body


def test_no_page_of_the_desk_breaks_its_own_policy_on_scripts(opened, page):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    opened(seed_like(authors=(make_contributor(),)))
    expect(editor(page)).to_be_visible()
    assert [text for text in said if "Content Security Policy" in text or "rror" in text] == []


PAGES = ["index", "articles_article_changelist", "articles_photo_changelist"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_form_list_history_and_first_page_have_no_accessibility_faults(
    opened, page, live_server, scheme, width
):
    article = seed_like(authors=(make_contributor(),))
    make_publication(article)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    opened(article)
    history = reverse("admin:articles_article_history", args=[article.pk])
    paths = [reverse(f"admin:{name}") for name in PAGES]
    for path in [desk.change_url(article), history, *paths]:
        page.goto(live_server.url + path)
        page.wait_for_timeout(400)
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == [], path
