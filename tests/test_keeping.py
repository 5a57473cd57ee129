"""Autosave, recovery and presence: nobody's words are lost, and nobody reads another's."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import keeping
from articles.models import Article, Autosave, Presence
from articles.workflow import transitions
from tests import desk
from tests.factories import make_article, make_section, make_user, publisher

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


def keep_url(article: Article) -> str:
    return reverse("admin:articles_article_keep", args=[article.pk])


def sent(client: Any, url: str, pairs: Any, form: str = "a" * 32, based_on: Any = 1) -> Any:
    body = json.dumps({"form": form, "based_on": based_on, "pairs": pairs})
    return client.post(url, body, content_type="application/json")


def typed(client: Any, article: Article, **changes: str) -> list[list[str]]:
    fields = {**desk.filled_form(desk.page(client, desk.change_url(article))), **changes}
    pairs = []
    for name, value in fields.items():
        pairs += [[name, one] for one in (value if isinstance(value, list) else [value])]
    return pairs


def test_what_was_typed_is_kept_taken_back_and_then_saved():
    reporter, article = make_user("Reporter"), make_article("Old")
    client = desk.client_of(reporter)
    pairs = typed(client, article, headline="Typed & kept", kicker="Ports")
    assert sent(client, keep_url(article), pairs).json()["kept"]
    article.refresh_from_db()
    assert article.headline == "Old"

    page = desk.page(client, desk.change_url(article))
    (button,) = page.xpath("//button[@name='_recover']")
    answer = client.post(desk.change_url(article), {"_recover": button.get("value")})
    recovered = desk.answered(answer)
    assert "not saved yet" in recovered.find_class("errornote")[0].getparent().text_content()
    fields = desk.filled_form(recovered)
    assert fields["headline"] == ["Typed & kept"]
    article.refresh_from_db()
    assert article.headline == "Old"

    client.post(desk.change_url(article), {**fields, "_save": "1"})
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Typed & kept", "Ports")
    assert not Autosave.objects.exists()


def test_nobody_takes_back_or_throws_away_what_another_typed():
    article, ada = make_article(), make_user("Reporter")
    kept = keeping.keep(ada, article, "a" * 32, 1, [("headline", "Secret")])
    other = desk.client_of(make_user("Chief"))
    page = desk.page(other, desk.change_url(article))
    assert page.xpath("//button[@name='_recover']") == []
    assert other.post(desk.change_url(article), {"_recover": str(kept.pk)}).status_code == 404
    drop = reverse("admin:articles_article_drop_kept", args=[kept.pk])
    assert other.post(drop).status_code == 404
    assert desk.client_of(ada).get(drop).status_code == 405
    assert Autosave.objects.count() == 1
    desk.client_of(ada).post(drop)
    assert not Autosave.objects.exists()


def test_new_article_is_kept_and_taken_back_too():
    client = desk.client_of(make_user("Reporter"))
    pairs = [["headline", "New pier"], ["body", "<p>It stands.</p>"]]
    assert sent(client, reverse("admin:articles_article_keep_new"), pairs, based_on=0).json()
    (button,) = desk.page(client, ADD).xpath("//button[@name='_recover']")
    page = desk.answered(client.post(ADD, {"_recover": button.get("value")}))
    assert page.get_element_by_id("id_headline").get("value") == "New pier"
    assert not Article.objects.exists()


def test_form_sent_twice_makes_one_article_and_loses_nothing():
    client, section = desk.client_of(make_user("Editor")), make_section()
    fields = desk.filled_form(desk.page(client, ADD))
    fields |= {"headline": "New pier", "section": str(section.pk), "body": "<p>It stands.</p>"}
    client.post(ADD, {**fields, "_save": "1"})
    client.post(ADD, {**fields, "_save": "1"})
    article = Article.objects.get()
    assert not Autosave.objects.exists()
    answer = client.post(ADD, {**fields, "headline": "After the back button", "_save": "1"})
    assert answer["Location"] == desk.change_url(article)
    assert Article.objects.count() == 1
    data = keeping.typed(Autosave.objects.get())
    assert data["headline"] == "After the back button"


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", '{"form": "x", "based_on": 1, "pairs": []}',
        '{"form": "aaaaaaaa", "based_on": -1, "pairs": []}',
        '{"form": "aaaaaaaa", "based_on": 1, "pairs": [["a"]]}',
        '{"form": "aaaaaaaa", "based_on": 1, "pairs": [["a", 1]]}',
        '{"form": "aaaaaaaa", "based_on": 1, "pairs": {"a": "b"}}',
        '{"form": null, "based_on": null, "pairs": null}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_sentence(body):
    client, article = desk.client_of(make_user("Editor")), make_article()
    answer = client.post(keep_url(article), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Autosave.objects.exists()


def test_who_may_not_edit_keeps_nothing_and_is_not_shown_as_present():
    article = make_article()
    for role in ("Auditor", "Legal", "Administrator"):
        client = desk.client_of(make_user(role))
        assert sent(client, keep_url(article), [["headline", "x"]]).status_code == 403
    transitions.spike(article, by=publisher(), reason="Not ours.")
    client = desk.client_of(make_user("Editor"))
    assert sent(client, keep_url(article), [["headline", "x"]]).status_code == 403
    assert not Autosave.objects.exists()
    assert not Presence.objects.exists()


def test_others_are_told_who_is_in_the_article_and_since_when():
    article, ada, ben = make_article(), make_user(username="ada"), make_user(username="ben")
    told = sent(desk.client_of(ada), keep_url(article), [["headline", "x"]]).json()
    assert told["present"] == ""
    told = sent(desk.client_of(ben), keep_url(article), None).json()
    assert "ada (since" in told["present"]
    assert "with unsaved changes" in told["present"]
    page = desk.page(desk.client_of(ben), desk.change_url(article))
    assert "ada" in page.get_element_by_id("desk-present").text_content()

    desk.client_of(ada).post(keep_url(article), {"leave": "1"})
    assert sent(desk.client_of(ben), keep_url(article), None).json()["present"] == ""


def test_who_gave_no_sign_for_a_while_is_gone_and_comes_back_anew():
    article, ada = make_article(), make_user("Editor", username="ada")
    keeping.sign(ada, article, has_changes=False)
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Presence.objects.update(seen_at=long_ago, since=long_ago)
    assert not keeping.present(article).exists()
    keeping.sign(ada, article, has_changes=False)
    assert keeping.present(article).get().since > long_ago


def test_only_so_many_forms_are_kept_and_the_newest_are():
    ada = make_user("Editor")
    for number in range(keeping.FORMS + 3):
        keeping.keep(ada, None, f"{number:032x}", 0, [("headline", str(number))])
    assert Autosave.objects.count() == keeping.FORMS
    assert keeping.typed(keeping.offered(ada, None)[0])["headline"] == str(keeping.FORMS + 2)


def test_saved_version_is_told_to_who_opened_an_older_one():
    client, article = desk.client_of(make_user("Editor")), make_article()
    desk.save(desk.client_of(make_user("Editor")), article, headline="Meanwhile")
    assert sent(client, keep_url(article), [["headline", "x"]]).json()["version"] == 2
