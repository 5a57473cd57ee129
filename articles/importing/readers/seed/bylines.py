"""Bylines: who wrote, photographed, translated, edited or helped.

Decides whether a line is a byline and reads the people and their roles from it. A byline has no
verb and no full stop, but for the trailer in brackets at the end. Whether a line stands where a
byline may stand is decided by the caller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from articles.importing.readers.seed import agencies, names
from articles.importing.readers.seed.lists import alternatives, table
from articles.importing.readers.seed.structure import Byline
from articles.importing.readers.seed.texts import count_words, heading_like

_ROLES = ("both", "photographer", "translator", "editor", "contributor", "author")
_MOST_WORDS, _MOST_UNREAD = 15, 8
_BRACKETS = re.compile(r"\A[(（\[](.*)[)）\]]\.?\Z", re.S)
_SPLIT = re.compile(r"\s*[;；]\s*|\s+[|•·]\s+|\s+[–—]\s+|\s+/\s+")
_COMMA_SPLIT = re.compile(
    r"\s*[,，、]\s*|\s*[.。]\s+|\s{2,}|　|\s+(?=[\u3400-\u9fff\u3040-\u30ff]{1,5}[/／：:])"
)


_TRAILER = re.compile(
    r"(?:Additional |With )?(?:Report|Edit|Writ|Text|Words|Story|Pictures|Video|Illustrat|Translat"
    r"|Photo|Compil|Contribut|Redac|Édit)"
)
# An address behind the names stays in the raw line only.
_ADDRESS = re.compile(
    r"(?<=\w)[\s,;|·•–—-]*[(（<\[]?\s*(?<![\w.@])"
    r"(?:[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|@\w{2,30})\s*[)）>\]]?\Z"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The people of a line; ``sure`` is False if the line may be something else."""

    people: list[Byline]
    sure: bool = True


@cache
def _openings() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    """Role, pattern of what stands before the names, and whether a label says so."""
    result = []
    for role in _ROLES:
        lists = table("bylines")[role]
        words, labels = lists.get("words", []), lists.get("labels", [])
        both = alternatives([*words, *labels]).replace(r"\*", r"\S{1,20}(?:\s\S{1,20})?")
        result.append((role, re.compile(rf"(?:{both})\s*[:：=＝]\s*", re.I), True))
        if glued := lists.get("glued"):
            result.append((role, re.compile(alternatives(glued)), True))
        if words:
            plain = alternatives(words).replace(r"\*", r"\S{1,20}(?:\s\S{1,20})?")
            result.append((role, re.compile(rf"(?:{plain})\s+(?=[^\W_])", re.I), False))
    before = alternatives(table("bylines")["author"]["before"])
    result.append(("author", re.compile(rf"(?:{before})\s*[:：]?\s*(?=[\u3400-\u9fff])"), True))
    return tuple(result)


def read(text: str) -> Reading | None:
    """Read a line as a byline; None if it is none."""
    line = text.strip()
    return _read(line) if 0 < len(line) <= 400 else None


@lru_cache(maxsize=8192)
def _read(line: str) -> Reading | None:
    bracketed = _BRACKETS.match(line)
    inner = bracketed.group(1).strip() if bracketed else line
    inner = _ADDRESS.sub("", inner).strip()  # stays in the raw line
    if not inner:
        return None
    trailer = bracketed is not None or len(_SPLIT.split(inner)) > 1
    trailer = trailer or bool(_contributed().match(inner))
    if count_words(inner) > (60 if trailer else _MOST_WORDS):
        return None
    if inner.endswith((".", "。")) and not bracketed and not _may_stop(inner):
        return None
    return _sentence(inner) or _eastern(inner) or _segments(inner)


def opens(text: str) -> bool:
    """Tell whether a line opens like a byline though its names can't be read."""
    if count_words(text) > _MOST_UNREAD or not heading_like(text):
        return False
    if re.match(r"by\s", text, re.I):
        return True
    return any(
        role == "author" and labelled and opening.match(text)
        for role, opening, labelled in _openings()
    )


def _may_stop(line: str) -> bool:
    """The trailer forms may end with a full stop, and so may initials."""
    if re.search(r"(?:\A|[\s.])[^\W\d_]\.\Z|\b(?:Jr|Sr)\.\Z", line):
        return True
    if _TRAILER.match(line) or ";" in line:
        return True
    if _contributed().match(line):
        return True
    lists = table("bylines")["contributor"]
    return any(end in line for end in (*lists["sentences"], *lists["sentence_starts"]))


def _segments(inner: str) -> Reading | None:
    found: list[Byline] = []
    sure = True
    role = ""
    for number, part in enumerate(_SPLIT.split(inner)):
        segment = part.strip(" .")
        if not segment:
            continue
        read_part = _segment(segment)
        if read_part is None and role and number:
            people = names.people(segment)
            read_part = Reading(_bylines(people, role)) if people else None
        if read_part is None:
            return None
        found += read_part.people
        sure = sure and read_part.sure
        role = read_part.people[-1].role if read_part.people else role
    return Reading(_once(found), sure) if found else None


