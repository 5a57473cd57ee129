"""RSS 2.0 with the full text, of the site and of each list that has readers of its own.

Addresses in a feed are full ones under ``SITE_URL``. A feed carries an ETag and no Last-Modified: a
story that is taken back leaves the feed without making it any newer.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles import pages
from articles.choices import BylineRole, Channel
from articles.models import Contributor, Publication, Section, Topic
from articles.public import lists
from articles.public.responses import finish, not_found
from articles.querysets import PublicationQuerySet

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_CREATOR = "http://purl.org/dc/elements/1.1/"
_OWN_LINK = re.compile(r'(<a href=")(?=/(?!/))')


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with ``content:encoded`` and one ``dc:creator`` for each author."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": _CONTENT,
            "xmlns:dc": _CREATOR,
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "Newsroom")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])


class StoryFeed(Feed):
    """The newest stories of a list, in full."""

    feed_type = FullTextRss
    item_guid_is_permalink = False
    known_by = ""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        try:
            response = super().__call__(request, *args, **kwargs)
        except Http404:
            return finish(request, not_found(request))
        response.headers.pop("Last-Modified", None)
        return finish(request, response)

    def get_object(self, request: HttpRequest, **kwargs: str) -> Any:
        """Return what the feed is of, and fix the moment it is read at."""
        found, at = self.find(**kwargs), timezone.now()
        if self.known_by and not lists.is_known(self.known_by, found, at):
            raise Http404
        return found, at

    def find(self, **kwargs: str) -> Any:
        """Return the section, topic or person by the parts of the address; None for the site."""
        return None

    def stories(self, found: Any, at: dt.datetime) -> PublicationQuerySet:
        return Publication.objects.listed(at)

    def name(self, found: Any) -> str:
        return f"{found} – {settings.SITE_NAME}"

    def title(self, asked: tuple[Any, dt.datetime]) -> str:
        return self.name(asked[0])

    def description(self, asked: tuple[Any, dt.datetime]) -> str:
        return getattr(asked[0], "description", "") or self.name(asked[0])

    def link(self, asked: tuple[Any, dt.datetime]) -> str:
        return pages.absolute(asked[0].get_absolute_url() if asked[0] else "/")

    def feed_url(self, asked: tuple[Any, dt.datetime]) -> str:
        return f"{self.link(asked)}feed/"

    def items(self, asked: tuple[Any, dt.datetime]) -> list[Publication]:
        rows = self.stories(*asked).newest_first().select_related("section")
        full = rows.prefetch_related(pages.with_renditions()).annotate(uuid=F("article__uuid"))
        return list(full[: settings.LIST_PAGE_SIZE])

    def item_title(self, item: Publication) -> str:
        return item.headline

    def item_description(self, item: Publication) -> str:
        return item.standfirst

    def item_link(self, item: Publication) -> str:
        return pages.absolute(item.get_absolute_url())

    def item_guid(self, item: Any) -> str:
        return f"urn:newsroom:{item.uuid}"

    def item_pubdate(self, item: Publication) -> dt.datetime:
        return item.published_at

    def item_updateddate(self, item: Publication) -> dt.datetime:
        return item.revised_at

    def item_categories(self, item: Publication) -> list[str]:
        return [item.section.name, *(row["name"] for row in item.credits.get("topics", []))]

    def item_extra_kwargs(self, item: Publication) -> dict[str, Any]:
        rows = item.credits.get("bylines", [])
        authors = [row["name"] for row in rows if row["role"] == BylineRole.AUTHOR]
        return {"authors": authors or [settings.SITE_NAME], "content": full_text(item)}


class SiteFeed(StoryFeed):
    def name(self, found: Any) -> str:
        return settings.SITE_NAME

    def description(self, asked: tuple[Any, dt.datetime]) -> str:
        return _("The newest stories of %(site)s") % {"site": settings.SITE_NAME}


class SectionFeed(StoryFeed):
    def find(self, **kwargs: str) -> Section:
        return get_object_or_404(Section, path=kwargs["path"])

    def stories(self, found: Section, at: dt.datetime) -> PublicationQuerySet:
        return lists.in_section(found, at)


class TopicFeed(StoryFeed):
    known_by = "topics"

    def find(self, **kwargs: str) -> Topic:
        topic = get_object_or_404(Topic.objects.select_related("merged_into"), slug=kwargs["slug"])
        return topic.merged_into or topic

    def stories(self, found: Topic, at: dt.datetime) -> PublicationQuerySet:
        return lists.on_topic(found, at)


class ContributorFeed(StoryFeed):
    known_by = "contributors"

    def find(self, **kwargs: str) -> Contributor:
        return get_object_or_404(Contributor, slug=kwargs["slug"])

    def stories(self, found: Contributor, at: dt.datetime) -> PublicationQuerySet:
        return lists.credited_to(found, at)


def full_text(publication: Publication) -> str:
    """Return a story's text as HTML for another site's page: full addresses, plain figures."""
    photos = publication.photos.all()
    text = pages.fill_body(
        publication.body,
        photos,
        dateline=publication.dateline,
        template="articles/includes/feed_figure.html",
        channel=Channel.FEED,
    )
    linked = _OWN_LINK.sub(rf"\g<1>{settings.SITE_URL.rstrip('/')}", text)
    source_lines = ((line,) for line in publication.source_line.splitlines())
    return linked + format_html_join("", "\n<p>{}</p>", source_lines)
