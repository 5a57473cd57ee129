"""Puts pieces into the article and keeps account of every line.

Decides how text with links, photos and notes is stored, and what class a line ends in. Which
piece is what is decided by ``head``, ``body`` and ``ending``.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from articles.importing.readers.seed import addresses, datelines, photo_credits
from articles.importing.readers.seed.decoding import Line
from articles.importing.readers.seed.inline import Image, Inline, parse, restore_bars
from articles.importing.readers.seed.structure import (
    Block,
    Byline,
    DroppedUrl,
    LineFate,
    Link,
    ListBlock,
    ListItem,
    Mark,
    Paragraph,
    PhotoBlock,
    Quote,
    RelatedItem,
    SeedArticle,
    SeedDate,
    SeedPhoto,
    Skipped,
    Subhead,
    Table,
    Uncertain,
)
from articles.importing.readers.seed.tables import Part, PhotoPart
from articles.importing.readers.seed.units import Unit, levels

_CITE = re.compile(r"\s*[—–―-]{1,2}\s*(?=\S)")


class Builder:
    """An article in the making."""

    def __init__(self, article: SeedArticle, lines: list[Line], *, day_first: bool) -> None:
        self.article = article
        self.lines = lines
        self.day_first = day_first
        self.fates: dict[int, LineFate] = {}
        self.groups = 0
        self._sent: set[tuple[int, str]] = set()
        self._asked: set[tuple[int, str, str | None]] = set()
        self.last_paragraph: tuple[int, Unit] | None = None

    # What became of lines.

    def imported(self, numbers: list[int], to: str) -> None:
        """Note that lines have a home."""
        for number in numbers:
            fate = self.fates.setdefault(number, LineFate(number, "imported"))
            if fate.fate == "skipped":
                fate.fate, fate.to = "imported", []
            self._send(fate, to)

    def _send(self, fate: LineFate, to: str) -> None:
        if (fate.n, to) not in self._sent:
            self._sent.add((fate.n, to))
            fate.to.append(to)

    def skip(self, unit: Unit, reason: str) -> None:
        """Leave a unit out, with its text and the reason in the report."""
        for number in unit.numbers:
            self.skip_line(number, unit.raws[number], reason)
        self.keep_targets(unit.text, unit.numbers[0], "skipped")

    def skip_line(self, number: int, text: str, reason: str) -> None:
        self.article.skipped.append(Skipped(number, text, reason))
        to = "rule" if reason == "table_rule" else reason
        self.fates.setdefault(number, LineFate(number, "skipped", [to]))
        if reason == "paywall":
            self.article.flag("paywall_notice")
            self.article.flag("truncated")

    def unsure(self, unit: Unit, reason: str, placed: str | None) -> None:
        """Ask the editor about a unit's lines."""
        for number in unit.numbers:
            self.unsure_line(number, unit.raws[number], reason, placed)
        if placed is None:
            self.keep_targets(unit.text, unit.numbers[0], "uncertain")

    def unsure_line(self, number: int, text: str, reason: str, placed: str | None) -> None:
        entry = Uncertain(number, text, reason, placed)
        if (number, reason, placed) not in self._asked:
            self._asked.add((number, reason, placed))
            self.article.uncertain.append(entry)
        fate = self.fates.setdefault(number, LineFate(number, "uncertain"))
        fate.fate = "uncertain"
        if placed:
            self._send(fate, placed)

    # Texts and targets.

    def checked(self, read: Inline, number: int) -> Inline:
        """A text's links without those that lead nowhere safe."""
        if not read.links:
            return read
        image_targets = {image.link for image in read.images if image.link}
        kept = []
        for link in read.links:
            if not link.text and link.url in image_targets:
                continue
            url = self.checked_url(link.url, number)
            if url:
                link.url = url
                kept.append(link)
        read.links = kept
        return read

    def checked_url(self, target: str, number: int) -> str | None:
        """A target that may be used; others are dropped, with the reason."""
        if not target:
            return None
        reason = addresses.verdict(target)
        if reason:
            self.article.dropped_urls.append(DroppedUrl(target, reason, number))
            self.article.flag("unsafe_url" if reason == "unsafe_scheme" else "bad_url")
            return None
        if addresses.is_relative(target):
            self.article.flag("relative_url")
        return target.strip()

    def text(self, markdown: str, number: int) -> Inline:
        """Read a text, check its links, and keep the addresses of images inside it."""
        return self.checked(parse(markdown), number)

    def keep_targets(self, markdown: str, number: int, where: str) -> str:
        """The text for a place without links of its own; its links are kept aside."""
        read = self.text(markdown, number)
        for link in read.links:
            link.where = where
            self.article.other_links.append(link)
        for image in read.images:
            if where in ("skipped", "uncertain"):
                self._keep_image(image, number, where)
            else:
                self.photo(PhotoPart(image, [], [number]))
        return read.text

    def _keep_image(self, image: Image, number: int, where: str) -> None:
        """The addresses of an image in a line whose text is kept as it stands."""
        for target in (image.target, image.link):
            url = self.checked_url(target or "", number)
            if url:
                self.article.other_links.append(Link(image.alt, url, 0, 0, where=where))

    # Blocks.

    def add(self, block: Block) -> int:
        self.article.body.append(block)
        return len(self.article.body) - 1

    def paragraph(self, unit: Unit, *, reason: str | None = None) -> int:
        """Add a paragraph, with the photos that stand inside its text after it."""
        read = self.text(unit.text, unit.numbers[0])
        block = Paragraph(read.text, read.links, read.marks)
        at = self.add(block)
        self._open_with_dateline(block, unit)
        self.imported(unit.numbers, f"body[{at}]")
        for image in read.images:
            self.photo(PhotoPart(image, [], unit.numbers))
        if reason:
            self.article.flag(reason)
            self.unsure(unit, reason, f"body[{at}]")
        self.last_paragraph = (at, unit)
        return at

    def _open_with_dateline(self, block: Paragraph, unit: Unit) -> None:
        """Cut the dateline off the first paragraph."""
        if self.last_paragraph is not None:
            return
        found = datelines.find(block.text)
        if not found or any(link.start < found.end for link in block.links):
            return
        if not block.text[found.end :].strip():
            return
        self.article.dateline = found.dateline
        for name in found.reporters:
            self.byline(Byline(name))
        block.text = block.text[found.end :]
        block.links = [_shifted_link(link, found.end) for link in block.links]
        block.marks = [
            _shifted_mark(mark, found.end) for mark in block.marks if mark.end > found.end
        ]
        self.imported(unit.numbers, "dateline")

    def subhead(self, unit: Unit, level: int = 2) -> int:
        read = self.text(unit.text, unit.numbers[0])
        at = self.add(Subhead(read.text, level, read.links, []))
        self.imported(unit.numbers, f"body[{at}]")
        for image in read.images:
            self.photo(PhotoPart(image, [], unit.numbers))
        return at

    def quote(self, unit: Unit) -> None:
        """Add a set-off quotation; a last line that opens with a dash says who is quoted."""
        texts = [shape for shape in unit.items if shape.text.strip()]
        cite: str | None = None
        if len(texts) > 1 and (dash := _CITE.match(texts[-1].text)):
            cite = self.keep_targets(texts[-1].text[dash.end() :], texts[-1].numbers[0], "cite")
            texts = texts[:-1]
        block = Quote("", cite)
        images: list[Image] = []
        for shape in texts:
            read = self.text(shape.text, shape.numbers[0])
            shift = len(block.text) + (1 if block.text else 0)
            block.text = f"{block.text}\n{read.text}" if block.text else read.text
            block.links += [_shifted_link(link, -shift) for link in read.links]
            block.marks += [_shifted_mark(mark, -shift) for mark in read.marks]
            images += read.images
        if block.text or cite:
            self.imported(unit.numbers, f"body[{self.add(block)}]")
        for image in images:
            self.photo(PhotoPart(image, [], unit.numbers))
        for number in unit.numbers:
            if number not in self.fates:
                self.skip_line(number, unit.raws[number], "rule")

    def list_block(self, unit: Unit) -> None:
        block = ListBlock(unit.ordered, [])
        images: list[Image] = []
        for number, (shape, level) in enumerate(
            zip(unit.items, levels(unit.items), strict=True), 1
        ):
            read = self.text(shape.text, shape.numbers[0])
            block.items.append(ListItem(read.text, level))
            images += read.images
            _say_where(read, f"item {number}")
            block.links += read.links
            block.marks += read.marks
        self.imported(unit.numbers, f"body[{self.add(block)}]")
        for image in images:
            self.photo(PhotoPart(image, [], unit.numbers))

    def table(self, unit: Unit) -> None:
        part = unit.part
        assert part is not None  # noqa: S101 - a unit of this kind always has one
        block = Table(part.header, [])
        images: list[Image] = []
        for row_number, (cells, number) in enumerate(
            zip(part.rows, part.row_numbers, strict=True), 1
        ):
            texts = []
            for column, cell in enumerate(cells, 1):
                read = self.text(cell, number)
                texts.append(read.text)
                images += read.images
                _say_where(read, f"row {row_number} cell {column}")
                block.links += read.links
                block.marks += read.marks
            block.rows.append(texts)
        at = self.add(block)
        self.imported(unit.numbers, f"body[{at}]")
        for image in images:
            self.photo(PhotoPart(image, [], unit.numbers))
        if part.odd:
            self.article.flag("unparsed_table")
            for number in part.odd:
                self.unsure_line(number, part.raws[number], "unparsed_table", f"body[{at}]")

    # Photos.

    def photos(self, part: Part, unit: Unit) -> None:
        """Add the photos of a row; one caption for several makes them a group."""
        group = None
        if part.shared and len(part.photos) > 1:
            group = self.groups
            self.groups += 1
            self.article.flag("shared_caption")
        for photo in part.photos:
            self.photo(PhotoPart(photo.image, photo.texts, unit.numbers), group)

    def photo(self, found: PhotoPart, group: int | None = None) -> int:
        photo = SeedPhoto(group=group)
        number = found.numbers[0]
        if found.image is not None:
            photo.alt = restore_bars(found.image.alt) or None
            photo.title = found.image.title
            photo.src = self.checked_url(found.image.target, number)
            if found.image.link:
                photo.link = self.checked_url(found.image.link, number)
        if photo.src is None:
            self.article.flag("photo_without_file")
        self._caption(photo, found.texts, number)
        self.article.photos.append(photo)
        photo.position = self.add(PhotoBlock(len(self.article.photos) - 1))
        self.imported(found.numbers, f"body[{photo.position}]")
        for text in found.texts:
            for image in parse(text).images if "](" in text else []:
                self.photo(PhotoPart(image, [], found.numbers))
        return photo.position

    def _caption(self, photo: SeedPhoto, texts: list[str], number: int) -> None:
        reads = [self.text(text, number) for text in texts]
        plain = [read.text for read in reads if read.text]
        photo.links = [link for read in reads for link in read.links]
        if not plain:
            return
        own = photo_credits.cut(plain[-1]) if len(plain) > 1 else None
        if own and not own.caption:
            caption, found = " ".join(plain[:-1]), own
        else:
            caption = " ".join(plain)
            found_or_none = photo_credits.cut(caption)
            if found_or_none is None:
                photo.caption = caption
                return
            found = found_or_none
            caption = found.caption
        photo.caption = caption or None
        photo.credit, photo.credit_raw = found.name or None, found.raw

    # Lists that are no blocks.

    def byline(self, byline: Byline) -> None:
        """Add a person in a role, once."""
        known = [
            one
            for one in self.article.bylines
            if one.name.casefold() == byline.name.casefold() and one.role == byline.role
        ]
        if known:
            known[0].affiliation = known[0].affiliation or byline.affiliation
        else:
            self.article.bylines.append(replace(byline))

    def byline_line(self, unit: Unit, text: str, people: list[Byline]) -> None:
        self.article.byline_lines.append(text)
        for one in people:
            self.byline(one)
        self.imported(unit.numbers, "byline")

    def date_line(self, unit: Unit, text: str, published: str | None, updated: str | None) -> None:
        article = self.article
        article.date_lines.append(text)
        self.imported(unit.numbers, "date")
        for key, value in (("published", published), ("updated", updated)):
            before = getattr(article, key)
            if value and before is None:
                setattr(article, key, SeedDate(text, value))
            elif value and before.value[:10] != value[:10]:
                article.flag("conflicting_dates")

    def related(self, title: str, url: str | None, numbers: list[int]) -> None:
        self.article.related.append(RelatedItem(title, url))
        self.imported(numbers, "related")

    def heading_of_related(self, text: str, numbers: list[int]) -> None:
        self.article.related_headings.append(text)
        self.imported(numbers, "related")

    def duplicates(self) -> None:
        """Flag a photo that stands twice."""
        sources = Counter(photo.src for photo in self.article.photos if photo.src)
        captions = Counter(
            (photo.caption, photo.credit) for photo in self.article.photos if photo.caption
        )
        if any(count > 1 for count in (*sources.values(), *captions.values())):
            self.article.flag("duplicate_photo")


def _say_where(read: Inline, where: str) -> None:
    for link in read.links:
        link.where = where
    for mark in read.marks:
        mark.where = where


def _shifted_link(link: Link, by: int) -> Link:
    return Link(link.text, link.url, link.start - by, link.end - by, link.title, link.where)


def _shifted_mark(mark: Mark, by: int) -> Mark:
    return Mark(mark.kind, max(0, mark.start - by), mark.end - by, mark.where)
