"""What the desk's pages share: bounded lists, read-only tables, refusals told as messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.form_fields import SiteTimeField
from articles.models import Article
from articles.workflow.actions import refusal

COUNTED_TO = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than ``COUNTED_TO`` rows: nobody leafs through more, a search finds it."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, list):
            return len(rows)
        return rows.order_by().values("pk")[:COUNTED_TO].count()


# One field for a time, with the browser's own calendar.
TIMES: Any = {models.DateTimeField: {"form_class": SiteTimeField, "widget": SiteTimeField.widget}}


class DeskAdmin(admin.ModelAdmin):
    """A list that costs the same at a thousand and at a million rows."""

    formfield_overrides = TIMES
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    empty_value_display = "–"

    class Media:
        js = ["admin_newsroom/desk.js"]


def may_edit(request: HttpRequest, article: Article | None) -> bool:
    """Return whether this user may edit this article now; asked once a request."""
    if article is None or article.pk is None:
        return True
    kept = getattr(article, "_may_edit", None)
    if kept is None or kept[0] != request.user.pk:
        kept = (request.user.pk, refusal(request.user, "edit", article) is None)
        article._may_edit = kept  # type: ignore[attr-defined]
    return bool(kept[1])


class ArticlePages(DeskAdmin):
    """Pages of one article beside its form."""

    def readable_article(self, request: HttpRequest, article_id: int) -> Article:
        """Return an article that this user may look at, or refuse."""
        article = get_object_or_404(Article, pk=article_id)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article


class ReadOnlyAdmin(DeskAdmin):
    """A table that is only looked at: nothing is added, changed or deleted here, by anybody."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Yes(ABC, admin.SimpleListFilter):
    """A filter of one question; subclasses say which rows ``chosen`` keeps."""

    choice: Any = _("Yes")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", self.choice)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return self.chosen(queryset) if self.value() == "yes" else queryset

    @abstractmethod
    def chosen(self, queryset: Any) -> Any:
        """Return the rows for which the answer is yes."""
