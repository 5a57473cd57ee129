"""Texts as words, and what differs between two of them, word by word."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import NamedTuple

SAME, DEL, INS = "same", "del", "ins"

# Accents and vowel signs that are characters of their own; they belong to the letter before.
_SIGNS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M")
# Scripts that put no blanks between words: one character is one word there.
_DENSE = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER = rf"(?:(?![{_DENSE}])\w)[{_SIGNS}\u200c]*"
_TOKEN = re.compile(
    rf"(?:{_LETTER})+(?:[.,'’\-\u2010\u2011:/](?:{_LETTER})+)*"
    rf"|[{_DENSE}][{_SIGNS}]*"
    r"|[^\w\s](?:[\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\w\s])*"
    rf"|[{_SIGNS}]+"
)
_WORD = re.compile(r"\w")
# Up to this many pairs of words, difflib is fast whatever the words.
_SHORT = 40_000
# Above this many equal pairs of words, only the rarer words are lined up.
_PAIRS = 400_000


class Token(NamedTuple):
    """A word or a mark of punctuation, where it begins in its text, and the blanks behind it."""

    text: str
    start: int
    blank: str

    @property
    def is_word(self) -> bool:
        return _WORD.search(self.text) is not None


class Span(NamedTuple):
    """A stretch of text that is in both (same), only in the old (del) or only in the new (ins)."""

    op: str
    text: str


Opcode = tuple[str, int, int, int, int]


def tokens(text: str) -> list[Token]:
    """Return the words of a text; put in a row with their blanks they are the text again."""
    found = list(_TOKEN.finditer(text))
    if not found:
        return [Token("", 0, text)] if text else []
    ends = [match.start() for match in found[1:]] + [len(text)]
    out = [
        Token(match.group(), match.start(), text[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    ]
    lead = text[: found[0].start()]
    return [Token("", 0, lead), *out] if lead else out


def opcodes(old: Sequence[str], new: Sequence[str]) -> list[Opcode]:
    """Return how one row of words becomes the other, as difflib's opcodes.

    Equal ends are found first. A long rest is cut where three words follow each other that do so
    only once in either row, so that the time grows with the length and not with its square.
    """
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    ends = len(old) - tail, len(new) - tail
    cuts = [(head, head), *_cuts(old[head : ends[0]], new[head : ends[1]], head), ends]
    out: list[Opcode] = [("equal", 0, head, 0, head)]
    for (i1, j1), (i2, j2) in pairwise(cuts):
        a, b = old[i1:i2], new[j1:j2]
        matcher = SequenceMatcher(None, a, b, autojunk=_is_costly(a, b))
        for op, a1, a2, b1, b2 in matcher.get_opcodes():
            _append(out, (op, a1 + i1, a2 + i1, b1 + j1, b2 + j1))
    _append(out, ("equal", ends[0], len(old), ends[1], len(new)))
    return [code for code in out if code[1] < code[2] or code[3] < code[4]]


def _append(out: list[Opcode], code: Opcode) -> None:
    """Add an opcode; one that goes on with the last is joined with it."""
    op, _i1, i2, _j1, j2 = code
    last = out[-1]
    if last[0] == op:
        out[-1] = (op, last[1], i2, last[3], j2)
    else:
        out.append(code)


def _cuts(a: Sequence[str], b: Sequence[str], shift: int) -> list[tuple[int, int]]:
    if len(a) * len(b) <= _SHORT:
        return []
    rows = [list(zip(row, row[1:], row[2:], strict=False)) for row in (a, b)]
    once = [{three for three, n in Counter(row).items() if n == 1} for row in rows]
    both = once[0] & once[1]
    places = [{three: at for at, three in enumerate(row) if three in both} for row in rows]
    partners = {places[1][three]: at for three, at in places[0].items()}
    stays = longest_rise([partners[j] for j in sorted(partners)])
    return [(partners[j] + shift, j + shift) for j in sorted(partners) if partners[j] in stays]


def longest_rise(numbers: Sequence[int]) -> set[int]:
    """Return the members of a longest rising subsequence of different numbers."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(tops, number)
        before[number] = tops[place - 1] if place else None
        tops[place : place + 1] = [number]
    out: set[int] = set()
    last: int | None = tops[-1] if tops else None
    while last is not None:
        out.add(last)
        last = before[last]
    return out


