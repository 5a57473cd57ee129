"""What a killed article said, for those few who may read it; each reading is kept in the log."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import document
from articles.admin.base import ArticlePages
from articles.admin.history import read
from articles.models import Article, KilledText
from articles.models.articles import direction
from articles.previews import sealed
from articles.workflow.permissions import has_permission

PERMISSION = "articles.view_killed_article"


class KilledPages(ArticlePages):
    """The address of a killed article's text."""

    def killed_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view(self.killed, cacheable=True)
        return [path("<int:article_id>/killed/", wrap, name="articles_article_killed")]

    def killed_url(self, request: HttpRequest, article: Article) -> str:
        """Return where the text is read, "" for who may not or if nothing was killed."""
        may = has_permission(request.user, PERMISSION, article.section)
        if not may or not KilledText.objects.filter(article=article).exists():
            return ""
        return reverse("admin:articles_article_killed", args=[article.pk])

    def killed(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show the working copy as it was when the article was killed."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self.readable_article(request, article_id)
        if not has_permission(request.user, PERMISSION, article.section):
            raise PermissionDenied
        kept = get_object_or_404(KilledText, article=article)
        story = document.from_json(kept.kept["working_copy"])
        self.log_change(request, article, _("Read the killed text."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Killed text"),
            "opts": Article._meta,
            "original": article,
            "kept": kept,
            "story": story,
            "direction": direction(story.language),
            "text": read(story),
        }
        return sealed(TemplateResponse(request, "admin/articles/article/killed.html", context))
