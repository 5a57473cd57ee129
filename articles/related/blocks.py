"""What stands under a story: what came earlier in it, and related stories, pins first.

Takes a publication, saved or not, so that readers, previews and the desk get the same. Pins are
shown as editors set them; what is proposed beside them comes from ``ranking`` and is asked of
``listed(at)`` anew each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from articles import body, readings
from articles.addresses import address
from articles.choices import RelatedKind
from articles.models import Publication
from articles.prepared import Prepared
from articles.readings import Known, Reading
from articles.related import ranking, words
from articles.related.prints import are_copies
from articles.related.ranking import Match, Subject, matches, subject_of
from articles.related.terms import day_of

MOST = 5
# So many of a section or topic are shown where nothing is related by what it says.
FALLBACK = 3
# Earlier in this story: within so many days, and sharing so much of what it could.
DAYS, ENOUGH = 45, 0.2

Row = dict[str, str]


class Line(NamedTuple):
    """What is asked of a publication that may stand in a block, and what lines show of it.

    ``text_value`` is its print, if it has one; ``uuid``, its article's, is asked only where editors
    named stories by it.
    """

    pk: int
    article_id: int
    path: str
    headline: str
    kicker: str
    language: str
    published_at: dt.datetime
    lead_photo: int | None
    section_id: int
    section_name: str
    text_value: int | None
    uuid: UUID | None = None


_COLUMNS = (
    *("pk", "article", "path", "headline", "kicker", "language", "published_at", "lead_photo"),
    *("section", "section__name", "text_print__value"),
)


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A line of a block; ``published_at`` and ``publication`` are None for what is not ours.

    ``match`` says what a proposal has in common with the story; a pin has none.
    """

    title: str
    url: str
    language: str = ""
    published_at: dt.datetime | None = None
    publication: Line | None = None
    match: Match | None = None

    @property
    def host(self) -> str:
        """Return the site a link leads to, "" for this one."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_pinned(self) -> bool:
        return self.match is None


@dataclass(frozen=True, slots=True)
class Blocks:
    """``earlier`` in their order of time, ``related``; ``until`` is when a pin of them ends."""

    earlier: Sequence[RelatedStory] = ()
    related: Sequence[RelatedStory] = ()
    until: dt.datetime | None = None


@dataclass(slots=True)
class _Taken:
    """What a block holds already, so that no story stands in it twice, nor a copy of one."""

    articles: set[int] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    headlines: set[str] = field(default_factory=set)
    prints: list[int] = field(default_factory=list)

    def has(self, row: Line) -> bool:
        value = row.text_value or 0
        return (
            row.article_id in self.articles
            or words.fold(row.headline) in self.headlines
            or any(are_copies(value, other) for other in self.prints)
        )

    def take(self, row: Line) -> None:
        self.articles.add(row.article_id)
        self.headlines.add(words.fold(row.headline))
        self.prints.append(row.text_value or 0)


def make_blocks(publication: Publication, at: dt.datetime) -> Blocks:
    """Return what stands under a publication at a moment, in three queries.

    To whoever notes what a page is made of (``readings``) it is one question.
    """
    page = readings.current()
    if page is None:
        return _made(publication, at)
    shown = _Shown(publication)
    page.answer(shown)
    blocks: Blocks = page.known[shown.name(at)][0]
    return blocks


def blocks_for(publication: Publication, subject: Subject, at: dt.datetime) -> Blocks:
    """Return what stands under a publication whose words are those of ``subject``."""
    return _blocks(publication, subject, matches(subject, at), at)


class _Shown:
    """Which lines stand under a publication, asked again as of another moment.

    What other stories share with it is compared anew only if the terms of any story changed. The
    blocks themselves are left with what is known.
    """

    __slots__ = ("newest", "publication")

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        # What was said last, and what that was made of: one pair, since several threads may ask.
        self.newest: tuple[Reading | None, Hashable] = (None, None)

    def name(self, at: dt.datetime) -> Hashable:
        return type(self), self.publication.pk, at

    def size(self) -> int:
        made_of, _said = self.newest
        return made_of.size() if made_of else 0

    def __call__(self, at: dt.datetime, known: Known) -> Hashable:
        made_of, said = self.newest
        if made_of is None or not (made_of.is_whole and made_of.reads_same(at, known)):
            if self.name(at) not in known:
                with readings.reading(at, known) as made_of:
                    blocks = _made(self.publication, at)
                known[self.name(at)] = (blocks, made_of)
            blocks, made_of = known[self.name(at)]
            said = _said(blocks)
            self.newest = (made_of, said)
        return said


def _made(publication: Publication, at: dt.datetime) -> Blocks:
    noted = readings.current()
    if noted is None:
        subject = subject_of(publication)
        return blocks_for(publication, subject, at)
    with noted.apart():
        subject = subject_of(publication)
        found = matches(subject, at)
    if subject.version is None:
        noted.is_whole = False
    noted.asked.append((_state, (subject.version, day_of(at))))
    return _blocks(publication, subject, found, at)


def _state(at: dt.datetime, known: Known) -> tuple[int, int]:
    """Return what stands for all that stories have in common (``ranking.version``)."""
    if (_state, at) not in known:
        known[_state, at] = ranking.version()
    return known[_state, at], day_of(at)


def _said(blocks: Blocks) -> Hashable:
    """Return all that lines show of their stories; the picture beside the first is a question of
    its own."""
    return tuple(
        (
            story.title, story.url, story.language, story.published_at,
            (row.kicker, row.section_name, row.lead_photo) if row else None,
        )
        for stories in (blocks.earlier, blocks.related)
        for story, row in ((story, story.publication) for story in stories)
    ), len(blocks.earlier), blocks.until  # fmt: skip


def _blocks(
    publication: Publication, subject: Subject, found: list[Match], at: dt.datetime
) -> Blocks:
    rows: list[Row] = publication.related
    pins = [row for row in rows if _is_pinned(row, at)]
    proposed = {match.article: match for match in found}
    listed = _listed(publication, rows, proposed, at)
    taken = _Taken({publication.article_id or 0}, set(), {words.fold(publication.headline)})
    taken.prints.append(subject.text_print)
    dismissed = {row["article"] for row in rows if row.get("kind") == RelatedKind.DISMISSED}
    fixed = {kind: _pinned(pins, kind, listed, taken) for kind in ("", RelatedKind.EARLIER)}
    others = [
        (proposed[row.article_id], row)
        for row in listed
        if row.article_id in proposed and str(row.uuid) not in dismissed
    ]
    others.sort(key=lambda pair: (-pair[0].score, -pair[1].published_at.timestamp(), -pair[1].pk))
    earlier = [*fixed[RelatedKind.EARLIER]]
    earlier += _earlier(publication, others, taken, MOST - len(earlier))
    related = [*fixed[""]]
    related += _related(publication, others, taken, MOST - len(related))
    return Blocks(
        sorted(earlier, key=lambda story: (story.published_at is None, story.published_at or at)),
        related if related or earlier else _newest(publication, others, taken),
        next_change(publication, at),
    )


def next_change(publication: Publication, at: dt.datetime) -> dt.datetime | None:
    """Return the first moment after ``at`` at which a pin of a publication ends; asks nothing."""
    ends = (_end(row) for row in publication.related)
    return min((end for end in ends if end and end > at), default=None)


def _end(row: Row) -> dt.datetime | None:
    return parse_datetime(row.get("pinned_until", ""))


def _is_pinned(row: Row, at: dt.datetime) -> bool:
    end = _end(row)
    return row.get("kind") != RelatedKind.DISMISSED and (end is None or at < end)


def _listed(
    publication: Publication, rows: list[Row], proposed: Iterable[int], at: dt.datetime
) -> list[Line]:
    """Load the listed stories that rows name, by uuid or headline, and those proposed."""
    uuids = [UUID(row["article"]) for row in rows if row["article"]]
    titles = [row["title"] for row in rows if not row["article"] and not row["url"]]
    wanted = {"article__uuid__in": uuids, "headline__in": titles, "article__in": list(proposed)}
    lookups = tuple(name for name, values in wanted.items() if values)
    if not lookups:
        return []
    values = (wanted[name] for name in lookups)
    return [Line(*row) for row in _LISTED[lookups](at, publication.article_id or 0, *values)]


def _wanted(
    lookups: tuple[str, ...], at: dt.datetime, article: int, *values: list[Any]
) -> QuerySet[Publication, Any]:
    """Return the listed stories but one that any of the lookups finds, as ``Line`` has them."""
    shown = Publication.objects.listed(at).exclude(article=article)
    if len(lookups) == 1:
        rows = shown.filter(**{lookups[0]: values[0]})
    else:
        first, *rest = (
            shown.filter(**{lookup: value}).order_by().values("pk")
            for lookup, value in zip(lookups, values, strict=True)
        )
        rows = Publication.objects.filter(pk__in=first.union(*rest))
    uuid = ("article__uuid",) if "article__uuid__in" in lookups else ()
    return rows.order_by().values_list(*_COLUMNS, *uuid)


_LOOKUPS = ("article__uuid__in", "headline__in", "article__in")
# A query for each choice of lookups.
_LISTED = {
    chosen: Prepared(partial(_wanted, chosen))
    for size in range(1, len(_LOOKUPS) + 1)
    for chosen in combinations(_LOOKUPS, size)
}


def _pinned(pins: list[Row], kind: str, listed: list[Line], taken: _Taken) -> list[RelatedStory]:
    """Return what editors set, in their order, if readers may see it."""
    pins = [pin for pin in pins if pin.get("kind", "") == kind]
    if not pins:
        return []
    by_uuid = {str(row.uuid): row for row in listed}
    by_title: dict[str, Line] = {}
    for row in sorted(listed, key=lambda row: (row.published_at, row.path)):
        by_title[row.headline] = row
    out = []
    for pin in pins:
        elsewhere = None if pin["article"] else _elsewhere(pin)
        ours = by_uuid.get(pin["article"]) or (
            None if pin["article"] else by_title.get(pin["title"])
        )
        if elsewhere and elsewhere.url not in taken.addresses:
            taken.addresses.add(elsewhere.url)
            out.append(elsewhere)
        elif not elsewhere and ours and ours.article_id not in taken.articles:
            taken.take(ours)
            out.append(_story(ours))
    return out


def _earlier(
    publication: Publication, others: list[tuple[Match, Line]], taken: _Taken, most: int
) -> list[RelatedStory]:
    """Return the newest that came before within weeks and share rare names, or one and a topic."""
    since = publication.published_at - dt.timedelta(days=DAYS)
    found = []
    for match, row in sorted(others, key=lambda pair: pair[1].published_at, reverse=True):
        is_before = since <= row.published_at < publication.published_at
        is_same = match.share >= ENOUGH and match.rare + match.topical >= 2 and match.rare
        if is_before and is_same and _speaks(row, publication):
            found.append((match, row))
    return _first(found, taken, most)


def _related(
    publication: Publication, others: list[tuple[Match, Line]], taken: _Taken, most: int
) -> list[RelatedStory]:
    """Return those that share most: in the same language, in another one only if there are none."""
    close = [(match, row) for match, row in others if match.is_close]
    same = [pair for pair in close if _speaks(pair[1], publication)]
    return _first(same, taken, most) or _first(close, taken, most)


def _newest(
    publication: Publication, others: list[tuple[Match, Line]], taken: _Taken
) -> list[RelatedStory]:
    """Return the newest of the same topic, else of the same section."""
    by_time = sorted(others, key=lambda pair: (pair[1].published_at, pair[1].pk), reverse=True)
    same = [pair for pair in by_time if _speaks(pair[1], publication)] or by_time
    topical = [pair for pair in same if pair[0].topical]
    beside = [pair for pair in same if pair[1].section_id == publication.section_id]
    return _first(topical, taken, FALLBACK) or _first(beside, taken, FALLBACK)


def _first(pairs: list[tuple[Match, Line]], taken: _Taken, most: int) -> list[RelatedStory]:
    out: list[RelatedStory] = []
    for match, row in pairs:
        if len(out) < most and not taken.has(row):
            taken.take(row)
            out.append(_story(row, match))
    return out


def _speaks(row: Line, publication: Publication) -> bool:
    return words.primary(row.language) == words.primary(publication.language)


def _story(row: Line, match: Match | None = None) -> RelatedStory:
    url = address("article", path=row.path)
    return RelatedStory(row.headline, url, row.language, row.published_at, row, match)


def _elsewhere(row: Row) -> RelatedStory | None:
    """Return a link that leads somewhere for sure: with a scheme, or from the site's top."""
    url = body.address(row["url"])
    if not row["title"] or not (urlsplit(url).scheme or url.startswith("/")):
        return None
    return RelatedStory(row["title"], url)
