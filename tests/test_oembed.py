"""The oEmbed provider describes public stories of this site, and nothing else."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles.workflow import transitions
from tests.factories import make_article, make_contributor, make_publication, publisher

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
    assert ask(client, make_publication().get_absolute_url(), format="xml") == 501
