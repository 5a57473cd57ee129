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
_MOST = 200


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a photo is used: working copies, what is live now or to come, what was live once.

    ``copies`` are other photos with the same bytes, which have to be killed too.
    """

    working_copies: list[Article]
    live: list[Publication]
    past: list[Publication]
    copies: list[Photo]


def uses(photo: Photo) -> Uses:
    """Return where a photo is used, newest first, 200 of each kind at most, without bodies."""
    now = timezone.now()
    shown = photo.publications.defer("body").order_by("-live_from", "-pk")
    ended = shown.filter(live_until__lte=now).exclude(live_until=F("live_from"))
    return Uses(
        list(Article.objects.filter(placements__photo=photo).distinct().order_by("-pk")[:_MOST]),
        list(shown.filter(Q(live_until=None) | Q(live_until__gt=now))[:_MOST]),
        list(ended[:_MOST]),
        lookalikes.duplicates(photo),
    )


def kill_photo(photo: Photo, *, by: Any, reason: str, notice: str = "") -> None:
    """Take a photo from readers for good; ``notice`` stands in its place, a plain one if empty.

    The row stays, with who did it and why; the original and every rendition are removed from the
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
        row = Photo.objects.select_for_update().get(pk=photo.pk)
        if row.killed_at:
            raise WorkflowError("killed", _("The photo was killed before."))
        renditions.discard_files(row)
        row.killed_at = timezone.now()
        row.killed_by = by
        row.kill_reason = reason.strip()
        row.kill_notice = notice.strip()
        row.save(update_fields=["killed_at", "killed_by", "kill_reason", "kill_notice"])
    photo.refresh_from_db()
