"""The article as the seed reader understands it.

Decides the shape of ``seed-article/1`` and its JSON form, field by field. What goes into a field
is decided by the modules that read; what becomes of it in the newsroom is the loader's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

SCHEMA = "seed-article/1"


@dataclass(slots=True)
class Link:
    """A stretch of a text, in characters, that leads to ``url``."""

    text: str
    url: str
    start: int
    end: int
    title: str | None = None
    where: str | None = None  # "item 2", "row 1 cell 3" or "cite" when not the block's own text


@dataclass(slots=True)
class Mark:
    """A stretch of a text, in characters, that is ``strong``, ``em``, ``s`` or ``code``."""

    kind: str
    start: int
    end: int
    where: str | None = None


@dataclass(slots=True)
class Paragraph:
    type: ClassVar[str] = "paragraph"
    text: str
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Subhead:
    type: ClassVar[str] = "subhead"
    text: str
    level: int = 2
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class PhotoBlock:
    """The place of a photo among the blocks; ``photo`` is its index in ``photos``."""

    type: ClassVar[str] = "photo"
    photo: int


@dataclass(slots=True)
class Quote:
    type: ClassVar[str] = "quote"
    text: str
    cite: str | None = None
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class ListItem:
    text: str
    level: int = 1


@dataclass(slots=True)
class ListBlock:
    type: ClassVar[str] = "list"
    ordered: bool
    items: list[ListItem]
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    type: ClassVar[str] = "table"
    header: bool
    rows: list[list[str]]
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(slots=True)
class Note:
    """A notice to readers; ``kind`` is correction, update, clarification, editors_note or
    disclosure."""

    type: ClassVar[str] = "note"
    kind: str
    text: str
    links: list[Link] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


Block = Paragraph | Subhead | PhotoBlock | Quote | ListBlock | Table | Note


@dataclass(slots=True)
class SeedPhoto:
    """A photo as the text shows it; ``link`` is the address a click on it led to."""

    src: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    credit_raw: str | None = None
    position: int = 0
    group: int | None = None
    title: str | None = None
    link: str | None = None
    links: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Byline:
    name: str
    role: str = "author"
    affiliation: str | None = None


@dataclass(slots=True)
class Dateline:
    text: str
    place: str | None = None
    date: str | None = None
    agency: str | None = None


@dataclass(slots=True)
class SeedDate:
    """A date line and the moment it names in ISO 8601, only as exact as the text."""

    text: str
    value: str


@dataclass(slots=True)
class SeedAttribution:
    """Who is credited with something: ``text`` is found in ``where`` at ``start`` to ``end``."""

    kind: str
    name: str | None
    text: str
    where: str
    start: int
    end: int


@dataclass(slots=True)
class RelatedItem:
    title: str
    url: str | None = None


@dataclass(slots=True)
class Skipped:
    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Uncertain:
    """A line an editor must look at, with its place in the article or None."""

    line: int
    text: str
    reason: str
    placed: str | None = None


@dataclass(slots=True)
class DroppedUrl:
    url: str
    reason: str
    line: int


@dataclass(slots=True)
class LineFate:
    """What became of one physical line: its class and where its text went."""

    n: int
    fate: str
    to: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SeedArticle:
    """One seed document, read."""

    source_file: str
    outcome: str = "imported"
    error: str | None = None
    language: str = "und"
    direction: str = "ltr"
    headline: str | None = None
    standfirst: str | None = None
    bylines: list[Byline] = field(default_factory=list)
    byline_lines: list[str] = field(default_factory=list)
    dateline: Dateline | None = None
    published: SeedDate | None = None
    updated: SeedDate | None = None
    date_lines: list[str] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    photos: list[SeedPhoto] = field(default_factory=list)
    attributions: list[SeedAttribution] = field(default_factory=list)
    source_lines: list[str] = field(default_factory=list)
    related: list[RelatedItem] = field(default_factory=list)
    related_headings: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    tag_lines: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    uncertain: list[Uncertain] = field(default_factory=list)
    dropped_urls: list[DroppedUrl] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    lines: list[LineFate] = field(default_factory=list)
    unaccounted: list[int] = field(default_factory=list)
    # Links in the headline, byline, boilerplate …: places that are no body block.
    other_links: list[Link] = field(default_factory=list)

    def flag(self, code: str) -> None:
        """Raise a flag once."""
        if code not in self.flags:
            self.flags.append(code)

    def to_json(self) -> dict[str, Any]:
        """The article as the export schema writes it."""
        return {"schema": SCHEMA} | {
            one.name: _plain(getattr(self, one.name))
            for one in fields(self)
            if not (one.name == "error" and self.error is None)
        }


# Keys that are only written when they say something.
_OPTIONAL = frozenset({"links", "marks", "group", "title", "where", "link"})


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, LineFate):
        entry: dict[str, Any] = {"n": value.n, "class": value.fate}
        return entry | {"to": value.to} if value.to else entry
    if not hasattr(value, "__dataclass_fields__"):
        return value
    kind = {"type": value.type} if hasattr(value, "type") else {}
    return kind | {
        one.name: _plain(getattr(value, one.name))
        for one in fields(value)
        if one.name not in _OPTIONAL
        or getattr(value, one.name) not in (None, [])
        or (one.name == "where" and isinstance(value, SeedAttribution))
    }
