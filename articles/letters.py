"""Words at speed: those of texts in plain letters, and what is remembered of words.

Texts that hold no letters but those of ASCII, as most English ones, are parted several times faster
than those of all scripts, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

REMEMBERED, _LONGEST = 50_000, 40  # words that are remembered, and characters of one

T = TypeVar("T")

_PUNCTUATION = ("’", "“", "”", "‘", "–", "—", "…", "\u00a0")
_PARTING = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def plain(text: str) -> str | None:
    """Return a text in ASCII, with a blank for each typographic quote or dash and for "…"; None
    when it has other characters."""
    if not text.isascii():
        for mark in _PUNCTUATION:
            text = text.replace(mark, " ")
    return text if text.isascii() else None


def words(plain: str) -> list[str]:
    r"""Return what ``\w+`` finds in a text of ASCII."""
    return plain.translate(_PARTING).split()


class Memo(dict[str, T]):
    """What a function makes of each word, remembered until there are too many: texts say the same
    words again and again."""

    def __init__(self, make: Callable[[str], T], most: int = REMEMBERED) -> None:
        super().__init__()
        self.make, self.most = make, most

    def __missing__(self, word: str) -> T:
        made = self.make(word)
        if len(word) <= _LONGEST:  # a text without blanks says nothing twice
            if len(self) >= self.most:
                self.clear()
            self[word] = made
        return made
