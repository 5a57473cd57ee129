"""What a unit would be, whatever its place: the tests that head, body and ending share.

Decides nothing about order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from articles.importing.readers.seed import (
    agencies,
    bylines,
    datelines,
    dates,
    endmatter,
    names,
    photo_credits,
)
from articles.importing.readers.seed.boilerplate import reason
from articles.importing.readers.seed.inline import parse
from articles.importing.readers.seed.texts import (
    at_most,
    count_words,
    ends_sentence,
    heading_like,
    title_like,
)
from articles.importing.readers.seed.units import Unit

_CUT_MARK = re.compile(r"!\[[^\[\]]{0,500}\Z|\]\([^()\s]{0,2000}\Z")


_Verdict = TypeVar("_Verdict")


def _remembered(test: Callable[[Unit], _Verdict]) -> Callable[[Unit], _Verdict]:
    """Ask a unit only once: its text doesn't change."""

    @wraps(test)
    def asked(unit: Unit) -> _Verdict:
        if test.__name__ not in unit.memo:
            unit.memo[test.__name__] = test(unit)
        verdict: _Verdict = unit.memo[test.__name__]
        return verdict

    return asked


@_remembered
def boilerplate(unit: Unit) -> str | None:
    """Why a unit is left out; None if it isn't."""
    if unit.kind == "rule":
        return "table_rule" if unit.from_table else "rule"
    if unit.kind == "list":
        found = [reason(parse(item.text).text) for item in unit.items]
        return found[0] if all(found) else None
    if not unit.is_words or unit.inline.images:
        return None
    why = reason(unit.plain)
    return None if why == "copyright" and endmatter.source(unit.plain) else why


@_remembered
def is_sentence(unit: Unit) -> bool:
    """Tell whether a unit is running text rather than a line of its own."""
    if not unit.is_words or unit.kind == "heading":
        return unit.kind == "quote"
    if is_only_links(unit):
        return False
    text = unit.plain
    return not title_like(text) or (ends_sentence(text) and not at_most(text, 12, 24))


def is_only_links(unit: Unit) -> bool:
    """Tell whether a unit is one link or several and nothing else."""
    links = unit.inline.links
    if not links or not unit.is_words:
        return False
    covered = sum(len(link.text) for link in links)
    return covered > 0 and len(unit.plain) - covered <= 2 * len(links) + 2


def wholly(unit: Unit, *kinds: str) -> bool:
    """Tell whether the whole text of a unit carries a mark."""
    length = len(unit.plain)
    return length > 0 and any(
        mark.kind in kinds and mark.start == 0 and mark.end == length for mark in unit.inline.marks
    )


@_remembered
def is_subhead_text(unit: Unit) -> bool:
    """Tell whether a unit could be a subhead by its looks."""
    return unit.kind == "heading" or (
        unit.kind in ("text",) and not unit.inline.images and heading_like(unit.plain)
        and not is_only_links(unit)
    )  # fmt: skip


@_remembered
def opens_with_dateline(unit: Unit) -> bool:
    return unit.kind in ("text", "cell") and datelines.find(unit.plain) is not None


def is_cut_mark(text: str) -> bool:
    """Tell whether a link or image mark at the end of a text is cut in half."""
    tail = text[-2600:]
    return ("[" in tail) and bool(_CUT_MARK.search(tail))


@_remembered
def lost_photo(unit: Unit) -> bool:
    """Tell whether a row or a short line ends in a photo credit though no image stands there."""
    if unit.kind not in ("text", "cell") or unit.inline.images:
        return False
    text = unit.plain
    if len(text) > 1500 or (count_words(text) > 40 and unit.kind == "text"):
        return False
    found = photo_credits.cut(text)
    if found is None:
        return False
    if unit.kind == "cell":
        return found.labelled or found.bracketed or (bool(found.caption) and "/" in found.raw)
    return photo_credits.is_strong(found) and not text.startswith("©")


def end_kind(unit: Unit, language: str, *, day_first: bool) -> str | None:
    """What a unit would be after the last paragraph; None for running text."""
    if boilerplate(unit):
        return "boilerplate"
    if unit.kind == "photos" or unit.kind == "image":
        return "photos"
    if unit.kind == "list":
        return "list"
    if unit.kind == "table":
        part = unit.part
        return "title" if part and not part.header and len(part.rows[0]) == 1 else None
    if not unit.is_words:
        return None
    text = unit.plain
    return _word_kind(unit, text, language, day_first=day_first)


def _credits_people(unit: Unit, found: bylines.Reading) -> bool:
    """Tell whether ``Photos by X`` stands alone: no caption before it, and people behind it."""
    cut = photo_credits.cut(unit.plain)
    return (
        unit.kind == "text"
        and cut is not None
        and (not cut.caption or bylines.read(cut.caption) is not None)
        and not any(agencies.is_source_name(one.name) for one in found.people)
    )


def _long_kind(text: str) -> str | None:
    """Of long lines only notes and reporting trailers may stand at the end."""
    if endmatter.note(text):
        return "note"
    if text[0] in "([（" or ";" in text:
        found = bylines.read(text)
        if found and found.sure:
            return "byline"
    if endmatter.tags(text) is not None:
        return "tags"
    return "title" if title_like(text) else None


def _word_kind(unit: Unit, text: str, language: str, *, day_first: bool) -> str | None:
    if len(text) > 700:
        return None
    if len(text) > 200 and not unit.inline.links:
        return _long_kind(text)
    return (
        _labelled_kind(unit, text, language, day_first=day_first)
        or (_plain_kind(unit, text) if unit.kind != "heading" else None)
        or (None if is_sentence(unit) else "title")
    )


def _labelled_kind(unit: Unit, text: str, language: str, *, day_first: bool) -> str | None:
    if endmatter.is_related_heading(text):
        return "related"
    if endmatter.inline_related(unit.text):
        return "inline_related"
    if dates.read_date_line(text, language, day_first=day_first):
        return "date"
    if endmatter.note(text):
        return "note"
    if endmatter.tags(text) is not None:
        return "tags"
    return None


def _plain_kind(unit: Unit, text: str) -> str | None:
    if endmatter.source(text) or endmatter.byline_with_source(text):
        return "source"
    found = bylines.read(text)
    if found and found.sure and (_credits_people(unit, found) or not lost_photo(unit)):
        return "byline"
    if lost_photo(unit):
        return "photos"
    return "name" if names.is_lone_name(text) or names.is_initials(text) else None


def is_sentence_with_label(unit: Unit) -> bool:
    """Tell whether ``Related: …`` opens a paragraph of several sentences."""
    pair = endmatter.inline_related(unit.text)
    if pair is None or unit.inline.links:
        return False
    return count_words(pair[1]) > 30 or bool(re.search(r"[.!?]\s+[^\W\d_]", pair[1]))
