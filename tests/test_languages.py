"""Readers meet the site in its language: every text, day and number, whatever a story's own is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.db import OperationalError
from django.template import Engine, engines
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from pytest_django import Settings

from articles import pages
from articles.choices import NoteKind, PublicationKind
from articles.models import Article
from articles.public import errors
from articles.templatetags.articles import moment
from articles.workflow import transitions
from tests import catalogues
from tests.factories import (
    change,
    make_article,
    make_body,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
)
from tests.test_leaks import SEARCHES, asked_of, crawl

SATURDAY = dt.datetime(2026, 11, 28, 8, 5, tzinfo=dt.UTC)
# Names that are the same in every language, and what programs read.
_NAMES = re.compile(
    r"RSS|Atom|JSON Feed|OpenAPI 3\.1|ninjs 3\.1, NewsML-G2 2\.35, NITF 3\.6|GET\b|UTF-8|"
    r"width=device-width, initial-scale=1|noindex|nofollow|noarchive|follow|website|article|"
    r"light dark|#\w{6}|summary_large_image"
)
_SHOWN = re.compile(r'\b(?:alt|title|placeholder|aria-label|content)="([^"]*)"')


@pytest.fixture
def vietnamese(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "vi"


@pytest.mark.parametrize("language", catalogues.languages())
@pytest.mark.parametrize("name", catalogues.templates())
def test_every_text_of_a_template_is_translated(name: str, language: str) -> None:
    texts = set(catalogues.texts_of_template(name))
    assert [text for text in texts if not catalogues.is_translated(text, language)] == []


@pytest.mark.parametrize("language", catalogues.languages())
def test_every_text_of_the_public_code_is_translated(language: str) -> None:
    texts = {text for path in catalogues.CODE for text in catalogues.texts_of_code(path)}
    assert len(texts) > 200
    assert [text for text in texts if not catalogues.is_translated(text, language)] == []


@pytest.mark.parametrize("name", catalogues.templates())
def test_no_word_of_a_template_stands_outside_its_translations(name: str) -> None:
    source = Engine.get_default().get_template(name).source
    source = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", source, flags=re.S)
    source = re.sub(r"\{% block page_class %\}.*?\{% endblock", "{% endblock", source)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!doctype html>", "", source, flags=re.S)
    shown = [re.sub(r"<\?.*?\?>|<[^>]*>", " ", source), *_SHOWN.findall(source)]
    words = re.findall(r"[^\W\d_]{2,}", _NAMES.sub("", " ".join(shown)))
    assert words == []


@pytest.mark.parametrize("language", catalogues.languages())
def test_compiled_catalogue_is_what_is_written(language: str) -> None:
    found = catalogues.compiled(language)
    expected: dict[object, str] = {"": found[""]}  # the header, without dates
    for message in catalogues.written(language)[1:]:
        if message.plural:
            expected |= {(message.id, n): form for n, form in enumerate(message.forms)}
        else:
            expected[message.id] = message.forms[0]
    assert found == expected


@pytest.mark.parametrize("language", catalogues.languages())
def test_no_translation_is_missing_or_a_guess(language: str) -> None:
    messages = catalogues.written(language)
    assert [row.id for row in messages if row.is_fuzzy or not all(row.forms)] == []


@pytest.mark.parametrize("language", catalogues.languages())
def test_translations_keep_the_values_and_tags_of_their_texts(language: str) -> None:
    for message in catalogues.written(language)[1:]:
        wanted = catalogues.placeholders(message.plural or message.id)
        for form in message.forms:
            assert catalogues.placeholders(form) == wanted, message.id


def whole_newsroom() -> tuple[Article, list[str]]:
    """Publish stories that bring out what pages can say; return the one that was corrected, and
    the addresses of those that were taken back."""
    photo = make_photo(credit_line="Signe Hal", alt_text="")
    article = make_article(
        "Harbour reopens",
        parts=("Nine boats left.", photo, "The harbour master waved."),
        authors=(make_contributor("Ada Weil"), make_contributor("Bo Lund")),
        topics=(make_topic("Harbours"),),
        sources=(make_source("Reuters"),),
        section=make_section("World"),
    )
    publish(article)
    publish(
        change(article, body=make_body("Ten boats left.", photo), headline="The harbour reopens"),
        kind=PublicationKind.CORRECTION,
        note="Ten boats.",
        corrections=[("Nine boats", "Ten boats")],
    )
    change(article, standfirst="The storm is over.")
    publish(article, kind=PublicationKind.CLARIFICATION, note="The northern harbour.")
    make_publication(make_article("Cảng mở lại", language="vi", original=article))
    withdrawn = [make_publication(headline=name) for name in ("Boats that never were", "Gone")]
    retracted, killed = (publication.article for publication in withdrawn)
    transitions.retract(retracted, by=publisher(), note="There were none.")
    transitions.request_kill(killed, by=make_user(), reason="A court order.")
    transitions.kill(killed, by=make_user(), reason="Order 12/26 of the court.")
    return article, [publication.get_absolute_url() for publication in withdrawn]


# What Django says to the log when there is none.
NAMES_OF_MODELS = {"section", "topic", "source", "contributor"}
ASKED = [
    *(f"/{search}" for search in SEARCHES),
    "/search/",
    "/search/?q=boats&section=world&photo=true&language=en",
    "/search/?q=zzz&section=world",
    "/search/?q=%22boats%20ten%22+-ten",
    "/search/?q=&from=nothing&until=2020-01-01&section=none&topic=none&source=none&contributor=none",
    f"/search/?q=boats+{'long' * 60}",
    "/nowhere/",
    "/as-of/yesterday/",
    "/corrections/?before=nothing",
]


@pytest.mark.django_db
@pytest.mark.once
def test_no_public_page_asks_for_a_text_that_is_not_translated(
    client: Client, vietnamese: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, withdrawn = whole_newsroom()
    asked = catalogues.record(monkeypatch)
    answers = crawl(client, [*asked_of(article), *withdrawn, *ASKED])
    assert "đính chính" in answers["/corrections/"]
    assert ["đã rút bài" in answers[withdrawn[0]], "đã bị gỡ" in answers[withdrawn[1]]] == [
        True,
        True,
    ]
    assert len(asked) > 200
    missing = {text for text in asked if not catalogues.is_translated(text, "vi")}
    assert missing <= NAMES_OF_MODELS


@pytest.mark.django_db
def test_language_of_a_story_is_not_that_of_the_site(client: Client, vietnamese: None) -> None:
    story = make_publication(headline="Harbour reopens", language="en")
    page = client.get(story.get_absolute_url()).text
    assert '<html lang="en"' in page
    assert '<article class="story" lang="en"' in page
    assert '<main id="content" tabindex="-1" lang="vi">' in page
    assert '<header class="masthead" lang="vi">' in page
    assert '<footer class="colophon" lang="vi">' in page
    assert re.search(r'<div class="story-meta" lang="vi">\s*<p class="dates"><bdi>Xuất bản ', page)


@pytest.mark.django_db
def test_lists_are_in_the_sites_language_and_each_card_in_its_own(
    client: Client, vietnamese: None
) -> None:
    make_publication(headline="Harbour reopens", language="en")
    page = client.get("/world/").text
    assert '<html lang="vi"' in page
    assert '<article class="card card-opener" lang="en">' in page
    assert '<p class="card-time" lang="vi">' in page


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("vi", "28 tháng 11, 2026, 15:05 UTC+7"),
        ("en", "28 November 2026, 15:05 UTC+7"),
    ],
)
def test_moments_are_written_in_the_sites_language_and_zone(
    settings: Settings, language: str, written: str
) -> None:
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    with translation.override(language):
        assert f">{written}</time>" in moment(SATURDAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "written"),
    [("vi", "Thứ Bảy, 28 tháng 11, 2026"), ("en", "Saturday, 28 November 2026")],
)
def test_masthead_says_which_day_it_is(
    client: Client, settings: Settings, language: str, written: str
) -> None:
    settings.LANGUAGE_CODE = language
    with time_machine.travel(SATURDAY):
        assert f'<p class="masthead-date">{written}</p>' in client.get("/").text


@pytest.mark.django_db
def test_calendar_begins_weeks_on_monday_in_vietnamese(client: Client, vietnamese: None) -> None:
    now = timezone.localtime(make_publication().published_at)
    page = client.get(f"/archive/{now:%Y/%m}/").text
    days = re.findall(r'<abbr title="([^"]+)">([^<]+)<', page)
    assert (days[0], days[-1]) == (("Thứ Hai", "T2"), ("Chủ Nhật", "CN"))
    assert f"<h1>Tháng {now.month}, {now.year}</h1>" in page


@pytest.mark.parametrize(("language", "written"), [("vi", "1.234"), ("en", "1,234")])
def test_numbers_of_things_are_grouped_as_the_language_does(language: str, written: str) -> None:
    template = engines["django"].from_string("{% load articles %}{{ 1234|grouped }}")
    with translation.override(language):
        assert template.render() == written


def test_years_and_versions_are_never_grouped() -> None:
    with translation.override("vi"):
        assert engines["django"].from_string("{{ year }}").render({"year": 2026}) == "2026"


def test_page_for_a_lost_database_speaks_the_sites_language(vietnamese: None) -> None:
    try:
        raise OperationalError("down")
    except OperationalError:
        page = errors.server_error(RequestFactory().get("/")).content.decode()
    assert '<html lang="vi" dir="ltr">' in page
    assert "Chúng tôi sẽ trở lại ngay" in page


def test_change_says_what_was_wrong_in_the_sites_language() -> None:
    told = pages.Change(PublicationKind.CORRECTION, SATURDAY, "", [("Nine.", "Ten.")])
    with translation.override("vi"):
        assert told.text == "Bản trước viết: Nine. Nội dung đúng: Ten."
        assert (told.label, str(NoteKind.CLARIFICATION.label)) == ("Đính chính", "Làm rõ")
