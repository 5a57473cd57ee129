"""What the photo library asks: a photo's facts, changes to many at once, and why one is killed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Channel
from articles.form_fields import LineField, PassageField, SiteTimeField
from articles.models import Photo, Source


class ChannelsField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Channel.choices, required=False, **kwargs)


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Picture file"))


class PhotoForm(forms.ModelForm):
    """A photo's facts; ``withheld_from`` is ticked, not written as JSON."""

    withheld_from = ChannelsField(
        label=gettext_lazy("Not to be used in"),
        help_text=gettext_lazy("Tick what the rights leave out; it takes effect at once."),
    )

    class Meta:
        model = Photo
        fields = "__all__"  # noqa: DJ007 - the admin says which
        widgets = {
            "alt_text": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "extended_description": forms.Textarea(attrs={"rows": 3}),
            "usage_terms": forms.Textarea(attrs={"rows": 2}),
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
        }


class ManyForm(forms.Form):
    """What to set on many photos; what is neither filled in nor cleared stays as it is on each."""

    agency = forms.ModelChoiceField(
        Source.objects.all(), label=gettext_lazy("Agency"), required=False
    )
    clear_agency = forms.BooleanField(
        label=gettext_lazy("Take the agency off these photos"), required=False
    )
    credit_line = LineField(label=gettext_lazy("Credit line"), max_length=300, required=False)
    clear_credit_line = forms.BooleanField(
        label=gettext_lazy("Take the credit line off: photographer and agency are named then"),
        required=False,
    )
    usable_until = SiteTimeField(label=gettext_lazy("May be used until"), required=False)
    clear_usable_until = forms.BooleanField(
        label=gettext_lazy("These may be used without end"), required=False
    )
    withheld_from = ChannelsField(label=gettext_lazy("Not to be used in"))
    clear_withheld_from = forms.BooleanField(
        label=gettext_lazy("These may be used everywhere"), required=False
    )
    is_decorative = forms.TypedChoiceField(
        label=gettext_lazy("Alt text"),
        choices=[
            ("", gettext_lazy("As it is on each")),
            ("yes", gettext_lazy("These are decorative: readers who can’t see them miss nothing")),
            ("no", gettext_lazy("These are not decorative")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    CLEARED: dict[str, Any] = {
        "agency": None, "credit_line": "", "usable_until": None, "withheld_from": [],
    }  # fmt: skip

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        rows = [(self[name], self[f"clear_{name}"]) for name in self.CLEARED]
        return [*rows, (self["is_decorative"], None)]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in self.CLEARED:
            if found.get(name) and found.get(f"clear_{name}"):
                self.add_error(name, _("Either fill this in or tick the box under it, not both."))
        if not self.errors and not self.values(found):
            raise forms.ValidationError(_("Say what to change: fill in a field or tick a box."))
        return found

    def values(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return what is to be set, by field of the photo."""
        values = {
            name: found[name] if found[name] else cleared
            for name, cleared in self.CLEARED.items()
            if found.get(name) or found.get(f"clear_{name}")
        }
        if found.get("is_decorative") is not None:
            values["is_decorative"] = found["is_decorative"]
        return values


class KillForm(forms.Form):
    reason = PassageField(
        label=gettext_lazy("Why it has to go"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the photo; readers don’t see it."),
    )
    notice = PassageField(
        label=gettext_lazy("Text in its place"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Readers see it where the photo stood. Left empty, it says: This photo has been "
            "withdrawn."
        ),
    )
    with_copies = forms.BooleanField(
        label=gettext_lazy("Kill the other photos with the same file too"),
        required=False,
        initial=True,
    )
    sure = forms.BooleanField(
        label=gettext_lazy("I have looked at the uses; kill this photo for good"),
        error_messages={"required": gettext_lazy("Tick this box to kill the photo.")},
    )

    def __init__(self, *args: Any, has_copies: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_copies:
            del self.fields["with_copies"]
