"""The body's markup: which there is, how it is cleaned, and the one place that marks it safe.

A body is stored as canonical HTML of a small vocabulary (``ALLOWED``); ``parse`` reads any HTML
into blocks, ``to_html`` writes blocks as canonical HTML, ``clean`` is the two in a row, and
``render`` writes what readers get. Words are never lost: markup outside the vocabulary goes, its
text stays as a paragraph, except for scripts, styles and the like, whose content was no text.
Photos are named by uuid; which file that is, is decided when a page is made (``fill_figures``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import escape, unescape
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

from articles import document
from articles.choices import Layout, NoteKind
from articles.document import (
    Block,
    Figure,
    Inline,
    Item,
    ListBlock,
    Mark,
    Note,
    Paragraph,
    Quote,
    Subhead,
    Table,
)

# What may be stored. The editor is given it, and writes all of it and nothing else.
ALLOWED: dict[str, set[str]] = {
    "p": {"data-id", "data-note"},
    "h2": {"data-id"},
    "h3": {"data-id"},
    "h4": {"data-id"},
    "blockquote": {"data-id"},
    "cite": set(),
    "ul": {"data-id"},
    "ol": {"data-id"},
    "li": set(),
    "table": {"data-id"},
    "tbody": set(),
    "tr": set(),
    "th": set(),
    "td": set(),
    "a": {"href"},
    "strong": set(),
    "em": set(),
    "s": set(),
    "sub": set(),
    "sup": set(),
    "br": set(),
    "figure": {"data-id", "data-photo", "data-layout", "data-alt", "data-group"},
    "figcaption": set(),
}
SCHEMES = {"http", "https", "mailto", "tel"}
# Read on the way in and turned into the vocabulary, or into the boundary between two blocks.
_SYNONYMS = {"b": "strong", "i": "em", "strike": "s", "del": "s"}
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_BOUNDARIES = [
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "nav",
    "address",
    "center",
    "hr",
    "pre",
    "dl",
    "dt",
    "dd",
    "caption",
    "thead",
    "tfoot",
    "colgroup",
    "fieldset",
    "form",
    "details",
    "summary",
    "h1",
    "h5",
    "h6",
]
_READ = {*ALLOWED, *_SYNONYMS, *_BOUNDARIES}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "object", "applet"}
_MARK_TAGS = {"strong", "em", "s", "sub", "sup"}
_NESTING_LIMIT = 40
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BLOCK_ID = re.compile(r"[0-9a-z]{4,16}")
_GROUP = re.compile(r"[0-9a-z]{1,16}")
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z:_-]+="[^"]*")*)\s*/?>|([^<]+)|<')
_ATTRIBUTE = re.compile(r'([a-zA-Z:_-]+)="([^"]*)"')
_STORED_FIGURE = re.compile(
    r'<figure data-id="(?P<id>[0-9a-z]+)" data-photo="(?P<photo>[0-9a-f-]{36})" '
    r'data-layout="(?P<layout>[a-z]+)"(?: data-alt="(?P<alt>[^"]*)")?'
    r'(?: data-group="(?P<group>[0-9a-z]+)")?>'
    r"(?:<figcaption>(?P<caption>.*?)</figcaption>)?</figure>",
    re.DOTALL,
)


def clean(html: str) -> str:
    """Return a body as it may be stored; cleaning twice gives the same as cleaning once."""
    return to_html(parse(html))


def parse(html: str) -> tuple[Block, ...]:
    """Read HTML from anywhere into blocks, each with an id."""
    safe = nh3.clean(
        document.nfc(html),
        tags=_READ,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: names for tag, names in ALLOWED.items() if names},
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    reader = _Reader()
    reader.container(_tree(safe))
    return document.with_ids(reader.finish())


def to_html(blocks: Iterable[Block]) -> str:
    """Write blocks as the canonical HTML that is stored and edited."""
    return "\n".join(map(_BlockWriter(stored=True).write, blocks))


def render(blocks: Iterable[Block]) -> str:
    """Write blocks as readers get them; figures stay references for ``fill_figures``."""
    return "\n".join(map(_BlockWriter(stored=False).write, blocks))


@dataclass(frozen=True, slots=True)
class FigureReference:
    """A figure found in a rendered body; ``caption`` is safe HTML, ``alt`` plain text."""

    photo: str
    caption: SafeString
    alt: str
    layout: str
    group: str
    id: str


def figure_references(rendered: str) -> list[FigureReference]:
    """Return the figures of a rendered body in order."""
    return [_reference(match) for match in _STORED_FIGURE.finditer(rendered)]


def fill_figures(rendered: str, write: Callable[[FigureReference], str]) -> SafeString:
    """Return a body that ``render`` made, with each figure written by ``write`` (safe HTML).

    The one place where a body is marked safe: ``rendered`` must come from ``render``.
    """
    filled = _STORED_FIGURE.sub(lambda match: write(_reference(match)), rendered)
    return mark_safe(filled)


def address(href: str) -> str:
    """Return a link's target as it may be stored, or nothing when it is unsafe or unreadable."""
    target = re.sub(r"[\x00-\x20\x7f-\xa0]+", "", href) if ":" in href[:64] else href.strip()
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    if parts.scheme and parts.scheme.lower() not in SCHEMES:
        return ""
    return document.nfc(target) if len(target) <= 2000 else ""


