"""Publication: which revision readers see, from when, until when, and as what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import document
from articles.addresses import address
from articles.choices import PublicationKind
from articles.models.articles import Article, direction
from articles.models.contributors import Contributor
from articles.models.fields import AppendOnly
from articles.models.photos import Photo
from articles.models.revisions import Revision
from articles.models.sources import Source
from articles.models.taxonomy import Section, Topic
from articles.querysets import PublicationQuerySet

# Everything a publication says, in the order it is sealed in. ``live_until`` is left out: it is
# written once more, when a later publication closes this one.
SEALED = [
    "number",
    "kind",
    "note",
    "live_from",
    "is_listed",
    "path",
    "headline",
    "standfirst",
    "kicker",
    "language",
    "original",
    "dateline",
    "credits",
    "source_line",
    "related",
    "published_at",
    "revised_at",
    "words",
    "body",
]


class PublicPath(models.Model):
    """An address that was given to an article, for ever: later ones lead on from it."""

    path = models.CharField(_("path"), max_length=400, unique=True)
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="public_paths", verbose_name=_("article")
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("public path")
        verbose_name_plural = _("public paths")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class Publication(AppendOnly):
    """``credits`` holds bylines, topics and sources as readers see them, so that a page asks for
    them no more; ``related`` the related links; ``body`` is safe HTML made by ``body.render``.

    ``published_at`` is the date the story carries, ``revised_at`` that of its last change readers
    are told of. Live is ``live_from <= at < live_until``; a publication that was called off
    before it began has ``live_until`` equal to ``live_from``.
    """

    changeable = frozenset({"live_until"})

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="publications", verbose_name=_("article")
    )
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        related_name="publications",
        verbose_name=_("revision"),
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("as"), max_length=20, choices=PublicationKind)
    note = models.TextField(_("note for readers"), blank=True)
    live_from = models.DateTimeField(_("live from"))
    live_until = models.DateTimeField(_("live until"), null=True, blank=True)
    is_listed = models.BooleanField(_("listed"), default=True)
    path = models.CharField(_("path"), max_length=400)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, related_name="publications", verbose_name=_("section")
    )
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    kicker = models.CharField(_("kicker"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=35)
    original = models.CharField(
        _("translated from"), max_length=36, blank=True, help_text=_("uuid of the article")
    )
    dateline = models.CharField(_("dateline"), max_length=160, blank=True)
    credits = models.JSONField(_("credits"), default=dict)
    source_line = models.TextField(_("source line"), blank=True)
    related = models.JSONField(_("related"), default=list)
    lead_photo = models.ForeignKey(
        Photo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("lead photo"),
    )
    photos = models.ManyToManyField(Photo, related_name="publications", verbose_name=_("photos"))
    topics = models.ManyToManyField(
        Topic, through="TopicListing", related_name="publications", verbose_name=_("topics")
    )
    contributors = models.ManyToManyField(
        Contributor,
        through="ContributorListing",
        related_name="publications",
        verbose_name=_("contributors"),
    )
    sources = models.ManyToManyField(
        Source, through="SourceListing", related_name="publications", verbose_name=_("sources")
    )
    published_at = models.DateTimeField(_("published"))
    revised_at = models.DateTimeField(_("revised"))
    words = models.PositiveIntegerField(_("words"), default=0)
    body = models.TextField(_("body"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    objects = PublicationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-published_at", "-id"]
        permissions = [("view_future", "Can see the site as it will be")]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="publication_newest"),
            models.Index(
                fields=["section", "-published_at", "-id"], name="publication_section_newest"
            ),
            models.Index(fields=["path", "live_from"], name="publication_path"),
            models.Index(fields=["live_from"], name="publication_live_from"),
            models.Index(fields=["kind", "-live_from", "-id"], name="publication_kind_newest"),
            models.Index(fields=["headline"], name="publication_headline"),
            # When a change could first be read: the order in which the API tells of them.
            models.Index(Greatest("live_from", "created_at"), "id", name="publication_changed"),
            models.Index(
                fields=["original"], condition=~Q(original=""), name="publication_original"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publication_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(live_until=None), name="publication_one_open"
            ),
            models.CheckConstraint(
                name="publication_ends_after_it_begins",
                condition=Q(live_until=None) | Q(live_until__gte=F("live_from")),
            ),
            models.CheckConstraint(
                name="publication_kind_known", condition=Q(kind__in=PublicationKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return address("article", path=self.path)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def was_called_off(self) -> bool:
        return self.live_until is not None and self.live_until == self.live_from

    @property
    def is_emptied(self) -> bool:
        """Whether the story was killed later, and its words are gone from here."""
        return not self.headline

    def is_live(self, at: dt.datetime | None = None) -> bool:
        at = at or timezone.now()
        return self.live_from <= at and (self.live_until is None or at < self.live_until)

    def sealed(self, article: Article, revision_digest: str) -> dict[str, Any]:
        """Return what the digest is made of: names and times, no row numbers of this database."""
        values = {name: getattr(self, name) for name in SEALED}
        for name in ("live_from", "published_at", "revised_at"):
            values[name] = values[name].astimezone(dt.UTC).isoformat()
        return {
            **values,
            "article": str(article.uuid),
            "revision": revision_digest,
            "section": self.section.path,
            "lead_photo": str(self.lead_photo.uuid) if self.lead_photo else "",
            "previous": self.previous_digest,
        }

    def make_digest(self, article: Article, revision_digest: str) -> str:
        return document.digest(self.sealed(article, revision_digest))


class Correction(AppendOnly):
    """What was wrong and what is right, told by the publication that put it right."""

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="corrections",
        verbose_name=_("publication"),
    )
    was = models.TextField(_("was wrong"), max_length=2000)
    now = models.TextField(_("is right"), max_length=2000)
    where = models.CharField(_("place"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["publication", "position", "id"]

    def __str__(self) -> str:
        return self.now[:80]
