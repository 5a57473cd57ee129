"""Fronts at the desk: which page shows which layout, and the way to arrange each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.base import ReadOnlyAdmin
from articles.admin.front_pages import FrontPages
from articles.admin.front_screen import wanted_story
from articles.admin.front_stories import described
from articles.front_forms import name
from articles.models import Front, Section, Slot
from articles.workflow.layouts import may_arrange

# Pins that end within this time are told of on the first page.
SOON = dt.timedelta(hours=24)


@dataclass(slots=True)
class Page:
    """The front page (no ``section``) or a section's front, as the list of them shows it."""

    section: Section | None
    may_arrange: bool
    live: Front | None = None
    coming: list[Front] = field(default_factory=list)
    pins: list[tuple[str, Slot]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.section.name if self.section else _("Front page")

    @property
    def depth(self) -> int:
        return self.section.path.count("/") if self.section else 0

    @property
    def url(self) -> str:
        return self.section.get_absolute_url() if self.section else reverse("articles:front")

    @property
    def args(self) -> list[int]:
        return [self.section.pk] if self.section else []

    @property
    def arrange_url(self) -> str:
        return reverse("admin:articles_front_arrange", args=self.args)

    @property
    def history_url(self) -> str:
        return reverse("admin:articles_front_layouts", args=self.args)


@admin.register(Front)
class FrontAdmin(FrontPages, ReadOnlyAdmin):
    def get_urls(self) -> list[Any]:
        views = {
            "arrange": self.arrange,
            "fill": self.fill,
            "preview": self.preview,
            "layouts": self.layouts,
        }
        found: list[Any] = []
        for word, view in views.items():
            # A preview's own rule for caches is stricter than the one the site would set.
            wrapped = self.admin_site.admin_view(view, cacheable=word == "preview")
            found.append(path(f"{word}/", wrapped, name=f"articles_front_{word}"))
            address = f"{word}/<int:section_id>/"
            found.append(path(address, wrapped, name=f"articles_front_{word}"))
        wrap = self.admin_site.admin_view
        return [
            *found,
            path("stories/", wrap(self.stories), name="articles_front_stories"),
            path("<int:front_id>/call-off/", wrap(self.call_off), name="articles_front_call_off"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show every page with the layout that is live, what is to come and pins that end soon."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = timezone.now()
        known = described(wanted_story(request.GET), at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fronts"),
            "opts": Front._meta,
            "pages": pages(request.user, at),
            "story": next(iter(known.values()), None),
            "at": at,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/articles/front/index.html", context)


def pages(user: Any, at: dt.datetime) -> list[Page]:
    """Return all pages in the order of the tree; three queries besides those for permissions."""
    rows = list(Section.objects.all())
    sections = sorted(rows, key=_tree(rows))
    found = [Page(None, may_arrange(user, None))]
    found += [Page(section, may_arrange(user, section)) for section in sections]
    by_section = {page.section.pk if page.section else None: page for page in found}
    lives: dict[int, Page] = {}
    lasting = Front.objects.lasting(at).select_related("created_by")
    for front in lasting.order_by("live_from", "number"):
        page = by_section[front.section_id]
        if front.is_live(at):
            page.live = front
            lives[front.pk] = page
        elif not front.was_called_off:
            page.coming.append(front)
    ending = Slot.objects.filter(pinned_until__gt=at, pinned_until__lte=at + SOON, front__in=lives)
    for slot in ending.select_related("article").order_by("pinned_until"):
        lives[slot.front_id].pins.append((name((slot.zone, slot.position)), slot))
    return found


def _tree(sections: list[Section]) -> Any:
    """Return the key that sorts sections by position, those under another behind it."""
    places = {row.path: (row.position, row.name) for row in sections}

    def key(section: Section) -> list[tuple[int, str]]:
        parts = section.path.split("/")
        return [places["/".join(parts[: n + 1])] for n in range(len(parts))]

    return key
