"""oEmbed 1.0 for stories: what another site needs to show a link to one (https://oembed.com)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from articles import pages
from articles.choices import BylineRole, Channel
from articles.credits import byline_text
from articles.models import Photo, Publication
from articles.public.addresses import page_of
from articles.public.responses import ReaderView
from articles.public.xml import HEAD, element

_WIDEST = 960  # pixels of a thumbnail when nothing is asked for
_NO_LIMIT = 100_000


def discovery(publication: Publication, format_name: str = "") -> str:
    """Return the full address that describes a story; its page names it."""
    values = {"url": pages.absolute(publication.get_absolute_url())}
    query = urlencode({**values, "format": format_name} if format_name else values)
    return pages.absolute(f"{reverse('articles:oembed')}?{query}")


def alternates(publication: Publication) -> list[tuple[str, str, str]]:
    """Return the description in XML as (media type, title, address), for the head of the page."""
    return [("text/xml+oembed", publication.headline, discovery(publication, "xml"))]


class OEmbedView(ReaderView):
    """Describes the story at ``url`` as a link, in JSON or XML; other formats are not offered.

    ``maxwidth`` and ``maxheight`` limit the thumbnail, in pixels; what is no number is no limit.
    """

    has_past = False

    def get(self, request: HttpRequest) -> HttpResponse:
        format_name = request.GET.get("format", "json")
        if format_name not in ("json", "xml"):
            return HttpResponse("JSON and XML are offered.", status=501, content_type="text/plain")
        publication = self._publication(request.GET.get("url", ""))
        if publication is None:
            raise Http404
        size = (_limit(request, "maxwidth"), _limit(request, "maxheight"))
        response = _answer(describe(publication, size), format_name)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    def _publication(self, address: str) -> Publication | None:
        try:
            asked, own = urlsplit(address), urlsplit(settings.SITE_URL)
        except ValueError:
            return None
        path = unquote(asked.path).lstrip("/")
        if asked.netloc != own.netloc or not path or "\x00" in path:
            return None
        rows = Publication.objects.listed(self.at).filter(path=path).for_lists()
        return rows.prefetch_related("lead_photo__renditions").first()


def describe(publication: Publication, size: tuple[int | None, int | None]) -> dict[str, Any]:
    """Return the oEmbed answer for a story, with a thumbnail no larger than ``size``."""
    photo = publication.lead_photo
    return {
        "version": "1.0",
        "type": "link",
        "title": publication.headline,
        "author_name": byline_text(publication.credits.get("bylines", [])) or settings.SITE_NAME,
        **_author_page(publication),
        "provider_name": settings.SITE_NAME,
        "provider_url": pages.absolute("/"),
        **(_thumbnail(photo, size) if photo else {}),
    }


def _author_page(publication: Publication) -> dict[str, str]:
    """Return the page of a single author."""
    rows = publication.credits.get("bylines", [])
    authors = [row for row in rows if row["role"] == BylineRole.AUTHOR]
    if len(authors) != 1 or not authors[0]["slug"]:
        return {}
    return {"author_url": page_of("contributor", authors[0]["slug"])}


def _thumbnail(photo: Photo, size: tuple[int | None, int | None]) -> dict[str, Any]:
    """Return the widest picture within the limits, nothing if none is small enough."""
    width, height = size[0] or _WIDEST, size[1] or _NO_LIMIT
    files = pages.renditions(photo, "jpeg", channel=Channel.SHARE)
    fitting = [row for row in files if row.width <= width and row.height <= height]
    if not fitting and size == (None, None):
        fitting = files[:1]
    if not fitting:
        return {}
    return {
        "thumbnail_url": pages.absolute(fitting[-1].url),
        "thumbnail_width": fitting[-1].width,
        "thumbnail_height": fitting[-1].height,
    }


def _limit(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _answer(described: dict[str, Any], format_name: str) -> HttpResponse:
    if format_name == "json":
        return JsonResponse(described, json_dumps_params={"ensure_ascii": False})
    lines = (element(name, str(value)) for name, value in described.items())
    document = HEAD.replace("?>", ' standalone="yes"?>') + element("oembed", *lines)
    return HttpResponse(document, content_type="text/xml; charset=utf-8")
