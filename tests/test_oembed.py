"""The oEmbed provider describes public stories of this site, and nothing else."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Rendition
from articles.workflow import transitions
from tests.factories import (
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    publisher,
)

pytestmark = pytest.mark.django_db


def ask(client: Client, path: str, **query: str) -> int:
    return client.get("/oembed/", {"url": f"https://news.example{path}", **query}).status_code


def test_a_story_is_described_as_its_page_says(client: Client) -> None:
    publication = make_publication(authors=(make_contributor("Ada Weil"),), headline="Ferry sinks")
    page = client.get(publication.get_absolute_url()).text
    assert "application/json+oembed" in page
    url = f"https://news.example{publication.get_absolute_url()}"
    assert client.get("/oembed/", {"url": url}).json() == {
        "version": "1.0",
        "type": "link",
        "title": "Ferry sinks",
        "author_name": "Ada Weil",
        "author_url": "https://news.example/by/ada-weil/",
        "provider_name": "The Test Courier",
        "provider_url": "https://news.example/",
    }


def test_what_is_not_listed_is_not_described(client: Client) -> None:
    retracted = make_publication()
    transitions.retract(retracted.article, by=publisher(), note="Wrong")
    later = make_publication(make_article(), at=timezone.now() + dt.timedelta(hours=1))
    assert ask(client, retracted.get_absolute_url()) == 404
    assert ask(client, later.get_absolute_url()) == 404


@pytest.mark.parametrize("url", ["", "https://elsewhere.invalid/x", "https://[", "//", "\x00"])
def test_other_addresses_are_unknown(client: Client, url: str) -> None:
    assert client.get("/oembed/", {"url": url}).status_code == 404


def test_other_formats_are_not_offered(client: Client) -> None:
    assert ask(client, make_publication().get_absolute_url(), format="yaml") == 501


def test_description_may_be_had_as_xml(client: Client) -> None:
    publication = make_publication(headline="Ferry & bridge")
    page = client.get(publication.get_absolute_url())
    kind, _title, url = page.context["alternates"][-1]
    assert kind == "text/xml+oembed"
    response = client.get(url.removeprefix("https://news.example"))
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.text == (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        "<oembed><version>1.0</version><type>link</type><title>Ferry &amp; bridge</title>"
        "<author_name>The Test Courier</author_name>"
        "<provider_name>The Test Courier</provider_name>"
        "<provider_url>https://news.example/</provider_url></oembed>"
    )


@pytest.mark.parametrize(
    ("limits", "width"),
    [
        ({}, 960),
        ({"maxwidth": "2000"}, 1600),
        ({"maxwidth": "700"}, 480),
        ({"maxheight": "300"}, 480),
        ({"maxwidth": "100"}, None),
        ({"maxwidth": "wide", "maxheight": "-1"}, 960),
        ({"maxwidth": "٧٠٠"}, 960),
    ],
)
def test_thumbnail_keeps_within_the_limits(
    client: Client, limits: dict[str, str], width: int | None
) -> None:
    photo = make_photo()
    for size in (480, 960, 1600):
        Rendition.objects.create(
            photo=photo, format="jpeg", width=size, height=size * 5 // 8, file=f"r/{size}.jpg"
        )
    publication = make_publication(make_article(parts=("Text.", photo)))
    url = f"https://news.example{publication.get_absolute_url()}"
    found = client.get("/oembed/", {"url": url, **limits}).json()
    assert found.get("thumbnail_width") == width
    assert ("thumbnail_url" in found) is ("thumbnail_height" in found) is (width is not None)
