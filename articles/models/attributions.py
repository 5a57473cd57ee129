"""Attribution: the statement in a story that something comes from a source."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.choices import AttributionKind
from articles.models.articles import Article
from articles.models.sources import Source

FIELDS_WITH_WORDS = ("headline", "standfirst", "dateline", "byline", "source_line")


class Attribution(models.Model):
    """``text`` are the words of the story that carry the attribution; ``where`` is the block of
    the body they stand in, or one of ``FIELDS_WITH_WORDS``; ``start`` counts characters in it
    and is -1 when the words are gone."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="attributions", verbose_name=_("article")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=AttributionKind, default=AttributionKind.NAMED
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions",
        verbose_name=_("source"),
    )
    name = models.CharField(_("name in the text"), max_length=200, blank=True)
    text = models.TextField(_("words in the text"), max_length=1000)
    where = models.CharField(_("place"), max_length=20, blank=True)
    start = models.IntegerField(default=-1, editable=False)
    is_quote = models.BooleanField(_("verbatim quotation"), default=False)
    description = models.CharField(
        _("description for readers"),
        max_length=300,
        blank=True,
        help_text=_("For an anonymous source: as much as readers may know."),
    )
    reason = models.CharField(
        _("reason for anonymity"),
        max_length=300,
        blank=True,
        help_text=_("For the desk; never public."),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions_verified",
        verbose_name=_("verified by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attributions_approved",
        verbose_name=_("signed off by"),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="attribution_anonymous_has_no_source",
                condition=~Q(kind=AttributionKind.ANONYMOUS) | Q(source=None),
                violation_error_message=_("An anonymous source can’t name its source."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.text[:80]
