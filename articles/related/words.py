"""A text as weighted terms: its words, the names in it, its topics and sources.

Knows neither tables nor pages. A term's key begins with its kind, so that "world" the word is not
"world" the section; names and topics are the same in every language, words are not.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from articles import letters
from articles.letters import REMEMBERED, Memo
from articles.related import lexicon
from articles.related.lexicon import DENSE, LATIN, READ, SIGNS, stop_words

WORD, NAME, TOPIC, SOURCE, AUTHOR, SECTION = "w", "n", "t", "s", "a", "x"
# Kept of each text whatever it says besides.
ALWAYS = frozenset({TOPIC, SOURCE, AUTHOR, SECTION})

_LONGEST = 60
_HEADLINE, _STANDFIRST, _BODY = 3.0, 1.5, 1.0
_WEIGHTS = {TOPIC: 4.0, SOURCE: 1.0, AUTHOR: 0.6, SECTION: 1.0}
_NAME, _PART_OF_NAME = 1.6, 0.5
_DATELINE = 2.0

_LETTERS = rf"(?:(?:[{LATIN}]++|(?![{DENSE}])[^\W\d_])[{SIGNS}\u200c]*+)++"
_WORD = re.compile(rf"({_LETTERS}(?:['’\-\u2010\u2011]{_LETTERS})*+)")
_RUN = re.compile(rf"(?:[{DENSE}][{SIGNS}]*)+")
_UNIT = re.compile(rf"[{DENSE}][{SIGNS}]*")
# The same in texts that have no letters but those of ASCII; and words with capitals side by side,
# which may have particles of names between them.
_PLAIN_WORD = re.compile(r"[A-Za-z]++(?:['’\-][A-Za-z]++)*+")
_CAPITAL = r"[A-Z][A-Za-z]*+(?:['’\-][A-Za-z]++)*+"
_PARTICLE = rf"(?:{'|'.join(sorted(lexicon.names('particles')))})(?![A-Za-z]|['’\-][A-Za-z])"
_PLAIN_RUN = re.compile(
    r"((?=[A-Z])(?<![A-Za-z])(?<![A-Za-z]['’\-])"
    rf"{_CAPITAL}(?:[ \u00a0]++(?:{_CAPITAL}|{_PARTICLE}))*+)"
)
# Stands for the apostrophe while words are parted; the control character itself is in no text.
_MARK = "\x01"
_PARTED = {
    code: " " for code in range(128) if not (chr(code).isalpha() or chr(code) in f"'-{_MARK}")
}
_NO_LETTERS = "".join(chr(code) for code in range(128) if not chr(code).isalpha()) + "’“”‘–—…\u00a0"
_NO_BLANK = re.compile(r"[^ \u00a0]")
_BEGINS = re.compile(r"[.!?…:;\n\u3002“\"«„(\[‘]")
_OWNER = re.compile(r"['’]s?$")
_UNFOLDED = str.maketrans("đøłıßæœ", "doliseo")
_SPACED_SYLLABLES = ("vi",)
# Every noun has a capital there: one capital alone makes no name.
_NOUNS_WITH_CAPITALS = ("de", "lb")
# Words side by side that are remembered as a whole, in characters.
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Text:
    """What of a story is compared; ``topics``, ``sources`` and ``authors`` are (slug, name),
    ``section`` is a path."""

    headline: str = ""
    standfirst: str = ""
    body: str = ""
    dateline: str = ""
    language: str = "en"
    section: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    authors: tuple[tuple[str, str], ...] = ()


class Weighed(NamedTuple):
    """How much a term says of its text, and how it stands there."""

    weight: float
    label: str


def primary(language: str) -> str:
    """Return the language without script and region."""
    return language.lower().partition("-")[0]


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """Return a word or name without capitals and accents."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_UNFOLDED)
    return "".join(char for char in plain if not unicodedata.combining(char))


def weights(text: Text) -> dict[str, float]:
    """Return how much each term says of a text, by its key."""
    return _read(text).weights


def weigh(text: Text) -> dict[str, Weighed]:
    """Return every term of a text by its key, with how it stands there."""
    found = _read(text)
    labels = found.labels | found.written()
    return {key: Weighed(weight, labels[key]) for key, weight in found.weights.items()}


def _read(text: Text) -> _Terms:
    found = _Terms(primary(text.language))
    found.read(text.body[:READ], _BODY)
    found.read(text.standfirst, _STANDFIRST)
    found.read(text.headline, _HEADLINE, names=False)
    found.finish()
    if place := text.dateline.split(",")[0].strip():
        found.add(NAME, fold(place), _DATELINE, place.title() if place.isupper() else place)
    for kind, rows in ((TOPIC, text.topics), (SOURCE, text.sources), (AUTHOR, text.authors)):
        for slug, name in rows:
            found.add(kind, slug, _WEIGHTS[kind], name)
    for path in dict.fromkeys((text.section, text.section.partition("/")[0])):
        if path:
            found.add(SECTION, path, _WEIGHTS[SECTION], path)
    return found


def _plain(word: str) -> str:
    """Return a word that is nobody's."""
    return _OWNER.sub("", word)


