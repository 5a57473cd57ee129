"""Front: one layout of one page, from when, until when; Slot: a story's place in it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.choices import Zone
from articles.models.articles import Article
from articles.models.fields import AppendOnly
from articles.models.taxonomy import Section
from articles.querysets import FrontQuerySet

# Rows without a section are those of the front page; a unique index takes none of them for equal.
_PAGE = Coalesce(F("section"), Value(0), output_field=models.BigIntegerField())


class Front(AppendOnly):
    """A layout of the front page (no ``section``) or of a section's front.

    Live is ``live_from <= at < live_until``; a layout that was called off has ``live_until``
    equal to ``live_from``. The layouts of a page follow each other without gap or overlap, and
    are its history: each says who made it and why.
    """

    changeable = frozenset({"live_until", "called_off_by", "called_off_at"})

    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="fronts",
        verbose_name=_("section"),
    )
    number = models.PositiveIntegerField(_("number"))
    live_from = models.DateTimeField(_("live from"))
    live_until = models.DateTimeField(_("live until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fronts",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    called_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("called off by"),
    )
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True)

    objects = FrontQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        ordering = ["-live_from", "-number"]
        default_permissions = ("view",)
        permissions = [("arrange_fronts", "Can arrange fronts")]
        indexes = [
            models.Index(fields=["section", "-live_from"], name="front_page_newest"),
            models.Index(fields=["section", "-number"], name="front_page_number"),
            # PostgreSQL doesn't see that rows without a section are in order in the two above.
            models.Index(fields=["-live_from"], condition=Q(section=None), name="front_top_newest"),
            models.Index(fields=["-number"], condition=Q(section=None), name="front_top_number"),
            models.Index(fields=["live_from"], name="front_live_from"),
            models.Index(fields=["live_until"], name="front_live_until"),
        ]
        constraints = [
            models.UniqueConstraint(_PAGE, "number", name="front_number_once"),
            models.UniqueConstraint(_PAGE, condition=Q(live_until=None), name="front_one_open"),
            models.CheckConstraint(
                name="front_ends_after_it_begins",
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section or _('Front page')} · {self.number}"

    @property
    def was_called_off(self) -> bool:
        return self.live_until is not None and self.live_until == self.live_from

    def is_live(self, at: dt.datetime) -> bool:
        return self.live_from <= at and (self.live_until is None or at < self.live_until)


class Slot(AppendOnly):
    """A place of a layout that an editor gave to a story, for good or until its pin expires."""

    front = models.ForeignKey(
        Front, on_delete=models.PROTECT, related_name="slots", verbose_name=_("front")
    )
    zone = models.CharField(_("zone"), max_length=10, choices=Zone)
    position = models.PositiveSmallIntegerField(_("position"))
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="slots", verbose_name=_("article")
    )
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["front", "zone", "position"]
        default_permissions = ()
        indexes = [models.Index(fields=["pinned_until"], name="slot_pinned_until")]
        constraints = [
            models.UniqueConstraint(
                fields=["front", "zone", "position"], name="slot_place_taken_once"
            ),
            models.UniqueConstraint(fields=["front", "article"], name="slot_story_stands_once"),
            models.CheckConstraint(name="slot_zone_known", condition=Q(zone__in=Zone.values)),
        ]

    def __str__(self) -> str:
        return f"{self.zone} {self.position}: {self.article_id}"
