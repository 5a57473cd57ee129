"""What is public, and who may see what: the only definitions.

Everything readers get is asked of publications, by ``public`` (may be read at its address) or
``listed`` (may also stand in lists, feeds and related blocks). Both compare times with the clock
they are given, so that a scheduled story becomes public without a job having run.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.exceptions import AppendOnlyError


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that are only added to: bulk changes and deletes are refused."""

    def update(self, **values: Any) -> int:
        raise AppendOnlyError(str(self.model._meta.verbose_name_plural).capitalize())

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(str(self.model._meta.verbose_name_plural).capitalize())

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError(str(self.model._meta.verbose_name_plural).capitalize())


class PublicationQuerySet(AppendOnlyQuerySet):
    def live(self, at: dt.datetime | None = None) -> PublicationQuerySet:
        at = at or timezone.now()
        # "Not later than" and "not after" are the same; said this way SQLite doesn't take the
        # index of the few that are to come for a way to all that are live.
        return self.filter(Q(live_until=None) | Q(live_until__gt=at), ~Q(live_from__gt=at))

    def public(self, at: dt.datetime | None = None) -> PublicationQuerySet:
        """What may be read at its address at that moment, notices of retraction included."""
        return self.live(at)

    def listed(self, at: dt.datetime | None = None) -> PublicationQuerySet:
        """What may stand in lists, feeds, sitemaps, search and related blocks at that moment."""
        # What a killed story once was has no headline left, so that no past moment lists it.
        return self.live(at).filter(is_listed=True).exclude(headline="")

    def pending(self, at: dt.datetime | None = None) -> PublicationQuerySet:
        """What will go live later, if nobody calls it off."""
        at = at or timezone.now()
        return self.filter(live_from__gt=at).exclude(live_until=models.F("live_from"))

    def newest_first(self) -> PublicationQuerySet:
        return self.order_by("-published_at", "-id")

    def for_lists(self) -> PublicationQuerySet:
        """Load what a card shows and no body."""
        return self.select_related("section", "lead_photo", "lead_photo__agency").defer(
            "body", "note"
        )


class FrontQuerySet(AppendOnlyQuerySet):
    def lasting(self, at: dt.datetime) -> FrontQuerySet:
        """Return what is live or to come: two steps along an index, whatever there was before."""
        ends = self.model._default_manager.order_by()
        open_ended, to_end = ends.filter(live_until=None), ends.filter(live_until__gt=at)
        return self.filter(pk__in=open_ended.values("pk").union(to_end.values("pk")))


class ArticleQuerySet(models.QuerySet):
    def for_desk(self) -> ArticleQuerySet:
        """Load what the desk's lists show and no body."""
        return self.select_related("section").defer("body", "standfirst")


class SectionQuerySet(models.QuerySet):
    def navigation(self) -> SectionQuerySet:
        """Top sections that stand in the navigation, in their order."""
        return self.filter(parent=None, in_navigation=True)

    def get_by_natural_key(self, path: str) -> Any:
        return self.get(path=path)
