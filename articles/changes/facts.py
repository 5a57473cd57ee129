"""What in a text states a fact: numbers, names, negations, words of a quotation.

A change of these is never small, whatever its length. Everything here is a guess on the safe side:
what looks like a name counts as one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from articles.changes.words import tokens

_NUMBERS = {
    "en": dict(
        zip(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty".split(),
            map(str, range(21)),
            strict=True,
        )
    )
    | {
        word: word
        for word in "thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand "
        "thousands million millions billion billions trillion dozen dozens half third quarter "
        "quarters once twice double triple first second fourth fifth tenth".split()
    },
    "vi": dict(
        zip("một hai ba bốn năm sáu bảy tám chín mười".split(), map(str, range(1, 11)), strict=True)
    )
    | {word: word for word in "mươi trăm nghìn ngàn vạn triệu tỷ tỉ rưỡi nửa chục tá".split()},
}
_NEGATIONS = {
    "en": frozenset(
        "no not never none nobody nothing nowhere neither nor cannot without ain’t".split()
    ),
    "vi": frozenset("không chưa chẳng chả đừng chớ".split()),
}
_NEGATING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "non-", "mis")
_POSSESSIVE = re.compile(r"[’'](?:s|S)?$")
# "U.S", "J": points behind them end no sentence.
_LETTERS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_a-z]")
_SELF = re.compile(r"I(?:[’'].+)?$")

# Quotations in the marks of several languages. One that is not closed goes on to the end of its
# paragraph, as where a speech has several; straight and single marks have to come in pairs, since
# they also stand for inches and apostrophes.
_QUOTED = re.compile(
    r"“[^”\n]*(?:”|$)|„[^“”\n]*(?:[“”]|$)|«[^»\n]*(?:»|$)|»[^«»\n]*«|‹[^›\n]*›|「[^」\n]*(?:」|$)"
    r"|『[^』\n]*(?:』|$)|《[^》\n]*》|”[^”\n]*”|\"[^\"\n]*\"|(?<!\w)‘[^\n]+?’(?!\w)"
    r"|(?<!\w)'[^\n]+?'(?!\w)",
    re.MULTILINE,
)
_ENDS = frozenset(".!?…:。！？•◦|")
_UNITS = frozenset("%‰°−±×")
_OPENS = frozenset("“„«‹「『\"'‘([¿¡")
_NOT_THE_END = frozenset(
    "Mr Mrs Ms Dr Prof St Gen Col Capt Sgt Lt Sen Rep Gov Jr Sr No vs TP Th ThS TS PGS GS".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark of a text, the block it stands in (or a field), and what it stands in there.

    ``quote`` is the number of the quotation it is part of, 0 for none; ``starts`` says that it
    begins a sentence, so that its capital says nothing.
    """

    text: str
    blank: str
    anchor: str
    is_word: bool
    quote: int = 0
    starts: bool = False


