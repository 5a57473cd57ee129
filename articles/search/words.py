"""What counts as a word, and which words are the same: the one analysis of stories and of queries.

Accents, case and width are folded, words of some languages lose their endings, and scripts that put
no blanks between words are cut into pairs of characters. Both databases get words that were made
here, so that both find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache

from articles import letters
from articles.letters import Memo
from articles.search.stems import STEMMERS
from articles.slugs import LETTERS

# Scripts written without blanks, and Korean, whose words carry their particles.
_DENSE = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# Accents, Hebrew points, Arabic vowels and the stroke that stretches a word: folding drops them.
_ACCENTS = r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
_SIGNS = rf"{_ACCENTS}\u0900-\u0963\u0971-\u0dff"  # and the vowel signs of Indian scripts
# Of texts whose underscores were taken out.
_WORD = re.compile(rf"[\w{_SIGNS}{_DENSE}]+")
_RUN = re.compile(rf"([{_DENSE}]+)|(?:(?![{_DENSE}])(?:[^\W_]|[{_SIGNS}]))+")
_DROPPED = re.compile(rf"[{_ACCENTS}]")

# Words of readers' pages that are remembered, and characters of one; ``letters`` has those of texts
# that are read for the first time.
_REMEMBERED, _LONGEST = 20_000, 40

PREFIX = "*"  # ends a word of a query that stands for all words that begin so


@dataclass(frozen=True, slots=True)
class Token:
    """A comparable word and where in the text it stands; ``alone`` ends a run without blanks."""

    text: str
    start: int
    end: int
    alone: bool = False


@lru_cache(maxsize=_REMEMBERED)
def fold(word: str) -> str:
    """Return a word without accents, case and width; đ is d, ß is ss."""
    if word.isascii():
        return word.lower()
    # Once more: letters of formulas (𝑨) have no small ones before they are ordinary letters.
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold()
    plain = _DROPPED.sub("", unicodedata.normalize("NFKD", plain))
    return unicodedata.normalize("NFC", plain).translate(LETTERS)


def tokens(text: str, language: str = "") -> Iterator[Token]:
    """Yield the comparable words of a text in a BCP 47 language."""
    language = language.split("-")[0].lower()
    for match in _words(text):
        at = match.start()
        for token in tokens_of(match[0], language):
            yield Token(token.text, at + token.start, at + token.end, token.alone)


def tokens_of(word: str, language: str) -> tuple[Token, ...]:
    """Return the comparable words of one word as written; ``language`` without its region."""
    return (_tokens if len(word) <= _LONGEST else _tokens.__wrapped__)(word, language)


@lru_cache(maxsize=_REMEMBERED)
def _tokens(word: str, language: str) -> tuple[Token, ...]:
    stem = STEMMERS.get(language)
    found: list[Token] = []
    start, end = 0, len(word)
    folded = fold(word)
    in_place = len(folded) == end
    for run in _RUN.finditer(folded):
        if in_place:
            start, end = run.span()
        if run[1]:
            found += _pairs(run[1], start, end)
        else:
            found.append(Token(stem(run[0]) if stem else run[0], start, end))
    return tuple(found)


def comparable(text: str, language: str = "") -> str:
    """Return the comparable words of a text, by blanks; what ``tokens`` yields, without places."""
    spaced = text.replace("_", " ")
    plain = letters.plain(spaced)
    found = _WORD.findall(spaced) if plain is None else letters.words(plain)
    return " ".join(map(_comparing(language.split("-")[0].lower()).__getitem__, found))


@lru_cache(maxsize=32)
def _comparing(language: str) -> Memo[str]:
    """Return what makes one word comparable, and remembers it."""

    def compare(word: str) -> str:
        return " ".join([token.text for token in _tokens.__wrapped__(word, language)])

    return Memo(compare)


def read_as(wanted: Set[str], text: str, language: str) -> dict[str, tuple[Token, ...]]:
    """Return each different word of a text that is read as one of a query's, as it is written, with
    its comparable words."""
    language = language.split("-")[0].lower()
    comparing = _comparing(language)
    beginnings = tuple(word[: -len(PREFIX)] for word in wanted if word.endswith(PREFIX))
    found = {}
    for word in set(_WORD.findall(text.replace("_", " "))):
        made = comparing[word]
        if made in wanted or " " in made or (beginnings and made.startswith(beginnings)):
            parts = tokens_of(word, language)
            if any(is_read(one, part.text) for part in parts for one in wanted):
                found[word] = parts
    return found


def written_words(text: str, among: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield where some words stand in a text by themselves, and which."""
    of_a_word = rf"[^\W_]|[{_SIGNS}{_DENSE}]"
    any_of = "|".join(map(re.escape, sorted(among, key=len, reverse=True)))
    for match in re.finditer(rf"(?<!{of_a_word})(?:{any_of})(?!{of_a_word})", text):
        yield match.start(), match[0]


def _words(text: str) -> Iterator[re.Match[str]]:
    return _WORD.finditer(text.replace("_", " "))


def _pairs(run: str, start: int, end: int) -> Iterator[Token]:
    in_place = len(run) == end - start
    last = len(run) - 1
    for n in range(len(run)):
        place = (start + n, start + min(n + 2, len(run))) if in_place else (start, end)
        yield Token(run[n : n + 2], *place, alone=n == last)


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what a reader's words may read as in the languages there are endings for."""
    found = (_reading(text, language) for language in ("", *STEMMERS))
    return tuple(dict.fromkeys(reading for reading in found if reading))


def _reading(text: str, language: str) -> tuple[str, ...]:
    made = list(tokens(text, language))
    if made and made[-1].alone:
        last = made.pop()
        if not made or made[-1].end != last.end:  # one character by itself
            return (*(token.text for token in made), last.text + PREFIX)
    return tuple(token.text for token in made)


def is_read(wanted: str, word: str) -> bool:
    """Return whether a word of a story is one of a query's."""
    if wanted.endswith(PREFIX):
        return word.startswith(wanted[: -len(PREFIX)])
    return wanted == word
