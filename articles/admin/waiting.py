"""What waits for somebody: one definition of each queue, for the first page and the list's filter.

Each is answered from an index of its own, so that it costs the same in any archive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.choices import DeskState, FlagState, PublicationKind
from articles.models import Article, Byline, Publication
from articles.workflow.actions import written_by
from articles.workflow.permissions import sections_of
from articles.workflow.standing import four_eyes

# An author's newest stories are among the last bylines they got.
BYLINES = 200


def open_articles() -> Any:
    """Return the articles that something can still be done to: neither spiked nor killed."""
    killed = Publication.objects.filter(article=OuterRef("pk"), kind=PublicationKind.KILL)
    return Article.objects.exclude(state=DeskState.SPIKED).filter(~Exists(killed))


def below(path: str, field: str = "section__path") -> Q:
    """Return the condition of a section and those under it."""
    return Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}/"})


def where_allowed(rows: Any, user: Any, permission: str) -> Any:
    """Keep the articles of the sections in which a user has a permission."""
    paths = sections_of(user, f"articles.{permission}_article")
    if paths is None:
        return rows
    if not paths:
        return rows.none()
    return rows.filter(reduce(or_, map(below, paths)) | Q(section=None))


def state(value: str) -> Any:
    return open_articles().filter(state=value).order_by("-updated_at", "-id")


def own(value: str, user: Any) -> list[Any]:
    """Return somebody's articles in a state: those they began, and those they stand in."""
    rows = state(value)
    found = [rows.filter(created_by=user)]
    # Its number is asked for by itself: how many bylines somebody has tells the planner what to do.
    if (contributor := getattr(user, "contributor", None)) is not None:
        named = Byline.objects.filter(contributor=contributor.pk).order_by("-id")
        found.append(rows.filter(pk__in=named.values("article")[:BYLINES]))
    return found


def on_hold() -> Any:
    return open_articles().filter(on_hold=True).order_by("-updated_at", "-id")


def legal() -> Any:
    rows = open_articles().filter(legal_check=FlagState.REQUIRED)
    return rows.order_by("-updated_at", "-id")


def pictures() -> Any:
    rows = open_articles().filter(picture_check=FlagState.REQUIRED)
    return rows.order_by("-updated_at", "-id")


def embargoed(at: dt.datetime | None = None) -> Any:
    at = at or timezone.now()
    return open_articles().filter(embargo_until__gt=at).order_by("embargo_until", "id")


def review_due() -> Any:
    return open_articles().filter(review_due_at__isnull=False).order_by("review_due_at", "id")


def kill_requested() -> Any:
    rows = open_articles().filter(kill_requested_by__isnull=False)
    return rows.order_by("-updated_at", "-id")


def ready() -> Any:
    """Return what was approved and is neither live nor scheduled."""
    return open_articles().filter(ready_at__isnull=False).order_by("-ready_at", "-id")


def to_approve(user: Any) -> Any:
    """Return what is in review, in the user's sections, and was written by others."""
    rows = where_allowed(state(DeskState.IN_REVIEW), user, "approve")
    return rows.exclude(written_by(user)) if four_eyes() else rows


def to_review(user: Any) -> Any:
    """Return what was published in an emergency and waits to be read by this user."""
    rows = where_allowed(review_due(), user, "approve")
    return rows.exclude(written_by(user)) if four_eyes() else rows


def to_kill(user: Any) -> Any:
    """Return what somebody else asked to be killed, for this user to confirm."""
    rows = where_allowed(kill_requested(), user, "kill")
    return rows.exclude(kill_requested_by=user) if four_eyes() else rows


# The list's filter: value → (title, the articles, for the user who asks).
QUEUES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "approve": (gettext_lazy("In review, for me to approve"), to_approve),
    "ready": (gettext_lazy("Approved, ready to publish"), lambda user: ready()),
    "hold": (gettext_lazy("On hold"), lambda user: on_hold()),
    "legal": (gettext_lazy("Legal check open"), lambda user: legal()),
    "pictures": (gettext_lazy("Pictures wanted"), lambda user: pictures()),
    "embargo": (gettext_lazy("Under embargo"), lambda user: embargoed()),
    "review": (gettext_lazy("Review due"), lambda user: review_due()),
    "kill": (gettext_lazy("Kill asked for"), lambda user: kill_requested()),
}
