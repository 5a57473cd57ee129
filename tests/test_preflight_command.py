"""The preflight command says what the form's panel says, and tells by its exit status."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article
from articles.workflow import transitions
from tests.factories import approve, make_article, publisher

pytestmark = pytest.mark.django_db


def run(*args: str) -> tuple[str, int]:
    out, status = StringIO(), 0
    try:
        call_command("preflight", *args, stdout=out)
    except SystemExit as stop:
        status = int(str(stop.code))
    return out.getvalue(), status


def test_approved_articles_are_looked_at_and_warnings_do_not_fail():
    approve(make_article("Harbour reopens"))
    make_article("A draft")
    text, status = run()
    assert "Harbour reopens" in text
    assert "warning: No related story is named, and the archive has none to propose." in text
    assert "A draft" not in text
    assert "1 articles checked, 0 blocked." in text
    assert status == 0


def test_blockers_fail_and_are_the_panels():
    article = approve(make_article())
    transitions.hold(article, by=publisher(), reason="Wait.")
    text, status = run("--json", str(article.uuid))
    record: dict[str, Any] = json.loads(text)
    article.refresh_from_db()
    results = transitions.preflight(article)
    codes = {problem.code for result in results for problem in result.problems}
    assert {problem["code"] for problem in record["problems"]} == codes
    assert record["problems"][0]["severity"] == "blocker"
    assert status == 1


def test_embargo_is_asked_for_the_time_given():
    article = approve(make_article())
    transitions.set_embargo(article, by=publisher(), at=timezone.now() + dt.timedelta(days=2))
    assert run(str(article.uuid))[1] == 1
    later = timezone.localtime() + dt.timedelta(days=3)
    assert run(str(article.uuid), "--at", f"{later:%Y-%m-%dT%H:%M}")[1] == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nonsense"], "no UUID"),
        ([str(uuid4())], "No such article"),
        (["--at", "soon"], "is no time"),
        (["--at", "2031-13-44T99:99"], "is no time"),
    ],
)
def test_what_can_not_be_read_is_said(args, words):
    with pytest.raises(CommandError, match=words):
        run(*args)


def test_queries_do_not_grow_with_the_articles(django_assert_num_queries):
    for _number in range(3):
        approve(make_article())
    with django_assert_num_queries(5):
        run()
    for _number in range(6):
        approve(make_article())
    with django_assert_num_queries(5):
        run()
    assert Article.objects.count() == 9
