"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with a picture's credit in ``_photo``."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from articles.pages import absolute
from articles.public.feeds.entries import Entry, Feed, Named, Picture, site_author

MEDIA_TYPE = "application/feed+json"


def write(feed: Feed) -> str:
    """Return a feed as a JSON document."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url("json", feed.here),
        "description": feed.description,
        "next_url": feed.url("json", feed.older) if feed.older else "",
        "icon": absolute(static("img/logo.png")),
        "favicon": absolute(static("img/logo-144.png")),
        "authors": _people([site_author()]),
        "language": settings.LANGUAGE_CODE,
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
    }
    items = [_item(entry) for entry in feed.entries]
    return json.dumps({**_given(said), "items": items}, ensure_ascii=False)


def _item(entry: Entry) -> dict[str, Any]:
    picture = entry.picture
    return _given(
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            "content_html": entry.content,
            "image": picture.url if picture else "",
            "date_published": _time(entry.published),
            "date_modified": _time(entry.updated),
            "authors": _people(entry.authors),
            "tags": [one.name for one in entry.categories],
            "language": entry.language,
            "attachments": [_attachment(picture)] if picture else [],
            "_photo": _photo(picture) if picture else None,
        }
    )


def _people(people: Sequence[Named]) -> list[dict[str, Any]]:
    return [_given({"name": person.name, "url": person.url}) for person in people]


def _attachment(picture: Picture) -> dict[str, Any]:
    return _given(
        {
            "url": picture.url,
            "mime_type": "image/jpeg",
            "title": picture.description,
            "size_in_bytes": picture.length,
        }
    )


def _photo(picture: Picture) -> dict[str, Any]:
    return _given(
        {
            "url": picture.url,
            "width": picture.width,
            "height": picture.height,
            "description": picture.description,
            "credit": picture.credit,
            "copyright": picture.rights,
        }
    )


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
