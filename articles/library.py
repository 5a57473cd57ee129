"""The photo library: how a file becomes a photo of it, and how many photos are changed at once.

What a file may be is decided in ``renditions``; who may do it by whoever calls.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from articles import lookalikes, renditions
from articles.exceptions import ImportProblem
from articles.models import Photo

# Seconds that a request spends on making files anew; ``make_renditions`` makes the others.
_PATIENCE = 8.0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The photo of an uploaded file, whether it was here before, and photos that look like it."""

    photo: Photo
    is_known: bool
    similar: list[Photo]


def take_in(file: UploadedFile) -> TakenIn:
    """Make a photo of a file, or find the one that has these bytes; a refused file leaves no row.

    Runs outside any transaction, since encoding takes its time. Raises ``ImportProblem``.
    """
    photo, is_known = renditions.take_in(file)
    return TakenIn(photo, is_known, [] if is_known else lookalikes.similar(photo))


def change_many(
    photos: Sequence[Photo], values: dict[str, Any]
) -> tuple[list[Photo], list[tuple[Photo, str]]]:
    """Set fields of photos in one transaction; return those changed, and those left out with why.

    Left out are killed photos and those the values don't fit.
    """
    left_out: list[tuple[Photo, str]] = []
    changed: list[Photo] = []
    with transaction.atomic():
        rows = Photo.objects.select_for_update(of=("self",)).in_bulk([photo.pk for photo in photos])
        for photo in photos:
            row = rows.get(photo.pk)
            if row is None:
                continue
            if problem := unfit(row, values):
                left_out.append((row, problem))
                continue
            row.save(update_fields=list(values))
            changed.append(row)
    return changed, left_out


def unfit(photo: Photo, values: dict[str, Any]) -> str:
    """Set values on a photo, unsaved; return why they don't fit, "" if they do."""
    if photo.killed_at:
        return _("It was killed.")
    for name, value in values.items():
        setattr(photo, name, value)
    try:
        photo.clean_fields(exclude={f.name for f in Photo._meta.fields} - set(values))
        photo.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def refresh_files(photos: Iterable[Photo]) -> int:
    """Make the files of photos anew whose credit or crops changed; return how many wait.

    Takes some seconds at most: what isn't made by then is left to ``make_renditions``.
    """
    until = time.monotonic() + _PATIENCE
    waiting = 0
    for photo in photos:
        if not photo.file or photo.killed_at or renditions.is_current(photo):
            continue
        if time.monotonic() > until:
            waiting += 1
            continue
        try:
            renditions.renew(photo)
        except ImportProblem:
            waiting += 1
    return waiting
