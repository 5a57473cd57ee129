"""What the body editor asks the server: photos to place, files to take in, own stories to link."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles.admin.picking import PHOTOS_A_PAGE, STORIES
from articles.models import Photo
from articles.workflow.permissions import ROLES
from articles.workflow.photos import kill_photo
from tests import desk
from tests.factories import (
    make_article,
    make_photo,
    make_publication,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

PICKER = reverse("admin:articles_photo_picker")
UPLOAD = reverse("admin:articles_photo_upload")
STORIES_URL = reverse("admin:articles_article_stories")


def jpeg(colour: str = "navy", size: tuple[int, int] = (320, 200)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


def file(content: bytes | None = None, name: str = "pier.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


@pytest.fixture
def chief() -> Client:
    return desk.client_of(make_user("Chief"))


def picked(client: Client, **query: Any) -> list[str]:
    answer = client.get(PICKER, query)
    assert answer.status_code == 200, answer.content
    return [row["caption"] for row in answer.json()["photos"]]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_everyone_of_the_desk_picks_and_only_who_may_do_both_uploads(role):
    client = desk.client_of(make_user(role))
    assert client.get(PICKER).status_code == 200
    assert client.get(STORIES_URL).status_code == 200
    may = role in ("Editor", "Photo editor", "Chief")
    assert client.post(UPLOAD, {"file": file()}).status_code == (201 if may else 403)
    assert Photo.objects.count() == int(may)


def test_staff_without_a_role_get_nothing():
    user = make_user("Reporter")
    user.groups.clear()
    client = desk.client_of(user)
    assert client.get(PICKER).status_code == 403
    assert client.get(STORIES_URL).status_code == 403
    assert client.post(UPLOAD, {"file": file()}).status_code == 403


@pytest.mark.parametrize("url", [PICKER, STORIES_URL, UPLOAD])
def test_a_stranger_is_sent_to_sign_in(client, url):
    answer = client.post(url) if url == UPLOAD else client.get(url)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_upload_needs_the_token_of_the_page():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Chief"))
    assert client.post(UPLOAD, {"file": file()}).status_code == 403
    assert not Photo.objects.exists()


def test_methods_that_could_be_confused_are_refused(chief):
    assert chief.get(UPLOAD).status_code == 405
    assert chief.post(PICKER).status_code == 405


def test_photos_are_found_by_words_agency_and_day(chief):
    make_photo(caption="Pier at dusk.", credit_line="", agency=make_source("Reuters"))
    make_photo(caption="Pier at dawn.", credit_line="Signe Hal/AFP")
    old = make_photo(caption="Old pier.")
    Photo.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=90))
    assert picked(chief, q="pier DUSK") == ["Pier at dusk."]
    assert picked(chief, agency="reuters") == ["Pier at dusk."]
    assert picked(chief, agency="AFP", q="dawn") == ["Pier at dawn."]
    week_ago = (timezone.localdate() - dt.timedelta(days=7)).isoformat()
    assert picked(chief, since=week_ago) == ["Pier at dawn.", "Pier at dusk."]
    assert picked(chief, until=week_ago) == ["Old pier."]


def test_photos_used_before_are_found_and_told_in_how_many_stories(chief):
    used, _unused = make_photo(caption="Used."), make_photo(caption="Unused.")
    make_article(parts=("One.", used, "Two.", used))
    make_article(parts=("One.", used))
    assert picked(chief, used="yes") == ["Used."]
    stories = {row["caption"]: row["stories"] for row in chief.get(PICKER).json()["photos"]}
    assert stories == {"Used.": 2, "Unused.": 0}


def test_killed_photo_is_not_offered(chief):
    kill_photo(make_photo(), by=make_user("Chief"), reason="Wrong person.")
    assert picked(chief) == []


def test_photo_that_may_not_be_shown_now_says_why(chief):
    now = timezone.now()
    make_photo(caption="Ended.", usable_until=now - dt.timedelta(days=1))
    make_photo(caption="Ahead.", usable_from=now + dt.timedelta(days=1))
    make_photo(caption="Free.", usable_until=now + dt.timedelta(days=1))
    told = {row["caption"]: row["warning"] for row in chief.get(PICKER).json()["photos"]}
    assert told["Ended."].startswith("The right to use it ended on ")
    assert told["Ahead."].startswith("It may be used from ")
    assert told["Free."] == ""


def test_pages_of_photos_are_bounded_and_follow_each_other(chief):
    photos = [make_photo() for _n in range(PHOTOS_A_PAGE + 3)]
    first = chief.get(PICKER).json()
    second = chief.get(PICKER, {"cursor": first["next"]}).json()
    shown = [row["uuid"] for row in first["photos"] + second["photos"]]
    assert shown == [str(photo.uuid) for photo in reversed(photos)]
    assert (len(first["photos"]), second["next"]) == (PHOTOS_A_PAGE, "")


def test_a_page_of_photos_takes_the_same_queries_for_one_and_for_many(
    chief, django_assert_max_num_queries
):
    for _n in range(PHOTOS_A_PAGE):
        make_photo(agency=make_source())
    with django_assert_max_num_queries(8):
        chief.get(PICKER)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00"},
        {"q": "%_\\'\"--"},
        {"q": "x " * 5000},
        {"agency": "\udcff\x00<script>"},
        {"q": "ا" * 300, "agency": "漢"},
        {"cursor": "999999999999999999"},
    ],
)
def test_hostile_words_find_nothing_or_something_but_never_fail(chief, query):
    make_photo()
    encoded = {name: value.encode("utf-8", "surrogateescape") for name, value in query.items()}
    assert chief.get(PICKER, encoded).status_code == 200
    assert chief.get(STORIES_URL, encoded).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "-1"},
        {"cursor": "1 or 1=1"},
        {"cursor": "٣"},
        {"cursor": "9" * 40},
        {"since": "yesterday"},
        {"since": "2026-02-31"},
        {"until": "9999-12-31"},
    ],
)
def test_unreadable_page_or_day_is_refused_with_a_sentence(chief, query):
    answer = chief.get(PICKER, query)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_percent_sign_is_a_sign_to_look_for(chief):
    make_photo(caption="Rain at 100% of stations.")
    make_photo(caption="Sun.")
    assert picked(chief, q="%") == ["Rain at 100% of stations."]


def test_upload_makes_a_photo_that_can_be_placed(chief):
    answer = chief.post(UPLOAD, {"file": file()})
    photo = Photo.objects.get()
    shown = answer.json()
    assert (shown["uuid"], shown["missing"], shown["known"]) == (str(photo.uuid), False, False)
    smallest = photo.renditions.filter(crop="").order_by("width", "format")[0]
    assert shown["url"] == smallest.file.url
    assert {"caption", "credit", "alt"} <= set(shown)
    assert photo.expected_file == "pier.jpg"


def test_same_bytes_again_give_the_photo_that_is_here(chief):
    first = chief.post(UPLOAD, {"file": file()}).json()
    again = chief.post(UPLOAD, {"file": file(name="copy.jpg")})
    assert (again.status_code, again.json()["known"]) == (200, True)
    assert again.json()["uuid"] == first["uuid"]
    assert Photo.objects.count() == 1


BOMB = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.jpg"),
        (b"no picture at all", "text.jpg"),
        (BOMB, "drawing.svg"),
        (BOMB, "drawing.jpg"),
        (jpeg()[:300], "cut.jpg"),
        (jpeg()[:-400], "cut-late.jpg"),
        (b"GIF89a" + b"\x00" * 50, "broken.gif"),
        (b"PK\x03\x04" + b"\x00" * 100, "../../etc/passwd"),
    ],
)
def test_hostile_file_is_refused_by_name_and_leaves_nothing(chief, content, name):
    answer = chief.post(UPLOAD, {"file": file(content, name)})
    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]
    assert not Photo.objects.exists()
    for folder in ("originals", "renditions"):
        if default_storage.exists(folder):
            assert default_storage.listdir(folder)[1] == []


def test_upload_of_no_file_or_of_two_is_refused(chief):
    assert chief.post(UPLOAD).status_code == 400
    two = chief.post(UPLOAD, {"file": [file(), file(jpeg("red"), "b.jpg")]})
    assert two.status_code == 400
    assert not Photo.objects.exists()


def test_file_larger_than_allowed_is_refused(chief, settings):
    settings.NEWSROOM_PHOTO_MAX_BYTES = 500
    answer = chief.post(UPLOAD, {"file": file()})
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_too_large")


def test_only_stories_readers_can_find_are_offered_for_links(chief):
    live = make_publication(headline="Harbour reopens")
    make_article("Harbour plans leaked")
    make_publication(headline="Harbour later", at=timezone.now() + dt.timedelta(hours=1))
    found = chief.get(STORIES_URL, {"q": "harbour"}).json()["stories"]
    assert [(row["title"], row["url"]) for row in found] == [
        ("Harbour reopens", live.get_absolute_url())
    ]


def test_stories_for_links_are_bounded(chief):
    for _n in range(STORIES + 2):
        make_publication()
    assert len(chief.get(STORIES_URL).json()["stories"]) == STORIES


@pytest.mark.parametrize(("role", "may"), [("Editor", True), ("Reporter", False)])
def test_editor_is_told_only_the_addresses_its_user_may_ask(role, may):
    page = desk.page(desk.client_of(make_user(role)), desk.change_url(make_article()))
    settings = page.get_element_by_id("id_body").get("data-body-editor")
    assert PICKER in settings
    assert (UPLOAD in settings) is may
