"""Why a row of the article list was found: the place of the words that it doesn't show."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from tests import desk
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_section,
    make_topic,
    make_user,
    publish,
    schedule,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"
TEXT = ("Divers looked at the hinges.", "They had rusted through.")


def rows_of(words: str) -> Any:
    page = desk.page(desk.client_of(make_user("Editor")), f"{LIST}?{urlencode({'q': words})}")
    rows = page.xpath("//table[@id='result_list']/tbody/tr")
    assert rows
    return rows


def told(words: str) -> list[str]:
    """Return what the rows that are found say of why, from the top."""
    return [line.text_content() for row in rows_of(words) for line in row.find_class("desk-place")]


def marked(words: str) -> list[str]:
    return [mark.text for row in rows_of(words) for mark in row.iter("mark")]


def make_lock(**values: Any) -> Article:
    return make_article("The Lock at Elsin", **{"parts": TEXT, **values})


def test_row_found_by_words_of_its_text_alone_says_where_they_stand():
    publish(make_lock())
    assert told("hinge") == ["In the text: Divers looked at the hinges. They had rusted through."]
    assert marked("RUSTED hinge") == ["hinges", "rusted"]


def test_long_text_is_cut_around_the_words():
    before, after = "The lock keeper waited. " * 40, " Nobody came all day." * 40
    publish(make_lock(parts=(f"{before}Divers looked at the hinges.{after}",)))
    (line,) = told("hinges")
    assert line.startswith("In the text: … ")
    assert "Divers looked at the hinges." in line
    assert len(line) < 160


def test_words_that_a_row_shows_need_no_place():
    section, author = make_section("Canals"), make_contributor("Maren Oduya")
    publish(
        make_lock(
            slugline="elsin-gates",
            section=section,
            authors=(author,),
            parts=("The lock at Elsin, its gates and all canals: by Maren Oduya.",),
        )
    )
    for words in ("elsin", "LOCKS", "elsin-gates", "canals", "oduya lock", "els"):
        assert told(words) == [], words


def test_place_is_that_of_the_word_which_the_headline_lacks_and_shows_all():
    publish(make_lock(parts=("The lock is shut. " * 20 + "Hinges of the lock had rusted.",)))
    (line,) = told("lock hinges")
    assert "Hinges of the lock" in line
    assert "Hinges" in marked("lock hinges")
    assert "lock" in marked("lock hinges")


def test_markup_in_a_text_and_in_a_standfirst_is_escaped():
    typed, escaped = "<script>alert(1)</script> &", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;"
    publish(make_lock(parts=(f"Hinges {typed} gates.",)))
    make_article("Draft", standfirst=f"Hinges {typed} gates.")
    response = desk.client_of(make_user("Editor")).get(f"{LIST}?q=hinges")
    content = response.content.decode()
    assert content.count(f"<mark>Hinges</mark> {escaped} gates.") == 2
    assert "<script>alert" not in content


def test_draft_found_by_its_standfirst_shows_it_and_none_of_its_text():
    make_lock(standfirst="Divers look at the hinges.")
    assert told("hinges") == ["In the standfirst: Divers look at the hinges."]
    assert told("hin") == []


def test_row_found_by_a_topic_names_it():
    publish(make_lock(topics=(make_topic("Rivers"), make_topic("Canal traffic"))))
    assert told("traffic") == ["Topics: Canal traffic, Rivers"]
    assert marked("traffic rivers") == ["traffic", "Rivers"]


def test_text_is_what_readers_see_or_are_yet_to_see_not_the_working_copy():
    article = make_lock()
    publish(article)
    change(article, body=Article.objects.get().body.replace("Divers looked", "Nobody looked"))
    soon = timezone.now() + dt.timedelta(days=1)
    schedule(make_article("To come", parts=("The hinges were replaced.",)), at=soon)
    assert sorted(told("hinges")) == [
        "In the text: Divers looked at the hinges. They had rusted through.",
        "In the text: The hinges were replaced.",
    ]


def test_list_without_a_search_says_nothing_of_places():
    publish(make_lock())
    page = desk.page(desk.client_of(make_user("Editor")), LIST)
    assert page.find_class("desk-headline")
    assert page.find_class("desk-place") == []


def test_places_cost_one_query_however_many_rows_there_are():
    client = desk.client_of(make_user("Editor"))

    def queries(words: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page = desk.page(client, f"{LIST}?q={words}")
        assert page.find_class("desk-headline")
        assert bool(page.find_class("desk-place")) == (words != "elsin")
        return len(captured)

    publish(make_lock())
    few = queries("hinges")
    topics = (make_topic("Canal traffic"),)
    for number in range(9):
        publish(make_lock(slug=f"lock-{number}", topics=topics))
    assert queries("hinges") == few == queries("elsin") + 1
    assert queries("traffic") == few
