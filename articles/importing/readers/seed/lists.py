"""The editable lists of ``data/``: loaded once, on first use.

Decides how an entry is compared with a text (case, apostrophes and blanks don't count). What the
lists mean is decided by the modules that use them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"
_APOSTROPHES = str.maketrans("’‘ʼ＇", "''''")
_DENSE = re.compile("[\u3040-\u9fff\uac00-\ud7af\u0e00-\u0eff]")
_BLANKS = re.compile(r"\s+")


@cache
def table(name: str) -> dict[str, Any]:
    """The contents of ``data/NAME.toml``."""
    with (_DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def entries(name: str) -> tuple[str, ...]:
    """The lines of ``data/NAME.txt``, without blank lines and ``#`` comments."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@cache
def folded(name: str) -> frozenset[str]:
    """The lines of ``data/NAME.txt``, ready for comparison with ``fold``."""
    return frozenset(fold(entry) for entry in entries(name))


def fold(text: str) -> str:
    """A text as it is compared: one case, one apostrophe, single blanks."""
    folded = _BLANKS.sub(" ", text.translate(_APOSTROPHES)).strip().casefold()
    # Folding takes ``ΐ`` apart; texts are composed.
    return unicodedata.normalize("NFC", folded)


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; blanks match any blanks, apostrophes any."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(_pattern(word) for word in longest_first)


def dense(text: str) -> bool:
    """Tell whether a text has letters of a script that puts no blanks between words."""
    return bool(_DENSE.search(text))


def joins_words(text: str) -> bool:
    """Tell whether a text is in a script in which small words are written together with others."""
    return bool(re.search("[\u0590-\u06ff]", text)) or dense(text)


def bounded(words: Iterable[str]) -> str:
    """A pattern for any of the words; letters may touch them only in scripts without blanks."""
    listed = list(words)
    dense = [word for word in listed if _DENSE.search(word)]
    spaced = [word for word in listed if not _DENSE.search(word)]
    parts = []
    if spaced:
        parts.append(rf"(?<![^\W\d_])(?:{alternatives(spaced)})(?![^\W\d_])")
    if dense:
        parts.append(alternatives(dense))
    return f"(?:{'|'.join(parts)})"


def _pattern(word: str) -> str:
    escaped = re.escape(word).replace(r"\ ", r"\s+")
    return re.sub("['’]", "['’ʼ]", escaped)
