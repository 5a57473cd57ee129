"""Where the words of a search stand that a row of the list doesn't show: why it was found.

They are looked for as whole words in what readers see of the article or are yet to see, its topics
among it, then in its standfirst. Of what was found by anything else, a part of a word or an
address, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Publication
from articles.search.extracts import Rows, extract, highlight, marked, spans
from articles.search.index import plain_text
from articles.search.query import Term, parse, wanted

LENGTH = 120  # characters of an extract


@dataclass(frozen=True, slots=True)
class Row:
    """``shown`` are the texts a row shows anyway; ``publications`` need no bodies."""

    shown: tuple[str, ...]
    language: str
    standfirst: str = ""
    publications: tuple[Publication, ...] = ()


class Place(NamedTuple):
    """``label`` says which text of the article the extract is of, in that ``language``."""

    label: str
    language: str
    extract: SafeString


def places(rows: Mapping[int, Row], typed: str) -> dict[int, Place]:
    """Return the places of those rows that don't show all words, in one query for all of them."""
    query = parse(typed)
    every = wanted(query)
    missing = {key: _missing(query.terms, every, row) for key, row in rows.items()}
    bodies = _bodies([rows[key] for key, words in missing.items() if words])
    found = {
        key: _place(_texts(rows[key], bodies), words, every)
        for key, words in missing.items()
        if words
    }
    return {key: place for key, place in found.items() if place is not None}


def _place(texts: Iterable[tuple[str, str, str]], missing: Rows, every: Rows) -> Place | None:
    """Return the place of the first text with any of the missing words; all words are marked."""
    for label, language, text in texts:
        pieces = extract(text, missing, language, LENGTH)
        if any(piece.is_found for piece in pieces):
            place = "".join(piece.text for piece in pieces)
            return Place(label, language, marked(highlight(place, every, language)))
    return None


def _missing(terms: Sequence[Term], every: Rows, row: Row) -> list[tuple[str, ...]]:
    """Return the readings of the words that no text shown holds, not even in a part of a word."""
    held = {every[span.row] for text in row.shown for span in spans(text, every, row.language)}
    plain = " ".join(row.shown).casefold()
    return [
        reading
        for term in terms
        if held.isdisjoint(term.readings) and term.text.casefold() not in plain
        for reading in term.readings
    ]


def _bodies(rows: list[Row]) -> dict[int, str]:
    numbers = [publication.pk for row in rows for publication in row.publications]
    found = Publication.objects.filter(pk__in=numbers).order_by()
    return dict(found.values_list("pk", "body"))


def _texts(row: Row, bodies: Mapping[int, str]) -> Iterator[tuple[str, str, str]]:
    """Yield what words are looked for in: label, language, plain text."""
    for publication in row.publications:
        body = plain_text(bodies[publication.pk])
        parts = (publication.dateline, body, publication.source_line)
        yield _("In the text:"), publication.language, " ".join(filter(None, parts))
        topics = (row["name"] for row in publication.credits.get("topics", ()))
        yield _("Topics:"), publication.language, ", ".join(topics)
    yield _("In the standfirst:"), row.language, row.standfirst
