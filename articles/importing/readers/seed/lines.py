"""What each line looks like, before anyone asks what it means.

Decides, line by line, between rows, rules, headings, list items, quotations, images and plain
text, and parts lines that ran together. What was wrapped is joined in ``wrapping``; what rows make
together is decided in ``tables``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from articles.importing.readers.seed.decoding import Line
from articles.importing.readers.seed.endmatter import inline_related
from articles.importing.readers.seed.inline import parse, protect_bars
from articles.importing.readers.seed.wrapping import Logical, unwrap

_RULE = re.compile(r"[\s|:_=*—–-]*\Z")
_HEADING = re.compile(r"(#{1,6})\s+(\S.*)\Z", re.S)
_ITEM = re.compile(r"(?P<mark>[-*+•‣◦▪●]|\d{1,3}[.)])\s+(?P<text>\S.*)\Z", re.S)
_IMAGE = re.compile(r"(?:\[\s*)?!\[")
_UNDERLINE = re.compile(r"(?:=+|-+)\Z")
_GLUED = re.compile(
    r"(?:\*\*|\*|_)?\[[^\[\]]*+\]\([^()\s]*+\)(?:\*\*|\*|_)?(?=[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЀ-Џ\[])"
)


@dataclass(slots=True)
class Shape:
    """A line and what it looks like.

    ``kind`` is blank, rule, row, image, heading, item, quote or text; ``text`` lacks the sign of
    the kind; ``gap`` says that a blank line stands before it.
    """

    kind: str
    numbers: list[int]
    raw: str
    text: str
    level: int = 0
    ordered: bool = False
    gap: bool = False
    cells: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    pure: bool | None = None


def shapes(lines: list[Line]) -> tuple[list[Shape], bool]:
    """The shapes of all lines, and whether lines were joined."""
    result: list[Shape] = []
    gap = False
    logical, joined = unwrap(lines)
    for line in logical:
        texts = _split_glued(line.text)
        for text in texts:
            shape = _shape(line.numbers[0], text)
            shape.gap = gap
            gap = shape.kind == "blank"
            if len(line.numbers) > 1:
                _spread(shape, line, whole=len(texts) == 1)
            result.append(shape)
    _mark_piped_tables(result)
    _mark_underlined(result)
    return result, joined


def _spread(shape: Shape, line: Logical, *, whole: bool) -> None:
    """Give a joined line back its numbers, and each number what stands on it."""
    shape.numbers = list(line.numbers)
    if whole:
        shape.pieces = [piece.strip() for piece in line.pieces]


def _split_glued(text: str) -> list[str]:
    """``[Title](url)Next`` is two lines that lost the line end between them."""
    if "](" not in text:
        return [text]
    result = []
    start = 0
    if not text.lstrip().startswith("[") and (pair := inline_related(text[:700])):
        start = text.find("[", text.find(pair[0]) + len(pair[0]))
    while start >= 0 and (found := _GLUED.match(text, start)):
        result.append(text[: found.end()])
        text, start = text[found.end() :], 0
    return [*result, text]


def _shape(number: int, line: str) -> Shape:
    text = line.strip()
    if not text:
        return Shape("blank", [number], "", "")
    if _is_rule(text):
        return Shape("rule", [number], text, text)
    guarded = protect_bars(text)
    if guarded.endswith("|") or guarded.startswith("|"):
        return Shape("row", [number], text, text, cells=cells(guarded))
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    item = _ITEM.match(text)
    inner = item.group("text") if item else text
    if _IMAGE.match(inner) and parse(inner).images:
        return Shape("image", [number], text, inner)
    if found := _HEADING.match(text):
        return Shape(
            "heading", [number], text, _open_ended(found.group(2)), level=len(found.group(1))
        )
    if text.startswith(">"):
        return Shape("quote", [number], text, re.sub(r"\A(?:>\s?)+", "", text))
    if item:
        ordered = item.group("mark")[0].isdigit()
        return Shape("item", [number], text, inner, level=indent, ordered=ordered)
    return Shape("text", [number], text, text)


def _open_ended(heading: str) -> str:
    """A heading without the signs that may close it."""
    bare = heading.rstrip().rstrip("#")
    return bare.rstrip() if bare.endswith((" ", "\t")) else heading.rstrip()


def _is_rule(text: str) -> bool:
    if not _RULE.match(text) or len(text) > 2000:
        return bool(_RULE.match(text)) and text.strip("|-: ") == ""
    if text.strip("|-: ") == "":
        return True
    compact = text.replace(" ", "")
    return compact[0] in "*_=—–" and len(set(compact)) == 1 and len(compact) >= 3


def cells(guarded: str) -> list[str]:
    """The cells of a row whose escaped bars are protected."""
    inner = guarded[1:] if guarded.startswith("|") else guarded
    inner = inner[:-1] if inner.endswith("|") else inner
    return [cell.strip() for cell in re.split(r"(?:(?<=\s)|\A)\|(?=\s|\Z)", inner)]


def _mark_piped_tables(found: list[Shape]) -> None:
    """Rows without a bar at their end, known by the rule ``---|---`` under the first."""
    for at, shape in enumerate(found):
        if shape.kind != "rule" or not at:
            continue
        above = found[at - 1]
        columns = shape.text.strip("| ").count("|") + 1
        if above.kind == "image" or (columns > 1 and above.kind == "text" and "|" in above.raw):
            if above.kind == "image" and shape.text.startswith("|"):
                continue
            _make_row(above)
            _mark_rows_below(found, at + 1, columns, images="![" in above.raw)


def _mark_rows_below(found: list[Shape], at: int, columns: int, *, images: bool) -> None:
    for number, shape in enumerate(found[at : at + 10_000]):
        if shape.kind in ("text", "image") and (
            "|" in shape.raw if columns > 1 and not images else number < 2
        ):
            _make_row(shape)
        elif shape.kind not in ("row", "rule"):
            return


def _make_row(shape: Shape) -> None:
    shape.kind = "row"
    guarded = protect_bars(" ".join(shape.raw.split()))
    shape.cells = [cell.strip() for cell in re.split(r"\s*\|(?=\s|\Z)", guarded)]


def _mark_underlined(found: list[Shape]) -> None:
    """A line over ``===`` or over as many dashes as it is long is a heading."""
    for above, below in pairwise(found):
        if above.kind != "text" or below.kind != "rule" or not _UNDERLINE.match(below.text):
            continue
        if below.text[0] == "=" or (
            abs(len(below.text) - len(above.raw)) <= 2 and len(below.text) > 3
        ):
            above.kind = "heading"
            above.level = 1 if below.text[0] == "=" else 2
            below.level = 1  # the rule is an underline, no table's


def is_pure_image(shape: Shape) -> bool:
    """Tell whether a line holds images and no other words."""
    if shape.pure is None:
        shape.pure = shape.kind == "image" and not parse(shape.text).text
    return shape.pure
