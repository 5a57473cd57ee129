"""The calendar of what was published: which years, months and days are there, and what is not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import Settings

from articles.models import Publication
from articles.public import archive
from articles.workflow import transitions
from tests.factories import make_article, make_publication, make_section, publisher, schedule

pytestmark = pytest.mark.django_db


def story(headline: str, *moment: int) -> Publication:
    at = dt.datetime(*moment, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
    return make_publication(make_article(headline, originally_published_at=at))


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.text


def status(address: str) -> int:
    return Client().get(address).status_code


def links(address: str, pattern: str) -> list[str]:
    content = page(address).partition("<main")[2].partition("</main>")[0]
    return re.findall(rf'href="(/archive/{pattern})"', content)


def headlines(text: str) -> list[str]:
    return re.findall(r'class="card-headline[^"]*"><a href="[^"]*">([^<]*)</a>', text)


def test_years_months_and_days_with_stories_are_links() -> None:
    for moment in [(2019, 5, 6, 7), (2021, 1, 31, 1), (2021, 1, 2, 3), (2021, 12, 31, 23)]:
        story("Story", *moment)
    assert links("/archive/", r"\d{4}/") == ["/archive/2021/", "/archive/2019/"]
    assert links("/archive/", r"\d{4}/\d\d/") == ["/archive/2021/01/", "/archive/2021/12/"]
    assert links("/archive/2021/", r"2021/\d\d/") == ["/archive/2021/01/", "/archive/2021/12/"]
    days = links("/archive/2021/01/", r"2021/\d\d/\d\d/")
    assert days == ["/archive/2021/01/02/", "/archive/2021/01/31/"]


def test_day_shows_its_stories_newest_first() -> None:
    story("Morning", 2021, 1, 2, 6)
    story("Evening", 2021, 1, 2, 18)
    story("Next day", 2021, 1, 3, 0)
    assert headlines(page("/archive/2021/01/02/")) == ["Evening", "Morning"]


def test_days_are_those_of_the_site_s_time_zone(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    story("Late", 2021, 1, 31, 16, 59)
    story("Early", 2021, 1, 31, 17, 0)
    assert headlines(page("/archive/2021/01/31/")) == ["Late"]
    assert headlines(page("/archive/2021/02/01/")) == ["Early"]
    assert links("/archive/2021/", r"2021/\d\d/") == ["/archive/2021/01/", "/archive/2021/02/"]


def test_days_on_which_clocks_change_hold_all_their_stories(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    story("First minute", 2021, 3, 27, 23, 0)
    story("Last minute", 2021, 3, 28, 21, 59)
    story("After", 2021, 3, 28, 22, 0)
    assert headlines(page("/archive/2021/03/28/")) == ["Last minute", "First minute"]


def test_steps_lead_to_the_next_days_and_months_that_have_stories() -> None:
    for moment in [(2019, 5, 6), (2021, 1, 2), (2021, 1, 31), (2023, 7, 1)]:
        story("Story", *moment)
    for address, before, after in [
        ("/archive/2021/01/02/", "/archive/2019/05/06/", "/archive/2021/01/31/"),
        ("/archive/2021/01/", "/archive/2019/05/", "/archive/2023/07/"),
        ("/archive/2021/", "/archive/2019/", "/archive/2023/"),
    ]:
        text = page(address)
        assert f'<a rel="prev" href="{before}">' in text
        assert f'<a rel="next" href="{after}">' in text
    assert 'rel="prev"' not in page("/archive/2019/05/06/")
    assert 'rel="next"' not in page("/archive/2023/")


@pytest.mark.parametrize(
    "address",
    [
        "2018/", "2020/", "2022/", "2021/02/", "2021/01/03/", "2021/13/", "2021/00/", "2021/02/30/",
        "0000/", "0001/01/01/", "9999/12/31/", "9999/", "9998/12/", "2021/1/", "2021/01/2/",
        "21/", "٢٠٢١/",
    ],
)  # fmt: skip
def test_empty_and_impossible_periods_are_not_found(address: str) -> None:
    story("Story", 2021, 1, 2)
    assert status(f"/archive/{address}") == 404


def test_scheduled_story_gets_its_day_in_its_own_second() -> None:
    at = timezone.now().replace(microsecond=0) + dt.timedelta(days=40)
    schedule(make_article("Planned"), at=at)
    addresses = [f"/archive/{at:%Y}/", f"/archive/{at:%Y/%m}/", f"/archive/{at:%Y/%m/%d}/"]
    with time_machine.travel(at - dt.timedelta(microseconds=1), tick=False):
        assert [status(address) for address in addresses] == [404, 404, 404]
        assert "Nothing has been published yet." in page("/archive/")
    with time_machine.travel(at, tick=False):
        assert [status(address) for address in addresses] == [200, 200, 200]


def test_day_of_a_retracted_story_is_gone() -> None:
    publication = story("Wrong", 2021, 1, 2)
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    assert status("/archive/2021/01/02/") == status("/archive/2021/") == 404


def test_day_is_paged_by_cursor_and_bad_cursors_are_not_found(settings: Settings) -> None:
    settings.LIST_PAGE_SIZE = 2
    for hour in range(5):
        story(f"Hour {hour}", 2021, 1, 2, hour)
    seen, address = [], "/archive/2021/01/02/"
    while address:
        text = page(address)
        seen += headlines(text)
        following = re.search(r'<a rel="next" href="([^"]+before[^"]*)"', text)
        address = following[1] if following else ""
    assert seen == ["Hour 4", "Hour 3", "Hour 2", "Hour 1", "Hour 0"]
    assert status("/archive/2021/01/02/?before=x") == status("/archive/2021/01/?after=x") == 404


def test_calendar_is_a_table_with_whole_names_of_weekdays_and_dates() -> None:
    story("Story", 2021, 1, 2)
    text = page("/archive/2021/01/")
    assert '<th scope="col"><abbr title="Sunday">Sun</abbr></th>' in text
    assert 'aria-label="2 January 2021">2</a>' in text
    assert "<span>3</span>" in text


def test_week_begins_as_the_interface_s_language_has_it() -> None:
    with translation.override("de"):
        assert str(archive._weekdays()[0][1]) == "Montag"
    with translation.override("en"):
        assert str(archive._weekdays()[0][1]) == "Sunday"


def test_dates_outside_of_what_databases_and_calendars_share_do_no_harm() -> None:
    story("Before print", 1000, 1, 1)
    story("Today", 2021, 1, 2)
    assert "/archive/2021/" in page("/archive/")
    assert status("/archive/1000/01/01/") == 200


def asked(address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    "address", ["/archive/", "/archive/2021/", "/archive/2021/01/", "/archive/2021/01/02/"]
)
def test_calendar_asks_as_much_of_many_stories_as_of_few(address: str) -> None:
    story("Story", 2021, 1, 2)
    few = asked(address)
    for day in range(1, 29):
        story(f"Story {day}", 2021, 1 + day % 12, day)
    story("Same day", 2021, 1, 2, 5)
    story("Old", 1950, 1, 1)
    many = asked(address)
    assert len(many) <= len(few) + 1 <= 9  # one leads on to what lies before
    assert "COUNT(" not in " ".join(many).upper()


def test_archive_of_an_empty_newsroom_is_a_page() -> None:
    assert "Nothing has been published yet." in page("/archive/")
    make_section()
    assert status("/archive/2021/") == 404
