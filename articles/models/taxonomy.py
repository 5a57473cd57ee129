"""Where readers find a story (Section) and what it is about (Topic)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.addresses import address
from articles.querysets import SectionQuerySet

# First parts of a path that are taken by other public pages.
RESERVED_SLUGS = frozenset(
    [
        "topic",
        "by",
        "source",
        "archive",
        "search",
        "corrections",
        "standards",
        "feed",
        "feeds",
        "oembed",
        "sitemap",
        "news-sitemap",
        "robots",
        "api",
        "as-of",
        "admin",
        "static",
        "media",
        "health",
        "preview",
        "history",
        "about",
        ".well-known",
    ]
)


class Section(models.Model):
    """A place on the site; sections form a tree; ``path`` is the slugs from the top, by ``/``."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=60)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(_("path"), max_length=200, unique=True, editable=False)
    description = models.CharField(_("description"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    in_navigation = models.BooleanField(_("in the navigation"), default=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return address("section", path=self.path)

    def natural_key(self) -> tuple[str]:
        return (self.path,)

    def clean(self) -> None:
        if self.parent is None and self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("“%(slug)s” is the address of another page: choose another slug.")},
                params={"slug": self.slug},
            )
        if self.slug == "feed":
            raise ValidationError({"slug": _("“feed” is the address of the section’s feed.")})
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("A section can’t stand under itself.")})
            ancestor = ancestor.parent
        if self.slug.isdigit():
            raise ValidationError({"slug": _("A slug of digits alone would read as a date.")})
        moved = (
            self.pk and Section.objects.filter(pk=self.pk).values_list("path", flat=True).first()
        )
        new_path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        if moved and moved != new_path and self.children.exists():
            raise ValidationError({"slug": _("Move or rename the sections under this one first.")})


class Topic(models.Model):
    """What stories are about. A merged topic stays, so that its old address leads on."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, allow_unicode=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name"], name="topic_name"),
            # Without the topics that none was merged into, which are nearly all.
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="topic_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("topic", slug=self.slug)

    def clean(self) -> None:
        if self.merged_into_id and self.merged_into_id == self.pk:
            raise ValidationError({"merged_into": _("A topic can’t be merged into itself.")})
