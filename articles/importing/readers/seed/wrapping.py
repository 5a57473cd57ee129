"""Files that are wrapped at a fixed width: which lines were one line before.

Decides whether a file is wrapped and joins what was broken. In other files a line is a block and
stays alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from articles.importing.readers.seed.decoding import Line

_SIGNED = re.compile(r"(?:[-*+•]\s|\d{1,3}[.)]\s|#{1,6}\s|\||[-=|:*_ ]+\Z)")
_NARROW, _WIDE, _USUAL = 50, 110, 78


@dataclass(slots=True)
class Logical:
    """One line as it was before wrapping: its numbers, and what stands on each."""

    numbers: list[int]
    pieces: list[str]

    @property
    def text(self) -> str:
        if len(self.pieces) == 1:
            return self.pieces[0]
        first, *rest = self.pieces
        quoted = first.lstrip().startswith(">")
        return " ".join(
            [
                first.rstrip(),
                *(
                    re.sub(r"\A\s*(?:>\s?)+", "", one).strip() if quoted else one.strip()
                    for one in rest
                ),
            ]
        )


def unwrap(lines: list[Line]) -> tuple[list[Logical], bool]:
    """The lines before wrapping, and whether any were joined."""
    width = _width(lines)
    result: list[Logical] = []
    joined = False
    for line in lines:
        if width and result and _continues(result[-1].pieces[-1], line.text, width):
            result[-1].numbers.append(line.n)
            result[-1].pieces.append(line.text)
            joined = True
        else:
            result.append(Logical([line.n], [line.text]))
    return result, joined


def _quoted(text: str) -> bool:
    return text.lstrip().startswith(">")


def _continues(above: str, below: str, width: int) -> bool:
    if not above.strip() or not below.strip() or above.endswith("  "):
        return False
    if (
        _SIGNED.match(below.lstrip())
        or _quoted(above) != _quoted(below)
        or re.match(r"[-=|:*_ ]+\Z", above)
    ):
        return False
    inner = re.sub(r"\A\s*(?:>\s?)+", "", below).lstrip()
    if _quoted(below) and (not inner or inner.startswith(("—", "–", "- "))):
        return False
    if above.rstrip().endswith("|"):
        return False
    return _is_full(above, inner, width)


def _is_full(above: str, below: str, width: int) -> bool:
    """Tell whether the first word of the next line did not fit on the line."""
    first = next(iter(below.split(None, 1)), "")
    return bool(first) and len(above.rstrip()) + 1 + len(first) > width


def _width(lines: list[Line]) -> int:
    """The width the file is wrapped at; 0 if it isn't."""
    pairs = [
        (above.text, below.text)
        for above, below in pairwise(lines)
        if above.text.strip() and below.text.strip() and not _SIGNED.match(below.text.lstrip())
        and not above.text.endswith("  ") and not re.match(r"[-=|:*_ ]+\Z", above.text)
        and _quoted(above.text) == _quoted(below.text) and "|" not in above.text + below.text
        and not below.text.lstrip("> ").startswith(("—", "–", "!["))
    ]  # fmt: skip
    if len(pairs) < 3:
        return 0
    longest = max(len(text.rstrip()) for pair in pairs for text in pair)
    if not _NARROW <= longest <= _WIDE:
        return 0
    width = _USUAL if _USUAL - 10 <= longest <= _USUAL else longest
    full = sum(_is_full(above, below.lstrip("> "), width) for above, below in pairs)
    open_ended = sum(above.rstrip()[-1:] not in '.!?”"»:…。' for above, _ in pairs)
    return width if full * 10 >= len(pairs) * 7 and open_ended * 10 >= len(pairs) * 6 else 0
