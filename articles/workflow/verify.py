"""Checking that publications are as they were made: none altered, missing or slipped in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import F

from articles import document
from articles.models import (
    Article,
    ContributorListing,
    Event,
    KilledText,
    Publication,
    SourceListing,
    TopicListing,
)
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
    called_off: set[int | None] = set(
        Event.objects.filter(article=article, detail__has_key="called_off").values_list(
            "detail__called_off", flat=True
        )
    )
    killed = KilledText.objects.filter(article=article).first()
    yield from findings(article, rows, called_off, killed.kept if killed else {})
    yield from _dates(article)


def findings(
    article: Article,
    rows: list[Publication],
    called_off: set[int | None],
    kept: dict[str, Any],
    digests: Mapping[int, str] | None = None,
) -> Iterator[Finding]:
    """Yield what is wrong with publications, saved or not, oldest first.

    ``called_off`` are the numbers of those that events say were called off by hand; ``kept`` is
    what a killed text holds: the rows get it, so that what they were made of can be checked.
    ``digests`` are those of revisions' documents by number, as far as they are known already.
    """
    yield from _chain(article, rows, kept, digests or {})
    yield from _times(article, rows, called_off)


def _chain(
    article: Article, rows: list[Publication], kept: dict[str, Any], digests: Mapping[int, str]
) -> Iterator[Finding]:
    previous = ""
    documents = {number: row["document"] for number, row in kept.get("Revision", {}).items()}
    for expected, row in enumerate(rows, start=1):
        vault.restored(row, kept)
        number = row.revision.number
        if str(number) in documents:
            digest = document.digest(documents[str(number)])
        else:
            digest = digests.get(number) or document.digest(row.revision.document)
        if row.number != expected:
            yield _finding(article, row, "missing", f"publication {expected} is missing")
            return
        if row.previous_digest != previous:
            yield _finding(article, row, "chain", "it does not follow the publication before it")
        if digest != row.revision.digest:
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


def _dates(article: Article) -> Iterator[Finding]:
    """Compare the dates a publication stands under in lists with its own."""
    for listing in (TopicListing, ContributorListing, SourceListing):
        found = listing._default_manager.filter(publication__article=article)
        wrong = found.exclude(published_at=F("publication__published_at"))
        for number in wrong.order_by("pk").values_list("publication__number", flat=True):
            where = listing.__name__.removesuffix("Listing").lower()
            message = f"the list of a {where} has it under another date"
            yield Finding(str(article.uuid), number, "dates", message)


def _is_called_off(row: Publication, rows: list[Publication], called_off: set[int | None]) -> bool:
    """A publication was called off by hand, or by one made before it was due."""
    return row.number in called_off or any(
        later.number > row.number and later.created_at < row.live_from for later in rows
    )


def _finding(article: Article, row: Publication, code: str, message: str) -> Finding:
    return Finding(str(article.uuid), row.number, code, message)
