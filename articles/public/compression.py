"""Brotli or gzip for what readers get. The desk's pages hold secrets and are never compressed.

An attacker who can have words written into a page and see its compressed length may guess a secret
beside them (BREACH); a public page is the same for every reader and holds none.
"""

from __future__ import annotations

import gzip
import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

_LEAST = 860  # bytes: anything shorter fits into one packet as it is
_QUALITY, _LEVEL = 5, 6  # a millisecond or two for a long page
_PACKED = re.compile(r"(image/(?!svg)|video/|audio/|font/|application/(zip|gzip))")
_WEIGHED = re.compile(r"\s*([-\w*]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?", re.ASCII)


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Encode the body as the reader prefers, and say that it may differ by reader."""
    if response.has_header("Content-Encoding") or _PACKED.match(response.get("Content-Type", "")):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if len(response.content) < _LEAST:
        return
    encoding = preferred(request.headers.get("Accept-Encoding", ""))
    if encoding == "br":
        response.content = brotli.compress(response.content, quality=_QUALITY)
    elif encoding == "gzip":
        response.content = gzip.compress(response.content, _LEVEL, mtime=0)
    if encoding:
        response.headers["Content-Encoding"] = encoding
        response.headers["Content-Length"] = str(len(response.content))


def preferred(accepted: str) -> str:
    """Return ``br``, ``gzip`` or "" for an Accept-Encoding header (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        match = _WEIGHED.fullmatch(part)
        if match:
            weights[match[1].lower()] = float(match[2] or 1)
    others = weights.get("*", 0.0)
    brotli_weight, gzip_weight = weights.get("br", others), weights.get("gzip", others)
    if max(brotli_weight, gzip_weight) <= 0:
        return ""
    return "br" if brotli_weight >= gzip_weight else "gzip"
