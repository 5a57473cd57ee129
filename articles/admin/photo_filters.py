"""What the photo library can be narrowed to, and in which words a photo's state is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import Yes, first_of_newest
from articles.admin.standing import Label, moment
from articles.choices import Channel, SourceKind
from articles.credits import credit_line
from articles.models import Photo, Placement, Publication, Source

EXPIRING = dt.timedelta(days=14)
AGENCIES = 100


class Shown(admin.SimpleListFilter):
    """Not a question to the rows: whether they stand in a list or as a grid of pictures."""

    title = gettext_lazy("shown as")
    parameter_name = "as"

    @staticmethod
    def ways() -> list[str]:
        return [_("List"), _("Grid")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("grid", _("Grid"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset


class Agency(admin.SimpleListFilter):
    """The first hundred agencies by name; photos of another are found by the words."""

    title = gettext_lazy("agency")
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Source.objects.filter(kind=SourceKind.AGENCY).order_by("name", "pk")
        found = rows.values_list("pk", "name")[:AGENCIES]
        return [*((str(pk), name) for pk, name in found), ("none", _("None, of the last 10,000"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        if value == "none":
            first = first_of_newest(Photo.objects.all())
            return queryset.filter(agency=None, pk__gte=first)
        return queryset.filter(agency=int(value[:18])) if value.isdecimal() else queryset


class Rights(admin.SimpleListFilter):
    title = gettext_lazy("rights")
    parameter_name = "rights"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("now", _("Usable now")),
            ("later", _("Not yet")),
            ("expiring", _("End within 14 days")),
            ("expired", _("Expired")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        begun = Q(usable_from=None) | Q(usable_from__lte=now)
        chosen: dict[str, Q] = {
            "now": begun & (Q(usable_until=None) | Q(usable_until__gt=now)) & Q(killed_at=None),
            "later": Q(usable_from__gt=now),
            "expiring": Q(usable_until__gt=now, usable_until__lte=now + EXPIRING),
            "expired": Q(usable_until__lte=now),
        }
        return queryset.filter(chosen.get(self.value() or "", Q()))


class AltMissing(Yes):
    title = gettext_lazy("alt text missing")
    parameter_name = "unseen"

    def chosen(self, queryset: Any) -> Any:
        return queryset.filter(alt_text="", is_decorative=False, killed_at=None)


class CreditMissing(Yes):
    title = gettext_lazy("credit missing")
    parameter_name = "uncredited"

    def chosen(self, queryset: Any) -> Any:
        rows = queryset.filter(credit_line="", photographer=None, agency=None)
        return rows.filter(killed_at=None)


class FileMissing(Yes):
    title = gettext_lazy("file missing")
    parameter_name = "missing"

    def chosen(self, queryset: Any) -> Any:
        return queryset.filter(file="", killed_at=None)


class Unused(Yes):
    """Looked for among the photos added last: that nothing points to a row has no index."""

    title = gettext_lazy("never used")
    parameter_name = "unused"
    choice = gettext_lazy("Yes, of the last 10,000")

    def chosen(self, queryset: Any) -> Any:
        queryset = queryset.filter(pk__gte=first_of_newest(Photo.objects.all()))
        placed = Placement.objects.filter(photo=OuterRef("pk"))
        published = Publication.photos.through.objects.filter(photo=OuterRef("pk"))
        return queryset.filter(~Exists(placed), ~Exists(published))


class Killed(Yes):
    title = gettext_lazy("killed")
    parameter_name = "killed"

    def chosen(self, queryset: Any) -> Any:
        return queryset.exclude(killed_at=None)


class Withheld(admin.SimpleListFilter):
    title = gettext_lazy("not to be used in")
    parameter_name = "withheld"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(value), label) for value, label in Channel.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        if value not in Channel.values:
            return queryset
        # No database but PostgreSQL looks into JSON by itself; the names are plain words.
        rows = queryset.exclude(withheld_from=[])
        named = Cast("withheld_from", TextField())
        return rows.annotate(channels=named).filter(channels__contains=f'"{value}"')


FILTERS: list[Any] = [
    Shown, Rights, Agency, CreditMissing, AltMissing, FileMissing, Unused, Withheld, Killed,
]  # fmt: skip


def labels(photo: Photo, at: dt.datetime | None = None) -> list[Label]:
    """Return what the desk should know of a photo: its rights, and what it lacks."""
    at = at or timezone.now()
    if photo.killed_at:
        return [Label("withdrawn", _("Killed"), moment(photo.killed_at))]
    found = [label for told in (_rights, _channels) for label in told(photo, at)]
    lacks: list[tuple[bool, Callable[[], str]]] = [
        (not photo.file, lambda: _("No file")),
        (not credit_line(photo), lambda: _("No credit")),
        (not photo.alt_text and not photo.is_decorative, lambda: _("No alt text")),
    ]
    return [*found, *(Label("waiting", word()) for is_lacking, word in lacks if is_lacking)]


def _rights(photo: Photo, at: dt.datetime) -> list[Label]:
    if photo.usable_until and photo.usable_until <= at:
        return [Label("withdrawn", _("Expired"), moment(photo.usable_until))]
    if photo.usable_from and photo.usable_from > at:
        return [Label("waiting", _("Not yet"), moment(photo.usable_from))]
    if photo.usable_until and photo.usable_until <= at + EXPIRING:
        return [Label("waiting", _("Expires"), moment(photo.usable_until))]
    return [Label("live", _("Usable"))]


def _channels(photo: Photo, at: dt.datetime) -> list[Label]:
    names = [str(label) for value, label in Channel.choices if value in photo.withheld_from]
    return [Label("waiting", _("Not in"), ", ".join(names))] if names else []
