"""Arranging fronts at the desk: who may, what is published, scheduled, called off, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import fronts
from articles.admin.layouts import compare
from articles.models import Article, Front, Section, Slot
from articles.workflow import transitions
from articles.workflow.layouts import PERMISSION
from articles.workflow.permissions import ROLES
from tests import desk
from tests.factories import (
    arrange,
    make_article,
    make_publication,
    make_section,
    make_user,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:articles_front_changelist")
ARRANGE = reverse("admin:articles_front_arrange")
LAYOUTS = reverse("admin:articles_front_layouts")
PREVIEW = reverse("admin:articles_front_preview")
FILL = reverse("admin:articles_front_fill")
STORIES = reverse("admin:articles_front_stories")
MAY = {"Editor", "Chief"}


def make_stories(*headlines: str, **values: Any) -> list[Article]:
    """Publish stories an hour apart; the first is the newest."""
    now = timezone.now()
    return [
        make_publication(
            make_article(headline, **values), at=now - dt.timedelta(hours=n + 1)
        ).article
        for n, headline in enumerate(headlines)
    ]


@pytest.fixture
def chief() -> Client:
    return desk.client_of(make_user("Chief", first_name="Clara", last_name="Holm"))


def fields_of(client: Client, address: str = ARRANGE) -> dict[str, Any]:
    fields = desk.filled_form(desk.page(client, address), "front-form")
    fields.pop("overwrite", None)
    return fields


def publish(client: Client, address: str = ARRANGE, press: str = "_publish", **changes: Any) -> Any:
    """Open the screen, change fields, press a button, as a browser without script does."""
    return client.post(address, {**fields_of(client, address), **changes, press: "1"})


def leads(section: Section | None = None) -> str:
    slots = fronts.slots_at(section, timezone.now())
    return next((str(slot.article) for slot in slots if slot.zone == "lead"), "")


def site_time(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_screen_preview_and_stories_are_for_who_may_arrange(role):
    client = desk.client_of(make_user(role))
    expected = 200 if role in MAY or not role else 403
    for address in (ARRANGE, STORIES):
        assert client.get(address).status_code == expected
    for address in (PREVIEW, FILL):
        assert client.post(address, {"seen": 0}).status_code == expected
    assert client.get(LAYOUTS).status_code == client.get(INDEX).status_code == 200


@pytest.mark.parametrize("address", [INDEX, ARRANGE, LAYOUTS, PREVIEW, FILL, STORIES])
def test_strangers_are_sent_to_sign_in(client, address):
    assert client.get(address)["Location"].startswith("/admin/login/")


def test_an_editor_of_one_section_gets_its_screen_alone():
    world = make_section("World")
    editor = make_user("Editor")
    editor.assignments.create(role=editor.groups.get(), section=world)
    client = desk.client_of(editor)
    other = make_section("Sport")
    for section, status in ((world, 200), (other, 403)):
        address = reverse("admin:articles_front_arrange", args=[section.pk])
        assert client.get(address).status_code == status
    assert client.get(ARRANGE).status_code == 403
    links = desk.page(client, INDEX).xpath("//a[@class='button']/@href")
    assert links == [reverse("admin:articles_front_arrange", args=[world.pk])]


def test_a_layout_is_published_from_the_plain_form(chief, client):
    _first, second = make_stories("Bridge opens", "Ferry sinks")
    answer = publish(chief, story_lead_0=str(second.uuid), note="The ferry leads.")
    assert "Published" in desk.told(chief, answer)
    front = Front.objects.get()
    assert (front.number, front.note) == (1, "The ferry leads.")
    assert str(front.created_by.first_name) == "Clara"
    assert str(client.get("/").context["front"].lead) == "Ferry sinks"


def test_the_form_starts_with_the_live_layout_and_leaves_out_pins_that_are_over(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    with time_machine.travel(timezone.now() - dt.timedelta(hours=2)):
        arrange(second, until=timezone.now() + dt.timedelta(hours=1))
    assert fields_of(chief)["story_lead_0"] == [""]
    arrange(None, first)
    assert fields_of(chief)["story_beside_0"] == [str(first.uuid)]


def test_a_pin_is_kept_with_its_story(chief):
    [story] = make_stories("Bridge opens")
    until = timezone.now().replace(microsecond=0) + dt.timedelta(hours=3)
    publish(chief, story_under_2=str(story.uuid), until_under_2=site_time(until))
    slot = Slot.objects.get()
    assert (slot.zone, slot.position, slot.pinned_until) == ("under", 2, until)


def test_a_layout_is_scheduled_and_called_off(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    arrange(first)
    at = timezone.now().replace(microsecond=0) + dt.timedelta(hours=3)
    answer = publish(chief, press="_schedule", story_lead_0=str(second.uuid), at=site_time(at))
    assert "Scheduled" in desk.told(chief, answer)
    later = Front.objects.get(number=2)
    assert (later.live_from, leads()) == (at, "Bridge opens")
    address = reverse("admin:articles_front_call_off", args=[later.pk])
    assert "Ferry sinks" in desk.page(chief, address).text_content()
    assert "Called off" in desk.told(chief, chief.post(address))
    later.refresh_from_db()
    assert later.was_called_off
    assert Front.objects.get(number=1).live_until is None
    assert "not to come" in desk.told(chief, chief.post(address))


@pytest.mark.parametrize("role", sorted(set(ROLES) - MAY))
def test_who_may_not_arrange_calls_nothing_off(role):
    [story] = make_stories("Bridge opens")
    later = arrange(story, at=timezone.now() + dt.timedelta(hours=1))
    address = reverse("admin:articles_front_call_off", args=[later.pk])
    client = desk.client_of(make_user(role))
    assert client.get(address).status_code == client.post(address).status_code == 403
    later.refresh_from_db()
    assert not later.was_called_off


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"press": "_schedule"}, "Say when it goes live"),
        ({"press": "_schedule", "at": "2020-01-01T10:00:00"}, "That time is over"),
        ({"until_lead_0": "2020-01-01T10:00:00"}, "pin ends before"),
        ({"story_lead_0": "7b0c9f5e-0000-4000-8000-000000000001"}, "not known here"),
        ({"story_lead_0": "nonsense"}, "valid UUID"),
        ({"story_beside_0": "same"}, "another place already"),
    ],
)
def test_what_can_not_be_published_is_said_and_kept_in_the_form(chief, changes, words):
    [story] = make_stories("Bridge opens")
    told = {"story_lead_0": str(story.uuid), "story_beside_1": "", **changes}
    if told.get("story_beside_0") == "same":
        told["story_beside_0"] = str(story.uuid)
    answer = publish(chief, note="Keep me", **told)
    page = desk.answered(answer)
    assert words in page.text_content()
    assert desk.filled_form(page, "front-form")["note"] == ["Keep me"]
    assert not Front.objects.exists()


def test_two_editors_of_one_page_are_shown_both_layouts_and_lose_none(chief):
    _first, second, third = make_stories("Bridge opens", "Ferry sinks", "Mill burns")
    opened = fields_of(chief)
    other = make_user("Editor", first_name="Edith", last_name="Berg")
    publish(desk.client_of(other), story_lead_0=str(second.uuid), note="Ferry first")
    sent = {**opened, "story_lead_0": str(third.uuid), "note": "Mill first", "_publish": "1"}
    page = desk.answered(chief.post(ARRANGE, sent))
    told = page.text_content()
    assert "Edith Berg made layout 1" in told
    assert {"Ferry sinks", "Mill burns"} <= set(
        page.xpath("//tr[@class='front-differs'][1]/td/text()")
    )
    kept = desk.filled_form(page, "front-form")
    assert (kept["story_lead_0"], kept["note"]) == ([str(third.uuid)], ["Mill first"])
    assert leads() == "Ferry sinks"
    chief.post(ARRANGE, {**kept, "overwrite": "1", "_publish": "1"})
    assert leads() == "Mill burns"
    assert Front.objects.get(number=1).note == "Ferry first"


def test_a_conflict_that_was_not_looked_at_stays_one(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    opened = fields_of(chief)
    arrange(first)
    for _ in range(2):
        chief.post(ARRANGE, {**opened, "story_lead_0": str(second.uuid), "_publish": "1"})
    assert leads() == "Bridge opens"


def test_an_older_layout_is_taken_back_into_the_form(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    arrange(first)
    arrange(second)
    fields = fields_of(chief, f"{ARRANGE}?from=1")
    assert (fields["story_lead_0"], fields["note"]) == ([str(first.uuid)], ["Layout 1 again"])
    publish(chief, f"{ARRANGE}?from=1")
    assert leads() == "Bridge opens"


@pytest.mark.parametrize("number", ["7", "x", "-1", "٣", "9" * 30])
def test_a_layout_that_never_was_is_not_found(chief, number):
    assert chief.get(f"{ARRANGE}?from={number}").status_code == 404
    assert chief.get(f"{PREVIEW}?layout={number}").status_code == 404


def test_history_tells_what_came_went_and_moved(chief):
    first, second, third = make_stories("Bridge opens", "Ferry sinks", "Mill burns")
    arrange(first, second)
    arrange(second, None, third, by=publisher())
    page = desk.page(chief, LAYOUTS)
    rows = page.xpath("(//ul[@class='front-differences'])[1]/li")
    assert [" ".join(row.text_content().split()) for row in rows] == [
        "moved Ferry sinks Beside 1 → Lead",
        "came Mill burns Beside 2",
        "went Bridge opens Lead",
    ]


def test_a_changed_pin_is_a_difference_of_its_own():
    before = Slot(zone="lead", position=0, article=Article(pk=1, headline="Bridge opens"))
    after = Slot(zone="lead", position=0, article=before.article, pinned_until=timezone.now())
    assert [row.kind for row in compare([before], [after])] == ["pinned"]
    assert compare([before], [before]) == []


def test_preview_shows_the_layout_that_was_sent_at_the_time_that_was_asked(chief):
    first, _second = make_stories("Bridge opens", "Ferry sinks")
    at = timezone.now() + dt.timedelta(days=1)
    late = make_article("Tomorrow’s news")
    schedule(late, at=at)
    told = {"seen": 0, "story_lead_0": str(late.uuid), "story_beside_0": str(first.uuid)}
    now = chief.post(PREVIEW, told)
    assert "Tomorrow’s news" not in now.content.decode()
    later = chief.post(PREVIEW, {**told, "preview_at": site_time(at + dt.timedelta(seconds=1))})
    assert str(later.context["front"].lead) == "Tomorrow’s news"
    assert not Front.objects.exists()


def test_preview_is_kept_by_nobody_and_framed_here_only(chief):
    answer = chief.post(PREVIEW, {"seen": 0})
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, noarchive"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_preview_of_a_scheduled_layout_is_as_of_its_start(chief):
    [story] = make_stories("Bridge opens")
    at = timezone.now() + dt.timedelta(hours=5)
    arrange(story, at=at)
    assert chief.get(f"{PREVIEW}?layout=1").context["at"] == at


def test_preview_of_a_section_shows_its_front_above_its_list(chief):
    stories = make_stories(*(f"Story {n}" for n in range(10)))
    section = stories[0].section
    assert section is not None
    address = reverse("admin:articles_front_preview", args=[section.pk])
    answer = chief.post(address, {"seen": 0, "story_lead_0": str(stories[9].uuid)})
    assert str(answer.context["front"].lead) == "Story 9"
    assert [str(story) for story in answer.context["list"]["stories"]] == ["Story 7", "Story 8"]


def test_fill_answers_what_readers_would_see_in_each_place(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    told = {"seen": 0, "story_lead_0": str(second.uuid), "story_beside_0": "nonsense"}
    places = chief.post(FILL, told).json()["places"]
    assert {key: story["headline"] for key, story in places.items()} == {
        "lead_0": "Ferry sinks",
        "beside_0": "Bridge opens",
    }
    assert places["beside_0"]["uuid"] == str(first.uuid)


def test_a_draft_in_a_place_says_that_it_is_not_shown(chief):
    make_stories("Bridge opens")
    arrange(make_article("Half written"))
    text = desk.page(chief, ARRANGE).text_content()
    assert "Half written" in text
    assert "not shown" in text


def test_stories_are_found_by_words_address_and_section(chief):
    sport = make_section("Sport")
    make_stories("Bridge opens", "Bridge closes")
    [goal] = make_stories("Late goal", section=sport)
    schedule(make_article("Bridge painted"), at=timezone.now() + dt.timedelta(hours=1))
    make_article("Bridge in a draft")

    def found(**query: Any) -> list[str]:
        return [story["headline"] for story in chief.get(STORIES, query).json()["stories"]]

    assert found(q="bridge") == ["Bridge painted", "Bridge opens", "Bridge closes"]
    assert found(section=sport.pk) == ["Late goal"]
    path = goal.publications.get().path
    assert found(q=f"http://testserver/{path}") == ["Late goal"]


@pytest.mark.parametrize(
    "q", ["%", "'", "\x00", "/", "//", "a" * 5000, "x/../y", "http://[bad/", "/\x00/"]
)
def test_hostile_searches_find_nothing_or_something_but_never_fail(chief, q):
    make_stories("Bridge opens")
    assert chief.get(STORIES, {"q": q, "section": q}).status_code == 200
    assert chief.get(ARRANGE, {"q": q, "story": q, "section": q}).status_code == 200


def test_a_story_brought_along_stands_first_and_can_be_chosen(chief):
    stories = make_stories(*(f"Story {n}" for n in range(3)))
    index = desk.page(chief, f"{INDEX}?story={stories[2].uuid}")
    assert f"{ARRANGE}?story={stories[2].uuid}" in index.xpath("//a[@class='button']/@href")
    page = desk.page(chief, f"{ARRANGE}?story={stories[2].uuid}")
    assert page.xpath("//li[@data-story]/@data-story")[0] == str(stories[2].uuid)


@pytest.mark.parametrize(
    ("role", "shown"), [("Chief", True), ("Editor", True), ("Reporter", False)]
)
def test_the_article_form_leads_to_the_fronts(role, shown):
    [story] = make_stories("Bridge opens")
    page = desk.page(desk.client_of(make_user(role)), desk.change_url(story))
    assert (f"{INDEX}?story={story.uuid}" in page.xpath("//a/@href")) is shown


def test_the_list_of_fronts_tells_what_is_live_to_come_and_ending(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    arrange(first, until=timezone.now() + dt.timedelta(hours=2), note="Morning")
    arrange(second, at=timezone.now() + dt.timedelta(hours=3), note="Evening")
    text = " ".join(desk.page(chief, INDEX).text_content().split())
    assert "Layout 1 since" in text
    assert "Morning" in text
    assert "Layout 2 for" in text
    assert "Lead, Bridge opens" in text


def test_searching_without_script_keeps_what_was_arranged(chief):
    first, second = make_stories("Bridge opens", "Ferry sinks")
    answer = publish(chief, press="_search", q="ferry", story_lead_0=str(first.uuid))
    page = desk.answered(answer)
    assert page.xpath("//li[@data-story]/@data-story") == [str(second.uuid)]
    assert desk.filled_form(page, "front-form")["story_lead_0"] == [str(first.uuid)]
    assert not Front.objects.exists()


def test_a_retracted_story_in_a_live_layout_is_marked_on_the_screen(chief):
    _first, second = make_stories("Bridge opens", "Ferry sinks")
    arrange(second)
    transitions.retract(second, by=publisher(), note="Wrong.")
    page = desk.page(chief, ARRANGE)
    assert "not shown" in page.xpath("//li[@data-place='lead_0']")[0].text_content()


@pytest.mark.parametrize("address", [INDEX, ARRANGE, LAYOUTS])
def test_pages_ask_as_much_of_many_layouts_as_of_few(chief, address, django_assert_max_num_queries):
    stories = make_stories(*(f"Story {n}" for n in range(4)))
    for n in range(8):
        arrange(*stories[: n % 4 + 1])
    with django_assert_max_num_queries(32):
        assert chief.get(address).status_code == 200


def test_only_editors_and_chiefs_hold_the_permission():
    codename = PERMISSION.split(".")[1]
    assert {role for role, (_models, actions) in ROLES.items() if codename in actions} == MAY
