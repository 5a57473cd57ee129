"""What has to be said for an editorial action: why, to whom, as what, and when by which clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles.choices import PublicationKind
from articles.document import Document
from articles.editor import BodyField, figures
from articles.exceptions import WorkflowError
from articles.form_fields import LineField, PassageField, SiteTimeField
from articles.models.articles import direction
from articles.workflow.transitions import ACTIONS, CHANGE_KINDS, TAKES

# What an action takes → the fields that ask for it.
_ASKED = {
    "reason": ("reason",),
    "note": ("note",),
    "at": ("at", "at_which"),
    "kind": ("kind",),
    "corrections": ("was", "now"),
    "override": ("override",),
}
# The code of a refusal → the field it is about.
_ABOUT = {
    "no_reason": "reason",
    "no_note": "note",
    "no_time": "at",
    "past": "at",
    "warnings": "override",
    "kind": "kind",
}
_LINES = {"rows": 2}
_TEXTS = ("headline", "standfirst", "kicker", "dateline")


def _words(label: Any, help_text: Any = "") -> PassageField:
    area = forms.Textarea(attrs=_LINES)
    return PassageField(
        label=label, help_text=help_text, required=False, max_length=2000, widget=area
    )


class ActionForm(forms.Form):
    """What one of several actions takes; ``chosen`` is the one that was pressed, "" for none.

    Whether the action may happen is asked by the transition; what it says against a field is put
    there by ``refuse``.
    """

    kind = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[(kind.value, kind.label) for kind in CHANGE_KINDS],
        initial=PublicationKind.UPDATE,
        required=False,
    )
    at = SiteTimeField(
        label=gettext_lazy("Day and time"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    at_which = forms.ChoiceField(
        label=gettext_lazy("The clocks change then. Which is meant?"),
        widget=forms.RadioSelect,
        required=False,
    )
    note = _words(
        gettext_lazy("Note for readers"),
        gettext_lazy("Stands on the page under a correction or clarification."),
    )
    was = _words(gettext_lazy("Was wrong"))
    now = _words(gettext_lazy("Is right"))
    reason = _words(gettext_lazy("Why"))
    override = _words(gettext_lazy("Why the warnings are passed over"))

    prefix = "act"

    def __init__(
        self,
        data: Any = None,
        *,
        actions: Iterable[str] = (),
        chosen: str = "",
        keep: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.chosen = chosen
        self.actions = tuple(actions) or ((chosen,) if chosen else ())
        asked = {
            field
            for name in self.actions
            for key in TAKES[name]
            if key != "at" or "at" in ACTIONS[name].needs
            for field in _fields(key)
        }
        for name in set(self.fields) - asked - set(keep):
            del self.fields[name]
        if "at_which" in self.fields:
            readings = self._readings() if self.is_bound else []
            if len(readings) == 2:
                self.fields["at_which"].choices = [  # type: ignore[attr-defined]
                    (at.astimezone(dt.UTC).isoformat(), _by_the_clock(at)) for at in readings
                ]
            else:
                del self.fields["at_which"]

    def _readings(self) -> list[dt.datetime]:
        try:
            naive = parse_datetime(str(self.data.get(self.add_prefix("at"), "")))
        except ValueError:
            return []
        return readings(naive) if naive and timezone.is_naive(naive) else []

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "at_which" in self.fields:
            self._take_reading(values)
        if not self.chosen:
            return values
        sentences = {
            "reason": _("Say why: the reason is kept in the article’s history."),
            "note": _("Say to readers why."),
            "at": _("Choose a day and a time."),
        }
        for name in ACTIONS[self.chosen].needs:
            if not values.get(name) and name not in self.errors:
                self.add_error(name, sentences[name])
        if "corrections" in TAKES[self.chosen]:
            self._check_correction(values)
        return values

    def _take_reading(self, values: dict[str, Any]) -> None:
        """Take the one that was chosen of the two moments a time stands for; ask if none was."""
        if values.get("at_which"):
            self.errors.pop("at", None)
            values["at"] = dt.datetime.fromisoformat(values["at_which"])
        else:
            self.add_error("at_which", _("Choose which of the two is meant."))

    def _check_correction(self, values: dict[str, Any]) -> None:
        was, now = values.get("was", ""), values.get("now", "")
        if bool(was) != bool(now):
            self.add_error("now" if was else "was", _("Give both: what was wrong, what is right."))
        is_correction = values.get("kind") == PublicationKind.CORRECTION
        if is_correction and not (was or now or values.get("note")):
            self.add_error("was", _("Tell readers what was wrong and what is right."))
        if values.get("kind") == PublicationKind.CLARIFICATION and not values.get("note"):
            self.add_error("note", _("Tell readers what is clarified."))

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as initial values of the form's next showing."""
        return {name: str(self[name].value() or "") for name in self.fields}

    @property
    def given(self) -> dict[str, Any]:
        """What the chosen action is given; ``transitions.perform`` takes it."""
        names = {"kind", "note", "reason", "override"} | set(ACTIONS[self.chosen].needs)
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        if self.cleaned_data.get("was"):
            values["corrections"] = [(self.cleaned_data["was"], self.cleaned_data["now"])]
        return values

    def refuse(self, error: WorkflowError) -> None:
        """Put a transition's refusal to the field it is about, or to the form."""
        field = _ABOUT.get(error.code, NON_FIELD_ERRORS)
        known = field in self.fields
        self.add_error(field if known else None, error.message)


