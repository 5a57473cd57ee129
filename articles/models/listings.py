"""In which lists a publication stands: those of its topics, contributors and sources.

The rows between a publication and what it names also hold the date the story carries, so that an
index gives the newest of a list without reading the others. A publication is never changed, so
neither is its date here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.contributors import Contributor
from articles.models.publications import Publication
from articles.models.sources import Source
from articles.models.taxonomy import Topic


class Listing(models.Model):
    """``published_at`` is the publication's."""

    publication = models.ForeignKey(
        Publication,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="%(class)ss",
        verbose_name=_("publication"),
    )
    published_at = models.DateTimeField(_("published"))

    class Meta:
        abstract = True
        default_permissions = ()


class TopicListing(Listing):
    topic = models.ForeignKey(
        Topic,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="listings",
        verbose_name=_("topic"),
    )

    class Meta(Listing.Meta):
        indexes = [
            models.Index(
                fields=["topic", "-published_at", "-publication"], name="topic_listing_newest"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication", "topic"], name="topic_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.publication_id}"


class ContributorListing(Listing):
    contributor = models.ForeignKey(
        Contributor,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="listings",
        verbose_name=_("contributor"),
    )

    class Meta(Listing.Meta):
        indexes = [
            models.Index(
                fields=["contributor", "-published_at", "-publication"],
                name="contributor_listing_newest",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "contributor"], name="contributor_listed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor_id}: {self.publication_id}"


class SourceListing(Listing):
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="listings",
        verbose_name=_("source"),
    )

    class Meta(Listing.Meta):
        indexes = [
            models.Index(
                fields=["source", "-published_at", "-publication"], name="source_listing_newest"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["publication", "source"], name="source_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.publication_id}"
