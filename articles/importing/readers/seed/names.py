"""Names of people as they stand in bylines.

Decides whether a text can be a name or a row of names, and splits the row. What a person did is
decided in ``bylines``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from articles.importing.readers.seed import agencies
from articles.importing.readers.seed.lists import alternatives, fold, table

_TOKEN = re.compile(r"[^\W\d_][^\s,;/&|]*", re.UNICODE)
_CASED = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1eff]")
_PREFIXED = re.compile(r"(?:d|l|al|el|an|ash|ad|at|as|ar)['’-][^\W\d_]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){2,4}(?:\s?[|,/]\s?(?:[^\W\d_]\.[\s-]?){2,4})*\Z")
_EAST = re.compile("[\u3400-\u9fff\u3040-\u30ff々·・]{2,7}\\Z|[가-힣]{2,5}\\Z")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    affiliation: str | None = None


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in table("bylines")["names"][key])


def is_initials(text: str) -> bool:
    """Tell whether a line is nothing but initials: ``P.K. | D.V.``"""
    return bool(_INITIALS.match(text)) and text[0].isupper()


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a person: one to six words, all in capitals' case."""
    text = text.strip()
    if not text or len(text) > 70 or re.search(r"[\d!?:;\"“”«»@()<>\[\]=]", text):
        return False
    if _EAST.match(text):
        return True
    if not _CASED.search(text):
        return len(text.split()) <= 6 and all(_TOKEN.match(word) for word in text.split())
    words = text.replace(".", ". ").split()
    if not 1 <= len(words) <= 7 or (words[-1] != "." and len(words[-1].strip(".")) < 1):
        return False
    return _capitalised(words)


def _capitalised(words: list[str]) -> bool:
    big = 0
    for number, word in enumerate(words):
        letters = word.strip(".,’'-")
        if not letters:
            continue
        if letters[0].isupper() or not _CASED.match(letters):
            big += 1
            if number and letters.casefold() in _words("not_names"):
                return False
        elif fold(letters) not in _words("particles") and not _PREFIXED.match(letters):
            return False
    first = words[0].strip(".,’'-").casefold()
    return big >= 1 and first not in _words("not_names")


def is_lone_name(text: str) -> bool:
    """Tell whether a line is a name of two to five words and nothing else."""
    words = text.split()
    if agencies.is_source_name(text) or not 2 <= len(words) <= 5:
        return False
    if text[-1:] in ".!?…,:;" and not re.search(r"\b[^\W\d_]\.\Z", text):
        return False
    return bool(_CASED.search(text)) and is_name(text) and "/" not in text


@cache
def _joiner() -> re.Pattern[str]:
    words = [word for word in table("bylines")["names"]["joiners"] if word != "and"]
    return re.compile(
        rf"\s*[、/／;|]\s*|\s+(?:and|{alternatives(words)})\s+|\s*&\s*|\s+و(?=[^\W\d_])", re.I
    )


@cache
def _affiliation() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{alternatives(table('bylines')['names']['affiliations'])})(?!\w)"
    )


@cache
def _place() -> re.Pattern[str]:
    words = table("bylines")["names"]["places"]
    return re.compile(rf"\s+(?:{alternatives(words)})\s+[^\W\d_].*\Z|\s+ב[א-ת]{{3,}}.*\Z")


def people(text: str) -> list[Person] | None:
    """Split a row of names; None if it is no row of names."""
    text = text.strip(" .,;:")
    text, comma, last = _without_affiliation(text)
    result: list[Person] = []
    for part in re.split(r"\s*[,，]\s+|\s*，\s*", text):
        for one in _parts(part):
            name = one.strip(" ,")
            if not name:
                continue
            if result and agencies.is_generic(name):  # By X and agencies
                continue
            if not is_name(name):
                short = _place().sub("", name)
                if short == name or not is_name(short):
                    return None
                name = short
            result.append(Person(name, last if comma else None))
    return result or None


def _parts(part: str) -> list[str]:
    """Split at a joining word, unless it is part of one name, as in ``José Ortega y Gasset``."""
    pieces = _joiner().split(part)
    small = len(pieces) == 2 and re.search(r"\s(?:y|e|i|a|v)\s", part)
    if small and any(len(piece.split()) < 2 for piece in pieces):
        return [part]
    return pieces


def _without_affiliation(text: str) -> tuple[str, bool, str | None]:
    head, comma, tail = text.rpartition(",")
    tail = tail.strip()
    if comma and tail and not re.match(r"(?:and|et|und|y|e|và|и|dan)\s", tail):
        listed = _affiliation().search(tail) or agencies.is_agency(tail)
        if listed or re.match(r"(?:The|Le|La|El|Die|Der|Das|Het|De|Il)\s+[^\W\d_a-z]", tail):
            return head, True, tail
    bracket = re.search(r"\s*[(（]([^()（）]{2,60})[)）]\Z", text)
    if bracket and not re.search(r"\d", bracket.group(1)):
        return text[: bracket.start()], True, bracket.group(1)
    return text, False, None
