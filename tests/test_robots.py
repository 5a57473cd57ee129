"""robots.txt: what crawlers may fetch, by the operator's will (RFC 9309)."""

from __future__ import annotations

import re
import urllib.robotparser

import pytest
from django.test import Client
from pytest_django import Settings

from articles.public.robots import crawlers

pytestmark = pytest.mark.django_db

STORY = "https://news.example/world/2026/07/04/harbour-reopens/"


def read(client: Client) -> urllib.robotparser.RobotFileParser:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ("allow", {"Googlebot", "GPTBot", "OAI-SearchBot"}),
        ("refuse-training", {"Googlebot", "OAI-SearchBot"}),
        ("refuse", {"Googlebot"}),
    ],
)
def test_crawlers_of_makers_of_ai_are_told_the_operators_will(
    client: Client, settings: Settings, policy: str, allowed: set[str]
) -> None:
    settings.AI_CRAWLERS = policy
    parser = read(client)
    names = ("Googlebot", "GPTBot", "OAI-SearchBot")
    assert {name for name in names if parser.can_fetch(name, STORY)} == allowed


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/world/?before=1-1", True),
        ("/feed/", True),
        ("/search/?q=harbour", False),
        ("/admin/", False),
        ("/preview/token/", False),
        ("/as-of/2026-07-04T12:00:00Z/", False),
    ],
)
def test_crawlers_need_not_fetch_what_is_of_no_use_to_them(
    client: Client, path: str, may: bool
) -> None:
    assert read(client).can_fetch("Googlebot", f"https://news.example{path}") is may


def test_sitemaps_are_announced_with_their_full_addresses(client: Client) -> None:
    assert read(client).site_maps() == [
        "https://news.example/sitemap.xml",
        "https://news.example/news-sitemap.xml",
    ]


def test_operator_adds_lines(client: Client, settings: Settings) -> None:
    settings.ROBOTS_EXTRA = ["User-agent: BadBot", "Disallow: /"]
    assert not read(client).can_fetch("BadBot", STORY)
    assert read(client).can_fetch("Googlebot", STORY)


def test_crawlers_have_names_that_robots_txt_may_hold_each_once() -> None:
    names = [name for kind in crawlers().values() for name in kind]
    assert all(re.fullmatch("[A-Za-z_-]+", name) for name in names)
    assert len({name.lower() for name in names}) == len(names) > 30


@pytest.mark.parametrize("policy", ["allow", "refuse"])
def test_every_line_is_one_of_the_standard(client: Client, settings: Settings, policy: str) -> None:
    settings.AI_CRAWLERS = policy
    for group in client.get("/robots.txt").text.split("\n\n"):
        lines = group.strip().splitlines()
        kinds = "".join(line.split(": ")[0][0] for line in lines)
        assert re.fullmatch("U+D+|S+", kinds)
