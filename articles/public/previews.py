"""The page behind a preview link, for readers without an account; kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles import previews
from articles.exceptions import WorkflowError
from articles.public.responses import not_found


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the revision a link shows; whatever is wrong with a link, with the same page."""
    link = previews.opened(token)
    if link is None:
        return previews.sealed(not_found(request))
    live = link.article.publications.live().filter(revision=link.revision_id)
    extra = {"link": link, "is_live": live.exists()}
    try:
        response = previews.respond(
            request, link.article, link.revision, by=link.created_by, **extra
        )
    except WorkflowError:
        return previews.sealed(not_found(request))
    response.template_name = "articles/preview.html"
    return response
