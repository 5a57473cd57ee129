"""What a run of rows makes: photos with captions, tables, single cells.

Decides which rows belong together and what they are. Whether a single cell is a heading of
related stories, a source or a paragraph depends on its place and is decided by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from articles.importing.readers.seed import endmatter, photo_credits
from articles.importing.readers.seed.inline import Image, parse, plain, restore_bars
from articles.importing.readers.seed.lines import Shape, is_pure_image


@dataclass(slots=True)
class PhotoPart:
    """A photo: its mark, and the texts that are its caption and its credit, with their lines."""

    image: Image | None
    texts: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A piece of a candidate: photos, table, cell or rule."""

    kind: str
    numbers: list[int]
    raws: dict[int, str]
    photos: list[PhotoPart] = field(default_factory=list)
    shared: bool = False
    rows: list[list[str]] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    header: bool = False
    odd: list[int] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True)
class _Row:
    number: int
    raw: str
    cells: list[str]
    is_rule: bool
    is_line: bool  # an image on a line of its own, outside any table
    images: int

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


def parts(candidate: list[Shape]) -> list[Part]:
    """Take a run of adjacent rows apart."""
    rows = [_row(shape) for shape in candidate]
    result: list[Part] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if row.is_rule:
            result.append(Part("rule", [row.number], {row.number: row.raw}))
            at += 1
        elif row.images:
            at = _photos(rows, at, result)
        else:
            end = at
            while end < len(rows) and not rows[end].images:
                end += 1
            _words(rows[at:end], result)
            at = end
    return result


def _row(shape: Shape) -> _Row:
    cells = shape.cells if shape.kind == "row" else [shape.text]
    images = sum(len(parse(cell).images) for cell in cells) if "![" in shape.raw else 0
    rule = shape.kind == "rule" or not any(cells)
    return _Row(shape.numbers[0], shape.raw, cells, rule, is_pure_image(shape), images)


def _photos(rows: list[_Row], at: int, result: list[Part]) -> int:
    """Read the photos of a row (or of several image lines) and what stands under them."""
    block = [rows[at]]
    while at + len(block) < len(rows) and _same_photos(block, rows[at + len(block)]):
        block.append(rows[at + len(block)])
    after = at + len(block)
    part = Part("photos", [row.number for row in block], {row.number: row.raw for row in block})
    photos, texts = _contents(block)
    after = _under(rows, after, part, photos, texts)
    part.photos = photos
    rules = [number for number in part.numbers if part.raws[number].strip("|-: ") == ""]
    for number in rules:
        result.append(Part("rule", [number], {number: part.raws[number]}))
        part.numbers.remove(number)
    for photo in photos:
        photo.numbers = photo.numbers or list(part.numbers)
    result.append(part)
    return after


def _same_photos(block: list[_Row], row: _Row) -> bool:
    """Older converters put the images of one row on lines of their own."""
    if not row.images or not block[-1].is_line:
        return False
    return row.is_line or (row.raw.startswith("|") and not row.raw.endswith("|"))


def _contents(block: list[_Row]) -> tuple[list[PhotoPart], list[str]]:
    """The images of a row, each with the text of its own cell, and the other cells' texts."""
    photos: list[PhotoPart] = []
    texts: list[str] = []
    for row in block:
        for cell in row.filled:
            read = parse(cell)
            for image in read.images:
                photos.append(PhotoPart(image))
            text = without_images(cell) if read.images else cell
            if not plain(text):
                continue
            if read.images:
                photos[-1].texts.append(text)
            else:
                texts.append(text)
    return photos, texts


def without_images(text: str) -> str:
    """A text without its image marks, its other signs kept."""
    result, at = [], 0
    while (start := text.find("![", at)) >= 0:
        opened = start
        if text[max(at, start - 1) : start] == "[":
            opened = start - 1
        end = _end_of_mark(text, start)
        if end is None:
            break
        if opened < start:
            end = _end_of_link(text, end) or end
        result.append(text[at:opened])
        at = end
    return " ".join("".join([*result, " ", text[at:]]).split())


