"""Agencies, broadcasters and papers that are known by name.

Decides whether a name is on the list. The list is data; a name that is not on it may still be a
source, if the text says so.
"""

from __future__ import annotations

import re
from functools import cache

from articles.importing.readers.seed.lists import alternatives, bounded, entries, fold, table

_ARTICLE = re.compile(r"(?:the|l'|la|le|les|el|die|der|das|de|il|lo)\s*(?<=['\s])", re.I)


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """Names by letter case: those in capitals must stand in capitals."""
    exact = frozenset(name for name in entries("agencies") if _is_sigle(name))
    loose = frozenset(fold(name) for name in entries("agencies") if not _is_sigle(name))
    return exact, loose


def _is_sigle(name: str) -> bool:
    return name.isupper() or len(name) <= 3


def is_agency(name: str) -> bool:
    """Tell whether a name is on the list, with or without an article before it."""
    exact, loose = _names()
    name = name.strip(" .")
    if name in exact or fold(name) in loose:
        return True
    short = _ARTICLE.sub("", fold(name), count=1)
    return short in loose or name[-len(short) :] in exact


@cache
def pattern() -> str:
    """A pattern for any known name, for use inside other patterns."""
    return bounded(entries("agencies"))


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(pattern())


def find(text: str) -> str | None:
    """The first known name in a text."""
    found = _anywhere().search(text)
    return found.group() if found else None


_PARTS = re.compile(r"\s*[/／、|;]\s*|\s*,\s+|\s+[-–]\s+")


def split(text: str) -> list[str]:
    """The names in a row of them: ``VOV/VNA``, ``AP, AFP``, ``AP and AFP``."""
    parts = [part for part in _PARTS.split(text) if part]
    result: list[str] = []
    for part in parts:
        pair = _joined().split(part)
        known = [one for one in pair if is_agency(one) or is_generic(one)]
        result += pair if len(pair) > 1 and len(known) == len(pair) else [part]
    return [one.strip() for one in result if one.strip()]


@cache
def _joined() -> re.Pattern[str]:
    joiners = [word for word in table("bylines")["names"]["joiners"] if len(word) < 4]
    return re.compile(rf"\s+(?:{alternatives(joiners)})\s+", re.I)


@cache
def _generic() -> frozenset[str]:
    return frozenset(fold(word) for word in table("sources")["generic"])


def is_generic(name: str) -> bool:
    """Tell whether a name is a word for agencies in general."""
    return fold(name) in _generic()


def is_source_name(name: str) -> bool:
    """Tell whether a name is an agency or a word for agencies in general."""
    return is_agency(name) or is_generic(name)
