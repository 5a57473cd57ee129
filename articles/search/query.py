"""What a reader typed: words, "phrases" and what begins with a minus; nothing else is syntax.

Every text is a query. What is too long or holds no word is left out, and ``Query`` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from articles.search import words

MAX_LENGTH = 200  # characters that are read
MAX_TERMS = 12

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(r'((?<!\S)-)?(?:"([^"]*)(?:"|$)|([^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase; ``readings`` are the rows of words it stands for in some language."""

    text: str
    readings: tuple[tuple[str, ...], ...]
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """``text`` is what was read; ``ignored`` what of it was not looked for."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    ignored: tuple[str, ...] = ()
    was_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.terms and not self.excluded

    @property
    def loosened(self) -> str:
        """Return the query as text without quotation marks and exclusions."""
        return " ".join(term.text for term in self.terms)

    @property
    def has_phrase(self) -> bool:
        return any(term.is_phrase for term in self.terms)


def parse(typed: str) -> Query:
    """Read what was typed, whatever it is."""
    text = _printable(typed[: MAX_LENGTH * 2])
    was_cut = len(text) > MAX_LENGTH or len(typed) > MAX_LENGTH * 2
    if len(text) > MAX_LENGTH:
        blank = text.rfind(" ", MAX_LENGTH // 2, MAX_LENGTH)
        text = text[: blank if blank > 0 else MAX_LENGTH]
    found: dict[bool, dict[tuple[tuple[str, ...], ...], Term]] = {False: {}, True: {}}
    ignored: list[str] = []
    for minus, phrase, word in _PIECE.findall(text.translate(_QUOTES)):
        term = Term(" ".join((phrase or word).split()), words.readings(phrase or word), not word)
        if term.readings and sum(map(len, found.values())) < MAX_TERMS:
            found[bool(minus)].setdefault(term.readings, term)
        elif term.text.strip("-"):
            ignored.append(term.text)
    return Query(
        text,
        tuple(found[False].values()),
        tuple(found[True].values()),
        tuple(dict.fromkeys(ignored)),
        was_cut,
    )


def _printable(typed: str) -> str:
    """Return a text on one line, with nothing in it that no page can show."""
    whole = typed.encode("utf-8", "replace").decode("utf-8")
    shown = (char if char.isprintable() else " " for char in whole)
    return " ".join("".join(shown).split())


def wanted(query: Query) -> list[tuple[str, ...]]:
    """Return every row of words that a story may have been found by."""
    return list(dict.fromkeys(chain.from_iterable(term.readings for term in query.terms)))
