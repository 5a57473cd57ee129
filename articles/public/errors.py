"""What readers get when something is wrong: with the address, with their rights, with us.

A page for a missing address helps to find the story; the others need no database, since it may be
what is missing.
"""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from articles import replicas
from articles.models import Article, Publication
from articles.public.responses import MISSING_TAG, finish, not_found

RETRY_SECONDS = 30
_NAMESAKES = 20  # working copies with one slug that are looked at


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer an address that no view knows."""
    if request.path_info.startswith("/admin/"):
        response = not_found(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response
    return _missing(request)


@replicas.reading
def _missing(request: HttpRequest) -> HttpResponse:
    return finish(request, not_found(request), tags=[MISSING_TAG])


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("400.html", 400)


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _static("403.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 if it was the database that could not be reached."""
    failure = sys.exc_info()[1]
    if isinstance(failure, OperationalError | InterfaceError):
        response = _static("503.html", 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _static("500.html", 500)


def namesake(path: str, at: dt.datetime) -> Publication | None:
    """Return the one story that has the slug at the end of a story's path; None for several.

    Finds it under another section, another date, or with other capitals. Only what is listed is
    found, under the slug it is published with: that of a draft leads nowhere.
    """
    slug = unicodedata.normalize("NFC", path.strip("/").rsplit("/", 1)[-1])
    slugs = {slug, slug.lower()}
    articles = list(
        Article.objects.filter(slug__in=slugs).values_list("pk", flat=True)[:_NAMESAKES]
    )
    if not articles or len(articles) == _NAMESAKES:
        return None
    rows = Publication.objects.listed(at).filter(article__in=articles).only("path")
    found = [row for row in rows if row.path.strip("/").rsplit("/", 1)[-1] in slugs]
    return found[0] if len(found) == 1 else None


def _static(template: str, status: int) -> HttpResponse:
    response = HttpResponse(render_to_string(template), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
