"""The pages readers get. Each asks for publications as of one moment, that of the request."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import DetailView, TemplateView

from articles import pages
from articles.choices import PublicationKind
from articles.models import Contributor, Publication, Section, Source, Topic
from articles.public import cursors, lists, oembed
from articles.public.responses import Gone, ReaderView
from articles.public.structured_data import (
    json_ld,
    list_page,
    news_article,
    sharing,
    site_page,
)
from articles.querysets import PublicationQuerySet


class FrontView(ReaderView, TemplateView):
    """The front page: the newest story large, then more of the newest, then the sections."""

    template_name = "articles/front.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        front = lists.front_page(self.at)
        return super().get_context_data(
            front=front,
            is_front=True,
            at=self.at,
            feed_url=reverse("articles:feed"),
            canonical=pages.absolute("/"),
            structured_data=json_ld(site_page()),
            **kwargs,
        )


class StoryListView(ABC, ReaderView, DetailView):
    """A list of stories, newest first, by cursor. ``known_by`` names the relation that makes the
    thing known to readers; a section always is."""

    known_by = ""
    has_feed = True

    @abstractmethod
    def stories(self) -> PublicationQuerySet:
        """Return what stands in the list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = lists.cards(self.stories())
        try:
            page = cursors.read_page(rows, self.request.GET, settings.LIST_PAGE_SIZE)
        except cursors.BadCursorError as error:
            raise Http404 from error
        if not page.stories and not self._is_known():
            raise Http404
        return super().get_context_data(
            list=page,
            at=self.at,
            feed_url=f"{self.object.get_absolute_url()}feed/" if self.has_feed else "",
            canonical=pages.absolute(f"{self.object.get_absolute_url()}{page.here}"),
            structured_data=json_ld(list_page(str(self.object), self.object.get_absolute_url())),
            **kwargs,
        )

    def _is_known(self) -> bool:
        return not self.known_by or lists.is_known(self.known_by, self.object, self.at)


class SectionView(StoryListView):
    model = Section
    template_name = "articles/section.html"
    slug_field = slug_url_kwarg = "path"

    def stories(self) -> PublicationQuerySet:
        return lists.in_section(self.object, self.at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        children = self.object.children.filter(in_navigation=True)
        return super().get_context_data(
            children=children,
            current=self.object.path.split("/")[0],
            current_page=self.object.path,
            **kwargs,
        )


class TopicView(StoryListView):
    queryset = Topic.objects.select_related("merged_into")
    template_name = "articles/topic.html"
    known_by = "topics"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        target = self.get_object().merged_into
        if target is not None:
            return HttpResponsePermanentRedirect(target.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def stories(self) -> PublicationQuerySet:
        return lists.on_topic(self.object, self.at)


class ContributorView(StoryListView):
    model = Contributor
    template_name = "articles/contributor.html"
    known_by = "contributors"

    def stories(self) -> PublicationQuerySet:
        return lists.credited_to(self.object, self.at)


class SourceView(StoryListView):
    model = Source
    template_name = "articles/source.html"
    known_by = "sources"
    has_feed = False

    def stories(self) -> PublicationQuerySet:
        return lists.leaning_on(self.object, self.at)


class ArticleView(ReaderView):
    """A story at its address: the story, its notice of retraction, where it went, or gone."""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        publication = self._publication(path)
        if publication is None:
            return self._moved(path)
        if publication.kind == PublicationKind.KILL:
            raise Gone
        common: dict[str, Any] = {
            "canonical": pages.absolute(publication.get_absolute_url()),
            "current": publication.section.path.split("/")[0],
        }
        if publication.kind == PublicationKind.RETRACTION:
            context = {"publication": publication, "at": self.at, **common}
            return render(request, "articles/retraction.html", context)
        photos = list(publication.photos.all())
        page = pages.make_page(publication, photos, at=self.at)
        return pages.render_article(
            request,
            page,
            at=self.at,
            structured_data=json_ld(news_article(page)),
            sharing=sharing(page),
            oembed_url=oembed.discovery(publication),
            **common,
        )

    def _publication(self, path: str) -> Publication | None:
        rows = Publication.objects.public(self.at).filter(path=path)
        return (
            rows.select_related("section", "section__parent")
            .prefetch_related(pages.with_renditions())
            .annotate(uuid=F("article__uuid"))
            .first()
        )

    def _moved(self, path: str) -> HttpResponseBase:
        """Lead on from an address the story had before; one it is yet to get leads nowhere."""
        had = lists.begun(self.at).filter(path=path)
        now = Publication.objects.public(self.at).filter(article__in=had.values("article"))
        publication = now.only("path", "kind").first()
        if publication is None:
            raise Http404
        if publication.kind == PublicationKind.KILL:
            raise Gone
        return HttpResponsePermanentRedirect(publication.get_absolute_url())
