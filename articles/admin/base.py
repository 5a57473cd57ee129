"""What the desk's pages share: bounded lists, read-only tables, refusals told as messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.exceptions import WorkflowError
from articles.form_fields import SiteTimeField
from articles.models import Article
from articles.workflow.actions import refusal
from articles.workflow.standing import Standing

COUNTED_TO = 10_000
# So many rows, those added last, are looked through for words, and so many found are shown.
SEARCHED = 10_000
FOUND = 1_000


class BoundedPaginator(Paginator):
    """Counts no further than ``COUNTED_TO`` rows: nobody leafs through more, a search finds it."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if isinstance(rows, list):
            return len(rows)
        return rows.order_by().values("pk")[:COUNTED_TO].count()


NAMED = _("Finds words in the 10,000 added last; any other by its whole name or slug.")

# One field for a time, with the browser's own calendar.
TIMES: Any = {models.DateTimeField: {"form_class": SiteTimeField, "widget": SiteTimeField.widget}}


def first_of_newest(rows: Any) -> int:
    """Return the number from which on there are ``SEARCHED`` of these rows, 0 if all are fewer."""
    numbers = rows.order_by("-pk").values_list("pk", flat=True)
    return next(iter(numbers[SEARCHED - 1 : SEARCHED]), 0)


class DeskAdmin(admin.ModelAdmin):
    """A list that costs the same at a thousand and at a million rows.

    It is ordered only by what ``sortable_by`` names, for which there is an index. Words are looked
    for in the rows added last; ``search_whole`` are the fields with an index by which a row of any
    age is found, by all they hold.
    """

    search_whole: tuple[str, ...] = ()
    sortable_by: ClassVar[Any] = ()
    formfield_overrides = TIMES
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    empty_value_display = "–"

    class Media:
        js = ["admin_newsroom/desk.js"]

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Return what is found, in bounded time, and that nothing stands in it twice."""
        text = search_term.strip()
        if not text:
            return queryset, False
        late = queryset.filter(pk__gte=first_of_newest(self.model._default_manager.all()))
        by_words, _twice = super().get_search_results(request, late, text)
        found = set(by_words.order_by("-pk").values_list("pk", flat=True)[:FOUND])
        for name in self.search_whole:
            with suppress(ValidationError, ValueError):  # what was typed is no uuid, no IP address
                found.update(queryset.filter(**{name: text}).values_list("pk", flat=True)[:FOUND])
        return queryset.filter(pk__in=found), False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse what other rows point to, without looking through them all."""
        used = [text for row in objs for text in _uses(row, self.inlines)]
        return ([], {}, set(), used) if used else super().get_deleted_objects(objs, request)


def _uses(row: Any, parts: Any) -> Iterator[str]:
    """Yield in words each kind of row that points to this one, but those that are its parts."""
    own = {part.model for part in parts}
    for relation in row._meta.related_objects:
        is_many = isinstance(relation, models.ManyToManyRel)
        kept = is_many or relation.on_delete is models.PROTECT
        if kept and relation.related_model not in own:
            name = relation.remote_field.name
            if relation.related_model._default_manager.filter(**{name: row}).exists():
                yield f"{relation.related_model._meta.verbose_name_plural}: {row}"


def may_edit(request: HttpRequest, article: Article | None) -> bool:
    """Return whether this user may edit this article now; asked once a request."""
    if article is None or article.pk is None:
        return True
    return edit_refusal(request, article) is None


def edit_refusal(
    request: HttpRequest, article: Article, now: Standing | None = None
) -> WorkflowError | None:
    """Return why this user may not edit this article now, or None; asked once a request."""
    kept: tuple[Any, WorkflowError | None] | None = getattr(article, "_edit_refusal", None)
    if kept is None or kept[0] != request.user.pk:
        kept = (request.user.pk, refusal(request.user, "edit", article, now))
        article._edit_refusal = kept  # type: ignore[attr-defined]
    return kept[1]


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
