"""How many statements the article form and a save ask, savepoints and work after the commit too.

Nothing is read twice for the form, the revision and the publication, and what nobody changed is not
written: the bounds hold for a story of many parts as for one of few.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from articles.models import Article, RelatedLink
from tests import desk
from tests.factories import (
    change,
    make_article,
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

pytestmark = pytest.mark.django_db(transaction=True)

SAVED, PUBLISHED, SHOWN = 16, 40, 37
# Who holds a role is asked what the role may do, and where.
ROLE = 3


@pytest.fixture(autouse=True)
def newsroom_of_one(settings: Settings) -> None:
    settings.NEWSROOM_FOUR_EYES = False


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give the statements that are executed inside."""
    found: list[str] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield found


def live_story(size: int) -> Article:
    """Make a public story with so many parts of each kind."""
    article = make_article(
        parts=(*(make_photo() for _ in range(size)), "The harbour reopened on Monday."),
        authors=tuple(make_contributor() for _ in range(size)),
        topics=tuple(make_topic() for _ in range(size)),
        sources=tuple(make_source() for _ in range(size)),
        section=make_section("world"),
        by=publisher(),
    )
    for position in range(size):
        related = make_publication(section=article.section).article
        RelatedLink.objects.create(article=article, related=related, position=position)
    return publish(change(article, kicker="Storm", by=publisher())).article


def shown(client: Client, article: Article) -> list[str]:
    client.get("/")  # what a process asks once
    with statements() as found:
        assert client.get(desk.change_url(article)).status_code == 200
    return found


def sent(client: Client, article: Article, press: dict[str, str]) -> list[str]:
    """Send the form with another standfirst; return what was asked of the database."""
    form = desk.filled_form(desk.page(client, desk.change_url(article)))
    form["standfirst"] = "Ships leave again."
    with statements() as found:
        assert client.post(desk.change_url(article), {**form, **press}).status_code == 302
    return found


SAVE = {"_save": "1"}
PUBLISH = {"_act": "publish", "act-override": "It is urgent."}


@pytest.mark.parametrize("size", [1, 4])
def test_save_asks_few_statements(size: int) -> None:
    article = live_story(size)
    found = sent(desk.client_of(publisher()), article, SAVE)
    assert article.revisions.count() == 3
    assert len(found) <= SAVED, "\n".join(found)


@pytest.mark.parametrize("size", [1, 4])
def test_save_that_publishes_asks_few_statements(size: int) -> None:
    article = live_story(size)
    found = sent(desk.client_of(publisher()), article, PUBLISH)
    assert article.publications.count() == 2
    assert len(found) <= PUBLISHED, "\n".join(found)


def test_role_costs_what_it_takes_to_know_it() -> None:
    article = live_story(2)
    found = sent(desk.client_of(make_user("Editor")), article, SAVE)
    assert article.revisions.count() == 3
    assert len(found) <= SAVED + ROLE, "\n".join(found)


@pytest.mark.parametrize("size", [1, 4])
def test_form_asks_as_much_for_a_story_of_many_parts(size: int) -> None:
    article = live_story(size)
    client = desk.client_of(publisher())
    shown(client, article)
    found = shown(client, article)
    assert len(found) <= SHOWN, "\n".join(found)
