"""A seed document, read from its bytes to the article.

Decides the order of work, the outcome, and what is done when a reading does not account for every
word: then each line becomes a paragraph for the editor to sort. Never raises for what is in a
file.
"""

from __future__ import annotations

import contextlib
import datetime
import re

from articles.importing.readers.seed import addresses
from articles.importing.readers.seed import language as languages
from articles.importing.readers.seed.attributions import attribute
from articles.importing.readers.seed.body import Body
from articles.importing.readers.seed.builder import Builder
from articles.importing.readers.seed.decoding import Decoded, Line, decode
from articles.importing.readers.seed.ending import Ending
from articles.importing.readers.seed.head import Head
from articles.importing.readers.seed.inline import TARGET
from articles.importing.readers.seed.lines import shapes
from articles.importing.readers.seed.structure import (
    DroppedUrl,
    LineFate,
    Link,
    Paragraph,
    PhotoBlock,
    SeedArticle,
    Skipped,
    Uncertain,
)
from articles.importing.readers.seed.texts import has_word
from articles.importing.readers.seed.units import units
from articles.importing.readers.seed.words import balance

WARNINGS = frozenset(
    "no_headline no_body only_photos ambiguous_date lone_cell photo_missing_marker shared_caption "
    "html_in_text unsafe_url bad_url mojibake_repaired mojibake_suspected truncated "
    "multiple_articles unparsed_table control_characters_removed possible_byline "
    "conflicting_dates encoding_guessed hard_wrapped paywall_notice unknown_end_matter "
    "very_long_line ambiguous_standfirst words_unaccounted".split()
)
_HTML = re.compile(r"<(?=[A-Za-z/!])")
_MANY_PHOTOS, _LONG_DOCUMENT = 50, 100_000


def read(
    data: bytes, name: str, *, language: str | None = None, day_first: bool = True
) -> SeedArticle:
    """Read a seed document. ``language`` overrides what the text looks like; ``day_first`` says
    how ``04/07/2017`` is read in English."""
    decoded = decode(data)
    if decoded.error:
        return _rejected(name, decoded)
    try:
        article = _article(decoded, name, language, day_first=day_first)
        clean = balance([line.text for line in decoded.lines], article).clean
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        # A fault of the reader must not cost the newsroom a story.
        clean = False
    if not clean:
        article = _unsorted(decoded, name, language)
    if article.outcome == "rejected":
        return article
    article.outcome = (
        "needs_editor" if article.uncertain or WARNINGS.intersection(article.flags) else "imported"
    )
    return article


def _rejected(name: str, decoded: Decoded) -> SeedArticle:
    article = SeedArticle(name, outcome="rejected", error=decoded.error)
    article.flags = list(decoded.flags)
    return article


def _language_of(decoded: Decoded, given: str | None) -> str:
    if given:
        return given.replace("_", "-").split("-")[0].lower()
    sample, size = [], 0
    for line in decoded.lines:
        sample.append(line.text)
        size += len(line.text)
        if size > 20_000:
            break
    text = re.sub(r"\]\([^()\s]*+\)", "] ", "\n".join(sample)[:40_000])
    return languages.detect(text)


def _article(decoded: Decoded, name: str, language: str | None, *, day_first: bool) -> SeedArticle:
    article = SeedArticle(name, flags=list(decoded.flags))
    article.language = _language_of(decoded, language)
    article.direction = languages.direction(article.language)
    found, joined = shapes(decoded.lines)
    if joined:
        article.flag("hard_wrapped")
    pieces = units(found)
    builder = Builder(article, decoded.lines, day_first=day_first)
    head_end = Head(builder, pieces).read()
    ending = Ending(builder, pieces, head_end)
    body = Body(builder, pieces, ending)
    body.read(head_end)
    ending.read()
    if ending.second is not None:
        article.flag("multiple_articles")
        body.rest(ending.second, "multiple_articles")
    _finish(article, builder, decoded)
    attribute(article)
    return article


