"""Bulk actions of the article list: chosen, looked at, confirmed, told article by article."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from articles.admin import bulk
from articles.choices import Origin
from articles.models import Article, Assignment
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_body,
    make_photo,
    make_publication,
    make_section,
    make_user,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def choose(client: Any, name: str, *articles: Article, filters: str = "") -> Any:
    """Tick articles in the list and press Go; return the page to confirm."""
    fields = {"action": name, "index": "0", "_selected_action": [row.pk for row in articles]}
    return desk.answered(client.post(f"{LIST}{filters}", fields))


def confirm(client: Any, name: str, *articles: Article, filters: str = "", **given: str) -> str:
    """Choose, fill in what is asked and confirm; return what was told."""
    fields = desk.filled_form(choose(client, name, *articles, filters=filters), "bulk_form")
    return desk.told(client, post(client, name, {**fields, **given, "confirmed": "1"}))


def post(client: Any, name: str, fields: dict[str, Any]) -> Any:
    return client.post(reverse("admin:articles_article_bulk", args=[name]), fields)


def seen(article: Article) -> str:
    revision = article.revisions.order_by("-number").first()
    return f"{article.pk}-{revision.number if revision else 0}"


def state(article: Article) -> str:
    article.refresh_from_db()
    return article.state


def submitted(**values: Any) -> Article:
    article = make_article(**values)
    transitions.submit(article, by=publisher())
    return article


def draft(**values: Any) -> Article:
    return make_article(**values)


def approved(**values: Any) -> Article:
    return approve(make_article(**values))


def scheduled(**values: Any) -> Article:
    article = make_article(**values)
    schedule(article, at=timezone.now() + dt.timedelta(days=1))
    return article


def done(name: str, make: Any = draft, **given: Any) -> Any:
    """Return a way to make an article to which an action was done before."""

    def made(**values: Any) -> Article:
        article: Article = make(**values)
        transitions.perform(article, name, by=publisher(), given=given)
        return article

    return made


def live(**values: Any) -> Article:
    return make_publication(make_article(**values)).article


def void(**values: Any) -> Article:
    return change(approved(**values), standfirst="Changed.")


def imported(**values: Any) -> Article:
    article = Article.objects.create(
        headline="From the archive", slug=f"archive-{Article.objects.count()}",
        body=make_body("Words."), section=make_section(), **values,
    )  # fmt: skip
    transitions.save(article, origin=Origin.IMPORT)
    return article


LATER = (timezone.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
WHY = {"reason": "Because of the storm."}
PASS = {"override": "Read twice."}
# Action → who does it, to what, with what.
CASES: dict[str, tuple[str, Any, dict[str, str]]] = {
    "submit": ("Reporter", draft, {"reason": "Please read."}),
    "request_changes": ("Editor", submitted, WHY),
    "approve": ("Editor", submitted, PASS),
    "reapprove": ("Editor", void, PASS),
    "publish": ("Editor", approved, PASS),
    "schedule": ("Editor", approved, {"at": LATER, **PASS}),
    "unschedule": ("Editor", scheduled, {}),
    "publish_import": ("Editor", imported, {}),
    "hold": ("Editor", draft, WHY),
    "release": ("Editor", done("hold", reason="Wait."), {}),
    "require_legal": ("Reporter", draft, {}),
    "clear_legal": ("Legal", done("require_legal"), {}),
    "require_pictures": ("Photo editor", draft, {}),
    "clear_pictures": ("Photo editor", done("require_pictures"), {}),
    "set_embargo": ("Editor", draft, {"at": LATER}),
    "lift_embargo": (
        "Editor",
        done("set_embargo", at=timezone.now() + dt.timedelta(days=1)),
        WHY,
    ),
    "archive": ("Editor", live, {}),
    "unarchive": ("Editor", done("archive", live), {}),
    "spike": ("Editor", draft, WHY),
    "restore": ("Editor", done("spike", reason="No."), {}),
}


def test_every_bulk_action_has_a_case():
    assert set(CASES) == set(bulk.BULK)
    assert set(bulk.BULK) < set(transitions.FUNCTIONS)


@pytest.mark.parametrize("name", CASES)
def test_action_is_done_to_each_article_with_one_event(name):
    role, make, given = CASES[name]
    first, second = make(), make()
    told = confirm(desk.client_of(make_user(role)), name, first, second, **given)
    assert "done for 2 articles" in told
    for article in (first, second):
        event = article.events.order_by("-number").first()
        assert event.action == name
        assert (given.get("reason") or given.get("override") or "") in event.reason


def test_drop_down_offers_what_the_user_may_do_in_some_section():
    reporter = make_user("Reporter")
    page = desk.page(desk.client_of(reporter), LIST)
    offered = page.xpath("//select[@name='action']/option/@value")
    assert [name for name in offered if name] == ["submit", "require_legal", "require_pictures"]
    auditor = desk.page(desk.client_of(make_user("Auditor")), LIST)
    assert auditor.xpath("//select[@name='action']") == []


def test_page_says_of_each_article_what_stands_in_the_way():
    section = make_section()
    good = submitted(headline="Good one", section=section)
    bare = submitted(headline="Bare one", section=section, parts=(make_photo(credit_line=""),))
    own = make_user("Editor")
    written = submitted(headline="Own one", section=section, by=own)
    page = choose(desk.client_of(own), "approve", good, bare, written, draft(headline="Draft one"))
    rows = {
        row.xpath("string(th)").split(" one")[0].strip(): row for row in page.xpath("//tbody/tr")
    }
    assert rows["Good"].xpath(".//input/@value") == [seen(good)]
    assert "No related story" in rows["Good"].text_content()
    assert "Photo 1 has no credit." in rows["Bare"].text_content()
    assert "You wrote in this version" in rows["Own"].text_content()
    assert "The article is: Draft" in rows["Draft"].text_content()
    assert page.xpath("count(//tbody//input)") == 1


def test_refusal_of_one_stops_no_other_and_says_why():
    first, held, last = approved(headline="First"), approved(headline="Held"), approved()
    client = desk.client_of(make_user("Editor"))
    fields = desk.filled_form(choose(client, "publish", first, held, last), "bulk_form")
    transitions.hold(held, by=publisher(), reason="Wait.")
    told = desk.told(client, post(client, "publish", {**fields, **PASS, "confirmed": "1"}))
    assert "done for 2 articles" in told
    assert "refused for 1 article" in told
    assert "Held The article is on hold" in " ".join(told.split())
    assert [row.publications.count() for row in (first, held, last)] == [1, 0, 1]


def test_article_that_changed_since_it_was_looked_at_is_not_published():
    article = approved()
    client = desk.client_of(make_user("Editor"))
    fields = desk.filled_form(choose(client, "publish", article), "bulk_form")
    approve(change(article, standfirst="Other words."))
    told = desk.told(client, post(client, "publish", {**fields, **PASS, "confirmed": "1"}))
    assert "changed since you looked" in told
    assert not article.publications.exists()


def test_warnings_are_passed_over_only_with_a_reason():
    article = submitted()
    client = desk.client_of(make_user("Editor"))
    assert "Say why you pass over" in confirm(client, "approve", article)
    assert state(article) == "in_review"
    confirm(client, "approve", article, override="It is short.")
    assert state(article) == "approved"


@pytest.mark.parametrize(("name", "make"), [("spike", draft), ("hold", draft)])
def test_reason_is_asked_for_again_and_nothing_is_done(name, make):
    article, client = make(), desk.client_of(make_user("Editor"))
    answer = post(client, name, {"article": seen(article), "reason": " ", "confirmed": "1"})
    assert "Nothing was done yet" in desk.answered(answer).text_content()
    assert (state(article), article.on_hold) == ("draft", False)


def test_time_to_come_is_asked_for_by_schedule():
    article, client = approved(), desk.client_of(make_user("Editor"))
    answer = post(client, "schedule", {"article": seen(article), "confirmed": "1"})
    assert desk.answered(answer).xpath("//input[@name='at']/@aria-invalid") == ["true"]
    past = {"article": seen(article), "at": "2020-01-01T10:00", "confirmed": "1", **PASS}
    assert "That time has gone by" in desk.told(client, post(client, "schedule", past))
    assert not article.publications.exists()


def test_embargo_is_asked_when_the_time_is_known():
    article = approved()
    until = timezone.now() + dt.timedelta(days=9)
    transitions.set_embargo(article, by=publisher(), at=until)
    client = desk.client_of(make_user("Editor"))
    assert choose(client, "schedule", article).xpath("//tbody//input/@value") == [seen(article)]
    told = confirm(client, "schedule", article, at=LATER, **PASS)
    assert "Under embargo until" in told


def test_nothing_is_done_before_the_page_is_confirmed():
    article, client = approved(), desk.client_of(make_user("Editor"))
    fields = {"action": "publish", "_selected_action": article.pk, "confirmed": "1", **PASS}
    assert "Publish" in desk.answered(client.post(LIST, fields)).text_content()
    assert desk.answered(post(client, "publish", {"article": seen(article)})) is not None
    assert not article.publications.exists()


@pytest.mark.parametrize("token", ["", "-1", "x-1", "9999999-1", "1e3-1", "²-1", "9" * 400])
def test_forged_ids_do_nothing(token):
    client = desk.client_of(make_user("Editor"))
    answer = post(client, "publish", {"article": token, "confirmed": "1", **PASS})
    assert "choose articles that are still there" in desk.told(client, answer)


@pytest.mark.parametrize("number", ["", "0", "77", "x"])
def test_article_is_published_only_as_a_revision_that_was_seen(number):
    article, client = approved(), desk.client_of(make_user("Editor"))
    fields = {"article": f"{article.pk}-{number}", "confirmed": "1", **PASS}
    assert "which revision you have seen" in desk.told(client, post(client, "publish", fields))
    assert not article.publications.exists()


def test_forged_request_is_refused_as_the_transition_refuses_it():
    article, user = submitted(), make_user("Editor")
    change(article, by=user, standfirst="My words.")
    client = desk.client_of(user)
    fields = {"article": seen(article), "confirmed": "1", **PASS}
    assert "somebody else has to approve" in desk.told(client, post(client, "approve", fields))
    assert "not possible now" in desk.told(client, post(client, "publish", fields))
    assert state(article) == "in_review"


@pytest.mark.parametrize("role", ["Reporter", "Photo editor", "Administrator", "Auditor"])
def test_action_of_another_role_is_forbidden(role):
    article, client = approved(), desk.client_of(make_user(role))
    answer = post(client, "publish", {"article": seen(article), "confirmed": "1", **PASS})
    assert answer.status_code == 403
    assert not article.publications.exists()


def test_foreign_section_is_refused_and_the_own_one_done():
    own, foreign = make_section("Sport"), make_section("Politics")
    user = make_user("Editor")
    Assignment.objects.create(user=user, role=Group.objects.get(name="Editor"), section=own)
    mine, theirs = draft(section=own), draft(section=foreign)
    client = desk.client_of(user)
    page = choose(client, "spike", mine, theirs)
    assert "in the section Politics" in page.text_content()
    tokens = [seen(mine), seen(theirs)]
    fields = {"article": tokens, "confirmed": "1", **WHY}
    told = desk.told(client, post(client, "spike", fields))
    assert "in the section Politics" in told
    assert (state(mine), state(theirs)) == ("spiked", "draft")


@pytest.mark.parametrize("name", ["kill", "retract", "edit", "nonsense"])
def test_what_is_no_bulk_action_is_not_found(name):
    client = desk.client_of(make_user())
    assert post(client, name, {"article": "1-1", "confirmed": "1"}).status_code == 404


def test_page_is_not_opened_by_a_link():
    client = desk.client_of(make_user("Editor"))
    assert client.get(reverse("admin:articles_article_bulk", args=["spike"])).status_code == 405


def test_more_than_can_be_looked_at_is_refused(monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    articles, client = [draft() for _ in range(3)], desk.client_of(make_user("Editor"))
    fields = {"action": "spike", "index": "0", "_selected_action": [row.pk for row in articles]}
    assert "at most 2 articles" in desk.told(client, client.post(LIST, fields))
    assert not Article.objects.filter(state="spiked").exists()


def test_list_is_shown_again_as_it_was_narrowed():
    client, article = desk.client_of(make_user("Editor")), draft()
    page = choose(client, "hold", article, filters="?state__exact=draft&q=harbour")
    fields = {**desk.filled_form(page, "bulk_form"), **WHY, "confirmed": "1"}
    answer = post(client, "hold", fields)
    assert answer["Location"] == f"{LIST}?state__exact=draft&q=harbour"
    assert post(client, "hold", {**fields, "filters": "//evil.example"})["Location"].startswith(
        LIST
    )
