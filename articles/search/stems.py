"""Endings that make no other word: plurals and forms of verbs, by language.

English follows the first and last steps of M. F. Porter's second algorithm, so that "harbours",
"reopened" and "closing" meet "harbour", "reopens" and "close" but "universe" never meets
"university". Other languages lose their commonest endings. Words come folded, without accents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_VOWEL = re.compile(r"[aeiouy]")
_REGION = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]")
_SHORT_END = re.compile(r"(?:^[aeiouy][^aeiouy]|[^aeiouy][aeiouy][^aeiouwxy])$")
_DOUBLED = re.compile(r"([bdfgmnprt])\1$")
_WHOLE = frozenset({"news", "bus", "gas", "this", "was", "his", "has", "as", "is"})
_SHORTEST = 3  # letters that are left when an ending is taken off

# Ending by ending, the longest first.
_ENDINGS = {
    "de": ("en", "er", "es", "em", "e", "n", "s"),
    "es": ("es", "s"),
    "fr": ("es", "s", "x", "e"),
    "it": ("i", "e", "o", "a"),
    "nl": ("en", "s", "e"),
    "pt": ("es", "s"),
}


@lru_cache(maxsize=50_000)
def english(word: str) -> str:
    if len(word) <= 2 or word in _WHOLE or not (word.isascii() and word.isalpha()):
        return word
    return _without_e(_with_i(_without_verb_ending(_without_plural(word))))


def _without_plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us")) and _VOWEL.search(word[:-2]):
        return word[:-1]
    return word


def _without_verb_ending(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _region(word[:-3]) else word
    for ending in ("ed", "ing"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and _VOWEL.search(rest):
            if rest.endswith(("at", "bl", "iz")) or (_is_short(rest)):
                return f"{rest}e"
            return rest[:-1] if _DOUBLED.search(rest) else rest
    return word


def _with_i(word: str) -> str:
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiouy":
        return f"{word[:-1]}i"
    return word


def _without_e(word: str) -> str:
    rest = word[:-1]
    if word.endswith("e") and len(word) > 3 and _region(rest) and not _SHORT_END.search(rest):
        return rest
    return word


def _region(word: str) -> bool:
    """Return whether a vowel and a consonant after it stand in a word."""
    return _REGION.match(word) is not None


def _is_short(word: str) -> bool:
    match = _REGION.match(word)
    return bool(_SHORT_END.search(word)) and match is not None and match.end() == len(word)


def _taking_off(endings: tuple[str, ...]) -> Callable[[str], str]:
    @lru_cache(maxsize=50_000)
    def stem(word: str) -> str:
        if word.isalpha():
            for ending in endings:
                if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
                    return word[: -len(ending)]
        return word

    return stem


STEMMERS: dict[str, Callable[[str], str]] = {
    "en": english,
    **{language: _taking_off(endings) for language, endings in _ENDINGS.items()},
}
