"""The text of a story, block by block.

Decides which unit between head and end is a paragraph, a subhead, a photo, a note or something to
ask the editor about. Where the text begins and ends is decided in ``head`` and ``ending``.
"""

from __future__ import annotations

from articles.importing.readers.seed import endmatter, judge, placing
from articles.importing.readers.seed.builder import Builder
from articles.importing.readers.seed.ending import Ending
from articles.importing.readers.seed.structure import Note, Paragraph, PhotoBlock
from articles.importing.readers.seed.texts import is_cut
from articles.importing.readers.seed.units import Unit


class Body:
    """The text of a document, from one unit to another."""

    def __init__(self, builder: Builder, units: list[Unit], ending: Ending) -> None:
        self.builder = builder
        self.article = builder.article
        self.units = units
        self.ending = ending
        self.end = ending.begin

    def read(self, at: int) -> None:
        """Read all units from ``at`` to the end matter."""
        while at < self.end:
            at = self._unit(at)
        self._last_paragraph()

    def rest(self, at: int, reason: str) -> None:
        """Read units that are kept as they are, for the editor to decide."""
        for unit in self.units[at:]:
            before = len(self.article.body)
            if judge.boilerplate(unit) and unit.kind == "rule":
                self.builder.skip(unit, judge.boilerplate(unit) or "rule")
                continue
            self._plain(unit)
            placed = f"body[{before}]" if len(self.article.body) > before else None
            self.builder.unsure(unit, reason, placed)

    def _plain(self, unit: Unit) -> None:
        if unit.kind in ("photos", "image"):
            placing.photos(self.builder, unit)
        elif unit.kind in ("list", "quote", "table"):
            self._block(unit)
        elif unit.kind == "heading" or judge.is_subhead_text(unit):
            self.builder.subhead(unit, unit.level or 2)
        else:
            self.builder.paragraph(unit)

    def _block(self, unit: Unit) -> None:
        if unit.kind == "list":
            self.builder.list_block(unit)
        elif unit.kind == "quote":
            self.builder.quote(unit)
        else:
            self.builder.table(unit)

    def _unit(self, at: int) -> int:
        unit = self.units[at]
        reason = judge.boilerplate(unit)
        if reason:
            self.builder.skip(unit, self._rule_reason(at) if unit.kind == "rule" else reason)
            return at + 1
        if unit.kind == "image":
            return at + placing.image_with_caption(self.builder, self.units, at, self.end)
        if unit.kind == "photos":
            placing.photos(self.builder, unit)
            return at + 1
        if unit.kind in ("list", "quote", "table"):
            self._block(unit)
            return at + 1
        return self._line(at)

    def _rule_reason(self, at: int) -> str:
        """A rule under a heading of related stories belongs to a table."""
        return judge.boilerplate(self.units[at]) or "rule"

    def _line(self, at: int) -> int:
        unit, builder = self.units[at], self.builder
        text = unit.plain
        if endmatter.is_related_heading(text):
            return self.ending.related_block(at, self.end, plain_lines=False)
        if endmatter.inline_related(unit.text) and not judge.is_sentence_with_label(unit):
            placing.inline_related(builder, unit)
        elif endmatter.note(text):
            placing.note(builder, unit)
        elif judge.lost_photo(unit):
            return self._lost_photo(at)
        elif self._is_subhead(at):
            builder.subhead(unit, unit.level if unit.kind == "heading" else 2)
        elif unit.kind == "cell":
            builder.paragraph(unit, reason="lone_cell")
        else:
            builder.paragraph(unit)
        return at + 1

    def _lost_photo(self, at: int) -> int:
        """A caption without its image; a row under it that is only a credit belongs to it."""
        placing.photos(self.builder, self.units[at])
        return at + 1

    def _is_subhead(self, at: int) -> bool:
        unit = self.units[at]
        if unit.kind == "heading":
            return True
        if not judge.is_subhead_text(unit):
            return False
        following = self._next(at)
        if following is None:
            return False
        if following.kind in ("list", "table", "photos", "image", "item", "quote"):
            return True
        return following.is_words and not judge.is_subhead_text(following)

    def _next(self, at: int) -> Unit | None:
        for number in range(at + 1, self.end):
            if not judge.boilerplate(self.units[number]):
                return self.units[number]
        return None

    def _last_paragraph(self) -> None:
        """Ask about a text that breaks off."""
        last = self.builder.last_paragraph
        if last is None:
            return
        at, unit = last
        behind = self.article.body[at + 1 :]
        if any(not isinstance(block, (PhotoBlock, Note)) for block in behind):
            return
        block = self.article.body[at]
        if not isinstance(block, Paragraph) or not block.text:
            return
        self._cut_source(block, unit)
        self._cut_signoff(block, unit)
        if is_cut(block.text) or judge.is_cut_mark(unit.raw):
            self.article.flag("truncated")
            self.builder.unsure(unit, "truncated", f"body[{at}]")

    def _cut_source(self, block: Paragraph, unit: Unit) -> None:
        """``— VNS`` behind the last sentence is a source line."""
        found = endmatter.source_tail(block.text)
        if found is None or any(link.end > len(found[0]) for link in block.links):
            return
        block.text = found[0]
        block.marks = [mark for mark in block.marks if mark.end <= len(block.text)]
        placing.source_line(self.builder, unit, found[1], found[2].names)

    def _cut_signoff(self, block: Paragraph, unit: Unit) -> None:
        """``./.`` behind the last sentence says that the text ends."""
        text = block.text.rstrip()
        if not text.endswith("./."):
            return
        block.text = text[:-3].rstrip() if text[:-3].rstrip()[-1:] in "!?…" else text[:-2]
        block.marks = [mark for mark in block.marks if mark.end <= len(block.text)]
        self.builder.skip_line(unit.numbers[-1], "./.", "signoff_mark")
