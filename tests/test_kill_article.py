"""Killing a story: asked for by one, confirmed by another, then gone but for those entitled."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from articles.exceptions import WorkflowError
from articles.models import Article, Comment, Correction, KilledText, Publication
from articles.workflow import transitions
from articles.workflow.permissions import ROLES
from articles.workflow.verify import verify
from tests import desk
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_source,
    make_topic,
    make_user,
    publish,
)

pytestmark = pytest.mark.django_db
PLANTED = "Zyzzyvan"


def planted_story() -> Article:
    """Publish, correct and talk about a story in which one word stands everywhere."""
    article = make_article(
        f"{PLANTED} headline",
        parts=(f"{PLANTED} sank.", make_photo(caption=f"{PLANTED} caption")),
        authors=(make_contributor("Ada Weil"),),
        topics=(make_topic(),),
        sources=(make_source("Reuters"),),
        slug="ferry",
    )
    make_publication(article)
    changed = change(article, standfirst=f"{PLANTED} again", kicker=PLANTED)
    publish(changed, kind="correction", corrections=[(f"{PLANTED} one", "two")], note=PLANTED)
    Comment.objects.create(article=article, author=make_user(), text=f"Ask {PLANTED}.")
    LogEntry.objects.create(
        user=make_user(),
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(article.pk),
        object_repr=article.headline,
        action_flag=CHANGE,
        change_message=PLANTED,
    )
    article.refresh_from_db()
    return article


def kill(article: Article) -> Publication:
    transitions.request_kill(article, by=make_user("Editor"), reason="A court order.")
    return transitions.kill(article, by=make_user("Legal"), reason="Order 12/26 of the court.")


def tables_with(word: str) -> set[str]:
    """Return the names of the tables in which a word stands in any column."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values(*fields) if fields else ():
            if word in DjangoJSONEncoder(ensure_ascii=False).encode(row):
                found.add(model.__name__)
    return found


def test_nothing_of_a_killed_story_is_left_in_any_table_but_the_locked_one() -> None:
    article = planted_story()
    assert {"Article", "Revision", "Publication", "Correction", "Comment"} <= tables_with(PLANTED)
    kill(article)
    # The photo is a row of its own, with its own kill; the caption for this use is gone.
    assert tables_with(PLANTED) == {"KilledText", "Photo"}


def test_address_of_a_killed_story_says_that_it_is_gone(client: Client) -> None:
    article = planted_story()
    address = article.publications.last().get_absolute_url()
    assert client.get(address).status_code == 200
    kill(article)
    answer = client.get(address)
    assert answer.status_code == 410
    assert PLANTED not in answer.content.decode()


def test_publications_of_a_killed_story_still_prove_what_they_were() -> None:
    article = planted_story()
    kill(article)
    article.refresh_from_db()
    assert list(verify(article)) == []
    kept = KilledText.objects.get()
    altered = {**kept.kept, "Revision": {**kept.kept["Revision"]}}
    altered["Revision"]["1"] = {"document": {"headline": "Other"}}
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL newsroom.emptying = 'on'")
    KilledText._base_manager.filter(pk=kept.pk).update(kept=altered)
    assert "revision" in {finding.code for finding in verify(article)}


def test_the_text_is_kept_for_those_entitled() -> None:
    article = planted_story()
    kill(article)
    kept = KilledText.objects.get(article=article).kept
    assert kept["working_copy"]["headline"] == f"{PLANTED} headline"
    assert kept["Correction"][str(Correction.objects.get().pk)]["was"] == f"{PLANTED} one"


@pytest.mark.parametrize("act", ["edit", "submit", "publish", "reinstate", "hold", "archive"])
def test_a_killed_story_is_not_worked_on_any_more(act: str) -> None:
    article = planted_story()
    kill(article)
    article.refresh_from_db()
    refused: Any = transitions.refusal(make_user(), act, article)
    assert refused.code == "not_now"


def test_who_asked_for_a_kill_does_not_confirm_it() -> None:
    article, chief = planted_story(), make_user("Chief")
    transitions.request_kill(article, by=chief, reason="A court order.")
    with pytest.raises(WorkflowError) as caught:
        transitions.kill(article, by=chief, reason="A court order.")
    assert caught.value.code == "own_work"
    assert not KilledText.objects.exists()


def test_a_kill_nobody_asked_for_is_refused() -> None:
    with pytest.raises(WorkflowError) as caught:
        transitions.kill(planted_story(), by=make_user("Legal"), reason="A court order.")
    assert caught.value.code == "not_now"


def test_a_declined_kill_leaves_the_story_as_it_was(client: Client) -> None:
    article = planted_story()
    transitions.request_kill(article, by=make_user("Editor"), reason="A complaint.")
    transitions.decline_kill(article, by=make_user("Chief"), reason="The story is right.")
    article.refresh_from_db()
    assert article.kill_requested_by is None
    assert client.get(article.publications.last().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_killed_text_is_read_by_those_who_may_and_each_reading_is_kept(role):
    publication = make_publication(make_article("Secret harbour"))
    article = publication.article
    transitions.request_kill(article, by=make_user(), reason="A child is named.")
    transitions.kill(article, by=make_user(), reason="A child is named.")
    client = desk.client_of(make_user(role))
    url = reverse("admin:articles_article_killed", args=[article.pk])
    may = role in ("Chief", "Legal")
    answer = client.get(url)
    assert answer.status_code == (200 if may else 403)
    assert ("Secret harbour" in answer.content.decode()) is may
    log = LogEntry.objects.filter(change_message="Read the killed text.")
    assert log.count() == int(may)
    page = client.get(desk.change_url(article)).content.decode()
    assert (url in page) is may
    assert "Secret harbour" not in page
    if may:
        assert answer.headers["Cache-Control"] == "private, no-store"
