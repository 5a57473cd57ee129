"""Which lists have feeds, and how a feed answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles import fronts
from articles.models import Section, Topic
from articles.pages import absolute
from articles.public import cursors, lists
from articles.public.feeds import atom, corrections, json_feed, rss
from articles.public.feeds.entries import Feed, story_entries
from articles.public.feeds.texts import Text, loaded
from articles.public.responses import ReaderView
from articles.websub import FORMATS

WRITERS: dict[str, ModuleType] = {"rss": rss, "atom": atom, "json": json_feed}


def feed_links(name: str, home: str) -> list[tuple[str, str, str]]:
    """Return the feeds of a page as (media type, title, address), for the head of its HTML."""
    labels = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
    return [
        (WRITERS[key].MEDIA_TYPE, f"{name} ({labels[key]})", f"{home}{part}")
        for key, part in FORMATS.items()
    ]


class FeedView(ABC, ReaderView):
    """Answers in the format of the address; says in ``Link`` where it is and which hubs know it."""

    is_kept = True

    def get(self, request: HttpRequest, feed_format: str, **kwargs: str) -> HttpResponse:
        writer = WRITERS[feed_format]
        try:
            feed = self.feed(request.GET, **kwargs)
        except cursors.BadCursorError as error:
            raise Http404 from error
        content_type = f"{writer.MEDIA_TYPE}; charset=utf-8"
        response = HttpResponse(writer.write(feed), content_type=content_type)
        ways = (f'<{url}>; rel="{rel}"' for rel, url in feed.links(feed_format))
        response.headers["Link"] = ", ".join(ways)
        return response

    @abstractmethod
    def feed(self, asked: Mapping[str, str], **kwargs: str) -> Feed:
        """Return the page of the feed that is asked for; raises Http404, BadCursorError."""

    def of_stories(
        self,
        kind: str,
        things: Sequence[int],
        asked: Mapping[str, str],
        **about: str,
    ) -> Feed:
        """Return the asked page of stories in full; ``about`` are title, description and home.

        ``kind`` and ``things`` name them as in ``lists.newest``.
        """
        size = settings.LIST_PAGE_SIZE
        if "before" in asked or "after" in asked:
            page = cursors.read_page(lists.stories(kind, things, self.at), loaded, asked, size)
        else:
            rows = lists.newest_rows(kind, self.at, things, size=size + 1, load=loaded)
            found: list[Any] = [Text._make(row) for row in rows]
            page = cursors.first_page(found, size)
        stories: list[Any] = page.stories
        entries = story_entries([Text._make(row) for row in stories], self.at)
        ways = {"here": page.here, "newer": page.newer, "older": page.older}
        return Feed(entries=entries, **about, **ways)


class SiteFeed(FeedView):
    def tags(self) -> set[str]:
        return {"front"}

    def feed(self, asked: Mapping[str, str], **kwargs: str) -> Feed:
        about = _("The newest stories of %(site)s") % {"site": settings.SITE_NAME}
        return self.of_stories(
            "",
            (),
            asked,
            title=settings.SITE_NAME,
            description=about,
            home=absolute("/"),
        )


class StoryFeed(FeedView):
    """The newest stories of a list, in full. ``known_by`` as in ``views.StoryListView``."""

    known_by = ""
    _KINDS = {"topics": "topic", "contributors": "by", "sources": "source"}

    def tags(self) -> set[str]:
        return {f"{self._KINDS[self.known_by]}:{self.kwargs['slug']}"}

    def find(self, **kwargs: str) -> Any:
        """Return the section, topic, person or source by the parts of the address."""
        return lists.find(self.known_by or "section", kwargs.get("path") or kwargs["slug"])

    def things(self, found: Any) -> list[int]:
        """Return the keys of what the list is of."""
        return [found.pk]

    def feed(self, asked: Mapping[str, str], **kwargs: str) -> Feed:
        found = self.find(**kwargs)
        title = f"{found} – {settings.SITE_NAME}"
        feed = self.of_stories(
            self.known_by or "section",
            self.things(found),
            asked,
            title=title,
            description=getattr(found, "description", "") or title,
            home=absolute(found.get_absolute_url()),
        )
        if not feed.entries and self.known_by and not lists.is_known(self.known_by, found, self.at):
            raise Http404
        return feed


class SectionFeed(StoryFeed):
    def tags(self) -> set[str]:
        return {f"section:{self.kwargs['path']}"}

    def things(self, found: Section) -> list[int]:
        return fronts.with_those_under(found)


class TopicFeed(StoryFeed):
    known_by = "topics"

    def find(self, **kwargs: str) -> Topic:
        topic: Topic = super().find(**kwargs)
        return topic.merged_into or topic

    def things(self, found: Topic) -> list[int]:
        return lists.with_merged(found)


class ContributorFeed(StoryFeed):
    known_by = "contributors"


class SourceFeed(StoryFeed):
    known_by = "sources"


class CorrectionsFeed(FeedView):
    """What was put right: what was wrong, what is right, and where."""

    def tags(self) -> set[str]:
        return {"corrections"}

    def feed(self, asked: Mapping[str, str], **kwargs: str) -> Feed:
        size = settings.LIST_PAGE_SIZE
        before = asked.get("before")
        place = cursors.decode(before) if before is not None else None
        told = corrections.newest(self.at, place, size + 1)
        last = told[:size][-1] if len(told) > size else None
        return Feed(
            title=_("Corrections – %(site)s") % {"site": settings.SITE_NAME},
            description=_("What %(site)s got wrong, and what is right")
            % {"site": settings.SITE_NAME},
            home=absolute("/corrections/"),
            entries=corrections.entries(told[:size], self.at),
            here=f"?before={before}" if before else "",
            older=f"?before={cursors.encode_place((last.live_from, last.pk))}" if last else "",
        )
