"""A story as a NewsML-G2 item: what it says, and that it is valid by IPTC's schema."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from lxml import etree

from articles.formats.newsml_g2 import newsml_g2
from articles.workflow import transitions
from tests import standards
from tests.factories import change, make_article, publish, publisher
from tests.test_ninjs import BODY, TOLD
from tests.trade import (
    LATER,
    SITE,
    URL,
    UUID,
    killed_story,
    publish_with_correction,
    stories_in_each_state,
    story_of,
)

pytestmark = pytest.mark.django_db

G2 = "{http://iptc.org/std/nar/2006-10-01/}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def written(publication: Any) -> Any:
    return etree.fromstring(newsml_g2(story_of(publication)))


def texts(item: Any, path: str) -> list[str]:
    found = item.iterfind("/".join(f"{G2}{tag}" for tag in path.split("/")))
    return ["".join(one.itertext()) for one in found]


def test_item_is_named_dated_and_usable():
    item = written(publish_with_correction())
    assert dict(item.attrib) == {
        "guid": f"urn:newsroom:{UUID}",
        "version": "2",
        "standard": "NewsML-G2",
        "standardversion": "2.35",
        "conformance": "power",
        "{http://www.w3.org/XML/1998/namespace}lang": "en",
        "dir": "ltr",
    }
    meta = item.find(f"{G2}itemMeta")
    assert [(one.tag.removeprefix(G2), one.text, dict(one.attrib)) for one in meta][0:9] == [
        ("itemClass", None, {"qcode": "ninat:text"}),
        ("provider", None, {"uri": f"{SITE}/"}),
        ("versionCreated", "2026-07-04T13:00:00+00:00", {}),
        ("firstCreated", "2026-07-04T12:00:00+00:00", {}),
        ("pubStatus", None, {"qcode": "stat:usable"}),
        ("generator", "Newsroom", {}),
        ("title", "Harbour reopens", {}),
        ("edNote", TOLD, {}),
        (
            "link",
            None,
            {"rel": "irel:seeAlso", "href": URL, "contenttype": "text/html"},
        ),
    ]


def test_item_says_who_wrote_supplied_and_owns_it():
    item = written(publish_with_correction())
    assert texts(item, "contentMeta/creator/name") == ["Ada Weil"]
    assert texts(item, "contentMeta/contributor/name") == ["Bo Lind"]
    assert texts(item, "contentMeta/infoSource/name") == ["Port", "Reuters"]
    assert texts(item, "contentMeta/subject/name") == ["Harbours", "World"]
    assert texts(item, "contentMeta/headline") == ["Harbour reopens"]
    assert texts(item, "contentMeta/description") == ["After four days.", TOLD]
    assert texts(item, "contentMeta/dateline") == ["PORT AVERIL"]
    assert texts(item, "rightsInfo/copyrightNotice") == ["© 2026 The Test Courier / Reuters"]


def test_text_is_xhtml_with_its_figure():
    item = written(publish_with_correction())
    body = item.find(f".//{XHTML}body")
    assert ["".join(one.itertext()).strip() for one in body.iterfind(f"{XHTML}p")] == [
        "PORT AVERIL The harbour reopened on Monday.",
        "According to Reuters",
        "According to Port",
    ]
    image = body.find(f"{XHTML}figure/{XHTML}img")
    assert image.get("src") == f"{SITE}/media/renditions/b.jpg"
    assert texts(item, "contentSet/inlineXML") != []


def test_withdrawn_items_are_canceled_without_content():
    article = publish_with_correction().article
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        item = written(transitions.retract(article, by=publisher(), note="It never reopened."))
    assert item.find(f"{G2}itemMeta/{G2}pubStatus").get("qcode") == "stat:canceled"
    assert texts(item, "itemMeta/edNote") == ["It never reopened."]
    assert item.find(f"{G2}contentSet") is None
    assert item.find(f"{G2}contentMeta") is None


def test_killed_item_keeps_no_word():
    content = newsml_g2(killed_story())
    for word in (b"harbour", b"Harbour", b"Order", b"Reuters"):
        assert word not in content


def test_no_character_that_xml_forbids_gets_in():
    publication = publish(make_article("Boats \ufffe\uffff leave", standfirst="\ufffe."))
    assert texts(written(publication), "contentMeta/headline") == ["Boats  leave"]


@standards.needs_standards
def test_newsml_g2_is_valid(settings):
    settings.NEWSROOM_USAGE_TERMS = "For subscribers only."
    settings.NEWSROOM_LICENCE_URL = "https://news.example/licence/"
    for story in stories_in_each_state(change(make_article("Prices"), body=BODY)):
        assert standards.newsml_g2_errors(newsml_g2(story)) == []
