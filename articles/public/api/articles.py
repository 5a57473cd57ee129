"""Stories by the API: lists, one story in each format, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles import pages
from articles.formats import newsml_g2, nitf
from articles.formats.ninjs import ninjs, ninjs_line
from articles.formats.story import NEWSML_G2, NITF, Story
from articles.public.api import asking, changes, loading, parameters, selecting
from articles.public.api.base import ApiView, linked
from articles.public.api.describe import articles as described
from articles.public.api.parameters import BEGINNING, Parameter
from articles.public.api.problems import Problem
from articles.public.filters import NAMES as FILTERS


class ArticlesView(ApiView):
    """Listed stories, newest first or found by words, in short."""

    parameters: ClassVar[Sequence[Parameter]] = (
        asking.WORDS,
        asking.SORT,
        asking.LIMIT,
        asking.CURSOR,
    )
    other_parameters = FILTERS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if "since" not in request.query_params:
            super().initial(request, *args, **kwargs)

    @extend_schema(**described.LIST)
    def get(self, request: Request) -> HttpResponse:
        if "since" in request.query_params:
            return self._to_changes(request)
        page = selecting.select(request.query_params, self.asked, self.at)
        following = self.address(cursor=page.following) if page.following else ""
        items = [ninjs_line(story) for story in loading.listed(page.publications)]
        return linked({"items": items, "next": following or None}, next=following)

    def _to_changes(self, request: Request) -> HttpResponse:
        """Lead on: what changed is a list of its own, and holds all stories or none."""
        rest = set(request.query_params) - {"since", "limit"}
        if rest:
            raise Problem(
                400,
                "Changes are told of all stories, so that none gets lost when it changes place: "
                "ask for `since` without other parameters.",
                [(name[:100], "Can't stand beside since.") for name in sorted(rest)[:10]],
            )
        parameters.read(request.query_params, (asking.SINCE, asking.LIMIT))
        address = reverse("articles:api-changes")
        return HttpResponseRedirect(pages.absolute(f"{address}?{request.query_params.urlencode()}"))


class ChangesView(ApiView):
    """Whatever changed, oldest change first: new, updated, corrected, withdrawn."""

    parameters: ClassVar[Sequence[Parameter]] = (
        asking.SINCE,
        asking.CHANGES_CURSOR,
        asking.LIMIT,
    )

    @extend_schema(**described.CHANGES)
    def get(self, request: Request) -> Response:
        start = self.asked["cursor"] or changes.since(self.asked["since"] or BEGINNING)
        page = changes.read_page(start, self.at, self.asked["limit"], loading.whole)
        limit = self.asked["limit"]
        address = pages.absolute(f"{request.path}?limit={limit}&cursor={page.cursor}")
        items = [ninjs(story) for story in loading.stories(page.publications, self.at)]
        return linked({"items": items, "next": address, "more": page.more}, next=address)


class ArticleView(ApiView):
    """One story as ninjs."""

    @extend_schema(**described.ONE)
    def get(self, request: Request, uuid: str) -> Response:
        return Response(ninjs(_readable(loading.story(uuid, self.at))))


class NewsMLG2View(ApiView):
    """One story as NewsML-G2."""

    @extend_schema(**described.NEWSML_G2)
    def get(self, request: Request, uuid: str) -> HttpResponse:
        return self._write(uuid, newsml_g2.newsml_g2, NEWSML_G2)

    def _write(self, uuid: str, write: Callable[[Story], bytes], media_type: str) -> HttpResponse:
        content = write(_readable(loading.story(uuid, self.at)))
        return HttpResponse(content, content_type=media_type)


class NitfView(NewsMLG2View):
    """One story as NITF."""

    @extend_schema(**described.NITF)
    def get(self, request: Request, uuid: str) -> HttpResponse:
        return self._write(uuid, nitf.nitf, NITF)


def _readable(story: Story) -> Story:
    """Return a story unless it was killed: then the answer is that it is gone."""
    if story.is_killed:
        raise Problem(410, "This story was removed. Take it down where you have shown it.")
    return story
