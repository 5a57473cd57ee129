"""The rows of a working copy in its form: bylines, attributions, related links, photos.

Rows are ordered by their number; a new row stands last. Photos are derived from the text and only
shown here.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.base import TIMES, may_edit
from articles.admin.photos import preview
from articles.choices import AttributionKind
from articles.credits import credit_line
from articles.form_fields import KnownChoice, KnownSelect
from articles.models import Attribution, Byline, Placement, RelatedLink

SOURCE_LINE = "source_line"
ROWS: Any = {
    **TIMES,
    models.ForeignKey: {"form_class": KnownChoice},
    models.PositiveSmallIntegerField: {
        "widget": forms.NumberInput(attrs={"class": "desk-number", "min": 0})
    },
}


class RowForm(forms.ModelForm):
    """One row. What nobody changed was checked when it was saved, and is not checked again."""

    def _post_clean(self) -> None:
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()  # type: ignore[misc]


class _OwnRow(forms.ModelChoiceField):
    """The number of a row in a form, which the form set has loaded already."""

    row: Any = None

    def to_python(self, value: Any) -> Any:
        if self.row is not None and self.row.pk is not None and str(value) == str(self.row.pk):
            return self.row
        return super().to_python(value)


class RowFormSet(forms.BaseInlineFormSet):
    """Names the fields of a table's rows; numbers new rows behind those that are there."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        key = form.instance._meta.pk.name
        number = form.fields.get(key)
        if self.is_bound and type(number) is forms.ModelChoiceField:
            own = _OwnRow(
                number.queryset, initial=number.initial, required=False, widget=number.widget
            )
            own.row = form.instance
            form.fields[key] = own
        for name, field in form.fields.items():
            if isinstance(field, KnownChoice) and form.instance.pk is not None:
                field.know(getattr(form.instance, name))
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", str(field.label or ""))
        if form.instance.pk is None and "position" in form.fields:
            last = max((row.position for row in self.get_queryset()), default=-1)
            form.fields["position"].initial = last + 1


