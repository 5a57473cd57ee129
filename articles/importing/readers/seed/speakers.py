"""Named people and organisations that say something, in English text.

Decides by a name next to a verb of saying; gives the fullest form of the name that the document
has, without title. Pronouns and descriptions without a proper name are left alone.
"""

from __future__ import annotations

import re
from functools import cache

from articles.importing.readers.seed import agencies
from articles.importing.readers.seed.lists import alternatives, table
from articles.importing.readers.seed.structure import SeedAttribution

_STATES = ("US", "U.S.", "UK", "EU", "UN")
_CAP = r"(?:[A-ZÀ-ÞĀ-Ž][\w’'&-]{0,24}\.?(?<![a-z]{3}\.)|[A-Z]\.)"
_LINK = (
    r"(?:of\sthe|of|for|de\sla|de|da|do|del|della|di|van\sder|van\sden|van|von|der|bin|ibn|al|el|la|le"
    r"|du|y|&)"
)
_RUN = rf"{_CAP}(?:\s(?:{_LINK}\s)?{_CAP}){{0,6}}"


@cache
def _said() -> str:
    return alternatives(table("attribution")["said"])


@cache
def _before() -> re.Pattern[str]:
    """``Oleg Kalugin, a former officer, said``"""
    apposition = r",\s(?:[^,.;:“”\"]{2,70},\s){0,3}?[^,;:“”\"]{2,90}?,"
    return re.compile(
        rf"(?<![\w’'.])(?P<name>{_RUN})(?P<more>{apposition}|,)?\s(?:also\s|later\s|then\s)?(?P<verb>{_said()})(?![\w’'])"
    )


@cache
def _after() -> re.Pattern[str]:
    """``said the arbiter, Grete Lindqvist``"""
    verbs = [word for word in table("attribution")["said"] if not word.startswith("t")]
    return re.compile(
        rf"(?<=[,”\"’?!]\s)(?:{alternatives(verbs)})\s(?P<lead>(?:the\s|a\s|an\s|its\s|his\s|her\s|their\s|[\w’'.-]{{2,20}}’s\s)?(?:[a-z][\w’'-]{{1,16}},?\s){{0,6}}?)(?P<name>{_RUN})"
        r"(?=\Z|[,;:”\"“)]|\.(?:\s|\Z|[”\"])|\s(?:on|in|at|during|after|before|who|when|as|from|last|this|yesterday|today|earlier|later|to|with|and|of|for|near)\b)"
    )


@cache
def _according() -> re.Pattern[str]:
    return re.compile(
        rf"\b[Aa]ccording\sto\s(?P<lead>(?:the\s|a\s|its\s|his\s|her\s)?(?:[a-z][\w’'-]{{1,16}},?\s){{0,5}}?)(?P<name>{_RUN})"
    )


@cache
def _pair() -> re.Pattern[str]:
    """A name that opens a sentence, and ``and`` before the next name."""
    return re.compile(rf"(?:\A|(?<=[.!?”\"’]\s))(?P<name>{_RUN})\sand\s\Z")


def _before_at(text: str, start: int, end: int) -> re.Match[str] | None:
    """The name at ``start``, with the stretch up to the verb that it shares."""
    return re.compile(rf"(?P<name>{_RUN})\sand\s.{{1,200}}", re.S).match(text, start, end)


