"""What a change touches: which kept pages are stale by it, here and in caches in front of the site.

Listens to the workflow and to the tables whose words stand on pages. Kept pages become stale in the
transaction of the change, edges are told once it is committed. Errs on the wide side: what is rare
(a retraction, a section's name) makes everything stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import post_delete, post_save

from articles import generations, purging
from articles.choices import PublicationKind
from articles.generations import ANY_STORY, EVERYTHING, MISSING
from articles.models import (
    Contributor,
    Event,
    Front,
    Photo,
    Publication,
    Section,
    Source,
    SourceAlias,
    Topic,
)
from articles.public.caching import story_tags
from articles.workflow.signals import event_in_transaction

# What takes a story out of lists or back into them, for every list it ever stood in.
WIDE = frozenset({"retract", "reinstate", "archive", "unarchive", "kill"})
HARD = frozenset({"retract", "kill"})
_EDITIONS = 3
_MOST_STORIES = 50


def on_event(event: Event, publications: Sequence[Publication], **kwargs: Any) -> None:
    """Make stale what shows a story that begins, changes, ends, or is to do so."""
    if event.publication is None:
        return
    is_wide = event.action in WIDE
    editions = publications[: -_EDITIONS - 1 : -1]
    if is_wide:  # a kill has emptied them
        rows = Publication.objects.filter(article=event.article_id).select_related("section")
        editions = list(rows.defer("body").order_by("-number")[:_EDITIONS])
    tags = {MISSING, ANY_STORY} | of_stories(editions, event.article.uuid)
    generations.bump({EVERYTHING, *tags} if is_wide else tags)
    if event.action != "schedule":
        is_hard = event.action in HARD
        paths = addresses(editions)
        transaction.on_commit(partial(purging.purge, tags, paths, hard=is_hard), robust=True)


def of_stories(editions: Iterable[Publication], uuid: Any) -> set[str]:
    return {tag for edition in editions for tag in story_tags(edition, uuid)}


def _section_tags(path: str) -> set[str]:
    """Return the tags of a section and of those above it, whose lists hold its stories."""
    parts = path.split("/")
    return {f"section:{'/'.join(parts[:length])}" for length in range(1, len(parts) + 1)}


def addresses(editions: Iterable[Publication]) -> list[str]:
    """Return the paths of pages that show a story, for edges that know no tags."""
    found = dict.fromkeys(["/", "/feed/"])
    for edition in editions:
        found |= dict.fromkeys([edition.get_absolute_url()])
        for tag in sorted(_section_tags(edition.section.path)):
            page = f"/{tag.removeprefix('section:')}/"
            found |= dict.fromkeys([page, f"{page}feed/"])
        for row in edition.credits.get("topics", []):
            found |= dict.fromkeys([f"/topic/{row['slug']}/"])
        for row in edition.credits.get("bylines", []):
            if row["slug"]:
                found |= dict.fromkeys([f"/by/{row['slug']}/"])
    return list(found)


def on_photo(photo: Photo) -> None:
    """Make stale what shows a photo now or is to show it: credit, caption, rights, or killed."""
    through = Publication.photos.through.objects.filter(photo=photo.pk)
    shown = Publication.objects.filter(pk__in=through.values("publication"))
    shown = shown.exclude(live_until=F("live_from")).exclude(kind=PublicationKind.KILL)
    rows = shown.select_related("section", "article").defer("body").order_by("-pk")
    editions = list(rows[: _MOST_STORIES + 1])
    if not editions:
        return
    tags = {f"photo:{photo.uuid}"}
    for edition in editions:
        tags |= story_tags(edition, edition.article.uuid)
    if len(editions) > _MOST_STORIES or photo.killed_at:
        tags.add(EVERYTHING)
    generations.bump({ANY_STORY, *tags})
    paths = addresses(editions)
    is_hard = photo.killed_at is not None
    transaction.on_commit(partial(purging.purge, tags, paths, hard=is_hard), robust=True)


def on_front(front: Front) -> None:
    """Make stale the page of a layout that was made, called off or ended."""
    path = front.section.path if front.section else ""
    tag = f"section:{path}" if path else "front"
    generations.bump({tag})
    address = f"/{path}/" if path else "/"
    transaction.on_commit(partial(purging.purge, {tag}, [address], hard=False), robust=True)


def everything(*, hard: bool = False) -> None:
    """Make every kept page stale, as after an import or a change that stands on all pages."""
    generations.bump({EVERYTHING})
    transaction.on_commit(partial(purging.purge, {EVERYTHING}, ["/"], hard=hard), robust=True)


def on_row(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Follow a row whose words stand on pages; a new one but a section stands on none yet."""
    if kwargs.get("raw"):
        return
    if isinstance(instance, Photo):
        if not kwargs.get("created"):
            on_photo(instance)
    elif isinstance(instance, Front):
        on_front(instance)
    elif isinstance(instance, Section) or not kwargs.get("created"):
        everything()


def connect() -> None:
    event_in_transaction.connect(on_event, dispatch_uid="articles.touching")
    for model in (Front, Section, Topic, Contributor, Source, SourceAlias, Photo):
        for signal in (post_save, post_delete):
            signal.connect(on_row, sender=model, dispatch_uid=f"articles.touching.{id(signal)}")
