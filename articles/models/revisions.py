"""Revision: an immutable snapshot of a working copy. Approval: a seal over its digest."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.choices import Origin
from articles.models.articles import Article
from articles.models.fields import AppendOnly


class Revision(AppendOnly):
    """``document`` is the document's JSON, ``digest`` the SHA-256 of its canonical form.

    A proposal (``is_proposal``) came in beside the working copy, from a source that changed; it
    becomes the working copy only when an editor takes it over.
    """

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("article")
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    digest = models.CharField(_("digest"), max_length=64)
    is_proposal = models.BooleanField(_("proposal"), default=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.FORM)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "-number"]
        indexes = [
            models.Index(fields=["origin", "-id"], name="revision_origin_newest"),
            models.Index(
                fields=["-id"], condition=models.Q(is_proposal=True), name="revision_proposal"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"


class Approval(AppendOnly):
    """Void as soon as the article has a later revision: what was approved is what is published."""

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("revision")
    )
    digest = models.CharField(_("digest"), max_length=64)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="approvals",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), default=timezone.now)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-approved_at", "-id"]

    def __str__(self) -> str:
        return f"{self.revision} {self.digest[:8]}"
