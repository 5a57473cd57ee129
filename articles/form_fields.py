"""Fields of the desk's forms: lines, passages, language tags, sections, and times by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import document
from articles.models import Section


class LineField(forms.CharField):
    """One line of text: every run of blanks is one blank."""

    def to_python(self, value: Any) -> str:
        return document.line(super().to_python(value) or "")


class LanguageField(LineField):
    """A BCP 47 tag, by its form alone."""

    default_validators = [
        RegexValidator(
            r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
            gettext_lazy("This is no language tag: write en, vi, zh-Hant …"),
        )
    ]


class PassageField(forms.CharField):
    """Text that may hold line breaks."""

    def to_python(self, value: Any) -> str:
        return document.nfc(super().to_python(value) or "").strip()


class SiteTimeField(forms.DateTimeField):
    """A time in the site's zone; one that the clocks skip or repeat is refused."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
    )

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            message = _(
                "%(time)s does not exist or comes twice in %(zone)s, because the clocks change "
                "then: choose an earlier or later time."
            )
            params = {"time": str(value).replace("T", " "), "zone": settings.TIME_ZONE}
            raise ValidationError(message, code="ambiguous_timezone", params=params) from error


class _Read:
    """Rows that were read, in the place of the query a widget asks for what is chosen."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows

    def using(self, alias: str) -> _Read:
        return self

    def filter(self, **values: Any) -> Sequence[Any]:
        return self.rows


class KnownSelect(AutocompleteSelect):
    """Shows what is chosen, which was read with its row, without another look."""

    known: Any = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        if self.known is not None and [str(one) for one in value] == [str(self.known.pk)]:
            self.choices = copy(self.choices)
            self.choices.queryset = _Read([self.known])
        return super().optgroups(name, value, attr)


class KnownChoice(forms.ModelChoiceField):
    """A choice of rows; the one that was chosen before, ``known``, is not looked up again."""

    known: Any = None

    def know(self, row: Any) -> None:
        self.known = row
        widget = getattr(self.widget, "widget", self.widget)
        if isinstance(widget, KnownSelect):
            widget.known = row

    def to_python(self, value: Any) -> Any:
        if self.known is not None and str(value) == str(self.known.pk):
            return self.known
        return super().to_python(value)


class KnownChoices(forms.ModelMultipleChoiceField):
    """A choice of several rows; those that were chosen before are not looked up again."""

    known: Any = None

    def _check_values(self, value: Any) -> Any:
        if self.known is not None and sorted(map(str, value)) == sorted(
            str(row.pk) for row in self.known
        ):
            return list(self.known)
        return super()._check_values(value)  # type: ignore[misc]


class SectionChoice(KnownChoice):
    def label_from_instance(self, obj: Section) -> str:
        depth = obj.path.count("/")
        return f"{'— ' * depth}{obj.name}"