def _end_of_mark(text: str, start: int) -> int | None:
    from_bracket = text.find("](", start)
    if from_bracket < 0:
        return None
    depth = 0
    for at in range(from_bracket + 1, min(len(text), from_bracket + 100_000)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at + 1
    return None


def _end_of_link(text: str, at: int) -> int | None:
    while at < len(text) and text[at] == " ":
        at += 1
    return _end_of_mark(text, at) if text.startswith("](", at) else None


def _under(
    rows: list[_Row], after: int, part: Part, photos: list[PhotoPart], texts: list[str]
) -> int:
    """Give the photos their captions, from their own row or the rows right under it."""
    count = len(photos)
    if texts:
        part.shared = _give(photos, texts)
    elif not any(photo.texts for photo in photos):
        at = _skip_rules(rows, after)
        if at < len(rows) and _is_caption_row(rows[at], count):
            part.shared = _give(photos, rows[at].filled)
            after = _take(rows, after, at + 1, part)
    at = _skip_rules(rows, after)
    if at < len(rows) and _is_credit_row(rows[at], photos):
        _give(photos, rows[at].filled)
        after = _take(rows, after, at + 1, part)
    return after


def _skip_rules(rows: list[_Row], at: int) -> int:
    while at < len(rows) and rows[at].is_rule:
        at += 1
    return at


def _take(rows: list[_Row], start: int, end: int, part: Part) -> int:
    for row in rows[start:end]:
        part.numbers.append(row.number)
        part.raws[row.number] = row.raw
    return end


def _is_caption_row(row: _Row, count: int) -> bool:
    filled = row.filled
    if row.images or any(endmatter.is_related_heading(plain(cell)) for cell in filled):
        return False
    if len(filled) in (1, count):
        return True
    return count == 1 and len(filled) == 2 and photo_credits.is_only_credit(plain(filled[1]))


def _is_credit_row(row: _Row, photos: list[PhotoPart]) -> bool:
    filled = row.filled
    if row.images or len(filled) not in (1, len(photos)):
        return False
    if any(photo_credits.cut(plain(text)) for photo in photos for text in photo.texts):
        return False
    return any(photo.texts for photo in photos) and all(
        photo_credits.is_only_credit(plain(cell)) for cell in filled
    )


def _give(photos: list[PhotoPart], texts: list[str]) -> bool:
    """Hand out texts from left to right; True if one text is for several photos."""
    if len(photos) == 1 or len(texts) == len(photos):
        for number, text in enumerate(texts):
            photos[min(number, len(photos) - 1)].texts.append(text)
        return False
    for number, text in enumerate(texts):
        photos[number if len(texts) > 1 and number < len(photos) else 0].texts.append(text)
    return len(texts) == 1


def _words(rows: list[_Row], result: list[Part]) -> None:
    """Rows without images: split at headings of related stories, then tables or cells."""
    run: list[_Row] = []
    related = False
    for row in rows:
        filled = row.filled
        heading = len(filled) == 1 and endmatter.is_related_heading(plain(filled[0]))
        if heading:
            _table_or_cells(run, result)
            run, related = [], True
            result.append(_cell(row))
        elif related:
            _related_row(row, result)
        else:
            run.append(row)
    _table_or_cells(run, result)


def _related_row(row: _Row, result: list[Part]) -> None:
    """Under such a heading every cell stands for itself."""
    if row.is_rule:
        result.append(Part("rule", [row.number], {row.number: row.raw}))
        return
    for cell in row.filled:
        result.append(Part("cell", [row.number], {row.number: row.raw}, text=restore_bars(cell)))


def _cell(row: _Row) -> Part:
    return Part("cell", [row.number], {row.number: row.raw}, text=restore_bars(row.filled[0]))


def _table_or_cells(run: list[_Row], result: list[Part]) -> None:
    words = [row for row in run if not row.is_rule]
    if not words:
        for row in run:
            result.append(Part("rule", [row.number], {row.number: row.raw}))
        return
    single = all(len(row.filled) == 1 for row in words)
    credited = single and any(
        photo_credits.has_strong_credit(plain(row.filled[0])) for row in words
    )
    if (len(words) == 1 and single) or credited:
        for row in run:
            if row.is_rule:
                result.append(Part("rule", [row.number], {row.number: row.raw}))
            else:
                result.append(_cell(row))
        return
    _table(run, result)


def _table(run: list[_Row], result: list[Part]) -> None:
    words = [row for row in run if not row.is_rule]
    first = run.index(words[0])
    header = first + 1 < len(run) and run[first + 1].is_rule
    part = Part("table", [row.number for row in words], {row.number: row.raw for row in words})
    part.header = header
    width = len(words[0].cells)
    one_a_line = not header and all(len(row.cells) == 1 for row in words)
    for row in words:
        if one_a_line or len(row.cells) > width:
            part.odd.append(row.number)
    widest = max(len(row.cells) for row in words)
    part.rows = [row.cells + [""] * (widest - len(row.cells)) for row in words]
    part.row_numbers = [row.number for row in words]
    for row in run:
        if row.is_rule:
            result.append(Part("rule", [row.number], {row.number: row.raw}))
    result.append(part)
