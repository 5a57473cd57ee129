"""The pages readers get. Each asks for publications as of one moment, that of the request."""

from __future__ import annotations

import datetime as dt
from abc import ABC
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView

from articles import fronts, pages
from articles.cards import Story
from articles.choices import PublicationKind
from articles.formats.story import alternates
from articles.listings import Stories
from articles.models import Publication, Section
from articles.prepared import Prepared
from articles.public import caching, cursors, errors, history, lists, oembed
from articles.public.feeds.views import feed_links
from articles.public.responses import MISSING_TAG, Gone, ReaderView
from articles.public.structured_data import (
    json_ld,
    list_page,
    news_article,
    profile_page,
    properties,
    sharing_list,
    site_page,
    source_page,
)
from articles.querysets import PublicationQuerySet


class FrontView(ReaderView, TemplateView):
    """The front page: what editors arranged, filled up with the newest, then the sections."""

    template_name = "articles/front.html"
    is_kept = True

    def tags(self) -> set[str]:
        return {"front"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        front = lists.front_page(self.at)
        return super().get_context_data(
            front=front,
            is_front=True,
            at=self.at,
            feed_url=reverse("articles:feed"),
            canonical=pages.absolute("/"),
            feeds=feed_links(settings.SITE_NAME, "/"),
            structured_data=json_ld(site_page()),
            sharing=sharing_list(settings.SITE_NAME, "", "/"),
            **kwargs,
        )


class StoryListView(ABC, ReaderView, DetailView):
    """A list of stories, newest first, by cursor. ``known_by`` names the relation that makes the
    thing known to readers; a section always is."""

    is_kept = True
    known_by = ""

    def tags(self) -> set[str]:
        return {self.tag(), "lists"}

    def tag(self) -> str:
        """Return the tag of this one list (docs/http.md)."""
        kind = {"contributors": "by", "sources": "source"}.get(self.known_by, "topic")
        return f"{kind}:{self.kwargs['slug']}"

    def get_object(self, queryset: Any = None) -> Any:
        return self._thing

    @cached_property
    def _thing(self) -> Any:
        return lists.find(self.known_by or "section", self.kwargs[self.slug_url_kwarg])

    def stories(self) -> Stories:
        """Return what stands in the list."""
        return lists.stories(self.known_by, self.things(), self.at)

    def things(self) -> list[int]:
        """Return the keys of what the list is of."""
        return [self.object.pk]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self._page()
        if not page.stories and not self._is_known():
            raise Http404
        home = self.object.get_absolute_url()
        path = f"{home}{page.here}"
        about = getattr(self.object, "description", "") or getattr(self.object, "bio", "")
        return super().get_context_data(
            list=page,
            at=self.at,
            feed_url=f"{home}feed/",
            feeds=feed_links(f"{self.object} – {settings.SITE_NAME}", home),
            canonical=pages.absolute(path),
            structured_data=json_ld(self.structured(path, page.stories)),
            sharing=sharing_list(str(self.object), about, path),
            **kwargs,
        )

    def _page(self) -> cursors.ListPage:
        asked, size = self.request.GET, settings.LIST_PAGE_SIZE
        if "before" not in asked and "after" not in asked:
            return cursors.first_page(self.newest(size + 1), size)
        try:
            return cursors.read_page(self.stories(), lists.cards, asked, size)
        except cursors.BadCursorError as error:
            raise Http404 from error

    def newest(self, size: int) -> list[Any]:
        """Return the cards of the first of ``stories``."""
        return lists.newest(self.known_by, self.at, self.things(), size=size)

    def structured(self, path: str, stories: Sequence[Story]) -> dict[str, Any]:
        """Return the page in schema.org's words."""
        return list_page(str(self.object), path, stories, description=self.object.description)

    def _is_known(self) -> bool:
        return not self.known_by or lists.is_known(self.known_by, self.object, self.at)


class SectionView(StoryListView):
    """A section's page: the front an editor arranged, if there is one, then the newest stories."""

    template_name = "articles/section.html"
    slug_url_kwarg = "path"

    def tag(self) -> str:
        return f"section:{self.object.path}"

    def stories(self) -> Stories:
        """Return the stories that don't stand in the section's front above them.

        Pages further back leave out what an editor chose, so that each story stands once however
        far a reader goes; what fills the front is newer than they are.
        """
        above = self._above()
        stories = fronts.in_sections(self._sections, self.at)
        return stories.exclude(pk__in=above) if above else stories

    def newest(self, size: int) -> list[Any]:
        above = self._above()
        return lists.newest("section", self.at, self._sections, shown=above, size=size)

    @cached_property
    def _sections(self) -> list[int]:
        return fronts.with_those_under(self.object)

    def _above(self) -> set[int]:
        """Return the keys of the stories that stand above the list, or did on its first page."""
        slots = fronts.slots_at(self.object, self.at)
        if "before" in self.request.GET:
            self.front = None
            return set(fronts.stories_in(slots, self.at).values())
        self.front = fronts.section_front(self._sections, self.at, slots)
        return self.front.shown if self.front else set()

    def structured(self, path: str, stories: Sequence[Story]) -> dict[str, Any]:
        above = self.object.parent
        way = [(above.name, above.get_absolute_url())] if above else []
        about = self.object.description
        is_first = "before" not in self.request.GET and "after" not in self.request.GET
        top = self.front.stories if self.front and is_first else []
        return list_page(self.object.name, path, [*top, *stories], description=about, way=way)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        children = _CHILDREN(self.object.pk)
        context = super().get_context_data(
            children=children,
            current=self.object.path.split("/")[0],
            current_page=self.object.path,
            **kwargs,
        )
        return {**context, "front": None if context["list"].here else self.front}


class TopicView(StoryListView):
    template_name = "articles/topic.html"
    known_by = "topics"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        target = self.get_object().merged_into
        if target is not None:
            return HttpResponsePermanentRedirect(target.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def things(self) -> list[int]:
        return lists.with_merged(self.object)


class ContributorView(StoryListView):
    template_name = "articles/contributor.html"
    known_by = "contributors"

    def structured(self, path: str, stories: Sequence[Story]) -> dict[str, Any]:
        return profile_page(self.object, path, stories)


class SourceView(StoryListView):
    template_name = "articles/source.html"
    known_by = "sources"

    def structured(self, path: str, stories: Sequence[Story]) -> dict[str, Any]:
        return source_page(self.object, path, stories)


class ArticleView(ReaderView):
    """A story at its address: the story, its notice of retraction, where it went, or gone."""

    is_kept = True
    shown: set[str]

    def tags(self) -> set[str]:
        return self.shown

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        publication = self._publication(path)
        if publication is None:
            return self._moved(path)
        if publication.kind == PublicationKind.KILL or publication.is_emptied:
            raise Gone
        common: dict[str, Any] = {
            "canonical": pages.absolute(publication.get_absolute_url()),
            "current": publication.section.path.split("/")[0],
        }
        self.shown = caching.page_tags(publication)
        now = history.now_of(request)
        if now:
            common["since"] = history.since(publication, self.at, now)
            publication = history.retraction(publication.article_id, now) or publication
        if publication.kind == PublicationKind.RETRACTION:
            self.may_be_stale = False
            context = {"publication": publication, "at": self.at, **common}
            return render(request, "articles/retraction.html", context)
        photos = list(publication.photos.all())
        page = pages.make_page(publication, photos, at=self.at)
        self.until = page.until
        translations = [(row.language, pages.absolute(row.url)) for row in page.translations]
        return pages.render_article(
            request,
            page,
            at=self.at,
            structured_data=json_ld(news_article(page, translations)),
            properties=properties(page),
            oembed_url=oembed.discovery(publication),
            alternates=[*alternates(publication.uuid), *oembed.alternates(publication)],
            hreflangs=pages.hreflangs(page),
            history_url=history.address(publication),
            **common,
        )

    def _publication(self, path: str) -> Any:
        """Return the publication at a path, with its article's ``uuid``; None if there is none."""
        publication = _AT_PATH.first(self.at, path)
        if publication is not None:
            pages.load_photos([publication])
        return publication

    def _moved(self, path: str) -> HttpResponseBase:
        """Lead on from an address the story had before; one it is yet to get leads nowhere."""
        had = lists.begun(self.at).filter(path=path)
        now = Publication.objects.public(self.at).filter(article__in=had.values("article"))
        columns = ("path", "kind", "headline")
        publication = now.only(*columns).annotate(uuid=F("article__uuid")).first()
        if publication is None:
            return self._namesake(path)
        if publication.kind == PublicationKind.KILL or publication.is_emptied:
            raise Gone
        self.shown = {f"article:{publication.uuid}"}
        return HttpResponsePermanentRedirect(publication.get_absolute_url())

    def _namesake(self, path: str) -> HttpResponseBase:
        """Lead on from a mistyped date, section or capital; for now, as the address is free."""
        publication = errors.namesake(path, self.at)
        if publication is None:
            raise Http404
        self.shown = {MISSING_TAG}
        return HttpResponseRedirect(publication.get_absolute_url())


def _at_path(at: dt.datetime, path: str) -> PublicationQuerySet:
    rows = Publication.objects.public(at).filter(path=path)
    return rows.select_related("section", "section__parent").annotate(uuid=F("article__uuid"))[:1]


_AT_PATH = Prepared(_at_path)
_CHILDREN = Prepared(lambda section: Section.objects.filter(parent=section, in_navigation=True))