class HotFixForm(ActionForm):
    """The live text, to be fixed; what doesn't come back is as it was."""

    headline = LineField(label=gettext_lazy("Headline"), required=False)
    standfirst = PassageField(
        label=gettext_lazy("Standfirst"), required=False, widget=forms.Textarea(attrs=_LINES)
    )
    kicker = LineField(label=gettext_lazy("Kicker"), required=False)
    dateline = LineField(label=gettext_lazy("Dateline"), required=False)
    body = BodyField(label=gettext_lazy("Text"), required=False)
    field_order = ("headline", "standfirst", "kicker", "dateline", "body", "kind", "reason")

    def __init__(self, data: Any, live: Document, addresses: dict[str, str]) -> None:
        stored = {name: getattr(live, name) for name in _TEXTS} | {"body": body.to_html(live.body)}
        super().__init__(data, chosen="hot_fix", initial=stored, keep=(*_TEXTS, "body"))
        self.live = live
        widget = self.fields["body"].widget
        widget.shown = live.photos
        widget.language, widget.direction = live.language, direction(live.language)
        widget.addresses = addresses

    @property
    def given(self) -> dict[str, Any]:
        texts = {
            name: self.cleaned_data[name]
            for name in (*_TEXTS, "body")
            if self.add_prefix(name) in self.data and name in self.changed_data
        }
        if "body" in texts:
            texts["body"] = body.parse(texts["body"])
        return {**super().given, "story": replace(self.live, **texts)}

    def clean_body(self) -> str:
        """Refuse a text that lost a photo: a hot fix is of words, and the editor may not have
        run."""
        text: str = self.cleaned_data["body"]
        if self.add_prefix("body") in self.data:
            lost = set(self.live.photos()) - {one.photo for one in figures(text)}
            if lost:
                raise forms.ValidationError(
                    _("The text came back without some of its photos: take them out in an update.")
                )
        return text


def _fields(key: str) -> tuple[str, ...]:
    return _ASKED.get(key, ())


def readings(naive: dt.datetime) -> list[dt.datetime]:
    """Return the moments a local time may mean: one, or two where the clocks change.

    A time that comes twice means either; one that is skipped means that long before or after the
    change (PEP 495: ``fold``).
    """
    zone = timezone.get_current_timezone()
    meant = [naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    moments = sorted({at.astimezone(dt.UTC) for at in meant})
    return [at.astimezone(zone) for at in moments]


def _by_the_clock(at: dt.datetime) -> str:
    hours = (at.utcoffset() or dt.timedelta()).total_seconds() / 3600
    return f"{date_format(at, 'j M Y, H:i')} {at.tzname()} (UTC{hours:+g})"
