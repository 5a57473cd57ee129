"""Agencies and papers credited in the text, and people who speak without a name.

Decides by patterns of words, for English and, where it is cheap, for other languages.
"""

from __future__ import annotations

import re
from functools import cache

from articles.importing.readers.seed import agencies
from articles.importing.readers.seed.lists import alternatives, bounded, joins_words, table
from articles.importing.readers.seed.structure import SeedAttribution

_KIND = r"(?:[a-z]{3,12}\s){0,3}?"  # as in "the state paper …"
_AGENCY_WORDS = r"(?:\s(?:news\s)?agency|\snewspaper|\stelevision|\sradio)?"
# Cheap looks that spare most texts the long patterns.
_CONDITION_HINT = re.compile("anonym|name|identif|authori[sz]ed|allowed to|permitted|background")
_KNOWING_HINT = re.compile(
    "familiar|briefed|knowledge|close to|information|involved|privy|see?n|saw"
)
_SENTENCE = re.compile(r"[.!?][”\"’)]*\s+(?=[“\"‘A-ZÀ-Þ])")


@cache
def _outlet() -> str:
    """A known agency, or a name with the last word of a paper or a broadcaster."""
    words = alternatives(table("attribution")["outlets"])
    paper = rf"(?:The\s)?(?:[A-ZÀ-Þ][\w’'&-]{{1,20}}\s){{1,3}}(?:{words})(?![\w’'])"
    return rf"(?:{agencies.pattern()}|{paper})"


@cache
def _agency_patterns() -> tuple[re.Pattern[str], ...]:
    verbs = alternatives(table("attribution")["reported"])
    name = rf"(?P<a>{_outlet()})"
    return (
        re.compile(
            rf"(?:\b[Tt]he\s{_KIND})?{name}{_AGENCY_WORDS}"
            rf"\s(?:had\s|has\s|first\s|also\s|later\s)?(?:{verbs})\b"
        ),
        re.compile(rf"\b(?:[Cc]iting|[Qq]uoting)\s(?:the\s)?{_KIND}{name}{_AGENCY_WORDS}"),
        re.compile(
            r"\b(?:told|tells|spoke to|spoke with|talked to)\s(?:the\s)?"
            rf"{_KIND}{name}{_AGENCY_WORDS}"
        ),
        re.compile(rf"\b[Aa]ccording\sto\s(?:[a-z][a-z-]{{0,14}}\s){{0,6}}?{name}{_AGENCY_WORDS}"),
        re.compile(
            rf"\b[Tt]he\s{name}{_AGENCY_WORDS}\s(?:report|dispatch|story|article|account)\b"
        ),
        re.compile(
            r"\b(?:quoted|cited|seen|obtained|reviewed|reported|published)\s(?:by|in)\s(?:the\s)?"
            rf"{_KIND}{name}{_AGENCY_WORDS}"
        ),
        re.compile(rf"\binterview(?:ed)?\s(?:with|by|to)\s(?:the\s)?{_KIND}{name}{_AGENCY_WORDS}"),
    )


def agencies_in(text: str, language: str) -> list[SeedAttribution]:
    """The agencies and papers credited in a text, each once."""
    patterns = _agency_patterns() if language in ("en", "und") else _foreign(language)
    found: list[SeedAttribution] = []
    for pattern in patterns:
        for one in pattern.finditer(text):
            name = re.sub(rf"{_AGENCY_WORDS}\Z", "", one.group("a"))
            start = one.start()
            if any(start < other.end and other.start < one.end() for other in found):
                continue
            if any(_same(other.name, name) and language != "en" for other in found):
                continue
            if _is_photo_credit(text, one.end()):
                continue
            found.append(SeedAttribution("agency_in_text", name, one.group(), "", start, one.end()))
    found.sort(key=lambda one: one.start)
    kept: list[SeedAttribution] = []
    for one_found in found:
        if not any(_same(other.name, one_found.name) for other in kept):
            kept.append(one_found)
    return kept


def _same(first: str | None, second: str | None) -> bool:
    return (first or "").casefold() == (second or "").casefold()


def _is_photo_credit(text: str, end: int) -> bool:
    return bool(re.match(r"\s?(?:Photo|photographer|file photo)", text[end : end + 14]))


@cache
def _articles() -> str:
    return alternatives(table("attribution")["articles"])


@cache
def _foreign(language: str) -> tuple[re.Pattern[str], ...]:
    templates = table("attribution")["agency_patterns"].get(language, [])
    if not templates:
        return ()
    return tuple(_foreign_pattern(template) for template in templates)


def _foreign_pattern(template: str) -> re.Pattern[str]:
    before, _, after = (
        re.escape(part).replace(r"\ ", r"\s").replace("'", "['’]")
        for part in template.partition("{A}")
    )
    edge = "" if joins_words(template) else r"(?<!\w)"
    article = rf"(?:(?:{_articles()})\s?)?" if before.strip() else ""
    return re.compile(rf"{edge}{before}{article}(?P<a>{_listed()}){after}", re.I if before else 0)


@cache
def _listed() -> str:
    """The names on the list, without the boundaries that Arabic and Hebrew prefixes would break."""
    from_list = agencies.pattern()
    return from_list.replace(r"(?<![^\W\d_])", "", 1)


# People without a name.


