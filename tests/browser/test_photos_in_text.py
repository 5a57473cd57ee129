"""Photos in the text: found, uploaded, placed, described, moved, replaced; what Save stores."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from articles import body, renditions
from articles.models import Photo
from articles.workflow.photos import kill_photo
from tests import desk
from tests.browser.writer import choose, editor, hand_over, paste, picture, place, saved, tool
from tests.factories import (
    change,
    make_article,
    make_photo,
    make_source,
    make_user,
    publish,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_picture_pasted_or_dropped_is_uploaded_and_placed(opened, event):
    article = make_article(parts=("Ferries left. They came back.",))
    page = opened(article)
    place(page, "They", offset=0)
    hand_over(page, [("pier.jpg", picture())], event=event, word="They")
    expect(page.locator(".desk-figure img")).to_be_visible()
    expect(page.locator(".desk-notice")).to_have_text("pier.jpg: taken in.")
    page.keyboard.insert_text("The pier.")
    photo = Photo.objects.get()
    assert saved(page, article) == [
        "<p>Ferries left.</p>",
        f'<figure data-photo="{photo.uuid}" data-layout="inline">'
        "<figcaption>The pier.</figcaption></figure>",
        "<p>They came back.</p>",
    ]


XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:Credit="Mara Quist/Reuters"><dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">Ferries at the quay.</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_photo_with_its_texts_inside_is_inserted_captioned_and_published_with_its_credit(
    opened, live_server, tmp_path: Path
):
    file = tmp_path / "quay.jpg"
    Image.new("RGB", (900, 600), "teal").save(file, "JPEG", xmp=XMP)
    article = make_article(parts=("Ferries left. They came back.",))
    page = opened(article)
    place(page, "They", offset=0)
    tool(page, "Insert a photo").click()
    page.get_by_label("Upload picture files").set_input_files(file)
    card = page.locator(".desk-picker-photo")
    expect(card).to_contain_text("Mara Quist/Reuters")
    card.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.insert_text("Monday: ")
    page.get_by_label("Alt text for this use").fill("Two ferries at a stone quay")
    assert "Monday: Ferries at the quay." in saved(page, article)[1]
    live = publish(article)
    page.goto(live_server.url + live.get_absolute_url())
    figure = page.locator("article figure")
    expect(figure).to_contain_text("Monday: Ferries at the quay.")
    expect(figure).to_contain_text("Mara Quist/Reuters")


def slowly(page: Page, milliseconds: int = 700) -> None:
    def answer(route: Any) -> None:
        page.wait_for_timeout(milliseconds)
        route.continue_()

    page.route("**/upload/", answer)


def test_file_on_its_way_has_a_box_and_leaves_the_cursor_where_the_writer_goes_on(opened):
    article = make_article(parts=("Ferries left.", "They came back."))
    page = opened(article)
    place(page, "back", offset=0)
    slowly(page)
    hand_over(page, [("pier.jpg", picture())], event="drop", word="Ferries")
    box = page.locator(".desk-uploading")
    expect(box).to_contain_text("pier.jpg")
    expect(box.get_by_role("progressbar", name="pier.jpg")).to_be_visible()
    page.keyboard.insert_text("safely ")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".desk-notice")).to_contain_text("still on its way")
    expect(page.locator(".desk-figure img")).to_be_visible()
    expect(box).to_have_count(0)
    place(page, "safely", offset=6)
    page.keyboard.insert_text(" too")
    stored = saved(page, article)
    assert [line[:7] for line in stored] == ["<figure", "<p>Ferr", "<p>They"]
    assert stored[2] == "<p>They came safely too back.</p>"


def test_several_files_stand_in_their_order_and_each_is_answered(opened):
    article = make_article(parts=("Ferries left.",))
    page = opened(article)
    files = [
        ("one.jpg", picture("teal")),
        ("notes.txt", b"no picture"),
        ("broken.jpg", b"no picture either"),
        ("two.jpg", picture("navy")),
    ]
    hand_over(page, files, event="drop", word="Ferries")
    notice = page.locator(".desk-notice")
    expect(notice).to_contain_text("two.jpg: taken in.")
    expect(notice).to_contain_text("notes.txt: this is no picture.")
    expect(notice).to_contain_text("broken.jpg is no picture")
    one, two = (Photo.objects.get(expected_file=f"{name}.jpg") for name in ("one", "two"))
    stored = saved(page, article)
    assert [str(photo.uuid) in line for photo, line in zip((one, two), stored, strict=False)] == [
        True,
        True,
    ]
    assert stored[2] == "<p>Ferries left.</p>"


def test_who_may_not_upload_is_told_so_and_the_page_stays(opened, page, live_server):
    article = make_article(parts=("Ferries left.",), by=(reporter := make_user("Reporter")))
    opened(make_article())
    cookie = desk.client_of(reporter).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + desk.change_url(article))
    hand_over(page, [("pier.jpg", picture())], event="drop", word="Ferries")
    expect(page.locator(".desk-notice")).to_contain_text("ask a photo editor")
    assert not Photo.objects.exists()


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


def test_photos_are_found_by_agency_and_day_and_killed_ones_are_not_offered(opened):
    make_photo(caption="By an agency.", agency=make_source("Reuters"), credit_line="")
    old = make_photo(caption="Last year.")
    Photo.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=365))
    kill_photo(make_photo(caption="Killed."), by=make_user("Chief"), reason="Wrong person.")
    page = opened(make_article())
    tool(page, "Insert a photo").click()
    cards = page.locator(".desk-picker-photo")
    expect(cards).to_have_count(2)
    page.get_by_label("Agency").fill("reuters")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("By an agency.")
    page.get_by_label("Agency").fill("")
    page.get_by_label("Added until").fill((timezone.localdate() - dt.timedelta(30)).isoformat())
    expect(cards).to_contain_text("Last year.")


def test_photos_used_before_say_in_how_many_stories_and_what_forbids_them(opened):
    ended = timezone.now() - dt.timedelta(days=1)
    used = make_photo(caption="Used twice.", usable_until=ended)
    make_photo(caption="Never used.")
    for _n in range(2):
        make_article(parts=("One.", used))
    page = opened(make_article())
    tool(page, "Insert a photo").click()
    page.get_by_role("button", name="Used before").click()
    cards = page.locator(".desk-picker-photo")
    expect(cards).to_have_count(1)
    expect(cards).to_contain_text("Stories: 2")
    expect(cards).to_contain_text("The right to use it ended on")


def test_photo_is_chosen_described_and_moved_without_a_mouse(opened):
    photo = make_photo(caption="Pier.")
    article = make_article(parts=("One.", "Two."))
    page = opened(article)
    place(page, "Two.", offset=4)
    keys = page.keyboard
    keys.press("Control+Alt+5")
    expect(page.locator(".desk-picker-photo")).to_have_count(1)
    page.locator(".desk-picker-photo").press("Enter")
    keys.insert_text(" At dawn.")
    keys.press("Tab")
    expect(page.get_by_label("Layout")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(page.get_by_label("Alt text for this use")).to_be_focused()
    keys.type("A long pier")
    keys.press("Escape")
    keys.insert_text(" Cold.")
    keys.press("Alt+ArrowUp")
    assert saved(page, article) == [
        "<p>One.</p>",
        f'<figure data-photo="{photo.uuid}" data-layout="wide" data-alt="A long pier">'
        "<figcaption>Pier. At dawn. Cold.</figcaption></figure>",
        "<p>Two.</p>",
    ]


def test_alt_text_is_saved_by_a_key_while_it_is_being_typed(opened):
    photo = make_photo(caption="Pier.")
    article = make_article(parts=("One.", photo))
    page = opened(article)
    page.get_by_label("Alt text for this use").click()
    page.keyboard.type("A pier, at  dawn ")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision")
    assert article.placements.get().alt == "A pier, at dawn"


def test_link_leads_to_the_page_of_the_photo(opened):
    photo = make_photo(caption="Pier.")
    page = opened(make_article(parts=("One.", photo)))
    link = page.get_by_role("link", name="In the library")
    address = reverse("admin:articles_photo_change", args=[photo.pk])
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("target", "_blank")


def test_every_change_of_a_photo_is_a_step_of_undo(opened):
    photo, other = make_photo(caption="Pier."), make_photo(caption="Quay.")
    article = make_article(parts=("One.", photo, "Two."))
    page = opened(article)
    figure = page.locator(".desk-figure")
    figure.get_by_label("Layout").select_option("left")
    figure.get_by_role("button", name="Move up").click()
    figure.get_by_role("button", name="Replace photo").click()
    page.get_by_role("dialog").get_by_role("button", name="Quay.").click()
    expect(figure.locator("figcaption")).to_have_text("Quay.")
    figure.get_by_label("Alt text for this use").fill("A quay")
    figure.get_by_role("button", name="Remove photo").click()
    states = []
    for _n in range(5):
        editor(page).focus()
        page.keyboard.press("Control+z")
        value = page.locator("#id_body").input_value()
        states.append([word for word in (str(other.uuid), "A quay", "left") if word in value])
    assert states == [[str(other.uuid), "A quay", "left"], [str(other.uuid), "left"], ["left"],
                      ["left"], []]  # fmt: skip
    assert body.clean(page.locator("#id_body").input_value()) == article.body
    for _n in range(5):
        page.keyboard.press("Control+y")
    expect(figure).to_have_count(0)


def test_blocks_pasted_into_a_caption_become_its_lines(opened):
    photo = make_photo(caption="Pier.")
    article = make_article(parts=("One.", photo))
    page = opened(article)
    place(page, "Pier.", offset=5)
    paste(page, "<h2> A</h2><p>and <b>B</b></p><ul><li>C</li></ul>")
    assert saved(page, article)[1].endswith(
        "<figcaption>Pier.A<br>and <strong>B</strong><br>C</figcaption></figure>"
    )


def test_paragraph_is_written_above_a_photo_that_stands_first(opened):
    article = make_article(parts=(make_photo(caption="Pier."), "One."))
    page = opened(article)
    place(page, "Pier.", offset=0)
    for key in ("Backspace", "Enter"):
        page.keyboard.press(key)
    page.keyboard.insert_text("Above.")
    assert [line[:8] for line in saved(page, article)] == ["<p>Above", "<figure ", "<p>One.<"]


def test_cut_photo_keeps_its_name_and_a_copy_gets_its_own(opened, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    article = make_article(parts=("One.", make_photo(caption="Pier."), "Two."))
    old = article.placements.get().block
    opened(article)
    place(page, "Pier.", offset=0)
    for key in ("Backspace", "Control+c", "Control+x"):
        page.keyboard.press(key)
    place(page, "Two.", offset=4)
    page.keyboard.press("Control+v")
    place(page, "One.", offset=0)
    page.keyboard.press("Control+v")
    stored = saved(page, article)
    assert [line[:7] for line in stored] == ["<figure", "<p>One.", "<p>Two.", "<figure"]
    copy, moved = article.placements.order_by("position")
    assert moved.block == old
    assert copy.block not in ("", old)


def test_photo_without_a_caption_that_stands_alone_is_kept(opened):
    photo = make_photo(caption="Pier.")
    article = make_article(parts=(photo, "One."))
    page = opened(article)
    place(page, "Pier.")
    page.keyboard.press("Delete")
    place(page, "One.")
    for key in ("Delete", "Backspace"):
        page.keyboard.press(key)
    [line] = saved(page, article)
    assert line.startswith(f'<figure data-photo="{photo.uuid}"')


def test_preview_has_its_place_before_it_has_loaded(opened, page):
    photo = make_photo(caption="Pier.")
    renditions.supply(photo, BytesIO(picture()), name="pier.jpg")
    page.route("**/media/**", lambda route: route.abort())
    opened(make_article(parts=("One.", photo)))
    box = page.locator(".desk-figure img").bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(640 / 400, rel=0.02)
