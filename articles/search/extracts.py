"""The place of a story that shows best why it was found, with the words found marked.

Works on the story's own letters: accents and case stay as they are written. Returns pieces of
plain text; ``marked`` alone writes them as HTML, and escapes each before marking it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.search.words import (
    PREFIX,
    Token,
    is_read,
    read_as,
    tokens,
    written_words,
)

LENGTH = 240  # characters of an extract
_READ = 60_000  # characters of a text that are looked through

Rows = Sequence[tuple[str, ...]]


class Piece(NamedTuple):
    text: str
    is_found: bool = False


class Span(NamedTuple):
    start: int
    end: int
    row: int


def highlight(text: str, rows: Rows, language: str) -> list[Piece]:
    """Return a whole text in pieces."""
    return _pieces(text, 0, len(text), spans(text, rows, language))


def extract(
    text: str, rows: Rows, language: str, length: int = LENGTH, *, instead: str = ""
) -> list[Piece]:
    """Return some ``length`` characters of a text around its best place; its start without any.

    ``instead`` is the text to take when none of the words stand in the first.
    """
    found = spans(text[:_READ], rows, language)
    if instead and not found:
        text, found = instead, spans(instead[:_READ], rows, language)
    if len(text) <= length:
        return _pieces(text, 0, len(text), found)
    start = _best_start(found, length)
    start = 0 if start < length // 4 else _word_start(text, start)
    end = _word_end(text, start + length)
    pieces = _pieces(text, start, end, found)
    before = [Piece("… ")] if start else []
    return [*before, *pieces, *([Piece("\N{NO-BREAK SPACE}…")] if end < len(text) else [])]


def marked(pieces: Iterable[Piece]) -> SafeString:
    """Write pieces of plain text as HTML, each escaped, what was found in ``mark``."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", piece.text) if piece.is_found else piece.text,)
            for piece in pieces
        ),
    )


def spans(text: str, rows: Rows, language: str) -> list[Span]:
    """Return where rows of words stand in a text; ``row`` tells which."""
    different = read_as({word for row in rows for word in row}, text, language)
    known = {token.text for of_word in different.values() for token in of_word}
    possible = {
        number: row
        for number, row in enumerate(rows)
        if all(_is_among(wanted, known) for wanted in row)
    }
    if all(len(row) == 1 for row in possible.values()):
        return _single(text, {row[0]: number for number, row in possible.items()}, different)
    words = list(tokens(text, language))
    found = []
    for number, row in possible.items():
        first = row[0]
        for n, word in enumerate(words):
            if is_read(first, word.text) and _follows(row, words, n):
                found.append(Span(word.start, words[n + len(row) - 1].end, number))
    return sorted(found)


def _single(
    text: str, wanted: dict[str, int], different: dict[str, tuple[Token, ...]]
) -> list[Span]:
    """Return where single words stand, with the numbers of their rows."""
    hits = {
        word: [
            (token, number)
            for token in of_word
            for one, number in wanted.items()
            if is_read(one, token.text)
        ]
        for word, of_word in different.items()
    }
    hits = {word: found for word, found in hits.items() if found}
    return sorted(
        Span(at + token.start, at + token.end, number)
        for at, word in (written_words(text, hits) if hits else ())
        for token, number in hits[word]
    )


def _is_among(wanted: str, known: set[str]) -> bool:
    """Return whether one of the words of a text is read as a word of a query."""
    return wanted in known or (
        wanted.endswith(PREFIX) and any(is_read(wanted, word) for word in known)
    )


def _follows(row: tuple[str, ...], words: Sequence[Token], n: int) -> bool:
    following = words[n : n + len(row)]
    return len(following) == len(row) and all(
        is_read(wanted, word.text) for wanted, word in zip(row, following, strict=True)
    )


def _best_start(found: Sequence[Span], length: int) -> int:
    """Return where to begin so that most different rows, then most words, are shown."""
    best, best_value = 0, (0, 0)
    for n, span in enumerate(found):
        shown = [one for one in found[n : n + 40] if one.end <= span.start + length * 3 // 4]
        value = (len({one.row for one in shown}), len(shown))
        if value > best_value:
            best, best_value = max(0, span.start - length // 4), value
    return best


def _word_start(text: str, at: int) -> int:
    blank = text.find(" ", at, at + 30)
    return blank + 1 if blank >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    blank = text.rfind(" ", at - 30, at + 1)
    return blank if blank >= 0 else at


def _pieces(text: str, start: int, end: int, found: Sequence[Span]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for span in found:
        if span.end <= at or span.start >= end:
            continue
        left, right = max(span.start, at), min(span.end, end)
        if left > at:
            pieces.append(Piece(text[at:left]))
        if pieces and pieces[-1].is_found and left == at:
            pieces[-1] = Piece(pieces[-1].text + text[left:right], True)
        else:
            pieces.append(Piece(text[left:right], True))
        at = right
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces
