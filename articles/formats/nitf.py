"""A story as NITF 3.6 (IPTC, News Industry Text Format).

NITF has elements of its own for byline, dateline, captions and quotations, so the text is not the
page's markup but made from its tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from articles.choices import BylineRole
from articles.formats import markup
from articles.formats.story import Story, told
from articles.formats.xml import Maker, to_bytes

NAMESPACE = "http://iptc.org/std/NITF/2006-10-18/"
_HEADINGS = ("h2", "h3", "h4")
_LISTS = ("ul", "ol")
# Marks of the text: NITF's element, and its class where several share one.
_MARKS = {
    "strong": ("em", "bold"),
    "em": ("em", ""),
    "s": ("em", "strike"),
    "cite": ("em", "cite"),
    "span": ("em", ""),
    "sub": ("sub", ""),
    "sup": ("sup", ""),
    "br": ("br", ""),
}
_FUNCTIONS = {
    BylineRole.AUTHOR: "writer-author",
    BylineRole.PHOTOGRAPHER: "photographer",
    BylineRole.EDITOR: "editor",
}
_make = Maker(NAMESPACE)


def nitf(story: Story) -> bytes:
    """Return a story as a NITF document; of a withdrawn one that it is canceled, and the notice."""
    root = _make.root("nitf", version="-//IPTC//DTD NITF 3.6//EN")
    head = _make.add(root, "head")
    if not story.is_killed:
        root.set("baselang", story.publication.language)
    if not story.is_withdrawn:
        _make.add(head, "title", story.publication.headline)
    _make.add(head, "tobject", **{"tobject.type": "news"})
    _add_docdata(head, story)
    _add_publication(head, story)
    body = _make.add(root, "body")
    if story.is_withdrawn:
        _add_notice(body, story)
    else:
        _add_head(body, story)
        _Text(_make.add(body, "body.content")).add(markup.tree_of(story, dateline=False))
    return to_bytes(root)


def _add_docdata(head: Any, story: Story) -> None:
    publication = story.publication
    status = "canceled" if story.is_withdrawn else "usable"
    docdata = _make.add(head, "docdata", management_status=status)
    if story.change_note:
        _make.add(docdata, "correction", info=story.change_note)
    _make.add(docdata, "doc-id", **{"id-string": story.uri, "regsrc": settings.SITE_NAME})
    if not story.is_killed:
        _make.add(docdata, "date.issue", norm=_norm(publication.published_at))
    _make.add(docdata, "date.release", norm=_norm(publication.live_from))
    if story.expired_at:
        _make.add(docdata, "date.expire", norm=_norm(story.expired_at))
    if story.notice:
        _make.add(docdata, "ed-msg", info=story.notice)
    _make.add(docdata, "du-key", key=story.uri, version=str(publication.number))
    if story.is_withdrawn:
        return
    year = str(story.copyright_year)
    _make.add(docdata, "doc.copyright", year=year, holder=story.copyright_holder)
    if settings.NEWSROOM_USAGE_TERMS:
        _make.add(docdata, "doc.rights", limitations=settings.NEWSROOM_USAGE_TERMS)
    subjects = _make.add(docdata, "identified-content")
    for row in story.topics:
        _make.add(subjects, "classifier", type="topic", value=row["name"])
    for row in story.sources:
        _make.add(subjects, "classifier", type="source", value=row["name"])


def _add_publication(head: Any, story: Story) -> None:
    publication = story.publication
    if story.is_killed:
        return
    attributes = {
        "type": "web",
        "date.publication": _norm(publication.published_at),
        "name": settings.SITE_NAME,
        "position.section": publication.section.name,
        "ex-ref": story.url,
    }
    if not story.is_withdrawn:
        attributes |= {"item-length": str(publication.words), "unit-of-measure": "word"}
    _make.add(head, "pubdata", **attributes)
    for row in story.bylines:
        function = _FUNCTIONS.get(BylineRole(row["role"]), "other")
        _make.add(head, "revision-history", name=row["name"], function=function)
    for change in story.changes:
        _make.add(
            head, "revision-history", function="other", norm=_norm(change.at), comment=told(change)
        )


def _add_head(body: Any, story: Story) -> None:
    publication = story.publication
    head = _make.add(body, "body.head")
    headline = _make.add(head, "hedline")
    _make.add(headline, "hl1", publication.headline)
    _make.say(headline, "hl2", publication.kicker, **{"class": "kicker"})
    for change in story.changes:
        note = _make.add(head, "note", noteclass="editorsnote", type="pa")
        _make.add(_make.add(note, "body.content"), "p", told(change))
    for row in story.authors:
        _make.add(_make.add(head, "byline"), "person", row["name"])
    _make.add(_make.add(head, "distributor"), "org", settings.SITE_NAME)
    if publication.dateline:
        _make.add(_make.add(head, "dateline"), "location", publication.dateline)
    if publication.standfirst:
        _make.add(_make.add(head, "abstract"), "p", publication.standfirst)


def _add_notice(body: Any, story: Story) -> None:
    content = _make.add(body, "body.content")
    for line in story.notice.splitlines():
        _make.say(content, "p", line)


def _norm(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


class _Text:
    """Writes the blocks of a tree into an element of NITF."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def add(self, blocks: Iterable[Any]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, block: Any) -> None:
        if block.tag == "figure":
            self._figure(block)
        elif block.tag == "blockquote":
            self._quote(block)
        elif block.tag in _LISTS:
            self._list(block)
        elif block.tag == "table":
            self._table(block)
        else:
            tag = "hl2" if block.tag in _HEADINGS else "p"
            target = _make.add(self.target, tag, **{"class": block.get("class", "")})
            _inline(block, target)

    def _quote(self, block: Any) -> None:
        quote = _make.add(self.target, "bq")
        words = _make.add(quote, "block")
        for part in block:
            if len(part) == 1 and part[0].tag == "cite" and not (part.text or part[0].tail):
                _make.add(quote, "credit", part.text_content())
            else:
                _inline(part, _make.add(words, "p"))

    def _list(self, block: Any) -> None:
        items = _make.add(self.target, block.tag)
        for item in block:
            target = _make.add(items, "li")
            inner = [part for part in item if part.tag in _LISTS]
            _inline(item, target, leave_out=inner)
            _Text(target).add(inner)

    def _table(self, block: Any) -> None:
        table = _make.add(self.target, "table")
        for row in block.iter("tr"):
            target = _make.add(table, "tr")
            for cell in row:
                _inline(cell, _make.add(target, cell.tag))

    def _figure(self, block: Any) -> None:
        images, caption = block.findall("img"), block.find("figcaption")
        for notice in block.findall("p"):
            _inline(notice, _make.add(self.target, "p"))
        if not images:
            if caption is not None:
                _inline(caption, _make.add(self.target, "p"))
            return
        media = _make.add(self.target, "media", media_type="image")
        for image in images:
            _add_reference(media, image)
        if caption is not None:
            named = caption.findall("span[@class='credit']")
            _inline(caption, _make.add(media, "media-caption"), leave_out=named)
            for credit in named:
                _make.say(media, "media-producer", credit.text_content())


def _add_reference(media: Any, image: Any) -> None:
    source = image.get("src", "")
    _make.add(
        media,
        "media-reference",
        **{
            "source": source,
            "mime-type": "image/webp" if source.endswith(".webp") else "image/jpeg",
            "width": image.get("width", ""),
            "height": image.get("height", ""),
            "alternate-text": image.get("alt", ""),
        },
    )


def _inline(source: Any, target: Any, *, leave_out: Iterable[Any] = ()) -> None:
    """Copy the words and marks of an element; what NITF has no mark for keeps its words."""
    target.text = source.text
    for part in source:
        if part in leave_out:
            _append(target, part.tail or "")
            continue
        tag, kind = ("a", "") if part.tag == "a" else _MARKS.get(part.tag, ("em", ""))
        attributes = {"class": kind, "href": part.get("href", "") if tag == "a" else ""}
        copy = _make.add(target, tag, **attributes)
        _inline(part, copy)
        copy.tail = part.tail


def _append(target: Any, text: str) -> None:
    if len(target):
        target[-1].tail = f"{target[-1].tail or ''}{text}"
    else:
        target.text = f"{target.text or ''}{text}"
