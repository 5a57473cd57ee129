"""What a reader's browser makes of the public pages: on a phone and a desk, by day and by night."""

from __future__ import annotations

import io
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import body
from articles.document import Figure, Inline, Item, ListBlock, Paragraph, Quote, Table, with_ids
from articles.models import Article, Photo, RelatedLink, Rendition
from articles.workflow import transitions
from tests.browser.waiting import until
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish,
    publisher,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STANDARD = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # What passed is not gathered, which takes longer than looking for what did not.
    "resultTypes": ["violations"],
}
LONG = "Nghiêng ngả dưới cơn bão lớn nhất ba mươi năm, làng chài Cửa Trầm giữ lại được đội tàu"
ADDRESSES = {
    "front": "/",
    "section": "/world/",
    "topic": "/topic/harbours/",
    "contributor": "/by/ada-weil/",
    "source": "/source/reuters/",
    "missing": "/nowhere/",
}
# Headlines, with their language, that layouts break on.
HARD = {
    "one-word": ("en", "Peace"),
    "compound": ("de", "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung kippt"),
    "unbreakable": ("en", "https://example.org/" + "a-long-address-that-does-not-end/" * 4),
    "stacked": ("vi", f"{LONG}, gõ kẻng báo nước lên từng giờ cho đến khi trời sáng hẳn"),
    "hebrew": ("he", "הנמל נפתח מחדש: 38 סירות יצאו לים ב-05:30"),
    "chinese": ("zh", "风暴过后四天港口重新开放，三十八艘渔船黎明前出海" * 2),
}
SIZES = {"phone": (320, 640), "desk": (1280, 900)}


def make_pictured(**values: object) -> Photo:
    photo = make_photo(alt_text="A grey harbour", width=480, height=320, **values)
    for name, suffix in (("jpeg", "jpg"), ("webp", "webp")):
        stream = io.BytesIO()
        Image.new("RGB", (480, 320), "#557").save(stream, name)
        row = Rendition(photo=photo, format=name, width=480, height=320)
        row.file.save(f"{photo.uuid.hex}.{suffix}", ContentFile(stream.getvalue()))
    return photo


def make_hard(name: str) -> Article:
    language, headline = HARD[name]
    return make_article(headline, slug=name, language=language, parts=(headline * 3,))