def inline_html(content: Inline, *, rel: bool = False) -> SafeString:
    """Write one text with its marks as safe HTML; ``rel`` adds what links on pages need."""
    return mark_safe(_inline(content, rel=rel))


def _inline(content: Inline, *, rel: bool) -> str:
    if not content.marks:
        return _escaped(content.text)
    points = sorted({0, len(content.text)} | {o for m in content.marks for o in (m.start, m.end)})
    waiting = sorted(content.marks, key=lambda m: m.start, reverse=True)
    out: list[str] = []
    open_marks: list[Mark] = []
    for start, end in pairwise(points):
        wanted = [mark for mark in open_marks if mark.end > start]
        while waiting and waiting[-1].start <= start:
            wanted.append(waiting.pop())
        wanted.sort(key=lambda m: (document.MARKS.index(m.kind), m.start))
        shared = 0
        while shared < min(len(wanted), len(open_marks)) and wanted[shared] == open_marks[shared]:
            shared += 1
        out += [_closing(mark) for mark in reversed(open_marks[shared:])]
        out += [_opening(mark, rel=rel) for mark in wanted[shared:]]
        open_marks = wanted
        out.append(_escaped(content.text[start:end]))
    out += [_closing(mark) for mark in reversed(open_marks)]
    return "".join(out)


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _opening(mark: Mark, *, rel: bool) -> str:
    if mark.kind != "link":
        return f"<{mark.kind}>"
    outside = rel and urlsplit(mark.href).netloc
    return f'<a href="{escape(mark.href)}"{" rel=noopener" if outside else ""}>'


def _closing(mark: Mark) -> str:
    return "</a>" if mark.kind == "link" else f"</{mark.kind}>"


def _reference(match: re.Match[str]) -> FigureReference:
    return FigureReference(
        photo=match["photo"],
        caption=mark_safe(match["caption"] or ""),
        alt=unescape(match["alt"] or ""),
        layout=match["layout"],
        group=match["group"] or "",
        id=match["id"],
    )


