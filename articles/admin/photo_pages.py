"""The library's own pages: uploading many files, changing many photos, killing one.

Each works as a plain form; the script of the upload page sends the same form one file at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import library, lookalikes, uploads
from articles.admin.base import DeskAdmin
from articles.admin.photo_filters import labels
from articles.admin.picking import may_upload
from articles.admin.standing import Label, moment
from articles.choices import Channel
from articles.credits import printed_credit
from articles.editor import thumbnail
from articles.exceptions import ImportProblem, WorkflowError
from articles.models import Photo
from articles.photo_forms import KillForm, ManyForm
from articles.workflow.photos import PERMISSION, kill_photo, uses

MOST_AT_ONCE = 200
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one uploaded file; one that was refused has no photo but a ``problem``."""

    name: str
    photo: Photo | None = None
    is_known: bool = False
    similar: tuple[Photo, ...] = ()
    problem: str = ""

    @property
    def thumbnail(self) -> str:
        return thumbnail(self.photo) if self.photo else ""

    @property
    def credit(self) -> str:
        return printed_credit(self.photo) if self.photo else ""

    @property
    def labels(self) -> list[Label]:
        return labels(self.photo) if self.photo else []


class PhotoPages(DeskAdmin):
    def upload_many(self, request: HttpRequest) -> HttpResponse:
        """Take in files: one answer a file; with ``fragment`` the answers alone, for the script."""
        if not may_upload(request.user):
            raise PermissionDenied
        files = request.FILES.getlist("files") if request.method == "POST" else []
        if request.method == "POST" and not files:
            messages.error(request, _("Choose one picture file or more."))
        results = [_taken_in(file) for file in files[:MOST_FILES]]
        if request.POST.get("fragment"):
            return render(request, "admin/articles/photo/results.html", {"results": results})
        taken = [str(r.photo.pk) for r in results if r.photo]
        return self._page(
            request, "upload", _("Upload photos"), results=results, taken=",".join(taken)
        )

    @admin.action(permissions=["change"], description=gettext_lazy("Change the selected photos…"))
    def change_chosen(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        """Lead from the list to the page that changes the photos chosen there."""
        rows = queryset.order_by("-pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1]
        ids = [str(pk) for pk in rows]
        if len(ids) > MOST_AT_ONCE:
            message = _("Choose at most %(most)d photos at a time.") % {"most": MOST_AT_ONCE}
            messages.error(request, message)
            return HttpResponseRedirect(reverse("admin:articles_photo_changelist"))
        query = QueryDict(mutable=True)
        query["ids"] = ",".join(ids)
        address = reverse("admin:articles_photo_many")
        return HttpResponseRedirect(f"{address}?{query.urlencode(safe=',')}")

    def change_many(self, request: HttpRequest) -> HttpResponse:
        """Ask what to set, show what it changes, then set it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        photos = self._wanted(request.POST.get("ids") or request.GET.get("ids", ""))
        form = ManyForm(request.POST if request.method == "POST" else None)
        agency: Any = form.fields["agency"]
        agency.widget = AutocompleteSelect(Photo._meta.get_field("agency"), self.admin_site)
        agency.widget.choices = agency.choices
        if not form.is_valid() or "_back" in request.POST:
            return self._ask_many(request, photos, form)
        values = form.values(form.cleaned_data)
        if "_apply" in request.POST:
            return self._apply_many(request, photos, values)
        rows = _differences(photos, values)
        return self._page(
            request, "many_confirm", _("Change photos"), photos=photos, form=form, rows=rows
        )

    def kill(self, request: HttpRequest, photo_id: int) -> HttpResponse:
        """List every use, ask why, and kill."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        photo = get_object_or_404(self.get_queryset(request), pk=photo_id)
        address = reverse("admin:articles_photo_change", args=[photo.pk])
        if photo.killed_at:
            messages.error(request, _("The photo was killed before."))
            return HttpResponseRedirect(address)
        found = uses(photo, with_copies=True)
        form = KillForm(request.POST or None, has_copies=bool(found.copies))
        if form.is_valid() and self._killed(request, photo, form):
            return HttpResponseRedirect(address)
        return self._page(
            request,
            "kill",
            _("Kill this photo"),
            original=photo,
            uses=found,
            similar=[p for p in lookalikes.similar(photo) if p not in found.copies],
            form=form,
            thumbnail=thumbnail(photo),
        )

    def _killed(self, request: HttpRequest, photo: Photo, form: KillForm) -> bool:
        said = form.cleaned_data
        try:
            killed = kill_photo(
                photo,
                by=request.user,
                reason=said["reason"],
                notice=said["notice"],
                with_copies=said.get("with_copies", False),
            )
        except WorkflowError as refused:
            form.add_error("reason" if refused.code == "no_reason" else None, refused.message)
            return False
        _log(request, killed, _("Killed: %(reason)s") % {"reason": said["reason"]})
        count = ngettext("The photo is gone", "%(n)d photos are gone", len(killed))
        messages.success(
            request,
            _("%(what)s from every page, feed and card. Empty the caches in front of the site now.")
            % {"what": count % {"n": len(killed)}},
        )
        return True

    def _wanted(self, ids: str) -> list[Photo]:
        written = ids.split(",")[:MOST_AT_ONCE]
        numbers = [int(one) for one in written if one.isdecimal() and len(one) <= 18]
        rows = Photo.objects.select_related("agency", "photographer").filter(pk__in=numbers)
        photos = list(rows.prefetch_related("renditions").order_by("-pk"))
        if not photos:
            raise Http404("No photos chosen.")
        return photos

    def _ask_many(self, request: HttpRequest, photos: list[Photo], form: ManyForm) -> HttpResponse:
        return self._page(
            request,
            "many",
            _("Change photos"),
            photos=[(photo, thumbnail(photo)) for photo in photos],
            form=form,
            ids=_ids(photos),
            media=self.media + form.media,
        )

    def _apply_many(
        self, request: HttpRequest, photos: list[Photo], values: dict[str, Any]
    ) -> HttpResponse:
        changed, left_out = library.change_many(photos, values)
        _log(request, changed, _("Changed with others: %(what)s") % {"what": ", ".join(values)})
        waiting = library.refresh_files(changed)
        text = ngettext("%(n)d photo changed.", "%(n)d photos changed.", len(changed))
        messages.success(request, text % {"n": len(changed)})
        for photo, why in left_out:
            messages.warning(request, _("“%(photo)s” was left out: %(why)s") % {
                "photo": photo, "why": why,
            })  # fmt: skip
        if waiting:
            text = _("Pages show it now; the files of %(n)d photos follow (make_renditions).")
            messages.info(request, text % {"n": waiting})
        return HttpResponseRedirect(reverse("admin:articles_photo_changelist"))

    def _page(
        self, request: HttpRequest, name: str, title: str, **context: Any
    ) -> TemplateResponse:
        common = self.admin_site.each_context(request)
        said = {"opts": Photo._meta, "title": title, "media": self.media, **context}
        return TemplateResponse(request, f"admin/articles/photo/{name}.html", {**common, **said})


def _taken_in(file: UploadedFile) -> Result:
    name = uploads.shown_name(file, "")
    try:
        taken = library.take_in(file)
    except ImportProblem as problem:
        return Result(name, problem=problem.message)
    return Result(name, taken.photo, taken.is_known, tuple(taken.similar))


def _ids(photos: Iterable[Photo]) -> str:
    return ",".join(str(photo.pk) for photo in photos)


def _differences(
    photos: list[Photo], values: dict[str, Any]
) -> list[tuple[Photo, list[tuple[str, str, str]], str]]:
    """Return for each photo what changes, as (field, before, after), and why it is left out."""
    rows = []
    for photo in photos:
        before = {name: _said(photo, name) for name in values}
        problem = library.unfit(photo, values)
        changes = [
            (_name(name), before[name], after)
            for name in values
            if (after := _said(photo, name)) != before[name]
        ]
        rows.append((photo, changes, problem))
    return rows


def _name(field: str) -> str:
    return str(getattr(Photo._meta.get_field(field), "verbose_name", field))


def _said(photo: Photo, name: str) -> str:
    value = getattr(photo, name)
    if name == "withheld_from":
        return ", ".join(str(label) for key, label in Channel.choices if key in value) or "–"
    if name == "is_decorative":
        return _("Yes") if value else _("No")
    if name == "usable_until" and value:
        return moment(value)
    return str(value or "–")


def _log(request: HttpRequest, photos: list[Photo], message: str) -> None:
    who = request.user.pk
    if photos and who is not None:
        LogEntry.objects.log_actions(who, photos, CHANGE, change_message=message[:2000])