@pytest.fixture
def addresses() -> dict[str, str]:
    """Publish stories with everything a page can hold; return addresses by what they are."""
    world = make_section("World")
    make_section("Europe", parent=world)
    for number in range(12):
        make_section(f"Section with a long name {number}")
    common: dict[str, Any] = {"authors": (make_contributor("Ada Weil"),), "topics": (make_topic(),)}
    layouts = ("inline", "wide", "full", "left", "right")
    figures = [
        Figure(str(make_pictured().uuid), Inline("A caption."), layout=name) for name in layouts
    ]
    words = Paragraph(Inline("The harbour reopened on Monday, four days after the storm. " * 6))
    cells = tuple(Inline(f"Column number {n}") for n in range(9))
    blocks = [
        *(block for figure in figures for block in (figure, words)),
        Figure(str(make_photo().uuid), Inline("Not here yet.")),
        Quote((Inline("It held."),), cite="A harbour master"),
        ListBlock((Item(Inline("One")), Item(Inline("Two"), level=1))),
        Table((cells, cells), header=True),
        Paragraph(Inline("Averylongwordwithoutanyplacetobreak" * 5)),
    ]
    rich = make_article("Harbour reopens", sources=(make_source("Reuters"),), **common)
    RelatedLink.objects.create(article=rich, title="The law", url="https://law.example/")
    change(rich, body=body.to_html(with_ids(blocks)), kicker="Storm", standfirst="Four days on.")
    make_publication(rich)
    last = publish(
        change(rich, dateline="PORT AVERIL –"),
        by=publisher(),
        kind="correction",
        corrections=[("83 florins", "38 florins")],
    )
    plain = make_publication(make_article(LONG, language="vi", **common))
    arabic = make_publication(
        make_article("شباك الضباب تروي بلدة رأس الغيم", language="ar", parts=("نص.",), **common)
    )
    hard = {name: make_publication(make_hard(name)) for name in HARD}
    withdrawn = make_publication(make_article("A story that was wrong"))
    transitions.retract(withdrawn.article, by=publisher(), note="It was wrong.")
    stories = {"rich": last, "plain": plain, "arabic": arabic, "retracted": withdrawn, **hard}
    return {**ADDRESSES, **{name: row.get_absolute_url() for name, row in stories.items()}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_fit_the_screen_and_bar_nobody(
    live_server: LiveServer, page: Page, addresses: dict[str, str], size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} scrolls sideways by {wider} px at {width} px"
        found = Axe().run(page, options=STANDARD)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_first_key_leads_past_the_masthead(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.goto(live_server.url + addresses["rich"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_page_loads_its_pictures_and_breaks_no_policy(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.goto(live_server.url + addresses["rich"], wait_until="networkidle")
    loaded = "[...document.images].filter(i => i.loading !== 'lazy').every(i => i.naturalWidth)"
    assert page.evaluate(loaded)
    assert said == []


def test_story_is_read_in_its_order(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.goto(live_server.url + addresses["rich"])
    marks = (
        ".kicker",
        "h1",
        ".standfirst",
        ".byline",
        ".dates",
        ".changes",
        "figure",
        "blockquote",
    )
    tops = [page.locator(f"article.story {mark}").first.bounding_box() for mark in marks]
    found = [box["y"] for box in tops if box]
    assert len(found) == len(marks)
    assert found == sorted(found)


def test_times_stand_on_lines_of_their_own(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.goto(live_server.url + addresses["rich"])
    lines = page.locator(".story-meta .dates").all_inner_texts()
    assert [line.split()[0] for line in lines[:3]] == ["Published", "Updated", "Corrected"]
    assert all("UTC" in line for line in lines[:3])


def test_lines_of_a_story_keep_their_measure(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 1600, "height": 900})
    page.goto(live_server.url + addresses["rich"])
    paragraph = page.locator(".story-body > p").first
    box = paragraph.bounding_box()
    size = float(paragraph.evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))
    assert box
    assert 28 <= box["width"] / size <= 34  # 60 to 75 letters of a serif face


def test_wide_table_is_scrolled_by_keyboard_and_has_a_name(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + addresses["rich"])
    region = page.get_by_role("region", name="Column number 0")
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(region).to_be_focused()
    until(page, lambda: region.evaluate("e => e.scrollLeft > 0"), "the table scrolled")


def test_paper_has_the_story_and_its_address_and_nothing_to_press(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.emulate_media(media="print")
    page.goto(live_server.url + addresses["rich"])
    for hidden in ("nav.sections", "footer.colophon", ".related", ".skip"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("article.story h1").is_visible()
    foot = page.locator(".story-foot")
    printed = foot.evaluate("e => getComputedStyle(e, '::after').content")
    assert addresses["rich"] in printed


def test_story_in_arabic_mirrors_and_its_masthead_does_not(
    live_server: LiveServer, page: Page, addresses: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + addresses["arabic"])
    head = page.locator(".story-head").bounding_box()
    text = page.locator(".story-body > p").first.bounding_box()
    assert head
    assert text
    assert round(head["x"] + head["width"]) == round(text["x"] + text["width"])
    assert page.locator(".masthead").evaluate("e => getComputedStyle(e).direction") == "ltr"


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_front_page_leads_with_its_largest_headline(
    live_server: LiveServer, page: Page, addresses: dict[str, str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url)
    sizes = "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    lead, *others = page.locator(".card-headline").evaluate_all(sizes)
    assert others
    assert lead > max(others)


def test_page_of_a_failure_has_the_sheet_of_the_others_and_needs_no_context(
    live_server: LiveServer, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/nowhere/")
    sheet = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    text = render_to_string("500.html")
    assert f'href="{sheet}"' in text
