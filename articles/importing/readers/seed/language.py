"""The language a document is written in, and the direction it is written.

Decides by script, by letters that only one language has, and by small common words; says ``und``
when that is not enough. Knows no dictionaries.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from articles.importing.readers.seed.lists import table

_SAMPLE = 20_000
_SCRIPTS = (
    ("ja", "\u3041-\u30fa\u30fc-\u30ff\uff66-\uff9d"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff\u3130-\u318f"),
    ("zh", "\u3400-\u9fff\uf900-\ufaff"),
    ("th", "\u0e01-\u0e5b"),
    ("lo", "\u0e81-\u0edf"),
    ("km", "\u1780-\u17ff"),
    ("my", "\u1000-\u109f"),
    ("he", "\u05d0-\u05ea"),
    ("arabic", "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff"),
    ("cyrillic", "\u0400-\u052f"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hy", "\u0531-\u058f"),
    ("ka", "\u10a0-\u10ff"),
    ("hi", "\u0904-\u0939\u0958-\u0961"),
    ("bn", "\u0985-\u09b9"),
    ("pa", "\u0a05-\u0a39"),
    ("gu", "\u0a85-\u0ab9"),
    ("ta", "\u0b85-\u0bb9"),
    ("te", "\u0c05-\u0c39"),
    ("kn", "\u0c85-\u0cb9"),
    ("ml", "\u0d05-\u0d39"),
    ("si", "\u0d85-\u0dc6"),
    ("am", "\u1200-\u137f"),
    ("latin", "A-Za-z\u00c0-\u024f\u1e00-\u1eff"),
)
_PATTERNS = tuple((name, re.compile(f"[{letters}]")) for name, letters in _SCRIPTS)
_VIETNAMESE = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.I)


def detect(text: str) -> str:
    """The primary BCP 47 tag of a text's language, or und."""
    sample = text[:_SAMPLE]
    counts = Counter({name: len(found.findall(sample)) for name, found in _PATTERNS})
    if not sum(counts.values()):
        return "und"
    # Han letters stand in Japanese too, and kana hardly anywhere else.
    if counts["ja"] * 12 > counts["zh"] and counts["ja"]:
        counts["ja"] += counts.pop("zh")
    script = _main_script(counts)
    if script == "latin":
        return _latin(sample)
    if script == "cyrillic":
        return _by_letters(sample, ("be", "sr", "uk"), _cyrillic_default(sample))
    if script == "arabic":
        return _by_letters(sample, ("ur", "fa"), "ar")
    return script


def direction(language: str) -> str:
    """Say whether a language runs from right to left."""
    return "rtl" if language in table("language")["direction"]["rtl"] else "ltr"


def _main_script(counts: Counter[str]) -> str:
    """The script of the text; foreign names in Latin letters count for less."""
    weighed = {name: count * (1 if name == "latin" else 3) for name, count in counts.items()}
    return max(weighed, key=lambda name: weighed[name])


def _by_letters(sample: str, candidates: tuple[str, ...], default: str) -> str:
    script = table("language")["script"]
    letters = Counter(sample)
    for language in candidates:
        found = sum(letters[one] for one in script[language])
        if found * 400 > len(sample):
            if language == "ur" and found * 25 < len(sample):
                continue
            return language
    return default


def _cyrillic_default(sample: str) -> str:
    """Bulgarian knows no ``ы э ё``, and has ``ъ`` and small words of its own."""
    lower = sample.casefold()
    if any(letter in lower for letter in table("language")["script"]["not_bg"]):
        return "ru"
    small = set(re.findall(r"[^\W\d_]+", lower)) & _vocabularies()["bg"]
    return "bg" if len(small) > 1 or lower.count("ъ") * 150 > len(lower) else "ru"


@cache
def _vocabularies() -> dict[str, frozenset[str]]:
    words = table("language")["words"]
    return {language: frozenset(listed.split()) for language, listed in words.items()}


def _latin(sample: str) -> str:
    if len(_VIETNAMESE.findall(sample)) * 25 > len(sample):
        return "vi"
    tokens = Counter(re.findall(r"[^\W\d_]+", sample.casefold()))
    scores = {
        language: sum(tokens[word] for word in words) for language, words in _vocabularies().items()
    }
    weighed = {language: _weighed(language, score, sample) for language, score in scores.items()}
    best = max(weighed, key=lambda language: weighed[language])
    second = max(score for language, score in weighed.items() if language != best)
    total = sum(tokens.values())
    if weighed[best] < 1 or weighed[best] * 25 < total or (weighed[best] == second and total < 12):
        return "und"
    return best


_HINTS = {
    "no": re.compile("[øå]"), "da": re.compile("æ|[øå]"), "sv": re.compile("[äö]"),
    "de": re.compile("[äöüß]"), "fi": re.compile("ä|ää"), "pl": re.compile("[łśżźćńąę]"),
    "cs": re.compile("[ěřůť]"), "sk": re.compile("[ľĺŕôä]"), "tr": re.compile("[ışğİ]"),
    "hu": re.compile("[őű]"), "ro": re.compile("[ășțşţ]"), "es": re.compile("[ñ¿¡]"),
    "pt": re.compile("[ãõç]"), "fr": re.compile("[éèêçàœ]"), "hr": re.compile("[čćđšž]"),
    "ca": re.compile("l·l|ç"),
}  # fmt: skip


def _weighed(language: str, score: int, sample: str) -> float:
    hint = _HINTS.get(language)
    return score * (1.15 if hint and score and hint.search(sample) else 1.0)
