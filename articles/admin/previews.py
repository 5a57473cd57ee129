"""Previews at the desk: the page in a frame as wide as a phone or a desk, and links for others."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import previews, snapshots
from articles.admin.base import ArticlePages
from articles.admin.standing import moment
from articles.exceptions import WorkflowError
from articles.models import Article, PreviewLink

WIDTHS = {"phone": gettext_lazy("Phone"), "desktop": gettext_lazy("Desktop")}
# Links the page shows: those that work, and as many of the others.
SHOWN = 20

framed_here = csp_replace({"frame-ancestors": [SELF]})


class PreviewPages(ArticlePages):
    """The addresses of an article's framed preview and of its preview links."""

    def preview_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = "articles_article_preview"
        links = "<int:article_id>/preview-links/"
        return [
            path("<int:article_id>/preview/frame/", wrap(self.preview_frame), name=f"{name}_frame"),
            # "cacheable" leaves the headers to the preview itself, whose rule is stricter.
            path(
                "<int:article_id>/preview/",
                wrap(self.preview_page, cacheable=True),
                name=f"{name}_page",
            ),
            path(links, wrap(self.preview_links), name=f"{name}_links"),
            path(
                f"{links}<int:link_id>/withdraw/",
                wrap(self.withdraw_link),
                name=f"{name}_link_withdraw",
            ),
        ]

    def preview_frame(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show what would go live, in a frame, with the links that were given to others."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self._previewed(request, article_id)
        revision = snapshots.current_revision(article)
        width = request.GET.get("width", "")
        width = width if width in WIDTHS else "phone"
        may_share = previews.may_share(article, request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "revision": revision,
            "width": width,
            "widths": list(WIDTHS.items()),
            "may_share": may_share,
            "lifetimes": [(name, label) for name, (_delta, label) in previews.LIFETIMES.items()],
            "links": _links(article) if may_share else [],
        }
        template = "admin/articles/article/preview_frame.html"
        response = previews.sealed(TemplateResponse(request, template, context))
        # Its own forms are refused without the origin that browsers leave out with the referrer.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @method_decorator([xframe_options_sameorigin, framed_here])
    def preview_page(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Answer with the working copy's page; the one page of the site that a frame may hold."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self._previewed(request, article_id)
        revision = snapshots.current_revision(article)
        if revision is None:
            return _refusal(_("Save the article first."))
        try:
            return previews.respond(request, article, revision, by=request.user)
        except WorkflowError as error:
            return _refusal(error.message)

    def preview_links(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Make a link to the revision that was seen."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id)
        number = request.POST.get("revision", "")
        number = number if number.isascii() and number.isdigit() and len(number) < 10 else "0"
        rows = article.revisions.filter(number=int(number), is_proposal=False)
        try:
            revision = rows.first()
            if revision is None:
                raise WorkflowError("no_revision", _("Say which revision you have seen."))
            link = previews.share(
                article,
                by=request.user,
                revision=revision,
                lifetime=request.POST.get("lifetime", ""),
                note=request.POST.get("note", ""),
            )
        except WorkflowError as error:
            messages.error(request, error.message)
            return _back(article)
        values = {"who": link.note, "number": revision.number, "time": moment(link.expires_at)}
        message = _("Preview link for %(who)s made: revision %(number)d, until %(time)s.") % values
        self.log_change(request, article, message)
        messages.success(request, message)
        return _back(article)

    def withdraw_link(self, request: HttpRequest, article_id: int, link_id: int) -> HttpResponse:
        """Let a link work no longer, from now on."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id)
        link = get_object_or_404(PreviewLink, pk=link_id, article=article)
        try:
            previews.withdraw(link, by=request.user)
        except WorkflowError as error:
            messages.error(request, error.message)
            return _back(article)
        message = _("Preview link for %(who)s withdrawn.") % {"who": link.note}
        self.log_change(request, article, message)
        messages.success(request, message)
        return _back(article)

    def _previewed(self, request: HttpRequest, article_id: int) -> Article:
        article = self.readable_article(request, article_id)
        if not request.user.has_perm("articles.preview_article"):
            raise PermissionDenied
        return article


def _links(article: Article) -> list[tuple[PreviewLink, str]]:
    """Return an article's links, newest first, each with its address while it works."""
    now = timezone.now()
    rows = article.preview_links.select_related("created_by", "revision").defer(
        "revision__document"
    )
    works = list(rows.filter(withdrawn_at=None, expires_at__gt=now, created_by__is_active=True))
    over = rows.exclude(pk__in=[row.pk for row in works])[:SHOWN]
    return [*((row, previews.address(row)) for row in works), *((row, "") for row in over)]


def _refusal(message: str) -> HttpResponse:
    text = HttpResponse(message, content_type="text/plain; charset=utf-8", status=409)
    return previews.sealed(text)


def _back(article: Article) -> HttpResponse:
    url = reverse("admin:articles_article_preview_frame", args=[article.pk])
    return HttpResponseRedirect(f"{url}#links")
