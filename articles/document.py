"""The document: one story as every format, revision and export shares it.

A document is plain, immutable data and knows neither Django nor HTML. It decides the shape of a
story and its canonical JSON; what markup stands for a block is decided in ``body``, where it is
stored in ``snapshots``. References to other things (photos, contributors, sources, articles) are
uuids as text, so that a document means the same in another database.

Text is plain text in NFC. Inside one ``Inline`` a line break is ``\\n``; there are no other
control characters, no blanks at either end and no two ordinary blanks in a row.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, ClassVar

from articles.exceptions import DocumentError

SCHEMA = "newsroom-document/1"

# Marks in nesting order, outermost first; the order makes the markup of a text unique.
MARKS = ("link", "strong", "em", "s", "sub", "sup")
LEVELS = (2, 3, 4)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Thai, Lao and the scripts of Chinese and Japanese, which put no blanks between words.
_DENSE = re.compile("[\u0e00-\u0eff\u3040-\u9fff]+")
_BLANKS = re.compile(r"[ \t\r]+")
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text, in characters, that is a link (``href``), strong, em, s, sub or sup."""

    kind: str
    start: int
    end: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text with its marks."""

    text: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    type: ClassVar[str] = "paragraph"
    content: Inline
    id: str = ""


@dataclass(frozen=True, slots=True)
class Subhead:
    type: ClassVar[str] = "subhead"
    content: Inline
    level: int = 2
    id: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A set-off quotation; ``cite`` says who or what is quoted."""

    type: ClassVar[str] = "quote"
    paragraphs: tuple[Inline, ...]
    cite: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A list item; ``level`` counts from 0, ``ordered`` is that of the list it stands in."""

    content: Inline
    level: int = 0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    type: ClassVar[str] = "list"
    items: tuple[Item, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; all rows are equally long; ``header`` makes the first row a head."""

    type: ClassVar[str] = "table"
    rows: tuple[tuple[Inline, ...], ...]
    header: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A notice to readers inside the text (``choices.NoteKind``), with its label."""

    type: ClassVar[str] = "note"
    kind: str
    content: Inline
    id: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A photo's use: ``alt`` is empty to use the photo's own; ``group`` joins figures that share
    one caption."""

    type: ClassVar[str] = "figure"
    photo: str
    caption: Inline = Inline()
    alt: str = ""
    layout: str = "inline"
    group: str = ""
    id: str = ""


Block = Paragraph | Subhead | Quote | ListBlock | Table | Note | Figure
BLOCKS: dict[str, type] = {
    kind.type: kind for kind in (Paragraph, Subhead, Quote, ListBlock, Table, Note, Figure)
}


