"""What differs between two versions of a story, field by field and block by block, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.changes import marks
from articles.changes.align import (
    ATTRIBUTIONS,
    BYLINES,
    RELATED,
    Pair,
    align_blocks,
    align_rows,
    without_id,
    without_place,
)
from articles.changes.words import Span, spans
from articles.choices import AttributionKind, BylineRole, Layout, NoteKind, RelatedKind
from articles.document import (
    Block,
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    Inline,
    ListBlock,
    Mark,
    Note,
    Quote,
    Subhead,
    Table,
    texts,
)

ADDED, REMOVED, CHANGED, MOVED, SAME = "added", "removed", "changed", "moved", "same"
Names = Mapping[str, str]

# The fields of a story that are one value, as they are called at the desk.
FIELDS: dict[str, Any] = {
    "kicker": gettext_lazy("Kicker"),
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "dateline": gettext_lazy("Dateline"),
    "section": gettext_lazy("Section"),
    "topics": gettext_lazy("Topics"),
    "language": gettext_lazy("Language"),
    "original": gettext_lazy("Translated from"),
    "slug": gettext_lazy("Slug"),
    "slugline": gettext_lazy("Slugline"),
    "originally_published_at": gettext_lazy("Originally published"),
}
ROWS: dict[str, Any] = {
    "bylines": gettext_lazy("Byline"),
    "attributions": gettext_lazy("Attribution"),
    "related": gettext_lazy("Related link"),
}
_KEYS = {"bylines": BYLINES, "attributions": ATTRIBUTIONS, "related": RELATED}
_BLOCKS: dict[str, Any] = {
    "paragraph": gettext_lazy("Paragraph"),
    "subhead": gettext_lazy("Subhead"),
    "quote": gettext_lazy("Quotation"),
    "list": gettext_lazy("List"),
    "table": gettext_lazy("Table"),
    "note": gettext_lazy("Notice"),
    "figure": gettext_lazy("Photo"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Something besides the words of a block or row: the alt text of a photo, who is quoted."""

    name: str
    label: str
    spans: tuple[Span, ...]

    @property
    def is_changed(self) -> bool:
        return any(span.op != "same" for span in self.spans)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field, row or block.

    ``place`` is the field's name or "body", ``label`` what people call it, ``anchor`` the block's
    id. ``kind`` is added, removed, changed, moved or same; what was moved and changed is changed
    and ``is_moved``. ``notes`` are sentences on what words don't show: links, looks, the form.
    """

    place: str
    label: str
    kind: str
    spans: tuple[Span, ...]
    anchor: str = ""
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    is_moved: bool = False


def compare(old: Document, new: Document, names: Names | None = None) -> list[Change]:
    """Return every field, row and block of two versions with what became of it, as a story reads.

    ``names`` says by uuid, path or slug what photos, people, sources, articles, sections and
    topics are called; what it doesn't know is shown as it is. Empty fields are left out.
    """
    names = names or {}
    out = [*_fields(old, new, names), *_rows("bylines", old, new, names)]
    out += _body(old, new, names)
    return [*out, *_rows("attributions", old, new, names), *_rows("related", old, new, names)]


def _fields(old: Document, new: Document, names: Names) -> Iterator[Change]:
    for name, label in FIELDS.items():
        before, after = _value(old, name, names), _value(new, name, names)
        if before or after:
            yield Change(name, str(label), _kind(before or None, after or None, before == after),
                         spans(before, after))  # fmt: skip


def _value(story: Document, name: str, names: Names) -> str:
    value = getattr(story, name)
    if name == "topics":
        return ", ".join(names.get(slug, slug) for slug in value)
    return names.get(value, value) if name in ("section", "original") else str(value)


def _kind(before: Any, after: Any, is_same: bool, is_moved: bool = False) -> str:
    if before is None:
        return ADDED
    if after is None:
        return REMOVED
    if not is_same:
        return CHANGED
    return MOVED if is_moved else SAME


# Rows


def _rows(name: str, old: Document, new: Document, names: Names) -> Iterator[Change]:
    before, after = getattr(old, name), getattr(new, name)
    for pair in align_rows(before, after, _KEYS[name]):
        was = before[pair.old] if pair.old is not None else None
        now = after[pair.new] if pair.new is not None else None
        a, b = _row_texts(was, names), _row_texts(now, names)
        kind = _kind(was, now, a == b, pair.is_moved)
        main, parts = _row_spans(a, b)
        yield Change(name, str(ROWS[name]), kind, main, "", parts, (), pair.is_moved)


_Texts = dict[str, tuple[str, str]]


def _row_spans(a: _Texts, b: _Texts) -> tuple[tuple[Span, ...], tuple[Part, ...]]:
    """Return the words of a row's first text, and those of its others that are not empty."""
    found = []
    for name, (label, _text) in (b or a).items():
        before, after = a.get(name, ("", ""))[1], b.get(name, ("", ""))[1]
        found.append(Part(name, label, spans(before, after)))
    return found[0].spans, tuple(part for part in found[1:] if part.spans)


def _row_texts(row: Any, names: Names) -> _Texts:
    """Return what a row says, by name, with a label; the first text is its main one."""
    match row:
        case DocumentByline():
            role = _label(BylineRole, row.role)
            return {
                "name": ("", row.name),
                "role": (_("Role"), role),
                "affiliation": (_("Affiliation"), row.affiliation),
            }
        case DocumentAttribution():
            return _attribution_texts(row, names)
        case DocumentRelated():
            called = names.get(row.article, row.article)
            return {
                "title": ("", row.title or called or row.url),
                "article": (_("Article"), called),
                "url": (_("Address"), row.url),
                "pinned_until": (_("Pinned until"), row.pinned_until),
                "kind": (_("Shown as"), _label(RelatedKind, row.kind)),
            }
        case _:
            return {}


