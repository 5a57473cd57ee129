"""A kept answer: what is sent for it, in each encoding, and how long it holds.

An entry is made of a complete answer to an anonymous GET. It holds the body in those encodings that
readers asked for: few need it plain, which is longer than all others together. It is bytes and
numbers only, written for Redis as JSON and bytes, so that nothing read back from there is ever
executed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import brotli
from django.http import HttpResponse
from django.utils.http import parse_etags, parse_http_date_safe

from articles.generations import ANY_STORY, EVERYTHING

KEPT_STATUS = frozenset({200, 301, 404, 410})
_COMPRESSED = ("text/", "application/json", "application/xml", "application/xhtml+xml",
               "application/rss+xml", "application/atom+xml", "application/feed+json",
               "application/ld+json", "application/manifest+json", "application/vnd.iptc",
               "application/problem+json", "image/svg+xml")  # fmt: skip
_LEAST_COMPRESSED = 500
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
# Of a 304 only what tells a cache how to go on with what it has (RFC 9110, 15.4.5).
_KEPT_IN_304 = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "vary", "last-modified"}
)
# Lists whose pages show stories of one kind only; all else may show any story that is public.
_OF_ONE_KIND = ("front", "section:", "topic:", "by:", "source:")
_COMMA = re.compile(r"\s*,\s*")
_SECONDS = re.compile(r"=(\d+)")
_LENGTHS = struct.Struct("!4I")
_ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": lambda plain: gzip.compress(plain, _GZIP_LEVEL, mtime=0),
    "br": lambda plain: brotli.compress(plain, quality=_BROTLI_QUALITY),
}
# The quickest first.
_DECODE: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
}

Headers = list[tuple[str, str]]


@dataclass(slots=True)
class Entry:
    """``made`` is the version that was read before the page was rendered; ``checked`` the newest
    one it was found to be still true at. Times are seconds of the clock, in UTC. ``bodies`` are
    those asked for until now, by encoding."""

    status: int
    headers: Headers
    tags: frozenset[str]
    made: int
    stored_at: float
    fresh_until: dt.datetime
    bodies: dict[str, bytes]
    checked: int = 0
    etag: str = ""
    modified: int | None = None
    rule: str = ""
    _is_encoded: bool = False
    _reach: float = 0
    _sent: dict[str, Headers] = field(default_factory=dict)
    _line: str = ""
    _unmodified: Headers = field(default_factory=list)

    def __post_init__(self) -> None:
        named = {name.lower(): value for name, value in self.headers}
        self.checked = self.checked or self.made
        self.etag = named.get("etag", "")
        self.rule = named.get("cache-control", "")
        self._reach = sum(int(seconds) for seconds in _SECONDS.findall(self.rule))
        if "last-modified" in named:
            self.modified = parse_http_date_safe(named["last-modified"])
        self._line = f"{self.status} {HTTPStatus(self.status).phrase}"
        self._unmodified = [pair for pair in self.headers if pair[0].lower() in _KEPT_IN_304]
        self._is_encoded = "" not in self.bodies or _is_encoded(named, self.bodies[""])

    @property
    def size(self) -> int:
        """Bytes of memory, about: the bodies, and what Python keeps around them."""
        bodies = list(self.bodies.values())  # another thread may add one
        return sum(map(len, bodies)) + 120 * (len(self.headers) + len(self.tags)) + 2000

    def answer(self, environ: dict[str, Any], left: float) -> tuple[str, Headers, bytes]:
        """Return status line, headers and body for a request: encoded as it takes, or 304.

        ``left`` is how long the page holds (seconds): the rule for caches reaches no further.
        """
        if self.status == 200 and self._is_had(environ):
            line, headers, body = "304 Not Modified", self._unmodified, b""
        else:
            coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", "")) if self._is_encoded else ""
            if coding not in self._sent:
                self._encode(coding)
            line, headers, body = self._line, self._sent[coding], self.bodies[coding]
        if left < self._reach + 1:
            rule = clipped(self.rule, int(left) - 1)
            headers = [(n, rule if n == "Cache-Control" else value) for n, value in headers]
        return line, headers, body

    def _encode(self, coding: str) -> None:
        """Make what is sent in an encoding, of the body in another if need be."""
        if coding not in self.bodies:
            known = next(known for known in _DECODE if known in self.bodies)
            self.bodies[coding] = _ENCODE[coding](_DECODE[known](self.bodies[known]))
        extra = [("Content-Length", str(len(self.bodies[coding])))]
        if coding:
            extra.append(("Content-Encoding", coding))
        self._sent[coding] = self.headers + extra

    def _is_had(self, environ: dict[str, Any]) -> bool:
        """Return whether the reader has this very page (RFC 9110, 13.2.2: the ETag goes first)."""
        given = environ.get("HTTP_IF_NONE_MATCH")
        if given is not None:
            mine = self.etag.removeprefix("W/")
            known = {etag.removeprefix("W/") for etag in parse_etags(given)}
            return bool(mine) and ("*" in known or mine in known)
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if since is None or self.modified is None:
            return False
        asked = parse_http_date_safe(since)
        return asked is not None and self.modified <= asked

    def to_bytes(self) -> bytes:
        about = {
            "status": self.status,
            "headers": self.headers,
            "tags": sorted(self.tags),
            "made": self.made,
            "stored_at": self.stored_at,
            "fresh_until": self.fresh_until.isoformat(),
        }
        head = json.dumps(about).encode()
        bodies = [self.bodies.get(coding, b"") for coding in ("", "gzip", "br")]
        return _LENGTHS.pack(len(head), *map(len, bodies)) + head + b"".join(bodies)


def from_bytes(raw: bytes) -> Entry | None:
    """Return what ``to_bytes`` wrote, None if this is nothing of the kind."""
    try:
        lengths = _LENGTHS.unpack_from(raw)
        if len(raw) != _LENGTHS.size + sum(lengths):
            return None
        parts, start = [], _LENGTHS.size
        for length in lengths:
            parts.append(raw[start : start + length])
            start += length
        about = json.loads(parts[0])
        bodies = {
            coding: body for coding, body in zip(("", "gzip", "br"), parts[1:], strict=True) if body
        }
        return Entry(
            int(about["status"]),
            [(str(name), str(value)) for name, value in about["headers"]],
            frozenset(about["tags"]),
            int(about["made"]),
            float(about["stored_at"]),
            dt.datetime.fromisoformat(about["fresh_until"]),
            bodies or {"": b""},
        )
    except (ValueError, KeyError, TypeError, struct.error):
        return None


def clipped(rule: str, left: int) -> str:
    """Return a Cache-Control whose seconds together reach ``left`` seconds at most."""
    room = max(0, left)

    def clip(found: re.Match[str]) -> str:
        nonlocal room
        seconds = min(int(found[1]), room)
        room -= seconds
        return f"={seconds}"

    return _SECONDS.sub(clip, rule)


def refusal(response: HttpResponse) -> str:
    """Return why an answer is not kept, "" if it may be."""
    rules = set(_COMMA.split(response.headers.get("Cache-Control", "").lower()))
    vary = {name for name in _COMMA.split(response.headers.get("Vary", "").lower()) if name}
    if response.status_code not in KEPT_STATUS:
        return "status"
    if response.cookies or "Set-Cookie" in response.headers:
        return "cookie"
    if rules & {"private", "no-store", "no-cache"} or "public" not in rules:
        return "rule"
    if vary - {"accept-encoding"} or "Content-Encoding" in response.headers:
        return "vary"
    if "'nonce-" in response.headers.get("Content-Security-Policy", ""):
        return "nonce"
    if "Cache-Tag" not in response.headers or fresh_until(response) is None:
        return "contract"
    return ""


def fresh_until(response: HttpResponse) -> dt.datetime | None:
    """Return until when an answer is true, as its view said."""
    found: dt.datetime | None = getattr(response, "fresh_until", None)
    return found


def tags_of(response: HttpResponse) -> frozenset[str]:
    """Return the tags of an answer: all its view named, or those its header could hold.

    A story's page shows what is related to it, which any other story may turn out to be.
    """
    named: Iterable[str] | None = getattr(response, "page_tags", None)
    if named is None:
        named = (unquote(tag) for tag in response.headers.get("Cache-Tag", "").split(",") if tag)
    tags = frozenset(named) | {EVERYTHING}
    is_list = any(tag.startswith(_OF_ONE_KIND) for tag in tags)
    if is_list and not any(tag.startswith("article:") for tag in tags):
        return tags
    return tags | {ANY_STORY}


def make(response: HttpResponse, *, made: int, now: dt.datetime, accepted: str = "") -> Entry:
    """Make the entry of an answer, with its body as somebody takes it whose Accept-Encoding is
    ``accepted``."""
    left_out = {"content-length", "age"}
    headers = [pair for pair in response.items() if pair[0].lower() not in left_out]
    if "Accept-Encoding" not in response.headers.get("Vary", ""):
        headers = [*(pair for pair in headers if pair[0] != "Vary"), ("Vary", _vary(response))]
    headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
    named = {name.lower(): value for name, value in headers}
    coding = _coding(accepted) if _is_encoded(named, response.content) else ""
    bodies = {coding: _ENCODE[coding](response.content)}
    until = fresh_until(response) or now
    tags = tags_of(response)
    return Entry(response.status_code, headers, tags, made, now.timestamp(), until, bodies)


def _is_encoded(named: dict[str, str], plain: bytes) -> bool:
    """Return whether a body is worth encoding; ``named`` are its headers by their small names."""
    kind = named.get("content-type", "")
    is_plain = "content-encoding" not in named and kind.startswith(_COMPRESSED)
    return is_plain and len(plain) >= _LEAST_COMPRESSED


def _vary(response: HttpResponse) -> str:
    return ", ".join(filter(None, (response.headers.get("Vary", ""), "Accept-Encoding")))


@lru_cache(maxsize=512)
def _coding(accepted: str) -> str:
    """Return the best encoding a reader takes: br, gzip or "" for none."""
    given: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weight = parameters.strip().removeprefix("q=")
        try:
            given[name.strip()] = float(weight or 1)
        except ValueError:
            given[name.strip()] = 0.0
    for coding in ("br", "gzip"):
        if given.get(coding, given.get("*", 0.0)) > 0:
            return coding
    return ""
