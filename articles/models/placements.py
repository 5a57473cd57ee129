"""Placement: a photo's use in an article. Derived from the figures in the body, never edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.choices import Layout
from articles.models.articles import Article
from articles.models.photos import Photo


class Placement(models.Model):
    """``block`` is the id of the figure in the body, ``caption`` and ``alt`` are for this use."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="placements", verbose_name=_("article")
    )
    photo = models.ForeignKey(
        Photo, on_delete=models.PROTECT, related_name="placements", verbose_name=_("photo")
    )
    block = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(_("order"))
    caption = models.TextField(_("caption"), blank=True)
    alt = models.CharField(_("alt text for this use"), max_length=500, blank=True)
    layout = models.CharField(_("layout"), max_length=10, choices=Layout, default=Layout.INLINE)

    class Meta:
        verbose_name = _("photo placement")
        verbose_name_plural = _("photo placements")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "block"],
                name="placement_once_per_block",
                violation_error_message=_("This figure has a placement already."),
            )
        ]

    def __str__(self) -> str:
        return self.caption[:80] or str(self.photo_id)
