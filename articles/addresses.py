"""Addresses of this site's pages, each found once: a page names up to a hundred of them."""

from __future__ import annotations

from functools import lru_cache, partial

from django.conf import settings
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse

from articles.memos import Memo

_FILES: Memo[str] = Memo(64 * 1024)


def address(view: str, **parts: str) -> str:
    """Return the address of a public page as ``reverse`` gives it, as of the moment shown."""
    return _found(view, tuple(parts.items()), get_script_prefix(), urls())


def static_file(name: str) -> str:
    """Return the address of a static file as ``static`` gives it."""
    return _FILES.get((name, get_script_prefix()), partial(static, name))


def urls() -> str:
    """Return which table of addresses holds for this request."""
    return str(get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=1000)
def _found(view: str, parts: tuple[tuple[str, str], ...], prefix: str, table: str) -> str:
    """Ask Django; ``prefix`` and ``table`` are what it takes from elsewhere."""
    return reverse(f"articles:{view}", urlconf=table, kwargs=dict(parts))