@dataclass(frozen=True, slots=True)
class DocumentByline:
    contributor: str
    name: str
    role: str
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class DocumentAttribution:
    """Who said something: ``text`` are its words, found in ``where`` from character ``start``.

    ``where`` is a block id or one of headline, standfirst, dateline, byline, source_line.
    ``start`` is -1 when the words are no longer there.
    """

    kind: str
    text: str
    where: str
    start: int = 0
    name: str = ""
    source: str = ""
    is_quote: bool = False
    description: str = ""
    reason: str = ""
    verified_by: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRelated:
    """Another article (uuid) or a title with or without an address.

    ``kind`` is "" for a related story, else "earlier" in the same one, or "dismissed".
    """

    article: str = ""
    title: str = ""
    url: str = ""
    pinned_until: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One story. ``section`` is a section's path, ``topics`` are slugs, sorted.

    ``original`` is the uuid of the article it was translated from.

    ``originally_published_at`` is an ISO 8601 time in UTC, empty unless the story was public
    elsewhere before.
    """

    headline: str = ""
    standfirst: str = ""
    kicker: str = ""
    slug: str = ""
    slugline: str = ""
    dateline: str = ""
    language: str = "en"
    section: str = ""
    originally_published_at: str = ""
    original: str = ""
    topics: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    bylines: tuple[DocumentByline, ...] = ()
    attributions: tuple[DocumentAttribution, ...] = ()
    related: tuple[DocumentRelated, ...] = ()
    schema: str = field(default=SCHEMA)

    def photos(self) -> list[str]:
        """Return the uuids of the photos in the body, in order, each once."""
        return list(dict.fromkeys(b.photo for b in self.body if isinstance(b, Figure)))

    def words(self) -> int:
        """Count the words of the body as a reader reads it, captions left out."""
        return sum(count_words(text) for block in self.body for text in running_texts(block))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data; ``from_json`` gives the same document back."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        out["topics"] = list(self.topics)
        out["body"] = [_block_to_json(block) for block in self.body]
        for name in ("bylines", "attributions"):
            out[name] = [asdict(row) for row in out[name]]
        out["related"] = [_related_to_json(row) for row in self.related]
        return out

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return digest(self.to_json())


def canonical(value: Any) -> bytes:
    """Return the one JSON text of a value: keys sorted, no blanks, UTF-8."""
    return _CANONICAL.encode(value).encode("utf-8")


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def from_json(stored: dict[str, Any]) -> Document:
    """Read a stored document of this or an earlier schema.

    Raises DocumentError (``schema``, ``shape``) when it is of a later schema or malformed.
    """
    current = upgrade(stored)
    try:
        return Document(
            **{
                **current,
                "topics": tuple(current.get("topics", ())),
                "body": tuple(_block_from_json(block) for block in current.get("body", ())),
                "bylines": tuple(DocumentByline(**row) for row in current.get("bylines", ())),
                "attributions": tuple(
                    DocumentAttribution(**row) for row in current.get("attributions", ())
                ),
                "related": tuple(DocumentRelated(**row) for row in current.get("related", ())),
            }
        )
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise DocumentError("shape", f"This is not a document of {SCHEMA}: {error}.") from error


_PARAGRAPH = {"type", "content", "id"}
# Each entry turns a document of the schema it is named after into the next one.
UPGRADES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def upgrade(stored: dict[str, Any]) -> dict[str, Any]:
    """Bring stored data to the present schema, step by step."""
    if not isinstance(stored, dict):
        raise DocumentError("shape", "A document is a JSON object.")
    while stored.get("schema") != SCHEMA:
        step = UPGRADES.get(str(stored.get("schema")))
        if step is None:
            known = ", ".join([*UPGRADES, SCHEMA])
            raise DocumentError(
                "schema",
                f"Document schema {stored.get('schema')!r} is not known here ({known}). "
                "It may have been written by a newer release: upgrade first.",
            )
        stored = step(stored)
    return stored


def inline(text: str, marks: Iterable[Mark] = ()) -> Inline:
    """Build a normal ``Inline``: blanks folded, marks clipped, merged and put in order.

    Offsets of ``marks`` are those of ``text`` as given; they are moved along with it.
    """
    given = list(marks)
    if not given and text.isascii() and text.isprintable() and "  " not in text:
        return Inline(text.strip(" "))
    kept, moved = _fold(text)
    spans: dict[tuple[str, str], list[list[int]]] = {}
    for mark in given:
        start, end = moved[min(mark.start, len(text))], moved[min(mark.end, len(text))]
        if mark.kind in MARKS and start < end and (mark.kind != "link" or mark.href):
            spans.setdefault((mark.kind, mark.href), []).append([start, end])
    out = [
        Mark(kind, start, end, href)
        for (kind, href), ranges in spans.items()
        for start, end in _merge(ranges)
    ]
    return Inline(kept, _without_overlapping_links(out))


def joined(contents: Sequence[Inline]) -> Inline:
    """Join texts by line breaks into one."""
    if len(contents) == 1:
        return contents[0]
    text = ""
    marks: list[Mark] = []
    for content in contents:
        text += "\n" if text else ""
        marks += [
            replace(m, start=m.start + len(text), end=m.end + len(text)) for m in content.marks
        ]
        text += content.text
    return inline(text, marks)


def plain(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every text of the blocks in reading order, captions and cites included."""
    for block in blocks:
        yield from (content.text for content in texts(block))
        if isinstance(block, Quote) and block.cite:
            yield block.cite


def texts(block: Block) -> list[Inline]:
    """Return the texts a block holds, in order, the cite of a quote left out."""
    match block:
        case Quote(paragraphs=paragraphs):
            return list(paragraphs)
        case ListBlock(items=items):
            return [item.content for item in items]
        case Table(rows=rows):
            return [cell for row in rows for cell in row]
        case Figure(caption=caption):
            return [caption]
        case _:
            return [block.content]


def running_texts(block: Block) -> list[str]:
    """Return the texts of a block that count as the story's length."""
    return [] if isinstance(block, Figure) else [content.text for content in texts(block)]


def block_text(block: Block) -> str:
    """Return a block's text in one string, as attributions are anchored in it."""
    return "\n".join(content.text for content in texts(block))


def count_words(text: str) -> int:
    """Count words; a script without blanks counts two characters as a word."""
    spaced = _DENSE.sub(" ", text)
    dense = sum(len(run) for run in _DENSE.findall(text))
    return len(spaced.split()) + (dense + 1) // 2


