"""A hot fix: the live text changes at once, the draft that waits keeps its own and gets the fix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from articles import document, snapshots
from articles.body import parse
from articles.choices import DeskState, Origin, PublicationKind
from articles.document import Document
from articles.exceptions import WorkflowError
from articles.models import Approval, Article, Publication
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_body,
    make_publication,
    make_user,
)

pytestmark = pytest.mark.django_db

PARTS = ("The harbour reopened on Monday.", "Ferries left at noon.")


def with_draft() -> Article:
    """Make a public story with a longer draft waiting."""
    article = make_article("Harbour", parts=PARTS)
    make_publication(article)
    longer = make_body(PARTS[0], PARTS[1], "A whole new chapter.")
    return change(article, body=longer, by=make_user("Reporter"))


def live_text() -> Document:
    return document.from_json(Publication.objects.live().get().revision.document)


def fixed(text: str) -> Document:
    return replace(live_text(), body=parse(make_body(*PARTS).replace("at noon", text)))


def test_fix_goes_live_alone_and_into_the_draft():
    article, editor = with_draft(), make_user("Editor")
    values: dict[str, Any] = {
        "kind": "correction",
        "corrections": [("at noon", "at one")],
        "override": "Read.",
    }
    row = transitions.hot_fix(article, by=editor, story=fixed("at one"), reason="Wrong.", **values)
    assert row.kind == PublicationKind.CORRECTION
    assert "at one" in row.body
    assert "new chapter" not in row.body
    article.refresh_from_db()
    assert "at one" in article.body
    assert "new chapter" in article.body
    assert article.review_due_at is not None
    event = article.events.order_by("-number").first()
    assert (event.action, event.reason) == ("hot_fix", "Wrong.")
    draft = snapshots.current_revision(article)
    assert draft is not None
    assert (draft.origin, draft.number) == (Origin.HOT_FIX, event.detail["carried"])


def test_draft_that_changed_the_same_words_keeps_its_own_and_the_event_says_so():
    article = with_draft()
    change(article, body=article.body.replace("at noon", "at dusk"), by=make_user("Reporter"))
    values: dict[str, Any] = {"kind": "correction", "note": "Wrong time.", "override": "Read."}
    transitions.hot_fix(
        article, by=make_user("Editor"), story=fixed("at one"), reason="Wrong.", **values
    )
    article.refresh_from_db()
    assert "at dusk" in article.body
    assert article.events.order_by("-number").first().detail["conflicts"] == ["Paragraph"]


def test_approved_draft_is_a_draft_again_and_its_writer_still_can_not_approve_it():
    reporter = make_user("Editor")
    article = make_article("Harbour", parts=PARTS)
    make_publication(article)
    change(article, kicker="Ports", by=reporter)
    approve(article)
    values: dict[str, Any] = {"kind": "correction", "note": "Wrong time.", "override": "Read."}
    transitions.hot_fix(
        article, by=make_user("Editor"), story=fixed("at one"), reason="Wrong.", **values
    )
    article.refresh_from_db()
    assert article.state == DeskState.DRAFT
    transitions.submit(article, by=reporter)
    article.refresh_from_db()
    with pytest.raises(WorkflowError) as refused:
        transitions.approve(article, by=reporter, override="Mine.")
    assert refused.value.code == "own_work"


def test_fix_that_changes_nothing_or_facts_silently_is_refused():
    article, editor = with_draft(), make_user("Editor")
    with pytest.raises(WorkflowError) as same:
        transitions.hot_fix(article, by=editor, story=live_text(), reason="Why not.")
    assert same.value.code == "no_change"
    with pytest.raises(WorkflowError) as silent:
        transitions.hot_fix(
            article, by=editor, story=fixed("at 11"), reason="Wrong.", kind="minor", override="x"
        )
    assert silent.value.code == "blocked"
    assert Publication.objects.count() == 1


def test_fix_is_read_by_somebody_else_afterwards_and_sealed():
    article, editor, other = with_draft(), make_user("Editor"), make_user("Editor")
    values: dict[str, Any] = {"kind": "correction", "note": "Wrong time.", "override": "Read."}
    transitions.hot_fix(article, by=editor, story=fixed("at one"), reason="Wrong.", **values)
    with pytest.raises(WorkflowError) as own:
        transitions.confirm_fix(article, by=editor)
    assert own.value.code == "own_work"
    transitions.confirm_fix(article, by=other)
    article.refresh_from_db()
    assert article.review_due_at is None
    seal = Approval.objects.get(revision__origin=Origin.HOT_FIX)
    assert (seal.approved_by, seal.digest) == (other, seal.revision.digest)
    with pytest.raises(WorkflowError) as twice:
        transitions.confirm_fix(article, by=other)
    assert twice.value.code == "not_now"


def test_page_shows_the_live_text_and_publishes_the_fix():
    article, client = with_draft(), desk.client_of(make_user("Editor"))
    url = reverse("admin:articles_article_act", args=[article.pk, "hot_fix"])
    page = desk.page(client, url)
    text = page.get_element_by_id("id_act-body").text
    assert "new chapter" not in text
    fields = {
        "act-body": text.replace("at noon", "at one"),
        "act-kind": "correction",
        "act-was": "noon",
        "act-now": "one",
        "act-reason": "The harbour master called.",
        "act-override": "Read twice.",
    }
    answer = client.post(url, fields)
    assert "readers see it now" in desk.told(client, answer)
    row = Publication.objects.live().get()
    assert "at one" in row.body
    assert row.corrections.get().now == "one"
    empty = client.post(url, {**fields, "act-body": "<p>Only this.</p>", "act-reason": " "})
    assert "Say why" in empty.content.decode()
