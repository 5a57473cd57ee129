"""Comments: said of an article or of words in it, they stay on their words or say they are gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from articles import talk
from articles.exceptions import WorkflowError
from articles.models import Article, Assignment, Comment, KilledText
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_body,
    make_section,
    make_user,
    publish,
)

pytestmark = pytest.mark.django_db


def block(article: Article, number: int = 0) -> str:
    return talk.words_of(article).body[number].id


def on_words(article: Article, quote: str = "harbour", **values: Any) -> Comment:
    values = {"by": make_user(), "text": "Sure?", "where": block(article), "start": 4, **values}
    return talk.comment(article, quote=quote, **values)


def placed(comment: Comment) -> talk.Place:
    comment.refresh_from_db()
    return talk.place([comment], talk.words_of(Article.objects.get(pk=comment.article_id)))[0]


def edited(article: Article, *parts: str, keep: str) -> Article:
    """Change the text; the first paragraph keeps the block id ``keep``."""
    body = make_body(*parts)
    first = talk.words_of(Article(body=body)).body[0].id
    return change(article, body=body.replace(first, keep))


# Where the words stand


def test_comment_on_words_knows_their_block_and_offset():
    article = make_article(parts=("The harbour reopened.",))
    assert placed(on_words(article)) == talk.Place(block(article), 4)


def test_comment_on_the_whole_article_stands_nowhere():
    article = make_article()
    row = talk.comment(article, by=make_user(), text="Too long.")
    assert (row.quote, placed(row)) == ("", talk.Place())


def test_words_are_found_again_nearest_to_where_they_stood():
    article = make_article(parts=("The harbour. Then calm.",))
    row, where = on_words(article), block(article)
    edited(article, "Now the harbour. Then calm, and one more harbour.", keep=where)
    assert placed(row) == talk.Place(where, 8)


def test_words_are_found_in_another_block():
    article = make_article(parts=("The harbour reopened.", "Calm."))
    row = on_words(article)
    changed = change(article, body=make_body("New start.", "At sea the harbour is far."))
    assert placed(row) == talk.Place(block(changed, 1), 11)


def test_words_are_found_in_the_headline():
    article = make_article("Storm over", parts=("The harbour reopened.",))
    row = on_words(article)
    change(article, headline="A harbour at rest", body=make_body("Nothing else."))
    assert placed(row) == talk.Place("headline", 2)


def test_words_that_are_gone_say_so_and_come_back():
    article = make_article("Storm over", parts=("The harbour reopened.",))
    row, where = on_words(article), block(article)
    edited(article, "It reopened.", keep=where)
    assert placed(row) == talk.Place(where, 4, is_gone=True)
    edited(article, "The harbour reopened.", keep=where)
    assert placed(row) == talk.Place(where, 4)


def test_an_edit_moves_what_is_remembered(django_capture_on_commit_callbacks):
    article = make_article(parts=("The harbour reopened.",))
    row, where = on_words(article), block(article)
    with django_capture_on_commit_callbacks(execute=True):
        edited(article, "Late on Monday the harbour reopened.", keep=where)
    row.refresh_from_db()
    assert (row.where, row.start) == (where, 19)


def test_a_wrong_place_is_put_right_where_the_words_are():
    article = make_article(parts=("The harbour reopened.",))
    row = on_words(article, where="<b>", start=-7)
    assert (row.where, row.start) == (block(article), 4)


def test_words_of_a_text_not_saved_yet_wait_for_it():
    article = make_article("Storm over", parts=("It reopened.",))
    row = on_words(article, quote="fishing fleet", where="", start=0)
    assert placed(row).is_gone
    change(article, body=make_body("The fishing fleet is back."))
    assert not placed(row).is_gone


# Who may say what


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00"])
def test_empty_comment_is_refused_with_a_sentence(text):
    with pytest.raises(WorkflowError) as refused:
        talk.comment(make_article(), by=make_user(), text=text)
    assert (refused.value.code, "write something" in refused.value.message) == ("empty", True)
    assert not Comment.objects.exists()


def test_too_long_a_comment_is_refused():
    with pytest.raises(WorkflowError, match="4000"):
        talk.comment(make_article(), by=make_user(), text="x" * 4001)


def test_comment_needs_the_permission():
    with pytest.raises(WorkflowError) as refused:
        talk.comment(make_article(), by=make_user("Auditor"), text="Hm.")
    assert refused.value.code == "not_permitted"


def test_role_in_another_section_may_not_comment():
    reporter = make_user("Reporter")
    role, sport = reporter.groups.get(), make_section("Sport")
    Assignment.objects.create(user=reporter, role=role, section=sport)
    with pytest.raises(WorkflowError) as refused:
        talk.comment(make_article(section=make_section("World")), by=reporter, text="Hm.")
    assert refused.value.code == "not_permitted"
    assert talk.comment(make_article(section=sport), by=reporter, text="Hm.").pk


def test_thread_is_resolved_and_reopened_once():
    row, editor = on_words(make_article()), make_user("Editor")
    assert talk.resolve(row, by=editor).resolved_by == editor
    with pytest.raises(WorkflowError, match="resolved already"):
        talk.resolve(row, by=editor)
    assert talk.reopen(row, by=editor).resolved_at is None
    with pytest.raises(WorkflowError) as refused:
        talk.resolve(row, by=make_user("Auditor"))
    assert refused.value.code == "not_permitted"


def test_reply_to_a_reply_joins_the_thread():
    article = make_article()
    row = on_words(article)
    reply = talk.comment(article, by=make_user(), text="Yes.", parent=row)
    again = talk.comment(article, by=make_user(), text="Good.", parent=reply)
    assert (again.parent, again.quote) == (row, "")


def test_reply_to_a_comment_of_another_article_is_refused():
    row = on_words(make_article())
    with pytest.raises(WorkflowError) as refused:
        talk.comment(make_article(), by=make_user(), text="Yes.", parent=row)
    assert refused.value.code == "gone"


# Mentions


def test_mentions_are_read_from_the_text():
    ada, ben = make_user("Editor", username="ada"), make_user("Editor", username="ben.k")
    text = "(@ada), ask @Ben.k. Not x@ada nor @nobody; @ada again."
    users, unknown = talk.mentioned(text)
    assert users == [ada, ben]
    assert unknown == ["nobody"]


def test_who_may_not_read_articles_is_not_mentioned():
    make_user("Editor", username="gone", is_active=False)
    outsider = make_user("Editor", username="outsider")
    outsider.groups.clear()
    assert talk.mentioned("@gone @outsider") == ([], ["gone", "outsider"])


# Killed stories


def test_comments_of_a_killed_article_are_deleted_and_none_is_added():
    article = make_article(slug="ferry")
    publish(article)
    row = on_words(article, text="Ask the owner.")
    talk.comment(article, by=make_user(), text="Why?", parent=row)
    transitions.request_kill(article, by=make_user("Editor"), reason="Order.")
    transitions.kill(article, by=make_user("Legal"), reason="Order.")
    assert not article.comments.exists()
    assert len(KilledText.objects.get(article=article).kept["Comment"]) == 2
    with pytest.raises(WorkflowError) as refused:
        talk.comment(article, by=make_user(), text="Still?")
    assert refused.value.code == "not_now"


# At the desk


def url(article: Article, what: str = "s", *args: int) -> str:
    return reverse(f"admin:articles_article_comment{what}", args=[article.pk, *args])


def test_desk_takes_a_comment_and_shows_it_as_text():
    article, client = make_article(), desk.client_of(make_user("Reporter"))
    values = {"text": "<script>alert(1)</script> & so on", "quote": "<b>harbour"}
    response = client.post(url(article), values)
    row = Comment.objects.get()
    assert response["Location"] == f"{desk.change_url(article)}#comment-{row.pk}"
    answer = client.get(url(article))
    assert b"<script>alert" not in answer.content
    page = desk.answered(answer)
    assert values["text"] in page.get_element_by_id("desk-comments").text_content()
    assert page.xpath("//li[@class='desk-thread']/@data-quote") == ["<b>harbour"]


def test_desk_says_that_words_are_gone_and_shows_them():
    article, client = make_article(parts=("The harbour.",)), desk.client_of(make_user("Editor"))
    on_words(article)
    change(article, headline="Storm", body=make_body("Nothing."))
    text = desk.page(client, url(article)).find_class("desk-thread")[0].text_content()
    assert "These words are gone" in text
    assert "harbour" in text


def test_desk_tells_that_an_unknown_name_was_not_told():
    article, client = make_article(), desk.client_of(make_user("Editor"))
    response = client.post(url(article), {"text": "@nobody look"})
    assert "@nobody" in desk.told(client, response)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": " "}, "empty"),
        ({}, "empty"),
        ({"text": "x", "parent": "999"}, "no longer there"),
        ({"text": "x", "parent": "one"}, "no longer there"),
    ],
)
def test_desk_refuses_bad_input_with_a_sentence(values, message):
    article, client = make_article(), desk.client_of(make_user("Editor"))
    assert message in desk.told(client, client.post(url(article), values))
    assert not Comment.objects.exists()


@pytest.mark.parametrize("start", ["-1", "one", "9" * 30, "²"])
def test_desk_survives_an_offset_that_is_none(start):
    article, client = make_article(parts=("The harbour.",)), desk.client_of(make_user("Editor"))
    client.post(url(article), {"text": "x", "quote": "harbour", "where": "no", "start": start})
    assert Comment.objects.get().start == 4


def test_desk_resolves_reopens_and_replies():
    article, client = make_article(), desk.client_of(make_user("Editor"))
    row = on_words(article)
    client.post(url(article), {"text": "Yes.", "parent": row.pk, "from": "comments"})
    assert row.replies.get().text == "Yes."
    response = client.post(url(article, "_resolve", row.pk), {"from": "comments"})
    assert response["Location"].startswith(url(article))
    row.refresh_from_db()
    assert row.resolved_at
    client.post(url(article, "_reopen", row.pk))
    row.refresh_from_db()
    assert row.resolved_at is None


def test_desk_refuses_get_strangers_and_comments_of_other_articles():
    article = make_article()
    row, other = on_words(article), make_article()
    client = desk.client_of(make_user("Editor"))
    assert client.get(url(article, "_resolve", row.pk)).status_code == 405
    assert client.post(url(other, "_resolve", row.pk)).status_code == 404
    outsider = make_user("Editor")
    outsider.groups.clear()
    assert desk.client_of(outsider).get(url(article)).status_code == 403


def test_auditor_reads_comments_and_has_no_fields():
    article = make_article()
    on_words(article, text="Check the date.")
    client = desk.client_of(make_user("Auditor"))
    box = desk.page(client, url(article)).get_element_by_id("desk-comments")
    assert "Check the date." in box.text_content()
    assert box.xpath(".//textarea|.//button") == []
    assert "doesn’t include" in desk.told(client, client.post(url(article), {"text": "x"}))


def test_every_field_of_the_box_belongs_to_a_form_outside_the_article_form():
    article = make_article()
    on_words(article)
    page = desk.page(desk.client_of(make_user("Editor")), url(article))
    forms = set(page.xpath("//div[@id='desk-comment-forms']/form/@id"))
    controls = page.xpath("//section[@id='desk-comments']//*[@name or @type='submit']")
    assert {one.get("form") for one in controls} == forms
    assert page.xpath("//section[@id='desk-comments']//form") == []


def test_box_costs_the_same_for_many_comments(django_assert_max_num_queries):
    article, client = approve(make_article(parts=("The harbour.",))), desk.client_of(make_user())
    for _number in range(12):
        talk.comment(article, by=make_user(), text="Yes.", parent=on_words(article))
    with django_assert_max_num_queries(12):
        assert len(desk.page(client, url(article)).find_class("desk-thread")) == 12
