"""Front and section fronts as readers get them at a moment: what editors chose, then the newest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles import fronts
from articles.choices import Zone
from articles.exceptions import AppendOnlyError, WorkflowError
from articles.models import Article, Front, Publication, Slot
from articles.workflow import transitions
from articles.workflow.layouts import call_off, coming, publish_layout
from tests.benchmarks import corpus
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

NOW = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def make_stories(count: int = 9, **values: Any) -> list[Article]:
    """Publish stories an hour apart; the first is the newest."""
    return [
        make_publication(make_article(f"Story {n}", **values), at=NOW - HOUR * (n + 1)).article
        for n in range(count)
    ]


def top(at: dt.datetime = NOW) -> list[str]:
    """Return the headlines at the top of the front page in the order of its places."""
    front = fronts.front_page(at)
    return [str(front.places[place]) for place in fronts.PLACES if place in front.places]


def headlines(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    page = html.fromstring(answer.content.decode())
    return [
        str(link.text_content())
        for link in page.xpath("//main//*[contains(@class, 'card-headline')]/a")
    ]


def test_without_a_layout_the_newest_stories_fill_the_front():
    make_stories()
    assert top() == [f"Story {n}" for n in range(8)]


def test_chosen_stories_keep_their_places_and_the_newest_fill_the_others():
    stories = make_stories(10)
    arrange(stories[8], None, stories[2], None, stories[9])
    assert top() == [f"Story {n}" for n in (8, 0, 2, 1, 9, 3, 4, 5)]


def test_each_story_stands_once_on_the_whole_front_page(client):
    stories = make_stories(15)
    arrange(stories[10], stories[0])
    shown = headlines(client, "/")
    assert shown[:2] == ["Story 10", "Story 0"]
    assert len(set(shown)) == len(shown) == 13


def test_blocks_are_as_long_whatever_stands_above_them():
    stories = make_stories(13)
    arrange(*stories[:4])
    [(_section, block)] = fronts.front_page(NOW).blocks
    assert [str(story) for story in block] == [f"Story {n}" for n in range(8, 13)]


def test_a_lead_no_editor_chose_leads_only_when_there_is_no_other():
    stories = make_stories(2)
    arrange(None, stories[1])
    front = fronts.front_page(NOW)
    assert (str(front.lead), [str(s) for s in front.beside]) == ("Story 0", ["Story 1"])
    transitions.retract(stories[0], by=publisher(), note="Wrong.")
    front = fronts.front_page(NOW)
    assert (str(front.lead), front.beside, front.under) == ("Story 1", [], [])


@pytest.mark.parametrize(
    ("after", "leads"),
    [
        (dt.timedelta(0), "Story 7"),
        (HOUR - SECOND, "Story 7"),
        (HOUR, "Story 0"),
        (2 * HOUR, "Story 0"),
    ],
)
def test_a_pin_expires_in_its_second(after, leads):
    stories = make_stories()
    arrange(stories[7], until=NOW + HOUR)
    assert top(NOW + after)[0] == leads
    assert len(top(NOW + after)) == 8


@pytest.mark.parametrize(("after", "leads"), [(HOUR - SECOND, "Story 3"), (HOUR, "Story 6")])
def test_a_scheduled_layout_begins_in_its_second_and_ends_the_one_before(after, leads):
    stories = make_stories()
    arrange(stories[3])
    later = arrange(stories[6], at=NOW + HOUR)
    assert top(NOW + after)[0] == leads
    assert (fronts.layout_at(None, NOW + after) == later) is (after == HOUR)


def test_publishing_before_a_scheduled_layout_leaves_it_scheduled():
    stories = make_stories()
    later = arrange(stories[6], at=NOW + HOUR)
    now = arrange(stories[3])
    assert now.live_until == later.live_from
    assert [top(NOW + gap)[0] for gap in (SECOND, HOUR)] == ["Story 3", "Story 6"]


def test_a_layout_called_off_gives_its_time_back():
    stories = make_stories()
    arrange(stories[3])
    later = arrange(stories[6], at=NOW + HOUR)
    last = arrange(stories[8], at=NOW + 2 * HOUR)
    call_off(later, by=publisher())
    assert [top(NOW + gap * HOUR)[0] for gap in (1, 2)] == ["Story 3", "Story 8"]
    assert coming(None, NOW) == [last]
    later.refresh_from_db()
    assert later.was_called_off
    assert later.called_off_by == publisher()


def test_what_is_live_can_not_be_called_off():
    front = arrange(*make_stories(1))
    with pytest.raises(WorkflowError, match="not to come"):
        call_off(front, by=publisher())


def test_an_earlier_moment_shows_the_layout_of_that_moment(clock):
    stories = make_stories()
    arrange(stories[3])
    clock.shift(HOUR)
    arrange(stories[6])
    assert [top(at)[0] for at in (NOW - SECOND, NOW, NOW + HOUR)] == [
        "Story 0",
        "Story 3",
        "Story 6",
    ]


def test_a_story_that_is_retracted_leaves_its_place_at_the_next_request(client):
    stories = make_stories()
    arrange(stories[5])
    assert headlines(client, "/")[0] == "Story 5"
    transitions.retract(stories[5], by=publisher(), note="Wrong.")
    assert "Story 5" not in headlines(client, "/")
    assert headlines(client, "/")[0] == "Story 0"


def test_a_draft_in_a_place_is_shown_to_nobody(client):
    make_stories()
    arrange(make_article("Not yet written"))
    assert "Not yet written" not in client.get("/").content.decode()


def test_a_scheduled_story_takes_its_place_in_its_second():
    make_stories()
    late = make_article("Tomorrow’s lead", embargo_until=NOW + HOUR)
    schedule(late, at=NOW + HOUR)
    arrange(late)
    assert top(NOW + HOUR - SECOND)[0] == "Story 0"
    assert top(NOW + HOUR)[0] == "Tomorrow’s lead"


def test_an_archived_story_leaves_its_place():
    stories = make_stories()
    arrange(stories[5])
    transitions.archive(stories[5], by=publisher())
    assert "Story 5" not in top()


def test_a_section_without_a_layout_is_a_plain_list(client):
    make_stories(3)
    assert client.get("/world/").context["front"] is None


def test_a_section_front_stands_above_its_list_on_the_first_page_only(client, settings):
    settings.LIST_PAGE_SIZE = 3
    stories = make_stories(16)
    arrange(stories[14], section=stories[0].section)
    first = client.get("/world/")
    assert str(first.context["front"].lead) == "Story 14"
    assert [str(s) for s in first.context["list"].stories] == [f"Story {n}" for n in range(7, 10)]
    assert client.get(f"/world/{first.context['list'].older}").context["front"] is None


def test_leafing_through_a_section_meets_each_story_once(client, settings):
    settings.LIST_PAGE_SIZE = 3
    stories = make_stories(16)
    arrange(stories[14], stories[3], section=stories[0].section)
    answer = client.get("/world/")
    met = [str(story) for story in answer.context["front"].places.values()]
    while True:
        page = answer.context["list"]
        met += [str(story) for story in page.stories]
        if not page.older:
            break
        answer = client.get(f"/world/{page.older}")
    assert sorted(met) == sorted(f"Story {n}" for n in range(16))


def test_leafing_back_through_a_section_ends_at_its_front(client, settings):
    settings.LIST_PAGE_SIZE = 3
    stories = make_stories(16)
    arrange(stories[14], section=stories[0].section)
    second = client.get(f"/world/{client.get('/world/').context['list'].older}")
    back = client.get(f"/world/{second.context['list'].newer}")
    assert back.context["front"] is not None
    assert back.context["list"].here == ""


def test_a_section_front_may_hold_a_story_of_another_section():
    make_stories(3)
    other = make_publication(section=make_section("Sport"), headline="Goal").article
    world = make_section("World")
    arrange(other, section=world)
    front = fronts.section_front([world.pk], NOW, fronts.slots_at(world, NOW))
    assert front is not None
    assert str(front.lead) == "Goal"
    assert fronts.slots_at(None, NOW) == []


def test_next_change_is_the_soonest_start_or_end_of_a_pin():
    stories = make_stories(2)
    assert fronts.next_change(NOW) is None
    arrange(stories[0], until=NOW + 2 * HOUR)
    arrange(stories[1], at=NOW + 3 * HOUR)
    moments = [fronts.next_change(NOW + n * HOUR) for n in range(4)]
    assert moments == [NOW + 2 * HOUR, NOW + 2 * HOUR, NOW + 3 * HOUR, None]


def test_next_change_is_one_query(django_assert_num_queries):
    arrange(*make_stories(1), until=NOW + HOUR)
    with django_assert_num_queries(1):
        fronts.next_change(NOW)


def test_layouts_and_slots_are_only_added_to():
    front = arrange(*make_stories(1))
    with pytest.raises(AppendOnlyError):
        Slot.objects.update(position=3)
    with pytest.raises(AppendOnlyError):
        front.delete()
    front.note = "Another"
    with pytest.raises(AppendOnlyError):
        front.save()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles_front SET note = 'x'",
        "DELETE FROM articles_slot",
        "INSERT INTO articles_front (number, live_from, note, created_at) "
        "VALUES (9, '2020-01-01', '', now()), (10, '2020-01-02', '', now())",
    ],
)
def test_postgresql_refuses_what_would_rewrite_or_overlap_layouts(sql):
    arrange(*make_stories(1))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("place", {"position": 1}),
        ("place", {"zone": "margin"}),
        ("pin", {"pinned_until": NOW}),
        ("story", {"article_id": 987654}),
    ],
)
def test_a_layout_that_can_not_be_is_refused(code, change):
    [story] = make_stories(1)
    slot = Slot(**{"zone": Zone.LEAD, "position": 0, "article_id": story.pk, **change})
    with pytest.raises(WorkflowError) as caught:
        publish_layout(None, [slot], by=publisher(), seen=0)
    assert caught.value.code == code
    assert not Front.objects.exists()


def test_a_story_stands_in_one_place_of_a_layout():
    [story] = make_stories(1)
    with pytest.raises(WorkflowError) as caught:
        arrange(story, story)
    assert caught.value.code == "twice"


def test_a_layout_is_not_scheduled_for_the_past():
    with pytest.raises(WorkflowError) as caught:
        arrange(*make_stories(1), at=NOW)
    assert caught.value.code == "past"


def test_a_layout_made_without_having_seen_the_newest_is_refused():
    [story, other] = make_stories(2)
    arrange(story)
    slot = Slot(zone=Zone.LEAD, position=0, article=other)
    with pytest.raises(WorkflowError) as caught:
        publish_layout(None, [slot], by=publisher(), seen=0)
    assert caught.value.code == "conflict"
    assert top()[0] == "Story 0"


@pytest.mark.parametrize("role", ["Reporter", "Photo editor", "Legal", "Administrator", "Auditor"])
def test_roles_that_do_not_edit_arrange_no_front(role):
    with pytest.raises(WorkflowError) as caught:
        arrange(*make_stories(1), by=make_user(role))
    assert caught.value.code == "not_permitted"


def test_an_editor_of_a_section_arranges_it_and_no_other_page():
    world, sport = make_section("World"), make_section("Sport")
    editor = make_user("Editor")
    editor.assignments.create(role=editor.groups.get(), section=world)
    [story] = make_stories(1)
    arrange(story, section=world, by=editor)
    for page in (None, sport):
        with pytest.raises(WorkflowError, match="Your role"):
            arrange(story, section=page, by=editor)


def front_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(("address", "most"), [("/", 8), ("/science/", 12)])
def test_an_arranged_page_asks_as_much_of_any_archive(client, address, most):
    counts = []
    for size in (100, 1000):
        corpus.populate(size)
        chosen = [
            row.article for row in Publication.objects.listed().select_related("article")[50:53]
        ]
        section = make_section("Science") if address != "/" else None
        arrange(*chosen, section=section)
        counts.append(front_queries(client, address))
    assert counts[0] == counts[1] <= most
