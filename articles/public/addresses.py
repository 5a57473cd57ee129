"""Full addresses of public pages, as machines elsewhere need them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.urls import NoReverseMatch
from django.utils.http import RFC3986_SUBDELIMS

from articles.addresses import address
from articles.pages import absolute

# As ``reverse`` leaves them.
_SAFE = f"{RFC3986_SUBDELIMS}/~:@"
_A_STORY = "s/2000/01/01/s/"


def page_of(name: str, slug: str) -> str:
    """Return the page of a topic, contributor or source."""
    return absolute(address(name, slug=slug))


def page(name: str) -> str:
    """Return a page that needs no more than its name; "" if this site has none of it."""
    try:
        return absolute(address(name))
    except NoReverseMatch:
        return ""


def stories() -> Callable[[str], str]:
    """Return what makes a story's page of its path, for many in a row: each costs no more than
    its letters."""
    before, after = absolute(address("article", path=_A_STORY)).split(_A_STORY)
    return lambda path: f"{before}{quote(path, safe=_SAFE)}{after}"