def _attribution_texts(row: DocumentAttribution, names: Names) -> _Texts:
    row = without_place(row)
    who = row.name or names.get(row.source, row.source)
    source = names.get(row.source, row.source)
    return {
        "text": ("", row.text),
        "who": (_("Who"), who),
        "source": (_("Source"), "" if source == who else source),
        "kind": (_("Kind"), _label(AttributionKind, row.kind)),
        "is_quote": (_("Form"), _("word for word") if row.is_quote else _("in our words")),
        "description": (_("Described as"), row.description),
        "reason": (_("Reason for anonymity"), row.reason),
        "verified_by": (_("Verified by"), row.verified_by),
        "approved_by": (_("Signed off by"), row.approved_by),
        "lost": (_("In the text"), _("no longer") if row.start < 0 else _("yes")),
    }


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


# The body


def _body(old: Document, new: Document, names: Names) -> Iterator[Change]:
    numbers = _numbers(old.body), _numbers(new.body)
    for pair in align_blocks(old.body, new.body):
        was = old.body[pair.old] if pair.old is not None else None
        now = new.body[pair.new] if pair.new is not None else None
        yield _block_change(was, now, pair, _block_label(pair, was, now, numbers), names)


def _numbers(body: Sequence[Block]) -> list[int]:
    """Return the number of each block among those of its type, from 1."""
    counts: dict[str, int] = {}
    out = []
    for block in body:
        counts[block.type] = counts.get(block.type, 0) + 1
        out.append(counts[block.type])
    return out


def _block_label(
    pair: Pair, was: Block | None, now: Block | None, numbers: tuple[list[int], list[int]]
) -> str:
    block = now or was
    number = numbers[1][pair.new] if pair.new is not None else numbers[0][pair.old or 0]
    return f"{block_label(block)} {number}" if block else ""


def block_label(block: Block) -> str:
    """Return what kind of block it is, as people call it."""
    return str(_BLOCKS[block.type])


def _block_change(
    was: Block | None, now: Block | None, pair: Pair, label: str, names: Names
) -> Change:
    before = shown(was) if was else Inline()
    after = shown(now) if now else Inline()
    same = bool(was and now and without_id(was) == without_id(now))
    notes: tuple[str, ...] = ()
    if was and now and not same:
        notes = (*_form_notes(was, now), *marks.told(before, after))
    return Change(
        place="body",
        label=label,
        kind=_kind(was, now, same, pair.is_moved),
        spans=spans(before.text, after.text),
        anchor=(now or was or Figure("")).id,
        parts=tuple(_block_parts(was, now, names)),
        notes=notes,
        is_moved=pair.is_moved,
    )


def shown(block: Block) -> Inline:
    """Return what a block says as one text: items with a bullet, cells with bars between them."""
    match block:
        case ListBlock(items=items):
            leads = ["◦ " if item.level else "• " for item in items]
            return _together(texts(block), [f"\n{lead}" for lead in leads])
        case Table(rows=rows):
            leads = [" | " if place else "\n" for row in rows for place in range(len(row))]
            return _together(texts(block), leads)
        case _:
            return _together(texts(block), ["\n"] * len(texts(block)))


def _together(contents: Sequence[Inline], leads: Sequence[str]) -> Inline:
    text = ""
    found: list[Mark] = []
    for content, lead in zip(contents, leads, strict=True):
        text += lead if text else lead.removeprefix("\n")
        shift = len(text)
        found += [replace(m, start=m.start + shift, end=m.end + shift) for m in content.marks]
        text += content.text
    return Inline(text, tuple(found))


def _block_parts(was: Block | None, now: Block | None, names: Names) -> Iterator[Part]:
    a, b = _part_texts(was, names), _part_texts(now, names)
    for name, label in {key: text[0] for key, text in (a | b).items()}.items():
        found = spans(a.get(name, ("", ""))[1], b.get(name, ("", ""))[1])
        if found:
            yield Part(name, label, found)


def _part_texts(block: Block | None, names: Names) -> _Texts:
    match block:
        case Figure():
            return {
                "photo": (_("Photo"), names.get(block.photo, block.photo)),
                "alt": (_("Alt text"), block.alt),
                "layout": (_("Layout"), _label(Layout, block.layout)),
            }
        case Quote():
            return {"cite": (_("Who is quoted"), block.cite)}
        case Note():
            return {"kind": (_("Kind"), _label(NoteKind, block.kind))}
        case _:
            return {}


def _form_notes(was: Block, now: Block) -> Iterator[str]:
    if type(was) is not type(now):
        values = {"old": block_label(was), "new": block_label(now)}
        yield _("Was: %(old)s. Is now: %(new)s.") % values
    if isinstance(was, Subhead) and isinstance(now, Subhead) and was.level != now.level:
        yield _("The subhead is of level %(new)d, was of level %(old)d.") % {
            "old": was.level,
            "new": now.level,
        }
    if isinstance(was, Table) and isinstance(now, Table) and was.header != now.header:
        yield _("The first row is a head now.") if now.header else _("The first row is no head.")
    if isinstance(was, ListBlock) and isinstance(now, ListBlock):
        forms = [[(item.level, item.ordered) for item in block.items] for block in (was, now)]
        if forms[0] != forms[1] and len(forms[0]) == len(forms[1]):
            yield _("Numbers or levels of the list were changed.")
    if isinstance(was, Figure) and isinstance(now, Figure) and was.group != now.group:
        yield (
            _("It shares its caption with other photos now.")
            if now.group
            else _("It has a caption of its own now.")
        )
