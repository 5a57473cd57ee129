"""What a link to a page is shown with elsewhere: Open Graph and Twitter cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import to_locale

from articles.choices import BylineRole
from articles.pages import ArticlePage, absolute, alt_text
from articles.public.structured_data.pictures import in_order, own_picture, shared


def sharing(page: ArticlePage) -> dict[str, Any]:
    """Return what a link to the story is shown with.

    The picture is the first that was supplied, in the shape that others show, else the site's own.
    """
    story = page.publication
    rows = story.credits.get("bylines", [])
    authors = [row["name"] for row in rows if row["role"] == BylineRole.AUTHOR]
    return {
        "type": "article",
        "title": story.headline,
        "description": story.standfirst,
        "url": absolute(story.get_absolute_url()),
        "locale": to_locale(story.language),
        "authors": authors or [settings.SITE_NAME],
        "image": _image(page),
    }


def properties(page: ArticlePage) -> SafeString:
    """Return what a link to the story is shown with as ``meta`` elements."""
    story, shared = page.publication, sharing(page)
    image = shared["image"]
    lines = [
        _meta("og:type", shared["type"]),
        _meta("og:title", shared["title"]),
        _meta("og:description", shared["description"]) if shared["description"] else "",
        _meta("og:url", shared["url"]),
        _meta("og:locale", shared["locale"]),
        _meta("og:image", image["url"]),
        _meta("og:image:width", image["width"]),
        _meta("og:image:height", image["height"]),
        _meta("og:image:alt", image["alt"]),
        _meta("article:published_time", timezone.localtime(story.published_at).isoformat()),
        _meta("article:modified_time", timezone.localtime(story.revised_at).isoformat()),
        _meta("article:section", story.section.name),
        _joined(_meta("article:author", name) for name in shared["authors"]),
        _joined(_meta("article:tag", row["name"]) for row in story.credits.get("topics", ())),
        format_html('<meta name="{}" content="{}">', "twitter:card", "summary_large_image"),
    ]
    return _joined(lines, "\n")


def sharing_list(title: str, description: str, path: str) -> dict[str, Any]:
    """Return what a link to a list is shown with."""
    return {
        "type": "website",
        "title": title,
        "description": description,
        "url": absolute(path),
        "locale": to_locale(settings.LANGUAGE_CODE),
        "image": {**own_picture(), "alt": settings.SITE_NAME},
    }


def _image(page: ArticlePage) -> dict[str, Any]:
    photo = next((photo for photo in in_order(page) if shared(photo)), None)
    if photo is None:
        return {**own_picture(), "alt": settings.SITE_NAME}
    file = (shared(photo, "share") or shared(photo))[-1]
    return {
        "url": absolute(file.url),
        "width": file.width,
        "height": file.height,
        "alt": alt_text(photo),
    }


def _meta(name: str, value: str | int) -> SafeString:
    return format_html('<meta property="{}" content="{}">', name, value)


def _joined(parts: Iterable[str], between: str = "") -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts))
