"""A story as ninjs: compared whole, and valid by IPTC's schema."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles.choices import Channel
from articles.formats.ninjs import ninjs, ninjs_line
from articles.models import Photo
from articles.workflow import transitions
from tests import standards
from tests.factories import change, make_article, make_user, publish, publisher
from tests.trade import (
    API,
    LATER,
    NOON,
    PHOTO,
    SITE,
    URL,
    UUID,
    make_story,
    make_story_photo,
    publish_at,
    publish_with_correction,
    story_of,
)

pytestmark = pytest.mark.django_db


def plain(role: str, value: str) -> dict[str, str]:
    return {"role": role, "contentType": "text/plain", "value": value}


def file(format_name: str, width: int, name: str) -> dict[str, Any]:
    height = width * 5 // 8
    return {
        "name": f"{format_name}-{width}",
        "href": f"{SITE}/media/renditions/{name}",
        "contentType": f"image/{format_name}",
        "width": width,
        "height": height,
        "poi": {"x": width // 2, "y": height // 2},
    }


PICTURE = {
    "name": "picture-1",
    "rel": "contains",
    "uri": f"urn:newsroom:photo:{PHOTO}",
    "type": "picture",
    "representationType": "full",
    "pubStatus": "usable",
    "contentCreated": "2026-07-03T12:00:00+00:00",
    "descriptions": [
        plain("caption", "Cranes at dusk."),
        plain("alt", "Three cranes"),
        plain("credit", "Signe Hal/AFP"),
    ],
    "by": "Signe Hal",
    "located": "Port Averil",
    "infoSources": [{"name": "AFP", "role": "supplier"}],
    "copyrightNotice": "© AFP",
    "usageTerms": "Not for resale.",
    "rightsInfo": {"linkedRights": "https://afp.example/terms"},
    "digitalSourceType": {
        "name": "Camera",
        "uri": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    },
    "renditions": [
        file("jpeg", 480, "a.jpg"),
        file("jpeg", 960, "b.jpg"),
        file("webp", 480, "c.webp"),
    ],
}
HEAD = {
    "standard": {
        "name": "ninjs",
        "version": "3.1",
        "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
    },
    "uri": f"urn:newsroom:{UUID}",
    "type": "text",
    "version": "2",
    "versionCreated": "2026-07-04T13:00:00+00:00",
    "firstCreated": "2026-07-04T12:00:00+00:00",
    "contentCreated": "2026-07-04T12:00:00+00:00",
    "pubStatus": "usable",
    "language": "en",
    "copyrightHolder": "The Test Courier / Reuters",
    "copyrightNotice": "© 2026 The Test Courier / Reuters",
    "headlines": [plain("main", "Harbour reopens"), plain("kicker", "Storm")],
    "by": "Ada Weil",
    "located": "PORT AVERIL",
    "people": [
        {"name": "Ada Weil", "rel": "author", "uri": f"{SITE}/by/ada-weil/"},
        {"name": "Bo Lind", "rel": "photographer", "uri": f"{SITE}/by/bo-lind/"},
    ],
    "infoSources": [
        {"name": "Port", "role": "source", "uri": f"{SITE}/source/port/"},
        {"name": "Reuters", "role": "supplier", "uri": f"{SITE}/source/reuters/"},
    ],
    "subjects": [
        {
            "name": "Harbours",
            "rel": "about",
            "uri": f"{SITE}/topic/harbours/",
            "literal": "harbours",
        },
        {"name": "World", "rel": "section", "uri": f"{SITE}/world/", "literal": "world"},
    ],
    "altIds": [{"role": "permalink", "value": URL}],
    "renditions": [
        {"name": "web", "href": URL, "contentType": "text/html"},
        {"name": "ninjs", "href": API, "contentType": "application/json"},
        {
            "name": "NewsML-G2",
            "href": f"{API}newsml-g2/",
            "contentType": "application/vnd.iptc.g2.newsitem+xml",
        },
        {"name": "NITF", "href": f"{API}nitf/", "contentType": "application/nitf+xml"},
    ],
    "associations": [PICTURE],
}
TOLD = (
    "Correction: A figure was wrong. "
    "An earlier version said: 83 florins. It should say: 38 florins."
)


def test_corrected_story_says_all_that_readers_see():
    item = ninjs(story_of(publish_with_correction()))
    bodies = item.pop("bodies")
    assert item == {
        **HEAD,
        "representationType": "full",
        "edNote": TOLD,
        "descriptions": [plain("summary", "After four days."), plain("correction", TOLD)],
    }
    assert [(body["role"], body["contentType"]) for body in bodies] == [
        ("main", "text/html"),
        ("plain", "text/plain"),
    ]
    assert bodies[1]["value"] == (
        "PORT AVERIL The harbour reopened on Monday.\n\nAccording to Reuters\n\nAccording to Port"
    )


def test_html_has_figures_with_full_addresses_caption_and_credit():
    html = ninjs(story_of(publish_with_correction()))["bodies"][0]["value"]
    assert (
        f'<figure><img src="{SITE}/media/renditions/b.jpg" width="960" height="600" '
        f'alt="Three cranes" data-uri="urn:newsroom:photo:{PHOTO}">'
        '<figcaption>Cranes at dusk. <span class="credit">Photo: Signe Hal/AFP</span></figcaption>'
        "</figure>" in html
    )


def test_line_of_a_list_has_no_text_and_no_notes():
    assert ninjs_line(story_of(publish_with_correction())) == {
        **HEAD,
        "representationType": "partial",
        "descriptions": [plain("summary", "After four days.")],
    }


def test_desk_note_is_only_with_the_version_that_corrects():
    article = publish_with_correction().article
    moment = LATER + dt.timedelta(hours=1)
    again = publish_at(change(article, kicker="Gale"), moment, kind="update", note="More boats.")
    item = ninjs(story_of(again))
    assert "edNote" not in item
    assert plain("correction", TOLD) in item["descriptions"]


def test_retracted_story_is_canceled_and_says_only_why():
    article = publish_with_correction().article
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        retraction = transitions.retract(article, by=publisher(), note="It never reopened.")
    assert ninjs(story_of(retraction)) == {
        "standard": HEAD["standard"],
        "uri": f"urn:newsroom:{UUID}",
        "type": "text",
        "representationType": "full",
        "version": "3",
        "versionCreated": "2026-07-04T14:00:00+00:00",
        "pubStatus": "canceled",
        "language": "en",
        "edNote": "It never reopened.",
        "descriptions": [plain("retraction", "It never reopened.")],
        "altIds": [{"role": "permalink", "value": URL}],
    }


def test_killed_story_keeps_no_word_and_no_address():
    article = publish_with_correction().article
    transitions.request_kill(article, by=publisher(), reason="Court order.")
    article.refresh_from_db()
    killed = transitions.kill(article, by=make_user(), reason="Court order.")
    item = ninjs(story_of(killed, timezone.now()))
    assert set(item) == {
        "standard",
        "uri",
        "type",
        "representationType",
        "version",
        "versionCreated",
        "pubStatus",
    }
    assert item["pubStatus"] == "canceled"


def test_archived_story_says_when_it_left_the_lists():
    article = publish_with_correction().article
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        archived = transitions.archive(article, by=publisher())
    assert ninjs(story_of(archived))["expires"] == "2026-07-04T14:00:00+00:00"


def test_rights_of_the_site_are_said_with_each_story(settings):
    settings.NEWSROOM_USAGE_TERMS = "For subscribers only."
    settings.NEWSROOM_LICENCE_URL = "https://news.example/licence/"
    item = ninjs(story_of(publish_with_correction()))
    assert item["usageTerms"] == "For subscribers only."
    assert item["rightsInfo"] == {"linkedRights": "https://news.example/licence/"}


@pytest.mark.parametrize(
    "withheld",
    [
        {"withheld_from": [str(Channel.API)]},
        {"usable_until": NOON - dt.timedelta(days=1)},
        {"usable_from": timezone.now() + dt.timedelta(days=400)},
    ],
)
def test_photo_that_may_not_be_handed_on_leaves_nothing_but_a_notice(withheld):
    photo = make_story_photo(caption="Quicksilver cranes.")
    publication = publish(make_story(parts=("The harbour reopened.", photo)))
    Photo.objects.filter(pk=photo.pk).update(**withheld)
    item = ninjs(story_of(publication))
    assert "associations" not in item
    html = item["bodies"][0]["value"]
    assert "<figure><p>" in html
    for word in ("Quicksilver", "Signe", "renditions/", PHOTO):
        assert word not in str(item)


def test_photo_without_a_file_is_a_caption_in_the_text_and_no_association():
    photo = make_story_photo()
    photo.renditions.all().delete()
    item = ninjs(story_of(publish(make_story(parts=("The harbour reopened.", photo)))))
    assert "associations" not in item
    assert "<figure><figcaption>Cranes at dusk." in item["bodies"][0]["value"]


def test_photo_that_stands_twice_is_one_association():
    photo = make_story_photo()
    item = ninjs(story_of(publish(make_story(parts=(photo, "The harbour reopened.", photo)))))
    assert [one["uri"] for one in item["associations"]] == [f"urn:newsroom:photo:{PHOTO}"]


BODY = """
<h2>Who pays</h2>
<p>Less &lt;than&gt; <strong>half</strong>, see <a href="/world/">here</a>.<br>Next line.</p>
<blockquote><p>“We wait.”</p><p><cite>Ada Weil</cite></p></blockquote>
<ul><li><p>One</p><ol><li><p>Nested</p></li></ol></li><li><p>Two</p></li></ul>
<table><tbody><tr><th><p>Fish</p></th><th><p>Price</p></th></tr>
<tr><td><p>Cod</p></td><td><p>9</p></td></tr></tbody></table>
"""


def test_every_kind_of_block_is_in_both_texts():
    article = make_article("Prices")
    main, plain_text = ninjs(story_of(publish(change(article, body=BODY))))["bodies"]
    assert plain_text["value"].split("\n\n") == [
        "Who pays",
        "Less <than> half, see here.\nNext line.",
        "“We wait.”",
        "Ada Weil",
        "- One\n  1. Nested\n- Two",
        "Fish | Price\nCod | 9",
    ]
    html = main["value"]
    assert f'<a href="{SITE}/world/">here</a>' in html
    assert "table-scroll" not in html
    assert "<table id=" in html
    assert "Less &lt;than&gt; <strong>half</strong>" in html


@standards.needs_standards
def test_ninjs_is_valid():
    publication = publish_with_correction()
    article, stories = publication.article, [story_of(publication)]
    stories.append(story_of(publish(change(make_article("Prices"), body=BODY))))
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        stories.append(story_of(transitions.retract(article, by=publisher(), note="Untrue.")))
    for story in stories:
        assert standards.ninjs_errors(ninjs(story)) == []
    assert standards.ninjs_errors(ninjs_line(stories[0])) == []
