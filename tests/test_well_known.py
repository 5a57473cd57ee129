"""Texts and addresses that programs expect of every site."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_security_txt_says_whom_to_tell_and_until_when(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@news.example", "https://news.example/report/"]
    with time_machine.travel(dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC), tick=False):
        response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "Contact: mailto:security@news.example\n"
        "Contact: https://news.example/report/\n"
        "Expires: 2026-12-28T00:00:00Z\n"
        "Preferred-Languages: en\n"
        "Canonical: https://news.example/.well-known/security.txt\n"
    )


def test_trust_txt_says_whom_the_newsroom_belongs_to(client: Client, settings: Settings) -> None:
    settings.TRUST_TXT = ["belongto=https://press.example/"]
    settings.AI_CRAWLERS = "refuse-training"
    text = client.get("/trust.txt").text
    lines = [line for line in text.splitlines() if not line.startswith("disclosure=")]
    assert lines == ["belongto=https://press.example/", "datatrainingallowed=no"]
    assert client.get("/.well-known/trust.txt").text == text


@pytest.mark.parametrize("path", ["/.well-known/security.txt", "/.well-known/trust.txt"])
def test_text_of_which_nothing_is_set_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/.well-known/change-password", "/admin/password_change/"),
        ("/favicon.ico", "/static/img/favicon.ico"),
        ("/apple-touch-icon.png", "/static/img/logo-180.png"),
        ("/apple-touch-icon-precomposed.png", "/static/img/logo-180.png"),
    ],
)
def test_address_that_every_site_has_leads_on(client: Client, path: str, place: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, place)


def test_manifest_names_the_site_and_icons_that_are_there(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["name"] == "The Test Courier"
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@pytest.mark.parametrize("path", ["/robots.txt", "/manifest.webmanifest", "/favicon.ico"])
def test_no_answer_sets_a_cookie(client: Client, path: str) -> None:
    assert client.get(path).cookies == {}
