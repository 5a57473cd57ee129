"""The graph of a page as a script element, and the nodes that all pages share."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.addresses import static_file
from articles.pages import absolute
from articles.public.addresses import page

Node = dict[str, Any]

# Left as they are, these could end the script element or a line of script.
_UNSAFE = {char: f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def json_ld(value: Node) -> SafeString:
    """Return the script element of a JSON-LD value. It is data: no policy on scripts stops it."""
    text = json.dumps(value, ensure_ascii=False)
    for char, code in _UNSAFE.items():
        text = text.replace(char, code)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def graph(*nodes: Node) -> Node:
    return {"@context": "https://schema.org", "@graph": [given(node) for node in nodes]}


def given(node: Node) -> Node:
    """Leave out what there is nothing to say of."""
    return {key: value for key, value in node.items() if value or value == 0}


def name_of_site() -> Node:
    return {"name": settings.SITE_NAME, "url": absolute("/")}


def publisher() -> Node:
    """Return the newsroom, with its rules where it has pages that give them."""
    logo = absolute(static_file("img/logo.png"))
    standards = page("standards")
    social = [line.partition("=")[2] for line in settings.TRUST_TXT if line.startswith("social=")]
    return given(
        {
            "@type": "NewsMediaOrganization",
            "@id": absolute("/#publisher"),
            **name_of_site(),
            "logo": {"@type": "ImageObject", "url": logo, "width": 512, "height": 512},
            "publishingPrinciples": standards,
            "ethicsPolicy": standards,
            "ownershipFundingInfo": settings.OWNERSHIP_URL,
            "correctionsPolicy": page("corrections"),
            "sameAs": social,
        }
    )


def the_publisher() -> Node:
    """Return a reference to the newsroom."""
    return {"@id": absolute("/#publisher")}


def website() -> Node:
    """Return the site as part of which a page is; the front page alone says more of it."""
    return {"@type": "WebSite", "@id": absolute("/#website"), **name_of_site()}


def breadcrumb(way: Iterable[tuple[str, str]]) -> Node:
    """Return the way from the front page to a page, as pairs of name and path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate([(settings.SITE_NAME, "/"), *way], 1)
        ],
    }


def time(moment: dt.datetime) -> str:
    """Return a time in the site's zone: programs that keep only the day keep the readers' day."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
