"""Where an article stands with readers at a moment, read off its publications."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from articles.choices import PublicationKind, PublicState
from articles.models import Article, Publication
from articles.workflow.editions import WITHDRAWN

_STATES = {
    PublicationKind.ARCHIVED: PublicState.ARCHIVED,
    PublicationKind.RETRACTION: PublicState.RETRACTED,
    PublicationKind.KILL: PublicState.KILLED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An article's publications, oldest first; which of them is live, which is to come next.

    ``digest`` is that of the working copy's revision, where it was read.
    """

    publications: tuple[Publication, ...]
    live: Publication | None
    pending: Publication | None
    digest: str | None = None

    @property
    def state(self) -> PublicState:
        return public_state(self.live)

    @property
    def is_withdrawn(self) -> bool:
        return self.live is not None and self.live.kind in WITHDRAWN

    @property
    def was_public(self) -> bool:
        now = timezone.now()
        return any(row.live_from <= now and not row.was_called_off for row in self.publications)


def standing(article: Article, at: dt.datetime | None = None) -> Standing:
    """Return an article's publications without bodies, oldest first, the live and the next one."""
    at = at or timezone.now()
    rows = tuple(
        article.publications.select_related("revision", "section")
        .defer("body", "revision__document")
        .order_by("number")
    )
    return stand(rows, at)


def stand(rows: Iterable[Publication], at: dt.datetime) -> Standing:
    """Return the standing of an article whose publications, oldest first, are these."""
    rows = tuple(rows)
    live = next((row for row in rows if row.is_live(at)), None)
    pending = next((row for row in rows if row.live_from > at and not row.was_called_off), None)
    return Standing(rows, live, pending)


def public_state(live: Publication | None) -> PublicState:
    """Return where an article stands whose live publication is this one."""
    if live is None:
        return PublicState.UNPUBLISHED
    return _STATES.get(PublicationKind(live.kind), PublicState.PUBLISHED)


def four_eyes() -> bool:
    """Return whether somebody else has to approve what goes live (``NEWSROOM_FOUR_EYES``)."""
    return bool(getattr(settings, "NEWSROOM_FOUR_EYES", True))
