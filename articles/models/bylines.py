"""Byline: a contributor's place in the credit of a story."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.choices import BylineRole
from articles.models.articles import Article
from articles.models.contributors import Contributor


class Byline(models.Model):
    """``name`` is the contributor's name as printed with this story; it survives a renaming."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="bylines", verbose_name=_("article")
    )
    contributor = models.ForeignKey(
        Contributor,
        on_delete=models.PROTECT,
        related_name="bylines",
        verbose_name=_("contributor"),
    )
    name = models.CharField(
        _("as printed"),
        max_length=150,
        blank=True,
        help_text=_("Taken from the contributor when left empty."),
    )
    role = models.CharField(_("role"), max_length=20, choices=BylineRole, default=BylineRole.AUTHOR)
    affiliation = models.CharField(_("affiliation"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["contributor", "-id"], name="byline_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "contributor", "role"],
                name="byline_once_per_role",
                violation_error_message=_("This contributor has this role already."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.contributor.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.name:
            self.name = self.contributor.name
        super().save(*args, **kwargs)
