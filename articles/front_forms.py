"""The form of a layout: a story and the end of its pin for each place, when, and why."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Zone
from articles.form_fields import LineField, SiteTimeField
from articles.fronts import PLACES, ROOM, Place
from articles.models import Article, Slot

FILLS_ITSELF = gettext_lazy("Fills itself with the newest")


def key(place: Place) -> str:
    """Return the name of a place in the form: ``beside_0``."""
    return f"{place[0]}_{place[1]}"


def name(place: Place) -> str:
    """Return what people call a place."""
    zone = Zone(place[0])
    return str(zone.label) if ROOM[zone] == 1 else f"{zone.label} {place[1] + 1}"


@dataclass(frozen=True, slots=True)
class PlaceFields:
    """One place with its two fields, as the template draws it."""

    zone: str
    key: str
    name: str
    story: forms.BoundField
    until: forms.BoundField


class LayoutForm(forms.Form):
    """A layout as an editor arranges it; ``slots`` are the unsaved rows it stands for.

    The selects offer what ``offer`` gives them; any other story that is known here is taken too.
    ``is_lenient`` leaves out what is not right instead of refusing it.
    """

    note = LineField(
        label=gettext_lazy("Note for the history"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    at = SiteTimeField(label=gettext_lazy("Goes live at"), required=False)
    preview_at = SiteTimeField(label=gettext_lazy("Show it as of"), required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    overwrite = forms.IntegerField(min_value=0, required=False)

    def __init__(
        self,
        *args: Any,
        is_scheduling: bool = False,
        is_lenient: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_scheduling, self.is_lenient = is_scheduling, is_lenient
        self.slots: list[Slot] = []
        for place in PLACES:
            label = _("%(place)s: story") % {"place": name(place)}
            self.fields[f"story_{key(place)}"] = forms.UUIDField(
                label=label, required=False, widget=forms.Select
            )
            self.fields[f"until_{key(place)}"] = SiteTimeField(
                label=_("%(place)s: pinned until") % {"place": name(place)}, required=False
            )

    def offer(self, stories: Mapping[str, str]) -> None:
        """Let the selects offer stories: uuid → headline."""
        for place in PLACES:
            select: Any = self.fields[f"story_{key(place)}"].widget
            select.choices = [("", FILLS_ITSELF), *stories.items()]

    @property
    def places(self) -> list[PlaceFields]:
        return [
            PlaceFields(
                place[0],
                key(place),
                name(place),
                self[f"story_{key(place)}"],
                self[f"until_{key(place)}"],
            )
            for place in PLACES
        ]

    @property
    def named(self) -> list[str]:
        """Return the uuids that stand in the form, whatever they are."""
        found = [str(fields.story.value() or "") for fields in self.places]
        return [one for one in found if _is_uuid(one)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.is_scheduling and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say when it goes live."))
        start = (values.get("at") if self.is_scheduling else None) or timezone.now()
        named = [values.get(f"story_{key(place)}") for place in PLACES]
        rows = Article.objects.filter(uuid__in=[one for one in named if one])
        ids = dict(rows.values_list("uuid", "pk"))
        for place, story in zip(PLACES, named, strict=True):
            if story:
                self._take(place, story, ids.get(story), values, start)
        return values

    def _take(
        self,
        place: Place,
        story: uuid.UUID,
        article: int | None,
        values: dict[str, Any],
        start: dt.datetime,
    ) -> None:
        """Put a story into its place, or say against its field why not."""
        until = values.get(f"until_{key(place)}")
        if article is None:
            self._refuse(f"story_{key(place)}", _("This story is not known here any more."))
        elif any(slot.article_id == article for slot in self.slots):
            self._refuse(f"story_{key(place)}", _("This story stands in another place already."))
        else:
            if until is not None and until <= start:
                text = _("The pin ends before the layout begins: choose a later time.")
                self._refuse(f"until_{key(place)}", text)
            zone, position = place
            self.slots.append(
                Slot(zone=zone, position=position, article_id=article, pinned_until=until)
            )

    def _refuse(self, field: str, message: str) -> None:
        if not self.is_lenient:
            self.add_error(field, message)


def initial(slots: Iterable[Slot], seen: int) -> dict[str, Any]:
    """Return what the form starts with: the slots of a layout, their articles loaded."""
    values: dict[str, Any] = {"seen": seen}
    for slot in slots:
        place = key((slot.zone, slot.position))
        values[f"story_{place}"] = slot.article.uuid
        values[f"until_{place}"] = slot.pinned_until
    return values


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
