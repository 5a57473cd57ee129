"""A story as ninjs 3.1 (IPTC, News in JSON), whole or as a line of a list."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from articles import pages
from articles.formats import markup
from articles.formats.pictures import StoryPicture, picture_of, pictures_of
from articles.formats.story import (
    Story,
    alternates,
    is_supplier,
    page_of,
    time_text,
    told,
    without_empty,
)
from articles.models import Rendition

STANDARD = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
TYPES = {"jpeg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
_PLAIN = "text/plain"


def ninjs(story: Story) -> dict[str, Any]:
    """Return a story with its text, photos and corrections; of a withdrawn one the notice."""
    if story.is_withdrawn:
        return _canceled(story)
    root = markup.tree_of(story)
    words = story.publication.words
    return without_empty(
        {
            **_head(story, "full"),
            "edNote": story.change_note,
            "descriptions": [
                *_summary(story),
                *(
                    {"role": str(change.kind), "contentType": _PLAIN, "value": told(change)}
                    for change in story.changes
                ),
            ],
            "bodies": [
                {
                    "role": "main",
                    "contentType": "text/html",
                    "wordCount": words,
                    "value": markup.as_html(root),
                },
                {
                    "role": "plain",
                    "contentType": _PLAIN,
                    "wordCount": words,
                    "value": markup.as_text(root),
                },
            ],
            "associations": [
                _picture(picture, number) for number, picture in enumerate(pictures_of(story), 1)
            ],
        }
    )


def ninjs_line(story: Story) -> dict[str, Any]:
    """Return what a list shows of a story: no text, and of the photos the first."""
    lead = story.publication.lead_photo
    picture = picture_of(lead) if lead else None
    return without_empty(
        {
            **_head(story, "partial"),
            "descriptions": _summary(story),
            "associations": [_picture(picture, 1)] if picture else [],
        }
    )


def _head(story: Story, completeness: str) -> dict[str, Any]:
    """Return all that is said of a story beside its text."""
    publication = story.publication
    return {
        **_identity(story, completeness),
        "firstCreated": time_text(publication.published_at),
        "contentCreated": time_text(publication.published_at),
        "pubStatus": "usable",
        "expires": time_text(story.expired_at) if story.expired_at else "",
        "language": publication.language,
        "copyrightHolder": story.copyright_holder,
        "copyrightNotice": story.copyright_notice,
        "usageTerms": settings.NEWSROOM_USAGE_TERMS,
        "rightsInfo": _rights(settings.NEWSROOM_LICENCE_URL),
        "headlines": _headlines(story),
        "by": story.by,
        "located": publication.dateline,
        "people": [_person(row) for row in story.bylines],
        "infoSources": [_source(row) for row in story.sources],
        "subjects": _subjects(story),
        "altIds": [{"role": "permalink", "value": story.url}],
        "renditions": _representations(story),
    }


def _identity(story: Story, completeness: str) -> dict[str, Any]:
    return {
        "standard": STANDARD,
        "uri": story.uri,
        "type": "text",
        "representationType": completeness,
        "version": str(story.publication.number),
        "versionCreated": time_text(story.publication.live_from),
    }


def _canceled(story: Story) -> dict[str, Any]:
    """Return that a story is withdrawn; what was killed keeps no word, not even its address."""
    notice = {"role": "retraction", "contentType": _PLAIN, "value": story.notice}
    return without_empty(
        {
            **_identity(story, "full"),
            "pubStatus": "canceled",
            "language": "" if story.is_killed else story.publication.language,
            "edNote": story.notice,
            "descriptions": [notice] if story.notice else [],
            "altIds": [] if story.is_killed else [{"role": "permalink", "value": story.url}],
        }
    )


def _headlines(story: Story) -> list[dict[str, str]]:
    rows = [("main", story.publication.headline), ("kicker", story.publication.kicker)]
    return [{"role": role, "contentType": _PLAIN, "value": value} for role, value in rows if value]


def _summary(story: Story) -> list[dict[str, str]]:
    standfirst = story.publication.standfirst
    return [{"role": "summary", "contentType": _PLAIN, "value": standfirst}] if standfirst else []


def _person(row: dict[str, str]) -> dict[str, str]:
    uri = page_of("contributor", row["slug"]) if row["slug"] else ""
    return without_empty({"name": row["name"], "rel": str(row["role"]), "uri": uri})


def _source(row: dict[str, str]) -> dict[str, str]:
    role = "supplier" if is_supplier(row) else "source"
    return {"name": row["name"], "role": role, "uri": page_of("source", row["slug"])}


def _subjects(story: Story) -> list[dict[str, str]]:
    section = story.publication.section
    where = {
        "name": section.name,
        "rel": "section",
        "uri": pages.absolute(section.get_absolute_url()),
        "literal": section.path,
    }
    about = [
        {
            "name": row["name"],
            "rel": "about",
            "uri": page_of("topic", row["slug"]),
            "literal": row["slug"],
        }
        for row in story.topics
    ]
    return [*about, where]


def _representations(story: Story) -> list[dict[str, str]]:
    """Return where the story is found on the web, and in the other formats."""
    page = {"name": "web", "href": story.url, "contentType": "text/html"}
    others = [
        {"name": name, "href": address, "contentType": media_type}
        for media_type, name, address in alternates(story.uuid)
    ]
    return [page, *others]


def _picture(picture: StoryPicture, number: int) -> dict[str, Any]:
    photo = picture.photo
    agency = photo.agency
    words = [("caption", picture.caption), ("alt", picture.alt), ("credit", picture.credit)]
    return without_empty(
        {
            "name": f"picture-{number}",
            "rel": "contains",
            "uri": picture.uri,
            "type": "picture",
            "representationType": "full",
            "pubStatus": "usable",
            "contentCreated": time_text(photo.taken_at) if photo.taken_at else "",
            "headlines": [{"role": "main", "value": photo.headline}] if photo.headline else [],
            "descriptions": [
                {"role": role, "contentType": _PLAIN, "value": value}
                for role, value in words
                if value
            ],
            "by": picture.by,
            "located": photo.place,
            "infoSources": [{"name": agency.name, "role": "supplier"}] if agency else [],
            "copyrightNotice": photo.copyright_notice,
            "usageTerms": photo.usage_terms,
            "rightsInfo": _rights(photo.web_statement),
            "digitalSourceType": picture.source_type,
            "renditions": [_file(picture, file) for file in picture.files],
        }
    )


def _file(picture: StoryPicture, file: Rendition) -> dict[str, Any]:
    photo = picture.photo
    return {
        "name": f"{file.format}-{file.width}",
        "href": pages.absolute(file.url),
        "contentType": TYPES[file.format],
        "width": file.width,
        "height": file.height,
        "poi": {
            "x": round(photo.focal_x * file.width),
            "y": round(photo.focal_y * file.height),
        },
    }


def _rights(address: str) -> dict[str, str]:
    return {"linkedRights": address} if address else {}
