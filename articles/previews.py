"""Previews: a revision's page as it would be now, and the links by which others may see one.

A link is signed and dies when it expires, is withdrawn, or its article is killed; all of that is
asked of the database each time, and whoever holds a dead one is told nothing.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import document, pages
from articles.choices import PublicationKind, PublicState
from articles.document import line
from articles.exceptions import WorkflowError
from articles.models import Article, Photo, PreviewLink, Revision, Section
from articles.workflow import editions
from articles.workflow.permissions import has_permission
from articles.workflow.standing import standing
from articles.workflow.steps import lock

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, noarchive",
    "Referrer-Policy": "no-referrer",
}
# Name → how long a link lives, and what the desk calls it.
LIFETIMES: dict[str, tuple[dt.timedelta, Any]] = {
    "hour": (dt.timedelta(hours=1), gettext_lazy("1 hour")),
    "day": (dt.timedelta(days=1), gettext_lazy("1 day")),
    "week": (dt.timedelta(days=7), gettext_lazy("7 days")),
}
PERMISSION = "articles.share_preview_article"
_SALT = "articles.preview-link"
_UUID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LONGEST_TOKEN = 200


def respond(
    request: HttpRequest, article: Article, revision: Revision, *, by: Any, **extra: Any
) -> TemplateResponse:
    """Answer with a revision exactly as its page would be now; raises WorkflowError
    (``no_section``)."""
    section = document.from_json(revision.document).section
    if not section or not Section.objects.filter(path=section).exists():
        raise WorkflowError("no_section", _("A preview needs a section: choose one and save."))
    at = timezone.now()
    now = standing(article, at)
    edition = editions.compose(
        article,
        revision,
        kind=PublicationKind.UPDATE if now.live else PublicationKind.FIRST,
        live_from=at,
        note="",
        by=by,
        before=list(now.publications),
    )
    rows = Photo.objects.filter(uuid__in=[photo.uuid for photo in edition.photos])
    rows = rows.select_related("agency", "photographer").prefetch_related("renditions")
    loaded = {photo.pk: photo for photo in rows}
    photos = [loaded[photo.pk] for photo in edition.photos]
    page = pages.make_page(edition.publication, photos, at=at)
    response = pages.render_article(request, page, at=at, preview=True, **extra)
    return sealed(response)


def sealed(response: Any) -> Any:
    """Give an answer the headers that keep it out of caches, indexes and referrers."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@transaction.atomic
def share(
    article: Article, *, by: Any, revision: Revision, lifetime: str, note: str
) -> PreviewLink:
    """Make a link to one revision, for whom ``note`` says, that lives as ``LIFETIMES`` says.

    Raises WorkflowError: not_permitted, not_now, lifetime, no_note, no_revision, no_section.
    """
    article = lock(article)
    _permit(article, by)
    if standing(article).state == PublicState.KILLED:
        raise WorkflowError("not_now", _("The article was killed: it is shown to nobody."))
    if lifetime not in LIFETIMES:
        raise WorkflowError("lifetime", _("Choose how long the link is to work."))
    note = line(note)
    if not note:
        raise WorkflowError("no_note", _("Say for whom the link is."))
    if revision.article_id != article.pk:
        raise WorkflowError("no_revision", _("Say which revision you have seen."))
    if not document.from_json(revision.document).section:
        raise WorkflowError("no_section", _("A preview needs a section: choose one and save."))
    made = timezone.now()
    return PreviewLink.objects.create(
        article=article,
        revision=revision,
        note=note[:200],
        created_by=by,
        created_at=made,
        expires_at=made + LIFETIMES[lifetime][0],
    )


@transaction.atomic
def withdraw(link: PreviewLink, *, by: Any) -> None:
    """Let a link work no longer. Raises WorkflowError: not_permitted, not_now."""
    _permit(lock(link.article), by)
    rows = PreviewLink.objects.filter(pk=link.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        raise WorkflowError("not_now", _("The link was withdrawn already."))


def may_share(article: Article, user: Any) -> bool:
    return has_permission(user, PERMISSION, article.section)


def address(link: PreviewLink) -> str:
    """Return the whole address of a link, with its signature."""
    token = Signer(salt=_SALT).sign(link.uuid.hex)
    return f"{settings.SITE_URL}{reverse('articles:preview', args=[token])}"


def opened(token: str, at: dt.datetime | None = None) -> PreviewLink | None:
    """Return the link a token names, if it works at a moment; else None, whatever the reason."""
    at = at or timezone.now()
    try:
        name = Signer(salt=_SALT).unsign(token[:_LONGEST_TOKEN])
    except BadSignature:
        return None
    if not _UUID.fullmatch(name):
        return None
    rows = PreviewLink.objects.select_related("article", "revision", "created_by")
    link = rows.filter(
        uuid=uuid.UUID(name), withdrawn_at=None, expires_at__gt=at, created_by__is_active=True
    ).first()
    if link is None or standing(link.article, at).state == PublicState.KILLED:
        return None
    return link


def _permit(article: Article, by: Any) -> None:
    if not may_share(article, by):
        raise WorkflowError(
            "not_permitted", _("Your role doesn’t include giving previews to others here.")
        )
