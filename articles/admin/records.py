"""Revisions, publications, events and other rows that are written once: to be looked up only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.base import ReadOnlyAdmin
from articles.admin.finding import FOUND, find
from articles.models import (
    Approval,
    Article,
    Correction,
    Event,
    Publication,
    PublicPath,
    Rendition,
    Revision,
)

# What no row shows of its article.
_UNREAD = [
    f"article__{field.name}"
    for field in Article._meta.concrete_fields
    if field.name not in ("id", "headline", "slugline")
]


class OfAnArticle(ReadOnlyAdmin):
    """Rows that lead to their article's history."""

    list_select_related = ["article"]
    search_fields = ["article__headline"]
    search_help_text = _(
        "Finds the rows of articles with these words: of all that are published, and of the 1,000 "
        "articles and 500 drafts changed last; of any by its whole published headline, address, "
        "author’s name or uuid."
    )
    heavy: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*_UNREAD, *self.heavy)

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Return the rows of the articles that the words find, as they do in the articles' list."""
        if not search_term.strip():
            return queryset, False
        stories = find(Article.objects.all(), search_term)
        rows = queryset.filter(article__in=stories).order_by().values_list("pk", flat=True)
        newest = sorted(rows, reverse=True)[:FOUND]
        # Without its ends PostgreSQL may walk from the newest row of all to the first of these.
        ends = {"pk__range": (newest[-1], newest[0])} if newest else {}
        return queryset.filter(pk__in=newest, **ends), False

    @admin.display(description=_("history"))
    def story(self, row: Any) -> str:
        url = reverse("admin:articles_article_history", args=[row.article_id])
        return format_html('<a href="{}">{}</a>', url, row.article)


@admin.register(Revision)
class RevisionAdmin(OfAnArticle):
    list_display = ["__str__", "story", "number", "created_at", "created_by", "origin", "note"]
    list_select_related = ["article", "created_by"]
    list_filter = ["origin", "is_proposal"]
    ordering = ["-id"]
    fields = [
        "story", "number", "text", "note", "origin", "is_proposal", "created_by", "created_at",
        "digest",
    ]  # fmt: skip
    heavy = ("document",)

    @admin.display(description=_("text"))
    def text(self, row: Revision) -> str:
        url = reverse("admin:articles_article_revision", args=[row.article_id, row.number])
        return format_html('<a href="{}">{}</a>', url, _("Read this revision"))


@admin.register(Publication)
class PublicationAdmin(OfAnArticle):
    list_display = ["headline", "story", "number", "kind", "live_from", "live_until", "created_by"]
    list_select_related = ["article", "created_by"]
    list_filter = ["kind"]
    ordering = ["-live_from", "-id"]
    sortable_by = ["live_from"]
    fields = [
        "story", "number", "kind", "note", "live_from", "live_until", "path", "section", "headline",
        "standfirst", "published_at", "revised_at", "words", "created_by", "created_at", "digest",
        "previous_digest",
    ]  # fmt: skip
    heavy = ("body",)


@admin.register(Event)
class EventAdmin(OfAnArticle):
    list_display = ["action", "story", "at", "by", "reason"]
    list_select_related = ["article", "by"]
    ordering = ["-at", "-id"]


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    list_display = ["now", "was", "publication"]
    list_select_related = ["publication"]
    ordering = ["-id"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ["revision", "approved_by", "approved_at"]
    list_select_related = ["revision", "approved_by"]
    ordering = ["-id"]


@admin.register(PublicPath)
class PublicPathAdmin(OfAnArticle):
    list_display = ["path", "story", "created_at"]
    ordering = ["-id"]
    sortable_by = ["path"]


@admin.register(Rendition)
class RenditionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "photo"]
    list_select_related = ["photo"]
    ordering = ["-id"]
