"""One story with everything in it, for the tests of the formats of the news trade."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import time_machine
from django.utils import timezone

from articles.choices import BylineRole, SourceKind
from articles.formats.story import Story
from articles.models import Article, Byline, Contributor, Photo, Publication, Rendition
from articles.public.api import loading
from articles.workflow import transitions
from tests.factories import (
    make_article,
    make_contributor,
    make_photo,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publish_then_correct,
    publisher,
)

NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=1)
UUID = "6f1c2b0e-0d5c-4a43-9d41-1f7f6a1f4c55"
PHOTO = "0a7c1d52-6a0b-4d0e-8f5e-93a1c1f6f001"
SITE = "https://news.example"
URL = f"{SITE}/world/2026/07/04/harbour-reopens/"
API = f"{SITE}/api/v1/articles/{UUID}/"


def contributor(name: str) -> Contributor:
    return Contributor.objects.filter(name=name).first() or make_contributor(name)


def make_story_photo(**values: Any) -> Photo:
    """Make a photo with every right and credit, and files of two widths and formats."""
    values.setdefault("uuid", uuid.UUID(PHOTO))
    values.setdefault("caption", "Cranes at dusk.")
    photo = make_photo(
        alt_text="Three cranes",
        credit_line="",
        photographer=contributor("Signe Hal"),
        agency=make_source("AFP"),
        copyright_notice="© AFP",
        usage_terms="Not for resale.",
        web_statement="https://afp.example/terms",
        digital_source_type="digitalCapture",
        taken_at=NOON - dt.timedelta(days=1),
        place="Port Averil",
        **values,
    )
    for format_name, width, name in (
        ("jpeg", 480, "a.jpg"),
        ("jpeg", 960, "b.jpg"),
        ("webp", 480, "c.webp"),
    ):
        Rendition.objects.create(
            photo=photo,
            format=format_name,
            width=width,
            height=width * 5 // 8,
            file=f"renditions/{name}",
        )
    return photo


def make_story(**values: Any) -> Article:
    """Make the working copy: a figure, a list, a table, a quotation and marks in the text."""
    values.setdefault("uuid", uuid.UUID(UUID))
    values.setdefault("headline", "Harbour reopens")
    if "parts" not in values:
        values["parts"] = ("The harbour reopened on Monday.", make_story_photo())
    values.setdefault("sources", (make_source("Reuters"), make_source("Port", SourceKind.DOCUMENT)))
    article = make_article(
        standfirst="After four days.",
        kicker="Squall",
        dateline="PORT AVERIL",
        section=make_section("World"),
        authors=(contributor("Ada Weil"),),
        topics=(make_topic(),),
        **values,
    )
    Byline.objects.create(
        article=article,
        contributor=contributor("Bo Lind"),
        role=BylineRole.PHOTOGRAPHER,
        position=1,
    )
    transitions.save(article)
    return article


def publish_with_correction(**values: Any) -> Publication:
    """Publish the story at noon and correct it an hour later."""
    return publish_then_correct(lambda: make_story(**values), NOON)


def publish_at(article: Article, moment: dt.datetime, **values: Any) -> Publication:
    with time_machine.travel(moment, tick=False):
        return publish(article, **values)


def story_of(publication: Publication, at: dt.datetime | None = None) -> Story:
    """Load a story as the API does."""
    return loading.story(str(publication.article.uuid), at or timezone.now())


def killed_story() -> Story:
    """Publish the story and kill it."""
    article = publish_with_correction().article
    transitions.request_kill(article, by=publisher(), reason="Court order.")
    article.refresh_from_db()
    return story_of(transitions.kill(article, by=make_user(), reason="Order."))


def stories_in_each_state(other: Article) -> list[Story]:
    """Return the story corrected, archived and retracted, and another one."""
    publication = publish_with_correction()
    article, stories = publication.article, [story_of(publication), story_of(publish(other))]
    with time_machine.travel(LATER + dt.timedelta(hours=1), tick=False):
        stories.append(story_of(transitions.archive(article, by=publisher())))
    with time_machine.travel(LATER + dt.timedelta(hours=2), tick=False):
        stories.append(story_of(transitions.retract(article, by=publisher(), note="Untrue.")))
    return stories
