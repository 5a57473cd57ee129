"""verify_publications finds what was altered, taken out or slipped in."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles.models import Article, Publication
from articles.workflow import transitions
from articles.workflow.verify import verify
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_publication,
    make_source,
    make_topic,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def article() -> Article:
    """An article that was published, updated twice and has an update scheduled and called off."""
    article = make_article("Ferry sinks")
    make_publication(article, at=NOON)
    make_publication(change(article, headline="Ferry raised"), at=NOON + HOUR)
    make_publication(change(article, headline="Ferry towed"))
    schedule(change(article, headline="Ferry home"), by=publisher(), at=timezone.now() + HOUR)
    transitions.unschedule(article, by=publisher())
    article.refresh_from_db()
    return article


def tamper(sql: str) -> None:
    """Change a table behind the code's back, guards lifted where the database has them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE articles_publication DISABLE TRIGGER append_only")
            cursor.execute("ALTER TABLE articles_revision DISABLE TRIGGER append_only")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(sql)


def codes(article: Article) -> set[str]:
    article.refresh_from_db()
    return {finding.code for finding in verify(article)}


def test_what_was_published_as_it_should_be_is_found_right(article: Article) -> None:
    assert codes(article) == set()


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE articles_publication SET body = body || '.' WHERE number = 2", "altered"),
        ("UPDATE articles_publication SET headline = 'x' WHERE number = 1", "altered"),
        ("UPDATE articles_publication SET live_until = NULL WHERE number = 4", "times"),
        ("UPDATE articles_publication SET live_until = live_from WHERE number = 2", "times"),
        ("UPDATE articles_publication SET number = 9 WHERE number = 4", "missing"),
        ("UPDATE articles_revision SET digest = 'x' WHERE number = 2", "revision"),
        ("UPDATE articles_article SET chain_head = ''", "missing"),
    ],
)
def test_an_alteration_is_found(article: Article, sql: str, code: str) -> None:
    if "live_until = NULL" in sql:
        tamper("UPDATE articles_publication SET live_until = live_from WHERE number = 3")
    tamper(sql)
    assert code in codes(article)


@pytest.mark.parametrize("table", ["topic", "contributor", "source"])
def test_a_list_that_has_it_under_another_date_is_found(table: str) -> None:
    article = make_article(
        authors=(make_contributor(),), topics=(make_topic(),), sources=(make_source(),)
    )
    make_publication(article, at=NOON)
    assert codes(article) == set()
    tamper(f"UPDATE articles_{table}listing SET published_at = '2026-07-05 12:00:00+00:00'")
    assert codes(article) == {"dates"}


@pytest.mark.parametrize("number", [2, 4])
def test_a_missing_publication_is_found(article: Article, number: int) -> None:
    row = Publication.objects.get(number=number)
    for table in ("photos", "topics", "contributors", "sources"):
        getattr(row, table).clear()
    tamper(f"UPDATE articles_publication SET article_id = article_id WHERE id = {row.pk}")
    other = make_article("Elsewhere")
    tamper(f"UPDATE articles_publication SET article_id = {other.pk} WHERE id = {row.pk}")
    assert "missing" in codes(article)


def test_an_inserted_publication_is_found(article: Article) -> None:
    last = Publication.objects.get(number=4)
    inserted = Publication.objects.get(pk=last.pk)
    inserted.pk, inserted.number, inserted._state.adding = None, 5, True
    inserted.save()
    assert "chain" in codes(article)


def test_the_command_says_what_it_found_and_fails(article: Article) -> None:
    tamper("UPDATE articles_publication SET note = 'x' WHERE number = 1")
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_publications", stdout=out)
    assert caught.value.code == 1
    assert f"{article.uuid} publication 1: it is not as it was made (altered)" in out.getvalue()


def test_the_command_says_when_all_is_well(article: Article) -> None:
    out = StringIO()
    call_command("verify_publications", stdout=out)
    assert out.getvalue() == "1 articles checked, 0 findings.\n"


def test_an_article_that_was_never_published_is_found_right() -> None:
    assert codes(make_article()) == set()


@time_machine.travel(NOON, tick=False)
def test_a_chain_with_a_moved_schedule_is_found_right() -> None:
    article = make_article()
    schedule(article, by=publisher(), at=NOON + HOUR)
    schedule(article, by=publisher(), at=NOON + 2 * HOUR)
    assert codes(article) == set()
