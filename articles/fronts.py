"""What stands on the front page and on a section's front at a moment: layouts, and what fills them.

An editor's layout names stories for places; which of them readers see is asked of ``listed(at)``
when a page is made. A place without a story, or whose story is not listed or no longer pinned at
that moment, is filled with the newest story that is not shown yet. Each story stands once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from articles import listings
from articles.cards import Card, Story, card_columns, read_cards
from articles.choices import Zone
from articles.listings import Stories
from articles.models import Front, Publication, Section, Slot
from articles.pages import load_renditions, picture
from articles.photo_values import ON_CARDS
from articles.prepared import Prepared
from articles.querysets import PublicationQuerySet

Place = tuple[str, int]
T = TypeVar("T", bound=Story)
Load = Callable[[dt.datetime, set[int]], dict[int, T]]

# Zone → how many stories stand in it, as the template has room for them.
ROOM = {Zone.LEAD: 1, Zone.BESIDE: 3, Zone.UNDER: 4}
PLACES: list[Place] = [(str(zone), n) for zone, room in ROOM.items() for n in range(room)]
_LEAD_AMONG = 6  # newest stories of which the first with a picture leads, if no editor chose one
_IN_BLOCK = 5
_ON_CARDS = (
    *("article", "path", "headline", "standfirst", "kicker", "language", "published_at"),
    *("section__name", "section__path", "section__parent"),
    *(f"lead_photo__{name}" for name in ON_CARDS),
)


@dataclass
class FrontPage(Generic[T]):
    """``places`` are the filled ones of the top; ``blocks`` are top sections with more stories."""

    places: dict[Place, T] = field(default_factory=dict)
    blocks: list[tuple[Section, list[Card]]] = field(default_factory=list)

    @cached_property
    def _in_order(self) -> list[tuple[str, T]]:
        """Return the stories with their zones; without a lead the first of the others leads."""
        found = [(place[0], self.places[place]) for place in PLACES if place in self.places]
        return [(str(Zone.LEAD), found[0][1]), *found[1:]] if found else []

    @cached_property
    def lead(self) -> T | None:
        return self._in_order[0][1] if self._in_order else None

    @cached_property
    def beside(self) -> list[T]:
        return [story for zone, story in self._in_order if zone == Zone.BESIDE]

    @cached_property
    def under(self) -> list[T]:
        return [story for zone, story in self._in_order if zone == Zone.UNDER]

    @property
    def stories(self) -> list[T]:
        """Return the stories at the top in the order of the page."""
        return [story for _, story in self._in_order]

    @property
    def shown(self) -> set[int]:
        """Return the keys of the stories at the top, which a list below it leaves out."""
        return {story.pk for story in self.places.values()}


def in_section(section: Section, at: dt.datetime) -> Stories:
    """Return the stories of a section and of the sections under it."""
    return in_sections(with_those_under(section), at)


def all_in(section: Section | None, at: dt.datetime) -> Stories:
    """Return the stories that may stand on a page: the front page's (None) are all."""
    if section is None:
        return listings.stories("", (), Publication.objects.listed(at))
    return in_section(section, at)


def in_sections(sections: Sequence[int], at: dt.datetime) -> Stories:
    """Return the stories of sections, by their keys."""
    return listings.stories("section", sections, Publication.objects.listed(at))


def with_those_under(section: Section) -> list[int]:
    """Return the keys of a section and of the sections under it; sections are few."""
    under = f"{section.path}/"
    return [pk for pk, path in _SECTIONS() if pk == section.pk or path.startswith(under)]


