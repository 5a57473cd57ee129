"""Killing a photo: gone from every address at the next request, with a text in its place."""

import html
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles import lookalikes, pages, pictures, renditions
from articles.exceptions import ImportProblem, WorkflowError
from articles.models import Photo, Publication
from articles.public import oembed
from articles.workflow import gates
from articles.workflow.gates import WARNING
from articles.workflow.photos import kill_photo, uses
from articles.workflow.transitions import preflight
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
)

pytestmark = pytest.mark.django_db(transaction=True)

LINK = re.compile(r"""(?:href="|<link>|"url": "|<guid[^>]*>)([^"<]+)""")
WORDS = {
    "caption": "The hidden witness at the quay.",
    "alt_text": "A woman behind a curtain.",
    "credit_line": "Secret Photographer/AFP",
    "copyright_notice": "© Secret Photographer",
}


def jpeg(size: tuple[int, int] = (640, 480), colour: str = "teal") -> io.BytesIO:
    buffer = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste(colour, (0, 0, size[0] // 3, size[1] // 4))
    image.save(buffer, "JPEG")
    buffer.seek(0)
    return buffer


def make_supplied_photo(**values: Any) -> Photo:
    photo = make_photo(**{**WORDS, **values})
    renditions.supply(photo, jpeg())
    return photo


def make_story(photo: Photo, **values: Any) -> Publication:
    values.setdefault("section", make_section("World"))
    parts = ("The harbour reopened.", photo, "Ships left at noon.")
    return make_publication(parts=parts, topics=(make_topic(),), **values)


def stored() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def public_texts(client: Client, story: Publication) -> dict[str, str]:
    """Return what every public address that shows the story answers."""
    addresses = ["/", "/feed/", "/world/", "/world/feed/", "/topic/harbours/",
                 "/topic/harbours/feed/", story.get_absolute_url()]  # fmt: skip
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {address: answer.content.decode() for address, answer in answers.items()}


def test_nothing_of_a_killed_photo_is_public(client: Client) -> None:
    photo = make_supplied_photo()
    files = stored()
    story = make_story(photo)
    before = public_texts(client, story)
    names = [Path(name).stem for name in files]
    assert all(any(name in text for name in names) for text in before.values())
    kill_photo(photo, by=make_user(), reason="The witness is in danger.", notice="Photo removed.")
    after = public_texts(client, story)
    secrets = (*names, *WORDS.values(), "witness")
    assert [s for text in after.values() for s in secrets if s in text] == []
    assert stored() == []
    assert {client.get(f"/media/{name}").status_code for name in files} == {404}
    in_full = (story.get_absolute_url(), "/feed/", "/world/feed/")
    assert all("Photo removed." in after[address] for address in in_full)
    assert "share.png" in after[story.get_absolute_url()]
    assert 'rel="preload" as="image"' not in after[story.get_absolute_url()]


# Files, the desk, and what leads on to more of itself without end.
_ELSEWHERE = ("/media/", "/static/", "/admin/", "/search/?", "/as-of/")


def crawled(client: Client, start: list[str]) -> dict[str, str]:
    """Return what every public address answers that can be reached from these; files left out."""
    texts: dict[str, str] = {}
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        texts[address] = html.unescape(answer.content.decode())
        found = {unquote(urljoin(address, link)) for link in LINK.findall(texts[address])}
        own = {link.removeprefix("http://localhost:8000").partition("#")[0] for link in found}
        waiting += [
            link
            for link in own - set(texts) - set(waiting)
            if link.startswith("/") and not link.startswith(_ELSEWHERE)
        ]
    return texts


def test_no_public_address_and_no_file_address_knows_a_killed_photo(
    client: Client, settings: Any
) -> None:
    settings.SITE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["*"]
    own = {"caption": "Ours.", "alt_text": "A quay.", "credit_line": "Us", "copyright_notice": ""}
    photo, other = make_supplied_photo(), make_supplied_photo(**own)
    agency = make_source("Reuters")
    common: dict[str, Any] = {"authors": (make_contributor("Ada Weil"),), "sources": (agency,)}
    stories = [make_story(photo, **common), make_story(photo, section=make_section("Sport"))]
    make_publication(parts=(other, "Text.", photo), topics=(make_topic(),), **common)
    addresses = [f"/media/{name}" for name in stored()]
    mine = {str(row.file) for row in photo.renditions.all()} | {str(photo.file)}
    names = [Path(name).stem for name in mine]
    start = ["/", "/by/ada-weil/feed/", *(oembed.discovery(story) for story in stories)]
    before = crawled(client, start)
    kinds = ("/world/", "/topic/", "/by/", "/source/", "/feed/", "/oembed/", "/sport/")
    assert all(any(kind in address for address in before) for kind in kinds)
    assert any(name in text for name in names for text in before.values())

    kill_photo(photo, by=make_user(), reason="The witness is in danger.")
    after = crawled(client, [*start, *before])
    secrets = (*names, *WORDS.values(), str(photo.uuid), "witness")
    leaks = [(address, word) for address, text in after.items() for word in secrets if word in text]
    assert leaks == []
    gone = {name for name in addresses if name.removeprefix("/media/") in mine}
    assert {client.get(name).status_code for name in gone} == {404}
    assert {Path(name).stem for name in stored()}.isdisjoint(names)
    assert any("This photo has been withdrawn." in text for text in after.values())


def kill_url(photo: Photo) -> str:
    return reverse("admin:articles_photo_kill", args=[photo.pk])


def test_page_lists_every_use_and_kills_only_when_it_is_sure() -> None:
    photo, copy = make_supplied_photo(), make_supplied_photo(caption="The copy.")
    stories = [make_story(photo), make_story(copy)]
    client = desk.client_of(make_user("Photo editor"))
    shown = desk.page(client, kill_url(photo)).text_content()
    assert all(story.headline in shown for story in stories)
    assert "The copy." in shown
    for said in ({"sure": "on"}, {"reason": "Faked."}):
        assert client.post(kill_url(photo), said).status_code == 200
    assert Photo.objects.filter(killed_at=None).count() == 2
    said = {"reason": "Faked.", "notice": "Gone.", "sure": "on", "with_copies": "on"}
    told = desk.told(client, client.post(kill_url(photo), said))
    assert "2 photos are gone from every page" in told
    assert stored() == []
    found = Photo.objects.values_list("kill_reason", "kill_notice", "killed_by__groups__name")
    assert set(found) == {("Faked.", "Gone.", "Photo editor")}
    assert client.get(kill_url(photo)).status_code == 302


def test_other_photos_with_the_same_file_stay_when_not_asked_for() -> None:
    photo, copy = make_supplied_photo(), make_supplied_photo()
    assert kill_photo(photo, by=make_user(), reason="Faked.") == [photo]
    assert Photo.objects.get(pk=copy.pk).killed_at is None


@pytest.mark.parametrize("role", ["Editor", "Reporter", "Auditor"])
def test_page_is_refused_to_those_who_may_not_kill(role: str) -> None:
    photo, client = make_supplied_photo(), desk.client_of(make_user(role))
    said = {"reason": "Faked.", "sure": "on"}
    assert client.get(kill_url(photo)).status_code == 403
    assert client.post(kill_url(photo), said).status_code == 403
    assert Photo.objects.get().killed_at is None


def test_other_photo_of_the_same_story_takes_its_place_in_machines_answers(client: Client) -> None:
    killed, other = make_supplied_photo(), make_photo(caption="Cranes.")
    renditions.supply(other, jpeg((800, 500), "navy"))
    story = make_publication(parts=(killed, other))
    kill_photo(killed, by=make_user(), reason="Wrong person.")
    page = client.get(story.get_absolute_url()).content.decode()
    share = other.renditions.get(crop="share")
    assert re.search(rf'og:image" content="[^"]*{Path(str(share.file.name)).stem}', page)
    assert "This photo has been withdrawn." in page
    assert "Cranes." in page


def test_photo_stays_on_record_with_who_and_why() -> None:
    photo, chief = make_supplied_photo(), make_user("Chief")
    kill_photo(photo, by=chief, reason=" Faked. ", notice=" Gone. ")
    row = Photo.objects.get()
    assert (row.killed_by, row.kill_reason, row.kill_notice) == (chief, "Faked.", "Gone.")
    assert row.killed_at is not None
    assert (row.file.name, row.renditions.count()) == ("", 0)
    assert pages.picture(row) is None


@pytest.mark.parametrize(
    ("role", "may"),
    [("Photo editor", True), ("Chief", True), ("Legal", True), ("Editor", False),
     ("Reporter", False), ("Administrator", False)],
)  # fmt: skip
def test_roles_that_may_kill(role: str, may: bool) -> None:
    photo = make_supplied_photo()
    if may:
        kill_photo(photo, by=make_user(role), reason="Faked.")
    else:
        with pytest.raises(WorkflowError) as caught:
            kill_photo(photo, by=make_user(role), reason="Faked.")
        assert caught.value.code == "not_permitted"
    assert bool(Photo.objects.get().killed_at) == may
    assert bool(stored()) != may


@pytest.mark.parametrize(
    ("reason", "notice", "code"), [("  ", "", "no_reason"), ("Faked.", "x" * 301, "long_notice")]
)
def test_refusal_changes_nothing(reason: str, notice: str, code: str) -> None:
    photo = make_supplied_photo()
    before = stored()
    with pytest.raises(WorkflowError) as caught:
        kill_photo(photo, by=make_user(), reason=reason, notice=notice)
    assert (caught.value.code, stored()) == (code, before)


def test_photo_is_killed_once() -> None:
    photo = make_supplied_photo()
    kill_photo(photo, by=make_user(), reason="Faked.")
    with pytest.raises(WorkflowError) as caught:
        kill_photo(photo, by=make_user(), reason="Again.")
    assert (caught.value.code, Photo.objects.get().kill_reason) == ("killed", "Faked.")


def test_killed_photo_and_its_file_are_not_taken_in_again() -> None:
    photo, other = make_supplied_photo(), make_photo()
    kill_photo(photo, by=make_user(), reason="Faked.")
    for target, file in ((photo, jpeg((300, 200))), (other, jpeg())):
        with pytest.raises(ImportProblem) as caught:
            renditions.supply(target, file)
        assert caught.value.code == "photo_killed"
    assert stored() == []


def kill_while_encoding(monkeypatch: pytest.MonkeyPatch, chief: Any) -> None:
    encode = pictures.encode

    def kill_meanwhile(*args: Any) -> Any:
        for photo in Photo.objects.filter(killed_at=None):
            kill_photo(photo, by=chief, reason="Faked.")
        return encode(*args)

    monkeypatch.setattr(pictures, "encode", kill_meanwhile)


def test_photo_killed_while_its_files_are_made_anew_gets_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo, chief = make_supplied_photo(), make_user()
    kill_while_encoding(monkeypatch, chief)
    with pytest.raises(ImportProblem):
        renditions.remake(photo)
    assert stored() == []
    assert Photo.objects.get().renditions.count() == 0


def test_photo_killed_while_a_reader_asks_for_a_file_gets_none(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASK_WORKER = False
    photo, chief = make_supplied_photo(), make_user()
    row = photo.renditions.filter(is_made=False)[0]
    kill_while_encoding(monkeypatch, chief)
    assert client.get(row.url).status_code in (404, 503)
    assert client.get(row.url).status_code == 404
    assert stored() == []


def test_every_use_is_listed_before_the_kill() -> None:
    photo = make_supplied_photo()
    live, draft = make_story(photo), make_article(parts=(photo,))
    past = make_story(photo)
    change(past.article, body=make_article().body)
    now = make_publication(past.article)
    found = uses(photo)
    assert now not in found.live
    assert (found.live, found.past) == ([live], [Publication.objects.get(pk=past.pk)])
    assert found.working_copies == [draft, live.article]


def test_other_photo_with_the_same_file_is_named_before_the_kill() -> None:
    photo, copy = make_supplied_photo(), make_supplied_photo()
    assert uses(photo).copies == [copy]


def test_killed_photo_is_no_file_to_supply(admin_client: Client) -> None:
    photo = make_supplied_photo(expected_file="face.jpg")
    make_article(parts=(photo,))
    kill_photo(photo, by=make_user(), reason="Faked.")
    for address in ("/admin/", "/admin/articles/photo/?missing=yes"):
        assert "face.jpg" not in admin_client.get(address).content.decode()


def test_desk_is_warned_of_a_killed_photo_in_the_text() -> None:
    photo = make_supplied_photo()
    article = make_article(parts=(photo,))
    kill_photo(photo, by=make_user(), reason="Faked.")
    problems = gates.sorted_problems(preflight(article))
    found = [(problem.code, problem.severity) for problem in problems if "photo" in problem.code]
    assert found == [("photo_killed", WARNING)]


# The same picture twice


def test_same_bytes_are_reported_when_they_come_again() -> None:
    first, second = make_photo(), make_photo()
    assert renditions.supply(first, jpeg()) == []
    assert renditions.supply(second, jpeg()) == [first]


def test_smaller_and_recompressed_copy_is_found_and_another_picture_is_not() -> None:
    first, copy, other = make_photo(), make_photo(), make_photo()
    renditions.supply(first, jpeg((1200, 900)))
    renditions.supply(copy, jpeg((500, 375)))
    buffer = io.BytesIO()
    Image.radial_gradient("L").save(buffer, "PNG")
    renditions.supply(other, buffer)
    assert lookalikes.similar(copy) == [first]
    assert lookalikes.similar(other) == []


def test_pictures_of_one_colour_are_not_alike() -> None:
    photos = [make_photo(), make_photo()]
    for photo, colour in zip(photos, ("red", "blue"), strict=True):
        buffer = io.BytesIO()
        Image.new("RGB", (60, 40), colour).save(buffer, "PNG")
        renditions.supply(photo, buffer)
    assert lookalikes.similar(photos[0]) == []


def test_likeness_asks_two_queries_and_looks_back_a_bounded_way(
    settings: Any, django_assert_num_queries: Any
) -> None:
    old, *_others, new = [make_photo(perceptual_hash=f"{9:016x}") for _ in range(5)]
    with django_assert_num_queries(2):
        assert old in lookalikes.similar(new)
    settings.NEWSROOM_PHOTO_COMPARED = 3
    assert old not in lookalikes.similar(new)
