"""What machines read: JSON-LD, Open Graph and feeds, compared whole."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

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
    publisher,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
URL = "https://news.example/world/2026/07/04/harbour-reopens/"


def make_story(**values: Any) -> Article:
    photo = make_photo(
        caption="Cranes at dusk.",
        alt_text="Three cranes",
        copyright_notice="© AFP",
        agency=make_source("AFP"),
        photographer=make_contributor("Signe Hal"),
    )
    Rendition.objects.create(
        photo=photo, format="jpeg", width=960, height=600, file="renditions/a.jpg"
    )
    return make_article(
        "Harbour reopens",
        parts=("The harbour reopened on Monday.", photo),
        standfirst="After four days.",
        section=make_section("World"),
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"), make_source("Port Office", SourceKind.INSTITUTION)),
        **values,
    )


def publish_with_correction() -> Publication:
    """Publish at noon and correct an hour later."""
    with time_machine.travel(NOON, tick=False):
        article = make_publication(make_story()).article
    with time_machine.travel(NOON + dt.timedelta(hours=1), tick=False):
        return publish(
            change(article, kicker="Storm"),
            by=publisher(),
            kind="correction",
            note="A figure was wrong.",
            corrections=[("83 florins.", "38 florins.")],
        )


def json_ld(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_story_is_a_news_article_with_all_it_rests_on(client: Client) -> None:
    publication = publish_with_correction()
    data = json_ld(client.get(publication.get_absolute_url()).text)
    assert data == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "@id": f"{URL}#article",
                "url": URL,
                "mainEntityOfPage": URL,
                "headline": "Harbour reopens",
                "description": "After four days.",
                "inLanguage": "en",
                "datePublished": "2026-07-04T12:00:00+00:00",
                "dateModified": "2026-07-04T13:00:00+00:00",
                "articleSection": "World",
                "wordCount": 5,
                "isAccessibleForFree": True,
                "author": [
                    {
                        "@type": "Person",
                        "name": "Ada Weil",
                        "url": "https://news.example/by/ada-weil/",
                    }
                ],
                "publisher": {
                    "@type": "NewsMediaOrganization",
                    "name": "The Test Courier",
                    "url": "https://news.example/",
                    "logo": {
                        "@type": "ImageObject",
                        "url": "https://news.example/static/img/logo.png",
                        "width": 512,
                        "height": 512,
                    },
                },
                "about": [
                    {
                        "@type": "Thing",
                        "name": "Harbours",
                        "url": "https://news.example/topic/harbours/",
                    }
                ],
                "image": [
                    {
                        "@type": "ImageObject",
                        "url": "https://news.example/media/renditions/a.jpg",
                        "width": 960,
                        "height": 600,
                        "caption": "Cranes at dusk.",
                        "creditText": "Signe Hal/AFP",
                        "creator": {"@type": "Person", "name": "Signe Hal"},
                        "copyrightNotice": "© AFP",
                    }
                ],
                "isBasedOn": [
                    {
                        "@type": "CreativeWork",
                        "name": "Reuters",
                        "url": "https://news.example/source/reuters/",
                        "creator": {"@type": "Organization", "name": "Reuters"},
                    }
                ],
                "citation": [
                    {
                        "@type": "CreativeWork",
                        "name": "Port Office",
                        "url": "https://news.example/source/port-office/",
                        "creator": {"@type": "Organization", "name": "Port Office"},
                    }
                ],
                "correction": [
                    {
                        "@type": "CorrectionComment",
                        "text": "A figure was wrong. An earlier version said: 83 florins. "
                        "It should say: 38 florins.",
                        "datePublished": "2026-07-04T13:00:00+00:00",
                    }
                ],
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": 1,
                        "name": "World",
                        "item": "https://news.example/world/",
                    },
                    {
                        "@type": "ListItem",
                        "position": 2,
                        "name": "Harbour reopens",
                        "item": URL,
                    },
                ],
            },
        ],
    }


def test_story_without_byline_or_photo_names_the_site(client: Client) -> None:
    publication = make_publication(headline="Short")
    article = json_ld(client.get(publication.get_absolute_url()).text)["@graph"][0]
    assert [row["name"] for row in article["author"]] == ["The Test Courier"]
    assert article["image"][0]["url"] == "https://news.example/static/img/share.png"


def test_words_can_not_end_the_data_block(client: Client) -> None:
    hostile = "</script><!-- & \u2028"
    publication = make_publication(make_article(hostile, slug="hostile"))
    page = client.get(publication.get_absolute_url()).text
    assert json_ld(page)["@graph"][0]["headline"] == publication.headline
    assert page.count("</script>") == 1


def test_link_to_a_story_is_shown_with_its_facts(client: Client) -> None:
    page = client.get(publish_with_correction().get_absolute_url()).text
    found = dict(
        re.findall(r'<meta (?:property|name)="([a-z]+:[a-z_:]+)" content="([^"]*)">', page)
    )
    assert found == {
        "og:site_name": "The Test Courier",
        "og:type": "article",
        "og:title": "Harbour reopens",
        "og:description": "After four days.",
        "og:url": URL,
        "og:locale": "en",
        "og:image": "https://news.example/media/renditions/a.jpg",
        "og:image:width": "960",
        "og:image:height": "600",
        "og:image:alt": "Three cranes",
        "article:published_time": "2026-07-04T12:00:00+00:00",
        "article:modified_time": "2026-07-04T13:00:00+00:00",
        "article:section": "World",
        "article:author": "Ada Weil",
        "article:tag": "Harbours",
        "twitter:card": "summary_large_image",
    }
    assert f'<link rel="canonical" href="{URL}">' in page


def test_feed_carries_the_full_story(client: Client) -> None:
    publication = publish_with_correction()
    uuid = publication.article.uuid
    block = re.findall(r'id="(b-[0-9a-f]+)"', publication.body)[0]
    assert client.get("/world/feed/").text == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>World – The Test Courier</title><link>https://news.example/world/</link>"
        "<description>World – The Test Courier</description>"
        '<atom:link href="https://news.example/world/feed/" rel="self"/>'
        "<language>en</language><lastBuildDate>Sat, 04 Jul 2026 13:00:00 +0000</lastBuildDate>"
        "<generator>Newsroom</generator>"
        f"<item><title>Harbour reopens</title><link>{URL}</link>"
        "<description>After four days.</description>"
        "<pubDate>Sat, 04 Jul 2026 12:00:00 +0000</pubDate>"
        f'<guid isPermaLink="false">urn:newsroom:{uuid}</guid>'
        "<category>World</category><category>Harbours</category>"
        "<dc:creator>Ada Weil</dc:creator><content:encoded>"
        f'&lt;p id="{block}"&gt;The harbour reopened on Monday.&lt;/p&gt;\n'
        "&lt;figure&gt;"
        '&lt;img src="https://news.example/media/renditions/a.jpg" width="960" height="600"'
        ' alt="Three cranes"&gt;'
        "&lt;figcaption&gt;Cranes at dusk. Photo: Signe Hal/AFP&lt;/figcaption&gt;&lt;/figure&gt;\n"
        "&lt;p&gt;According to Reuters&lt;/p&gt;\n&lt;p&gt;According to Port Office&lt;/p&gt;"
        "</content:encoded></item></channel></rss>"
    )


def test_feed_keeps_the_id_of_a_story_that_moves(client: Client) -> None:
    article = make_publication().article
    before = re.findall("urn:newsroom:[0-9a-f-]+", client.get("/feed/").text)
    publish(change(article, slug="elsewhere"), by=publisher())
    assert re.findall("urn:newsroom:[0-9a-f-]+", client.get("/feed/").text) == before


def test_feed_names_no_address_of_the_machine_that_served_it(client: Client) -> None:
    make_publication()
    assert "testserver" not in client.get("/feed/").text


def test_feed_makes_links_within_the_site_full_ones(client: Client) -> None:
    article = change(
        make_article(),
        body='<p>See <a href="/world/">World</a> and <a href="//x.example/">X</a></p>',
    )
    make_publication(article)
    feed = client.get("/feed/").text
    assert '&lt;a href="https://news.example/world/"' in feed
    assert '&lt;a href="//x.example/"' in feed


def test_feed_does_not_tell_readers_that_nothing_changed_when_a_story_is_taken_back(
    client: Client,
) -> None:
    publication = make_publication()
    response = client.get("/feed/")
    assert "Last-Modified" not in response.headers
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    again = client.get("/feed/", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 200
