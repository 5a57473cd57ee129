"""The photo library at the desk: its list, its form, and supplying a file.

What a file may be and what becomes of it is decided in ``renditions``.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import library, lookalikes, pictures, renditions
from articles.admin import photo_filters, picking
from articles.admin.photo_pages import PhotoPages
from articles.credits import printed_credit
from articles.editor import describe_photos, largest, thumbnail
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.photo_forms import FileForm, PhotoForm
from articles.workflow.photos import PERMISSION, uses

_MOST_LISTED = 20


def preview(photo: Photo) -> SafeString:
    """Return a photo's smallest rendition, or what stands for it."""
    url = thumbnail(photo)
    if not url:
        return format_html('<span class="desk-missing">{}</span>', _("File missing"))
    alt = photo.alt_text or str(photo)
    return format_html('<img class="desk-thumb" src="{}" alt="{}" loading="lazy">', url, alt)


@admin.register(Photo)
class PhotoAdmin(PhotoPages):
    form = PhotoForm
    list_display = ["thumb", "words", "credit", "standing", "expected_file", "added"]
    list_display_links = ["thumb", "words"]
    list_filter = photo_filters.FILTERS
    search_fields = [
        "caption", "headline", "alt_text", "credit_line", "place", "expected_file",
        "agency__name", "photographer__name",
    ]  # fmt: skip
    search_whole = ("uuid",)
    search_help_text = gettext_lazy(
        "Finds words of caption, alt text, title, credit, agency, photographer, place and file in "
        "the 10,000 photos added last; any by its uuid."
    )
    sortable_by = ["added"]
    autocomplete_fields = ["photographer", "agency"]
    readonly_fields = ["thumb", "standing", "printed", "size", "focus", "created_at"]
    actions = ["change_chosen"]
    change_form_template = "admin/articles/photo_form.html"
    change_list_template = "admin/articles/photo/change_list.html"
    fieldsets = [
        (None, {"fields": ["standing", "printed", "expected_file", "size", "created_at"]}),
        (gettext_lazy("Picture"), {"fields": ["focus", ("focal_x", "focal_y")]}),
        (
            gettext_lazy("Words"),
            {
                "fields": [
                    "caption", "alt_text", "is_decorative", "headline", "extended_description",
                    "place", "taken_at",
                ]
            },
        ),
        (
            gettext_lazy("Credit"),
            {
                "fields": [
                    "credit_line", "agency", "photographer", "creator", "copyright_notice",
                    "digital_source_type",
                ]
            },
        ),
        (
            gettext_lazy("Rights"),
            {
                "fields": [
                    ("usable_from", "usable_until"), "withheld_from", "usage_terms",
                    "web_statement", "licensor_url",
                ]
            },
        ),
    ]  # fmt: skip

    class Media:
        css = {"all": ["admin_newsroom/library.css"]}
        js = ["admin_newsroom/library.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("agency", "photographer")
        return rows.prefetch_related("renditions")

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("picker/", wrap(picking.pick), name="articles_photo_picker"),
            path("upload/", wrap(picking.upload), name="articles_photo_upload"),
            path("described/", wrap(self.described), name="articles_photo_described"),
            path("add-files/", wrap(self.upload_many), name="articles_photo_add_files"),
            path("many/", wrap(self.change_many), name="articles_photo_many"),
            path("<int:photo_id>/file/", wrap(self.supply), name="articles_photo_supply"),
            path("<int:photo_id>/kill/", wrap(self.kill), name="articles_photo_kill"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """A killed photo stays as it is: its row is the record of what was done."""
        is_killed = obj is not None and obj.killed_at is not None
        return not is_killed and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        is_killed = obj is not None and obj.killed_at is not None
        return not is_killed and super().has_delete_permission(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {"may_upload": picking.may_upload(request.user)}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    @admin.display(description=gettext_lazy("picture"))
    def thumb(self, photo: Photo) -> SafeString:
        return preview(photo)

    @admin.display(description=gettext_lazy("caption"), ordering="caption")
    def words(self, photo: Photo) -> str:
        return str(photo)

    @admin.display(description=gettext_lazy("credit"))
    def credit(self, photo: Photo) -> str:
        return printed_credit(photo)

    @admin.display(description=gettext_lazy("readers see"))
    def printed(self, photo: Photo) -> SafeString:
        """Return the credit as it stands under the photo on every page."""
        credit = printed_credit(photo) or _("No credit: fill in the credit line or the agency.")
        return format_html('<span class="desk-printed" dir="auto">{}</span>', credit)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, photo: Photo) -> SafeString:
        return format_html_join(
            " ",
            '<span class="desk-state {}">{}</span> <span class="desk-marks">{}</span>',
            ((label.tone, label.word, label.detail) for label in photo_filters.labels(photo)),
        )

    @admin.display(description=gettext_lazy("added"), ordering="id")
    def added(self, photo: Photo) -> str:
        return date_format(timezone.localtime(photo.created_at), "j M Y")

    @admin.display(description=gettext_lazy("size"))
    def size(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height}" if photo.width else ""

    @admin.display(description=gettext_lazy("crops"))
    def focus(self, photo: Photo) -> str:
        """Return the picture to click on, and what the site's shapes keep of it."""
        url = largest(photo, 960)
        if not url or not photo.width or not photo.height:
            return _("Supply the file first; then click on what matters most in it.")
        size = (photo.width, photo.height)
        made = pictures.copies(*size, (photo.focal_x, photo.focal_y))
        shapes = {copy.crop: copy for copy in made if copy.crop in _Crop.NAMES}
        context = {
            "url": url, "width": size[0], "height": size[1], "alt": photo.alt_text or str(photo),
            "x": photo.focal_x * size[0], "y": photo.focal_y * size[1],
            "crops": [_Crop(name, copy.box, size) for name, copy in shapes.items()],
        }  # fmt: skip
        return render_to_string("admin/articles/photo/focus.html", context)

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Save; what changed is written into the files readers get, once it is committed."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: library.refresh_files([obj]), robust=True)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        photo = kwargs.get("obj")
        user = request.user
        if photo is not None:
            is_killed = photo.killed_at is not None
            may_supply = user.has_perm("articles.supply_photo") and not is_killed
            context["file_form"] = FileForm() if may_supply else None
            context["may_kill"] = user.has_perm(PERMISSION) and not is_killed
            context["uses"] = uses(photo, most=_MOST_LISTED)
            context["most_listed"] = _MOST_LISTED
            copies = context["uses"].copies
            context["similar"] = [p for p in lookalikes.similar(photo) if p not in copies]
        return super().render_change_form(request, context, *args, **kwargs)

    def supply(self, request: HttpRequest, photo_id: int) -> HttpResponse:
        """Take in the file of a photo; outside any transaction, since encoding takes its time."""
        return _supply(request, photo_id)

    def described(self, request: HttpRequest) -> HttpResponse:
        """Tell the editor what to show of a photo that was pasted from another text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _described(request)


class _Crop:
    """A shape of the site and the piece of the picture it keeps, in pixels of the original."""

    NAMES = {"card": gettext_lazy("Front and lists"), "share": gettext_lazy("Share card")}

    def __init__(
        self, name: str, box: tuple[float, float, float, float], size: tuple[int, int]
    ) -> None:
        width, height = size
        self.name = name
        self.label = self.NAMES.get(name, name)
        self.left, self.top = box[0] * width, box[1] * height
        self.across, self.down = (box[2] - box[0]) * width, (box[3] - box[1]) * height


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
            same = renditions.supply(photo, form.cleaned_data["file"])
        except ImportProblem as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, _("The photo has its file; pages show it from now on."))
            if same:
                messages.warning(request, _("The same file is in the library already; see below."))
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