def _segment(segment: str) -> Reading | None:
    for role, opening, labelled in _openings():
        found = opening.match(segment)
        if not found or not segment[found.end() :].strip():
            continue
        rest = segment[found.end() :].strip()
        people = names.people(_small(rest))
        if people is None or (not labelled and not _fits(people, found.group())):
            several = _several(rest, role)
            if several:
                return several
            continue
        return Reading(_bylines(people, role), sure=labelled or _certain(people, found.group()))
    return None


def _several(rest: str, role: str) -> Reading | None:
    """``Sunniva Dahl, Photos by Peter Okoro``: the next part has a role of its own."""
    parts = [part for part in _COMMA_SPLIT.split(rest) if part]
    if len(parts) < 2:
        return None
    first = names.people(parts[0])
    if not first:
        return None
    found = _bylines(first, role)
    for part in parts[1:]:
        if (next_part := _segment(part)) is not None:
            found += next_part.people
        elif people := names.people(part):
            found += _bylines(people, found[-1].role)
        else:
            return None
    return Reading(found)


def _small(rest: str) -> str:
    """Names in capitals stay as they are; leading articles of a trailer go."""
    return re.sub(r"\A(?:and|et|und|y)\s+", "", rest)


def _fits(people: list[names.Person], opening: str) -> bool:
    """Short words such as ``By`` or ``De`` need a name behind them that looks like one."""
    if len(opening.strip()) > 4:
        return True
    return all(len(person.name) > 2 for person in people)


def _certain(people: list[names.Person], opening: str) -> bool:
    """One word behind a short opening may be a place or a thing: ``De Madrid``."""
    if opening.strip().lower() in ("by", "par", "von", "door", "oleh", "ditulis oleh", "bởi"):
        return True
    return len(opening.strip()) > 4 or all(len(person.name.split()) > 1 for person in people)


def _bylines(people: list[names.Person], role: str) -> list[Byline]:
    roles = ("author", "photographer") if role == "both" else (role,)
    return [Byline(one.name, each, one.affiliation) for each in roles for one in people]


def _once(found: list[Byline]) -> list[Byline]:
    result: list[Byline] = []
    for one in found:
        if not any(one.name == other.name and one.role == other.role for other in result):
            result.append(one)
    return result


@cache
def _contributed() -> re.Pattern[str]:
    lists = table("bylines")["contributor"]
    verbs = alternatives([*lists["sentences"], *lists["sentence_starts"]])
    return re.compile(
        rf"(?P<names>[^.;]{{2,120}}?)\s+(?:{verbs}|reported(?=\sfrom\s))"
        rf"(?:\s+(?:from|in|to|de|depuis|aus|desde)\s+[^.;]{{2,60}})?\s*\.?\Z"
    )


def _sentence(inner: str) -> Reading | None:
    found = _contributed().match(inner)
    if not found:
        return None
    people = names.people(_staff().sub("", found.group("names")))
    if not people or any(agencies.is_source_name(one.name) for one in people):
        return None
    return Reading(_bylines(people, "contributor"))


@cache
def _staff() -> re.Pattern[str]:
    """``Associated Press writers`` before the names of those who helped."""
    words = alternatives(table("bylines")["contributor"]["staff"])
    return re.compile(rf"\A(?:(?:The\s)?(?:[A-Z][\w’'&.-]*\s){{1,4}})?(?:{words})\s+(?=[A-Z])")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<names>[가-힣]{{2,4}}(?:[·,\s]+[가-힣]{{2,4}})*"
        rf"|[\u3400-\u9fff]{{2,5}}(?:[、・\s]+[\u3400-\u9fff]{{2,5}})*)"
        rf"\s?(?:{alternatives(table('bylines')['author']['after'])})"
        r"(?:\s+\S+@\S+)?\Z"
        r"|(?:[（(])?(?P<paper>\S{2,12}?)(?:=|＝)\S{0,6}\s?(?P<one>[가-힣]{2,4}) (?:기자|특파원)\Z"
    )


def _eastern(inner: str) -> Reading | None:
    """Names before the word for reporter: ``홍길동 기자``; several labels: ``文/陆远 图/周明``."""
    found = _after().match(inner)
    if found:
        row = found.group("names") or found.group("one")
        people = [names.Person(one) for one in re.split(r"[·、・,\s]+", row) if one]
        return Reading(_bylines(people, "author"))
    parts = [
        part
        for part in re.split(r"[\s　,，、;；]+(?=[^\s/／：:=＝]{1,6}\s?[/／：:=＝])", inner)
        if part
    ]
    if len(parts) < 2 or not re.search("[\u3040-\u9fff\uac00-\ud7af]", inner):
        return None
    readings = [_segment(part.strip()) for part in parts]
    if any(one is None for one in readings):
        return None
    return Reading(_once([byline for one in readings if one for byline in one.people]))
