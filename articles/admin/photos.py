"""The photo library at the desk: its list, its form, and supplying a file.

What a file may be and what becomes of it is decided in ``renditions``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import renditions
from articles.admin import picking
from articles.admin.base import DeskAdmin, Yes
from articles.credits import credit_line
from articles.editor import describe_photos, thumbnail
from articles.exceptions import ImportProblem
from articles.models import Photo, Placement


class FileMissing(Yes):
    title = gettext_lazy("file missing")
    parameter_name = "missing"

    def chosen(self, queryset: Any) -> Any:
        return queryset.filter(file="", killed_at=None)


class CreditMissing(Yes):
    title = gettext_lazy("credit missing")
    parameter_name = "uncredited"

    def chosen(self, queryset: Any) -> Any:
        return queryset.filter(credit_line="", photographer=None, agency=None)


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Picture file"))


def preview(photo: Photo) -> SafeString:
    """Return a photo's smallest rendition, or what stands for it."""
    url = thumbnail(photo)
    if not url:
        return format_html('<span class="desk-missing">{}</span>', _("File missing"))
    return format_html('<img class="desk-thumb" src="{}" alt="{}">', url, photo.alt_text)


@admin.register(Photo)
class PhotoAdmin(DeskAdmin):
    list_display = ["thumb", "words", "credit", "expected_file", "created_at"]
    list_display_links = ["thumb", "words"]
    list_filter = [FileMissing, CreditMissing, "created_at"]
    search_fields = ["caption", "alt_text", "credit_line", "expected_file"]
    autocomplete_fields = ["photographer", "agency"]
    readonly_fields = ["thumb", "size", "used_in"]
    change_form_template = "admin/articles/photo_form.html"
    fieldsets = [
        (None, {"fields": ["thumb", "expected_file", "size", "used_in"]}),
        (gettext_lazy("Words"), {"fields": ["caption", "alt_text", "is_decorative"]}),
        (
            gettext_lazy("Credit and rights"),
            {
                "fields": [
                    "credit_line", ("photographer", "agency"), "copyright_notice",
                    "digital_source_type", ("usable_from", "usable_until"),
                ]
            },
        ),
        (
            gettext_lazy("Focal point"),
            {"fields": [("focal_x", "focal_y")], "classes": ["collapse"]},
        ),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("agency", "photographer")
        return rows.prefetch_related("renditions")

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("picker/", wrap(picking.pick), name="articles_photo_picker"),
            path("upload/", wrap(picking.upload), name="articles_photo_upload"),
            path("described/", wrap(self.described), name="articles_photo_described"),
            path("<int:photo_id>/file/", wrap(self.supply), name="articles_photo_supply"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("picture"))
    def thumb(self, photo: Photo) -> SafeString:
        return preview(photo)

    @admin.display(description=gettext_lazy("caption"), ordering="caption")
    def words(self, photo: Photo) -> str:
        return str(photo)

    @admin.display(description=gettext_lazy("credit"))
    def credit(self, photo: Photo) -> str:
        return credit_line(photo)

    @admin.display(description=gettext_lazy("size"))
    def size(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height}" if photo.width else ""

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, photo: Photo) -> SafeString | str:
        rows = Placement.objects.filter(photo=photo).select_related("article").order_by("-id")[:20]
        items = format_html_join(
            "",
            '<li><a href="{}">{}</a></li>',
            (
                (reverse("admin:articles_article_change", args=[row.article_id]), row.article)
                for row in rows
            ),
        )
        return format_html("<ul>{}</ul>", items) if items else ""

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Save; what changed is written into the files readers get, once it is committed."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: renditions.renew(obj), robust=True)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        photo = kwargs.get("obj")
        may = photo is not None and request.user.has_perm("articles.supply_photo")
        context["file_form"] = FileForm() if may else None
        return super().render_change_form(request, context, *args, **kwargs)

    def supply(self, request: HttpRequest, photo_id: int) -> HttpResponse:
        """Take in the file of a photo; outside any transaction, since encoding takes its time."""
        return _supply(request, photo_id)

    def described(self, request: HttpRequest) -> HttpResponse:
        """Tell the editor what to show of a photo that was pasted from another text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _described(request)


@require_POST
def _supply(request: HttpRequest, photo_id: int) -> HttpResponse:
    if not request.user.has_perm("articles.supply_photo"):
        raise PermissionDenied
    photo = get_object_or_404(Photo, pk=photo_id)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a picture file that is not empty."))
    else:
        try:
            renditions.supply(photo, form.cleaned_data["file"])
        except ImportProblem as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, _("The photo has its file; pages show it from now on."))
    return HttpResponseRedirect(reverse("admin:articles_photo_change", args=[photo.pk]))


@require_GET
@never_cache
def _described(request: HttpRequest) -> HttpResponse:
    uuids = []
    for value in request.GET.getlist("photo")[:50]:
        try:
            uuids.append(str(UUID(value)))
        except ValueError:
            continue
    return JsonResponse({"photos": describe_photos(uuids)})
