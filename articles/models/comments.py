"""Comment: what somebody at the desk says of an article, or of some words in it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.articles import Article


class Comment(models.Model):
    """``quote`` are the words it stands on: at ``start`` in the field or block ``where``.

    A comment on the whole article has no quote. Place and offset are where the words stood last;
    whether they still do is asked of the text (``talk.place``). A reply has a ``parent`` and stands
    where that stands; only the first of a thread is resolved.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="comments", verbose_name=_("article")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    text = models.TextField(_("comment"), max_length=4000)
    quote = models.TextField(_("words"), max_length=1000, blank=True)
    where = models.CharField(_("place"), max_length=20, blank=True)
    start = models.IntegerField(_("offset"), default=0)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="comments_mentioning",
        verbose_name=_("mentioned"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="comments_resolved",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["article", "created_at"], name="comment_in_article")]

    def __str__(self) -> str:
        return self.text[:80]
