"""Single lines and photos put into the article, wherever in the document they stand.

Decides how a source line, a note, a date line, a related story and a photo are stored once it is
known that a unit is one. That is decided by ``head``, ``body`` and ``ending``.
"""

from __future__ import annotations

from articles.importing.readers.seed import dates, endmatter, judge, photo_credits
from articles.importing.readers.seed.builder import Builder
from articles.importing.readers.seed.inline import parse
from articles.importing.readers.seed.structure import Note, SeedAttribution
from articles.importing.readers.seed.tables import PhotoPart, without_images
from articles.importing.readers.seed.texts import count_words
from articles.importing.readers.seed.units import Unit


def source_line(builder: Builder, unit: Unit, raw: str, listed: list[str]) -> None:
    """Add a source line, with one attribution for each name."""
    article = builder.article
    article.source_lines.append(raw)
    builder.imported(unit.numbers, "source_line")
    for name in listed or [raw]:
        article.attributions.append(
            SeedAttribution("source_line", name, raw, "source_line", 0, len(raw))
        )


def note(builder: Builder, unit: Unit) -> None:
    """Add a note in place, with its label."""
    read = builder.text(unit.text, unit.numbers[0])
    kind = endmatter.note(read.text) or "editors_note"
    at = builder.add(Note(kind, read.text, read.links, read.marks))
    builder.imported(unit.numbers, f"body[{at}]")
    for image in read.images:
        builder.photo(PhotoPart(image, [], unit.numbers))


def date_line(builder: Builder, unit: Unit) -> None:
    """Add a date line."""
    text = builder.keep_targets(unit.text, unit.numbers[0], "date")
    found = dates.read_date_line(text, builder.article.language, day_first=builder.day_first)
    if found is None:
        return
    if found.ambiguous:
        builder.article.flag("ambiguous_date")
    builder.date_line(unit, text, found.published, found.updated)


def inline_related(builder: Builder, unit: Unit) -> None:
    """Add the one related story of ``Read more: Title``."""
    pair = endmatter.inline_related(unit.text)
    assert pair is not None  # noqa: S101 - the caller has asked
    heading, title = parse(pair[0]).text.strip(), builder.text(pair[1], unit.numbers[0])
    if heading.startswith("*"):
        heading = heading.strip("*")
    builder.heading_of_related(heading, unit.numbers)
    for image in title.images:
        builder.photo(PhotoPart(image, [], unit.numbers))
    links = title.links
    if len(links) <= 1:
        builder.related(title.text, links[0].url if links else None, unit.numbers)
        return
    at = 0
    for index, link in enumerate(links):
        end = links[index + 1].start if index + 1 < len(links) else len(title.text)
        builder.related(title.text[at:end].strip(" ;,|"), link.url, unit.numbers)
        at = end


def photos(builder: Builder, unit: Unit) -> None:
    """Add the photos of a unit, or the photo of a line that only lost its image mark."""
    if unit.part is not None and unit.kind == "photos":
        builder.photos(unit.part, unit)
    elif unit.inline.images:
        image_line(builder, unit, [])
    else:
        at = builder.photo(PhotoPart(None, [unit.text], unit.numbers))
        builder.article.flag("photo_missing_marker")
        builder.unsure(unit, "photo_missing_marker", f"body[{at}]")


def image_line(builder: Builder, unit: Unit, below: list[Unit]) -> None:
    """Add the images of a line outside tables; ``below`` is a line that is their caption."""
    images = unit.inline.images
    own = without_images(unit.text).strip(" |")
    texts = [own] if parse(own).text else []
    numbers = list(unit.numbers)
    for one in below:
        texts.append(one.text)
        numbers += one.numbers
    for index, image in enumerate(images):
        first = index == 0
        builder.photo(PhotoPart(image, texts if first else [], numbers if first else unit.numbers))


def image_with_caption(builder: Builder, units: list[Unit], at: int, end: int) -> int:
    """Add the images of a line and the caption under it; say how many units that took.

    Outside tables the next line is the caption only if it carries a credit or is wholly italic.
    """
    unit = units[at]
    following = units[at + 1] if at + 1 < end else None
    own = parse(without_images(unit.text).strip(" |")).text
    below: list[Unit] = []
    if following is not None and following.kind in ("text", "item"):
        lacks_credit = not photo_credits.cut(own)
        if (not own and _is_caption(following)) or (
            own and lacks_credit and photo_credits.is_only_credit(following.plain)
        ):
            below = [following]
    image_line(builder, unit, below)
    return 1 + len(below)


def _is_caption(unit: Unit) -> bool:
    text = unit.plain
    if unit.inline.images or endmatter.note(text) or endmatter.is_related_heading(text):
        return False
    if judge.wholly(unit, "em") and count_words(text) <= 80:
        return True
    found = photo_credits.cut(text)
    if found is None or count_words(text) > 60:
        return False
    if found.labelled:
        return True
    return bool(found.bracketed or found.caption) and count_words(text) <= 40
