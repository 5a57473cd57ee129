"""Lines of a page that belong to no story.

Decides by whole lines only, from lists; a line that merely begins like boilerplate is text. When
in doubt it is not boilerplate.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from articles.importing.readers.seed.lists import alternatives, fold, table
from articles.importing.readers.seed.texts import count_words

REASONS = (
    "paywall",
    "share",
    "comments",
    "advertisement",
    "newsletter",
    "cookies",
    "copyright",
    "navigation",
    "boilerplate",
)
_EDGE = " \t.:!…»›>«|*_()[]（）【】:：。-–—"
_SEPARATED = re.compile(r"\s*[|•·]\s*|\s{2,}|\s+[-–/]\s+")
_PATH = re.compile(r"\s*(?:>|›|»|→|/|\\|::|❯|»)\s*")


def reason(text: str) -> str | None:
    """Say why a line is boilerplate; None if it is not."""
    line = text.strip()
    return _reason(line) if 0 < len(line) <= 400 else None


@lru_cache(maxsize=8192)
def _reason(line: str) -> str | None:
    if line in _signoffs():
        return "signoff_mark"
    return _listed(line) or _breadcrumb(line) or _row(line) or _copyright(line) or _invitation(line)


@cache
def _signoffs() -> frozenset[str]:
    return frozenset(table("boilerplate")["signoff"])


@cache
def _exact() -> dict[str, str]:
    lists = table("boilerplate")
    return {
        _key(entry): name
        for name in reversed(REASONS)
        for entry in lists[name]
        if "*" not in entry and "#" not in entry
    }


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lists = table("boilerplate")
    result = []
    for name in REASONS:
        entries = [_key(entry) for entry in lists[name] if "*" in entry or "#" in entry]
        parts = [
            re.escape(entry).replace(r"\#", r"\(?[\d.,]{1,8}\)?").replace(r"\*", ".{1,300}")
            for entry in entries
        ]
        if parts:
            result.append((name, re.compile(f"(?:{'|'.join(parts)})\\Z")))
    return tuple(result)


def _key(text: str) -> str:
    folded = fold(text)
    if folded.endswith("*"):
        return folded
    return folded.strip(_EDGE) or folded


def _listed(line: str) -> str | None:
    folded = _key(line)
    if folded in _exact():
        return _exact()[folded]
    if len(folded) > 350:
        return None
    loose = re.sub(r"[()\[\]（）]", " ", folded)
    loose = re.sub(r"\s+", " ", loose).strip()
    for name, pattern in _patterns():
        if pattern.match(folded) or pattern.match(loose):
            return name
    return None


@cache
def _homes() -> frozenset[str]:
    return frozenset(fold(word) for word in table("boilerplate")["home"])


def _breadcrumb(line: str) -> str | None:
    """``Home > Business``: short steps, the first one the front page."""
    steps = [step for step in _PATH.split(line) if step]
    if not 2 <= len(steps) <= 7 or any(count_words(step) > 6 or len(step) > 50 for step in steps):
        return None
    if fold(steps[0]) in _homes():
        return "breadcrumb"
    arrows = re.findall(r"\s[>›»→]\s", line)
    return "breadcrumb" if len(arrows) >= 2 and len(arrows) == len(steps) - 1 else None


def _row(line: str) -> str | None:
    """``Contact | Imprint``: every part is boilerplate."""
    parts = [part for part in _SEPARATED.split(line) if part.strip()]
    if len(parts) < 2:
        return None
    found = [_exact().get(_key(part)) for part in parts]
    return found[0] if all(found) else None


@cache
def _rights() -> re.Pattern[str]:
    rights = [entry for entry in table("boilerplate")["copyright"] if "*" not in entry]
    return re.compile(alternatives(rights), re.I)


def _copyright(line: str) -> str | None:
    if not re.match(r"(?:copyright\s*)?(?:©|\(c\)|ⓒ|Ⓒ|copyright\b)", line, re.I):
        return None
    if count_words(line) > 30:
        return None
    if _rights().search(line) or re.match(r"\D{0,20}\d{4}\D{0,60}\Z", line):
        return "copyright"
    return None


@cache
def _invitations() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(table('boilerplate')['invitations'])})\s", re.I)


def _invitation(line: str) -> str | None:
    """``Sign up for …`` with no finite verb behind it."""
    if not _invitations().match(line) or count_words(line) > 20:
        return None
    verbs = set(table("boilerplate")["finite_verbs"])
    if verbs & {word.strip(".,;:!?").casefold() for word in line.split()}:
        return None
    return "newsletter"