def with_ids(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Give every block without an id, or with one already used, a new one.

    A new id is made from the block's words, so that the same input gets the same ids anywhere;
    from then on it stays with the block whatever happens to its words.
    """
    waiting = list(blocks)
    used = {block.id for block in waiting if block.id}
    seen: set[str] = set()
    attempts: Counter[bytes] = Counter()
    out: list[Block] = []
    for block in waiting:
        if not block.id or block.id in seen:
            block = replace(block, id=_new_id(block, used, attempts))
        used.add(block.id)
        seen.add(block.id)
        out.append(block)
    return tuple(out)


def _new_id(block: Block, used: set[str], attempts: Counter[bytes]) -> str:
    seed = canonical(_block_to_json(replace(block, id="")))
    while True:
        candidate = hashlib.sha256(seed + str(attempts[seed]).encode()).hexdigest()[:8]
        attempts[seed] += 1
        if candidate not in used:
            return candidate


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold blanks and drop control characters; return the text and old → new offsets."""
    out: list[str] = []
    moved: list[int] = []
    length = 0
    for char in text:
        moved.append(length)
        if char in " \t\r":
            if not out or out[-1] in " \n":
                continue
            char = " "
        elif char == "\n":
            if not out:
                continue
            if out[-1] == " ":
                out.pop()
                length -= 1
        elif _CONTROL.match(char):
            continue
        out.append(char)
        length += 1
    while out and out[-1] in " \n":
        out.pop()
    moved.append(len(out))
    return "".join(out), [min(offset, len(out)) for offset in moved]


def _merge(ranges: list[list[int]]) -> list[list[int]]:
    merged: list[list[int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    return merged


def _without_overlapping_links(marks: list[Mark]) -> tuple[Mark, ...]:
    """Sort marks; where links overlap the earlier keeps its words (links can't nest)."""
    out: list[Mark] = []
    reached = 0
    for mark in sorted(marks, key=lambda m: (m.start, MARKS.index(m.kind), m.end, m.href)):
        if mark.kind == "link":
            start = max(mark.start, reached)
            if start >= mark.end:
                continue
            mark, reached = replace(mark, start=start), mark.end
        out.append(mark)
    return tuple(sorted(out, key=lambda m: (m.start, MARKS.index(m.kind), m.end, m.href)))


def nfc(text: str) -> str:
    """Return text in NFC with CRLF as LF and without control characters and lone surrogates."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", text)


def line(text: str) -> str:
    """Return text fit for a one-line field: NFC, every run of blanks one blank."""
    return _BLANKS.sub(" ", nfc(text).replace("\n", " ")).strip(" ")


def _related_to_json(row: DocumentRelated) -> dict[str, str]:
    """Return the row without an empty ``kind``, as documents were written before there were any."""
    return {name: value for name, value in asdict(row).items() if value or name != "kind"}


def _block_to_json(block: Block) -> dict[str, Any]:
    out: dict[str, Any] = {"type": block.type}
    for name in block.__dataclass_fields__:
        if name != "type":
            out[name] = _plain_value(getattr(block, name))
    return out


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(part) for part in value]
    if isinstance(value, Inline):
        return _inline_to_json(value)
    if isinstance(value, Item):
        return {
            "content": _inline_to_json(value.content),
            "level": value.level,
            "ordered": value.ordered,
        }
    return value


def _inline_to_json(content: Inline) -> dict[str, Any]:
    out: dict[str, Any] = {"text": content.text}
    if content.marks:
        out["marks"] = [
            {"kind": m.kind, "start": m.start, "end": m.end, **({"href": m.href} if m.href else {})}
            for m in content.marks
        ]
    return out


def _inline_from_json(stored: dict[str, Any]) -> Inline:
    text = stored["text"]
    return (
        Inline(text, tuple([Mark(**m) for m in stored["marks"]]))
        if "marks" in stored
        else Inline(text)
    )


def _block_from_json(stored: dict[str, Any]) -> Block:
    kind = BLOCKS[stored["type"]]
    if kind is Paragraph and stored.keys() == _PARAGRAPH:  # what most of a story is
        return Paragraph(_inline_from_json(stored["content"]), stored["id"])
    values = {name: value for name, value in stored.items() if name != "type"}
    for name in ("content", "caption"):
        if name in values:
            values[name] = _inline_from_json(values[name])
    if kind is Quote:
        values["paragraphs"] = tuple(_inline_from_json(part) for part in values["paragraphs"])
    if kind is ListBlock:
        values["items"] = tuple(
            Item(_inline_from_json(item["content"]), item["level"], item["ordered"])
            for item in values["items"]
        )
    if kind is Table:
        values["rows"] = tuple(
            tuple(_inline_from_json(cell) for cell in row) for row in values["rows"]
        )
    return kind(**values)
