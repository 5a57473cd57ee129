"""Photos that are in the library already: the same file, or another file of the same picture."""

from __future__ import annotations

from django.conf import settings

from articles import pictures
from articles.models import Photo

_MOST = 10


def duplicates(photo: Photo) -> list[Photo]:
    """Return other photos with the same bytes, newest first, ten at most."""
    if not photo.content_hash:
        return []
    rows = Photo.objects.filter(content_hash=photo.content_hash).exclude(pk=photo.pk)
    return list(rows.order_by("-pk")[:_MOST])


def similar(photo: Photo) -> list[Photo]:
    """Return photos that look like this one, the most alike first, ten at most.

    Compares with the newest ``NEWSROOM_PHOTO_COMPARED`` photos (20,000), so that it takes the same
    time in any archive; a picture older than these is found only by its bytes.
    """
    if not photo.perceptual_hash:
        return []
    newest = getattr(settings, "NEWSROOM_PHOTO_COMPARED", 20_000)
    rows = Photo.objects.exclude(perceptual_hash="").exclude(pk=photo.pk).order_by("-pk")
    near: list[tuple[int, int]] = []
    for pk, other in rows.values_list("pk", "perceptual_hash")[:newest]:
        bits = pictures.distance(photo.perceptual_hash, other)
        if bits <= pictures.SAME:
            near.append((bits, -pk))
    wanted = [-negative for _, negative in sorted(near)[:_MOST]]
    found = Photo.objects.in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]
