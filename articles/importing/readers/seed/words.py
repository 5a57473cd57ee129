"""One home for every word: the balance between an input and the article made of it.

Decides what a word is, which parts of an article are homes of words, and which targets and lines
have to be found again. What to do about a difference is decided by the caller.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from articles.importing.readers.seed.structure import (
    ListBlock,
    PhotoBlock,
    Quote,
    SeedArticle,
    Table,
)

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://\S+", re.I)
_MARK = re.compile(
    r"!?\[(?P<text>(?:[^\[\]\\]|\\.|\\)*+)\]"
    r"\((?P<target>(?:[^()\s<]|\([^()]*+\)|<[^<>]*+>|<|\s(?=\S))*+)\)"
)
_TOUCHING = re.compile(r"\w!?\[|\)\w|\w[*~`]+\w|\w[*~`]+!?\[|\)[*~`]+\w")
_SIGN = re.compile(r"(?<=\w)[*~`]+(?=\w)")
_LIST_NUMBER = re.compile(r"\s*(\d{1,3})\\?[.)]\s+")
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u061c"
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)


@dataclass(slots=True)
class Balance:
    """What does not add up: words, link and image targets, lines."""

    lost: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    missing_targets: list[str] = field(default_factory=list)
    lines_without_fate: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.invented or self.missing_targets or self.lines_without_fate)


def balance(lines: Sequence[str], article: SeedArticle) -> Balance:
    """Compare clean lines with the article made of them."""
    targets: list[str] = []
    wanted: Counter[str] = Counter()
    optional: Counter[str] = Counter()
    wrapped = "hard_wrapped" in article.flags
    for line in ["\n".join(lines)] if wrapped else lines:
        found = Counter(words(line, targets))
        if _TOUCHING.search(line):
            # Letters that touch a link or a sign may be one word or two.
            glued = Counter(words(line, glue=True))
            optional.update((found | glued) - (found & glued))
            found &= glued
        wanted.update(found)
        if number := _LIST_NUMBER.match(line):
            sign = unicodedata.normalize("NFKC", number.group(1))
            wanted[sign] -= 1
            optional[sign] += 1
    had: Counter[str] = Counter()
    kept: list[str] = []  # targets that were left in a text, signs and all
    for home in homes(article):
        had.update(words(home, kept))
    result = Balance(wanted - had, had - wanted - optional)
    known = {_bare(target) for target in (*_targets(article), *kept)}
    result.missing_targets = sorted(
        {target for target in targets if _bare(target) and _bare(target) not in known}
    )
    fates = {fate.n for fate in article.lines}
    result.lines_without_fate = [
        number for number, line in enumerate(lines, 1) if line.strip() and number not in fates
    ]
    return result


def words(text: str, targets: list[str] | None = None, *, glue: bool = False) -> Iterable[str]:
    """The words of a text, without Markdown signs and addresses; notes targets it passes."""
    for _ in range(3):
        decoded = html.unescape(text) if "&" in text else text
        if decoded == text:
            break
        text = decoded
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    alts: list[str] = []
    if "](" in text:
        for _ in range(3):
            stripped = _MARK.sub(lambda found: _pass(found, targets, alts if glue else None), text)
            if stripped == text:
                break
            text = stripped
    if glue:
        text = " ".join([_SIGN.sub("", text), *alts])
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())


def _pass(found: re.Match[str], targets: list[str] | None, alts: list[str] | None) -> str:
    """What a mark leaves in the text; ``alts`` takes the words of images out of it."""
    if targets is not None:
        targets.append(found.group("target"))
    if alts is None:
        return f" {found.group('text')} "
    if found.group().startswith("!"):
        alts.append(found.group("text"))
        return ""
    return found.group("text")


def _bare(target: str) -> str:
    """What of a target has to be found again: no blanks, no title, no angle brackets."""
    target = html.unescape(html.unescape(target)).strip()
    titled = re.match(r"""(\S*)\s+["'].*["']\Z""", target, re.S)
    target = titled.group(1) if titled else target
    flat = unicodedata.normalize("NFKC", target).translate(_INVISIBLE)
    if re.search(r"\s", flat) and not re.match(r"[a-z\s]{1,40}:|[/.<#?]", flat, re.I):
        return ""  # words in brackets behind brackets
    return re.sub(r"[\s\\<>]+", "", flat)


def homes(article: SeedArticle) -> Iterator[str]:
    """Every text in which a word of the input may live."""
    yield from (text for text in (article.headline, article.standfirst) if text)
    if article.dateline:
        yield article.dateline.text
    yield from article.byline_lines
    yield from article.date_lines
    yield from article.source_lines
    yield from article.related_headings
    yield from article.tag_lines
    yield from _block_texts(article)
    for photo in article.photos:
        yield from (text for text in (photo.alt, photo.caption, photo.credit_raw) if text)
    yield from (item.title for item in article.related)
    yield from (entry.text for entry in article.skipped)
    yield from (entry.text for entry in article.uncertain if entry.placed is None)


def _block_texts(article: SeedArticle) -> Iterator[str]:
    for block in article.body:
        if isinstance(block, ListBlock):
            yield from (item.text for item in block.items)
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)
        elif isinstance(block, Quote):
            yield block.text
            if block.cite:
                yield block.cite
        elif not isinstance(block, PhotoBlock):
            yield block.text


def _targets(article: SeedArticle) -> Iterator[str]:
    for block in article.body:
        if not isinstance(block, PhotoBlock):
            yield from (link.url for link in block.links)
    for photo in article.photos:
        yield from (target for target in (photo.src, photo.link) if target)
        yield from (link.url for link in photo.links)
    yield from (item.url for item in article.related if item.url)
    yield from (dropped.url for dropped in article.dropped_urls)
    yield from (link.url for link in article.other_links)
