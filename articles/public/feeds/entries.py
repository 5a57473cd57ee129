"""What stands in a feed, whatever its format: the feed, its entries, their people and pictures."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.html import format_html_join, strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles import dates, pages
from articles.choices import BylineRole, Channel
from articles.credits import credit_line
from articles.memos import Memo, place
from articles.models import Photo, Publication, Rendition
from articles.pages import Change, absolute
from articles.photo_values import File
from articles.public.addresses import page_of
from articles.public.feeds.texts import Text, TextPhoto, photos_of
from articles.public.xml import Xml
from articles.websub import FORMATS

_OWN_LINK = re.compile(r'(<a href=")(?=/(?!/))')
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Entries by all they are made of, and what is written of them; in bytes.
_ENTRIES: Memo[Entry] = Memo(1792 * 1024)
_WRITTEN: Memo[Xml] = Memo(1792 * 1024)


@dataclass(frozen=True, slots=True)
class Named:
    """A person, section or topic with its page, "" without one."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The lead photo's file; ``length`` in bytes, 0 while it is not known."""

    url: str
    width: int
    height: int
    length: int
    description: str
    credit: str
    rights: str


@dataclass(frozen=True, slots=True)
class Entry:
    """``id`` stays the same wherever the story moves; ``summary`` is plain text."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    language: str
    published: dt.datetime
    updated: dt.datetime
    authors: Sequence[Named]
    categories: Sequence[Named] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed; ``here``, ``newer`` and ``older`` are query strings (RFC 5005)."""

    title: str
    description: str
    home: str
    entries: Sequence[Entry]
    here: str = ""
    newer: str = ""
    older: str = ""
    hubs: Sequence[str] = field(default_factory=lambda: settings.WEBSUB_HUBS)

    @property
    def updated(self) -> dt.datetime:
        return max((entry.updated for entry in self.entries), default=_NEVER)

    @property
    def rights(self) -> str:
        return f"© {settings.SITE_NAME}"

    def url(self, format_name: str, query: str = "") -> str:
        return f"{self.home}{FORMATS[format_name]}{query}"

    def links(self, format_name: str) -> list[tuple[str, str]]:
        """Return the ways on from this page as pairs of relation and address."""
        rows = [("self", self.url(format_name, self.here))]
        if self.here:
            rows.append(("first", self.url(format_name)))
        ways = (("previous", self.newer), ("next", self.older))
        rows += [(rel, self.url(format_name, query)) for rel, query in ways if query]
        return [*rows, *(("hub", hub) for hub in self.hubs)]


def story_entries(stories: Sequence[Text], at: dt.datetime) -> list[Entry]:
    """Return the entries of stories; corrections made since stand at their end."""
    changes = pages.changes_of([story.article for story in stories], at)
    photos = photos_of(stories)
    here = place()
    return [
        _entry(story, photos[story.pk], changes.get(story.article, []), here) for story in stories
    ]


def _entry(
    story: Text, photos: tuple[TextPhoto, ...], changes: Sequence[Change], here: Hashable
) -> Entry:
    """Return an entry, or the one made of the same values before."""
    told = tuple((change.kind, change.at, change.note, *change.corrections) for change in changes)
    lead = next((photo for photo in photos if photo.pk == story.lead_photo), None)
    file = lead.file() if lead else None
    length = _length(file) if file else 0
    return _ENTRIES.get(
        (story, photos, told, length, here),
        lambda: _made(story.row(photos), changes, file, length),
    )


def _made(story: Any, changes: Sequence[Change], file: File | None, length: int) -> Entry:
    return Entry(
        id=entry_id(story),
        url=absolute(story.get_absolute_url()),
        title=story.headline,
        summary=story.standfirst or _first_words(story.body),
        content=full_text(story, changes),
        language=story.language,
        published=story.published_at,
        updated=max(story.revised_at, story.published_at),
        authors=_authors(story),
        categories=categories(story),
        picture=_picture(story, file.row(), length) if file else None,
    )


def written(entries: Iterable[Entry], write: Callable[[Entry], Xml]) -> list[Xml]:
    """Write entries, or return them as they were written before."""
    return [_WRITTEN.get((write, entry), partial(write, entry)) for entry in entries]


def entry_id(story: Publication) -> str:
    return f"urn:newsroom:{story.uuid}"  # type: ignore[attr-defined]


def site_author() -> Named:
    return Named(settings.SITE_NAME, absolute("/"))


def categories(story: Publication) -> tuple[Named, ...]:
    """Return the section of a story and what it is about."""
    section = Named(story.section.name, absolute(story.section.get_absolute_url()))
    topics = story.credits.get("topics", [])
    return section, *(Named(row["name"], page_of("topic", row["slug"])) for row in topics)


def full_text(story: Publication, changes: Sequence[Change] = ()) -> str:
    """Return a story's text as HTML for another site's page: full addresses, plain figures."""
    text = pages.fill_body(
        story.body,
        story.photos.all(),
        dateline=story.dateline,
        template="articles/includes/feed_figure.html",
        channel=Channel.FEED,
    )
    linked = _OWN_LINK.sub(rf"\g<1>{settings.SITE_URL.rstrip('/')}", text)
    source_lines = ((line,) for line in story.source_line.splitlines())
    notes = ((_dated(change), change.text) for change in changes)
    return (
        linked
        + format_html_join("", "\n<p>{}</p>", source_lines)
        + format_html_join("", "\n<p><strong>{}</strong> {}</p>", notes)
    )


def _dated(change: Change) -> str:
    day = dates.day(timezone.localtime(change.at))
    return _("%(kind)s, %(day)s:") % {"kind": change.label, "day": day}


def _first_words(body: str) -> str:
    first = _PARAGRAPH.search(body)
    return Truncator(html.unescape(strip_tags(first[1]))).words(50) if first else ""


def _authors(story: Publication) -> tuple[Named, ...]:
    rows = [row for row in story.credits.get("bylines", []) if row["role"] == BylineRole.AUTHOR]
    people = (
        Named(row["name"], page_of("contributor", row["slug"]) if row["slug"] else "")
        for row in rows
    )
    return tuple(people) or (site_author(),)


def _length(file: File) -> int:
    """Return a file's bytes where asking costs nothing."""
    if not file.is_made or not settings.MEDIA_ROOT:
        return 0
    try:
        return default_storage.size(file.file)
    except OSError:
        return 0


def _picture(story: Publication, file: Rendition, length: int) -> Picture:
    photo = next(photo for photo in story.photos.all() if photo.pk == story.lead_photo_id)
    return Picture(
        absolute(file.url),
        file.width,
        file.height,
        length,
        description=photo.caption or pages.alt_text(photo),
        credit=credit_line(photo),
        rights=_rights(photo),
    )


def _rights(photo: Photo) -> str:
    return photo.copyright_notice or photo.usage_terms
