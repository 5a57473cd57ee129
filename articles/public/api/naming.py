"""What stories are under, about, by and from, as far as readers can know of it; and corrections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles import pages
from articles.formats.story import without_empty
from articles.models import Contributor, Publication, Section, Source, Topic
from articles.public import lists
from articles.public.api import asking
from articles.public.api.base import ApiView, linked
from articles.public.api.describe import naming as described
from articles.public.api.parameters import Parameter


class SectionsView(ApiView):
    """All sections: a newsroom has some dozens of them."""

    @extend_schema(**described.SECTIONS)
    def get(self, request: Request) -> Response:
        rows = Section.objects.select_related("parent")
        return Response({"items": [self._item(row) for row in rows], "next": None})

    def _item(self, section: Section) -> dict[str, Any]:
        return without_empty(
            {
                "name": section.name,
                "path": section.path,
                "parent": section.parent.path if section.parent else "",
                "description": section.description,
                "url": pages.absolute(section.get_absolute_url()),
                "articles": _articles("section", section.path),
            }
        )


class NamesView(ABC, ApiView):
    """Rows that readers can have met in a story, in the order in which they were made."""

    parameters: ClassVar[Sequence[Parameter]] = (asking.LIMIT, asking.AFTER)

    @abstractmethod
    def known(self) -> QuerySet:
        """Return the rows that readers know of (``lists.is_known``)."""

    @abstractmethod
    def item(self, row: Any) -> dict[str, Any]:
        """Return what is told of a row."""

    def page(self) -> Response:
        size = self.asked["limit"]
        found = list(self.known().filter(pk__gt=self.asked["cursor"]).order_by("pk")[: size + 1])
        rows = found[:size]
        following = self.address(cursor=str(rows[-1].pk)) if len(found) > size else ""
        items = [without_empty(self.item(row)) for row in rows]
        return linked({"items": items, "next": following or None}, next=following)

    def begun_with(self, relation: str, link: Q) -> IsNull:
        """Return whether a row stood in anything readers could see by now.

        One step along the index of the table between, for each row looked at: of an EXISTS in a
        condition with "or" PostgreSQL would make a table of all such rows.
        """
        through: Any = getattr(Publication, relation).through
        return _found(lists.of_begun(through.objects.filter(link), self.at))


class TopicsView(NamesView):
    @extend_schema(**described.TOPICS)
    def get(self, request: Request) -> Response:
        return self.page()

    def known(self) -> QuerySet:
        told = self.begun_with("topics", Q(topic=OuterRef("pk")))
        merged = _found(Topic.objects.filter(told, merged_into=OuterRef("pk")))
        return Topic.objects.filter(told | merged, merged_into=None)

    def item(self, row: Topic) -> dict[str, Any]:
        return {
            "name": row.name,
            "slug": row.slug,
            "description": row.description,
            "url": pages.absolute(row.get_absolute_url()),
            "articles": _articles("topic", row.slug),
        }


class ContributorsView(NamesView):
    @extend_schema(**described.CONTRIBUTORS)
    def get(self, request: Request) -> Response:
        return self.page()

    def known(self) -> QuerySet:
        link = Q(contributor=OuterRef("pk"))
        return Contributor.objects.filter(self.begun_with("contributors", link))

    def item(self, row: Contributor) -> dict[str, Any]:
        return {
            "name": row.name,
            "slug": row.slug,
            "title": row.title,
            "description": row.bio,
            "url": pages.absolute(row.get_absolute_url()),
            "articles": _articles("contributor", row.slug),
        }


class SourcesView(NamesView):
    @extend_schema(**described.SOURCES)
    def get(self, request: Request) -> Response:
        return self.page()

    def known(self) -> QuerySet:
        return Source.objects.filter(self.begun_with("sources", Q(source=OuterRef("pk"))))

    def item(self, row: Source) -> dict[str, Any]:
        return {
            "name": row.name,
            "slug": row.slug,
            "kind": row.kind,
            "description": row.description,
            "licence": row.licence,
            "website": row.url,
            "url": pages.absolute(row.get_absolute_url()),
            "articles": _articles("source", row.slug),
        }


def _found(rows: QuerySet) -> IsNull:
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)


def _articles(name: str, value: str) -> str:
    return pages.absolute(f"{reverse('articles:api-articles')}?{urlencode({name: value})}")
