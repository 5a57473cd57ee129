"""RSS 2.0: full text, a creator for each author, credits of pictures (Media RSS), times of changes.

Follows the specification and the RSS Advisory Board's profile (https://www.rssboard.org).
"""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

from django.conf import settings

from articles.addresses import static_file
from articles.pages import absolute
from articles.public.feeds.entries import Entry, Feed, Picture, written
from articles.public.feeds.media import media
from articles.public.xml import HEAD, Xml, element, tag

MEDIA_TYPE = "application/rss+xml"
_NAMESPACES = {
    "version": "2.0",
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(feed: Feed) -> str:
    """Return a feed as an RSS document."""
    channel = element(
        "channel",
        element("title", feed.title),
        element("link", feed.home),
        element("description", feed.description),
        *(element("atom:link", rel=rel, href=url) for rel, url in feed.links("rss")),
        element("language", settings.LANGUAGE_CODE),
        element("copyright", feed.rights),
        element("lastBuildDate", _time(feed.updated)),
        element("generator", "Newsroom"),
        element("docs", "https://www.rssboard.org/rss-specification"),
        _logo(feed),
        *written(feed.entries, _item),
    )
    return HEAD + tag("rss", _NAMESPACES, channel)


def _logo(feed: Feed) -> Xml:
    return element(
        "image",
        element("url", absolute(static_file("img/logo-144.png"))),
        element("title", feed.title),
        element("link", feed.home),
        element("width", "144"),
        element("height", "144"),
    )


def _item(entry: Entry) -> Xml:
    return element(
        "item",
        element("title", entry.title),
        element("link", entry.url),
        element("guid", entry.id, isPermaLink="false"),
        element("pubDate", _time(entry.published)),
        element("atom:updated", entry.updated.astimezone(dt.UTC).isoformat(timespec="seconds")),
        element("dc:language", entry.language),
        *(element("dc:creator", author.name) for author in entry.authors),
        *(element("category", one.name) for one in entry.categories),
        element("description", _as_html(entry.summary)),
        element("content:encoded", entry.content),
        *(_picture(entry.picture) if entry.picture else ()),
        xml_lang=entry.language,
    )


def _picture(picture: Picture) -> tuple[Xml, Xml]:
    file = element("enclosure", url=picture.url, length=picture.length, type_="image/jpeg")
    return file, media(picture)


def _as_html(summary: str) -> str:
    """Return plain text as the HTML that a description holds."""
    return summary.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(dt.UTC))
