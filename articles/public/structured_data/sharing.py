"""What a link to a page is shown with elsewhere: Open Graph and Twitter cards."""

from __future__ import annotations

from typing import Any

from django.conf import settings
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
