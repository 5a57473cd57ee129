"""What is known of letters and words before any text is read: stop words, titles, particles."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

# How much of a text is read, in characters: enough to know what it is about.
READ = 20_000
# Accents and vowel signs that are characters of their own; they belong to the letter before.
SIGNS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M")
# Scripts that put no blanks between words.
DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# The letters most texts are made of are taken in one go, all others one by one.
LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af"


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("stop_words.toml").read_text(encoding="utf-8"))


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing of what a story is about."""
    return frozenset(_table()["words"].get(language, "").split())


@cache
def names(kind: str) -> frozenset[str]:
    """Return words that stand in names: ``titles``, ``particles``."""
    return frozenset(_table()["names"][kind].split())
