"""Sections and topics at the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.admin.base import NAMED, DeskAdmin
from articles.models import Section, Topic


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["name", "slug", "parent", "description", "position", "in_navigation"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        parent, slug = values.get("parent"), values.get("slug")
        path = f"{parent.path}/{slug}" if parent else slug
        if slug and Section.objects.filter(path=path).exclude(pk=self.instance.pk).exists():
            message = _("Another section has the address /%(path)s/: choose another slug.")
            self.add_error("slug", ValidationError(message, params={"path": path}))
        return values


@admin.register(Section)
class SectionAdmin(DeskAdmin):
    form = SectionForm
    list_display = ["name", "path", "position", "in_navigation"]
    list_editable = ["position", "in_navigation"]
    ordering = ["path"]
    sortable_by = None
    search_fields = ["name", "path"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ["name", "slug", "merged_into"]
    search_fields = ["name"]
    search_whole = ("name", "slug")
    search_help_text = NAMED
    sortable_by = ["name"]
    autocomplete_fields = ["merged_into"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return them with those they were merged into, which joined would keep SQLite from the
        names' index."""
        return super().get_queryset(request).prefetch_related("merged_into")