class ArticleRows(RowFormSet):
    """Rows of an article. One that somebody else deleted meanwhile comes in as a new one: whether
    it stays is settled when the two versions of the article are joined."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = self._with_lost_rows_as_new()

    def _with_lost_rows_as_new(self) -> Any:
        sent: Any = self.data
        counts = [sent.get(f"{self.prefix}-{name}_FORMS", "") for name in ("TOTAL", "INITIAL")]
        if not all(text.isdecimal() and len(text) < 5 for text in counts):
            return sent
        total, initial = map(int, counts)
        if not initial:
            return sent
        pk = str(self.model._meta.pk.name)  # type: ignore[union-attr]
        there = {str(row.pk) for row in self.get_queryset()}
        lost = [i for i in range(initial) if sent.get(f"{self.prefix}-{i}-{pk}") not in there]
        if not lost:
            return sent
        places = {i: place for place, i in enumerate([*sorted(set(range(total)) - {*lost}), *lost])}
        data = QueryDict(mutable=True)
        for name, values in sent.lists():
            match = re.fullmatch(rf"{re.escape(str(self.prefix))}-(\d{{1,4}})-(\w+)", name)
            if match and int(match[1]) in places:
                name = f"{self.prefix}-{places[int(match[1])]}-{match[2]}"
                values = [""] if match[2] == pk and int(match[1]) in lost else values
            data.setlist(name, values)
        data[f"{self.prefix}-INITIAL_FORMS"] = str(initial - len(lost))
        return data


class KnowsRows(admin.options.InlineModelAdmin):
    """Its autocompleted choices show what was read with the row."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RowInline(KnowsRows, admin.TabularInline):
    form = RowForm
    formset = ArticleRows
    extra = 0
    show_change_link = False
    formfield_overrides = ROWS

    # ``obj`` is the article: its rows may be changed when it may.

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and may_edit(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and may_edit(request, obj)


class BylineInline(RowInline):
    model = Byline
    fields = ["position", "contributor", "name", "role", "affiliation"]
    autocomplete_fields = ["contributor"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("contributor")


class AttributionForm(RowForm):
    """``verified`` stands for the person who ticks it; a source line is its own place."""

    verified = forms.BooleanField(label=_("verified"), required=False)

    class Meta:
        model = Attribution
        fields = ["kind", "source", "name", "text", "is_quote", "description", "reason", "position"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("verified", self.instance.verified_by_id is not None)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "kind" in self.changed_data or self.instance.pk is None:
            self._move(values.get("kind", ""))
        return values

    def _move(self, kind: str) -> None:
        """A source line stands by itself; other words are looked for in the text on saving."""
        if kind == AttributionKind.SOURCE_LINE:
            self.instance.where, self.instance.start = SOURCE_LINE, 0
        elif self.instance.where == SOURCE_LINE:
            self.instance.where, self.instance.start = "", -1

    def sign(self, user: Any) -> None:
        """Write down who verified it, if that was just ticked, or that nobody has."""
        if not self.cleaned_data.get("verified"):
            self.instance.verified_by = None
        elif self.instance.verified_by_id is None:
            self.instance.verified_by = user


class AttributionInline(KnowsRows, admin.StackedInline):
    """Closed at first: a story may have twenty, and most days nobody changes one."""

    model = Attribution
    classes = ["collapse"]
    form = AttributionForm
    formset = RowFormSet
    extra = 0
    autocomplete_fields = ["source"]
    readonly_fields = ["standing", "verified_by", "approved_by"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("position", "kind", "source", "name"),
                    "text",
                    ("standing", "is_quote", "verified", "verified_by"),
                    ("description", "reason", "approved_by"),
                ]
            },
        )
    ]
    formfield_overrides = ROWS

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("source", "verified_by", "approved_by")

    @admin.display(description=_("in the text"))
    def standing(self, row: Attribution) -> str:
        if row._state.adding:
            return str(_("looked for on saving"))
        if row.where == SOURCE_LINE:
            return str(_("source line"))
        return str(_("found") if row.start >= 0 else _("the words are gone"))


class RelatedLinkInline(RowInline):
    """Below the rows stands what readers get, pins and proposals (``admin.related``)."""

    model = RelatedLink
    fk_name = "article"
    template = "admin/articles/article/related_inline.html"
    fields = ["position", "kind", "related", "title", "url", "pinned_until"]
    autocomplete_fields = ["related"]

    class Media:
        css = {"all": ["admin_newsroom/related.css"]}
        js = ["admin_newsroom/related.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("related").defer("related__body")


class PlacementInline(admin.TabularInline):
    """The photos of the text in their order; they are placed and removed in the text."""

    model = Placement
    fields = ["number", "picture", "words", "credit", "layout", "photo_page"]
    readonly_fields = ["number", "picture", "words", "credit", "layout", "photo_page"]
    extra = 0
    can_delete = False
    verbose_name_plural = _("photos in the text")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("photo__agency", "photo__photographer")
        return rows.prefetch_related("photo__renditions").order_by("position")

    @admin.display(description=_("no."))
    def number(self, row: Placement) -> int:
        return row.position + 1

    @admin.display(description=_("picture"))
    def picture(self, row: Placement) -> SafeString:
        return preview(row.photo)

    @admin.display(description=_("caption"))
    def words(self, row: Placement) -> str:
        return row.caption or row.photo.caption

    @admin.display(description=_("credit"))
    def credit(self, row: Placement) -> str:
        return credit_line(row.photo)

    @admin.display(description=_("photo"))
    def photo_page(self, row: Placement) -> SafeString:
        url = reverse("admin:articles_photo_change", args=[row.photo_id])
        word = _("Open") if row.photo.file else _("Supply the file")
        return format_html('<a href="{}">{}</a>', url, word)