def _is_costly(a: Sequence[str], b: Sequence[str]) -> bool:
    if len(a) * len(b) <= _PAIRS:
        return False
    counts = Counter(b)
    return sum(number * counts[word] for word, number in Counter(a).items()) > _PAIRS


def spans(old: str, new: str) -> tuple[Span, ...]:
    """Return what stayed, went and came, in reading order; what went stands before what came."""
    if old == new:
        return (Span(SAME, old),) if old else ()
    a, b = tokens(old), tokens(new)
    pieces: list[Span] = []
    for op, i1, i2, j1, j2 in _readable(opcodes([t.text for t in a], [t.text for t in b]), a, b):
        if op == "equal":
            for before, after in zip(a[i1:i2], b[j1:j2], strict=True):
                pieces.append(Span(SAME, before.text))
                pieces += _blanks(before.blank, after.blank)
        else:
            pieces.append(Span(DEL, _text(a[i1:i2])))
            pieces.append(Span(INS, _text(b[j1:j2])))
    return tuple(_joined(pieces))


def _text(row: Sequence[Token]) -> str:
    return "".join(token.text + token.blank for token in row)


def _blanks(before: str, after: str) -> list[Span]:
    if before == after:
        return [Span(SAME, before)]
    return [Span(DEL, before), Span(INS, after)]


def _readable(found: list[Opcode], a: Sequence[Token], b: Sequence[Token]) -> Iterator[Opcode]:
    """Join changes that have no more than a word between them: a phrase reads better whole."""
    held: list[Opcode] = []
    for number, code in enumerate(found):
        op, i1, i2, _j1, _j2 = code
        between = 0 < number < len(found) - 1
        if op == "equal" and between and _is_crumb(a[i1:i2], found[number - 1], found[number + 1]):
            held.append(code)
        elif op == "equal":
            if held:
                yield _as_one(held)
            held = []
            yield code
        else:
            held.append(code)
    if held:
        yield _as_one(held)


def _is_crumb(row: Sequence[Token], before: Opcode, after: Opcode) -> bool:
    words = sum(token.is_word for token in row)
    around = [code[2] - code[1] + code[4] - code[3] for code in (before, after)]
    return words <= 1 and min(around) >= 2 and sum(around) >= 6


def _as_one(held: list[Opcode]) -> Opcode:
    return ("replace", held[0][1], held[-1][2], held[0][3], held[-1][4])


def _joined(pieces: Sequence[Span]) -> Iterator[Span]:
    """Join neighbours, and take the blanks out that both sides of a change begin or end with."""
    kept = ""
    filled = (piece for piece in pieces if piece.text)
    for is_same, group in groupby(filled, key=lambda piece: piece.op == SAME):
        row = list(group)
        if is_same:
            kept += "".join(piece.text for piece in row)
            continue
        gone = "".join(piece.text for piece in row if piece.op == DEL)
        come = "".join(piece.text for piece in row if piece.op == INS)
        if gone == come:
            kept += gone
            continue
        head, gone, come, tail = _without_common_blanks(gone, come)
        yield from _some(SAME, kept + head)
        yield from _some(DEL, gone)
        yield from _some(INS, come)
        kept = tail
    yield from _some(SAME, kept)


def _without_common_blanks(gone: str, come: str) -> tuple[str, str, str, str]:
    head = tail = ""
    while gone and come and gone[0] == come[0] and gone[0].isspace():
        head, gone, come = head + gone[0], gone[1:], come[1:]
    while gone and come and gone[-1] == come[-1] and gone[-1].isspace():
        tail, gone, come = gone[-1] + tail, gone[:-1], come[:-1]
    return head, gone, come, tail


def _some(op: str, text: str) -> Iterator[Span]:
    if text:
        yield Span(op, text)
