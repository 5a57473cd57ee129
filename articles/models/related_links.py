"""RelatedLink: another article, or a title with or without an address; or one never to be shown."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import RelatedKind
from articles.models.articles import Article


class RelatedLink(models.Model):
    """A title without an address waits for the story of that headline to become public.

    After ``pinned_until`` the story is shown only if it is proposed by itself.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="related_links", verbose_name=_("article")
    )
    related = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="related_from",
        verbose_name=_("our article"),
    )
    title = models.CharField(_("title"), max_length=300, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    kind = models.CharField(
        _("as"), max_length=20, choices=RelatedKind, default=RelatedKind.RELATED
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)

    class Meta:
        verbose_name = _("related link")
        verbose_name_plural = _("related links")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="related_link_kind_known", condition=Q(kind__in=RelatedKind.values)
            ),
            models.CheckConstraint(
                name="related_link_not_itself",
                condition=Q(related=None) | ~Q(related=models.F("article")),
                violation_error_message=_("An article can’t be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.related or "")

    def clean(self) -> None:
        if not self.related_id and not self.title.strip():
            raise ValidationError(_("Choose one of our articles or give a title."))
