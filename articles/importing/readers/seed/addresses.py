"""Which link and image targets are safe to keep.

Decides between an address, an unsafe scheme and a target that cannot be parsed. Nothing is
fetched or resolved.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_SCHEME = re.compile(r"([^/?#:]*):")
_ALLOWED = frozenset({"http", "https", "mailto", "tel"})


def verdict(target: str) -> str | None:
    """Say why a target is refused: unsafe_scheme or bad_url; None if it may be used."""
    flat = target
    for _ in range(4):
        flat = _INVISIBLE.sub("", html.unescape(flat))
        if not flat:
            return "bad_url"
        found = _SCHEME.match(flat)
        if found and found.group(1).lower() not in _ALLOWED:
            return "unsafe_scheme"
    return _parsed(flat)


def _parsed(flat: str) -> str | None:
    try:
        parts = urlsplit(flat.replace("\\", "/"))
        port_is_fine = parts.port is None or parts.port > 0
        host = parts.hostname
    except ValueError:
        return "bad_url"
    if parts.scheme in ("http", "https") or flat.startswith("//"):
        return None if host and port_is_fine and not re.search(r"[<>\"{}|^`]", host) else "bad_url"
    if parts.scheme in ("mailto", "tel"):
        return None if parts.path else "bad_url"
    return None


def is_relative(target: str) -> bool:
    """Tell whether a target needs the address of the page it stood on."""
    return not re.match(r"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:)", target)
