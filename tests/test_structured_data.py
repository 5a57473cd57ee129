"""What machines read of pages: JSON-LD and Open Graph, compared whole."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles import pages
from articles.choices import SourceKind
from articles.models import Article, Photo, Publication, Rendition
from articles.public import unchanged
from articles.public.structured_data import graph, news_article
from articles.public.structured_data import pages as site_pages
from tests.factories import (
    arrange,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish_then_correct,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
URL = "https://news.example/world/2026/07/04/harbour-reopens/"


SITE_NODE = {
    "@type": "WebSite",
    "@id": "https://news.example/#website",
    "name": "The Test Courier",
    "url": "https://news.example/",
}
PUBLISHER = {
    "@type": "NewsMediaOrganization",
    "@id": "https://news.example/#publisher",
    "name": "The Test Courier",
    "url": "https://news.example/",
    "logo": {
        "@type": "ImageObject",
        "url": "https://news.example/static/img/logo.png",
        "width": 512,
        "height": 512,
    },
}


@pytest.fixture(autouse=True)
def no_other_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the pages on standards and corrections, and the search: they have tests below."""
    for module in (graph, site_pages):
        monkeypatch.setattr(module, "page", lambda name: "")


def make_story(**values: Any) -> Article:
    agency = make_source("AFP")
    agency.url = "https://afp.example/"
    agency.save()
    photo = make_photo(
        caption="Cranes at dusk.",
        alt_text="Three cranes",
        copyright_notice="© AFP",
        agency=agency,
        digital_source_type="digitalCapture",
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
    return publish_then_correct(make_story, NOON)


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
                "isPartOf": SITE_NODE,
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
                        "@id": "https://news.example/by/ada-weil/#person",
                        "name": "Ada Weil",
                        "url": "https://news.example/by/ada-weil/",
                    }
                ],
                "publisher": PUBLISHER,
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
                        "acquireLicensePage": "https://afp.example/",
                        "digitalSourceType": "https://schema.org/DigitalCaptureDigitalSource",
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
                        "name": "The Test Courier",
                        "item": "https://news.example/",
                    },
                    {
                        "@type": "ListItem",
                        "position": 2,
                        "name": "World",
                        "item": "https://news.example/world/",
                    },
                    {
                        "@type": "ListItem",
                        "position": 3,
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


def nodes(client: Client, address: str) -> list[dict[str, Any]]:
    return list(json_ld(client.get(address).text)["@graph"])


def with_files(photo: Photo, *sizes: tuple[str, int, int]) -> Photo:
    for crop, width, height in sizes:
        Rendition.objects.create(
            photo=photo, format="jpeg", crop=crop, width=width, height=height,
            file=f"renditions/{crop}{width}.jpg",
        )  # fmt: skip
    return photo


def widths(client: Client, *photos: Photo) -> list[tuple[int, int]]:
    publication = make_publication(make_article(parts=("Text.", *photos)))
    images = nodes(client, publication.get_absolute_url())[0]["image"]
    return [(image["width"], image["height"]) for image in images]


def test_lead_photo_is_offered_in_the_shapes_search_engines_show(client: Client) -> None:
    shapes = (("", 1600, 1067), ("16x9", 1200, 675), ("4x3", 1200, 900), ("1x1", 1067, 1067))
    lead = with_files(make_photo(), *shapes)
    other = with_files(make_photo(), ("", 1500, 1000), ("16x9", 1201, 676))
    assert widths(client, lead, other) == [(1600, 1067), (1200, 675), (1200, 900), (1500, 1000)]


def test_narrow_photo_is_offered_if_there_is_no_other(client: Client) -> None:
    narrow = with_files(make_photo(), ("", 960, 600))
    wide = with_files(make_photo(), ("", 1600, 1000))
    assert widths(client, narrow, wide) == [(1600, 1000)]
    assert widths(client, narrow) == [(960, 600)]


def test_our_own_photo_is_to_be_had_by_our_terms(client: Client, settings: Settings) -> None:
    settings.LICENSING_URL = "https://news.example/about/licensing/"
    ours = with_files(make_photo(), ("", 1600, 1000))
    theirs = with_files(make_photo(agency=make_source("AFP")), ("", 1601, 1000))
    publication = make_publication(make_article(parts=("Text.", ours, theirs)))
    own, agencys = nodes(client, publication.get_absolute_url())[0]["image"]
    assert own["license"] == own["acquireLicensePage"] == settings.LICENSING_URL
    assert "license" not in agencys
    assert "acquireLicensePage" not in agencys


def test_publisher_names_its_rules_where_it_has_pages_of_them(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(graph, "page", lambda name: f"https://news.example/{name}/")
    settings.OWNERSHIP_URL = "https://news.example/about/owners/"
    settings.TRUST_TXT = ["social=https://social.example/@courier", "member=https://x.example/"]
    publisher_node = nodes(client, "/")[1]
    rules = {
        "publishingPrinciples": "https://news.example/standards/",
        "ethicsPolicy": "https://news.example/standards/",
        "ownershipFundingInfo": "https://news.example/about/owners/",
        "correctionsPolicy": "https://news.example/corrections/",
        "sameAs": ["https://social.example/@courier"],
    }
    assert publisher_node == {**PUBLISHER, **rules}


def test_front_page_says_how_to_search(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nodes(client, "/") == [
        {**SITE_NODE, "inLanguage": "en", "publisher": {"@id": PUBLISHER["@id"]}},
        PUBLISHER,
    ]
    monkeypatch.setattr(site_pages, "page", lambda name: f"https://news.example/{name}/")
    unchanged.clear()
    assert nodes(client, "/")[0]["potentialAction"] == {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": "https://news.example/search/?q={search_term_string}",
        },
        "query-input": "required name=search_term_string",
    }


def test_list_names_its_stories_in_their_order(client: Client) -> None:
    markets = make_section("Markets", parent=make_section("Business"))
    story = make_publication(headline="Haddock falls", section=markets)
    page, way = nodes(client, "/business/markets/")
    url = "https://news.example/business/markets/"
    assert page == {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": "Markets",
        "inLanguage": "en",
        "isPartOf": SITE_NODE,
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": 1,
                    "url": f"https://news.example{story.get_absolute_url()}",
                    "name": "Haddock falls",
                }
            ],
        },
    }
    assert [row["item"] for row in way["itemListElement"]] == [
        "https://news.example/",
        "https://news.example/business/",
        url,
    ]


