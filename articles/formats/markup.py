"""A story's text as a tree of plain HTML, from which each format takes what it can hold.

The tree says what the page says: paragraphs, figures and source lines, with full addresses and
without what only our own page needs.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from articles import pages
from articles.choices import Channel
from articles.formats.story import Story

XHTML = "http://www.w3.org/1999/xhtml"
_FIGURE = "articles/includes/api_figure.html"
# What XML 1.0 can't hold.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LISTS = ("ul", "ol")


def clean(text: str) -> str:
    """Return a text without the characters that no XML document may hold."""
    return _ILLEGAL.sub("", text)


def tree_of(story: Story, *, dateline: bool = True) -> Any:
    """Return a ``div`` with the blocks of a story and its source lines.

    With ``dateline`` the first paragraph begins with it, as on the page.
    """
    publication = story.publication
    text = pages.fill_body(
        publication.body,
        story.photos,
        dateline=publication.dateline if dateline else "",
        template=_FIGURE,
        channel=Channel.API,
    )
    root: Any = html.fragment_fromstring(clean(text), create_parent="div")
    _take_off_wrappers(root)
    for link in root.iter("a"):
        link.set("href", urljoin(story.url, link.get("href", "")))
        link.attrib.pop("rel", None)
    for line in publication.source_line.splitlines():
        etree.SubElement(root, "p", {"class": "source-line"}).text = clean(line)
    for block in root:
        block.tail = "\n"
    return root


def _take_off_wrappers(root: Any) -> None:
    """Free tables from the element that lets them scroll."""
    for wrapper in root.xpath(".//div[@class='table-scroll']"):
        wrapper[0].set("id", wrapper.get("id", ""))
        wrapper.drop_tag()


def as_html(root: Any) -> str:
    """Return the blocks as HTML."""
    return "".join(html.tostring(block, encoding="unicode") for block in root).strip()


def as_text(root: Any) -> str:
    """Return the blocks as plain text, one empty line between two; figures are left out."""
    copy = deepcopy(root)
    for line_break in copy.iter("br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    return "\n\n".join(line for block in copy for line in _lines(block) if line)


def _lines(block: Any) -> list[str]:
    if block.tag == "figure":
        return []
    if block.tag in _LISTS:
        return ["\n".join(_items(block, 0))]
    if block.tag == "table":
        rows = (" | ".join(cell.text_content() for cell in row) for row in block.iter("tr"))
        return ["\n".join(rows)]
    if block.tag == "blockquote":
        return [part.text_content() for part in block]
    return [block.text_content()]


def _items(block: Any, level: int) -> list[str]:
    lines = []
    for number, item in enumerate(block, 1):
        sign = f"{number}." if block.tag == "ol" else "-"
        inner = [part for part in item if part.tag in _LISTS]
        own = (item.text or "") + "".join(
            (part.text_content() if part not in inner else "") + (part.tail or "") for part in item
        )
        lines.append(f"{'  ' * level}{sign} {own}")
        for part in inner:
            lines += _items(part, level + 1)
    return lines


def as_xhtml(root: Any, parent: Any) -> None:
    """Put the blocks into an XHTML element."""
    for block in root:
        copy = etree.SubElement(parent, f"{{{XHTML}}}{block.tag}", dict(block.attrib))
        copy.text, copy.tail = block.text, block.tail
        as_xhtml(block, copy)