class Speakers:
    """The named speakers of one document."""

    def __init__(self, texts: list[str]) -> None:
        self.full: dict[str, str] = {}
        for text in texts:
            for found in re.finditer(rf"(?<![\w’'.]){_RUN}", text):
                self._learn(found.group())

    def _learn(self, run: str) -> None:
        words = _person_words(run)
        if not 2 <= len(words) <= 4 or re.search(rf"\s{_LINK}\s", " ".join(words[:1])):
            return
        last = words[-1]
        if len(words) > len(self.full.get(last, "").split()):
            self.full.setdefault(last, " ".join(words))

    def in_text(self, text: str, taken: list[tuple[int, int]]) -> list[SeedAttribution]:
        """The named sources of a text, each once; ``taken`` are stretches of other sources."""
        found: list[SeedAttribution] = []
        for pattern, side in ((_before(), "before"), (_after(), "after"), (_according(), "to")):
            for one in pattern.finditer(text):
                self._consider(text, one, side, taken, found)
        return found

    def _consider(
        self,
        text: str,
        one: re.Match[str],
        side: str,
        taken: list[tuple[int, int]],
        found: list[SeedAttribution],
    ) -> None:
        if side == "before":
            self._first_of_two(text, one, taken, found)
        words = _person_words(one.group("name"))
        if not words or not self._stands_alone(text, one, side, words):
            return
        run = " ".join(words)
        if agencies.is_agency(run) or _is_paper(run) or _ends_in_title(run):
            return
        begin, end = one.start("name"), one.end("name")
        if any(start <= begin and end <= stop for start, stop in taken):
            return
        name = self._fullest(words)
        start, stop = one.start(), one.end()
        if side == "before":
            start = one.start("name") + one.group("name").rindex(
                words[0] if len(words) == 1 else run.split()[0]
            )
        if any((other.name or "").casefold() == name.casefold() for other in found):
            return
        found.append(SeedAttribution("named_source", name, text[start:stop], "", start, stop))

    def _first_of_two(
        self,
        text: str,
        one: re.Match[str],
        taken: list[tuple[int, int]],
        found: list[SeedAttribution],
    ) -> None:
        """``Odo Marsh and Una Fell said``: the first of two who share a verb."""
        pair = _pair().search(text, max(0, one.start("name") - 120), one.start("name"))
        if pair and not one.group("more"):
            whole = _before_at(text, pair.start("name"), one.end())
            if whole:
                self._consider(text, whole, "pair", taken, found)

    def _stands_alone(self, text: str, one: re.Match[str], side: str, words: list[str]) -> bool:
        """A name behind a preposition is a place or a part, not the one who speaks."""
        if side == "pair":
            return True
        if side != "before":
            lead = (one.group("lead") or "").split()
            prepositions = table("attribution")["prepositions"]
            if (
                side == "after"
                and lead
                and (lead[-1] in prepositions or lead[0] in ("that", "in", "on"))
            ):
                return False
            return not any(
                word in ("that", "and", "but", "who", "which") for word in lead
            ) and not (lead and lead[-1] in prepositions)
        offset = one.group("name").find(words[0])
        previous = text[
            max(0, one.start("name") + offset - 24) : one.start("name") + offset
        ].split()
        if previous and previous[-1] in table("attribution")["prepositions"]:
            return False
        more = one.group("more") or ""
        if previous and previous[-1].lower() == "and":
            return bool(_pair().search(text, max(0, one.start("name") - 120), one.start("name")))
        return not re.search(r"\b(?:said|told|who said|and he|and she)\b", more)

    def _fullest(self, words: list[str]) -> str:
        run = " ".join(words)
        if len(words) == 1:
            return self.full.get(words[0], run)
        known = self.full.get(words[-1])
        return known if known and known.endswith(run) else run


@cache
def _sets() -> tuple[frozenset[str], frozenset[str]]:
    lists = table("attribution")
    return frozenset(lists["no_names"]), frozenset(lists["titles"])


def _person_words(run: str) -> list[str]:
    """The words of a name, without what stands before it: sentence openings and titles."""
    no_names, titles = _sets()
    words = _without_place(run.split())
    if words and words[0] == "The" and len(words) > 1 and not any(w in titles for w in words):
        rest = words[1:]
        return [] if any(word in no_names for word in rest) else words
    cut = 0
    for index, word in enumerate(words):
        initial = len(word) == 1 and 0 < index == len(words) - 1  # Nguyen Van A
        if not initial and (word in no_names or word in titles):
            cut = index + 1
    words = words[cut:]
    while words and (words[0][0].islower() or (words[0] in _STATES and len(words) > 2)):
        words = words[1:]
    if not words or words[-1].endswith(("’s", "'s", "’", "'")):
        return []
    return words


def _without_place(words: list[str]) -> list[str]:
    """``Grete Lind of Corran`` is Grete Lind; ``Bank of Corran`` stays."""
    for link in ("of", "for"):
        if link in words[2:]:
            head = words[: words.index(link, 2)]
            if not any(word in table("attribution")["organisations"] for word in head):
                return head
    return words


def _ends_in_title(run: str) -> bool:
    return run.split()[-1] in _sets()[1] and len(run.split()) < 2


def _is_paper(run: str) -> bool:
    outlets = table("attribution")["outlets"]
    return (
        len(run.split()) > 1
        and run.split()[-1] in outlets
        and run.split()[-1] not in ("Agency", "Press")
    )
