"""Two people in one article: what doesn't touch is joined, what does is shown, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import snapshots
from articles.choices import Origin
from articles.models import Article
from tests import desk
from tests.factories import make_article, make_contributor, make_user

pytestmark = pytest.mark.django_db

PARTS = ("The harbour reopened on Monday.", "Ferries left at noon.", "The mayor was there.")


def opened(client: Any, article: Article) -> dict[str, Any]:
    return desk.filled_form(desk.page(client, desk.change_url(article)))


def send(client: Any, article: Article, fields: dict[str, Any], **changes: Any) -> Any:
    return client.post(desk.change_url(article), {**fields, **changes, "_save": "1"})


def with_words(fields: dict[str, Any], old: str, new: str) -> str:
    text = str(fields["body"][0])
    assert old in text
    return text.replace(old, new)


def editors(count: int) -> list[Any]:
    return [desk.client_of(make_user("Editor", username=f"editor{n}")) for n in range(count)]


def test_changes_that_do_not_touch_are_joined_and_said_so():
    (ada, ben), article = editors(2), make_article("Harbour", parts=PARTS)
    first, second = opened(ada, article), opened(ben, article)
    send(ada, article, first, body=with_words(first, "at noon", "at one"), kicker="Ports")
    answer = send(ben, article, second, body=with_words(second, "mayor", "minister"))
    assert "both changes are kept" in desk.told(ben, answer)
    article.refresh_from_db()
    assert "at one" in article.body
    assert "minister" in article.body
    assert article.kicker == "Ports"
    revision = snapshots.current_revision(article)
    assert revision is not None
    assert (revision.number, revision.origin) == (3, Origin.MERGE)


def test_changes_of_the_same_words_are_shown_side_by_side_and_nothing_is_saved():
    (ada, ben), article = editors(2), make_article("Harbour", parts=PARTS)
    first, second = opened(ada, article), opened(ben, article)
    send(ada, article, first, body=with_words(first, "at noon", "at one"))
    text = with_words(second, "at noon", "at two").replace("mayor", "minister")
    page = desk.answered(send(ben, article, second, body=text, kicker="Mine"))
    refusal = page.find_class("desk-refusal")[0].text_content()
    assert "Ferries left at one." in refusal
    assert "Ferries left at two." in refusal
    assert "minister" not in refusal  # it doesn't touch: no need to read it twice
    article.refresh_from_db()
    assert (article.kicker, article.revisions.count()) == ("", 2)
    # Their own words come back in the form, and go through once they say so.
    again = desk.filled_form(page)
    assert again["kicker"] == ["Mine"]
    send(ben, article, again, overwrite="2")
    article.refresh_from_db()
    assert "at two" in article.body
    assert "minister" in article.body
    assert "at one" in str(article.revisions.get(number=2).document)


def test_insisting_on_ones_own_words_keeps_what_the_other_did_elsewhere():
    (ada, ben), article = editors(2), make_article("Harbour", parts=PARTS)
    first, second = opened(ada, article), opened(ben, article)
    send(ada, article, first, headline="Theirs", kicker="Ports")
    send(ben, article, second, headline="Mine", overwrite="2")
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Mine", "Ports")


def test_rows_of_two_people_are_joined_though_one_deleted_a_row():
    lan, mai = make_contributor("Lan"), make_contributor("Mai")
    (ada, ben), article = editors(2), make_article("Harbour", authors=(lan, mai))
    first, second = opened(ada, article), opened(ben, article)
    send(ada, article, first, **{"bylines-0-DELETE": "on"})
    answer = send(ben, article, second, standfirst="More to come.")
    assert answer.status_code == 302
    assert [str(row.contributor) for row in article.bylines.all()] == ["Mai"]
    article.refresh_from_db()
    assert article.standfirst == "More to come."


def test_second_press_and_back_button_change_nothing_twice():
    (ada,), article = editors(1), make_article("Harbour", parts=PARTS)
    fields = opened(ada, article)
    for _press in range(3):
        send(ada, article, fields, headline="Once")
    assert article.revisions.count() == 2


EDITS = st.lists(
    st.tuples(
        st.integers(0, 2),  # who
        st.sampled_from(["open", "edit", "add", "save"]),
        st.integers(0, 2),  # which paragraph
    ),
    min_size=6,
    max_size=18,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EDITS)
def test_every_sentence_somebody_saved_is_in_the_story_or_in_a_shown_conflict(steps):
    """Several editors open, edit and save in any order; each writes sentences of their own.

    A sentence that was accepted may go only when its own paragraph was rewritten by somebody who
    had seen it, or had been shown both.
    """
    article = make_article("Harbour", parts=PARTS)
    clients = editors_once()
    forms: dict[int, dict[str, Any]] = {}
    waiting: dict[int, list[str]] = {0: [], 1: [], 2: []}
    accepted: list[str] = []
    for number, (who, act, place) in enumerate(steps):
        if act == "open" or who not in forms:
            forms[who] = opened(clients[who], article)
            waiting[who] = []
        sentence = f"Sentence {number} by editor {who}."
        blocks = str(forms[who]["body"][0]).splitlines()
        if act == "add":
            blocks.insert(place, f"<p>{sentence}</p>")
        elif act == "edit":
            end = blocks[place].rindex("</p>")
            blocks[place] = f"{blocks[place][:end]} {sentence}{blocks[place][end:]}"
        if act in ("add", "edit"):
            forms[who]["body"] = ["\n".join(blocks)]
            waiting[who].append(sentence)
        if act == "save":
            answer = send(clients[who], article, forms.pop(who))
            if answer.status_code == 302:
                accepted += waiting[who]
            else:
                page = desk.answered(answer)
                shown = page.find_class("desk-refusal")[0].text_content()
                mine = page.get_element_by_id("id_body").text
                for told in waiting[who]:
                    assert told in mine
                assert any(told in shown for told in waiting[who])
            waiting[who] = []
    text = Article.objects.get(pk=article.pk).body
    for told in accepted:
        assert told in text


def editors_once() -> list[Any]:
    """Return three editors; of a user made by an earlier example, the same."""
    model = get_user_model()
    known = {user.get_username(): user for user in model._default_manager.all()}
    names = [f"hand{n}" for n in range(3)]
    return [desk.client_of(known.get(name) or make_user("Editor", username=name)) for name in names]
