"""Source: the person, institution, agency, outlet or document information comes from.

A source is found by any of its names (``SourceAlias``), so that "AP", "Associated Press" and
"the AP" are one row with one page and one required credit.
"""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.addresses import address
from articles.choices import SourceKind


def fold_name(name: str) -> str:
    """Return a name as it is compared: NFKC, case folded, blanks and full stops folded."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace(".", "")
    return " ".join(folded.split()).removeprefix("the ")[:200]


class SourceQuerySet(models.QuerySet):
    def named(self, name: str) -> Source | None:
        """Return the source that has this name or alias, or None."""
        alias = SourceAlias.objects.filter(folded=fold_name(name)).select_related("source").first()
        return alias.source if alias else None


class Source(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=SourceKind, default=SourceKind.INSTITUTION
    )
    credit_wording = models.CharField(
        _("required credit"),
        max_length=200,
        blank=True,
        help_text=_("How this source asks to be named beside its text or photos."),
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    description = models.TextField(_("about"), max_length=2000, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name"], name="source_name"),
            models.Index(fields=["kind", "name"], name="source_kind_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("source", slug=self.slug)


class SourceAlias(models.Model):
    """One name of a source; no two sources share a name."""

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("source")
    )
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(
        max_length=200,
        unique=True,
        editable=False,
        error_messages={"unique": _("Another source has this name.")},
    )

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold_name(self.name)
        super().save(*args, **kwargs)