def _finish(article: SeedArticle, builder: Builder, decoded: Decoded) -> None:
    _html(builder, decoded.lines)
    builder.duplicates()
    if not article.bylines:
        article.flag("no_byline")
    if article.published is None:
        article.flag("no_published_date")
    elif article.updated and _earlier(article.updated.value, article.published.value):
        article.flag("conflicting_dates")
    if len(article.photos) > _MANY_PHOTOS:
        article.flag("many_photos")
    if sum(len(line.text) for line in decoded.lines) > _LONG_DOCUMENT:
        article.flag("long_document")
    if not article.body:
        article.flag("no_body")
    elif all(isinstance(block, PhotoBlock) for block in article.body):
        article.flag("only_photos")
    _account(article, builder, decoded.lines)
    has_photo = any(photo.src for photo in article.photos)
    if not has_photo and not any(has_word(_visible(line.text)) for line in decoded.lines):
        article.outcome, article.error = "rejected", "no_words"


def _visible(text: str) -> str:
    return re.sub(r"\]\([^()\s]*+\)", "]", text)


def _earlier(first: str, second: str) -> bool:
    """Compare two dates as far as both are exact; zones count only if both have one."""
    with contextlib.suppress(ValueError):  # an offset such as +30:00 is no moment
        one, other = (datetime.datetime.fromisoformat(value) for value in (first, second))
        if one.tzinfo and other.tzinfo:
            return one < other
    size = min(len(first), len(second), 16)
    return first[:size] < second[:size]


def _html(builder: Builder, lines: list[Line]) -> None:
    """Mark the lines that hold HTML: it is text, kept letter by letter."""
    for line in lines:
        if "<" not in line.raw or not _HTML.search(_without_targets(line.raw)):
            continue
        fate = builder.fates.get(line.n)
        if fate is None or fate.fate == "skipped":
            continue
        builder.article.flag("html_in_text")
        placed = fate.to[0] if fate.to else None
        builder.unsure_line(line.n, line.text.strip(), "html_in_text", placed)


def _without_targets(raw: str) -> str:
    result, at = [], 0
    while (start := raw.find("](", at)) >= 0:
        target = TARGET.match(raw, start + 1)
        result.append(raw[at : start + 1])
        at = target.end() if target else start + 2
    return "".join([*result, raw[at:]])


def _account(article: SeedArticle, builder: Builder, lines: list[Line]) -> None:
    for line in lines:
        if not line.text.strip():
            article.lines.append(LineFate(line.n, "blank"))
        elif line.n in builder.fates:
            article.lines.append(builder.fates[line.n])
        else:
            article.unaccounted.append(line.n)


def _unsorted(decoded: Decoded, name: str, language: str | None) -> SeedArticle:
    """Every line a paragraph as it stands, for the editor to sort."""
    article = SeedArticle(name, flags=[*decoded.flags, "no_headline", "words_unaccounted"])
    article.language = _language_of(decoded, language)
    article.direction = languages.direction(article.language)
    for line in decoded.lines:
        text = line.text.strip()  # as it stands: single blanks would make other marks
        if not text:
            article.lines.append(LineFate(line.n, "blank"))
            continue
        if not has_word(text) and "](" not in text:
            article.skipped.append(Skipped(line.n, text, "rule"))
            article.lines.append(LineFate(line.n, "skipped", ["rule"]))
            continue
        place = f"body[{len(article.body)}]"
        article.body.append(Paragraph(text))
        article.uncertain.append(Uncertain(line.n, text, "words_unaccounted", place))
        article.lines.append(LineFate(line.n, "uncertain", [place]))
        _keep_targets(article, line)
    return article


def _keep_targets(article: SeedArticle, line: Line) -> None:
    at = 0
    while (start := line.text.find("](", at)) >= 0:
        target = TARGET.match(line.text, start + 1)
        at = start + 2
        if target is None or not target.group("target").strip():
            continue
        url = target.group("target").strip()
        reason = addresses.verdict(url)
        if reason:
            article.dropped_urls.append(DroppedUrl(url, reason, line.n))
        else:
            article.other_links.append(Link("", url, 0, 0, where="unsorted"))
