"""Where a story ends, and what stands after it.

Decides which source lines, bylines, tags and related stories belong to the end of the document,
and when a second story begins. The text before that is the business of ``head`` and ``body``.
"""

from __future__ import annotations

import re

from articles.importing.readers.seed import bylines, endmatter, judge, names, placing
from articles.importing.readers.seed.builder import Builder
from articles.importing.readers.seed.structure import Byline
from articles.importing.readers.seed.tables import PhotoPart
from articles.importing.readers.seed.texts import at_most, count_words, has_word, title_like
from articles.importing.readers.seed.units import Unit

_STRONG = frozenset({"source", "related", "byline", "tags", "name", "date"})
_FUNCTION_WORDS = frozenset(
    "The A An How Why What When Where Who In On At For With After Before From New Two Three Four "
    "Five Ten More This These".split()
)


class Ending:
    """The end of a document."""

    def __init__(self, builder: Builder, units: list[Unit], start: int) -> None:
        self.builder = builder
        self.units = units
        self.start = start
        self.language = builder.article.language
        self.kinds = [
            self._kind(at, day_first=builder.day_first) if at >= start else None
            for at in range(len(units))
        ]
        self.second = self._second_story()
        limit = self.second if self.second is not None else len(units)
        self.begin = self._begin(limit)
        self.end = limit

    def _kind(self, at: int, *, day_first: bool) -> str | None:
        """What a unit would be; a credit right under an image belongs to the image."""
        unit = self.units[at]
        kind = judge.end_kind(unit, self.language, day_first=day_first)
        under_image = at > 0 and self.units[at - 1].kind == "image"
        return "photos" if kind == "byline" and under_image and judge.lost_photo(unit) else kind

    # Where it begins.

    def _begin(self, limit: int) -> int:
        at = limit
        while at > self.start and self.kinds[at - 1] is not None:
            at -= 1
        first = self._first_strong(at, limit)
        if first is None and at > self.start:
            first = self._behind_one_sentence(at - 1, limit)
        return limit if first is None else first

    def _behind_one_sentence(self, sentence: int, limit: int) -> int | None:
        """One line that fits nothing may stand after the source line."""
        before = sentence
        while before > self.start and self.kinds[before - 1] is not None:
            before -= 1
        if before <= self.start or self.units[sentence].kind not in ("text", "cell"):
            return None
        first = self._first_strong(before, sentence)
        if first is None or self.kinds[first] != "source":
            return None
        return first if all(kind != "list" for kind in self.kinds[first:limit]) else None

    def _first_strong(self, at: int, limit: int) -> int | None:
        for number in range(at, limit):
            kind = self.kinds[number]
            if kind in _STRONG and (kind != "name" or self._ends_after(number, limit)):
                return number
        return None

    def _ends_after(self, number: int, limit: int) -> bool:
        """A name alone is a byline only if no list, photo or title follows directly."""
        if number == self.start and not self._has_paragraph(number):
            return False
        for following in range(number + 1, limit):
            if self.kinds[following] != "boilerplate":
                return self.kinds[following] not in ("list", "photos", "title")
        return True

    def _has_paragraph(self, limit: int) -> bool:
        return any(kind is None for kind in self.kinds[self.start : limit]) or bool(
            self.builder.article.body
        )

    def _second_story(self) -> int | None:
        """Where a second headline stands, after a source line or a related block."""
        at = self.start
        seen_text = bool(self.builder.article.body)
        while at < len(self.units):
            kind = self.kinds[at]
            seen_text = seen_text or kind is None
            if kind in ("source", "related") and seen_text:
                following = self._past_end_matter(at + 1)
                if self._is_headline(following, after_source=kind == "source"):
                    return following
                at = max(at + 1, following)
            else:
                at += 1
        return None

    def _past_end_matter(self, at: int) -> int:
        related = self.kinds[at - 1] == "related"
        while at < len(self.units):
            kind = self.kinds[at]
            unit = self.units[at]
            item = related and (kind == "list" or unit.kind == "cell" or judge.is_only_links(unit))
            if (
                kind not in ("boilerplate", "source", "related", "tags", "byline", "date")
                and not item
            ):
                return at
            related = related or kind == "related"
            at += 1
        return at

    def _is_headline(self, at: int, *, after_source: bool) -> bool:
        if at >= len(self.units) - 1:
            return False
        unit = self.units[at]
        if unit.kind not in ("text", "heading") or self.kinds[at] not in ("title", "name"):
            return False
        if unit.kind == "heading" and unit.level > 1 and not after_source:
            return False
        if not title_like(unit.plain) or at_most(unit.plain, 2 if after_source else 4, 6):
            return False
        return None in self.kinds[at + 1 : at + 6]

    # What it holds.

    def read(self) -> None:
        """Read the end matter into the article."""
        at = self.begin
        seen_source = False
        while at < self.end:
            unit, kind = self.units[at], self.kinds[at]
            seen_source = seen_source or kind == "source"
            if kind == "related":
                at = self.related_block(at, self.end)
            elif kind in ("title", "list", None):
                self._unknown(unit)
                at += 1
            else:
                self.one(unit, kind)
                at += 1

    def one(self, unit: Unit, kind: str) -> None:
        """Read one line of end matter of a kind that is known."""
        builder = self.builder
        text = unit.plain
        if kind == "boilerplate":
            builder.skip(unit, judge.boilerplate(unit) or "boilerplate")
        elif kind == "photos":
            placing.photos(builder, unit)
        elif kind == "note":
            placing.note(builder, unit)
        elif kind == "tags":
            found = endmatter.tags(text) or []
            builder.article.tags += found
            builder.article.tag_lines.append(
                builder.keep_targets(unit.text, unit.numbers[0], "tags")
            )
            builder.imported(unit.numbers, "tags")
        elif kind == "date":
            placing.date_line(builder, unit)
        elif kind == "source":
            self._source(unit)
        elif kind == "inline_related":
            placing.inline_related(builder, unit)
        else:
            self._byline(unit)

    def _source(self, unit: Unit) -> None:
        builder = self.builder
        text = builder.keep_targets(unit.text, unit.numbers[0], "source_line")
        pair = endmatter.byline_with_source(text)
        if pair:
            found = bylines.read(pair[0])
            people = found.people if found else [Byline(pair[0])]
            builder.byline_line(unit, pair[0], people)
            placing.source_line(builder, unit, pair[1], pair[2].names)
            return
        found_source = endmatter.source(text)
        placing.source_line(builder, unit, text, found_source.names if found_source else [])

    def _byline(self, unit: Unit) -> None:
        builder = self.builder
        text = builder.keep_targets(unit.text, unit.numbers[0], "byline")
        found = bylines.read(text)
        if found:
            people = found.people
        else:
            parts = re.split(r"\s*[|,/]\s*", text) if names.is_initials(text) else [text]
            named = [part.partition(",")[0].strip(" —–-") for part in parts]
            people = [Byline(name) for name in named if name]
        builder.byline_line(unit, text, people)

    def _unknown(self, unit: Unit) -> None:
        self.builder.article.flag("unknown_end_matter")
        self.builder.unsure(unit, "unknown_end_matter", None)
        for item in unit.items if unit.kind == "list" else []:
            self.builder.keep_targets(item.text, item.numbers[0], "uncertain")
        if unit.part:
            for row in unit.part.rows:
                for cell in row:
                    self.builder.keep_targets(cell, unit.numbers[0], "uncertain")

    # Related stories.

    def related_block(self, at: int, limit: int, *, plain_lines: bool = True) -> int:
        """Read a heading of related stories and its items; say where it ends."""
        unit = self.units[at]
        builder = self.builder
        heading = builder.keep_targets(unit.text, unit.numbers[0], "related")
        builder.heading_of_related(heading, unit.numbers)
        found = False
        at += 1
        while at < limit:
            unit = self.units[at]
            if unit.kind == "rule":
                builder.skip(
                    unit, "table_rule" if unit.text == "---" else judge.boilerplate(unit) or "rule"
                )
            elif not self._is_item(unit, self.kinds[at], plain_lines=plain_lines):
                break
            else:
                found = self._items(unit) or found
            at += 1
        if not found:
            builder.article.flag("related_block_empty")
        return at

    def _is_item(self, unit: Unit, kind: str | None, *, plain_lines: bool) -> bool:
        if unit.kind == "list":
            return kind != "boilerplate"
        if unit.kind == "photos":
            return plain_lines
        if kind in (
            "source",
            "tags",
            "boilerplate",
            "related",
            "note",
            "inline_related",
            "byline",
            "date",
        ):
            return judge.is_only_links(unit) and kind in ("date", "byline", "inline_related")
        if unit.kind in ("cell", "item") or judge.is_only_links(unit):
            return True
        if kind == "title" and unit.kind == "table":
            return True
        return plain_lines and kind in ("title", "name") and unit.kind in ("text", "heading")

    def _items(self, unit: Unit) -> bool:
        builder = self.builder
        if unit.kind == "photos":
            placing.photos(builder, unit)
            return False
        if unit.kind == "list":
            texts = [(item.text, item.numbers) for item in unit.items]
            builder.imported(unit.numbers, "related")
        elif unit.kind == "table" and unit.part:
            texts = [
                (cell, [number])
                for row, number in zip(unit.part.rows, unit.part.row_numbers, strict=True)
                for cell in row
            ]
        else:
            text = unit.items[0].text if unit.kind == "item" and unit.items else unit.text
            texts = [(text, unit.numbers)]
        added = [self._item(text, numbers, unit) for text, numbers in texts]
        return any(added)

    def _item(self, markdown: str, numbers: list[int], unit: Unit) -> bool:
        """One related story, or several if a text holds several links."""
        builder = self.builder
        number = numbers[0]
        read = builder.text(markdown, number)
        for image in read.images:
            builder.photo(PhotoPart(image, [], numbers))
        if not has_word(read.text) and not read.links:
            builder.imported(numbers, "related")
            return False
        if unit.kind == "cell" and not read.links and _run_together(read.text):
            builder.article.flag("unknown_end_matter")
            builder.unsure_line(number, unit.raws[number], "unknown_end_matter", None)
            return True
        at = 0
        links = read.links or []
        for index, link in enumerate(links):
            end = links[index + 1].start if index + 1 < len(links) else len(read.text)
            builder.related(read.text[at:end].strip(), link.url, numbers)
            at = end
        if not links:
            builder.related(read.text, None, numbers)
        return True


def _run_together(text: str) -> bool:
    """Two titles in one cell: a capital where a sentence can't have one."""
    if re.search(r"[a-zà-ÿ0-9’”\"?!)](?:[A-ZÀ-Þ][a-zà-ÿ]+\s)", text):
        return True
    words = text.split()
    if count_words(text) > 26:
        return True
    small = sum(1 for word in words if word[:1].islower())
    if small * 2 < len(words):
        return False
    return any(
        word in _FUNCTION_WORDS
        and words[index - 1][:1].islower()
        and words[index - 1][-1].isalnum()
        for index, word in enumerate(words)
        if index > 2 and index < len(words) - 2
    )
