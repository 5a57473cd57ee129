"""The events of an article alone tell how it stands, whatever was done to it in whatever order."""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from articles import snapshots
from articles.exceptions import WorkflowError
from articles.models import Article
from articles.workflow import transitions
from articles.workflow.replay import replay, stands
from tests.factories import change, make_article, make_user

pytestmark = pytest.mark.django_db


def assert_told(article: Article) -> None:
    article.refresh_from_db()
    events = list(article.events.select_related("publication").order_by("number"))
    told = replay(events)
    assert told.state == article.state
    assert told.flags == stands(article)
    rows = article.publications.order_by("number")
    assert told.publications == [row.number for row in rows]
    assert [event.from_state for event in events[1:]] == [event.to_state for event in events[:-1]]


def given(random_: random.Random, article: Article) -> dict[str, Any]:
    return {
        "story": replace(snapshots.take(article), kicker=f"Fix {random_.random()}"),
        "kind": "correction",
        "reason": "A reason.",
        "note": "A note.",
        "override": "Read twice.",
        "at": timezone.now() + dt.timedelta(hours=random_.randint(1, 9)),
    }


@pytest.mark.parametrize("seed", range(12))
def test_random_acts_of_several_people_are_told_by_their_events(seed: int) -> None:
    random_ = random.Random(seed)
    people = [make_user("Chief"), make_user("Chief"), make_user("Editor"), make_user("Legal")]
    article = make_article(by=make_user("Reporter"))
    done = 0
    for number in range(200):
        names = [*transitions.FUNCTIONS, "edit", "edit"]
        if number < 100:  # nothing can be done after it
            names.remove("kill")
        name = random_.choice(names)
        by = random_.choice(people)
        try:
            if name == "edit":
                article.refresh_from_db()
                if transitions.refusal(by, "edit", article) is None:
                    change(article, by=by, headline=f"Headline {number}")
                    done += 1
                continue
            transitions.perform(article, name, by=by, given=given(random_, article))
            done += 1
        except WorkflowError:
            continue
    assert done > 5
    assert_told(article)


def test_each_act_writes_exactly_one_event() -> None:
    article, chief = make_article(by=make_user("Reporter")), make_user("Chief")
    acts = ["hold", "release", "require_legal", "submit", "approve", "request_changes", "submit"]
    for count, name in enumerate(acts, start=2):
        transitions.perform(article, name, by=chief, given=given(random.Random(1), article))
        assert article.events.count() == count
    assert_told(article)


def test_a_refused_act_writes_nothing() -> None:
    article, reporter = make_article(), make_user("Reporter")
    for name in transitions.FUNCTIONS:
        if name in ("submit", "require_legal", "require_pictures"):
            continue
        with pytest.raises(WorkflowError):
            transitions.perform(article, name, by=reporter, given=given(random.Random(1), article))
    assert article.events.count() == 1
    assert_told(article)
