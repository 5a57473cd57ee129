"""oEmbed 1.0 for stories: what another site needs to show a link to one (https://oembed.com)."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from articles import pages
from articles.choices import Channel
from articles.credits import byline_text
from articles.models import Publication
from articles.public.responses import ReaderView


def discovery(publication: Publication) -> str:
    """Return the full address that describes a story; its page names it."""
    query = urlencode({"url": pages.absolute(publication.get_absolute_url())})
    return pages.absolute(f"{reverse('articles:oembed')}?{query}")


class OEmbedView(ReaderView):
    """Describes the story at ``url`` as a link; other formats than JSON are not offered (501)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("format", "json") != "json":
            return HttpResponse("Only JSON is offered.", status=501, content_type="text/plain")
        publication = self._publication(request.GET.get("url", ""))
        if publication is None:
            raise Http404
        response = JsonResponse(describe(publication))
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


def describe(publication: Publication) -> dict[str, Any]:
    """Return the oEmbed answer for a story."""
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": publication.headline,
        "author_name": byline_text(publication.credits.get("bylines", [])) or settings.SITE_NAME,
        "provider_name": settings.SITE_NAME,
        "provider_url": pages.absolute("/"),
    }
    photo = publication.lead_photo
    picture = pages.picture(photo, channel=Channel.SHARE) if photo else None
    if picture is not None:
        found |= {
            "thumbnail_url": pages.absolute(picture.src),
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return found
