"""What every page of the desk shows of one's notifications."""

from __future__ import annotations

from typing import Any

from django import template

from articles import notices

register = template.Library()


@register.simple_tag
def unread_notices(user: Any) -> str:
    """Return how many notifications somebody hasn't read, "9+" for more than nine; one query."""
    if not user.is_authenticated:
        return ""
    number = notices.unread(user)
    return f"{notices.COUNTED_TO}+" if number > notices.COUNTED_TO else str(number or "")
