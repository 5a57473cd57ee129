"""How public pages answer: always fresh, cheap to ask again, and the same for every reader.

Nothing here or in the public templates touches session, user or CSRF token, so no answer sets a
cookie or varies by one. Caches keep a page but ask before each use: a story goes live, changes and
disappears in the second it should.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.generic import View


class Gone(Exception):  # noqa: N818 - an answer, not an error
    """A page that was taken down for good."""


class ReaderView(View):
    """Fixes the moment a page is asked for in ``self.at``, and finishes the answer."""

    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.at = timezone.now()
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Http404:
            response = not_found(request)
        except Gone:
            response = render(request, "410.html", {"at": self.at}, status=410)
        return finish(request, response)


def not_found(request: HttpRequest) -> HttpResponse:
    """Answer as for an address that never was one, whatever the reason; also in development."""
    return render(request, "404.html", status=404)


def finish(request: HttpRequest, response: Any) -> HttpResponse:
    """Give an answer its validator and its rule for caches; answer 304 to who has it already."""
    if hasattr(response, "render"):
        response.render()
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if response.status_code != 200:
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
