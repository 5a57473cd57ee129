"""Feeds in three formats, compared whole: the same stories, in full, with all they rest on."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import Settings

from articles.choices import SourceKind
from articles.models import Article, Publication, Rendition
from articles.workflow import transitions
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
    publish_then_correct,
    publisher,
    schedule,
)
from tests.test_public_lists import Archive, queries

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
SITE = "https://news.example"
URL = f"{SITE}/world/2026/07/04/harbour-reopens/"
HUB = "https://hub.example/"
FORMATS = ["", "atom/", "json/"]
LISTS = ["/", "/world/", "/topic/harbours/", "/by/ada-weil/", "/source/reuters/"]
FEEDS = [f"{home}feed/{part}" for home in LISTS for part in FORMATS]
ATOM = "{http://www.w3.org/2005/Atom}"


def make_story(**values: Any) -> Article:
    photo = make_photo(
        caption="Cranes at dusk.",
        alt_text="Three cranes",
        copyright_notice="© AFP",
        credit_line="",
        agency=make_source("AFP"),
        photographer=make_contributor("Signe Hal"),
    )
    Rendition.objects.create(
        photo=photo, format="jpeg", width=960, height=600, file="renditions/a.jpg"
    )
    return make_article(
        "Harbour reopens",
        parts=("The harbour & the <quay> reopened.", photo),
        standfirst="After four days & nights.",
        section=make_section("World"),
        authors=(make_contributor("Ada Weil"), make_contributor("Bo Lind")),
        topics=(make_topic(),),
        sources=(make_source("Reuters"), make_source("Port Office", SourceKind.INSTITUTION)),
        **values,
    )


def publish_with_correction() -> Publication:
    return publish_then_correct(make_story, NOON)


def content_of(publication: Publication) -> str:
    """Return the text that each format carries of the story."""
    block = re.findall(r'id="(b-[0-9a-f]+)"', publication.body)[0]
    return (
        f'<p id="{block}">The harbour &amp; the &lt;quay&gt; reopened.</p>\n'
        '<figure><img src="https://news.example/media/renditions/a.jpg" width="960" height="600"'
        ' alt="Three cranes"><figcaption>Cranes at dusk. Photo: Signe Hal/AFP</figcaption>'
        "</figure>\n"
        "<p>According to Reuters</p>\n<p>According to Port Office</p>\n"
        "<p><strong>Correction, 4 July 2026:</strong> A figure was wrong. An earlier version said:"
        " 83 florins. It should say: 38 florins.</p>"
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


MEDIA = (
    '<media:content url="https://news.example/media/renditions/a.jpg" type="image/jpeg"'
    ' medium="image" width="960" height="600">'
    '<media:description type="plain">Cranes at dusk.</media:description>'
    "<media:credit>Signe Hal/AFP</media:credit><media:copyright>© AFP</media:copyright>"
    "</media:content>"
)


def test_rss_carries_the_full_story(client: Client, settings: Settings) -> None:
    settings.WEBSUB_HUBS = [HUB]
    publication = publish_with_correction()
    response = client.get("/world/feed/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert response.text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:media="http://search.yahoo.com/mrss/">'
        "<channel><title>World – The Test Courier</title><link>https://news.example/world/</link>"
        "<description>World – The Test Courier</description>"
        '<atom:link rel="self" href="https://news.example/world/feed/"/>'
        '<atom:link rel="hub" href="https://hub.example/"/>'
        "<language>en</language><copyright>© The Test Courier</copyright>"
        "<lastBuildDate>Sat, 04 Jul 2026 13:00:00 +0000</lastBuildDate>"
        "<generator>Newsroom</generator>"
        "<docs>https://www.rssboard.org/rss-specification</docs>"
        "<image><url>https://news.example/static/img/logo-144.png</url>"
        "<title>World – The Test Courier</title><link>https://news.example/world/</link>"
        "<width>144</width><height>144</height></image>"
        f'<item xml:lang="en"><title>Harbour reopens</title><link>{URL}</link>'
        f'<guid isPermaLink="false">urn:newsroom:{publication.article.uuid}</guid>'
        "<pubDate>Sat, 04 Jul 2026 12:00:00 +0000</pubDate>"
        "<atom:updated>2026-07-04T13:00:00+00:00</atom:updated><dc:language>en</dc:language>"
        "<dc:creator>Ada Weil</dc:creator><dc:creator>Bo Lind</dc:creator>"
        "<category>World</category><category>Harbours</category>"
        "<description>After four days &amp;amp; nights.</description>"
        f"<content:encoded>{escaped(content_of(publication))}</content:encoded>"
        '<enclosure url="https://news.example/media/renditions/a.jpg" length="0"'
        ' type="image/jpeg"/>'
        f"{MEDIA}</item></channel></rss>"
    )


def test_atom_carries_the_full_story(client: Client, settings: Settings) -> None:
    settings.WEBSUB_HUBS = [HUB]
    publication = publish_with_correction()
    response = client.get("/world/feed/atom/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response.text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xml:lang="en"><id>https://news.example/world/feed/atom/</id>'
        "<title>World – The Test Courier</title><subtitle>World – The Test Courier</subtitle>"
        "<updated>2026-07-04T13:00:00+00:00</updated>"
        '<link rel="alternate" type="text/html" href="https://news.example/world/"/>'
        '<link rel="self" href="https://news.example/world/feed/atom/"/>'
        '<link rel="hub" href="https://hub.example/"/>'
        "<author><name>The Test Courier</name><uri>https://news.example/</uri></author>"
        "<rights>© The Test Courier</rights>"
        "<icon>https://news.example/static/img/logo-144.png</icon>"
        "<logo>https://news.example/static/img/logo.png</logo><generator>Newsroom</generator>"
        f'<entry xml:lang="en"><id>urn:newsroom:{publication.article.uuid}</id>'
        "<title>Harbour reopens</title>"
        f'<link rel="alternate" type="text/html" hreflang="en" href="{URL}"/>'
        "<published>2026-07-04T12:00:00+00:00</published>"
        "<updated>2026-07-04T13:00:00+00:00</updated>"
        "<author><name>Ada Weil</name><uri>https://news.example/by/ada-weil/</uri></author>"
        "<author><name>Bo Lind</name><uri>https://news.example/by/bo-lind/</uri></author>"
        '<category term="World" label="World"/><category term="Harbours" label="Harbours"/>'
        "<summary>After four days &amp; nights.</summary>"
        f'<content type="html">{escaped(content_of(publication))}</content>'
        '<link rel="enclosure" title="Cranes at dusk." type="image/jpeg" length="0"'
        ' href="https://news.example/media/renditions/a.jpg"/>'
        f"{MEDIA}</entry></feed>"
    )


def test_json_feed_carries_the_full_story(client: Client, settings: Settings) -> None:
    settings.WEBSUB_HUBS = [HUB]
    publication = publish_with_correction()
    response = client.get("/world/feed/json/")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    picture = f"{SITE}/media/renditions/a.jpg"
    assert json.loads(response.content) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "World – The Test Courier",
        "home_page_url": f"{SITE}/world/",
        "feed_url": f"{SITE}/world/feed/json/",
        "description": "World – The Test Courier",
        "icon": f"{SITE}/static/img/logo.png",
        "favicon": f"{SITE}/static/img/logo-144.png",
        "authors": [{"name": "The Test Courier", "url": f"{SITE}/"}],
        "language": "en",
        "hubs": [{"type": "WebSub", "url": HUB}],
        "items": [
            {
                "id": f"urn:newsroom:{publication.article.uuid}",
                "url": URL,
                "title": "Harbour reopens",
                "summary": "After four days & nights.",
                "content_html": content_of(publication),
                "image": picture,
                "date_published": "2026-07-04T12:00:00+00:00",
                "date_modified": "2026-07-04T13:00:00+00:00",
                "authors": [
                    {"name": "Ada Weil", "url": f"{SITE}/by/ada-weil/"},
                    {"name": "Bo Lind", "url": f"{SITE}/by/bo-lind/"},
                ],
                "tags": ["World", "Harbours"],
                "language": "en",
                "attachments": [
                    {"url": picture, "mime_type": "image/jpeg", "title": "Cranes at dusk."}
                ],
                "_photo": {
                    "url": picture,
                    "width": 960,
                    "height": 600,
                    "description": "Cranes at dusk.",
                    "credit": "Signe Hal/AFP",
                    "copyright": "© AFP",
                },
            }
        ],
    }


def ids(client: Client, address: str) -> list[str]:
    """Return what stands in a feed, in its order, whatever its format."""
    content = client.get(address).content
    if content.startswith(b"{"):
        return [item["id"] for item in json.loads(content)["items"]]
    root = etree.fromstring(content)
    return [str(one.text) for one in root.iter("guid", f"{ATOM}id") if one.getparent() is not root]


@pytest.mark.parametrize("home", LISTS)
def test_all_formats_hold_the_same_stories(client: Client, home: str) -> None:
    Archive().grow(30)
    found = [ids(client, f"{home}feed/{part}") for part in FORMATS]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 5


@pytest.mark.parametrize("part", FORMATS)
def test_feed_asks_the_same_of_ten_stories_and_of_a_thousand(client: Client, part: str) -> None:
    archive = Archive()
    archive.grow(10)
    addresses = [f"{home}feed/{part}" for home in (*LISTS, "/corrections/")]
    few = [len(queries(client, address)) for address in addresses]
    archive.grow(1000)
    assert [len(queries(client, address)) for address in addresses] == few
    assert max(few) <= 9


def following(client: Client, address: str, rel: str) -> str:
    found = re.search(rf'<([^>]+)>; rel="{rel}"', client.get(address).headers["Link"])
    return found[1].removeprefix(SITE) if found else ""


@pytest.mark.parametrize("part", FORMATS)
def test_pages_of_a_feed_lead_to_every_story_once(
    client: Client, settings: Settings, part: str
) -> None:
    settings.LIST_PAGE_SIZE = 7
    Archive().grow(20)
    seen, here = [], f"/feed/{part}"
    while here:
        seen += ids(client, here)
        last, here = here, following(client, here, "next")
    assert len(seen) == len(set(seen)) == 20
    assert following(client, last, "first") == f"/feed/{part}"


@pytest.mark.parametrize("address", FEEDS)
def test_scheduled_story_is_in_feeds_from_its_second_on(client: Client, address: str) -> None:
    make_publication(make_story())
    at = (timezone.now() + dt.timedelta(hours=1)).replace(microsecond=0)
    later = make_article(
        "Quicksilver",
        authors=tuple(make_story_people()),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )
    schedule(later, at=at)
    with time_machine.travel(at - dt.timedelta(seconds=1), tick=False):
        assert "Quicksilver" not in client.get(address).text
    with time_machine.travel(at, tick=False):
        assert "Quicksilver" in client.get(address).text


def make_story_people() -> list[Any]:
    return list(Publication.objects.latest("pk").contributors.filter(slug="ada-weil"))


@pytest.mark.parametrize("address", FEEDS)
def test_draft_and_retracted_story_are_in_no_feed(client: Client, address: str) -> None:
    publication = make_publication(make_story())
    change(publication.article, headline="Quicksilver")
    assert "Quicksilver" not in client.get(address).text
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    assert ids(client, address) == []


def test_feed_is_sent_once_to_who_asks_again_and_anew_when_a_story_is_taken_back(
    client: Client,
) -> None:
    publication = make_publication()
    etag = client.get("/feed/atom/").headers["ETag"]
    again = client.get("/feed/atom/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    assert client.get("/feed/atom/", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("part", FORMATS)
def test_feed_answers_head_without_a_body(client: Client, part: str) -> None:
    make_publication()
    head, get = client.head(f"/feed/{part}"), client.get(f"/feed/{part}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]


def test_feed_keeps_the_id_of_a_story_that_moves(client: Client) -> None:
    article = make_publication().article
    before = ids(client, "/feed/")
    publish(change(article, slug="elsewhere"), by=publisher())
    assert ids(client, "/feed/") == before


def test_feed_names_no_address_of_the_machine_that_served_it(client: Client) -> None:
    make_publication()
    assert "testserver" not in client.get("/feed/").text


def test_feed_makes_links_within_the_site_full_ones(client: Client) -> None:
    body = '<p>See <a href="/world/">World</a> and <a href="//x.example/">X</a></p>'
    make_publication(change(make_article(), body=body))
    text = json.loads(client.get("/feed/json/").content)["items"][0]["content_html"]
    assert '<a href="https://news.example/world/"' in text
    assert '<a href="//x.example/"' in text


def test_entry_is_in_the_language_of_its_story(client: Client) -> None:
    make_publication(make_article("Cảng mở lại", language="vi", slug="cang"))
    entry = etree.fromstring(client.get("/feed/atom/").content).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"


def test_story_without_standfirst_is_summed_up_by_its_first_words(client: Client) -> None:
    make_publication(make_article(parts=("Fish & chips < 9 florins.",)))
    summary = etree.fromstring(client.get("/feed/atom/").content).findtext(f".//{ATOM}summary")
    assert summary == "Fish & chips < 9 florins."


def test_photo_kept_out_of_feeds_is_in_none(client: Client) -> None:
    article = make_story()
    photo = make_publication(article).photos.get()
    photo.withheld_from = ["feed"]
    photo.save()
    for part in FORMATS:
        text = client.get(f"/feed/{part}").text
        assert "a.jpg" not in text
        assert "Signe Hal" not in text


@pytest.mark.parametrize("part", FORMATS)
def test_empty_feed_is_one_all_the_same(client: Client, part: str) -> None:
    assert client.get(f"/feed/{part}").status_code == 200
    assert ids(client, f"/corrections/feed/{part}") == []


@pytest.mark.parametrize("query", ["before=x", "after=fffffffffffffff-1", "before="])
@pytest.mark.parametrize("feed", ["/feed/", "/feed/json/", "/corrections/feed/atom/"])
def test_place_never_given_out_is_not_found(client: Client, feed: str, query: str) -> None:
    expected = 200 if feed.startswith("/corrections") and "after" in query else 404
    assert client.get(f"{feed}?{query}").status_code == expected


# Corrections


def test_page_of_corrections_offers_their_feeds_and_every_foot_the_site_s(client: Client) -> None:
    page = client.get("/corrections/").text
    for part in ("", "atom/", "json/"):
        offer = rf'<link rel="alternate" [^>]+Corrections[^>]+ href="/corrections/feed/{part}">'
        assert re.search(offer, page)
        assert f'<a href="/feed/{part}"' in page


def test_corrections_feed_says_what_was_wrong_and_what_is_right(client: Client) -> None:
    publication = publish_with_correction()
    (item,) = json.loads(client.get("/corrections/feed/json/").content)["items"]
    assert item == {
        "id": f"urn:newsroom:{publication.article.uuid}:{publication.number}",
        "url": URL,
        "title": "Correction: Harbour reopens",
        "summary": "A figure was wrong. An earlier version said: 83 florins. It should say: 38"
        " florins.",
        "content_html": "<p>A figure was wrong.</p>\n"
        "<dl><dt>An earlier version said</dt><dd>83 florins.</dd>"
        "<dt>It should say</dt><dd>38 florins.</dd></dl>\n"
        f'<p><a href="{URL}">Harbour reopens</a></p>',
        "date_published": "2026-07-04T13:00:00+00:00",
        "date_modified": "2026-07-04T13:00:00+00:00",
        "authors": [{"name": "The Test Courier", "url": f"{SITE}/"}],
        "tags": ["World", "Harbours"],
        "language": "en",
    }


@pytest.mark.parametrize("part", FORMATS)
def test_corrections_of_a_story_taken_back_are_gone(client: Client, part: str) -> None:
    publication = publish_with_correction()
    assert len(ids(client, f"/corrections/feed/{part}")) == 1
    transitions.retract(publication.article, by=publisher(), note="All of it was wrong.")
    assert ids(client, f"/corrections/feed/{part}") == []


def test_scheduled_correction_is_told_in_its_second(client: Client) -> None:
    article = make_publication().article
    at = (timezone.now() + dt.timedelta(hours=1)).replace(microsecond=0)
    schedule(change(article, kicker="New"), at=at, kind="correction", note="Quicksilver.")
    with time_machine.travel(at - dt.timedelta(seconds=1), tick=False):
        assert "Quicksilver" not in client.get("/corrections/feed/").text
    with time_machine.travel(at, tick=False):
        assert "Quicksilver" in client.get("/corrections/feed/").text


def test_pages_of_corrections_lead_to_each_once(client: Client, settings: Settings) -> None:
    settings.LIST_PAGE_SIZE = 2
    for number, kind in enumerate(["correction", "clarification"] * 2):
        article = make_publication().article
        publish(change(article, kicker="New"), kind=kind, note=f"Note {number}.")
    seen, here = [], "/corrections/feed/"
    while here:
        seen += ids(client, here)
        here = following(client, here, "next")
    assert len(seen) == len(set(seen)) == 4
    assert "Note 3." in client.get("/corrections/feed/").text


def test_pages_name_their_feeds(client: Client) -> None:
    make_publication(make_story())
    for home in LISTS:
        feeds = client.get(home).context["feeds"]
        assert [url for _type, _title, url in feeds] == [f"{home}feed/{part}" for part in FORMATS]