@lru_cache(maxsize=4096)
def _usual(said: float) -> float:
    """Return the weight of a word that is said so often."""
    return 1 + math.log(said) if said > 1 else 1.0


class _Word(NamedTuple):
    """A word that may be part of a name; ``begins`` says that a sentence or quotation does."""

    text: str
    begins: bool


class _Name(NamedTuple):
    """A name without what its words have to do with the sentence; not sure when one word only
    has its capital where a sentence begins."""

    words: tuple[str, ...]
    is_sure: bool


class _Language:
    """Looks at the words of a language, and remembers those it has seen."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.stops = stop_words(language)
        self.shortest = 2 if language in _SPACED_SYLLABLES else 3
        self.stem: Memo[str] = Memo(self._stem)
        # The stem of a word that counts, and of a word without a capital; empty for others.
        self.counted: Memo[str] = Memo(self._counted)
        self.small: Memo[str] = Memo(lambda word: self.stem[word] if word.islower() else "")
        self.names: Callable[[str, bool], list[_Name]]
        self.names = lru_cache(maxsize=REMEMBERED)(self._names)

    def _stem(self, word: str) -> str:
        """Return a word in the form it is counted in: English without its plural's s."""
        plain = _plain(unicodedata.normalize("NFC", word.casefold()))
        if plain in self.stops or self.language != "en":
            return plain
        if len(plain) > 4 and plain.endswith("s") and plain[-2] not in "sui":
            return plain[:-3] + "y" if plain.endswith("ies") and len(plain) > 5 else plain[:-1]
        return plain

    def _counted(self, word: str) -> str:
        plain = self.stem[word]
        return "" if plain in self.stops or len(plain) < self.shortest else plain

    def names_in(self, run: str, begins: bool) -> list[_Name]:
        """Return the names in words with capitals that stand side by side, with blanks between."""
        return self.names(run, begins) if len(run) <= _SHORT else self._names(run, begins)

    def _names(self, run: str, begins: bool) -> list[_Name]:
        """Take what stands between titles as names of their own, and "of Minnesota" apart."""
        out: list[_Name] = []
        name: list[_Word] = []
        for number, text in enumerate(run.split()):
            word = _Word(text, begins and number == 0)
            if (
                _is_title(text)
                or (text == "of" and len(name) > 1)
                or (not name and self._opens(word))
            ):
                out += self._name(name)
                name = []
            elif name or not text.islower():
                name.append(word)
        return out + self._name(name)

    def _name(self, run: list[_Word]) -> list[_Name]:
        while run and run[-1].text.islower():
            run.pop()
        if not run:
            return []
        name = tuple(_plain(word.text) for word in run[:6])
        is_sure = len(name) > 1 or not run[0].begins
        if len(name) == 1 and (self.language in _NOUNS_WITH_CAPITALS or len(name[0]) < 2):
            return []
        if len(name) == 1 and self.stem[name[0]] in self.stops:
            return []
        return [_Name(name, is_sure)]

    def _opens(self, word: _Word) -> bool:
        """Return whether a word has its capital only because a sentence begins with it."""
        return word.begins and self.stem[word.text] in self.stops


_language = lru_cache(maxsize=16)(_Language)


@lru_cache(maxsize=REMEMBERED)
def _is_title(word: str) -> bool:
    return fold(_plain(word)) in lexicon.names("titles")


def _runs(words: list[str], between: list[str], capitals: set[str]) -> Counter[tuple[str, bool]]:
    """Return words with capitals that stand side by side, and whether a sentence or quotation
    begins with them; ``between`` is what stands before each word."""
    particles = lexicon.names("particles")
    runs: Counter[tuple[str, bool]] = Counter()
    end, count = 0, len(words)
    for start in [number for number, word in enumerate(words) if word in capitals]:
        if start < end:
            continue
        end = start + 1
        while (
            end < count
            and ((word := words[end]) in capitals or (word in particles and word.islower()))
            and ((gap := between[end]) == " " or not _NO_BLANK.search(gap))
        ):
            end += 1
        begins = start == 0 or _BEGINS.search(between[start]) is not None
        runs[" ".join(words[start:end]), begins] += 1
    return runs


def _plain_runs(text: str) -> Counter[tuple[str, bool]]:
    """Return the same for a text that has no letters but those of ASCII."""
    parts = _PLAIN_RUN.split(text)
    found = []
    for before, run in zip(parts[::2], parts[1::2], strict=False):
        if before[-1:] == " " and before[-2:-1].isalpha():
            found.append((run, False))
            continue
        gap = before[len(before.rstrip(_NO_LETTERS)) :]
        is_first = not found and gap == before
        found.append((run, is_first or _BEGINS.search(gap) is not None))
    return Counter(found)


