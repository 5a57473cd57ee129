"""What of a publication is looked into, and when it gets into the index and out of it."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles import body
from articles.models import Article, Publication, SearchEntry
from articles.querysets import PublicationQuerySet
from articles.search.backends import backend
from articles.search.interface import PLACES_PER_SECOND, Entry, mark, place_of
from articles.search.words import comparable

_WITHIN_WORDS = re.compile(r"</?(?:a|em|s|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_LISTS = ("topics", "contributors", "sources")
# Numbers of rows by the name of the list and the number of the publication.
Lists = Mapping[str, Mapping[int, Sequence[int]]]


def searchable(at: dt.datetime | None = None) -> PublicationQuerySet:
    """Return what belongs into the index: what readers see or are yet to see in lists."""
    at = at or timezone.now()
    open_ended = Q(live_until=None) | Q(live_until__gt=at) & Q(live_until__gt=F("live_from"))
    return Publication.objects.filter(open_ended, is_listed=True)


@transaction.atomic(savepoint=False)
def add(
    publications: Sequence[Publication],
    before: Iterable[Publication] | None = None,
    lists: Lists | None = None,
) -> None:
    """Take publications in, each anew; forget those of the same articles that have ended.

    ``before`` are the other publications of their articles, for who has them; those given first
    are new then. ``lists`` are the numbers of their topics, contributors and sources.
    """
    now = timezone.now()
    wanted = [row for row in publications if row.is_listed and _is_to_be_seen(row, now)]
    if before is None:
        if old := _ended_places(publications, now):
            backend().erase(old)
        if wanted:
            backend().write(_entries(wanted, _free_places(wanted), lists))
        return
    ended = {row.pk for row in before if not _is_to_be_seen(row, now)}
    here = Q(publication__in=ended) | Q(place__in=_places(wanted).values())
    rows = SearchEntry.objects.filter(here).values_list("place", "publication")
    old = [place for place, publication in rows if publication in ended]
    taken = {place for place, publication in rows if publication not in ended}
    entries = _entries(wanted, _free_places(wanted, taken), lists) if wanted else []
    if len(old) == len(entries) == 1:
        backend().replace(old[0], entries[0])
        return
    if old:
        backend().erase(old)
    if entries:
        backend().write(entries)


def remove(article: Article) -> None:
    """Take every word of an article out."""
    places = SearchEntry.objects.filter(publication__article=article)
    backend().erase(list(places.values_list("place", flat=True)))


def prune(places: Iterable[int]) -> int:
    """Take out those of these places that hold nothing searchable; return how many."""
    entries = SearchEntry.objects.filter(place__in=list(places))
    gone = list(
        entries.exclude(publication__in=searchable().values("pk")).values_list("place", flat=True)
    )
    if gone:
        backend().erase(gone)
    return len(gone)


def plain_text(rendered: str) -> str:
    """Return the words of a rendered body as plain text, captions in their places."""
    return " ".join(_spaced(rendered).split())


def _spaced(rendered: str) -> str:
    """Return a body's plain text with blanks of any number where a tag stood between words."""
    if "<figure" in rendered:
        rendered = body.fill_figures(rendered, lambda figure: f"<p>{figure.caption}</p>")
    text = _TAG.sub(" ", _WITHIN_WORDS.sub("", rendered))
    return html.unescape(text) if "&" in text else text


def names(publication: Publication) -> list[str]:
    """Return whom and what a story names beside its text: bylines, topics, sources, section."""
    stored = publication.credits
    rows = [row for kind in ("bylines", "topics", "sources") for row in stored.get(kind, [])]
    return [publication.section.name, *(row["name"] for row in rows)]


def photo_mark(has_photo: str, section: int | str = "") -> str:
    """Return the mark of stories with a lead photo ("true") or without one ("false"), or of those
    in a section: few marks are as common, and sections without photos would be compared in vain."""
    return mark(f"section{section}photo" if section else "photo", has_photo)


def language_marks(language: str) -> list[str]:
    """Return the marks of a language tag and of what it is a kind of: zh-Hant is also zh."""
    parts = language.lower().split("-")
    return [mark("language", "".join(parts[: n + 1])) for n in range(len(parts))]


def _ended_places(publications: Sequence[Publication], now: dt.datetime) -> list[int]:
    """Return the places of these publications, and of those of their articles that have ended."""
    of_articles = SearchEntry.objects.filter(
        publication__article__in={publication.article_id for publication in publications}
    )
    ended = of_articles.filter(
        Q(publication__in={publication.pk for publication in publications})
        | Q(publication__live_until__lte=now)
        | Q(publication__live_until=F("publication__live_from"))
    )
    return list(ended.values_list("place", flat=True))


def _is_to_be_seen(publication: Publication, now: dt.datetime) -> bool:
    until = publication.live_until
    return until is None or until > max(now, publication.live_from)


def _entries(
    publications: Sequence[Publication], places: dict[int, int], lists: Lists | None = None
) -> list[Entry]:
    named = lists or {name: _related(name, publications) for name in _LISTS}
    return [
        Entry(
            places[row.pk],
            row.pk,
            _texts(row),
            tuple(_marks(row, {name: named[name][row.pk] for name in _LISTS})),
        )
        for row in publications
    ]


def _texts(publication: Publication) -> dict[str, str]:
    texts = {
        "headline": publication.headline,
        "summary": f"{publication.standfirst} {publication.kicker}",
        "names": " ".join(names(publication)),
        "body": f"{publication.dateline} {_spaced(publication.body)} {publication.source_line}",
    }
    return {name: comparable(text, publication.language) for name, text in texts.items()}


def _marks(publication: Publication, related: Mapping[str, Sequence[int]]) -> Iterable[str]:
    has_photo = str(publication.lead_photo_id is not None)
    yield mark("section", publication.section_id)
    yield photo_mark(has_photo)
    yield photo_mark(has_photo, publication.section_id)
    yield from language_marks(publication.language)
    for name, ids in related.items():
        yield from (mark(name, pk) for pk in ids)


def _related(name: str, publications: Sequence[Publication]) -> defaultdict[int, list[int]]:
    through: Any = getattr(Publication, name).through
    column = {"topics": "topic", "contributors": "contributor", "sources": "source"}[name]
    found: defaultdict[int, list[int]] = defaultdict(list)
    rows = through.objects.filter(publication__in=[row.pk for row in publications])
    for publication, other in rows.values_list("publication_id", f"{column}_id"):
        found[publication].append(other)
    return found


def _places(publications: Sequence[Publication]) -> dict[int, int]:
    """Return the place each should have."""
    return {row.pk: place_of(row.published_at) + row.pk % PLACES_PER_SECOND for row in publications}


def _free_places(
    publications: Sequence[Publication], taken: set[int] | None = None
) -> dict[int, int]:
    """Return a place for each; where two stories would share one, the next that is free.

    ``taken`` are those of the places wanted that are not free; asked unless given.
    """
    wanted = _places(publications)
    if taken is None:
        found = SearchEntry.objects.filter(place__in=wanted.values())
        taken = set(found.values_list("place", flat=True))
    for pk, place in wanted.items():
        moved = False
        while place in taken or (moved and SearchEntry.objects.filter(place=place).exists()):
            place, moved = place + 1, True
        wanted[pk] = place
        taken.add(place)
    return wanted
