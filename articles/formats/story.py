"""The story that the writers are given, and what all of them say of it in the same words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles import pages
from articles.choices import BylineRole, PublicationKind, SourceKind
from articles.credits import byline_text
from articles.models import Photo, Publication
from articles.pages import Change

NEWSML_G2 = "application/vnd.iptc.g2.newsitem+xml"
NITF = "application/nitf+xml"
# The view that answers with each format, its name and its media type.
FORMATS = [
    ("api-article", "ninjs", "application/json"),
    ("api-newsml-g2", "NewsML-G2", NEWSML_G2),
    ("api-nitf", "NITF", NITF),
]
_SUPPLIERS = (SourceKind.AGENCY, SourceKind.OUTLET)
_WITHDRAWN = (PublicationKind.RETRACTION, PublicationKind.KILL)


@dataclass(frozen=True, slots=True)
class Story:
    """A publication with its section, its photos (``pages.with_renditions``) and its changes.

    ``changes`` are the corrections and clarifications readers are told of, newest first.
    """

    uuid: uuid.UUID
    publication: Publication
    photos: Sequence[Photo] = ()
    changes: Sequence[Change] = ()

    @property
    def uri(self) -> str:
        return f"urn:newsroom:{self.uuid}"

    @property
    def url(self) -> str:
        return pages.absolute(self.publication.get_absolute_url())

    @property
    def is_withdrawn(self) -> bool:
        """Whether nothing of the text may be told any more, only ``notice``."""
        return self.publication.kind in _WITHDRAWN

    @property
    def is_killed(self) -> bool:
        """Whether not even a notice is left; the address holds words of the headline."""
        return self.publication.kind == PublicationKind.KILL

    @property
    def notice(self) -> str:
        """Why the story was retracted."""
        retracted = self.publication.kind == PublicationKind.RETRACTION
        return self.publication.note if retracted else ""

    @property
    def expired_at(self) -> dt.datetime | None:
        """When the story left lists and search results for the archive, if it did."""
        archived = self.publication.kind == PublicationKind.ARCHIVED
        return self.publication.live_from if archived else None

    @property
    def bylines(self) -> list[dict[str, str]]:
        return list(self.publication.credits.get("bylines", []))

    @property
    def authors(self) -> list[dict[str, str]]:
        return [row for row in self.bylines if row["role"] == BylineRole.AUTHOR]

    @property
    def by(self) -> str:
        return byline_text(self.bylines)

    @property
    def topics(self) -> list[dict[str, str]]:
        return list(self.publication.credits.get("topics", []))

    @property
    def sources(self) -> list[dict[str, str]]:
        return list(self.publication.credits.get("sources", []))

    @property
    def copyright_holder(self) -> str:
        """The site, and the agencies and outlets that text comes from."""
        suppliers = (row["name"] for row in self.sources if is_supplier(row))
        return " / ".join([settings.SITE_NAME, *suppliers])

    @property
    def copyright_year(self) -> int:
        local = timezone.localtime(self.publication.published_at, timezone.get_default_timezone())
        return local.year

    @property
    def copyright_notice(self) -> str:
        return f"© {self.copyright_year} {self.copyright_holder}"

    @property
    def change_note(self) -> str:
        """What the desk of another newsroom has to know of this version, if anything."""
        if self.is_withdrawn or not self.changes:
            return ""
        change = self.changes[0]
        return told(change) if change.at == self.publication.live_from else ""


def is_supplier(source: dict[str, str]) -> bool:
    """Return whether a source supplies text, and is not only quoted in one."""
    return source["kind"] in _SUPPLIERS


def page_of(name: str, slug: str) -> str:
    """Return the full address of the page of a topic, contributor or source."""
    return pages.absolute(reverse(f"articles:{name}", kwargs={"slug": slug}))


def alternates(story: uuid.UUID) -> list[tuple[str, str, str]]:
    """Return media type, name and full address of a story in each of the formats."""
    return [
        (media_type, name, pages.absolute(reverse(f"articles:{view}", kwargs={"uuid": story})))
        for view, name, media_type in FORMATS
    ]


def told(change: Change) -> str:
    """Return a correction or clarification as one text, with what it is before it."""
    return f"{change.label}: {change.text}"


def time_text(moment: dt.datetime) -> str:
    """Return a time in UTC to the second, as pages and JSON-LD give it."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: no format needs an empty value."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
