"""Working copy and document are each other's image; every changing save writes one revision."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import body, document, snapshots
from articles.document import Document, Figure, Inline, Paragraph
from articles.exceptions import AppendOnlyError, DocumentError
from articles.models import Article, Attribution, Placement, Revision
from tests.factories import (
    change,
    make_article,
    make_body,
    make_contributor,
    make_photo,
    make_section,
    make_source,
    make_topic,
    make_user,
)
from tests.strategies import documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, list[str]]:
    """Rows that generated documents may refer to."""
    make_section("World")
    return {
        "photos": [str(make_photo().uuid) for _ in range(2)],
        "contributors": [str(make_contributor().uuid) for _ in range(2)],
        "sources": [str(make_source("Reuters").uuid), str(make_source("AP").uuid)],
        "articles": [str(make_article().uuid) for _ in range(2)],
        "topics": [make_topic("Harbours").slug, make_topic("Storms").slug],
        "users": [make_user("Editor").username],
    }


@given(data=st.data())
@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_document_to_rows_and_back_is_the_identity(world: dict[str, Any], data: Any) -> None:
    story: Document = data.draw(documents(**world))
    article = Article.objects.create()
    snapshots.restore(article, story)
    assert snapshots.take(Article.objects.get(pk=article.pk)) == story


def test_a_save_that_changes_something_writes_one_revision() -> None:
    article = make_article("Ferry sinks")
    change(article, headline="Ferry sinks, all safe")
    numbers = list(article.revisions.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2]


def test_a_save_that_changes_nothing_writes_none() -> None:
    article = make_article()
    assert snapshots.save(article) is None
    assert article.revisions.count() == 1


@pytest.mark.parametrize("rows", ["byline", "topic", "related", "attribution"])
def test_a_changed_row_beside_the_text_is_a_change(rows: str) -> None:
    article = make_article()
    if rows == "byline":
        article.bylines.create(contributor=make_contributor())
    elif rows == "topic":
        article.topics.add(make_topic())
    elif rows == "related":
        article.related_links.create(title="Storm warning", url="https://a.example/")
    else:
        article.attributions.create(text="The harbour", where="", start=-1)
    revision = snapshots.save(article)
    assert revision is not None
    assert revision.number == 2


def test_a_revision_can_be_neither_changed_nor_deleted() -> None:
    revision = make_article().revisions.get()
    revision.note = "other"
    with pytest.raises(AppendOnlyError):
        revision.save()
    with pytest.raises(AppendOnlyError):
        revision.delete()
    with pytest.raises(AppendOnlyError):
        Revision.objects.filter(pk=revision.pk).update(note="other")
    with pytest.raises(AppendOnlyError):
        Revision.objects.all().delete()


def test_placements_follow_the_figures_of_the_body() -> None:
    one, two = make_photo(), make_photo()
    article = make_article(parts=("a", one, "b", two))
    assert [row.photo for row in article.placements.all()] == [one, two]
    change(article, body=make_body("a", two))
    assert list(Placement.objects.values_list("photo", "position")) == [(two.pk, 0)]


def test_attributions_move_with_their_words() -> None:
    article = make_article(parts=("First.", "It is safe, the mayor said."))
    row = article.attributions.create(text="the mayor said", where="", start=-1)
    snapshots.save(article)
    row.refresh_from_db()
    second = body.parse(article.body)[1]
    assert (row.where, row.start) == (second.id, 12)
    moved = body.to_html([Paragraph(Inline("On Monday the mayor said so."), second.id)])
    change(article, body=moved)
    row.refresh_from_db()
    assert (row.where, row.start) == (second.id, 10)


def test_an_attribution_whose_words_are_gone_says_so_and_stays() -> None:
    article = make_article(parts=("It is safe, the mayor said.",))
    article.attributions.create(text="the mayor said", where="", start=-1)
    snapshots.save(article)
    change(article, body=make_body("It is safe."))
    assert Attribution.objects.get().start == -1


def test_a_document_with_an_unknown_photo_is_refused_and_changes_nothing() -> None:
    article = make_article("Ferry sinks")
    photo = "7b0c9f5e-0000-4000-8000-000000000001"
    story = Document(headline="Other", body=document.with_ids([Figure(photo=photo)]))
    with pytest.raises(DocumentError, match=photo):
        snapshots.restore(article, story)
    article.refresh_from_db()
    assert article.headline == "Ferry sinks"


def test_adopting_an_old_revision_writes_it_as_a_new_one() -> None:
    user = make_user()
    article = make_article("Ferry sinks")
    change(article, headline="Ferry sinks, all safe")
    revision = snapshots.adopt(article.revisions.get(number=1), by=user)
    article.refresh_from_db()
    assert article.headline == "Ferry sinks"
    assert revision is not None
    assert (revision.number, revision.created_by) == (3, user)


def test_a_proposal_leaves_the_working_copy_alone() -> None:
    article = make_article("Ferry sinks")
    current = snapshots.current_revision(article)
    snapshots.propose(article, Document(headline="Ferry afloat"))
    article.refresh_from_db()
    assert article.headline == "Ferry sinks"
    assert snapshots.current_revision(article) == current
    assert snapshots.save(article) is None
