"""A story as NITF: its blocks as NITF has them, and that it is valid by IPTC's schema."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from lxml import etree

from articles.formats.nitf import nitf
from articles.models import Photo
from articles.workflow import transitions
from tests import standards
from tests.factories import change, make_article, publish, publisher
from tests.test_ninjs import BODY, TOLD
from tests.trade import (
    LATER,
    NOON,
    SITE,
    URL,
    UUID,
    killed_story,
    make_story,
    make_story_photo,
    publish_with_correction,
    stories_in_each_state,
    story_of,
)

pytestmark = pytest.mark.django_db

NITF = "{http://iptc.org/std/NITF/2006-10-18/}"


def written(publication: Any) -> Any:
    return etree.fromstring(nitf(story_of(publication)))


def part(root: Any, tag: str) -> str:
    """Return an element as text, without its namespace."""
    ways = {"body.content": f"{NITF}body/{NITF}body.content"}
    found = root.find(ways.get(tag, f".//{NITF}{tag}"))
    return etree.tostring(found, encoding="unicode").replace(
        ' xmlns="http://iptc.org/std/NITF/2006-10-18/"', ""
    )


def test_head_of_the_text_has_headline_names_place_and_notes():
    assert part(written(publish_with_correction()), "body.head") == (
        '<body.head><hedline><hl1>Harbour reopens</hl1><hl2 class="kicker">Storm</hl2></hedline>'
        f'<note noteclass="editorsnote" type="pa"><body.content><p>{TOLD}</p></body.content></note>'
        "<byline><person>Ada Weil</person></byline>"
        "<distributor><org>The Test Courier</org></distributor>"
        "<dateline><location>PORT AVERIL</location></dateline>"
        "<abstract><p>After four days.</p></abstract></body.head>"
    )


def test_text_has_its_photo_with_caption_and_credit_apart():
    assert part(written(publish_with_correction()), "body.content") == (
        "<body.content><p>The harbour reopened on Monday.</p>"
        '<media media-type="image">'
        f'<media-reference source="{SITE}/media/renditions/b.jpg" mime-type="image/jpeg" '
        'width="960" height="600" alternate-text="Three cranes"/>'
        "<media-caption>Cranes at dusk. </media-caption>"
        "<media-producer>Photo: Signe Hal/AFP</media-producer></media>"
        '<p class="source-line">According to Reuters</p>'
        '<p class="source-line">According to Port</p></body.content>'
    )


def test_document_data_name_version_and_rights():
    root = written(publish_with_correction())
    assert part(root, "docdata") == (
        '<docdata management-status="usable">'
        f'<correction info="{TOLD}"/>'
        f'<doc-id id-string="urn:newsroom:{UUID}" regsrc="The Test Courier"/>'
        '<date.issue norm="20260704T120000Z"/><date.release norm="20260704T130000Z"/>'
        f'<du-key key="urn:newsroom:{UUID}" version="2"/>'
        '<doc.copyright year="2026" holder="The Test Courier / Reuters"/>'
        '<identified-content><classifier type="topic" value="Harbours"/>'
        '<classifier type="source" value="Port"/><classifier type="source" value="Reuters"/>'
        "</identified-content></docdata>"
    )
    assert root.find(f".//{NITF}pubdata").get("ex-ref") == URL


def test_every_kind_of_block_has_its_element():
    root = written(publish(change(make_article("Prices"), body=BODY)))
    assert part(root, "body.content") == (
        "<body.content><hl2>Who pays</hl2>"
        '<p>Less &lt;than&gt; <em class="bold">half</em>, see '
        f'<a href="{SITE}/world/">here</a>.<br/>Next line.</p>'
        "<bq><block><p>“We wait.”</p></block><credit>Ada Weil</credit></bq>"
        "<ul><li>One<ol><li>Nested</li></ol></li><li>Two</li></ul>"
        "<table><tr><th>Fish</th><th>Price</th></tr><tr><td>Cod</td><td>9</td></tr></table>"
        "</body.content>"
    )


def test_photo_that_may_not_be_handed_on_is_a_sentence():
    photo = make_story_photo(caption="Quicksilver.")
    publication = publish(make_story(parts=("The harbour reopened.", photo)))
    Photo.objects.filter(pk=photo.pk).update(usable_until=NOON - dt.timedelta(days=1))
    content = nitf(story_of(publication))
    assert b"no right to show this photo" in content
    assert b"Quicksilver" not in content
    assert b"<media" not in content


def test_retracted_document_is_canceled_and_says_why():
    article = publish_with_correction().article
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        root = written(transitions.retract(article, by=publisher(), note="It never reopened."))
    assert root.find(f".//{NITF}docdata").get("management-status") == "canceled"
    assert part(root, "body") == (
        "<body><body.content><p>It never reopened.</p></body.content></body>"
    )


def test_killed_document_keeps_no_word():
    content = nitf(killed_story())
    for word in (b"harbour", b"Harbour", b"Order", b"Reuters"):
        assert word not in content


@standards.needs_standards
def test_nitf_is_valid(settings):
    settings.NEWSROOM_USAGE_TERMS = "For subscribers only."
    for story in stories_in_each_state(change(make_article("Prices"), body=BODY)):
        assert standards.nitf_errors(nitf(story)) == []
