"""Atom 1.0 (RFC 4287), with credits of pictures as in Media RSS."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from articles.addresses import static_file
from articles.pages import absolute
from articles.public.feeds.entries import Entry, Feed, Named, Picture, site_author, written
from articles.public.feeds.media import media
from articles.public.xml import HEAD, Xml, element, tag

MEDIA_TYPE = "application/atom+xml"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(feed: Feed) -> str:
    """Return a feed as an Atom document."""
    return HEAD + tag(
        "feed",
        {**_NAMESPACES, "xml:lang": settings.LANGUAGE_CODE},
        element("id", feed.url("atom")),
        element("title", feed.title),
        element("subtitle", feed.description),
        element("updated", _time(feed.updated)),
        element("link", rel="alternate", type_="text/html", href=feed.home),
        *(element("link", rel=rel, href=url) for rel, url in feed.links("atom")),
        _person(site_author()),
        element("rights", feed.rights),
        element("icon", absolute(static_file("img/logo-144.png"))),
        element("logo", absolute(static_file("img/logo.png"))),
        element("generator", "Newsroom"),
        *written(feed.entries, _entry),
    )


def _entry(entry: Entry) -> Xml:
    return element(
        "entry",
        element("id", entry.id),
        element("title", entry.title),
        element(
            "link", rel="alternate", type_="text/html", hreflang=entry.language, href=entry.url
        ),
        element("published", _time(entry.published)),
        element("updated", _time(entry.updated)),
        *(_person(author) for author in entry.authors),
        *(element("category", term=one.name, label=one.name) for one in entry.categories),
        element("summary", entry.summary),
        element("content", entry.content, type_="html"),
        *(_picture(entry.picture) if entry.picture else ()),
        xml_lang=entry.language,
    )


def _person(person: Named) -> Xml:
    uri = (element("uri", person.url),) if person.url else ()
    return element("author", element("name", person.name), *uri)


def _picture(picture: Picture) -> tuple[Xml, Xml]:
    file = element(
        "link",
        rel="enclosure",
        title=picture.description,
        type_="image/jpeg",
        length=picture.length,
        href=picture.url,
    )
    return file, media(picture)


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")
