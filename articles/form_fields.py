"""Fields of the desk's forms: lines, passages, language tags, sections, and times by the clock."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
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


class SectionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Section) -> str:
        depth = obj.path.count("/")
        return f"{'— ' * depth}{obj.name}"
