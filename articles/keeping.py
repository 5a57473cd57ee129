"""What keeps words from being lost between two saves: autosaves, and who else is writing.

An autosave is the form as somebody had typed it, for that person alone; it is no revision. Presence
is read off how young its last sign is: nobody has to sign off.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from articles.models import Article, Autosave, Presence

# The form gives a sign of life every 20 seconds; after this long without one, nobody is there.
YOUNG = dt.timedelta(seconds=75)
# Forms a person left unsaved, beyond which the oldest go; and how long one is offered.
FORMS = 20
OFFERED = dt.timedelta(days=14)

Pairs = list[tuple[str, str]]


def keep(user: Any, article: Article | None, form: str, based_on: int, pairs: Pairs) -> Autosave:
    """Keep what is typed in one form; ``form`` tells it apart from other forms of this person."""
    values = {
        "article": article,
        "based_on": based_on,
        "fields": {"pairs": [list(pair) for pair in pairs]},
        "saved_at": timezone.now(),
    }
    row, created = Autosave.objects.update_or_create(user=user, form=form, defaults=values)
    if created:
        mine = Autosave.objects.filter(user=user).order_by("-saved_at", "-pk")
        Autosave.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[FORMS:])).delete()
    return row


def offered(user: Any, article: Article | None, *, but: str = "") -> QuerySet[Autosave]:
    """Return what this person typed for an article (None: a new one) and didn't save, newest
    first."""
    rows = Autosave.objects.filter(
        user=user, article=article, saved_at__gt=timezone.now() - OFFERED
    )
    return rows.exclude(form=but).order_by("-saved_at", "-pk")


def drop(user: Any, form: str) -> None:
    """Forget what was typed in a form: it was saved, or thrown away."""
    Autosave.objects.filter(user=user, form=form).delete()


def typed(row: Autosave) -> QueryDict:
    """Return an autosave as a browser would have sent it."""
    data = QueryDict(mutable=True)
    for name, value in row.fields.get("pairs", []):
        data.appendlist(name, value)
    return data


def sign(user: Any, article: Article, *, has_changes: bool) -> None:
    """Note that somebody has an article's form open."""
    now = timezone.now()
    row, created = Presence.objects.get_or_create(article=article, user=user)
    if not created and row.seen_at < now - YOUNG:
        row.since = now
    row.seen_at, row.has_changes = now, has_changes
    row.save(update_fields=["since", "seen_at", "has_changes"])


def leave(user: Any, article: Article) -> None:
    Presence.objects.filter(article=article, user=user).delete()


def present(article: Article, *, but: Any = None) -> QuerySet[Presence]:
    """Return who has an article's form open now, first come first."""
    rows = Presence.objects.filter(article=article, seen_at__gt=timezone.now() - YOUNG)
    return rows.exclude(user=but).select_related("user").order_by("since")
