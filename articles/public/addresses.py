"""Full addresses of public pages, as machines elsewhere need them."""

from __future__ import annotations

from django.urls import NoReverseMatch

from articles.addresses import address
from articles.pages import absolute


def page_of(name: str, slug: str) -> str:
    """Return the page of a topic, contributor or source."""
    return absolute(address(name, slug=slug))


def page(name: str) -> str:
    """Return a page that needs no more than its name; "" if this site has none of it."""
    try:
        return absolute(address(name))
    except NoReverseMatch:
        return ""
