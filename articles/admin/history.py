"""An article's past at the desk: its revisions, what readers saw, who did what; and its preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import body, document, pages, snapshots
from articles.admin.base import ArticlePages
from articles.choices import PublicationKind
from articles.document import Document
from articles.exceptions import DocumentError
from articles.models import Article, Photo, Revision
from articles.models.articles import direction
from articles.workflow import editions, transitions

# As many as a page shows; older ones are found in the table of revisions.
SHOWN = 200
PREVIEW_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, noarchive",
    "Referrer-Policy": "no-referrer",
}


class HistoryPages(ArticlePages):
    """The addresses of an article's past and of its preview."""

    def history_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        revision = "<int:article_id>/revision/<int:number>/"
        return [
            # "cacheable" leaves the headers to the preview itself, whose rule is stricter.
            path(
                "<int:article_id>/preview/",
                wrap(self.preview, cacheable=True),
                name="articles_article_preview",
            ),
            path(revision, wrap(self.revision), name="articles_article_revision"),
            path(f"{revision}take-over/", wrap(self.take_over), name="articles_article_take_over"),
        ]

    def past(self, article: Article) -> dict[str, Any]:
        """Return what the history page shows, newest first."""
        current = snapshots.current_revision(article)
        revisions = article.revisions.select_related("created_by").defer("document")
        publications = article.publications.select_related("created_by", "revision")
        events = article.events.select_related("by", "revision").defer("revision__document")
        return {
            "current": current,
            "revisions": revisions.order_by("-number")[:SHOWN],
            "publications": publications.defer("body", "revision__document").order_by("-number")[
                :SHOWN
            ],
            "events": events.order_by("-number")[:SHOWN],
        }

    def revision(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Show one revision as it reads."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self.readable_article(request, article_id)
        row = _revision(article, number)
        story = document.from_json(row.document)
        current = snapshots.current_revision(article)
        may = self.has_change_permission(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revision %(number)d") % {"number": number},
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "revision": row,
            "story": story,
            "direction": direction(story.language),
            "text": read(story),
            "current": current,
            "may_take_over": may and (current is None or current.digest != row.digest),
        }
        return TemplateResponse(request, "admin/articles/article/revision.html", context)

    def take_over(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Make a proposal or an older revision the working copy, as a new revision."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        row = _revision(article, number)
        if "confirmed" not in request.POST:
            messages.error(request, _("Not taken over: tick that you have read the revision."))
            url = reverse("admin:articles_article_revision", args=[article.pk, number])
            return HttpResponseRedirect(url)
        try:
            made = transitions.adopt(row, by=request.user)
        except DocumentError as error:
            messages.error(request, error.message)
        else:
            self._tell(request, article, number, made)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def _tell(
        self, request: HttpRequest, article: Article, number: int, made: Revision | None
    ) -> None:
        if made is None:
            messages.info(request, _("The article reads so already: nothing was changed."))
            return
        message = _("Revision %(number)d was taken over as revision %(new)d.")
        message %= {"number": number, "new": made.number}
        self.log_change(request, article, message)
        messages.success(request, message)

    def preview(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Answer with the working copy exactly as its page would be now, for nobody to keep."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self.readable_article(request, article_id)
        if not request.user.has_perm("articles.preview_article"):
            raise PermissionDenied
        revision = snapshots.current_revision(article)
        if revision is None or article.section is None:
            messages.error(request, _("A preview needs a section: choose one and save."))
            return HttpResponseRedirect(
                reverse("admin:articles_article_change", args=[article.pk]), headers=PREVIEW_HEADERS
            )
        response = _preview(request, article, revision)
        for name, value in PREVIEW_HEADERS.items():
            response.headers[name] = value
        return response


def read(story: Document) -> str:
    """Return a document's body as readers would get it, with its photos."""
    photos = Photo.objects.filter(uuid__in=story.photos()).select_related("agency", "photographer")
    return pages.fill_body(body.render(story.body), photos.prefetch_related("renditions"))


def _revision(article: Article, number: int) -> Revision:
    row = article.revisions.select_related("created_by").filter(number=number).first()
    if row is None:
        raise Http404(_("This article has no revision %(number)d.") % {"number": number})
    return row


def _preview(request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
    at = timezone.now()
    now = transitions.standing(article, at)
    edition = editions.compose(
        article,
        revision,
        kind=PublicationKind.UPDATE if now.live else PublicationKind.FIRST,
        live_from=at,
        note="",
        by=request.user,
        before=list(now.publications),
    )
    rows = Photo.objects.filter(uuid__in=[photo.uuid for photo in edition.photos])
    rows = rows.select_related("agency", "photographer").prefetch_related("renditions")
    loaded = {photo.pk: photo for photo in rows}
    photos = [loaded[photo.pk] for photo in edition.photos]
    page = pages.make_page(edition.publication, photos, at=at)
    return pages.render_article(request, page, at=at, preview=True)
