"""What the photo library's templates show of photos; asks the database nothing."""

from __future__ import annotations

from typing import Any

from django import template

from articles.admin.photo_filters import Shown, labels
from articles.admin.standing import Label
from articles.credits import printed_credit
from articles.editor import thumbnail
from articles.models import Photo

register = template.Library()


@register.simple_tag
def shown_as(changelist: Any) -> dict[str, Any]:
    """Return whether the library is a grid, and the links that lead to each way of showing it."""
    way = next(spec for spec in changelist.filter_specs if isinstance(spec, Shown))
    choices = [
        {"label": label, "query": choice["query_string"], "selected": choice["selected"]}
        for label, choice in zip(Shown.ways(), way.choices(changelist), strict=True)
    ]
    return {"is_grid": way.value() == "grid", "choices": choices}


@register.simple_tag
def thumbnail_of(photo: Photo) -> str:
    return thumbnail(photo)


@register.simple_tag
def printed_credit_of(photo: Photo) -> str:
    return printed_credit(photo)


@register.simple_tag
def labels_of(photo: Photo) -> list[Label]:
    return labels(photo)
