"""robots.txt (RFC 9309): what crawlers need not fetch, who may take texts, where sitemaps are."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from articles.pages import absolute
from articles.public.responses import ReaderView

# The desk, links for one reader, results of searches, and what is another view of the same page.
NOT_FOR_CRAWLERS = ("/admin/", "/preview/", "/as-of/", "/search/?", "/oembed/")


class RobotsView(ReaderView):
    def get(self, request: HttpRequest) -> HttpResponse:
        parts = [_group(["*"], NOT_FOR_CRAWLERS)]
        if refused := refused_crawlers():
            parts.append(_group(refused, ["/"]))
        if settings.ROBOTS_EXTRA:
            parts.append("".join(f"{line}\n" for line in settings.ROBOTS_EXTRA))
        names = ("sitemap", "news-sitemap")
        parts.append("".join(f"Sitemap: {absolute(reverse(f'articles:{n}'))}\n" for n in names))
        return HttpResponse("\n".join(parts), content_type="text/plain; charset=utf-8")


def refused_crawlers() -> list[str]:
    """Return the crawlers of makers of AI that may fetch nothing (``AI_CRAWLERS``)."""
    kinds = {"refuse-training": ("training",), "refuse": ("training", "assistants")}
    return [name for kind in kinds.get(settings.AI_CRAWLERS, ()) for name in crawlers()[kind]]


@cache
def crawlers() -> dict[str, list[str]]:
    """Return the known crawlers by kind: ``training`` and ``assistants``."""
    path = Path(__file__).with_name("crawlers.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _group(names: list[str], refused: tuple[str, ...] | list[str]) -> str:
    lines = [f"User-agent: {name}" for name in names] + [f"Disallow: {path}" for path in refused]
    return "".join(f"{line}\n" for line in lines)