def read(text: str, anchor: str = "", *, quoted: bool = False) -> list[Word]:
    """Return the words of a text; ``quoted`` says that all of it is a quotation."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    out: list[Word] = []
    fresh, number = True, 0
    titled = _is_in_title_case(text)
    for token in tokens(text):
        while number < len(quotes) and quotes[number][1] <= token.start:
            number += 1
        inside = number < len(quotes) and quotes[number][0] <= token.start
        quote = number + 1 if inside else 0
        is_word = token.is_word
        starts = is_word and (fresh or titled)
        out.append(Word(token.text, token.blank, anchor, is_word, 1 if quoted else quote, starts))
        ends = token.text in _ENDS and not _is_abbreviation(out)
        fresh = ends or token.text in _OPENS or "\n" in token.blank or (fresh and not is_word)
    return out


def _is_abbreviation(out: Sequence[Word]) -> bool:
    """Return whether the last word is a point that belongs to the word before it."""
    if out[-1].text != "." or len(out) < 2:
        return False
    return out[-2].text in _NOT_THE_END or _LETTERS.fullmatch(out[-2].text) is not None


def _is_in_title_case(text: str) -> bool:
    """Return whether a heading has capitals everywhere, so that they tell no names."""
    if len(text) > 200 or text.endswith("."):
        return False
    words = [token.text for token in tokens(text)[1:] if token.is_word and len(token.text) > 3]
    return len(words) >= 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


class Fact(NamedTuple):
    """A number or name: what it comes to, however it is written, and how it is written."""

    value: str
    text: str


class Facts:
    """Tells facts in the words of a story in a language, given all its words.

    Where a name is known from the middle of a sentence or from ``names`` (of people quoted or
    credited), it is one at the beginning too.
    """

    def __init__(self, language: str, words: Iterable[Word], names: Iterable[str] = ()) -> None:
        tongue = language.split("-")[0].lower()
        both = _NUMBERS["en"] | _NUMBERS["vi"]
        self.numbers = _NUMBERS.get(tongue, both)
        self.negations = _NEGATIONS.get(tongue, _NEGATIONS["en"] | _NEGATIONS["vi"])
        self.lower: set[str] = set()
        self.known = {token.text for name in names for token in tokens(name) if token.is_word}
        for word in words:
            if not word.is_word or _SELF.match(word.text):
                continue
            if not _has_capital(word.text):
                self.lower.add(word.text)
            elif not word.starts:
                self.known.add(_POSSESSIVE.sub("", word.text))
        self.known = {w for w in self.known if _has_capital(w) and w.casefold() not in self.lower}

    def number(self, word: Word) -> str:
        """Return the number (or what it counts: %, €) a word stands for, "" if it is none."""
        if any(char.isdigit() or unicodedata.category(char) == "Sc" for char in word.text):
            return word.text
        if word.text in _UNITS:
            return word.text
        return self.numbers.get(word.text.casefold(), "")

    def name(self, word: Word, after: Word | None = None) -> str:
        """Return the name a word is (part of), "" if it is none; ``after`` follows it."""
        text = _POSSESSIVE.sub("", word.text)
        if not word.is_word or not _has_capital(text) or _SELF.match(text):
            return ""
        if word.starts and text not in self.known and not _is_acronym(text):
            leads = after is not None and after.is_word and not after.starts
            if not (leads and after and _has_capital(after.text)):
                return ""
            if text.casefold() in self.lower or _SELF.match(after.text):
                return ""
        return text.casefold()

    def is_negation(self, word: Word) -> bool:
        text = word.text.casefold().replace("'", "’")
        return text in self.negations or text.endswith("n’t")


def named(facts: Facts, row: Sequence[Word], after: Word | None) -> list[Fact]:
    """Return the names in a stretch of words; ``after`` is the word behind it."""
    follow = [*row[1:], after]
    found = [(facts.name(word, nxt), word.text) for word, nxt in zip(row, follow, strict=False)]
    return [Fact(*pair) for pair in found if pair[0]]


def numbered(facts: Facts, row: Sequence[Word]) -> list[Fact]:
    """Return the numbers in a stretch of words."""
    found = [(facts.number(word), word.text) for word in row]
    return [Fact(*pair) for pair in found if pair[0]]


def spelt(row: Sequence[Word]) -> list[Fact]:
    """Return all words of a stretch in the form in which names are compared."""
    return [Fact(_POSSESSIVE.sub("", word.text).casefold(), word.text) for word in row]


def not_in(found: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    """Return the facts that the others don't have, each as often as it is there more often."""
    left = Counter(fact.value for fact in found) - Counter(fact.value for fact in others)
    out = []
    for fact in found:
        if left[fact.value] > 0:
            left[fact.value] -= 1
            out.append(fact)
    return out


def negates(old: str, new: str) -> bool:
    """Return whether one word is the other with a prefix that turns it round: legal, illegal."""
    short, long = sorted((old.casefold(), new.casefold()), key=len)
    return len(short) > 2 and any(long == prefix + short for prefix in _NEGATING_PREFIXES)


def is_caseless(word: Word) -> bool:
    """Return whether a word is in a script without capitals, in which names look like words."""
    return any(c.isalpha() and c.lower() == c.upper() and c not in "ªº" for c in word.text)


def _has_capital(text: str) -> bool:
    return any(char.isupper() or char.istitle() for char in text)


def _is_acronym(text: str) -> bool:
    return len(text) > 1 and text.isupper()
