"""An article that a transaction has locked, and what was read of it since.

Until the transaction ends nobody else can change any of it, so that nothing has to be read twice:
a save hands on what it knows to the step that follows it. A page that only shows an article reads
it in the same way, and locks nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property

from django.db.models import Max, Subquery
from django.utils import timezone

from articles import snapshots
from articles.models import Approval, Article, Event, Publication, Revision
from articles.parts import Parts
from articles.snapshots import Last
from articles.workflow.standing import Standing, stand, standing


class Held:
    """``parts`` are the rows of the working copy, where they were read. ``is_unsaved``: the
    article's own row is still to be written. ``is_fresh``: its revision was written in this
    transaction, so that nobody can have approved it."""

    def __init__(self, article: Article, parts: Parts | None = None) -> None:
        self.article, self.parts = article, parts
        self.is_unsaved = self.is_fresh = False

    @cached_property
    def now(self) -> Standing:
        return standing(self.article)

    @cached_property
    def last(self) -> Last:
        """The working copy's revision, which carries the last event and what was approved last."""
        events = Event.objects.filter(article=self.article).order_by("-number")
        approvals = Approval.objects.filter(revision__article=self.article)
        return snapshots.last_of(
            self.article,
            last_event=Subquery(events.values("number")[:1]),
            last_approved=Subquery(approvals.order_by("-revision__number").values("revision")[:1]),
        )

    @property
    def revision(self) -> Revision | None:
        return self.last.revision

    @cached_property
    def last_event(self) -> int:
        """The number of the article's last event, 0 before the first."""
        if self.revision is not None and hasattr(self.revision, "last_event"):
            return int(self.revision.last_event or 0)
        return self.article.events.aggregate(last=Max("number"))["last"] or 0

    @property
    def last_approved(self) -> int | None:
        """The row number of the revision that was approved last."""
        return getattr(self.revision, "last_approved", None)

    def standing(self, at: dt.datetime) -> Standing:
        """Return where the article stands at a moment."""
        now = stand(self.now.publications, at)
        known = self.revision if "last" in vars(self) else None
        return replace(now, digest=known.digest) if known is not None else now

    def write(self) -> None:
        """Write the article's own row, if that was put off until its state is known."""
        if self.is_unsaved:
            self.article.save()
            self.is_unsaved = False

    def wrote(self, revision: Revision) -> None:
        """Take a revision of the working copy that was just written."""
        before = self.revision
        for row in self.now.publications if "now" in vars(self) else ():
            if before is not None and row.revision_id == before.pk:
                row.revision = before  # its document was read
        self.last, self.is_fresh = Last(revision, revision.number), True

    def published(self, publication: Publication) -> None:
        """Take a publication that was just written."""
        self.now = stand((*self.now.publications, publication), timezone.now())
