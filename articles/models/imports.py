"""What came in, from which bytes, and every line's fate; how far an archive has been read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.choices import Outcome
from articles.models.articles import Article
from articles.models.revisions import Revision


class ImportRun(models.Model):
    """One run that changed something; a run that changes nothing leaves no row."""

    started_at = models.DateTimeField(_("started"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="import_runs",
        verbose_name=_("by"),
    )
    options = models.JSONField(_("options"), default=dict)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}"


class ImportedDocument(models.Model):
    """One source document in one version.

    ``external_id`` is collection and path below it, ``content_hash`` the SHA-256 of the bytes;
    ``report`` is the reader's whole record (``seed-article/1`` for seeds).
    """

    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="documents", verbose_name=_("run")
    )
    external_id = models.CharField(_("source"), max_length=500)
    content_hash = models.CharField(_("content"), max_length=64, db_index=True)
    format = models.CharField(_("format"), max_length=20)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    error = models.CharField(_("error"), max_length=40, blank=True)
    report = models.JSONField(_("report"), default=dict)
    article = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imported_documents",
        verbose_name=_("article"),
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imported_documents",
        verbose_name=_("revision"),
    )
    created_at = models.DateTimeField(_("imported"), default=timezone.now)

    class Meta:
        verbose_name = _("imported document")
        verbose_name_plural = _("imported documents")
        ordering = ["-id"]
        indexes = [models.Index(fields=["outcome", "-id"], name="imported_document_outcome")]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id", "content_hash"], name="imported_document_once"
            )
        ]

    def __str__(self) -> str:
        return self.external_id


class ArchiveReading(models.Model):
    """How far the archive this newsroom came from has been read; written with what was read.

    ``digest`` is the sum, modulo 2 to the 256th, of the SHA-256 of each line that is in, with its
    number before it. ``rejected`` holds number, code and message of each line that is not.
    """

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0")
    rejected = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lines}"
