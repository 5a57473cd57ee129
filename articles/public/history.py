"""How a story read before: its versions as readers saw them, and what changed between two.

Only what was public is told: no names of staff, no working notes, no attribution that the page
itself keeps to itself. A retracted story has its notice and no versions, a killed one nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles import document, pages
from articles.changes.compare import SAME, compare
from articles.choices import PublicationKind
from articles.document import Document, Figure, Inline
from articles.models import Photo, Publication
from articles.public import lists
from articles.public.responses import Gone, ReaderView

_WITHDRAWN = (PublicationKind.RETRACTION, PublicationKind.KILL)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a story; ``number`` counts from 1 what readers saw, whatever was called off.

    ``earlier`` is the number of the version with a text before it, 0 if there is none.
    """

    number: int
    publication: Publication
    earlier: int = 0

    @property
    def has_text(self) -> bool:
        return self.publication.kind not in _WITHDRAWN


def versions_of(article: int, at: dt.datetime) -> list[Version]:
    """Return what readers saw of an article up to a moment, oldest first, in one query."""
    rows = lists.begun(at).filter(article=article).order_by("number")
    rows = rows.select_related("section").defer("body", "standfirst", "related")
    found: list[Version] = []
    earlier = 0
    for number, publication in enumerate(rows, start=1):
        version = Version(number, publication, earlier)
        found.append(version)
        earlier = number if version.has_text else earlier
    return found


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a story after a moment: taken back, or changes that readers were told of."""

    retracted_at: dt.datetime | None
    note: str
    changes: Sequence[pages.Change]
    url: str


def since(publication: Publication, at: dt.datetime, now: dt.datetime) -> Since | None:
    """Return what readers of a past page have to know by now; None if nothing."""
    rows = lists.begun(now).filter(article=publication.article_id, live_from__gt=at)
    later = list(rows.order_by("number").only("kind", "live_from", "note", "path"))
    if not later:
        return None
    last = later[-1]
    is_retracted = last.kind == PublicationKind.RETRACTION
    told = [pages.Change(row.kind, row.live_from, row.note) for row in later]
    told = [change for change in told if change.kind in pages.TOLD]
    if not is_retracted and not told:
        return None
    return Since(
        last.live_from if is_retracted else None,
        last.note if is_retracted else "",
        told,
        pages.absolute(last.get_absolute_url()),
    )


def retraction(article: int, at: dt.datetime) -> Publication | None:
    """Return the notice that stands in place of a story, None if it is not retracted."""
    rows = Publication.objects.public(at).filter(article=article, kind=PublicationKind.RETRACTION)
    return rows.select_related("section").first()


class StoryHistoryView(ReaderView):
    """What the pages about a story's past share: whether there is one, and for whom."""

    name = "history"
    story: Publication

    def get(self, request: HttpRequest, path: str, **numbers: int) -> HttpResponseBase:
        if not settings.NEWSROOM_PUBLIC_HISTORY:
            raise Http404
        rows = Publication.objects.public(self.at).select_related("section", "article")
        story = rows.filter(path=path).first()
        if story is None:
            return self._moved(path, numbers)
        self.story = story
        if story.kind == PublicationKind.KILL or story.is_emptied:
            raise Gone
        if story.kind == PublicationKind.RETRACTION:
            return HttpResponseRedirect(story.get_absolute_url())
        self.versions = versions_of(story.article_id, self.at)
        context = self.context(**numbers)
        return render(request, f"articles/{self.name}.html", {**self._common(), **context})

    def context(self, **numbers: int) -> dict[str, Any]:
        """Return what the page shows besides the story; raises Http404."""
        return {"rows": self.versions[::-1]}

    def tags(self) -> set[str]:
        return {f"article:{self.story.article.uuid}"} if hasattr(self, "story") else set()

    def version(self, number: int) -> Version:
        """Return a version with a text."""
        if not 0 < number <= len(self.versions) or not self.versions[number - 1].has_text:
            raise Http404
        return self.versions[number - 1]

    def _common(self) -> dict[str, Any]:
        return {
            "story": self.story,
            "at": self.at,
            "current": self.story.section.path.split("/")[0],
            "history_url": reverse("articles:history", kwargs={"path": self.story.path}),
        }

    def _moved(self, path: str, numbers: dict[str, int]) -> HttpResponseBase:
        had = lists.begun(self.at).filter(path=path)
        now = Publication.objects.public(self.at).filter(article__in=had.values("article"))
        story = now.only("path", "kind", "headline").first()
        if story is None:
            raise Http404
        if story.kind == PublicationKind.KILL or story.is_emptied:
            raise Gone
        where = {"path": story.path, **numbers}
        return HttpResponseRedirect(reverse(f"articles:{self.name}", kwargs=where))


