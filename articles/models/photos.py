"""Photo: the picture itself, who made and supplied it, and what may be done with it.

A photo may have no file yet: its caption and credit are known from the text, the picture is to be
supplied. Readers get renditions, never the original. A killed photo has no file and never gets one
again; its row stays, so that pages know what to say in its place.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.choices import SourceType
from articles.models.contributors import Contributor
from articles.models.sources import Source

_PART = [MinValueValidator(0.0), MaxValueValidator(1.0)]
_WEB = [URLValidator(schemes=["http", "https"])]


class Photo(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("original"), upload_to="originals", max_length=200, blank=True)
    expected_file = models.CharField(
        _("file in the source"),
        max_length=500,
        blank=True,
        help_text=_("The name or address the source gave. It is never opened or fetched."),
    )
    caption = models.TextField(_("caption"), max_length=2000, blank=True)
    alt_text = models.CharField(
        _("alt text"),
        max_length=500,
        blank=True,
        help_text=_("What the picture shows, for readers who can’t see it."),
    )
    is_decorative = models.BooleanField(_("decorative"), default=False)
    headline = models.CharField(_("title"), max_length=200, blank=True)
    extended_description = models.TextField(
        _("long description"),
        max_length=2000,
        blank=True,
        help_text=_("More than the alt text holds: what a chart, a map or a crowd shows."),
    )
    creator = models.CharField(
        _("creator in the file"),
        max_length=300,
        blank=True,
        help_text=_("Who made it, as its file says; several between semicolons."),
    )
    photographer = models.ForeignKey(
        Contributor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        db_index=False,
        verbose_name=_("photographer"),
    )
    agency = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
        db_index=False,
        verbose_name=_("agency"),
    )
    credit_line = models.CharField(
        _("credit line"),
        max_length=300,
        blank=True,
        help_text=_("Who made and supplied it, as printed: “Signe Hal/AFP”."),
    )
    copyright_notice = models.CharField(_("copyright notice"), max_length=300, blank=True)
    usage_terms = models.CharField(_("usage terms"), max_length=1000, blank=True)
    web_statement = models.CharField(
        _("address of the terms"), max_length=500, blank=True, validators=_WEB
    )
    licensor_url = models.CharField(
        _("address of the licensor"), max_length=500, blank=True, validators=_WEB
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    digital_source_type = models.CharField(
        _("how it was made"), max_length=40, choices=SourceType, blank=True
    )
    usable_from = models.DateTimeField(_("may be used from"), null=True, blank=True)
    usable_until = models.DateTimeField(_("may be used until"), null=True, blank=True)
    withheld_from = models.JSONField(
        _("not to be used in"),
        default=list,
        blank=True,
        help_text=_("Channels the rights leave out (see choices.Channel)."),
    )
    focal_x = models.FloatField(_("focal point, across"), default=0.5, validators=_PART)
    focal_y = models.FloatField(_("focal point, down"), default=0.5, validators=_PART)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    # What pictures that look alike have in common, and what the renditions were made from.
    perceptual_hash = models.CharField(max_length=16, blank=True, editable=False)
    renditions_digest = models.CharField(max_length=32, blank=True, editable=False)
    killed_at = models.DateTimeField(_("killed"), null=True, blank=True, editable=False)
    killed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="killed_photos",
        verbose_name=_("killed by"),
    )
    kill_reason = models.TextField(_("why it was killed"), blank=True, editable=False)
    kill_notice = models.CharField(
        _("text in its place"), max_length=300, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="photo_rights_window",
                condition=Q(usable_from=None)
                | Q(usable_until=None)
                | Q(usable_until__gt=F("usable_from")),
                violation_error_message=_("The rights end before they begin."),
            ),
            models.CheckConstraint(
                name="photo_focal_point",
                condition=Q(focal_x__range=(0.0, 1.0), focal_y__range=(0.0, 1.0)),
                violation_error_message=_("The focal point lies outside the picture."),
            ),
            models.CheckConstraint(
                name="photo_killed_without_file",
                condition=Q(killed_at=None) | (Q(file="") & ~Q(kill_reason="")),
                violation_error_message=_("A killed photo has a reason and no file."),
            ),
        ]
        permissions = [
            ("supply_photo", "Can supply the file of a photo"),
            ("kill_photo", "Can kill a photo"),
        ]
        indexes = [
            models.Index(fields=["file", "-id"], name="photo_file"),
            # Without the photos of none: what lacks a credit is found by an index of its own.
            models.Index(
                fields=["agency", "-id"],
                condition=Q(agency__isnull=False),
                name="photo_agency_newest",
            ),
            models.Index(
                fields=["photographer", "-id"],
                condition=Q(photographer__isnull=False),
                name="photo_photographer_newest",
            ),
            models.Index(fields=["created_at"], name="photo_added"),
            # The few the desk looks for among the many that are well.
            models.Index(
                fields=["-id"],
                condition=Q(alt_text="", is_decorative=False, killed_at=None),
                name="photo_no_alt",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(credit_line="", photographer=None, agency=None, killed_at=None),
                name="photo_no_credit",
            ),
            models.Index(
                fields=["-id"], condition=Q(usable_until__isnull=False), name="photo_usable_until"
            ),
            models.Index(
                fields=["-id"], condition=Q(usable_from__isnull=False), name="photo_usable_from"
            ),
            models.Index(fields=["-id"], condition=~Q(killed_at=None), name="photo_killed"),
            # When photos come to pages and leave them, for how long a page may be kept.
            models.Index(
                fields=["usable_from"], condition=Q(usable_from__isnull=False), name="photo_begins"
            ),
            models.Index(
                fields=["usable_until"], condition=Q(usable_until__isnull=False), name="photo_ends"
            ),
            models.Index(
                fields=["killed_at"], condition=Q(killed_at__isnull=False), name="photo_killed_at"
            ),
            models.Index(fields=["-id"], condition=~Q(withheld_from=[]), name="photo_withheld"),
        ]

    def __str__(self) -> str:
        text = self.caption or self.alt_text or self.expected_file or str(self.uuid)
        return text if len(text) <= 80 else f"{text[:79]}…"

    def is_within_rights(self, at: dt.datetime | None = None) -> bool:
        """Return whether the rights window is open at that moment; it ends before its last."""
        at = at or timezone.now()
        begun = self.usable_from is None or self.usable_from <= at
        return begun and (self.usable_until is None or at < self.usable_until)

    def may_be_shown(self, channel: str, at: dt.datetime | None = None) -> bool:
        """Return whether readers may get the photo there (``choices.Channel``) at that moment."""
        return (
            self.killed_at is None
            and channel not in self.withheld_from
            and self.is_within_rights(at)
        )


class Rendition(models.Model):
    """A re-encoded copy for readers, never larger than the original; its name can't be guessed.

    ``crop`` names its shape (``pictures.shapes``); "" is the whole picture. The row comes before
    the file: until ``is_made`` it says what is made when somebody asks. ``claimed_at`` is when
    somebody began to make it, so that others wait.
    """

    photo = models.ForeignKey(
        Photo, on_delete=models.CASCADE, related_name="renditions", verbose_name=_("photo")
    )
    file = models.FileField(_("file"), upload_to="renditions", max_length=200, db_index=True)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    format = models.CharField(_("format"), max_length=10)
    crop = models.CharField(_("crop"), max_length=10, blank=True)
    is_made = models.BooleanField(_("file made"), default=True)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["photo", "crop", "format", "width"]
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "crop", "format", "width"], name="rendition_once_per_width"
            )
        ]
        indexes = [
            models.Index(fields=["photo"], condition=Q(is_made=False), name="rendition_to_make"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.format, self.crop, f"{self.width}×{self.height}")))

    @property
    def url(self) -> str:
        """Where readers get the file: from the bucket's host, or from the site, which makes it."""
        if self.is_made and settings.MEDIA_ORIGIN:
            return self.file.url
        return f"{settings.MEDIA_URL}{self.file.name}"

    @property
    def is_offered(self) -> bool:
        """Whether pages may show it: it is there, or the site makes it when it is asked for."""
        return self.is_made or settings.SERVE_MEDIA