def test_section_with_a_front_names_the_stories_of_the_front_first(client: Client) -> None:
    world = make_section("World")
    chosen = make_publication(headline="Chosen", at=NOON).article
    rest = [
        make_publication(headline=f"Story {n}", at=NOON + n * dt.timedelta(hours=1))
        for n in range(1, 3)
    ]
    arrange(chosen, section=world)
    items = nodes(client, "/world/")[0]["mainEntity"]["itemListElement"]
    assert [row["name"] for row in items] == ["Chosen", rest[1].headline, rest[0].headline]


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "America/Lima"])
def test_times_are_in_the_zone_of_the_site(client: Client, zone: str) -> None:
    story = make_publication(at=dt.datetime(2026, 7, 4, 23, tzinfo=dt.UTC))
    with timezone.override(zone):
        published = nodes(client, story.get_absolute_url())[0]["datePublished"]
    assert (
        published
        == {
            "Asia/Ho_Chi_Minh": "2026-07-05T06:00:00+07:00",
            "America/Lima": "2026-07-04T18:00:00-05:00",
        }[zone]
    )


def test_contributor_has_a_profile_page(client: Client) -> None:
    make_publication(make_story())
    page, stories, _way = nodes(client, "/by/ada-weil/")
    url = "https://news.example/by/ada-weil/"
    assert (page["@type"], page["@id"]) == ("ProfilePage", url)
    assert page["mainEntity"] == {
        "@type": "Person",
        "@id": f"{url}#person",
        "name": "Ada Weil",
        "url": url,
        "worksFor": PUBLISHER,
    }
    assert [row["name"] for row in stories["itemListElement"]] == ["Harbour reopens"]


def test_source_page_says_what_the_source_is(client: Client) -> None:
    make_publication(make_story())
    page = nodes(client, "/source/port-office/")[0]
    assert page["about"] == {"@type": "Organization", "name": "Port Office"}


def test_translations_are_named_with_their_language() -> None:
    publication = make_publication()
    page = pages.make_page(publication, [], at=publication.live_from)
    url = "https://news.example/vietnam/2026/07/04/cang/"
    article = news_article(page, [("vi", url)])["@graph"][0]
    assert article["workTranslation"] == [
        {"@type": "CreativeWork", "@id": f"{url}#article", "url": url, "inLanguage": "vi"}
    ]


@pytest.mark.parametrize("home", ["/", "/world/", "/by/ada-weil/"])
def test_link_to_a_list_has_all_it_is_shown_with(client: Client, home: str) -> None:
    make_publication(make_story())
    shown = client.get(home).context["sharing"]
    assert (shown["type"], shown["url"]) == ("website", f"https://news.example{home}")
    assert shown["image"]["url"] == "https://news.example/static/img/share.png"
    assert shown["title"]
