"""Article: the working copy. Readers never see it; they see publications of its revisions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
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
    original = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
        verbose_name=_("translated from"),
        help_text=_("The story this one was first written as, in another language."),
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
    review_due_at = models.DateTimeField(
        _("review due"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Until when somebody else has to read what was published in an emergency."),
    )
    ready_at = models.DateTimeField(
        _("ready since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since when an approved text waits to go live; empty once it is scheduled."),
    )
    kill_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="kills_requested",
        verbose_name=_("kill requested by"),
    )
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
            models.Index(
                fields=["created_by", "state", "-updated_at", "-id"], name="article_own_newest"
            ),
            # The few that wait for somebody, whatever the size of the archive.
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(chain_head=""),
                name="article_never_public",
            ),
            models.Index(
                fields=["-updated_at", "-id"], condition=Q(on_hold=True), name="article_held"
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(legal_check=FlagState.REQUIRED),
                name="article_legal_open",
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(picture_check=FlagState.REQUIRED),
                name="article_pictures_open",
            ),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(kill_requested_by__isnull=False),
                name="article_kill_requested",
            ),
            models.Index(
                fields=["embargo_until", "id"],
                condition=Q(embargo_until__isnull=False),
                name="article_embargoed",
            ),
            models.Index(
                fields=["review_due_at", "id"],
                condition=Q(review_due_at__isnull=False),
                name="article_review_due",
            ),
            models.Index(
                fields=["-ready_at", "-id"],
                condition=Q(ready_at__isnull=False),
                name="article_ready",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="article_state_known",
                condition=Q(state__in=DeskState.values),
                violation_error_message=_("This is not a state of the desk."),
            ),
            models.CheckConstraint(
                name="article_not_its_own_translation",
                condition=Q(original=None) | ~Q(original=models.F("id")),
                violation_error_message=_("A story can’t be a translation of itself."),
            ),
        ]
        permissions = [
            ("preview_article", "Can preview the working copy as a page"),
            ("share_preview_article", "Can give a preview to somebody without an account"),
            ("import_article", "Can import articles"),
            ("submit_article", "Can submit an article for review"),
            ("request_changes_article", "Can request changes"),
            ("approve_article", "Can approve an article"),
            ("publish_article", "Can publish an article"),
            ("schedule_article", "Can schedule an article"),
            ("unschedule_article", "Can call off what is scheduled"),
            (
                "emergency_publish_article",
                "Can publish without approval, to be reviewed afterwards",
            ),
            ("start_update_article", "Can start an update of a public article"),
            ("hot_fix_article", "Can fix the live text while a longer draft waits"),
            ("retract_article", "Can retract a published article"),
            ("reinstate_article", "Can reinstate a retracted article"),
            ("request_kill_article", "Can ask for an article to be killed"),
            ("kill_article", "Can confirm that an article is killed"),
            ("view_killed_article", "Can read the text of a killed article"),
            ("archive_article", "Can archive an article"),
            ("unarchive_article", "Can bring an article back from the archive"),
            ("spike_article", "Can spike an article"),
            ("restore_article", "Can restore a spiked article"),
            ("set_embargo_article", "Can set an embargo"),
            ("lift_embargo_article", "Can lift an embargo"),
            ("hold_article", "Can put an article on hold"),
            ("release_article", "Can release an article from hold"),
            ("require_legal_article", "Can ask for the legal check"),
            ("clear_legal_article", "Can say that the legal check is done"),
            ("require_pictures_article", "Can ask for pictures"),
            ("clear_pictures_article", "Can say that pictures are done"),
        ]

    def __str__(self) -> str:
        return self.headline or self.slugline or _("Untitled %(id)s") % {"id": self.pk or ""}

    @property
    def direction(self) -> str:
        return direction(self.language)

    def clean(self) -> None:
        if self.original is None:
            return
        if self.original.original_id is not None:
            message = _("That is a translation itself: choose the story it was translated from.")
            raise ValidationError({"original": message})
        if self.pk and self.translations.exists():
            message = _("This story has translations: it can’t be one itself.")
            raise ValidationError({"original": message})
