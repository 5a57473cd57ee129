"""Which stories stand in which list, and what of them is loaded. Publicness is ``listed(at)``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404

from articles import fronts, listings
from articles.cards import Card, card_columns, read_cards
from articles.listings import Load, Stories
from articles.models import Contributor, Publication, Section, Source, Topic
from articles.prepared import Prepared
from articles.querysets import PublicationQuerySet


def stories(kind: str, things: Sequence[int], at: dt.datetime) -> Stories:
    """Return the listed stories under some things, by their keys; ``kind`` as in ``newest``."""
    return listings.stories(kind, things, Publication.objects.listed(at))


def begun(at: dt.datetime) -> PublicationQuerySet:
    """Return what readers could see at some time up to ``at``; only then a path leads somewhere."""
    return Publication.objects.filter(live_from__lte=at).exclude(live_until=F("live_from"))


def of_begun(rows: QuerySet, at: dt.datetime) -> QuerySet:
    """Keep the rows whose ``publication`` has begun, joined: a subquery would find all of these."""
    rows = rows.filter(publication__live_from__lte=at)
    return rows.exclude(publication__live_until=F("publication__live_from"))


def is_known(relation: str, thing: Topic | Contributor | Source, at: dt.datetime) -> bool:
    """Return whether readers can have met a topic, contributor or source by now.

    Until then it has no page: that a draft names somebody is nobody's business. ``relation`` is
    the publication's.
    """
    things = with_merged(thing) if isinstance(thing, Topic) else [thing.pk]
    return begun(at).filter(**{f"{relation}__in": things}).exists()


def newest(
    kind: str,
    at: dt.datetime,
    things: Iterable[int] = (),
    *,
    shown: Iterable[int] = (),
    size: int,
) -> list[Card]:
    """Return the cards of the first ``size`` stories of a list, newest first, in two queries.

    ``kind`` is the relation to the ``things`` (keys) whose list it is, "" for all stories; those
    ``shown`` already are left out.
    """
    return read_cards(newest_rows(kind, at, things, shown=shown, size=size, load=card_columns))


def newest_rows(
    kind: str,
    at: dt.datetime,
    things: Iterable[int] = (),
    *,
    shown: Iterable[int] = (),
    size: int,
    load: Load,
) -> list[Any]:
    """Return what ``load`` asks for of the first stories of a list; the others as in ``newest``."""
    given = [list(things), list(shown)] if kind else []
    return _newest(kind, size, load)(at, *given)


def find(kind: str, address: str) -> Any:
    """Return the section, topic, contributor or source at an address; ``kind`` as in ``newest``.

    Raises Http404.
    """
    found = _AT[kind].first(address)
    if found is None:
        raise Http404
    return found


def with_merged(topic: Topic) -> list[int]:
    """Return the keys of a topic and of those that were merged into it."""
    return [pk for (pk,) in _MERGED(topic.pk)]


@cache
def _newest(kind: str, size: int, load: Load) -> Prepared:
    """Return the query that ``newest_rows`` asks for a kind of list."""

    def build(at: dt.datetime, things: Sequence[int] = (), shown: Sequence[int] = ()) -> Any:
        rows = Publication.objects.listed(at)
        found = listings.stories(kind, things, rows.exclude(pk__in=shown) if shown else rows)
        return found.older(load, size)

    return Prepared(build)


_AT = {
    "section": Prepared(lambda path: Section.objects.select_related("parent").filter(path=path)),
    "topics": Prepared(lambda slug: Topic.objects.select_related("merged_into").filter(slug=slug)),
    "contributors": Prepared(lambda slug: Contributor.objects.filter(slug=slug)),
    "sources": Prepared(lambda slug: Source.objects.filter(slug=slug)),
}
_MERGED = Prepared(
    lambda topic: (
        Topic.objects.filter(Q(pk=topic) | Q(merged_into=topic)).order_by("pk").values_list("pk")
    )
)


def cards(publications: PublicationQuerySet, *more: str) -> PublicationQuerySet:
    """Load what a card shows, pictures included, in two queries; and some columns ``more``."""
    return fronts.cards(publications, *more)


def front_page(at: dt.datetime) -> fronts.FrontPage[Card]:
    """Return the front page with what editors arranged and what fills the rest."""
    return fronts.front_page(at)
