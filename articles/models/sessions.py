"""Who is writing in an article now (Presence); what they typed and did not save (Autosave)."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article


class Presence(models.Model):
    """Somebody has the article's form open; counts while ``seen_at`` is young."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="present", verbose_name=_("article")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="presences",
        verbose_name=_("user"),
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)
    has_changes = models.BooleanField(_("has unsaved changes"), default=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="presence_once_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.article_id}"


class Autosave(models.Model):
    """The fields of a form as somebody had typed them; no revision, seen by nobody else.

    ``article`` is empty while a new article has not been saved; ``form`` tells several such forms
    of one person apart. ``based_on`` is the version of the article that the form was opened at.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="autosaves",
        verbose_name=_("user"),
    )
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="autosaves",
        verbose_name=_("article"),
    )
    form = models.CharField(_("form"), max_length=40)
    based_on = models.PositiveIntegerField(_("based on version"), default=0)
    fields = models.JSONField(_("fields"), default=dict)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("autosave")
        verbose_name_plural = _("autosaves")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "form"], name="autosave_once_per_form")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.article_id or ''} · {self.saved_at:%Y-%m-%d %H:%M}"
