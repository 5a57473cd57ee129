"""Killing a photo: one act that takes it from every page, feed, card and file address.

Nothing readers get is asked to change: pages look at the photo's row when they are read. What other
machines keep (browsers, caches in front of the site) has to be emptied there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import lookalikes, renditions
from articles.exceptions import WorkflowError
from articles.models import Article, Photo, Publication

PERMISSION = "articles.kill_photo"
MOST_USES = 200


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a photo is used: working copies, what is live now, is to come, was live once.

    ``copies`` are other photos with the same bytes, which have to be killed too.
    """

    working_copies: list[Article]
    live: list[Publication]
    scheduled: list[Publication]
    past: list[Publication]
    copies: list[Photo]


def uses(photo: Photo, *, with_copies: bool = False, most: int = MOST_USES) -> Uses:
    """Return where a photo is used, newest first, ``most`` of each kind at most, without bodies.

    With ``with_copies`` also where other photos with the same bytes are used.
    """
    now = timezone.now()
    copies = lookalikes.duplicates(photo)
    photos = [photo.pk, *(copy.pk for copy in copies if with_copies)]
    shown = Publication.objects.filter(
        pk__in=Publication.photos.through.objects.filter(photo__in=photos).values("publication")
    ).exclude(live_until=F("live_from"))
    newest = shown.defer("body").order_by("-live_from", "-pk")
    open_ended = newest.filter(Q(live_until=None) | Q(live_until__gt=now))
    articles = Article.objects.filter(placements__photo__in=photos).distinct().order_by("-pk")
    return Uses(
        list(articles.defer("body")[:most]),
        list(open_ended.filter(live_from__lte=now)[:most]),
        list(newest.filter(live_from__gt=now)[:most]),
        list(newest.filter(live_until__lte=now)[:most]),
        copies,
    )


def kill_photo(
    photo: Photo, *, by: Any, reason: str, notice: str = "", with_copies: bool = False
) -> list[Photo]:
    """Take a photo from readers for good; ``notice`` stands in its place, a plain one if empty.

    With ``with_copies`` all photos with the same bytes go in the same act; returns what was killed.
    The rows stay, with who did it and why; the original and every rendition are removed from the
    store once this is committed, and neither the photo nor the same file is taken in again.
    Raises WorkflowError: not_permitted, no_reason, long_notice, killed.
    """
    if by is None or not by.is_active or not by.has_perm(PERMISSION):
        raise WorkflowError("not_permitted", _("Your role doesn’t include killing photos."))
    if not reason.strip():
        raise WorkflowError("no_reason", _("Say why the photo is killed."))
    most = Photo._meta.get_field("kill_notice").max_length or 0
    if len(notice.strip()) > most:
        message = _("The text in its place is longer than %(most)d characters.") % {"most": most}
        raise WorkflowError("long_notice", message)
    with transaction.atomic():
        wanted = Q(pk=photo.pk)
        if with_copies and photo.content_hash:
            wanted |= Q(content_hash=photo.content_hash, killed_at=None)
        rows = list(Photo.objects.select_for_update().filter(wanted).order_by("pk"))
        if any(row.pk == photo.pk and row.killed_at for row in rows):
            raise WorkflowError("killed", _("The photo was killed before."))
        for row in rows:
            _kill(row, by, reason.strip(), notice.strip())
    photo.refresh_from_db()
    return rows


def _kill(row: Photo, by: Any, reason: str, notice: str) -> None:
    renditions.discard_files(row)
    row.killed_at = timezone.now()
    row.killed_by = by
    row.kill_reason = reason
    row.kill_notice = notice
    row.save(update_fields=["killed_at", "killed_by", "kill_reason", "kill_notice"])
