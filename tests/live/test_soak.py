"""A minute at sixteen connections over every public address, with publishing going on.

No failure, and neither memory nor open files of the web processes grow with the requests.
``NEWSROOM_SOAK_SECONDS`` makes it longer or shorter.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.live.asking import Asker
from tests.live.newsroom import Newsroom
from tests.live.story import Desk
from tests.live.watching import Life, Surface, Watch

pytestmark = pytest.mark.live

SECONDS = float(os.environ.get("NEWSROOM_SOAK_SECONDS", "60"))
CONNECTIONS = 16
MEBIBYTE = 1024 * 1024
# Growth of a process's memory from the warm-up to the end, for so many requests and fewer.
MOST_GROWTH, REQUESTS = 30 * MEBIBYTE, 100_000
MOST_FILES = 10
# Versions of a story that are published while readers read, again and again.
VERSIONS = 12


def names(entries: Any = None) -> set[str]:
    """Return the names of all public addresses that have one."""
    found: set[str] = set()
    for entry in entries or get_resolver("articles.public.urls").url_patterns:
        if isinstance(entry, URLResolver):
            found |= names(entry.url_patterns)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add(entry.name)
    return found


def addresses(newsroom: Newsroom, life: Life) -> list[str]:
    """Return addresses of every kind, about a story and what it belongs to."""
    day, story = dt.datetime.now(dt.UTC), life.path
    feeds = ["feed/", "feed/atom/", "feed/json/"]
    lists = ["/", "/world/", "/topic/harbours/", "/by/ada-weil/", "/source/reuters/"]
    moment = f"{day:%Y-%m-%dT%H:%M:%SZ}"
    api = f"/api/v1/articles/{life.story.uuid}/"
    return [
        *lists, *(f"{path}{feed}" for path in [*lists, "/corrections/"] for feed in feeds),
        *newsroom.paths, story, f"{story}history/", f"{story}history/1/", f"{story}history/1..2/",
        "/sitemap.xml", "/sitemap-pages.xml", f"/sitemap-{day:%Y-%m}.xml", "/news-sitemap.xml",
        "/robots.txt", "/.well-known/security.txt", "/.well-known/trust.txt", "/trust.txt",
        "/.well-known/change-password", "/favicon.ico", "/apple-touch-icon.png",
        "/manifest.webmanifest", "/preview/nothing/", "/as-of/", f"/as-of/{moment}/",
        f"/as-of/{moment}/world/", f"/oembed/?url=https://news.example{story}",
        "/search/", "/search/?q=harbour", f"/search/?q={life.story.word}", "/search/?section=world",
        "/opensearch.xml", "/archive/", f"/archive/{day:%Y}/", f"/archive/{day:%Y/%m}/",
        f"/archive/{day:%Y/%m/%d}/", "/corrections/", "/standards/", "/nothing/here/",
        "/api/", "/api/v1/", "/api/v1/openapi.json", "/api/v1/articles/",
        "/api/v1/articles/?q=quiet", "/api/v1/changes/", api,
        f"{api}newsml-g2/", f"{api}nitf/", "/api/v1/sections/",
        "/api/v1/topics/", "/api/v1/contributors/", "/api/v1/sources/", "/api/v1/corrections/",
        "/api/v1/nothing/", "/health/live", "/health/ready",
    ]  # fmt: skip


def test_soak_asks_for_every_public_address(newsroom: Newsroom, editors: Desk) -> None:
    found = {
        resolve(path.partition("?")[0], "articles.public.urls").url_name
        for path in addresses(newsroom, *editors.take(1))
        if not path.startswith(("/media/", "/health/"))
    }
    assert names() <= found


def test_a_minute_of_everything_fails_nowhere_and_grows_nothing(
    newsroom: Newsroom, editors: Desk
) -> None:
    (life,) = editors.take(1)
    editors.publish(life, 1)
    editors.correct(life, 2)
    paths = addresses(newsroom, life)
    asker = Asker()
    for web in newsroom.web:
        for path in paths * 2:
            assert asker.ask(web, path).status < 500, path
    asker.close()
    surfaces = [Surface(path, "any") for path in paths]
    watch = Watch(newsroom, surfaces, [], readers=CONNECTIONS, rest=0.0)
    published, began = 0, time.monotonic()
    with watch.reading():
        warm = SECONDS / 6
        while time.monotonic() - began < warm:
            time.sleep(0.1)
        before = [(web.memory(), web.open_files()) for web in newsroom.web]
        asked = len(watch.seen)
        while time.monotonic() - began < SECONDS:
            if published < VERSIONS:
                editors.publish(life, 3 + published)
                published += 1
            time.sleep(SECONDS / 60)
        after = [(web.memory(), web.open_files()) for web in newsroom.web]
        asked = len(watch.seen) - asked
    grown = [new[0] - old[0] for old, new in zip(before, after, strict=True)]
    print(dict(watch.counts()))  # noqa: T201
    for (memory, files), (memory_now, files_now) in zip(before, after, strict=True):
        print(f"{memory // 1024} KiB, {files} files; then {memory_now // 1024}, {files_now}")  # noqa: T201
    print(f"{asked} requests between, {published} versions published")  # noqa: T201
    assert watch.broken == []
    assert published > 0
    assert max(grown) <= MOST_GROWTH * max(1.0, asked / REQUESTS)
    assert max(new[1] - old[1] for old, new in zip(before, after, strict=True)) <= MOST_FILES