def lines(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Load all of stories but their text, pictures included, in two queries."""
    rows = publications.for_lists().select_related("lead_photo__photographer")
    return rows.prefetch_related("lead_photo__renditions")


def cards(publications: PublicationQuerySet, *more: str) -> PublicationQuerySet:
    """Load what a card shows and no more but these columns, pictures included, in two queries."""
    return lines(publications).defer(None).only(*_ON_CARDS, *more)


def layout_at(section: Section | None, at: dt.datetime) -> Front | None:
    """Return the layout of a page (None: the front page) that is live at a moment."""
    begun = Front.objects.filter(section=section, live_from__lte=at)
    live = begun.filter(Q(live_until=None) | Q(live_until__gt=at))
    return live.order_by("-live_from").first()


def slots_at(section: Section | None, at: dt.datetime) -> list[Slot]:
    """Return the places given to stories by the layout that is live at a moment; one query."""
    return _SLOTS_AT(at) if section is None else _SLOTS_AT(at, section.pk)


def front_page(at: dt.datetime, slots: Sequence[Slot] | None = None) -> FrontPage[Card]:
    """Fill the front page: its top, then the newest of each section that are not in it.

    ``slots`` stand for those of the live layout, to see a layout before it is published.
    """
    slots = slots_at(None, at) if slots is None else slots
    chosen = stories_in(slots, at)
    newest = _not_chosen((pk for (pk,) in _NEWEST(at)), chosen)
    above = {*chosen.values(), *newest}
    sections = _WITH_NEWEST(at, sorted(above)) if above else []
    stories = _cards(at, above.union(*map(_newest_of, sections)))
    front = FrontPage(_placed(chosen, newest, stories))
    front.blocks = _blocks(sections, [row for row in stories.values() if row.pk not in above])
    return front


def section_front(
    sections: Sequence[int], at: dt.datetime, slots: Sequence[Slot]
) -> FrontPage[Card] | None:
    """Fill the top of a page of sections, by their keys; None without any slot."""
    if not slots:
        return None
    newest = [pk for (pk,) in _NEWEST_IN(at, list(sections))]
    return _filled(newest, at, slots, _cards)


def filled(listed: Stories, at: dt.datetime, slots: Sequence[Slot]) -> FrontPage[Publication]:
    """Fill the top of a page with publications: slots first, the newest of ``listed`` in every
    other place."""
    return _filled(listed.older(_keys, len(PLACES)), at, slots, _publications)


def _filled(
    newest: Iterable[int], at: dt.datetime, slots: Sequence[Slot], load: Load[T]
) -> FrontPage[T]:
    chosen = stories_in(slots, at)
    others = _not_chosen(newest, chosen)
    return FrontPage(_placed(chosen, others, load(at, {*chosen.values(), *others})))


def stories_in(slots: Iterable[Slot], at: dt.datetime) -> dict[Place, int]:
    """Return the keys of the publications that stand in their slots at a moment; one query."""
    pinned = {
        slot.article_id: (str(slot.zone), slot.position)
        for slot in slots
        if slot.pinned_until is None or slot.pinned_until > at
    }
    if not pinned:
        return {}
    found = {pinned[article]: pk for pk, article in _LISTED_OF(at, sorted(pinned))}
    return {place: found[place] for place in PLACES if place in found}


def next_change(at: dt.datetime) -> dt.datetime | None:
    """Return when a layout begins or a pin expires next; one query, answered from indexes."""
    begins = Front.objects.filter(live_from__gt=at).annotate(moment=F("live_from"))
    expires = Slot.objects.filter(pinned_until__gt=at).annotate(moment=F("pinned_until"))
    moments = (rows.order_by().values_list("moment", flat=True) for rows in (begins, expires))
    first, other = moments
    return first.union(other).order_by("moment").first()


def _keys(rows: PublicationQuerySet) -> Any:
    return rows.values_list("pk", flat=True)


def _not_chosen(newest: Iterable[int], chosen: dict[Place, int]) -> list[int]:
    """Return the newest stories for the places that are left, by their keys."""
    taken = set(chosen.values())
    return [pk for pk in newest if pk not in taken][: len(PLACES) - len(taken)]


def _publications(at: dt.datetime, wanted: set[int]) -> dict[int, Publication]:
    """Load stories, newest first, with what a card shows."""
    rows = _PUBLICATIONS(at, sorted(wanted)) if wanted else []
    load_renditions(story.lead_photo for story in rows)
    return {story.pk: story for story in rows}


def _cards(at: dt.datetime, wanted: set[int]) -> dict[int, Card]:
    """Load the cards of stories, newest first."""
    rows = _CARDS(at, sorted(wanted)) if wanted else []
    return {card.pk: card for card in read_cards(rows)}


def _placed(chosen: dict[Place, int], newest: list[int], stories: dict[int, T]) -> dict[Place, T]:
    """Return what stands in each place: the chosen stories, then the newest where none does."""
    placed = {place: stories[pk] for place, pk in chosen.items() if pk in stories}
    waiting = [stories[pk] for pk in newest if pk in stories]
    lead = PLACES[0]
    if lead not in placed and waiting:
        placed[lead] = _lead(waiting)
        waiting.remove(placed[lead])
    for place in PLACES:
        if place not in placed and waiting:
            placed[place] = waiting.pop(0)
    return placed


def _lead(newest: list[T]) -> T:
    return next(filter(_has_picture, newest[:_LEAD_AMONG]), newest[0])


def _has_picture(story: Story) -> bool:
    if isinstance(story, Card):
        return story.has_picture()
    return story.lead_photo is not None and picture(story.lead_photo) is not None


def _blocks(sections: list[Section], stories: list[Card]) -> list[tuple[Section, list[Card]]]:
    """Return the newest stories of each top section, those under it included."""
    found: dict[str, list[Card]] = {}
    for story in stories:
        found.setdefault(story.section_path.split("/")[0], []).append(story)
    tops = [section for section in sections if section.parent_id is None]
    return [(top, found[top.path][:_IN_BLOCK]) for top in tops if top.path in found]


def _with_newest(at: dt.datetime, above: list[int]) -> QuerySet[Section, Section]:
    """Return all sections with the keys of their newest stories that are not shown above.

    A few steps along one index for each section, whatever the size of the archive.
    """
    listed = Publication.objects.listed(at).exclude(pk__in=above)
    rows = listed.filter(section=OuterRef("pk")).newest_first().values("pk")
    newest = {f"newest_{n}": Subquery(rows[n : n + 1]) for n in range(_IN_BLOCK)}
    return Section.objects.annotate(**newest)


def _newest_of(section: Section) -> set[int]:
    ids = (getattr(section, f"newest_{n}") for n in range(_IN_BLOCK))
    return {pk for pk in ids if pk is not None}


def _slots_at(at: dt.datetime, section: int | None = None) -> QuerySet[Slot, Slot]:
    begun = Front.objects.filter(section=section, live_from__lte=at)
    live = begun.filter(Q(live_until=None) | Q(live_until__gt=at)).order_by("-live_from")
    return Slot.objects.filter(front=Subquery(live.values("pk")[:1]))


_SLOTS_AT = Prepared(_slots_at)
_SECTIONS = Prepared(lambda: Section.objects.order_by().values_list("pk", "path"))
_LISTED_OF = Prepared(
    lambda at, articles: (
        Publication.objects.listed(at).filter(article__in=articles).values_list("pk", "article_id")
    )
)
_NEWEST = Prepared(
    lambda at: Publication.objects.listed(at).newest_first().values_list("pk")[: len(PLACES)]
)
_NEWEST_IN = Prepared(lambda at, sections: in_sections(sections, at).older(_keys, len(PLACES)))
_WITH_NEWEST = Prepared(_with_newest)
_PUBLICATIONS = Prepared(
    lambda at, wanted: cards(Publication.objects.listed(at).filter(pk__in=wanted)).newest_first()
)
_CARDS = Prepared(
    lambda at, wanted: card_columns(
        Publication.objects.listed(at).filter(pk__in=wanted).newest_first()
    )
)