@cache
def _conditions() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives(table('attribution')['conditions'])})\b", re.I)


@cache
def _noun_phrase() -> re.Pattern[str]:
    people = alternatives(table("attribution")["people"])
    return re.compile(
        rf"\b(?:(?:[Aa]|[Aa]n|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Aa]nother"
        rf"|[Tt]he|[Ss]ome|[Mm]any|[Aa]t least one)\s)"
        rf"(?:[\w’'.-]{{1,20}}\s){{0,5}}?(?:{people})\b"
    )


@cache
def _verbs() -> str:
    return alternatives(table("attribution")["said"])


@cache
def _knowing() -> re.Pattern[str]:
    people = alternatives(table("attribution")["people"])
    knowing = alternatives(table("attribution")["knowing"])
    return re.compile(
        rf"\b(?:(?:[Aa]|[Aa]n|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Aa]nother|[Tt]he|[Ss]ome)\s)?(?:[\w’'.-]{{1,20}}\s){{0,4}}?"
        rf"(?:{people}),?\s(?:who\s(?:is|are|was|were)\s)?(?:{knowing})\b[^.;“”\"]{{0,80}}?\b(?:{_verbs()})\b"
        rf"|(?:said|[Aa]ccording\sto)\s(?:[\w’'.-]{{1,20}}\s){{0,5}}?(?:{people}),?\s(?:who\s(?:is|are|was|were)\s)?(?:{knowing})\b[^,.;“”\"]{{0,60}}",
        re.I,
    )


@cache
def _sources() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:(?:[Aa]|[Aa]n|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ss]everal|[Aa]nother|[Tt]he)\s)?(?:[a-z][a-z-]{{1,16}}\s){{0,3}}?[Ss]ources?"
        rf"(?:\s(?:close\sto|in|at|inside|within|from|with)\s[^,.;“”\"]{{2,50}}?)?\s(?:who\s[^,.;]{{2,60}}\s)?(?:{_verbs()})\b"
        rf"|\bsaid\s(?:[a-z-]{{1,16}}\s){{0,4}}?sources?\b"
    )


@cache
def _according() -> re.Pattern[str]:
    return re.compile(
        r"\b[Aa]ccording\sto\s(?:[a-z0-9U.S-]{1,16},?\s){0,7}?"
        r"(?:sources?|officials?|aides?|diplomats?|advisers?|advisors?|insiders?|executives?|investigators?)\b(?!\s(?:figures|data|statistics|documents?|records|results|estimates|sources?|report))"
        r"(?!,\s[A-Z])(?!\s[A-Z])"
    )


def anonymous_in(text: str, language: str) -> list[SeedAttribution]:
    """Those who speak in a text without a name."""
    if language not in ("en", "und"):
        return _foreign_anonymous(text, language)
    found: list[tuple[int, int]] = []
    if _CONDITION_HINT.search(text):
        for condition in _conditions().finditer(text):
            _put(found, _stretch(text, condition.start(), condition.end()))
    for hint, pattern in ((_KNOWING_HINT, _knowing), ("ource", _sources), ("ccording", _according)):
        if hint in text if isinstance(hint, str) else hint.search(text):
            for one in pattern().finditer(text):
                _put(found, (one.start(), one.end()))
    return [
        SeedAttribution("anonymous_source", None, text[start:end], "", start, end)
        for start, end in sorted(found)
    ]


def _put(found: list[tuple[int, int]], span: tuple[int, int]) -> None:
    if not any(span[0] < end and start < span[1] for start, end in found):
        found.append(span)


def _stretch(text: str, start: int, end: int) -> tuple[int, int]:
    """From the source before a condition to the verb behind it."""
    begin = 0
    floor = max(0, start - 400)
    for ended in _SENTENCE.finditer(text, floor, start):
        begin = ended.end()
    begin = max(begin, floor)
    phrases = list(_noun_phrase().finditer(text, begin, start))
    first = phrases[0].start() if phrases else begin
    for phrase in phrases:
        if start - phrase.end() < 60:
            first = phrase.start()
            break
    said = re.compile(r"\b(?:said|told|added|explained)\s\Z").search(
        text, max(0, first - 12), first
    )
    if said:
        return said.start(), end
    behind = re.compile(rf"[^.;“”\"]{{0,90}}?,?\s(?:{_verbs()})\b").match(text, end)
    return first, behind.end() if behind else end


@cache
def _foreign_conditions(language: str) -> re.Pattern[str] | None:
    phrases = table("attribution")["anonymous_patterns"].get(language, [])
    return re.compile(bounded(phrases), re.I) if phrases else None


_CLAUSE = re.compile(r"[.!?;:,،，。！？；、“”\"«»]\s*")


def _foreign_anonymous(text: str, language: str) -> list[SeedAttribution]:
    pattern = _foreign_conditions(language)
    if pattern is None:
        return []
    result = []
    taken = -1
    for one in pattern.finditer(text):
        if one.start() < taken:
            continue
        begin = max(0, one.start() - 120)
        for ended in _CLAUSE.finditer(text, begin, one.start()):
            begin = ended.end()
        while begin < one.start() and text[begin] == " ":
            begin += 1
        taken = one.end()
        stretch = text[begin : one.end()]
        result.append(SeedAttribution("anonymous_source", None, stretch, "", begin, one.end()))
    return result
