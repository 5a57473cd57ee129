"""Which stories stand in which list, and what of them is loaded. Publicness is ``listed(at)``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Q, Subquery

from articles.models import Contributor, Publication, Section, Source, Topic
from articles.pages import picture
from articles.querysets import PublicationQuerySet

_LEAD_AMONG = 6  # newest stories of which the first with a picture leads the front page
_BESIDE, _UNDER, _IN_BLOCK = 3, 4, 5


def in_section(section: Section, at: dt.datetime) -> PublicationQuerySet:
    """Return the stories of a section and of the sections under it."""
    under = Section.objects.filter(Q(pk=section.pk) | Q(path__startswith=f"{section.path}/"))
    return Publication.objects.listed(at).filter(
        section__in=list(under.values_list("pk", flat=True))
    )


def on_topic(topic: Topic, at: dt.datetime) -> PublicationQuerySet:
    """Return the stories about a topic or about one that was merged into it."""
    topics = Topic.objects.filter(Q(pk=topic.pk) | Q(merged_into=topic))
    ids = list(topics.values_list("pk", flat=True))
    rows = Publication.topics.through.objects.filter(topic__in=ids)
    return Publication.objects.listed(at).filter(pk__in=rows.values("publication"))


def credited_to(contributor: Contributor, at: dt.datetime) -> PublicationQuerySet:
    """Return the stories with this contributor in the byline."""
    return Publication.objects.listed(at).filter(contributors=contributor)


def leaning_on(source: Source, at: dt.datetime) -> PublicationQuerySet:
    """Return the stories that attribute something to this source."""
    return Publication.objects.listed(at).filter(sources=source)


def begun(at: dt.datetime) -> PublicationQuerySet:
    """Return what readers could see at some time up to ``at``; only then a path leads somewhere."""
    return Publication.objects.filter(live_from__lte=at).exclude(live_until=F("live_from"))


def is_known(relation: str, thing: Topic | Contributor | Source, at: dt.datetime) -> bool:
    """Return whether readers can have met a topic, contributor or source by now.

    Until then it has no page: that a draft names somebody is nobody's business. ``relation`` is
    the publication's.
    """
    if isinstance(thing, Topic):
        topics = Topic.objects.filter(Q(pk=thing.pk) | Q(merged_into=thing))
        return begun(at).filter(topics__in=topics).exists()
    return begun(at).filter(**{relation: thing}).exists()


def cards(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Load what a card shows, pictures included, in two queries."""
    rows = publications.for_lists().select_related("lead_photo__photographer")
    return rows.prefetch_related("lead_photo__renditions")


@dataclass
class FrontPage:
    """The front page: each story stands on it once; ``blocks`` are top sections with stories."""

    lead: Publication | None = None
    beside: list[Publication] = field(default_factory=list)
    under: list[Publication] = field(default_factory=list)
    blocks: list[tuple[Section, list[Publication]]] = field(default_factory=list)


def front_page(at: dt.datetime) -> FrontPage:
    """Fill the front page: the newest above, then the newest of each section; four queries."""
    newest = list(cards(Publication.objects.listed(at).newest_first())[: 1 + _BESIDE + _UNDER])
    if not newest:
        return FrontPage()
    front = FrontPage(lead=_lead(newest))
    rest = [story for story in newest if story is not front.lead]
    front.beside, front.under = rest[:_BESIDE], rest[_BESIDE:]
    front.blocks = _blocks(at, above={story.pk for story in newest})
    return front


def _lead(newest: list[Publication]) -> Publication:
    pictured = (s for s in newest[:_LEAD_AMONG] if s.lead_photo and picture(s.lead_photo))
    return next(pictured, newest[0])


def _blocks(at: dt.datetime, *, above: set[int]) -> list[tuple[Section, list[Publication]]]:
    """Return the newest stories of each top section, those under it included."""
    sections = list(_with_newest(at))
    wanted = {pk for section in sections for pk in _newest_of(section)} - above
    stories: dict[str, list[Publication]] = {}
    for story in cards(Publication.objects.listed(at).filter(pk__in=wanted)).newest_first():
        stories.setdefault(story.section.path.split("/")[0], []).append(story)
    tops = [section for section in sections if section.parent_id is None]
    return [(top, stories[top.path][:_IN_BLOCK]) for top in tops if top.path in stories]


def _with_newest(at: dt.datetime) -> list[Section]:
    """Return all sections with the ids of their newest stories.

    A few steps along one index for each section, whatever the size of the archive.
    """
    rows = Publication.objects.listed(at).filter(section=OuterRef("pk")).newest_first().values("pk")
    newest = {f"newest_{n}": Subquery(rows[n : n + 1]) for n in range(_IN_BLOCK)}
    return list(Section.objects.annotate(**newest))


def _newest_of(section: Section) -> list[int]:
    ids = (getattr(section, f"newest_{n}") for n in range(_IN_BLOCK))
    return [pk for pk in ids if pk is not None]
