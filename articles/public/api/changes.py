"""What changed, in the order in which it could first be seen, so that a mirror stays exact.

Each story stands in the list once, where its last change is: its first publication, an update, a
correction, its retraction. The place of a change is the later of when it goes live and when it was
written, with the publication's id where two are equal: a story written long before it is live, and
one that is dated back, both come after everything that could be read before.

Two programs may write at once, and the one that began first may end last. What is younger than
``SETTLED`` is therefore given out but not passed: a cursor names the changes beyond that point that
were given already, and the next page starts from the point again.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Greatest

from articles.listings import Place
from articles.models import Publication
from articles.public import cursors
from articles.querysets import PublicationQuerySet

# Longer than any publication takes to be written, and than clocks of one newsroom differ.
SETTLED = dt.timedelta(seconds=60)
_MOST_NAMED = 200
_NUMBER = "[0-9a-f]{1,15}"
PATTERN = rf"^[0-9a-f]{{1,14}}-{_NUMBER}(~{_NUMBER}(\.{_NUMBER}){{0,{_MOST_NAMED - 1}}})?$"
_PATTERN = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class Cursor:
    """All up to ``place`` was given, and beyond it the publications ``named``."""

    place: Place
    named: frozenset[int] = frozenset()

    def __str__(self) -> str:
        text = cursors.encode_place(self.place)
        ids = ".".join(f"{pk:x}" for pk in sorted(self.named))
        return f"{text}~{ids}" if ids else text


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """``more`` says whether something is left to be read at once."""

    publications: list[Any]
    cursor: Cursor
    more: bool


def read_cursor(text: str) -> Cursor:
    """Raises ValueError for what this site never gave out."""
    if not _PATTERN.fullmatch(text) or text.endswith("\n"):
        raise ValueError("This is no cursor of ours: take it from a next address as it is.")
    place, _, ids = text.partition("~")
    named = frozenset(int(pk, 16) for pk in ids.split(".")) if ids else frozenset()
    return Cursor(cursors.decode(place), named)


def since(moment: dt.datetime) -> Cursor:
    """Return the cursor before the first change at that moment."""
    return Cursor((moment, 0))


def read_page(start: Cursor, at: dt.datetime, size: int, load: Any) -> ChangesPage:
    """Return the next changes up to ``at``; ``load`` adds to the query what they are shown with."""
    wanted = size + len(start.named) + 1
    rows = list(load(_after(start.place, at))[:wanted])
    new = [row for row in rows if row.pk not in start.named]
    settled = sum(_is_settled(row, at) for row in new)
    given = new[: min(size, settled + _MOST_NAMED - len(start.named))]
    unseen = start.named - {row.pk for row in rows} if len(rows) == wanted else frozenset()
    cursor = _passed(start.place, rows, start.named | {row.pk for row in given}, at)
    return ChangesPage(
        given,
        Cursor(cursor.place, cursor.named | unseen) if given else start,
        more=bool(given) and len(new) > len(given),
    )


def _is_settled(row: Any, at: dt.datetime) -> bool:
    return bool(row.changed_at <= at - SETTLED)


def _after(place: Place, at: dt.datetime) -> PublicationQuerySet:
    moment, pk = place
    later = Q(changed_at__gt=moment) | Q(changed_at=moment, pk__gt=pk)
    rows = Publication.objects.public(at).annotate(changed_at=Greatest("live_from", "created_at"))
    # The first condition is implied by the second, and lets the database start at the place.
    return rows.filter(changed_at__gte=moment).filter(later).order_by("changed_at", "pk")


def _passed(place: Place, rows: list[Any], known: frozenset[int], at: dt.datetime) -> Cursor:
    """Return the cursor behind what the asker knows: past what is settled, naming what is not."""
    named = set()
    is_whole = True
    for row in rows:
        is_known = row.pk in known
        is_whole = is_whole and is_known and _is_settled(row, at)
        if is_whole:
            place = (row.changed_at, row.pk)
        elif is_known:
            named.add(row.pk)
    return Cursor(place, frozenset(named))
