"""What the article list can be narrowed to without looking at every row."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.waiting import QUEUES
from articles.choices import PublicationKind
from articles.models import Article, Byline, Contributor, Publication, Section

# A language is looked for in so many articles, those changed last.
SEARCHED = 10_000
# Of an author the articles of so many bylines are listed, those written last.
BYLINES = 1_000
# Of what was withdrawn the articles of so many publications are listed, those made last.
WITHDRAWN = 1_000
# Asking the table for its languages would read all of it.
LANGUAGES = "en vi ar de es fr he hi id ja ko pt ru th uk".split()


class PublicState(admin.SimpleListFilter):
    """Where articles stand with readers; what is rare is looked up from the publications."""

    title = _("what readers see")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("published", _("Published")),
            ("scheduled", _("Scheduled")),
            ("archived", _("Archived")),
            ("retracted", _("Retracted")),
            ("killed", _("Killed")),
            ("never", _("Never public")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        condition = _public_state(self.value() or "", timezone.now())
        return queryset if condition is None else queryset.filter(condition)


_WITHDRAWN = {
    "archived": PublicationKind.ARCHIVED,
    "retracted": PublicationKind.RETRACTION,
    "killed": PublicationKind.KILL,
}


def _public_state(value: str, at: dt.datetime) -> Any:
    rows = Publication.objects.all()
    if value == "published":
        return Exists(rows.listed(at).filter(article=OuterRef("pk")))
    if value == "scheduled":
        return Q(pk__in=rows.pending(at).values("article"))
    if kind := _WITHDRAWN.get(value):
        withdrawn = rows.live(at).filter(kind=kind).order_by("-live_from", "-id")
        return Q(pk__in=withdrawn.values("article")[:WITHDRAWN])
    return Q(chain_head="") if value == "never" else None


class Waiting(admin.SimpleListFilter):
    """The queues of the first page and the flags beside the state."""

    title = _("what it waits for")
    parameter_name = "flag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, title) for value, (title, _rows) in QUEUES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        found = QUEUES.get(self.value() or "")
        if found is None:
            return queryset
        return queryset.filter(pk__in=found[1](request.user).order_by().values("pk"))


class InSection(admin.SimpleListFilter):
    """A section with those under it, by its path."""

    title = _("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Section.objects.order_by("path").values_list("path", "name", "pk")
        self.ids = {path: pk for path, _name, pk in rows}
        return [(path, f"{'— ' * path.count('/')}{name}") for path, name, _pk in rows]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = self.value()
        if not wanted:
            return queryset
        ids = [pk for path, pk in self.ids.items() if f"{path}/".startswith(f"{wanted}/")]
        if len(ids) == 1:
            return queryset.filter(section=ids[0])
        return queryset.filter(section__in=ids)


class AuthorForm(forms.Form):
    """One contributor out of many, looked up while typing."""

    author = forms.ModelChoiceField(
        label=_("Author"),
        queryset=Contributor.objects.all(),
        widget=AutocompleteSelect(Byline._meta.get_field("contributor"), admin.site),
    )


class Author(admin.SimpleListFilter):
    """Who stands in the byline, or what is one's own."""

    title = _("author")
    parameter_name = "author"
    template = "admin/articles/article/author_filter.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        chosen = self.value() or ""
        self.chosen = int(chosen) if chosen.isascii() and chosen.isdigit() else None
        self.form = AuthorForm(initial={"author": self.chosen}, auto_id="filter_%s")
        left_out = (self.parameter_name, "p", "e")
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            if name not in left_out
            for value in values
        ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("Mine"))]

    def choices(self, changelist: Any) -> Any:
        everyone, *others = super().choices(changelist)
        yield {**everyone, "selected": self.value() is None}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.chosen is not None:
            named = Byline.objects.filter(contributor=self.chosen).order_by("-id")
            return queryset.filter(pk__in=named.values("article")[:BYLINES])
        if self.value() != "mine":
            return queryset
        user: Any = request.user
        contributor = Contributor.objects.filter(user=user).values("pk")[:1]
        named = Byline.objects.filter(contributor=Subquery(contributor)).order_by()
        begun = Article.objects.filter(created_by=user).order_by()
        return queryset.filter(pk__in=begun.values("pk").union(named.values("article")))


class DeskLanguage(admin.SimpleListFilter):
    """Looked for among the articles changed last: many languages are rare."""

    title = _("language, of the 10,000 changed last")
    parameter_name = "lang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = [(code, LANG_INFO[code]["name_local"]) for code in LANGUAGES]
        return [*names, ("zh", "中文"), ("other", _("Other"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = [*LANGUAGES, "zh"]
        code = self.value() or ""
        if code == "other" or code in known:
            dates = Article.objects.order_by("-updated_at", "-id").values_list("updated_at")
            for (since,) in dates[SEARCHED - 1 : SEARCHED]:
                queryset = queryset.filter(updated_at__gte=since)
        if code == "other":
            return queryset.exclude(reduce(or_, map(_in_language, known)))
        return queryset.filter(_in_language(code)) if code in known else queryset


def _in_language(code: str) -> Q:
    return Q(language=code) | Q(language__startswith=f"{code}-")