class _Terms:
    """Counts the words and names of one text, in the language it is written in."""

    def __init__(self, language: str) -> None:
        self.known = _language(language)
        self.said: dict[str, float] = {}
        self.parts: list[str] = []
        self.names: dict[tuple[str, ...], int] = {}
        self.unsure: dict[tuple[str, ...], int] = {}
        self.small: set[str] = set()
        self.weights: dict[str, float] = {}
        self.labels: dict[str, str] = {}

    def read(self, text: str, weight: float, *, names: bool = True) -> None:
        """Take in a part of the text; a headline may have capitals that make no name."""
        marked = text.replace("’", _MARK)
        plain = letters.plain(marked)
        if plain is None or _MARK in text or self.known.language in _SPACED_SYLLABLES:
            self._read(text, weight, names=names)
            return
        often = Counter(plain.translate(_PARTED).split())
        for token in [token for token in often if not token.isalpha()]:
            number = often.pop(token)
            for word in _PLAIN_WORD.findall(token.replace(_MARK, "’")):
                often[word] += number
        self._count(often, weight)
        self.parts.append(text)
        if names:
            self._find(_plain_runs(text))

    def _read(self, text: str, weight: float, *, names: bool = True) -> None:
        """Take in a part in any script."""
        parts = _WORD.split(text)
        between, words = parts[::2], parts[1::2]
        for run in _RUN.findall("|".join(between)):
            self._bigrams(run, weight)
        often = Counter(words)
        if self.known.language in _SPACED_SYLLABLES:
            self._note_small(often)
            self._count_pairs(words, between, weight)
        else:
            self._count(often, weight)
            self.parts.append(text)
        if names:
            self._find(_runs(words, between, {word for word in often if word[0].isupper()}))

    def _note_small(self, words: Iterable[str]) -> None:
        self.small.update(map(self.known.small.__getitem__, words))

    def _count(self, often: Counter[str], weight: float) -> None:
        """Count words by how often each is written."""
        self._note_small(often)
        counted, said = self.known.counted, self.said
        for word, number in often.items():
            if plain := counted[word]:
                said[plain] = said.get(plain, 0) + weight * number

    def _bigrams(self, run: str, weight: float) -> None:
        units = _UNIT.findall(run)
        self._say(Counter(first + second for first, second in pairwise(units)), weight)

    def _count_pairs(self, words: list[str], between: list[str], weight: float) -> None:
        """Count two syllables that stand side by side as a word."""
        pairs: Counter[str] = Counter()
        before = ""
        for word, gap in zip(words, between, strict=False):
            plain = self.known.counted[word]
            if before and plain and not _NO_BLANK.search(gap):
                pairs[f"{before} {plain}"] += 1
            before = plain
        self._say(pairs, weight)

    def _say(self, often: Counter[str], weight: float) -> None:
        for plain, number in often.items():
            self.said[plain] = self.said.get(plain, 0) + weight * number

    def _find(self, runs: Counter[tuple[str, bool]]) -> None:
        """Take in the names in words with capitals that stand side by side."""
        for (run, begins), number in runs.items():
            for name, is_sure in self.known.names_in(run, begins):
                names = self.names if is_sure else self.unsure
                names[name] = names.get(name, 0) + number

    def finish(self) -> None:
        """Weigh words and names; a later "Weil" counts for "Ada Weil"."""
        stem, names = self.known.stem, self.names
        for name, count in self.unsure.items():
            if name in names or stem[name[0]] not in self.small:
                names[name] = names.get(name, 0) + count
        full = {name[-1]: name for name in sorted(names) if len(name) > 1}
        counts: dict[tuple[str, ...], int] = {}
        for name, count in names.items():
            meant = full.get(name[0], name) if len(name) == 1 else self._shorter(name)
            counts[meant] = counts.get(meant, 0) + count
        for name, count in counts.items():
            self._weigh_name(name, count)
        parts = {stem[part] for name in counts for part in name} - self.small
        kind = f"{WORD}:{self.known.language}:"
        for plain, said in self.said.items():
            weight = _usual(said)
            self.weights[kind + plain[:_LONGEST]] = (
                _PART_OF_NAME * weight if plain in parts else weight
            )

    def _shorter(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """Return the name without what stands before it here but not elsewhere in the text."""
        for cut in range(1, len(name) - 1):
            if name[cut:] in self.names:
                return name[cut:]
        return name

    def _weigh_name(self, name: tuple[str, ...], count: int) -> None:
        label = " ".join(name)
        in_head = self.said.get(self.known.stem[name[-1]], 0) >= _HEADLINE
        key = f"{NAME}:{fold(label)[:_LONGEST]}"
        self.weights[key] = _NAME * _usual(count) * (1.5 if in_head else 1.0)
        self.labels[key] = label

    def add(self, kind: str, name: str, weight: float, label: str) -> None:
        key = f"{kind}:{name[:_LONGEST]}"
        self.weights[key] = self.weights.get(key, 0) + weight
        self.labels.setdefault(key, label)

    def written(self) -> dict[str, str]:
        """Return the words by their keys, each as it is written first."""
        kind = f"{WORD}:{self.known.language}:"
        first = {plain: plain for plain in self.said}
        for word in reversed([word for part in self.parts for word in _WORD.findall(part)]):
            if plain := self.known.counted[word]:
                first[plain] = word
        return {kind + plain[:_LONGEST]: label for plain, label in first.items()}
