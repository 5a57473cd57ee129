"""The addresses of a front at the desk: the screen that arranges it, preview, history, calling off.

The screen is one form that works as it is; its script moves stories by hand and keyboard and asks
here what fills the other places. Which story stands where is answered by ``fronts`` alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import fronts, previews
from articles.admin import front_screen, layouts
from articles.admin.base import DeskAdmin
from articles.admin.front_stories import offered
from articles.admin.previews import framed_here
from articles.admin.standing import moment
from articles.exceptions import WorkflowError
from articles.front_forms import LayoutForm, initial
from articles.models import Front, Section, Slot
from articles.workflow.layouts import (
    PERMISSION,
    call_off,
    coming,
    may_arrange,
    newest_number,
    publish_layout,
)

_PRESSES = ("_publish", "_schedule")


class FrontPages(DeskAdmin):
    def arrange(self, request: HttpRequest, section_id: int | None = None) -> HttpResponse:
        """Show a page's places and what stands in them; publish or schedule what was arranged."""
        section = self._arranged(request, section_id)
        if request.method == "POST":
            return self._arrange(request, section)
        slots, note = _starting_from(section, request.GET.get("from", ""))
        form = LayoutForm(initial={**initial(slots, newest_number(section)), "note": note})
        return self._screen(request, section, form, slots)

    @method_decorator(never_cache)
    def fill(self, request: HttpRequest, section_id: int | None = None) -> HttpResponse:
        """Answer with the stories readers would see in the places of a layout that is made now."""
        section = self._arranged(request, section_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = LayoutForm(request.POST, is_lenient=True)
        form.is_valid()
        places = front_screen.standing(section, form.slots, _moment(form, "at"))
        return JsonResponse({"places": places})

    @method_decorator(never_cache)
    def stories(self, request: HttpRequest) -> HttpResponse:
        """Answer with stories to choose from: ``?q=`` words of the headline, ``?section=`` id."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        where = front_screen.chosen_section(request.GET)
        return JsonResponse({"stories": offered(request.GET.get("q", ""), where, timezone.now())})

    @method_decorator([xframe_options_sameorigin, framed_here])
    def preview(self, request: HttpRequest, section_id: int | None = None) -> HttpResponse:
        """Answer with the page as readers would get it: with the layout that was sent, or with
        the stored one that ``?layout=`` names, when it begins."""
        section = self._arranged(request, section_id)
        if request.method == "POST":
            form = LayoutForm(request.POST, is_lenient=True)
            form.is_valid()
            at, slots = _moment(form, "preview_at", "at"), form.slots
        else:
            front = _layout(section, request.GET.get("layout", ""))
            at, slots = max(front.live_from, timezone.now()), list(front.slots.all())
        response: HttpResponse = previews.sealed(front_screen.page(request, section, slots, at))
        return response

    def layouts(self, request: HttpRequest, section_id: int | None = None) -> HttpResponse:
        """Show the layouts a page has had, what each changed, and the way back to it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        section = get_object_or_404(Section, pk=section_id) if section_id else None
        return self._answer(
            request,
            section,
            "layouts",
            title=_("Layouts: %(page)s") % {"page": section or _("Front page")},
            entries=layouts.history(section, timezone.now()),
            most=layouts.SHOWN,
            may_arrange=may_arrange(request.user, section),
        )

    def call_off(self, request: HttpRequest, front_id: int) -> HttpResponse:
        """Say what calling a layout off does, then do it."""
        rows = Front.objects.select_related("section", "created_by")
        front = get_object_or_404(rows, pk=front_id)
        section = self._arranged(request, front.section_id)
        back = HttpResponseRedirect(front_screen.common(section)["addresses"]["arrange"])
        if request.method != "POST" and front in coming(section, timezone.now()):
            slots = layouts.slots_of([front]).get(front.pk, [])
            title = _("Call off a layout")
            told = {"front": front, "slots": layouts.in_order(slots), "title": title}
            return self._answer(request, section, "call_off", **told)
        try:
            call_off(front, by=request.user)
        except WorkflowError as refused:
            messages.error(request, refused.message)
            return back
        text = _("Called off: the layout will not go live on %(time)s.")
        messages.success(request, text % {"time": moment(front.live_from)})
        return back

    def _arranged(self, request: HttpRequest, section_id: int | None) -> Section | None:
        section = get_object_or_404(Section, pk=section_id) if section_id else None
        if not may_arrange(request.user, section):
            raise PermissionDenied
        return section

    def _arrange(self, request: HttpRequest, section: Section | None) -> HttpResponse:
        pressed = next((name for name in _PRESSES if name in request.POST), "")
        is_scheduling = pressed == "_schedule"
        form = LayoutForm(request.POST, is_scheduling=is_scheduling, is_lenient=not pressed)
        if not form.is_valid() or not pressed:
            return self._screen(request, section, form, form.slots)
        said, conflict = form.cleaned_data, None
        try:
            front = publish_layout(
                section,
                form.slots,
                by=request.user,
                seen=said["overwrite"] or said["seen"],
                note=said["note"],
                at=said["at"] if is_scheduling else None,
            )
        except WorkflowError as refused:
            if refused.code == "conflict":
                conflict = front_screen.conflict(section, form)
            form.add_error("at" if refused.code == "past" else None, refused.message)
            return self._screen(request, section, form, form.slots, conflict=conflict)
        messages.success(request, _done(front, section))
        return HttpResponseRedirect(front_screen.common(section)["addresses"]["arrange"])

    def _screen(
        self,
        request: HttpRequest,
        section: Section | None,
        form: LayoutForm,
        slots: list[Slot],
        **extra: Any,
    ) -> TemplateResponse:
        title = _("Arrange: %(page)s") % {"page": section or _("Front page")}
        context = front_screen.screen(request, section, form, slots)
        return self._answer(request, section, "arrange", title=title, **context, **extra)

    def _answer(
        self, request: HttpRequest, section: Section | None, name: str, **context: Any
    ) -> TemplateResponse:
        said = {
            **self.admin_site.each_context(request),
            **front_screen.common(section),
            **context,
        }
        return TemplateResponse(request, f"admin/articles/front/{name}.html", said)


def _layout(section: Section | None, number: str) -> Front:
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Http404
    return get_object_or_404(Front, section=section, number=int(number))


def _starting_from(section: Section | None, number: str) -> tuple[list[Slot], str]:
    """Return the slots the form begins with, and a note: of an older layout if one is named.

    Pins that are over are not: in the live layout their places fill themselves, and a layout that
    is taken back gets its stories without an end.
    """
    now = timezone.now()
    front = _layout(section, number) if number else fronts.layout_at(section, now)
    if front is None:
        return [], ""
    slots = list(front.slots.select_related("article"))
    over = [slot for slot in slots if slot.pinned_until and slot.pinned_until <= now]
    if not number:
        return [slot for slot in slots if slot not in over], ""
    for slot in over:
        slot.pinned_until = None
    return slots, _("Layout %(n)d again") % {"n": front.number}


def _moment(form: LayoutForm, *names: str) -> dt.datetime:
    """Return the first time that was given, now if none was."""
    given = (form.cleaned_data.get(name) for name in names)
    return next((time for time in given if time), None) or timezone.now()


def _done(front: Front, section: Section | None) -> str:
    page = section or _("Front page")
    if front.live_from > timezone.now():
        text = _("Scheduled: %(page)s changes on %(time)s.")
        return text % {"page": page, "time": moment(front.live_from)}
    return _("Published: %(page)s shows it now.") % {"page": page}
