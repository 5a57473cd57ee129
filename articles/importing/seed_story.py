"""Seed record → document and photos, and back: the two halves of one mapping.

A record is the JSON of ``seed-article/1``, as the seed reader writes it. What a document has no
place for (every line's fate, raw lines, flags) stays in the record, which is kept as the report.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from articles import document
from articles.document import (
    Block,
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
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

_MARKS = {"bold": "strong", "italic": "em", "strike": "s", "strong": "strong", "em": "em"}
_BODY_PLACE = re.compile(r"body\[(\d+)\]")
# What the columns hold at the most; the whole text stays in the report.
_NAME, _TITLE, _CREDIT, _ADDRESS, _ALT = 150, 300, 300, 500, 500


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as the text tells of it; ``uuid`` is made from the story's and its place in it."""

    uuid: str
    expected_file: str
    caption: str
    alt_text: str
    credit: str


@dataclass(frozen=True, slots=True)
class Story:
    document: Document
    photos: tuple[PhotoRecord, ...]


def to_story(record: dict[str, Any], story_id: uuid.UUID) -> Story:
    """Make the document of a record; contributors and sources are named, not yet linked."""
    photos = tuple(
        _photo(row, photo_id(story_id, number)) for number, row in enumerate(record["photos"])
    )
    blocks, places = _blocks(record, story_id)
    return Story(
        Document(
            headline=document.line(record["headline"] or ""),
            standfirst=document.line(record["standfirst"] or ""),
            dateline=document.line((record["dateline"] or {}).get("text") or ""),
            language=record["language"],
            body=blocks,
            bylines=tuple(_bylines(record)),
            attributions=tuple(_attributions(record, places)),
            related=tuple(_related(record)),
        ),
        photos,
    )


def photo_id(story_id: uuid.UUID, number: int) -> str:
    """Return the uuid of the n-th photo of an imported story."""
    return str(uuid.uuid5(story_id, f"photo {number}"))


def to_record(story: Document, photos: dict[str, PhotoRecord], report: dict[str, Any]) -> dict:
    """Return the record of a story as it stands now; ``photos`` are by uuid, ``report`` the record
    it came in with, which still tells of lines, flags and raw forms."""
    record = {**report}
    record.pop("source_text", None)
    record.update(
        headline=story.headline or None,
        standfirst=story.standfirst or None,
        language=story.language,
        bylines=[
            {"name": row.name, "role": row.role, "affiliation": row.affiliation or None}
            for row in story.bylines
        ],
    )
    if story.dateline != document.line((report["dateline"] or {}).get("text") or ""):
        record["dateline"] = (
            {"text": story.dateline, "place": None, "date": None, "agency": None}
            if story.dateline
            else None
        )
    record["body"], record["photos"] = _body_record(story, photos, report)
    places = {block.id: f"body[{n}]" for n, block in enumerate(story.body)}
    record["attributions"] = [
        {
            "kind": row.kind,
            "name": row.name or None,
            "text": row.text,
            "where": places.get(row.where, row.where),
            "start": row.start,
            "end": row.start + len(row.text),
        }
        for row in story.attributions
    ]
    record["related"] = [{"title": row.title, "url": row.url or None} for row in story.related]
    return record


def _photo(row: dict[str, Any], identity: str) -> PhotoRecord:
    return PhotoRecord(
        uuid=identity,
        expected_file=(row.get("src") or "")[:_ADDRESS],
        caption=document.line(row.get("caption") or ""),
        alt_text=document.line(row.get("alt") or "")[:_ALT],
        credit=document.line(row.get("credit") or "")[:_CREDIT],
    )


def _blocks(
    record: dict[str, Any], story_id: uuid.UUID
) -> tuple[tuple[Block, ...], dict[str, str]]:
    """Return the blocks with ids, and the id that each place of the record (``body[3]``) got."""
    made: list[tuple[int, Block]] = []
    for number, row in enumerate(record["body"]):
        block = _block(row, record, story_id)
        if isinstance(block, Figure) or any(text.text for text in document.texts(block)):
            made.append((number, block))
    blocks = document.with_ids([block for _, block in made])
    places = {f"body[{number}]": block.id for (number, _), block in zip(made, blocks, strict=True)}
    return blocks, places


def _block(row: dict[str, Any], record: dict[str, Any], story_id: uuid.UUID) -> Block:
    match row["type"]:
        case "subhead":
            return Subhead(_inline(row), min(max(row["level"], 2), 4))
        case "photo":
            photo = record["photos"][row["photo"]]
            return Figure(
                photo=photo_id(story_id, row["photo"]),
                caption=_inline({**photo, "text": photo.get("caption") or ""}),
                group=_group(photo.get("group")),
            )
        case "quote":
            return Quote((_inline(row),), document.line(row.get("cite") or ""))
        case "list":
            return _list(row)
        case "table":
            width = max((len(cells) for cells in row["rows"]), default=0)
            rows = (
                tuple(_part(row, cell, f"row {n} cell {m}") for m, cell in enumerate(cells, 1))
                for n, cells in enumerate(row["rows"], 1)
            )
            padded = tuple(cells + (Inline(),) * (width - len(cells)) for cells in rows)
            return Table(padded, bool(row["header"]))
        case "note":
            return Note(row["kind"], _inline(row))
        case _:
            return Paragraph(_inline(row))


def _list(row: dict[str, Any]) -> ListBlock:
    items: list[Item] = []
    for number, item in enumerate(row["items"], start=1):
        deepest = items[-1].level + 1 if items else 0
        content = _part(row, item["text"], f"item {number}")
        if content.text:
            level = min(max(item["level"] - 1, 0), deepest)
            items.append(Item(content, level, bool(row["ordered"])))
    return ListBlock(tuple(items))


