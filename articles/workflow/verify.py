"""Checking that publications are as they were made: none altered, missing or slipped in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from articles import document
from articles.models import Article, Event, KilledText, Publication
from articles.workflow import vault


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one publication (``number``), or with an article's chain (0)."""

    article: str
    number: int
    code: str
    message: str


def verify(article: Article) -> Iterator[Finding]:
    """Yield what is wrong with an article's publications; nothing when all is as it was made."""
    rows = list(
        article.publications.select_related("revision", "section", "lead_photo").order_by("number")
    )
    yield from _chain(article, rows)
    called_off: set[int | None] = set(
        Event.objects.filter(article=article, detail__has_key="called_off").values_list(
            "detail__called_off", flat=True
        )
    )
    yield from _times(article, rows, called_off)


def _chain(article: Article, rows: list[Publication]) -> Iterator[Finding]:
    previous = ""
    killed = KilledText.objects.filter(article=article).first()
    kept = killed.kept if killed else {}
    documents = {number: row["document"] for number, row in kept.get("Revision", {}).items()}
    for expected, row in enumerate(rows, start=1):
        vault.restored(row, kept)
        text = documents.get(str(row.revision.number), row.revision.document)
        if row.number != expected:
            yield _finding(article, row, "missing", f"publication {expected} is missing")
            return
        if row.previous_digest != previous:
            yield _finding(article, row, "chain", "it does not follow the publication before it")
        if document.digest(text) != row.revision.digest:
            yield _finding(article, row, "revision", "its revision was altered")
        if row.make_digest(article, row.revision.digest) != row.digest:
            yield _finding(article, row, "altered", "it is not as it was made")
        previous = row.digest
    if article.chain_head != previous:
        last = rows[-1].number if rows else 0
        message = f"publication {last} is not the last that was made"
        yield Finding(str(article.uuid), last, "missing", message)


def _times(
    article: Article, rows: list[Publication], called_off: set[int | None]
) -> Iterator[Finding]:
    """Compare when each publication ends with what follows from those made after it."""
    standing = [row for row in rows if not _is_called_off(row, rows, called_off)]
    ends: dict[int, dt.datetime | None] = {row.number: row.live_from for row in rows}
    for row, following in zip_longest(standing, standing[1:]):
        ends[row.number] = following.live_from if following else None
    for row in rows:
        if row.live_until != ends[row.number]:
            yield _finding(article, row, "times", "it ends when it should not")


def _is_called_off(row: Publication, rows: list[Publication], called_off: set[int | None]) -> bool:
    """A publication was called off by hand, or by one made before it was due."""
    return row.number in called_off or any(
        later.number > row.number and later.created_at < row.live_from for later in rows
    )


def _finding(article: Article, row: Publication, code: str, message: str) -> Finding:
    return Finding(str(article.uuid), row.number, code, message)
