"""Keeping an attribution on its words while the text around them changes."""

from __future__ import annotations

from articles import document
from articles.document import Document

# Lines that are not part of the body: their words are the attribution's own record.
OWN_WORDS = frozenset({"byline", "source_line"})


def places(story: Document) -> dict[str, str]:
    """Return the texts an attribution may stand in, by block id or name of the field."""
    texts = {
        "headline": story.headline,
        "standfirst": story.standfirst,
        "dateline": story.dateline,
    }
    texts.update({block.id: document.block_text(block) for block in story.body})
    return texts


def find(text: str, where: str, start: int, texts: dict[str, str]) -> tuple[str, int]:
    """Return where the words stand now, as (place, character), or (the old place, -1).

    They are looked for where they stood, nearest to where they stood, then everywhere in order.
    """
    if where in OWN_WORDS:
        return where, max(start, 0)
    here = texts.get(where, "")
    if start >= 0 and here[start : start + len(text)] == text:
        return where, start
    nearest = _nearest(here, text, start)
    if nearest >= 0:
        return where, nearest
    for place, other in texts.items():
        position = other.find(text)
        if position >= 0:
            return place, position
    return where, -1


def _nearest(text: str, words: str, start: int) -> int:
    if not words:
        return -1
    after = text.find(words, max(start, 0))
    before = text.rfind(words, 0, max(start, 0) + len(words))
    found = [position for position in (before, after) if position >= 0]
    return min(found, key=lambda position: abs(position - start), default=-1)
