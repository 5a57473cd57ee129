"""A made-up story that examples of answers show."""

from __future__ import annotations

from typing import Any

from articles.formats.ninjs import STANDARD

_UUID = "6f1c2b0e-0d5c-4a43-9d41-1f7f6a1f4c55"
_SITE = "https://news.example"
_URL = f"{_SITE}/world/2026/07/04/harbour-reopens/"
_API = f"{_SITE}/api/v1/articles/{_UUID}/"
_HEAD: dict[str, Any] = {
    "standard": STANDARD,
    "uri": f"urn:newsroom:{_UUID}",
    "type": "text",
    "version": "2",
    "versionCreated": "2026-07-04T13:00:00+00:00",
    "firstCreated": "2026-07-04T12:00:00+00:00",
    "contentCreated": "2026-07-04T12:00:00+00:00",
    "pubStatus": "usable",
    "language": "en",
    "copyrightHolder": "Newsroom",
    "copyrightNotice": "© 2026 Newsroom",
    "headlines": [{"role": "main", "contentType": "text/plain", "value": "Harbour reopens"}],
    "by": "Ada Weil",
    "people": [{"name": "Ada Weil", "rel": "author", "uri": f"{_SITE}/by/ada-weil/"}],
    "subjects": [{"name": "World", "rel": "section", "uri": f"{_SITE}/world/", "literal": "world"}],
    "altIds": [{"role": "permalink", "value": _URL}],
    "renditions": [
        {"name": "web", "href": _URL, "contentType": "text/html"},
        {"name": "ninjs", "href": _API, "contentType": "application/json"},
    ],
}
_SUMMARY = {"role": "summary", "contentType": "text/plain", "value": "After four days."}

LINE = {**_HEAD, "representationType": "partial", "descriptions": [_SUMMARY]}
ARTICLE = {
    **_HEAD,
    "representationType": "full",
    "edNote": "Correction: A figure was wrong.",
    "descriptions": [
        _SUMMARY,
        {
            "role": "correction",
            "contentType": "text/plain",
            "value": "Correction: A figure was wrong.",
        },
    ],
    "bodies": [
        {
            "role": "main",
            "contentType": "text/html",
            "wordCount": 5,
            "value": '<p id="b-4k2a">The harbour reopened on Monday.</p>',
        },
        {
            "role": "plain",
            "contentType": "text/plain",
            "wordCount": 5,
            "value": "The harbour reopened on Monday.",
        },
    ],
}
CANCELED = {
    "standard": STANDARD,
    "uri": "urn:newsroom:0e2f0f6c-58a8-4f4e-a8f0-3b5a2c7f9f10",
    "type": "text",
    "representationType": "full",
    "version": "3",
    "versionCreated": "2026-07-04T15:00:00+00:00",
    "pubStatus": "canceled",
}
LIST = {"items": [LINE], "next": f"{_SITE}/api/v1/articles/?limit=1&cursor=e3f2a90bd6000-1f"}
CHANGES = {
    "items": [ARTICLE, CANCELED],
    "next": f"{_SITE}/api/v1/changes/?limit=2&cursor=e3f2b7a3d7c00-2a",
    "more": False,
}
TOPICS = {
    "items": [
        {
            "name": "Harbours",
            "slug": "harbours",
            "url": f"{_SITE}/topic/harbours/",
            "articles": f"{_SITE}/api/v1/articles/?topic=harbours",
        }
    ],
    "next": None,
}
CORRECTIONS = {
    "items": [
        {
            "kind": "correction",
            "at": "2026-07-04T13:00:00+00:00",
            "note": "A figure was wrong.",
            "corrections": [{"was": "83 florins.", "now": "38 florins."}],
            "article": {
                "uri": f"urn:newsroom:{_UUID}",
                "headline": "Harbour reopens",
                "language": "en",
                "url": _URL,
            },
        }
    ],
    "next": None,
}
