"""The pieces of a document in order: lines that belong together, taken together.

Decides which rows make one candidate, which items one list and which lines one quotation. What a
piece means is decided by ``head``, ``body`` and ``ending``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from articles.importing.readers.seed.inline import Inline, parse
from articles.importing.readers.seed.lines import Shape, is_pure_image
from articles.importing.readers.seed.tables import Part, parts


@dataclass
class Unit:
    """One piece: ``kind`` is text, heading, item, list, quote, image, photos, table, cell, rule."""

    kind: str
    numbers: list[int]
    raws: dict[int, str]
    text: str = ""
    level: int = 0
    ordered: bool = False
    items: list[Shape] = field(default_factory=list)
    part: Part | None = None
    from_table: bool = False
    memo: dict[str, Any] = field(default_factory=dict)  # what ``judge`` found out

    @cached_property
    def inline(self) -> Inline:
        return parse(self.text)

    @property
    def plain(self) -> str:
        return self.inline.text

    @property
    def raw(self) -> str:
        return " ".join(self.raws[number] for number in self.numbers)

    @property
    def is_words(self) -> bool:
        """Tell whether this is one line of words, however it is set."""
        return self.kind in ("text", "heading", "cell", "item")


def units(shapes: list[Shape]) -> list[Unit]:
    """Group the shapes of a document."""
    result: list[Unit] = []
    at = alone_until = 0
    while at < len(shapes):
        shape = shapes[at]
        if shape.kind == "blank":
            at += 1
            continue
        if shape.kind == "image" and at >= alone_until:
            alone_until = _images_without_rows(shapes, at)
        if at >= alone_until and (end := _candidate_end(shapes, at)):
            rows = [one for one in shapes[at:end] if one.kind != "blank"]
            found = [_from_part(part) for part in parts(rows)]
            _give_numbers(found, rows)
            result += found
            at = end
        elif end := _trailing_marks(shapes, at):
            result.append(_marked_list(shapes[at:end]))
            at = end
        elif shape.kind in ("item", "quote"):
            end = _run_end(shapes, at)
            result += _group([one for one in shapes[at:end] if one.kind != "blank"])
            at = end
        else:
            result.append(_single(shape))
            at += 1
    return result


def _raws(shapes: list[Shape]) -> dict[int, str]:
    result: dict[int, str] = {}
    for shape in shapes:
        pieces = shape.pieces or [shape.raw] + [""] * (len(shape.numbers) - 1)
        for number, raw in zip(shape.numbers, pieces, strict=True):
            result[number] = f"{result[number]} {raw}".strip() if number in result else raw
    return result


def _single(shape: Shape) -> Unit:
    unit = Unit(shape.kind, list(shape.numbers), _raws([shape]), shape.text, shape.level)
    unit.ordered = shape.ordered
    if shape.kind == "rule":
        unit.from_table = "|" in shape.text
    return unit


def _from_part(part: Part) -> Unit:
    unit = Unit(part.kind, list(part.numbers), dict(part.raws), part.text, part=part)
    unit.from_table = True
    return unit


def _give_numbers(found: list[Unit], rows: list[Shape]) -> None:
    """A row that was wrapped stands on several lines."""
    more = {row.numbers[0]: row for row in rows if len(row.numbers) > 1}
    if not more:
        return
    for unit in found:
        for number in list(unit.numbers):
            if number in more:
                row = more[number]
                pieces = row.pieces or [row.raw] + [""] * (len(row.numbers) - 1)
                unit.raws.update(zip(row.numbers, pieces, strict=True))
                unit.numbers += row.numbers[1:]


def _images_without_rows(shapes: list[Shape], at: int) -> int:
    """Where a run of image lines ends if no row follows it; its start if one does."""
    end = at
    while end < len(shapes) and is_pure_image(shapes[end]) and (end == at or not shapes[end].gap):
        end += 1
    return at if end < len(shapes) and shapes[end].kind in ("row", "rule") else end


def _candidate_end(shapes: list[Shape], at: int) -> int:
    """Where a run of adjacent rows ends; 0 if none begins here."""
    end = at
    while end < len(shapes) and is_pure_image(shapes[end]) and (end == at or not shapes[end].gap):
        end += 1
    if end > at:
        while end < len(shapes) and shapes[end].text.strip() == "|" and not shapes[end].gap:
            end += 1
    if end >= len(shapes) or shapes[end].kind != "row" or (end > at and shapes[end].gap):
        return 0
    while end < len(shapes):
        shape = shapes[end]
        if shape.kind == "blank" and end + 1 < len(shapes) and _spaced(shapes, at, end):
            end += 1
            continue
        if end > at and shape.gap and not _spaced(shapes, at, end - 1):
            break
        line_image = is_pure_image(shape) and _leads_to_row(shapes, end)
        if shape.kind not in ("row", "rule") and not line_image:
            break
        if shape.kind == "rule" and shape.level:
            break
        end += 1
    return end


def _spaced(shapes: list[Shape], at: int, blank: int) -> bool:
    """Tell whether the rows around a blank line are of one table: some converters set each row
    apart."""
    if blank <= at or shapes[blank].kind != "blank" or blank + 1 >= len(shapes):
        return False
    above, below = shapes[blank - 1], shapes[blank + 1]
    if below.kind != "row" or above.kind not in ("row", "rule"):
        return False
    width = len(below.cells)
    if above.kind == "rule":
        return "|" in above.text and width >= 2 and above.text.strip("| ").count("|") + 1 == width
    if "![" in above.raw:
        return width == 1 and "![" not in below.raw and "|" in above.raw
    return width >= 2 and len(above.cells) == width and "![" not in below.raw


def _leads_to_row(shapes: list[Shape], at: int) -> bool:
    following = at + 1
    while following < len(shapes) and following < at + 300 and is_pure_image(shapes[following]):
        following += 1
    return following < len(shapes) and shapes[following].kind == "row" and not shapes[following].gap


def _trailing_marks(shapes: list[Shape], at: int) -> int:
    """Where a list ends whose marks stand on lines of their own, after each item; 0 if none."""
    end = at
    while (
        end + 1 < len(shapes)
        and shapes[end].kind == "text"
        and shapes[end + 1].kind == "rule"
        and shapes[end + 1].text == "-"
    ):
        end += 2
    return end if end - at >= 4 else 0


def _marked_list(run: list[Shape]) -> Unit:
    unit = Unit("list", [shape.numbers[0] for shape in run], _raws(run))
    unit.items = [shape for shape in run if shape.kind == "text"]
    return unit


def _run_end(shapes: list[Shape], at: int) -> int:
    kind, end, last = shapes[at].kind, at, at
    while end < len(shapes) and shapes[end].kind in (kind, "blank"):
        if shapes[end].kind == kind:
            if kind == "quote" and shapes[end].gap and end > at:
                break
            last = end
        end += 1
    return last + 1


def _group(run: list[Shape]) -> list[Unit]:
    if run[0].kind == "quote":
        unit = Unit("quote", [n for shape in run for n in shape.numbers], _raws(run))
        unit.items = run
        return [unit]
    result: list[Unit] = []
    base = min(shape.level for shape in run)
    group: list[Shape] = []
    for shape in run:
        if group and shape.level <= base + 1 and shape.ordered != group[0].ordered:
            result.append(_list(group))
            group = []
        group.append(shape)
    result.append(_list(group))
    return result


def _list(group: list[Shape]) -> Unit:
    if len(group) == 1:
        unit = _single(group[0])
        keeps_sign = re.match(r"\s*(?:-|\d)", group[0].raw)
        unit.text = group[0].raw if keeps_sign else group[0].text
        unit.items = group
        return unit
    unit = Unit("list", [n for shape in group for n in shape.numbers], _raws(group))
    unit.items, unit.ordered = group, group[0].ordered
    return unit


def levels(items: list[Shape]) -> list[int]:
    """How deep each item of a list lies, from 1."""
    stack: list[int] = []
    result = []
    for item in items:
        while stack and item.level < stack[-1] - 1:
            stack.pop()
        if not stack or item.level >= stack[-1] + 2:
            stack.append(item.level)
        result.append(len(stack))
    return result
