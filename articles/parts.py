"""The rows of a working copy, each table read once, when it is first asked for.

Whoever holds an article's lock may hand its rows on from the form to the revision and to the
publication made of it: until the transaction ends nobody else can change them. Who changes rows
says so with ``forget``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from articles.models import (
    Article,
    Attribution,
    Byline,
    Contributor,
    Photo,
    Placement,
    RelatedLink,
    Source,
    Topic,
)


class Parts:
    """The lists are in the order in which they stand."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._photos: dict[str, Photo] = {}

    @cached_property
    def topics(self) -> list[Topic]:
        return list(self.article.topics.all())

    @cached_property
    def bylines(self) -> list[Byline]:
        return list(self.article.bylines.select_related("contributor"))

    @cached_property
    def attributions(self) -> list[Attribution]:
        rows = self.article.attributions
        return list(rows.select_related("source", "verified_by", "approved_by"))

    @cached_property
    def related_links(self) -> list[RelatedLink]:
        return list(self.article.related_links.select_related("related").defer("related__body"))

    @cached_property
    def placements(self) -> list[Placement]:
        """The placements with their photos, and who these are credited to."""
        rows = self.article.placements
        return list(rows.select_related("photo__agency", "photo__photographer"))

    def forget(self, name: str) -> None:
        """Have a list read again when it is next asked for."""
        for kept in (name, "sources"):
            self.__dict__.pop(kept, None)

    def give(self, name: str, rows: Iterable[Any]) -> None:
        """Take the rows of a list that somebody else has read, in their order."""
        self.__dict__[name] = list(rows)

    def photos(self, uuids: Iterable[str]) -> dict[str, Photo]:
        """Return photos by uuid, those that are here; those of the text are known already."""
        wanted = list(dict.fromkeys(uuids))
        if self.article.pk is not None and set(wanted) - self._photos.keys():
            self._photos |= {str(row.photo.uuid): row.photo for row in self.placements}
        if missing := set(wanted) - self._photos.keys():
            rows = Photo.objects.filter(uuid__in=missing)
            found = rows.select_related("agency", "photographer")
            self._photos |= {str(photo.uuid): photo for photo in found}
        return {uuid: self._photos[uuid] for uuid in wanted if uuid in self._photos}

    def contributors(self) -> list[Contributor]:
        return list({row.contributor_id: row.contributor for row in self.bylines}.values())

    @cached_property
    def sources(self) -> list[Source]:
        """The sources of the attributions, by name."""
        found = {row.source.pk: row.source for row in self.attributions if row.source}
        if len(found) > 1:  # the database alone knows their order
            return list(Source.objects.filter(pk__in=found))
        return list(found.values())