def _group(group: Any) -> str:
    return "" if group is None else re.sub(r"[^0-9a-z]", "", f"g{group}".lower())[:16]


def _inline(row: dict[str, Any]) -> Inline:
    return _part(row, row["text"], None)


def _part(row: dict[str, Any], text: str, where: str | None) -> Inline:
    """Return the text of a block, or of the item or cell ``where`` names, with its marks."""
    marks = [
        Mark(_MARKS[mark["kind"]], mark["start"], mark["end"])
        for mark in row.get("marks") or ()
        if mark["kind"] in _MARKS and mark.get("where") == where
    ]
    marks += [
        Mark("link", link["start"], link["end"], link["url"])
        for link in row.get("links") or ()
        if link.get("where") == where
    ]
    return document.inline(text, marks)


def _bylines(record: dict[str, Any]) -> Iterator[DocumentByline]:
    seen = set()
    for row in record["bylines"]:
        name = document.line(row["name"])[:_NAME]
        if name and (name, row["role"]) not in seen:
            seen.add((name, row["role"]))
            affiliation = document.line(row.get("affiliation") or "")[:_NAME]
            yield DocumentByline("", name, row["role"], affiliation)


def _attributions(record: dict[str, Any], places: dict[str, str]) -> Iterator[DocumentAttribution]:
    named = set()
    for row in record["attributions"]:
        if row["where"] == "source_line":
            named.add(row["text"])
        if _BODY_PLACE.fullmatch(row["where"]) and row["where"] not in places:
            continue  # its block held no words but marks
        yield DocumentAttribution(
            kind=row["kind"],
            text=document.line(row["text"]),
            where=places.get(row["where"], row["where"]),
            start=row["start"],
            name=document.line(row["name"] or "")[:200],
        )
    for text in record["source_lines"]:
        if text not in named:
            yield DocumentAttribution("source_line", document.line(text), "source_line")


def _related(record: dict[str, Any]) -> Iterator[DocumentRelated]:
    for row in record["related"]:
        title = document.line(row["title"] or "")[:_TITLE]
        url = (row["url"] or "")[:2000]
        if title or url:
            yield DocumentRelated(title=title or url[:_TITLE], url=url)


def _body_record(
    story: Document, photos: dict[str, PhotoRecord], report: dict[str, Any]
) -> tuple[list[dict], list[dict]]:
    body: list[dict] = []
    figures: list[dict] = []
    for position, block in enumerate(story.body):
        if isinstance(block, Figure):
            body.append({"type": "photo", "photo": len(figures)})
            figures.append(_figure_record(block, position, photos, report))
        else:
            body.append(_block_record(block))
    return body, figures


def _figure_record(
    block: Figure, position: int, photos: dict[str, PhotoRecord], report: dict[str, Any]
) -> dict:
    photo = photos[block.photo]
    came_as: dict[str, Any] = next(
        (row for row in report["photos"] if row.get("uuid") == block.photo), {}
    )
    same_credit = document.line(came_as.get("credit") or "")[:_CREDIT] == photo.credit
    out = {
        "src": photo.expected_file or None,
        "alt": (block.alt or photo.alt_text) or None,
        "caption": block.caption.text or None,
        "credit": photo.credit or None,
        "credit_raw": came_as.get("credit_raw") if same_credit else photo.credit,
        "position": position,
    }
    if links := _links(block.caption):
        out["links"] = links
    return out | {name: came_as[name] for name in ("group", "title", "link") if name in came_as}


def _block_record(block: Block) -> dict:
    match block:
        case Quote(paragraphs=paragraphs, cite=cite):
            whole = document.joined(paragraphs)
            return {"type": "quote", **_text_record(whole), "cite": cite or None}
        case ListBlock(items=items):
            return {
                "type": "list",
                "ordered": items[0].ordered,
                "items": [{"text": item.content.text, "level": item.level + 1} for item in items],
                **_links_in((f"item {n}", item.content) for n, item in enumerate(items, 1)),
            }
        case Table(rows=rows, header=header):
            return {
                "type": "table",
                "header": header,
                "rows": [[cell.text for cell in row] for row in rows],
                **_links_in(
                    (f"row {n} cell {m}", cell)
                    for n, row in enumerate(rows, 1)
                    for m, cell in enumerate(row, 1)
                ),
            }
        case Note(kind=kind, content=content):
            return {"type": "note", "kind": kind, **_text_record(content)}
        case Subhead(content=content, level=level):
            return {"type": "subhead", "level": level, **_text_record(content)}
        case Paragraph(content=content):
            return {"type": "paragraph", **_text_record(content)}
    raise AssertionError(block.type)  # pragma: no cover


def _links_in(parts: Iterable[tuple[str, Inline]]) -> dict[str, list[dict]]:
    """Return the links in the items or cells of a block, each with where it stands."""
    links = [{**link, "where": where} for where, part in parts for link in _links(part)]
    return {"links": links} if links else {}


def _links(content: Inline) -> list[dict]:
    return [
        {"text": content.text[m.start : m.end], "url": m.href, "start": m.start, "end": m.end}
        for m in content.marks
        if m.kind == "link"
    ]


def _text_record(content: Inline) -> dict:
    links = _links(content)
    marks = [
        {"kind": m.kind, "start": m.start, "end": m.end} for m in content.marks if m.kind != "link"
    ]
    out: dict[str, Any] = {"text": content.text}
    if links:
        out["links"] = links
    if marks:
        out["marks"] = marks
    return out
