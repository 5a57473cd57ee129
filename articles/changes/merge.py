"""Joining what two people made of the same story, without losing a word of either.

What only one of them changed is taken; where both changed the same in different ways, the merged
document keeps what is saved ("theirs") and a conflict shows both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from articles.changes.align import (
    ATTRIBUTIONS,
    BYLINES,
    RELATED,
    Key,
    Pair,
    align_blocks,
    align_rows,
    plain,
    without_id,
    without_place,
)
from articles.changes.compare import FIELDS, ROWS, block_label
from articles.document import (
    Block,
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    with_ids,
)

Value = str | Block | DocumentByline | DocumentAttribution | DocumentRelated | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that both changed.

    ``place`` is the field's name or "body", ``label`` what people call it, ``anchor`` the block's
    id. ``base``, ``mine`` and ``theirs`` are plain text, empty where it is not there; the values
    beside them are what stands in the documents: a text, a block, a row or None.
    """

    place: str
    label: str
    anchor: str
    base: str
    mine: str
    theirs: str
    base_value: Value = None
    mine_value: Value = None
    theirs_value: Value = None


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged document, with what is saved where there is a conflict."""

    document: Document
    conflicts: tuple[Conflict, ...]


def merge(
    base: Document, mine: Document, theirs: Document, names: Mapping[str, str] | None = None
) -> Merge:
    """Join ``mine`` and ``theirs``, which both began as ``base``.

    ``theirs`` is what is saved by now. ``names`` says by uuid what photos, sources and articles
    are called in the conflicts' plain text.
    """
    names = names or {}
    conflicts: list[Conflict] = []
    values: dict[str, Any] = {}
    for name, label in FIELDS.items():
        if name == "topics":
            values[name] = _merged_topics(base.topics, mine.topics, theirs.topics)
            continue
        sides = _Sides(*(getattr(story, name) for story in (base, mine, theirs)))
        found = _settle(sides, lambda value: value)
        values[name] = sides.theirs if found is None else found.value
        if found is None:
            conflicts.append(Conflict(name, str(label), "", *sides, *sides))
    for name, sort in _ROWS.items():
        values[name] = _merged_rows(name, sort, base, mine, theirs, conflicts, names)
    values["body"] = _merged_rows("body", _BODY, base, mine, theirs, conflicts, names)
    if len({block.id for block in values["body"]}) < len(values["body"]):
        values["body"] = with_ids(values["body"])
    return Merge(replace(theirs, **values), tuple(conflicts))


def _merged_topics(
    base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> tuple[str, ...]:
    if mine == base:
        return theirs
    if theirs == base:
        return mine
    dropped, added = set(base) - set(mine), set(mine) - set(base)
    return tuple(sorted((set(theirs) - dropped) | added))


class _Sides(NamedTuple):
    base: Any
    mine: Any
    theirs: Any


class _Found(NamedTuple):
    value: Any


def _settle(sides: _Sides, core: Callable[[Any], Any]) -> _Found | None:
    """Return the value both can live with, None if there is none.

    ``core`` leaves out of a value what follows from others (its id, where it stands).
    """
    base, mine, theirs = sides
    if mine in (theirs, base):
        return _Found(theirs)
    if theirs == base:
        return _Found(mine)
    if core(mine) in (core(theirs), core(base)):
        return _Found(theirs)
    return _Found(mine) if core(theirs) == core(base) else None


# Rows and blocks


@dataclass(frozen=True, slots=True)
class _Sort:
    """How a sort of row is known again, what of it counts, and how it is called and read."""

    align: Callable[[Sequence[Any], Sequence[Any]], list[Pair]]
    core: Callable[[Any], Any]
    label: Callable[[Any], str]
    text: Callable[[Any, Mapping[str, str]], str]


def _rows_by(keys: Sequence[Key]) -> Callable[[Sequence[Any], Sequence[Any]], list[Pair]]:
    return lambda old, new: align_rows(old, new, keys)


def _block_text(block: Block, names: Mapping[str, str]) -> str:
    text = plain(block)
    if not isinstance(block, Figure):
        return text
    return "\n".join(filter(None, [names.get(block.photo, block.photo), text, block.alt]))


def _byline_text(row: DocumentByline, names: Mapping[str, str]) -> str:
    return ", ".join(filter(None, [row.name, row.role, row.affiliation]))


def _attribution_text(row: DocumentAttribution, names: Mapping[str, str]) -> str:
    who = row.name or names.get(row.source, row.source)
    return " — ".join(filter(None, [f"“{row.text}”", who, row.description]))


def _related_text(row: DocumentRelated, names: Mapping[str, str]) -> str:
    return " — ".join(filter(None, [row.title or names.get(row.article, row.article), row.url]))


_ROWS = {
    "bylines": _Sort(
        _rows_by(BYLINES), lambda row: row, lambda row: str(ROWS["bylines"]), _byline_text
    ),
    "attributions": _Sort(
        _rows_by(ATTRIBUTIONS),
        without_place,
        lambda row: str(ROWS["attributions"]),
        _attribution_text,
    ),
    "related": _Sort(
        _rows_by(RELATED), lambda row: row, lambda row: str(ROWS["related"]), _related_text
    ),
}
_BODY = _Sort(align_blocks, without_id, block_label, _block_text)


def _merged_rows(
    name: str,
    sort: _Sort,
    base: Document,
    mine: Document,
    theirs: Document,
    conflicts: list[Conflict],
    names: Mapping[str, str],
) -> tuple[Any, ...]:
    sides = _Sides(*(getattr(story, name) for story in (base, mine, theirs)))
    settled = _settle(sides, lambda value: value)
    if settled is not None:
        return tuple(settled.value)
    result, contested = _weave(sides, sort)
    for found in contested:
        row = next(value for value in (found.theirs, found.mine, found.base) if value is not None)
        base_text, my_text, their_text = (
            "" if value is None else sort.text(value, names) for value in found
        )
        anchor = getattr(row, "id", "")
        conflicts.append(
            Conflict(name, sort.label(row), anchor, base_text, my_text, their_text, *found)
        )
    return tuple(result)


class _Slot(NamedTuple):
    """A place in the merged row: what stands there, and which of mine it is (None: none)."""

    value: Any
    mine: int | None
    is_inserted: bool = False


def _weave(sides: _Sides, sort: _Sort) -> tuple[list[Any], list[_Sides]]:
    """Join three rows: theirs in its order, and in it what mine changed, moved or put in.

    What mine put in or moved follows what it follows in mine, behind anything that theirs put in
    at the same place.
    """
    to_mine = {p.old: p for p in sort.align(sides.base, sides.mine) if p.old is not None}
    to_theirs = {p.old: p for p in sort.align(sides.base, sides.theirs) if p.old is not None}
    base_of_mine = {pair.new: i for i, pair in to_mine.items() if pair.new is not None}
    base_of_theirs = {pair.new: i for i, pair in to_theirs.items() if pair.new is not None}
    new_in_mine = [m for m in range(len(sides.mine)) if m not in base_of_mine]
    twins = _twins(sides, new_in_mine, base_of_theirs, sort)
    contested: list[tuple[int, _Sides]] = []
    placed: list[_Slot] = []
    waiting: dict[int, Any] = {m: sides.mine[m] for m in new_in_mine if m not in twins.values()}
    for t, value in enumerate(sides.theirs):
        i = base_of_theirs.get(t)
        if i is None:
            placed.append(_Slot(value, twins.get(t), True))
            continue
        m = to_mine[i].new
        if m is None:
            if sort.core(value) != sort.core(sides.base[i]):
                contested.append((t, _Sides(sides.base[i], None, value)))
                placed.append(_Slot(value, None))
            continue
        three = _Sides(sides.base[i], sides.mine[m], value)
        found = _settle(three, sort.core)
        if found is None:
            contested.append((t, three))
        kept = value if found is None else found.value
        if to_mine[i].is_moved and not to_theirs[i].is_moved:
            waiting[m] = kept
        else:
            placed.append(_Slot(kept, m))
    for i, pair in to_mine.items():
        if to_theirs[i].new is None and pair.new is not None:
            edited = sides.mine[pair.new]
            if sort.core(edited) != sort.core(sides.base[i]):
                place = len(sides.theirs) + i
                contested.append((place, _Sides(sides.base[i], edited, None)))
    for m in sorted(waiting):
        placed.insert(_place_for(m, placed), _Slot(waiting[m], m))
    contested.sort(key=lambda found: found[0])
    return [slot.value for slot in placed], [found for _place, found in contested]


def _twins(
    sides: _Sides, new_in_mine: list[int], base_of_theirs: dict[int, int], sort: _Sort
) -> dict[int, int]:
    """Return which of the rows that theirs put in were put in by mine too, word for word."""
    free = list(new_in_mine)
    out: dict[int, int] = {}
    for t, value in enumerate(sides.theirs):
        if t in base_of_theirs:
            continue
        exact = [m for m in free if sides.mine[m] == value]
        same = exact or [m for m in free if sort.core(sides.mine[m]) == sort.core(value)]
        if same:
            out[t] = same[0]
            free.remove(same[0])
    return out


def _place_for(m: int, placed: Sequence[_Slot]) -> int:
    """Return where a row of mine goes: behind the nearest one before it that is there."""
    at, best = -1, -1
    for place, slot in enumerate(placed):
        if slot.mine is not None and best < slot.mine < m:
            at, best = place, slot.mine
    at += 1
    while at < len(placed) and placed[at].is_inserted and placed[at].mine is None:
        at += 1
    return at