@dataclass
class _BlockWriter:
    """Writes a block as it is stored, or as readers get it."""

    stored: bool

    def write(self, block: Block) -> str:
        return getattr(self, f"_{block.type}")(block)

    def _text(self, content: Inline) -> str:
        return _inline(content, rel=not self.stored)

    def _id(self, block: Block) -> str:
        return f' data-id="{block.id}"' if self.stored else f' id="b-{block.id}"'

    def _paragraph(self, block: Paragraph) -> str:
        return f"<p{self._id(block)}>{self._text(block.content)}</p>"

    def _note(self, block: Note) -> str:
        if self.stored:
            return f'<p{self._id(block)} data-note="{block.kind}">{self._text(block.content)}</p>'
        return f'<p{self._id(block)} class="note note-{block.kind}">{self._text(block.content)}</p>'

    def _subhead(self, block: Subhead) -> str:
        return f"<h{block.level}{self._id(block)}>{self._text(block.content)}</h{block.level}>"

    def _quote(self, block: Quote) -> str:
        parts = [f"<p>{self._text(part)}</p>" for part in block.paragraphs]
        if block.cite:
            parts.append(f"<p><cite>{escape(block.cite, quote=False)}</cite></p>")
        return f"<blockquote{self._id(block)}>{''.join(parts)}</blockquote>"

    def _list(self, block: ListBlock) -> str:
        out: list[str] = []
        open_tags: list[str] = []
        for item in block.items:
            tag = "ol" if item.ordered else "ul"
            while len(open_tags) > item.level + 1 or (
                len(open_tags) == item.level + 1 and open_tags[-1] != tag
            ):
                out.append(f"</li></{open_tags.pop()}>")
            if len(open_tags) == item.level + 1:
                out.append("</li>")
            while len(open_tags) <= item.level:
                out.append(f"<{tag}{'' if open_tags or out else self._id(block)}>")
                open_tags.append(tag)
                if len(open_tags) <= item.level:
                    out.append("<li>")
            out.append(f"<li>{self._wrapped(item.content)}")
        out += [f"</li></{tag}>" for tag in reversed(open_tags)]
        return "".join(out)

    def _wrapped(self, content: Inline) -> str:
        return f"<p>{self._text(content)}</p>" if self.stored else self._text(content)

    def _table(self, block: Table) -> str:
        rows = [
            "<tr>"
            + "".join(self._cell(cell, head=block.header and not n) for cell in row)
            + "</tr>"
            for n, row in enumerate(block.rows)
        ]
        if self.stored:
            return f"<table{self._id(block)}><tbody>{''.join(rows)}</tbody></table>"
        head = f"<thead>{rows.pop(0)}</thead>" if block.header and rows else ""
        return (
            f'<div{self._id(block)} class="table-scroll" role="region" tabindex="0" '
            f'aria-label="{escape(self._table_label(block))}">'
            f"<table>{head}<tbody>{''.join(rows)}</tbody></table></div>"
        )

    @staticmethod
    def _table_label(block: Table) -> str:
        return " · ".join(cell.text for cell in block.rows[0] if cell.text)[:80] or "Table"

    def _cell(self, cell: Inline, *, head: bool) -> str:
        tag = "th" if head else "td"
        scope = ' scope="col"' if head and not self.stored else ""
        return f"<{tag}{scope}>{self._wrapped(cell)}</{tag}>"

    def _figure(self, block: Figure) -> str:
        alt = f' data-alt="{escape(block.alt)}"' if block.alt else ""
        group = f' data-group="{block.group}"' if block.group else ""
        caption = self._text(block.caption)
        return (
            f'<figure data-id="{block.id}" data-photo="{block.photo}" '
            f'data-layout="{block.layout}"{alt}{group}><figcaption>{caption}</figcaption></figure>'
        )


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node | str] = field(default_factory=list)


def _tree(safe: str) -> _Node:
    """Build the tree of what nh3 wrote (every tag closed, every attribute quoted)."""
    root = _Node("div")
    kept, too_deep = [root], 0  # what is nested too deeply is left out, its text goes up
    for match in _TOKEN.finditer(safe):
        closing, tag, attributes, text = match.groups()
        if tag is None:
            kept[-1].children.append(unescape(text) if text is not None else "<")
        elif closing and too_deep:
            too_deep -= 1
        elif closing:
            if len(kept) > 1:
                kept.pop()
        elif tag in ("br", "hr"):
            kept[-1].children.append(_Node(tag))
        elif too_deep or len(kept) > _NESTING_LIMIT:
            too_deep += 1
        else:
            pairs = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            node = _Node(_SYNONYMS.get(tag, tag), pairs)
            kept[-1].children.append(node)
            kept.append(node)
    return root


