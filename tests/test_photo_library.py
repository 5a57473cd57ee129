"""The photo library at the desk, and what readers get of a photo's rights and credit."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html
from PIL import Image

from articles import pages, pictures, renditions
from articles.models import Photo, Publication, Rendition
from articles.workflow import transitions
from articles.workflow.photos import kill_photo, uses
from tests import desk
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    schedule,
)
from tests.flat.plans import Query

pytestmark = pytest.mark.django_db

LIST = reverse("admin:articles_photo_changelist")
UPLOAD = reverse("admin:articles_photo_add_files")
MANY = reverse("admin:articles_photo_many")
NOW = timezone.now()
DAY = dt.timedelta(days=1)
_LISTS = re.compile(r'FROM "articles_photo" .*( LIMIT | ORDER BY )', re.DOTALL)


def jpeg(colour: str = "teal", size: tuple[int, int] = (640, 480), artist: str = "") -> bytes:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste(colour, (0, 0, size[0] // 3, size[1] // 4))
    exif = image.getexif()
    if artist:
        exif[0x013B] = artist
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def make_supplied(**values: Any) -> Photo:
    photo = make_photo(**values)
    renditions.supply(photo, io.BytesIO(jpeg()))
    photo.refresh_from_db()
    return photo


@pytest.fixture
def editor() -> Client:
    return desk.client_of(make_user("Photo editor"))


def change_url(photo: Photo) -> str:
    return reverse("admin:articles_photo_change", args=[photo.pk])


def captions(page: html.HtmlElement) -> set[str]:
    return {text.strip() for text in page.xpath("//td[contains(@class,'field-words')]//text()")}


# The list


def fill(number: int) -> None:
    agencies = [make_source() for _n in range(5)]
    photos = Photo.objects.bulk_create(
        Photo(
            caption=f"Photo {n}", alt_text="Cranes", agency=agencies[n % 5], file=f"originals/{n}"
        )
        for n in range(number)
    )
    Rendition.objects.bulk_create(
        Rendition(photo=photo, file="r.jpg", format="jpeg", width=480, height=320)
        for photo in photos
    )


@pytest.mark.parametrize("way", ["", "?as=grid", "?q=photo", "?rights=now&unused=yes"])
def test_list_costs_the_same_for_a_hundred_and_for_five_thousand_photos(
    editor: Client, way: str
) -> None:
    counts = []
    for number in (100, 4900):
        fill(number)
        with CaptureQueriesContext(
            connection,
        ) as found:
            page = desk.page(editor, LIST + way)
        counts.append(len(found))
        assert len(page.xpath("//input[@name='_selected_action']")) == 50
    assert counts[0] == counts[1] <= 15


def test_library_is_shown_as_a_grid_that_keeps_search_and_filters(editor: Client) -> None:
    photo = make_photo(caption="Pier at dusk.")
    make_photo(caption="Crane.")
    page = desk.page(editor, f"{LIST}?as=grid&q=pier&rights=now")
    cards = page.xpath("//ul[@class='desk-grid']/li")
    assert [card.xpath(".//a/@href")[0].split("?")[0] for card in cards] == [change_url(photo)]
    link = page.xpath("//p[@class='desk-shown']/a/@href")
    assert len(link) == 1
    assert {"q=pier", "rights=now"} <= set(link[0].lstrip("?").split("&"))
    assert page.xpath("//form[@id='changelist-search']//input[@name='as']/@value") == ["grid"]


FILTERED = {
    "rights=now": {"plain", "ending", "no feed", "lacking"},
    "rights=later": {"later"},
    "rights=expiring": {"ending"},
    "rights=expired": {"expired"},
    "unseen=yes": {"lacking"},
    "uncredited=yes": {"lacking"},
    "withheld=feed": {"no feed"},
    "withheld=api": set(),
    "killed=yes": {"killed"},
    "agency=none": {"ending", "later", "expired", "no feed", "lacking", "killed"},
    "unused=yes": {"ending", "later", "expired", "no feed", "lacking", "killed"},
    "missing=yes": {"plain", "ending", "later", "expired", "no feed", "lacking"},
    "q=reuters": {"plain"},
}


@pytest.fixture
def assorted() -> None:
    plain = make_photo(caption="plain", agency=make_source("Reuters"))
    make_article(parts=(plain,))
    make_photo(caption="ending", usable_until=NOW + 10 * DAY)
    make_photo(caption="later", usable_from=NOW + DAY)
    make_photo(caption="expired", usable_until=NOW - DAY)
    make_photo(caption="no feed", withheld_from=["feed"])
    make_photo(caption="lacking", alt_text="", credit_line="")
    kill_photo(
        make_photo(caption="killed", alt_text="", credit_line=""), by=make_user(), reason="Faked."
    )


@pytest.mark.parametrize("query", FILTERED)
def test_library_is_narrowed(editor: Client, assorted: None, query: str) -> None:
    assert captions(desk.page(editor, f"{LIST}?{query}")) == FILTERED[query]


def test_agency_is_chosen_from_the_first_hundred_by_name(editor: Client) -> None:
    agency = make_source("AFP")
    make_photo(caption="theirs", agency=agency)
    make_photo(caption="ours")
    assert captions(desk.page(editor, f"{LIST}?agency={agency.pk}")) == {"theirs"}
    assert captions(desk.page(editor, f"{LIST}?agency=x")) == {"theirs", "ours"}


def explained(client: Client, query: str) -> list[tuple[str, str, bool]]:
    """Return index or way of each query that lists photos, with its SQL and whether it sorts."""
    found: list[Query] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and _LISTS.search(sql):
            found.append(Query(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        desk.page(client, f"{LIST}?{query}")
    for one in found:
        one.explain()
    return [(" ".join(one.plan), one.sql, one.is_sorted) for one in found]


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ("unseen=yes", ("photo_no_alt",)),
        ("uncredited=yes", ("photo_no_credit", "agency_id")),
        ("killed=yes", ("photo_killed",)),
        ("missing=yes", ("photo_file",)),
        ("withheld=feed", ("photo_withheld",)),
        ("rights=expired", ("photo_usable_until", "photo_ends")),
        ("rights=expiring", ("photo_usable_until", "photo_ends")),
        ("rights=later", ("photo_usable_from", "photo_begins")),
    ],
)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's plans")
def test_few_are_found_among_many_by_an_index(
    editor: Client, assorted: None, query: str, indexes: tuple[str, ...]
) -> None:
    fill(2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plans = explained(editor, query)
    assert len(plans) == 2  # the count, which is bounded, and the page
    assert [text for text, _sql, _s in plans if not any(name in text for name in indexes)] == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's plans")
def test_newest_photos_are_shown_without_sorting_all(editor: Client) -> None:
    fill(2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for query in ("", "rights=now", "unused=yes", "unseen=yes", "as=grid"):
        assert [sql for _plan, sql, sorts in explained(editor, query) if sorts] == [], query


# Uploading


def results(page: html.HtmlElement) -> list[str]:
    return [" ".join(item.text_content().split()) for item in page.xpath("//li[@class]")]


def uploaded(client: Client, *files: SimpleUploadedFile) -> list[str]:
    page = desk.answered(client.post(UPLOAD, {"files": list(files)}))
    return results(page.get_element_by_id("desk-results"))


def test_every_file_of_an_upload_gets_its_own_answer(editor: Client) -> None:
    first = jpeg(artist="Signe Hal")
    told = uploaded(editor, named("pier.jpg", first), named("<b>.jpg", b"no picture"),
                    named("empty.jpg", b""), named("again.jpg", first))  # fmt: skip
    assert [("Taken in" in one, "Not taken" in one, "already" in one) for one in told] == [
        (True, False, False), (False, True, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    photo = Photo.objects.get()
    assert (photo.credit_line, photo.expected_file) == ("Signe Hal", "pier.jpg")
    assert "Photo: Signe Hal" in told[0]
    assert "No alt text" in told[0]
    assert "<b>.jpg" in told[1]


def test_script_gets_the_answer_alone(editor: Client) -> None:
    answer = editor.post(UPLOAD, {"files": [named("pier.jpg", jpeg())], "fragment": "1"})
    text = answer.content.decode().strip()
    assert text.startswith("<li class=")
    assert f'data-photo="{Photo.objects.get().pk}"' in text


def test_photo_that_looks_alike_is_named_with_a_link(editor: Client) -> None:
    known = make_supplied(caption="Known harbour.")
    page = desk.answered(
        editor.post(UPLOAD, {"files": [named("small.jpg", jpeg(size=(480, 360)))]})
    )
    link = page.find_class("desk-alike")[0].find("a")
    assert (link.get("href"), link.text) == (change_url(known), "Known harbour.")
    newest = Photo.objects.first()
    assert newest is not None
    form = desk.page(editor, change_url(newest))
    assert "These look like it: Known harbour." in form.find_class("desk-alike")[0].text_content()


@pytest.mark.parametrize(
    ("role", "may"), [("Photo editor", 200), ("Chief", 200), ("Reporter", 403), ("Auditor", 403)]
)
def test_roles_that_may_upload(role: str, may: int) -> None:
    client = desk.client_of(make_user(role))
    assert client.get(UPLOAD).status_code == may
    assert (b"Upload photos" in client.get(LIST).content) == (may == 200)


def test_upload_without_a_file_says_so(editor: Client) -> None:
    assert "Choose one picture file" in desk.told(editor, editor.post(UPLOAD))


# The form


def test_form_shows_the_credit_as_readers_see_it_and_what_crops_keep(editor: Client) -> None:
    photo = make_supplied(credit_line="", agency=make_source("Reuters"), focal_x=1.0)
    page = desk.page(editor, change_url(photo))
    assert page.find_class("desk-printed")[0].text == "Photo: Reuters"
    boxes = [svg.get("viewbox") for svg in page.xpath("//svg[@data-crop]")]
    assert boxes == ["0.0 26.7 640.0 426.7", "0.0 72.0 640.0 336.0"]


def test_form_saves_channels_rights_and_focal_point(editor: Client) -> None:
    photo = make_supplied()
    fields = desk.filled_form(desk.page(editor, change_url(photo)), "photo_form")
    fields |= {"withheld_from": ["feed", "api"], "focal_x": "0.25"}
    fields |= {"usable_until": "2031-01-02T03:04"}
    assert editor.post(change_url(photo), fields).status_code == 302
    photo.refresh_from_db()
    assert (photo.withheld_from, photo.focal_x) == (["feed", "api"], 0.25)
    assert photo.usable_until == dt.datetime(2031, 1, 2, 3, 4, tzinfo=dt.UTC)


def test_photo_without_a_file_has_no_crops_to_show(editor: Client) -> None:
    page = desk.page(editor, change_url(make_photo()))
    assert "Supply the file first" in page.text_content()


def test_uses_are_told_by_kind_and_bounded(editor: Client) -> None:
    photo = make_photo()
    live = make_publication(parts=(photo,))
    draft = make_article(parts=(photo,))
    past = make_publication(parts=(photo,))
    change(past.article, body=make_article().body)
    make_publication(past.article)
    coming = schedule(make_article(parts=(photo,)), at=timezone.now() + DAY)
    found = uses(photo)
    assert (found.live, found.scheduled) == ([live], [coming])
    assert (found.past, found.working_copies) == (
        [Publication.objects.get(pk=past.pk)], [coming.article, draft, live.article],
    )  # fmt: skip
    assert len(uses(photo, most=1).working_copies) == 1
    shown = desk.page(editor, change_url(photo)).find_class("desk-uses")[0].text_content()
    assert all(str(row) in shown for row in (live, coming, draft, past))


def test_scheduled_use_that_was_called_off_is_none(editor: Client) -> None:
    photo = make_photo()
    article = make_article(parts=(photo,))
    schedule(article, at=timezone.now() + DAY)
    article.refresh_from_db()
    transitions.unschedule(article, by=make_user())
    assert (uses(photo).live, uses(photo).scheduled) == ([], [])


def test_killed_photo_is_only_looked_at() -> None:
    photo, client = make_photo(), desk.client_of(make_user())
    kill_photo(photo, by=make_user(), reason="Faked.", notice="Gone.")
    page = desk.page(client, change_url(photo))
    assert "Faked." in page.find_class("desk-killed")[0].text_content()
    assert page.xpath("//form[@id='photo_form']//input[@name='_save']") == []
    assert client.post(change_url(photo), {"caption": "Back"}).status_code == 403


# Many at once


def many(client: Client, photos: list[Photo], **values: Any) -> Any:
    return client.post(MANY, {"ids": ",".join(str(photo.pk) for photo in photos), **values})


def test_chosen_photos_are_led_to_the_page_that_changes_them(editor: Client) -> None:
    photos = [make_photo(), make_photo()]
    chosen = {"action": "change_chosen", "_selected_action": [photo.pk for photo in photos]}
    answer = editor.post(LIST, chosen)
    assert answer["Location"] == f"{MANY}?ids={photos[1].pk},{photos[0].pk}"
    assert "these 2 photos" in desk.page(editor, answer["Location"]).text_content()


def test_nothing_changes_before_it_was_seen_and_confirmed(editor: Client) -> None:
    photos = [make_photo(credit_line="AFP"), make_photo(credit_line="Reuters")]
    page = desk.answered(many(editor, photos, credit_line="Reuters", is_decorative="yes"))
    shown = " ".join(" ".join(page.itertext()).split())
    assert "Credit line AFP Reuters" in shown
    assert "Decorative No Yes" in shown
    assert Photo.objects.filter(credit_line="AFP").exists()
    fields = desk.filled_form(page, "desk-many")
    told = desk.told(editor, editor.post(MANY, {**fields, "_apply": "1"}))
    assert "2 photos changed." in told
    assert set(Photo.objects.values_list("credit_line", "is_decorative")) == {("Reuters", True)}
    assert LogEntry.objects.count() == 2


def test_agency_rights_and_channels_are_set_and_cleared(editor: Client) -> None:
    agency = make_source("AFP")
    photos = [make_photo(), make_photo()]
    many(editor, photos, agency=agency.pk, withheld_from=["share"],
         usable_until="2031-01-01T00:00", _apply="1")  # fmt: skip
    found: Any = Photo.objects.values_list("agency", "withheld_from", "usable_until__year")
    assert list(found) == [(agency.pk, ["share"], 2031)] * 2
    many(editor, photos, clear_agency="on", clear_withheld_from="on", clear_usable_until="on",
         _apply="1")  # fmt: skip
    assert list(found.all()) == [(None, [], None)] * 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Say what to change"),
        ({"credit_line": "AFP", "clear_credit_line": "on"}, "not both"),
        ({"usable_until": "soon"}, "valid date"),
    ],
)
def test_what_cannot_be_set_is_told_before_anything_changes(
    editor: Client, values: dict[str, str], said: str
) -> None:
    photo = make_photo()
    answer = desk.answered(many(editor, [photo], _apply="1", **values))
    assert said in answer.text_content()
    assert Photo.objects.get().credit_line == photo.credit_line


def test_photos_the_change_does_not_fit_are_left_out(editor: Client) -> None:
    good, late, gone = make_photo(), make_photo(usable_from=NOW + 9999 * DAY), make_photo()
    kill_photo(gone, by=make_user(), reason="Faked.")
    answer = many(editor, [good, late, gone], usable_until="2031-01-01T00:00", _apply="1")
    told = desk.told(editor, answer)
    assert "1 photo changed." in told
    assert "The rights end before they begin" in told
    assert "It was killed" in told
    assert list(Photo.objects.exclude(usable_until=None)) == [good]


@pytest.mark.parametrize("ids", ["", "x", "1,2", "9" * 40])
def test_no_photos_chosen_is_not_found(editor: Client, ids: str) -> None:
    assert editor.get(MANY, {"ids": ids}).status_code == 404


def test_reporter_changes_no_photos() -> None:
    photo, client = make_photo(), desk.client_of(make_user("Reporter"))
    assert many(client, [photo], credit_line="Mine", _apply="1").status_code == 403


# What readers get


def answers(client: Client, story: Publication) -> dict[str, str]:
    address = pages.absolute(story.get_absolute_url())
    page = client.get(story.get_absolute_url()).content.decode()
    head, _, body = page.partition("</head>")
    found = {"page": body, "share": head, "feed": client.get("/feed/").content.decode()}
    found["front"] = client.get("/").content.decode()
    found["oembed"] = client.get(f"/oembed/?{urlencode({'url': address})}").content.decode()
    return found


def shown_in(client: Client, story: Publication, photo: Photo) -> set[str]:
    names = [str(row.file).rpartition("/")[2] for row in photo.renditions.all()]
    texts = answers(client, story)
    # The page's own preload stands in the head as well.
    lines = [line for line in texts["share"].splitlines() if "preload" not in line]
    texts["share"] = "\n".join(lines)
    return {place for place, text in texts.items() if any(name in text for name in names)}


EVERYWHERE = {"page", "share", "feed", "front", "oembed"}


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ({}, EVERYWHERE),
        ({"withheld_from": ["page"]}, {"feed", "oembed"}),
        ({"withheld_from": ["feed"]}, EVERYWHERE - {"feed"}),
        ({"withheld_from": ["share"]}, {"page", "feed", "front"}),
        ({"withheld_from": ["api"]}, EVERYWHERE),
        ({"usable_until": NOW - DAY}, set()),
        ({"usable_from": NOW + DAY}, set()),
        ({"usable_from": NOW - DAY, "usable_until": NOW + DAY}, EVERYWHERE),
    ],
)
def test_readers_get_a_photo_only_where_and_while_its_rights_allow(
    client: Client, values: dict[str, Any], places: set[str]
) -> None:
    photo = make_supplied(caption="The hidden quay.")
    story = make_publication(parts=(photo, "Text."))
    Photo.objects.filter(pk=photo.pk).update(**values)
    assert shown_in(client, story, photo) == places
    texts = answers(client, story)
    assert ("The hidden quay." in texts["page"]) == ("page" in places)
    assert ("The hidden quay." in texts["feed"]) == ("feed" in places)


def test_text_stands_in_the_place_of_a_photo_without_rights(client: Client) -> None:
    photo = make_supplied(usable_until=timezone.now() + DAY, withheld_from=["feed"])
    story = make_publication(parts=(photo, "Text."))
    assert "may be shown on our own page only" in answers(client, story)["feed"]
    Photo.objects.update(usable_until=NOW - DAY)
    texts = answers(client, story)
    assert "We have no right to show this photo" in texts["page"]
    assert "We have no right to show this photo" in texts["feed"]
    assert "share.png" in texts["share"]
    assert 'rel="preload" as="image"' not in texts["share"]


def test_credit_fixed_once_is_right_everywhere_at_the_next_request(
    client: Client, editor: Client
) -> None:
    photo = make_supplied(credit_line="Sine Hall/AFP")
    stories = [make_publication(parts=(photo, "Text.")) for _n in range(3)]
    addresses = ["/", "/feed/", "/world/", *(story.get_absolute_url() for story in stories)]
    before = [client.get(address).content.decode() for address in addresses]
    assert all("Sine Hall/AFP" in text for text in before)
    fields = desk.filled_form(desk.page(editor, change_url(photo)), "photo_form")
    editor.post(change_url(photo), {**fields, "credit_line": "Signe Hal/AFP"})
    for address in addresses:
        text = client.get(address).content.decode()
        assert "Signe Hal/AFP" in text
        assert "Sine Hall" not in text


def figures_without_credit(text: str) -> Iterator[str]:
    """Yield the addresses of photos that stand in no figure with a credit."""
    for image in html.fromstring(text).iter("img"):
        source = image.get("src") or ""
        figure = next(image.iterancestors("figure"), None)
        below = figure.find(".//figcaption") if figure is not None else None
        said = "".join(map(str, below.itertext())) if below is not None else ""
        words = ("Photo: ", "Illustration: ", "generative AI: ")
        if "renditions/" in source and not any(word in said for word in words):
            yield source


@pytest.mark.long
def test_no_photo_of_the_sample_site_stands_without_its_credit(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files are made and kept, but nobody looks into them: encoding them all takes a minute.
    monkeypatch.setattr(
        pictures, "encode", lambda piece, copy, marks: dict.fromkeys(copy.formats, b"a picture")
    )
    settings.DEVELOPMENT = True
    call_command("quickstart", "--no-users", verbosity=0)
    settings.DEVELOPMENT = False
    seen: set[str] = set()
    waiting, wrong, photos = ["/"], [], 0
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        photos += text.count("<img")
        wrong += [(address, source) for source in figures_without_credit(text)]
        links = [link.get("href") or "" for link in html.fromstring(text).iter("a")]
        own = {link.partition("#")[0] for link in links if link.startswith("/")}
        waiting += [link for link in own - seen - set(waiting) if link]
    assert wrong == []
    assert photos > 50
    assert len(seen) > 30


def test_every_photo_in_a_feed_stands_with_its_credit(client: Client) -> None:
    make_publication(
        make_article(
            parts=(make_supplied(), "Text."), section=make_section("World"),
            authors=(make_contributor("Ada Weil"),), topics=(make_topic(),),
        )
    )  # fmt: skip
    for address in ("/feed/", "/world/feed/", "/topic/harbours/feed/", "/by/ada-weil/feed/"):
        tree = html.fromstring(client.get(address).content)
        texts = [
            "".join(map(str, node.itertext())) for node in tree.iter("content:encoded", "encoded")
        ]
        found = [text for text in texts if "renditions/" in text]
        assert found, address
        assert [one for text in found for one in figures_without_credit(text)] == []
