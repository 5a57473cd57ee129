"""A story as a NewsML-G2 2.35 news item, its text as XHTML (https://iptc.org/standards/newsml-g2/).

Codes are those of the IPTC catalogue that the item names; topics and people are named by the
addresses of their pages.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from lxml import etree

from articles import pages
from articles.choices import BylineRole
from articles.formats import markup
from articles.formats.story import Story, page_of, time_text, told
from articles.formats.xml import LANG, Maker, default, to_bytes

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
_SEE_ALSO = "irel:seeAlso"
_make = Maker(NAMESPACE)


def newsml_g2(story: Story) -> bytes:
    """Return a story as a news item; of a withdrawn one that it is canceled, and the notice."""
    publication = story.publication
    item = _make.root(
        "newsItem",
        guid=story.uri,
        version=str(publication.number),
        standard="NewsML-G2",
        standardversion="2.35",
        conformance="power",
    )
    if not story.is_killed:
        item.set(LANG, publication.language)
        item.set("dir", publication.direction)
    _make.add(item, "catalogRef", href=_CATALOG)
    if not story.is_killed:
        _add_rights(item, story)
    _add_item_meta(item, story)
    if not story.is_withdrawn:
        _add_content_meta(item, story)
        _add_content(item, story)
    return to_bytes(item)


def _add_rights(item: Any, story: Story) -> None:
    rights = _make.add(item, "rightsInfo")
    holder = _make.add(rights, "copyrightHolder", uri=pages.absolute("/"))
    _make.add(holder, "name", story.copyright_holder)
    _make.add(rights, "copyrightNotice", story.copyright_notice)
    _make.say(rights, "usageTerms", settings.NEWSROOM_USAGE_TERMS)
    if settings.NEWSROOM_LICENCE_URL:
        _make.add(rights, "link", rel=_SEE_ALSO, href=settings.NEWSROOM_LICENCE_URL)


def _add_item_meta(item: Any, story: Story) -> None:
    publication = story.publication
    meta = _make.add(item, "itemMeta")
    _make.add(meta, "itemClass", qcode="ninat:text")
    provider = _make.add(meta, "provider", uri=pages.absolute("/"))
    _make.add(provider, "name", settings.SITE_NAME)
    _make.add(meta, "versionCreated", time_text(publication.live_from))
    if not story.is_killed:
        _make.add(meta, "firstCreated", time_text(publication.published_at))
    status = "canceled" if story.is_withdrawn else "usable"
    _make.add(meta, "pubStatus", qcode=f"stat:{status}")
    _make.add(meta, "generator", "Newsroom")
    if not story.is_withdrawn:
        _make.add(meta, "title", publication.headline)
    _make.say(meta, "edNote", story.notice or story.change_note)
    if story.expired_at:
        _make.add(meta, "expires", time_text(story.expired_at))
    if not story.is_killed:
        _make.add(meta, "link", rel=_SEE_ALSO, href=story.url, contenttype="text/html")


def _add_content_meta(item: Any, story: Story) -> None:
    publication = story.publication
    meta = _make.add(item, "contentMeta")
    _make.add(meta, "contentCreated", time_text(publication.published_at))
    _make.add(meta, "contentModified", time_text(publication.revised_at))
    if publication.dateline:
        _make.add(_make.add(meta, "located"), "name", publication.dateline)
    for row in story.bylines:
        tag = "creator" if row["role"] == BylineRole.AUTHOR else "contributor"
        uri = page_of("contributor", row["slug"]) if row["slug"] else ""
        _make.add(_make.add(meta, tag, uri=uri), "name", row["name"])
    for row in story.sources:
        source = _make.add(meta, "infoSource", uri=page_of("source", row["slug"]))
        _make.add(source, "name", row["name"])
    _make.add(meta, "language", tag=publication.language)
    _make.say(meta, "keyword", publication.kicker)
    for name, uri in _subjects(story):
        _make.add(_make.add(meta, "subject", uri=uri), "name", name)
    _make.add(meta, "headline", publication.headline)
    _make.say(meta, "dateline", publication.dateline)
    _make.say(meta, "by", story.by)
    _make.say(meta, "creditline", settings.SITE_NAME)
    _make.say(meta, "description", publication.standfirst, role="drol:summary")
    for change in story.changes:
        _make.add(meta, "description", told(change))


def _subjects(story: Story) -> list[tuple[str, str]]:
    section = story.publication.section
    rows = [(row["name"], page_of("topic", row["slug"])) for row in story.topics]
    return [*rows, (section.name, pages.absolute(section.get_absolute_url()))]


def _add_content(item: Any, story: Story) -> None:
    publication = story.publication
    inline = _make.add(
        _make.add(item, "contentSet"),
        "inlineXML",
        contenttype="application/xhtml+xml",
        wordcount=str(publication.words),
    )
    page = etree.SubElement(
        inline, f"{{{markup.XHTML}}}html", {LANG: publication.language}, nsmap=default(markup.XHTML)
    )
    head = etree.SubElement(page, f"{{{markup.XHTML}}}head")
    title = etree.SubElement(head, f"{{{markup.XHTML}}}title")
    title.text = markup.clean(publication.headline)
    markup.as_xhtml(markup.tree_of(story), etree.SubElement(page, f"{{{markup.XHTML}}}body"))
