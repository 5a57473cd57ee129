"""Dates and times as a story writes them.

Decides whether a line says nothing but when the story was published or updated, and what moment
that is in ISO 8601, only as exact as the text. Whether two dates contradict each other is judged
where the article is put together.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from articles.importing.readers.seed.lists import alternatives, bounded, dense, fold, table
from articles.importing.readers.seed.texts import at_most, heading_like

_LONGEST = 160
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_ISO = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)\.?")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?")
_NUMERIC = re.compile(r"(?<![\d:.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_TIME = re.compile(
    r"(?<![\d.,])(\d{1,2})\s*(?:[:.hHg]|[時时시點点]|giờ|h\s*)\s*(\d{2})(?!\d)(?:\s*[:분分.]?\s*(\d{2})(?!\d))?"
)
_HOUR = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:[時时시點点]|h(?![^\W\d_])|Uhr|giờ|(?=[ap]\.?m\b))", re.I
)
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+\-−]\d{1,2})(?::?(\d{2}))?(?!\d)")
# A zone that is not on the list, or stands for several, as CST: the time is read without it.
_UNKNOWN_ZONE = re.compile(r"(\d{1,2}:\d{2}(?:\s?[APap]\.?[Mm]\.?)?)\s?\(?[A-Z]{3,4}\b\)?")
_BUDDHIST, _SOLAR_YEARS = range(2400, 2700), range(1200, 1500)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a time, or both, as far as a text says it."""

    date: str | None
    time: str | None
    zone: str | None
    ambiguous: bool

    def value(self, fallback_date: str | None = None) -> str | None:
        """ISO 8601 text; a time alone takes the date of the label before it."""
        date = self.date or fallback_date
        if not date:
            return None
        return f"{date}T{self.time}{self.zone or ''}" if self.time and len(date) == 10 else date


@dataclass(frozen=True, slots=True)
class DateLine:
    """What a date line says."""

    published: str | None
    updated: str | None
    ambiguous: bool


def read_date_line(text: str, language: str, *, day_first: bool) -> DateLine | None:
    """Read a line that says when the story was published or updated; None if it says more."""
    text = text.strip().strip("*_()[]（）【】 ")
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return None
    return _date_line(text, language, day_first=day_first)


def opens_with_label(text: str) -> bool:
    """Tell whether a short line opens with a date label and holds a number, readable or not."""
    found = _labels().match(text)
    if not found or not _DIGIT.search(text, found.end()) or not heading_like(text):
        return False
    rest = text[found.end() :]
    if re.match(r"\s*[:：]", rest):
        return True
    return _kind(found.group()) == "updated" and bool(re.match(r"\s+\d", rest)) and at_most(text, 6)


@lru_cache(maxsize=8192)
def _date_line(text: str, language: str, *, day_first: bool) -> DateLine | None:
    if not _only_date_words(text):
        return None
    published = updated = first_date = None
    ambiguous = False
    segments = _segments(text)
    for kind, segment in segments:
        moment = _moment(segment, language, day_first=day_first)
        if moment is None:
            continue
        ambiguous = ambiguous or moment.ambiguous
        value = moment.value(first_date)
        first_date = first_date or moment.date
        if kind == "updated":
            updated = updated or value
        else:
            published = published or value
    if not published and not updated:
        return None
    if segments[0][0] == "" and len(published or updated or "") < len("2017-07-03"):
        return None
    return DateLine(published, updated, ambiguous)


def _segments(text: str) -> list[tuple[str, str]]:
    """The stretches a label governs; before the first label the kind is empty."""
    found = list(_labels().finditer(text))
    if not found:
        return [("", text)]
    result = [("", text[: found[0].start()])] if re.search(r"\d", text[: found[0].start()]) else []
    for number, one in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        result.append((_kind(one.group()), text[one.end() : end]))
    merged: list[tuple[str, str]] = []
    for kind, segment in result:
        if merged and not re.search(r"\d", merged[-1][1]):
            merged[-1] = (merged[-1][0] or kind, merged[-1][1] + segment)
        elif not re.search(r"\d", segment) and merged:
            merged[-1] = (kind if not merged[-1][0] else merged[-1][0], merged[-1][1] + segment)
        else:
            merged.append((kind, segment))
    return merged


@cache
def _updated_labels() -> frozenset[str]:
    return frozenset(fold(label) for label in table("dates")["labels"]["updated"])


def _kind(label: str) -> str:
    return "updated" if fold(label) in _updated_labels() else "published"


@cache
def _labels() -> re.Pattern[str]:
    labels = table("dates")["labels"]
    return re.compile(bounded(labels["published"] + labels["updated"]), re.I)


@cache
def _month_numbers() -> dict[str, dict[str, int]]:
    return {
        language: {
            fold(name): number
            for number, names in enumerate(listed, 1)
            for name in names.split("/")
        }
        for language, listed in table("dates")["months"].items()
    }


def month_pattern() -> str:
    """A pattern for any month in any language."""
    return bounded([name for months in _month_numbers().values() for name in months])


@cache
def _solar_numbers() -> dict[str, int]:
    return {name: number for number, name in enumerate(table("dates")["solar"]["fa"], 1)}


@cache
def _any_month() -> re.Pattern[str]:
    solar = bounded(list(_solar_numbers()))
    return re.compile(f"{month_pattern()}|{solar}", re.I)


@cache
def _vocabulary() -> re.Pattern[str]:
    dates = table("dates")
    months = [name for numbers in _month_numbers().values() for name in numbers]
    zones = list(dates["zones"])
    words = dates["words"]["all"] + dates["weekdays"]["all"]
    labels = dates["labels"]["published"] + dates["labels"]["updated"]
    day_letters = "".join(dates["weekdays"]["brackets"])
    everything = months + words + labels + zones + list(_solar_numbers())
    return re.compile(rf"[(（][{day_letters}][)）]|{bounded(everything)}|(?<=\d)T(?=\d)", re.I)


