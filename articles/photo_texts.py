"""What a photo's row takes over from its file: only what the desk left empty, cut to fit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from PIL import Image

from articles import pictures
from articles.choices import SourceType
from articles.credits import credit_line
from articles.models import Photo

Texts = dict[str, Any]


def read(image: Image.Image) -> Texts:
    """Return what a file says, by field of the photo; what it leaves unsaid is left out.

    A time without a zone is taken as the site's own. A way of making that is no code of the
    NewsCodes is left out.
    """
    texts: Texts = dict(pictures.embedded_texts(image))
    if texts["digital_source_type"] not in SourceType.values:
        del texts["digital_source_type"]
    moment = pictures.taken_at(image)
    if moment is not None:
        is_naive = moment.tzinfo is None
        zoned = moment.replace(tzinfo=timezone.get_default_timezone()) if is_naive else moment
        texts["taken_at"] = zoned.astimezone(dt.UTC)
    return {name: value for name, value in texts.items() if value}


def fill(photo: Photo, texts: Texts) -> list[str]:
    """Set the empty fields among ``texts`` and return their names; saves nothing.

    A credit made from photographer and agency counts. Where the desk gave a credit, a creator it
    doesn't name is not taken: that would be two answers to who made the picture.
    """
    credit = credit_line(photo)
    filled = []
    for name, value in texts.items():
        present = credit if name == "credit_line" else getattr(photo, name)
        if not present and not (name == "creator" and _contradicts(value, credit)):
            setattr(photo, name, _fitting(name, value))
            filled.append(name)
    return filled


def _contradicts(creators: str, credit: str) -> bool:
    return bool(credit) and any(name not in credit for name in creators.split("; "))


def _fitting(name: str, value: Any) -> Any:
    most = getattr(Photo._meta.get_field(name), "max_length", None)
    return value[:most].rstrip() if isinstance(value, str) else value
