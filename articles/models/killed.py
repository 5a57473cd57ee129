"""KilledText: what a killed article said, kept from readers and from the desk."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article
from articles.models.fields import AppendOnly


class KilledText(AppendOnly):
    """``kept`` holds, by table, the columns that were emptied elsewhere (``workflow.vault``).

    To be read with the permission ``view_killed_article`` only.
    """

    article = models.OneToOneField(
        Article, on_delete=models.PROTECT, related_name="killed_text", verbose_name=_("article")
    )
    kept = models.JSONField(_("text"))
    created_at = models.DateTimeField(_("killed"), default=timezone.now)

    class Meta:
        verbose_name = _("killed text")
        verbose_name_plural = _("killed texts")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.article_id}"
