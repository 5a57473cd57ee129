"""What states a fact is not changed silently: the gate on minor changes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from articles import snapshots
from articles.choices import PublicationKind
from articles.exceptions import WorkflowError
from articles.workflow import gates, transitions
from tests.factories import (
    approve,
    change,
    make_article,
    make_body,
    make_publication,
    publish,
    publisher,
)

pytestmark = pytest.mark.django_db


def found(article, kind):
    results = transitions.preflight(article, kind=kind)
    return [p for result in results if result.gate.id == "change_kind" for p in result.problems]


def live_article(text):
    article = make_article("Ferry sinks", parts=(text,))
    make_publication(article)
    return article


def test_a_changed_number_is_not_minor_and_the_words_are_named():
    article = live_article("There were 5 boats.")
    change(article, body=article.body.replace("5", "7"))
    (problem,) = found(article, PublicationKind.MINOR)
    block = snapshots.take(article).body[0]
    assert (problem.severity, problem.field, problem.anchor) == (gates.BLOCKER, "body", block.id)
    assert "A number was changed." in problem.message
    assert "5 → 7" in problem.message
    assert "Correction" in problem.fix


@pytest.mark.parametrize("kind", ["update", "clarification", "correction", ""])
def test_any_other_kind_passes(kind):
    article = live_article("There were 5 boats.")
    change(article, body=article.body.replace("5", "7"))
    assert found(article, kind) == []


def test_a_slip_put_right_may_go_out_as_minor():
    article = live_article("The harbour reopned.")
    change(article, body=make_body("The harbour reopened."))
    assert found(article, PublicationKind.MINOR) == []
    assert publish(article, kind=PublicationKind.MINOR).kind == PublicationKind.MINOR


def test_publishing_a_changed_headline_as_minor_is_refused():
    article = live_article("Boats sail.")
    approve(change(article, headline="Ferry raised"))
    with pytest.raises(WorkflowError) as error:
        transitions.publish(
            article, by=publisher(), kind=PublicationKind.MINOR, override="Read twice."
        )
    assert error.value.code == "blocked"
    assert "The headline was changed." in str(error.value)


def test_the_first_publication_is_compared_with_nothing():
    article = make_article("Ferry sinks")
    now = transitions.standing(article, timezone.now())
    revision = article.revisions.get()
    case = gates.make_case(article, revision, now, kind=PublicationKind.FIRST)
    assert [p for p in gates.check(case) if p.code == "change_kind"] == []