@cache
def _single_words() -> frozenset[str]:
    dates = table("dates")
    listed = [name for numbers in _month_numbers().values() for name in numbers]
    listed += [
        *dates["words"]["all"],
        *dates["weekdays"]["all"],
        *dates["zones"],
        *_solar_numbers(),
    ]
    listed += [*dates["labels"]["published"], *dates["labels"]["updated"], "t"]
    return frozenset(word for entry in listed for word in _LETTERS.findall(fold(entry)))


def _only_date_words(text: str) -> bool:
    text = _UNKNOWN_ZONE.sub(r"\1 ", text)
    if not dense(text) and not _single_words().issuperset(_LETTERS.findall(fold(text))):
        return False
    rest = _vocabulary().sub(" ", text)
    return not re.search(r"[^\W\d_]", rest)


def _month(name: str, language: str) -> int | None:
    numbers = _month_numbers()
    key = fold(name)
    if key in numbers.get(language, {}):
        return numbers[language][key]
    return next((months[key] for months in numbers.values() if key in months), None)


@cache
def _spelled() -> tuple[re.Pattern[str], ...]:
    month = f"(?P<m>{_any_month().pattern})"
    day = r"(?<!\d)(?P<d>\d{1,2})"
    year = r"(?P<y>\d{4})(?!\d)"
    link = r"(?:\s|,|-|/|\.|de\b|del\b|of\b|năm|พ\.ศ\.|ค\.ศ\.)*"
    ordinal = r"(?:st|nd|rd|th|er|º|ª|°|\.)?"
    return tuple(
        re.compile(pattern, re.I)
        for pattern in (
            f"{day}{ordinal}{link}{month}{link}{year}",
            f"{month}{link}{day}{ordinal}(?!\\d|:){link}{year}",
            f"(?<!\\d){year}{link}{month}{link}(?P<d>\\d{{1,2}})(?!\\d)",
            f"{month}{link}{year}",
        )
    )


def _moment(text: str, language: str, *, day_first: bool) -> Moment | None:
    date, rest, ambiguous = _date(text, language, day_first=day_first)
    time, rest = _time(rest)
    if not date and not time:
        return None
    return Moment(date, time, _zone(rest) if time else None, ambiguous)


def _date(text: str, language: str, *, day_first: bool) -> tuple[str | None, str, bool]:
    for pattern in (_ISO, _EAST):
        if found := pattern.search(text):
            year, month, day = (int(part) for part in found.groups())
            return _iso(year, month, day), _cut(text, found), False
    for pattern in _spelled():
        if found := pattern.search(text):
            parts = found.groupdict()
            day_text = parts.get("d")
            solar = _solar_numbers().get(parts["m"])
            year = int(parts["y"])
            if solar and year in _SOLAR_YEARS:
                date = _from_solar(year, solar, int(day_text)) if day_text else None
                return date, _cut(text, found), False
            number = _month(parts["m"], language)
            date = _iso(year, number or 0, int(day_text) if day_text else None)
            return date, _cut(text, found), False
    if found := _NUMERIC.search(text):
        first, second = int(found.group(1)), int(found.group(3))
        year = int(found.group(4))
        year = year if year > 99 else 2000 + year if year < 70 else 1900 + year
        unclear = language in ("en", "und") and first <= 12 and second <= 12 and first != second
        swapped = second > 12 or (unclear and not day_first)
        day, month = (second, first) if swapped else (first, second)
        return _iso(year, month, day), _cut(text, found), unclear
    return None, text, False


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _iso(year: int, month: int, day: int | None) -> str | None:
    if year in _BUDDHIST:
        year -= 543
    try:
        date = datetime.date(year, month, day or 1)
    except ValueError:
        return None
    return date.isoformat() if day else date.isoformat()[:7]


def _from_solar(year: int, month: int, day: int) -> str | None:
    """A date of the Persian solar year, by the 33-year cycle of leap years."""
    leaps = 8 * ((year - 1) // 33) + ((year - 1) % 33 + 3) // 4
    days = 365 * (year - 1) + leaps + 30 * (month - 1) + min(month - 1, 6) + day
    try:
        return (datetime.date(622, 3, 20) + datetime.timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return None


@cache
def _halves() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = table("dates")["words"]
    return (
        re.compile(bounded(words["afternoon"]), re.I),
        re.compile(bounded(words["morning"]), re.I),
    )


def _time(text: str) -> tuple[str | None, str]:
    found = _TIME.search(text) or _HOUR.search(text)
    if not found:
        return None, text
    hour = int(found.group(1))
    minute = int(found.group(2)) if found.lastindex and found.lastindex > 1 else None
    rest = _cut(text, found)
    afternoon, morning = _halves()
    if afternoon.search(rest) and hour < 12:
        hour += 12
    elif morning.search(rest) and hour == 12:
        hour = 0
    if hour > 23 or (minute or 0) > 59:
        return None, rest
    return f"{hour:02}:{minute or 0:02}", rest


def _zone(text: str) -> str | None:
    found = _OFFSET.search(text)
    if found and int(found.group(1)[1:]) <= 14:
        sign = "-" if found.group(1)[0] in "-−" else "+"
        return f"{sign}{int(found.group(1)[1:]):02}:{found.group(2) or '00'}"
    zones = table("dates")["zones"]
    found = re.search(rf"(?<![^\W\d_])(?:{alternatives(zones)})(?![^\W\d_])", text)
    return zones[found.group()] if found else None
