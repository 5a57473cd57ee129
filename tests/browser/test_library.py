"""The photo library, as a photo editor uses it: many files, the focal point, killing a photo."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from articles import renditions
from articles.models import Photo
from tests import desk
from tests.browser.waiting import until
from tests.factories import make_photo, make_publication, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = reverse("admin:articles_photo_changelist")
UPLOAD = reverse("admin:articles_photo_add_files")

Open = Callable[[str], Page]


@pytest.fixture
def opened(page: Page, live_server: Any) -> Open:
    """Open a page of the desk as a photo editor."""
    cookie = desk.client_of(make_user("Photo editor")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    def open_page(path: str) -> Page:
        page.goto(live_server.url + path)
        return page

    return open_page


def jpeg(colour: str = "teal", size: tuple[int, int] = (800, 600)) -> bytes:
    buffer = BytesIO()
    image = Image.linear_gradient("L").rotate(len(colour) * 40).resize(size).convert("RGB")
    image.paste(colour, (0, 0, size[0] // 2, size[1] // 3))
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def make_supplied(**values: Any) -> Photo:
    photo = make_photo(**values)
    renditions.supply(photo, BytesIO(jpeg()))
    photo.refresh_from_db()
    return photo


def change_url(photo: Photo) -> str:
    return reverse("admin:articles_photo_change", args=[photo.pk])


def write(folder: Path, **files: bytes) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = folder / f"{name}.jpg"
        path.write_bytes(content)
        paths.append(path)
    return paths


def test_several_files_are_sent_one_by_one_and_each_gets_its_answer(opened, tmp_path):
    files = write(tmp_path, pier=jpeg("teal"), broken=b"nothing", quay=jpeg("navy"),
                  again=jpeg("teal"))  # fmt: skip
    page = opened(UPLOAD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_label("Picture files").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#desk-upload-status")).to_have_text("4 of 4 files done", timeout=60_000)
    told = {
        row.locator(".desk-result-name").inner_text(): row.locator(".desk-state").first.inner_text()
        for row in page.locator(".desk-result").all()
    }
    assert told["broken.jpg"] == "Not taken"
    assert told["quay.jpg"] == "Taken in"
    assert {told["pier.jpg"], told["again.jpg"]} == {"Taken in", "In the library already"}
    assert sent.count("POST") == 4
    assert Photo.objects.count() == 2
    page.get_by_role("link", name="Set agency, credit or rights for all of these").click()
    expect(page.locator("#content-main")).to_contain_text("these 2 photos")


def test_progress_is_shown_and_a_broken_connection_is_tried_again(opened, page, tmp_path):
    files = write(tmp_path, pier=jpeg())
    opened(UPLOAD)
    page.route(f"**{UPLOAD}", lambda route: route.abort())
    page.get_by_label("Picture files").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    row = page.locator(".desk-result")
    expect(row).to_contain_text("The connection broke off.")
    page.unroute(f"**{UPLOAD}")
    held: list[Any] = []
    page.route(f"**{UPLOAD}", lambda route: held.append(route))
    row.get_by_role("button", name="Try again").click()
    expect(row.get_by_role("progressbar")).to_be_visible()
    until(page, lambda: held, "the file sent again")
    held.pop().continue_()
    expect(row).to_contain_text("Taken in", timeout=30_000)
    assert Photo.objects.count() == 1


def test_files_dropped_onto_the_frame_are_taken_in(opened, page):
    opened(UPLOAD)
    page.locator("#desk-upload").evaluate(
        """async (form, bytes) => {
            const data = new DataTransfer()
            data.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", {type: "image/jpeg"}))
            form.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true,
                cancelable: true}))
        }""",
        list(jpeg()),
    )
    expect(page.locator(".desk-result")).to_contain_text("Taken in", timeout=30_000)
    assert Photo.objects.get().expected_file == "dropped.jpg"


def test_without_script_several_files_go_in_one_form(opened, page, tmp_path):
    page.route("**/library.js", lambda route: route.abort())
    opened(UPLOAD)
    page.get_by_label("Picture files").set_input_files(
        write(tmp_path, pier=jpeg("teal"), quay=jpeg("navy"))
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".desk-result")).to_have_count(2)
    assert Photo.objects.count() == 2


def test_focal_point_is_set_by_a_click_and_by_keys_and_crops_follow(opened):
    photo = make_supplied()
    page = opened(change_url(photo))
    share = page.locator("[data-crop]").last
    before = share.get_attribute("viewBox")
    picture = page.locator(".desk-focus-picture img")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.9})
    assert float(page.locator("#id_focal_x").input_value()) == pytest.approx(0.25, abs=0.01)
    assert share.get_attribute("viewBox") != before
    mark = page.get_by_role("button", name="Focal point")
    mark.press("ArrowRight")
    mark.press("Shift+ArrowUp")
    assert float(page.locator("#id_focal_x").input_value()) == pytest.approx(0.26, abs=0.01)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    photo.refresh_from_db()
    assert (photo.focal_x, photo.focal_y) == pytest.approx((0.26, 0.8), abs=0.02)
    opened(change_url(photo))
    left, top, across, down = (float(n) for n in share.get_attribute("viewBox").split())
    assert (left, across) == (0, 800)
    assert top + down == pytest.approx(600, abs=1)


def test_photo_is_killed_after_its_uses_were_seen(opened, live_server):
    photo = make_supplied(caption="The hidden witness.")
    story = make_publication(parts=(photo, "Text."))
    address = f"{live_server.url}{story.get_absolute_url()}"
    page = opened(change_url(photo))
    page.get_by_role("link", name="Kill this photo").click()
    expect(page.locator("#content-main")).to_contain_text(story.headline)
    page.get_by_label("Why it has to go").fill("In danger.")
    page.get_by_label("Text in its place").fill("We took this photo down.")
    page.get_by_label("I have looked at the uses").check()
    page.get_by_role("button", name="Kill this photo").click()
    expect(page.locator(".messagelist")).to_contain_text("gone from every page")
    expect(page.locator(".desk-killed")).to_contain_text("In danger.")
    text = page.request.get(address).text()
    assert "We took this photo down." in text
    assert "hidden witness" not in text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_library_has_no_accessibility_faults_and_fits_the_screen(
    opened, page, tmp_path, width, scheme
):
    photo = make_supplied(usable_until="2020-01-01T00:00Z", withheld_from=["feed"])
    make_supplied(caption="Its copy.")
    make_publication(parts=(make_photo(alt_text="", is_decorative=True), "Text."))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(UPLOAD)
    page.get_by_label("Picture files").set_input_files(
        write(tmp_path, new=jpeg("navy"), broken=b"nothing", known=jpeg())
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#desk-upload-status")).to_have_text("3 of 3 files done", timeout=60_000)
    many = reverse("admin:articles_photo_many")
    kill = reverse("admin:articles_photo_kill", args=[photo.pk])
    for path in ("", LIST, f"{LIST}?as=grid", change_url(photo), kill, f"{many}?ids={photo.pk}"):
        if path:
            opened(path)
        page.wait_for_timeout(400)
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
