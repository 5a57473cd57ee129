"""What an operator lets search engines, crawlers, hubs and people who report a hole know.

Each function takes the value of one variable and raises ``ValueError`` with what is wrong and what
to give instead.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

AI_CRAWLERS = ("allow", "refuse-training", "refuse")
_RULE = re.compile(
    r"(?:user-agent|allow|disallow|sitemap|crawl-delay|content-signal|license)\s*:\s*\S.*", re.I
)
_MAIL = re.compile(r"(?:mailto:)?([^\s@:/,]+@[^\s@:/,]+\.[^\s@:/,]+)")
# https://journallist.net/reference-document-for-trust-txt-specifications
_TRUST = (
    "belongto",
    "contact",
    "control",
    "controlledby",
    "customer",
    "disclosure",
    "member",
    "social",
    "vendor",
)


def hubs(value: str) -> list[str]:
    """Return the addresses of WebSub hubs between commas: https, or http on this machine."""
    found = [part.strip() for part in value.split(",") if part.strip()]
    for address in found:
        if not _is_hub(address):
            raise ValueError(f"names {address!r}. Give https addresses of hubs between commas.")
    return found


def contacts(value: str) -> list[str]:
    """Return mail addresses as ``mailto:`` and https pages, as they stand in security.txt."""
    found = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        mail = _MAIL.fullmatch(part)
        if mail:
            found.append(f"mailto:{mail[1]}")
        elif _is_web(part):
            found.append(part)
        else:
            raise ValueError(f"names {part!r}. Give mail addresses or https pages between commas.")
    return found


def web_page(value: str) -> str:
    """Return the full address of a page."""
    if not _is_web(value):
        raise ValueError(f"is {value!r}. Give the https address of a page.")
    return value


def robots_lines(value: str) -> list[str]:
    """Return lines for robots.txt, given between semicolons."""
    found = [part.strip() for part in re.split(r"[;\n]", value) if part.strip()]
    for line in found:
        if not _RULE.fullmatch(line) or not line.isprintable():
            raise ValueError(f"holds {line!r}. Give lines like User-agent: NAME; Disallow: /path.")
    return found


def trust_lines(value: str) -> list[str]:
    """Return what trust.txt says, given as ``name=address`` between commas."""
    found = [part.strip() for part in value.split(",") if part.strip()]
    for line in found:
        name, _, address = line.partition("=")
        if name not in _TRUST or not (_is_web(address) or _MAIL.fullmatch(address)):
            raise ValueError(f"holds {line!r}. Give name=https://…; names: {', '.join(_TRUST)}.")
    return found


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", address)


def _is_hub(address: str) -> bool:
    if _is_web(address):
        return True
    try:
        parts = urlsplit(address)
        port = parts.port
        local = ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
    return parts.scheme == "http" and local and port is not None