class HistoryView(StoryHistoryView):
    """The list of a story's versions."""


class VersionView(StoryHistoryView):
    """One version as it stood."""

    name = "version"

    def context(self, **numbers: int) -> dict[str, Any]:
        version = self.version(numbers["number"])
        row = Publication.objects.select_related("section").prefetch_related(
            pages.with_renditions()
        )
        publication = row.get(pk=version.publication.pk)
        page = pages.make_page(publication, list(publication.photos.all()), at=self.at)
        until = publication.live_until
        return {
            "version": version,
            "publication": publication,
            "page": page,
            "is_latest": until is None or until > self.at,
            "newest": self.versions[-1],
            "later": next((one for one in self.versions[version.number :] if one.has_text), None),
        }


class DifferenceView(StoryHistoryView):
    """What was changed from one version to another, word by word."""

    name = "difference"

    def context(self, **numbers: int) -> dict[str, Any]:
        older, newer = numbers["older"], numbers["newer"]
        if older >= newer:
            raise Http404
        before, after = self.version(older), self.version(newer)
        was, now = (_public_document(version.publication) for version in (before, after))
        was, now = _without_killed_photos(was, now)
        names = _names(before.publication, after.publication)
        found = compare(was, now, {**names, **_people(was, now)})
        return {
            "before": before,
            "after": after,
            "changes": [change for change in found if change.kind != SAME],
        }


def _public_document(publication: Publication) -> Document:
    """Return the document of a version with only that in it which its page shows."""
    return replace(
        document.from_json(publication.revision.document),
        slug="",
        slugline="",
        originally_published_at="",
        original="",
        attributions=(),
        related=(),
    )


def _without_killed_photos(*stories: Document) -> list[Document]:
    wanted = {uuid for story in stories for uuid in story.photos()}
    killed = Photo.objects.filter(uuid__in=wanted).exclude(killed_at=None) if wanted else []
    gone = {str(photo.uuid) for photo in killed}
    return [
        replace(
            story,
            body=tuple(
                replace(block, caption=Inline(), alt="")
                if isinstance(block, Figure) and block.photo in gone
                else block
                for block in story.body
            ),
        )
        for story in stories
    ]


def _names(*publications: Publication) -> dict[str, str]:
    """Return what sections and topics were called on the pages, by path and slug."""
    names = {row.section.path: row.section.name for row in publications}
    for row in publications:
        names |= {topic["slug"]: topic["name"] for topic in row.credits.get("topics", [])}
    return names


def _people(*stories: Document) -> dict[str, str]:
    return {row.contributor: row.name for story in stories for row in story.bylines}


def address(publication: Publication) -> str:
    """Return where a story's versions are listed, "" where readers may not see them."""
    if not settings.NEWSROOM_PUBLIC_HISTORY:
        return ""
    return reverse("articles:history", kwargs={"path": publication.path})


def now_of(request: HttpRequest) -> dt.datetime | None:
    """Return the clock's time for a page that is asked as of a past moment, else None."""
    shown = getattr(request, "as_of", None)
    return timezone.now() if shown is not None and not shown.is_future else None
