"""What is kept by values: within its bound, and never in place of what is true now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.signals import setting_changed
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from articles.memos import Memo
from articles.models import Article, Photo, Rendition, Section
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_section,
    make_source,
    publish,
)

PAGES = ["/", "/world/", "/feed/", "/feed/atom/", "/feed/json/", "/world/feed/"]
PAST = timezone.now() - dt.timedelta(days=1)
CHANGES: dict[str, Callable[[], Any]] = {
    "credit": lambda: Photo.objects.update(credit_line="Ada Weil"),
    "photographer": lambda: Photo.objects.update(
        photographer=make_contributor("Bo Moreau"), credit_line=""
    ),
    "agency": lambda: Photo.objects.update(agency=make_source("Kyodo"), credit_line=""),
    "alt text": lambda: Photo.objects.update(alt_text="Four cranes", caption="Four."),
    "rights": lambda: Photo.objects.update(usable_until=PAST),
    "channels": lambda: Photo.objects.update(withheld_from=["page", "feed"]),
    "kill": lambda: Photo.objects.update(killed_at=PAST, file="", kill_reason="-"),
    "file": lambda: Rendition.objects.update(file="renditions/b.jpg", width=800),
    "no file": lambda: Rendition.objects.all().delete(),
    "section": lambda: Section.objects.update(name="Earth"),
    "text": lambda: publish(change(Article.objects.get(), headline="Harbour closed"), note="-"),
}


def kept(most: int = 10_000) -> Memo[str]:
    return Memo(most)


def fail() -> str:
    raise AssertionError("made anew")


def test_same_values_are_made_once() -> None:
    memo = kept()
    assert memo.get(("a", 1), lambda: "made") == memo.get(("a", 1), fail) == "made"
    assert memo.get(("a", 2), lambda: "other") == "other"


def test_what_was_asked_for_last_is_kept_within_the_bound() -> None:
    memo = kept(10_000)
    for number in range(40):
        memo.get(number, lambda: "x" * 1000)
        memo.get(0, lambda: "x" * 1000)
    assert memo.get(0, fail) == memo.get(39, fail)
    with pytest.raises(AssertionError, match="made anew"):
        memo.get(1, fail)


def test_what_takes_most_of_the_room_is_not_kept() -> None:
    memo = kept(10_000)
    memo.get("large", lambda: "x" * 5_000)
    with pytest.raises(AssertionError, match="made anew"):
        memo.get("large", fail)


def test_nothing_is_kept_when_settings_change_or_templates_are_worked_on(
    settings: Settings,
) -> None:
    memo = kept()
    memo.get("a", lambda: "made")
    settings.SITE_NAME = "The Other"
    assert memo.get("a", lambda: "anew") == "anew"
    settings.DEBUG = True
    assert memo.get("a", lambda: "again") == "again"


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("address", PAGES)
def test_page_of_kept_parts_is_the_page_made_without_them(
    client: Client, address: str, name: str
) -> None:
    publish_with_photo()
    before = client.get(address).content
    CHANGES[name]()
    after = client.get(address).content
    setting_changed.send(sender=None, setting="SITE_NAME", value="", enter=True)
    assert after == client.get(address).content
    assert after != before


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES[:3])
def test_photo_leaves_kept_parts_when_its_rights_end(client: Client, address: str) -> None:
    end = timezone.now() + dt.timedelta(hours=1)
    publish_with_photo()
    Photo.objects.update(usable_from=end - dt.timedelta(minutes=10), usable_until=end)
    for minutes, is_shown in ((-20, False), (-5, True), (5, False)):
        with time_machine.travel(end + dt.timedelta(minutes=minutes), tick=False):
            assert ("renditions/a.jpg" in client.get(address).text) == is_shown


def publish_with_photo() -> None:
    photo = make_photo(caption="Cranes.", alt_text="Three cranes", credit_line="Signe Hal")
    Rendition.objects.create(
        photo=photo, format="jpeg", width=960, height=600, file="renditions/a.jpg"
    )
    publish(make_article("Harbour reopens", section=make_section("World"), parts=("Words.", photo)))
