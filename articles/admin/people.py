"""Contributors and sources at the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import renditions
from articles.admin.base import NAMED, TIMES, DeskAdmin
from articles.admin.rows import RowFormSet
from articles.models import Contributor, Source, SourceAlias
from articles.models.sources import fold_name


class CreditedAdmin(DeskAdmin):
    """People and agencies whose names stand in credits, so also in the files of photos."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"name", "credit_wording"} & set(form.changed_data):
            transaction.on_commit(renditions.renew_outdated, robust=True)


@admin.register(Contributor)
class ContributorAdmin(CreditedAdmin):
    list_display = ["name", "title", "account"]
    search_fields = ["name"]
    search_whole = ("name", "slug")
    search_help_text = NAMED
    sortable_by = ["name"]
    raw_id_fields = ["user"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return them with their accounts, which joined would keep SQLite from the names' index."""
        return super().get_queryset(request).prefetch_related("user")

    @admin.display(description=gettext_lazy("account"))
    def account(self, contributor: Contributor) -> Any:
        return contributor.user


class AliasForm(forms.ModelForm):
    class Meta:
        model = SourceAlias
        fields = ["name"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = SourceAlias.objects.filter(folded=fold_name(name)).exclude(pk=self.instance.pk)
        if other := others.select_related("source").first():
            message = _("“%(name)s” is a name of %(source)s already: one name, one source.")
            raise ValidationError(message, params={"name": name, "source": other.source})
        return name


class AliasFormSet(RowFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms]
        names = [fold_name(form.cleaned_data.get("name", "")) for form in kept]
        names = [name for name in names if name]
        if len(names) != len(set(names)):
            raise ValidationError(_("The same name stands here twice."))


class AliasInline(admin.TabularInline):
    model = SourceAlias
    form = AliasForm
    formset = AliasFormSet
    extra = 1


@admin.register(Source)
class SourceAdmin(CreditedAdmin):
    list_display = ["name", "kind", "credit_wording", "licence"]
    list_filter = ["kind"]
    search_fields = ["name", "aliases__name"]
    search_whole = ("name", "slug")
    search_help_text = NAMED
    sortable_by = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [AliasInline]
    formfield_overrides = {**TIMES, models.URLField: {"assume_scheme": "https"}}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the names; a source is always found by its own name, if no other has it."""
        super().save_related(request, form, formsets, change)
        source = form.instance
        if not SourceAlias.objects.filter(folded=fold_name(source.name)).exists():
            source.aliases.create(name=source.name)
