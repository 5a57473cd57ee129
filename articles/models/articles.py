"""Article: the working copy. Readers never see it; they see publications of its revisions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import DeskState, FlagState
from articles.models.taxonomy import Section, Topic
from articles.querysets import ArticleQuerySet

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})


def direction(language: str) -> str:
    """Return the writing direction of a BCP 47 language: ``ltr`` or ``rtl``."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


class Article(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    headline = models.CharField(_("headline"), max_length=300, blank=True)
    standfirst = models.TextField(_("standfirst"), max_length=1000, blank=True)
    kicker = models.CharField(_("kicker"), max_length=80, blank=True)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        blank=True,
        allow_unicode=True,
        help_text=_("Part of the public address. Made from the headline when left empty."),
    )
    slugline = models.CharField(
        _("slugline"),
        max_length=80,
        blank=True,
        help_text=_("The desk’s working name, never public."),
    )
    dateline = models.CharField(_("dateline"), max_length=160, blank=True)
    language = models.CharField(
        _("language"), max_length=35, default="en", help_text=_("BCP 47: en, vi, ar, zh-Hant …")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("section"),
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="articles", verbose_name=_("topics")
    )
    body = models.TextField(_("text"), blank=True)
    originally_published_at = models.DateTimeField(
        _("originally published"),
        null=True,
        blank=True,
        help_text=_("Only for stories that were public elsewhere before: the date readers see."),
    )
    state = models.CharField(
        _("state"), max_length=20, choices=DeskState, default=DeskState.DRAFT, editable=False
    )
    on_hold = models.BooleanField(_("on hold"), default=False)
    legal_check = models.CharField(
        _("legal check"), max_length=10, choices=FlagState, default=FlagState.NOT_NEEDED
    )
    picture_check = models.CharField(
        _("picture check"), max_length=10, choices=FlagState, default=FlagState.NOT_NEEDED
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)
    lock_version = models.PositiveIntegerField(default=1, editable=False)
    chain_head = models.CharField(max_length=64, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="articles_created",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="article_newest"),
            models.Index(fields=["state", "-updated_at", "-id"], name="article_state_newest"),
            models.Index(fields=["section", "-updated_at", "-id"], name="article_section_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_state_known",
                condition=Q(state__in=DeskState.values),
                violation_error_message=_("This is not a state of the desk."),
            )
        ]
        permissions = [
            ("preview_article", "Can preview the working copy as a page"),
            ("publish_article", "Can publish an article"),
            ("schedule_article", "Can schedule and unschedule an article"),
            ("retract_article", "Can retract a published article"),
            ("import_article", "Can import articles"),
        ]

    def __str__(self) -> str:
        return self.headline or self.slugline or _("Untitled %(id)s") % {"id": self.pk or ""}

    @property
    def direction(self) -> str:
        return direction(self.language)