class _TextBuilder:
    """Collects the text and marks of one block while the tree is walked."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.marks: list[Mark] = []

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def take(self) -> Inline:
        content = document.inline("".join(self.parts), self.marks)
        self.__init__()  # type: ignore[misc]
        return content


class _Reader:
    """Walks a tree and writes blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.text = _TextBuilder()

    def finish(self) -> list[Block]:
        self.flush()
        return self.blocks

    def flush(self) -> None:
        content = self.text.take()
        if content.text:
            self.blocks.append(Paragraph(content))

    def container(self, node: _Node) -> None:
        for child in node.children:
            if isinstance(child, str):
                self.text.add(child.replace("\n", " "))
            elif child.tag in _MARK_TAGS or child.tag in ("a", "cite", "br"):
                self.phrase(child)
            else:
                self.flush()
                self.block(child)
        if node.tag != "div" or node.attributes:
            self.flush()

    def phrase(self, node: _Node) -> None:
        """Read a mark; blocks inside it (pasted markup) end the paragraph around them."""
        if node.tag == "br":
            self.text.add("\n")
            return
        start, blocks_before = self.text.length, len(self.blocks)
        self.container(_Node("div", {}, node.children))
        if len(self.blocks) != blocks_before:
            start = 0
        kind = "link" if node.tag == "a" else node.tag
        href = address(node.attributes.get("href", "")) if kind == "link" else ""
        if kind in document.MARKS and (kind != "link" or href):
            self.text.marks.append(Mark(kind, start, self.text.length, href))

    def block(self, node: _Node) -> None:
        written = len(self.blocks)
        if node.tag == "p":
            self._paragraph(node)
        elif node.tag in _HEADINGS:
            self._heading(node)
        elif node.tag == "blockquote":
            self._quote(node)
        elif node.tag in ("ul", "ol"):
            self._list(node)
        elif node.tag == "table":
            self._table(node)
        elif node.tag == "figure":
            self._figure(node)
        else:
            self.container(node)
            self.flush()
            return
        self._name(written, node.attributes.get("data-id", ""))

    def _name(self, written: int, block_id: str) -> None:
        if len(self.blocks) > written and _BLOCK_ID.fullmatch(block_id):
            self.blocks[written] = replace(self.blocks[written], id=block_id)

    def _paragraph(self, node: _Node) -> None:
        written = len(self.blocks)
        self.container(node)
        kind = node.attributes.get("data-note", "")
        if kind in NoteKind.values and len(self.blocks) > written:
            block = self.blocks[written]
            if isinstance(block, Paragraph):
                self.blocks[written] = Note(kind, block.content)

    def _heading(self, node: _Node) -> None:
        content, rest = self._inner(node)
        if content.text:
            self.blocks.append(Subhead(content, _HEADINGS[node.tag]))
        self.blocks += rest

    def _inner(self, node: _Node) -> tuple[Inline, list[Block]]:
        """Read an element that holds one text; return it and the blocks that don't fit in it."""
        inner = _Reader()
        inner.container(_Node("p", {}, node.children))
        texts = [block for block in inner.blocks if isinstance(block, Paragraph)]
        rest: list[Block] = [b for b in inner.blocks if not isinstance(b, Paragraph)]
        return document.joined([block.content for block in texts]), rest

    def _quote(self, node: _Node) -> None:
        inner = _Reader()
        inner.container(_Node("section", {}, node.children))
        cites = _cites(node)
        cite = document.line(" ".join(cites))
        paragraphs, rest = [], []
        for block in inner.blocks:
            if isinstance(block, Figure):
                rest.append(block)
            else:
                paragraphs += [content for content in document.texts(block) if content.text]
        own = [n for n, part in enumerate(paragraphs) if document.line(part.text) == cite]
        if cite and own:
            del paragraphs[own[-1]]  # one line is the cite's, the same words before it are not
        else:
            cite = ""  # the cite stands inside a sentence: its words are there already
        if paragraphs or cite:
            self.blocks.append(Quote(tuple(paragraphs), cite))
        self.blocks += rest

    def _list(self, node: _Node) -> None:
        items: list[Item] = []
        rest: list[Block] = []
        self._items(node, 0, items, rest)
        if items:
            self.blocks.append(ListBlock(tuple(items)))
        self.blocks += rest

    def _items(self, node: _Node, level: int, items: list[Item], rest: list[Block]) -> None:
        ordered = node.tag == "ol"
        for child in node.children:
            if isinstance(child, _Node) and child.tag in ("ul", "ol"):
                self._items(child, _next_level(level, items), items, rest)
                continue
            if isinstance(child, str) or child.tag != "li":
                child = _Node("li", {}, [child])
            nested = [c for c in child.children if isinstance(c, _Node) and c.tag in ("ul", "ol")]
            own = [c for c in child.children if not (isinstance(c, _Node) and c in nested)]
            content, blocks = self._inner(_Node("li", {}, own))
            if content.text:
                items.append(Item(content, min(level, _deepest(items)), ordered))
            rest += blocks
            for inner in nested:
                self._items(inner, _next_level(level, items), items, rest)

    def _table(self, node: _Node) -> None:
        rows: list[tuple[Inline, ...]] = []
        heads: list[bool] = []
        rest: list[Block] = []
        for row in _descendants(node, "tr"):
            cells = [c for c in row.children if isinstance(c, _Node) and c.tag in ("td", "th")]
            contents = []
            for cell in cells:
                content, blocks = self._inner(cell)
                contents.append(content)
                rest += blocks
            if any(content.text for content in contents):
                rows.append(tuple(contents))
                heads.append(all(cell.tag == "th" for cell in cells))
        width = max((len(row) for row in rows), default=0)
        padded = tuple(row + (Inline(),) * (width - len(row)) for row in rows)
        loose = [c for c in node.children if isinstance(c, str) or c.tag == "caption"]
        self.container(_Node("section", {}, loose))
        if padded:
            self.blocks.append(Table(padded, header=heads[0]))
        self.blocks += rest

    def _figure(self, node: _Node) -> None:
        caption, rest = self._inner(node)
        photo = node.attributes.get("data-photo", "").lower()
        layout = node.attributes.get("data-layout", "")
        group = node.attributes.get("data-group", "")
        if _UUID.fullmatch(photo):
            self.blocks.append(
                Figure(
                    photo=photo,
                    caption=caption,
                    alt=document.line(node.attributes.get("data-alt", "")),
                    layout=layout if layout in Layout.values else Layout.INLINE.value,
                    group=group if _GROUP.fullmatch(group) else "",
                )
            )
        elif caption.text:
            self.blocks.append(Paragraph(caption))
        self.blocks += rest


def _next_level(level: int, items: list[Item]) -> int:
    return min(level + 1, _deepest(items))


def _deepest(items: list[Item]) -> int:
    """Return the deepest level the next item may have: one under the item before it."""
    return items[-1].level + 1 if items else 0


def _descendants(node: _Node, tag: str) -> list[_Node]:
    """Return the rows of a table, not those of tables inside its cells."""
    out: list[_Node] = []
    for child in node.children:
        if isinstance(child, _Node):
            if child.tag == tag:
                out.append(child)
            elif child.tag in ("thead", "tbody", "tfoot"):
                out += _descendants(child, tag)
    return out


def _cites(node: _Node) -> list[str]:
    """Return the text of the cites in a quote, in order."""
    out: list[str] = []
    for child in node.children:
        if isinstance(child, _Node):
            out += [_plain(child)] if child.tag == "cite" else _cites(child)
    return out


def _plain(node: _Node) -> str:
    return "".join(c if isinstance(c, str) else _plain(c) for c in node.children)
