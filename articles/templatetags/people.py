"""How somebody at the desk is named: by their name, or by their account if they gave none."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def person(user: Any) -> str:
    """Return a user's name, "–" for nobody."""
    return (user.get_full_name() or user.get_username()) if user else "–"
