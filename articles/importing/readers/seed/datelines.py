"""The dateline: place, date and agency before the first words of a report.

Decides whether a paragraph opens with a dateline and what it says. A dash in a sentence makes no
dateline: there must be an agency that is known, or a place in capitals, and little else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from articles.importing.readers.seed import agencies
from articles.importing.readers.seed.dates import month_pattern
from articles.importing.readers.seed.lists import bounded, table
from articles.importing.readers.seed.structure import Dateline

_LONGEST = 60
_DASH = re.compile(
    r"\.\s?[-–—]{1,2}(?=\s)|\s*(?:--|[–—―])\s*|\s+-\s+|(?<=\))\s*-\s*|(?<=\))\s+_\s+|(?<=\))\s?[=＝:](?=\s)|\s+[=＝]\s+"
)
_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]{1,40})[)）\]]")
_CHINESE = re.compile(
    r"(?P<agency>[^\s\d，。、：（(]{2,8}?(?:社|网|網|台|报|報|通讯))(?P<place>[^\s\d，。：（(]{1,12}?)"
    r"(?P<date>\d{1,2}月\d{1,2}日)(?:电|電|讯|訊|消息)\s*"
    r"(?:[（(](?:记者|記者)\s*(?P<names>[^）)]{1,30})[）)])?[\s　]*"
)
_CHINESE_SHORT = re.compile(
    r"[（(【]?(?:中央社|新华社|新華社|中新社|中新网|中新網)(?:记者|記者)?(?P<names>[^\s）)】\d]{2,8}?)?"
    r"(?P<place>[^\s\d）)】]{2,6}?)(?P<date>\d{1,2}日|\d{1,2}月\d{1,2}日)(?:电|電|讯|訊)"
    r"[）)】]?[\s　]*"
)
_JAPANESE = re.compile(r"[【［\[](?P<inner>[^【】［］\[\]]{2,30})[】］\]]\s*[-－―–—]?\s*")
_KOREAN = re.compile(
    r"[(（\[](?P<place>[^()=]{1,12})\s?[=＝]\s?(?P<agency>[^()=]{2,12})[)）\]]\s*"
    r"(?:(?P<names>[가-힣]{2,4}(?:[·,\s]+[가-힣]{2,4})?)\s?(?:특파원|통신원|인턴)?\s?기자)?\s*[=＝]\s*"
)
# St. Orrin, Mt. Hask, N. Dunn: the stop ends no sentence.
_ABBREVIATION = re.compile(r"\b[^\W\d_]{1,3}\.\s+(?=[^\W\d_])")
# An agency that is not on the list, in brackets or between slashes at the end.
_WRITTEN = re.compile(
    r"\s*(?:[(（\[]\s*(?P<inner>[^\W\d_][^()（）\[\]]{1,30})[)）\]]"
    r"|/(?P<slashed>[^\W\d_][^/]{2,30})/)\s*\Z"
)
_AFTER_AGENCY = re.compile(
    r"(?P<place>[^\d(),.:;–—-]{2,30}),\s*(?P<date>[^–—\-.]{3,12}?)\s*[-–—]\s+"
)


@dataclass(slots=True)
class Found:
    """A dateline, where the paragraph goes on, and reporters named inside."""

    dateline: Dateline
    end: int
    reporters: list[str] = field(default_factory=list)


def find(text: str) -> Found | None:
    """Find the dateline a paragraph opens with."""
    return _eastern(text) or _dashed(text) or _with_agency_behind(text)


def _eastern(text: str) -> Found | None:
    head = text[:120]
    for pattern in (_CHINESE, _CHINESE_SHORT, _KOREAN):
        found = pattern.match(head)
        if not found:
            continue
        parts = found.groupdict()
        agency = parts.get("agency") or agencies.find(found.group())
        if not agency or (pattern is not _KOREAN and not agencies.find(found.group())):
            continue
        names = re.split(r"[·,、\s]+", parts.get("names") or "")
        line = Dateline(found.group().strip(), _none(parts["place"]), parts.get("date"), agency)
        return Found(line, found.end(), [name for name in names if name])
    found = _JAPANESE.match(head)
    return _japanese(found) if found else None


def _japanese(found: re.Match[str]) -> Found | None:
    inner = found.group("inner")
    parts = re.split(r"[\s　＝=・、]+", inner)
    agency = next((part for part in parts if agencies.is_agency(part)), None)
    if not agency and (tail := re.search(f"{agencies.pattern()}\\Z", inner)):
        agency, parts = tail.group(), [inner[: tail.start()], tail.group()]
    if not agency and "＝" not in inner and "=" not in inner:
        return None
    date = next((part for part in parts if re.fullmatch(r"(?:\d{1,2}月)?\d{1,2}日", part)), None)
    rest = [part for part in parts if part not in (agency, date)]
    reporters = [] if agency or len(rest) < 2 else [rest[-1]]
    line = Dateline(found.group().strip(), rest[0] if rest else None, date, agency)
    return Found(line, found.end(), reporters)


def _none(text: str | None) -> str | None:
    return text.strip(" ,.") or None if text else None


def _dashed(text: str) -> Found | None:
    for dash in _DASH.finditer(text[: _LONGEST + 12]):
        if dash.start() > _LONGEST:
            return None
        head, end = text[: dash.start()], dash.end()
        while end < len(text) and text[end] == " ":
            end += 1
        line = _read(head)
        if line is None:
            if re.search(r"[^\W\d_]\s-\s|[a-z]{3,}\s+[a-z]{3,}\s+[a-z]{3,}", head):
                return None
            continue
        behind = _behind(text, end, line)
        if behind:
            return behind
        line.text = text[:end].strip()
        return Found(line, end)
    return None


def _behind(text: str, end: int, line: Dateline) -> Found | None:
    """What may follow the dash: ``— ТАСС.`` or, after an agency, ``ROMA, 12 MAG -``."""
    if line.agency is None:
        bracketed = re.match(r"[(（]([^()（）]{2,30})[)）]\s*(?:--|[–—-])\s*", text[end : end + 60])
        if bracketed and agencies.is_agency(bracketed.group(1)):
            line.agency = bracketed.group(1)
            line.text = text[: end + bracketed.end()].strip()
            return Found(line, end + bracketed.end())
        found = re.match(rf"(?:{agencies.pattern()})\.\s+", text[end : end + 60])
        if found:
            line.agency = found.group().strip(" .")
            line.text = text[: end + found.end()].strip()
            return Found(line, end + found.end())
    elif line.place is None:
        found = _AFTER_AGENCY.match(text[end : end + 60])
        if found and _in_capitals(found.group("place")):
            line.place, line.date = found.group("place").strip(), found.group("date").strip()
            line.text = text[: end + found.end()].strip()
            return Found(line, end + found.end())
    return None


def _with_agency_behind(text: str) -> Found | None:
    """``नई दिल्ली, 12 मई (भाषा)`` needs no dash."""
    found = re.match(
        r"([^()（）.]{2,40})[(（]([^()（）]{2,20})[)）][.:।]?\s+", text[: _LONGEST + 10]
    )
    if not found or not agencies.is_agency(found.group(2)):
        return None
    line = _read(found.group().strip(" .:।"))
    if line is None or not line.date:
        return None
    line.text = found.group().strip()
    return Found(line, found.end())


@cache
def _date() -> re.Pattern[str]:
    month, days = month_pattern(), bounded(table("dates")["weekdays"]["all"])
    return re.compile(
        rf"(?:(?:{days})\.?,?\s+)?(?:(?:{month})\s*\.?\s*\d{{1,2}}(?:,?\s*\d{{4}})?|\d{{1,2}}\.?º?(?:\s+de)?\s*(?:{month})\.?(?:\s+(?:de\s+)?\d{{4}})?)"
        rf"|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d{{2,4}})?\.?|(?<!\w)\d{{1,2}}(?:th|st|nd|rd)?\Z",
        re.I,
    )


def _read(head: str) -> Dateline | None:
    """Read what stands before the dash; None if it is no dateline."""
    head = head.strip()
    if not head or not re.search(r"[^\W\d_]", head):
        return None
    rest, agency = _agency(head)
    written = _WRITTEN.search(rest) if agency is None else None
    rest = rest[: written.start()] if written else rest
    date = _date().search(rest)
    if date:
        rest = (rest[: date.start()] + rest[date.end() :]).strip()
    place = re.sub(r"\s*,(?:\s*,)+", ",", rest).strip(" ,.:/") or None
    if place and not _place_like(place):
        return None
    if agency is None and not (place and _in_capitals(place.split(",")[0])):
        return None
    if agency is None and date is None and len(place or "") < 4:
        return None
    if written:
        agency = (written["inner"] or written["slashed"]).strip()
    return Dateline(head, place, date.group().strip(" ,") if date else None, agency)


def _agency(head: str) -> tuple[str, str | None]:
    """What remains of the text, and the agency taken from it."""
    found = _BRACKET.search(head)
    if found:
        name = found.group(1).strip()
        if agencies.is_agency(name) or any(agencies.is_agency(p) for p in agencies.split(name)):
            return (head[: found.start()] + " " + head[found.end() :]).strip(), name
        return head, None
    if agencies.is_agency(head):
        return "", head
    for separator in (", ", "/", " "):
        parts = head.split(separator)
        for size in (3, 2, 1):
            tail = separator.join(parts[-size:])
            if len(parts) > size and agencies.is_agency(tail):
                return separator.join(parts[:-size]).strip(" ,/"), tail
    return head, None


_SMALL = frozenset(
    "de la le les du des el los las del da do dos das di of the and on upon am an der bei im in "
    "sur sous en al van aan den und y e i w nad pod na lez lès".split()
)


def _place_like(place: str) -> bool:
    words = re.findall(r"[^\W\d_]+", place)
    if (
        len(words) > 7
        or re.search(r"[!?;:\"“”«»]|\.\s", _ABBREVIATION.sub(" ", place))
        or re.search(r"\d", place)
    ):
        return False
    return all(not word[0].islower() or word in _SMALL for word in words)


def _in_capitals(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    return (
        len(letters) >= 2
        and any(one.isupper() for one in letters)
        and not any(one.islower() for one in letters)
    )
