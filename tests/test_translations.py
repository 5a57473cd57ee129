"""Translations of one story know each other, as far as readers may know of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles import document, pages, snapshots
from articles.changes.compare import SAME, compare
from articles.models import Article, Publication
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_publication,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

NOW = "now"


def make_group() -> dict[str, Publication]:
    """Make a story in Vietnamese with two translations."""
    first = make_publication(make_article("Cảng mở lại", language="vi"))
    group = {"vi": first}
    for language, headline in (("en", "Harbour reopens"), ("ar", "إعادة فتح الميناء")):
        article = make_article(headline, language=language, original=first.article)
        group[language] = make_publication(article)
    return group


def languages(publication: Publication, at: Any = None) -> list[str]:
    found = pages.translations(publication, at or timezone.now())
    return [row.language for row in found]


def test_each_story_of_a_group_knows_the_others() -> None:
    group = make_group()
    assert languages(group["vi"]) == ["ar", "en"]
    assert languages(group["en"]) == ["ar", "vi"]
    assert languages(group["ar"]) == ["en", "vi"]


def test_page_leads_to_the_story_in_other_languages(client: Client) -> None:
    group = make_group()
    page = client.get(group["en"].get_absolute_url()).text
    assert "Also in:" in page
    assert f'href="{group["vi"].get_absolute_url()}" hreflang="vi" lang="vi"' in page
    assert "Tiếng Việt" in page


@pytest.mark.parametrize("shown", ["vi", "en", "ar"])
def test_every_page_names_all_languages_and_the_original_as_default(client, shown) -> None:
    group = make_group()
    page = client.get(group[shown].get_absolute_url()).text
    for language, publication in [*group.items(), ("x-default", group["vi"])]:
        url = f"https://news.example{publication.get_absolute_url()}"
        assert f'<link rel="alternate" hreflang="{language}" href="{url}">' in page


def test_story_in_one_language_says_nothing_of_others(client: Client) -> None:
    page = client.get(make_publication().get_absolute_url()).text
    assert "hreflang" not in page
    assert "Also in:" not in page


def retract(article: Article) -> None:
    transitions.retract(article, by=publisher(), note="Wrong.")


def archive(article: Article) -> None:
    transitions.archive(article, by=publisher())


@pytest.mark.parametrize("step", [retract, archive])
@pytest.mark.parametrize("whose", ["vi", "en"])
def test_what_is_not_listed_is_no_translation(step: Any, whose: str) -> None:
    group = make_group()
    step(Article.objects.get(pk=group[whose].article_id))
    others = {"vi": "en", "en": "vi"}[whose]
    assert whose not in languages(group[others])


def test_draft_and_scheduled_translations_are_told_nobody() -> None:
    first = make_publication(make_article(language="vi"))
    make_article("Draft", language="en", original=first.article)
    at = timezone.now() + dt.timedelta(hours=1)
    schedule(make_article("Later", language="ar", original=first.article), at=at)
    assert languages(first) == []
    assert languages(first, at) == ["ar"]


def test_group_of_the_past_is_the_one_there_was() -> None:
    with time_machine.travel(dt.datetime(2040, 5, 6, tzinfo=dt.UTC), tick=False) as clock:
        first = make_publication(make_article(language="vi"))
        clock.shift(3600)
        make_publication(make_article("Later", language="en", original=first.article))
        assert languages(first, timezone.now() - dt.timedelta(minutes=1)) == []


def test_of_two_in_one_language_the_newer_counts() -> None:
    group = make_group()
    newer = make_publication(make_article("Again", language="en", original=group["vi"].article))
    found = pages.translations(group["vi"], timezone.now())
    assert [row.url for row in found if row.language == "en"] == [newer.get_absolute_url()]


def test_translation_moves_its_addresses_along(client: Client) -> None:
    group = make_group()
    moved = publish(change(group["vi"].article, slug="cang-moi"))
    assert moved.get_absolute_url() in client.get(group["en"].get_absolute_url()).text


def test_working_copy_keeps_its_original_through_a_document() -> None:
    article = make_group()["en"].article
    story = snapshots.take(article)
    article.original = None
    article.save()
    snapshots.restore(article, document.from_json(story.to_json()))
    assert str(Article.objects.get(pk=article.pk).original.uuid) == story.original


def test_change_of_the_original_is_told_by_its_headline() -> None:
    article = make_group()["en"].article
    story = snapshots.take(article)
    names = {story.original: "Cảng mở lại"}
    found = compare(document.Document(), story, names)
    told = [row for row in found if row.place == "original" and row.kind != SAME]
    assert "Cảng mở lại" in told[0].spans[0].text


def test_story_is_no_translation_of_itself() -> None:
    article = make_article()
    article.original = article
    with pytest.raises(IntegrityError), transaction.atomic():
        article.save()


def test_group_has_one_original() -> None:
    group = make_group()
    chained = make_article()
    chained.original = group["en"].article
    with pytest.raises(ValidationError, match="is a translation itself"):
        chained.clean()
    first = Article.objects.get(pk=group["vi"].article_id)
    first.original = make_article()
    with pytest.raises(ValidationError, match="has translations"):
        first.clean()


def test_translations_cost_one_query(django_assert_num_queries: Any) -> None:
    group = make_group()
    publication = Publication.objects.select_related("article").get(pk=group["en"].pk)
    with django_assert_num_queries(1):
        pages.translations(publication, timezone.now())


@pytest.mark.parametrize(
    ("code", "name"),
    [("vi", "Tiếng Việt"), ("en-GB", "British English"), ("zh-Hant", "繁體中文"), ("xx", "xx"),
     ("ar-EG", "العربيّة")],
)  # fmt: skip
def test_language_is_called_by_its_own_name(code: str, name: str) -> None:
    assert pages.language_name(code) == name
