"""What the article list can be narrowed to without looking at every row."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf.locale import LANG_INFO
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.standing import narrowed

# Asking the table for its languages would read all of it.
LANGUAGES = "en vi ar de es fr he hi id ja ko pt ru th uk".split()


class PublicState(admin.SimpleListFilter):
    title = _("what readers see")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("live", _("Live")),
            ("scheduled", _("Scheduled")),
            ("withdrawn", _("Withdrawn")),
            ("never", _("Never public")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return narrowed(queryset, self.value() or "")


class DeskLanguage(admin.SimpleListFilter):
    title = _("language")
    parameter_name = "lang"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = [(code, LANG_INFO[code]["name_local"]) for code in LANGUAGES]
        return [*names, ("zh", "中文"), ("other", _("Other"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = [*LANGUAGES, "zh"]
        code = self.value() or ""
        if code == "other":
            return queryset.exclude(reduce(or_, map(_in_language, known)))
        return queryset.filter(_in_language(code)) if code in known else queryset


def _in_language(code: str) -> Q:
    return Q(language=code) | Q(language__startswith=f"{code}-")
