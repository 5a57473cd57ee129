"""What a story's page weighs before its pictures: its markup, its sheets and its face."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories import (
    make_article,
    make_contributor,
    make_publication,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

BUDGET = 50 * 1024
# Some seven hundred words, as a longer report has.
STORY = tuple(
    f"Paragraph {n}: the harbour reopened on Monday, four days after the storm, and the first "
    "boats left before dawn. Nobody waited for the signal; the crews were ready since Friday."
    for n in range(22)
)


def static_file(address: str) -> bytes:
    found = finders.find(address.removeprefix(settings.STATIC_URL))
    assert found, address
    return Path(str(found)).read_bytes()


def page_of_a_long_story(client: Client) -> str:
    article = make_article(
        parts=STORY,
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
    )
    return client.get(make_publication(article).get_absolute_url()).text


def linked(page: str) -> dict[str, bytes]:
    """Return the files a browser loads with a page, pictures and icons apart, by address."""
    tags = re.findall(r"<link [^>]+>", page)
    wanted = [tag for tag in tags if 'rel="stylesheet"' in tag or 'as="font"' in tag]
    addresses = [match[1] for tag in wanted if (match := re.search(r'href="([^"]+)"', tag))]
    return {address: static_file(address) for address in addresses}


def test_story_stays_under_its_budget(client: Client) -> None:
    page = page_of_a_long_story(client)
    files = linked(page)
    assert any(address.endswith(".woff2") for address in files)
    texts = [page.encode(), *(file for name, file in files.items() if name.endswith(".css"))]
    faces = [file for name, file in files.items() if name.endswith(".woff2")]
    assert sum(map(len, texts)) < BUDGET
    assert sum(len(gzip.compress(text)) for text in texts) + sum(map(len, faces)) < BUDGET * 0.75


def test_main_sheet_stays_small() -> None:
    assert len(static_file("/static/css/site.css")) < 30 * 1024


def test_story_needs_no_script_and_nothing_from_elsewhere(client: Client) -> None:
    page = page_of_a_long_story(client)
    scripts = re.findall(r"<script(?! type=\"application/ld\+json\")", page)
    assert scripts == []
    for address, file in linked(page).items():
        assert address.startswith("/static/")
        assert b"//" not in b"".join(re.findall(rb"url\([^)]+\)|@import[^;]+", file))


def test_faces_that_the_sheet_names_are_there() -> None:
    names = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', static_file("/static/css/site.css").decode())
    assert len(names) == 3
    assert all(finders.find(name) for name in names)
