"""The desk's first page: what waits for whom, the schedule, the figures, and what it costs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.admin import desk as first_page
from articles.admin import waiting
from articles.admin.charts import duration
from articles.models import Article, Assignment
from articles.workflow import transitions
from articles.workflow.actions import contributors, written_by
from tests import desk
from tests.factories import (
    approve,
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 18, 12, tzinfo=dt.UTC)


def board(user: Any) -> Any:
    return desk.page(desk.client_of(user), "/admin/")


def part(page: Any, name: str) -> str:
    """Return the words of a list on the first page, "" if it isn't there."""
    found = page.xpath(f"//*[@id='board-{name}']/ancestor::section[1]")
    return " ".join(found[0].text_content().split()) if found else ""


def submitted(headline: str, **values: Any) -> Article:
    article = make_article(headline, **values)
    transitions.submit(article, by=publisher())
    return article


def in_section(user: Any, role: str, name: str) -> Any:
    section = make_section(name)
    Assignment.objects.create(user=user, role=Group.objects.get(name=role), section=section)
    return section


def test_what_others_submitted_in_ones_sections_waits_to_be_approved():
    editor = make_user("Editor")
    sport = in_section(editor, "Editor", "Sport")
    submitted("Theirs", section=make_section("Football", parent=sport))
    submitted("Written by me", section=sport, by=editor)
    own = make_contributor(user=editor)
    submitted("In my byline", section=sport, authors=(own,))
    submitted("Foreign", section=make_section("Politics"))
    page = board(editor)
    assert "Theirs" in part(page, "approve")
    for headline in ("Written by me", "In my byline", "Foreign"):
        assert headline not in part(page, "approve"), headline
        assert headline in part(page, "in_review"), headline


def test_newsroom_of_one_approves_its_own(settings):
    settings.NEWSROOM_FOUR_EYES = False
    editor = make_user("Editor")
    submitted("Mine", by=editor)
    assert "Mine" in part(board(editor), "approve")


def test_writers_are_the_same_for_lists_and_for_the_approval():
    users = [make_user("Editor") for _ in range(3)]
    article = make_article(by=users[0], authors=(make_contributor(user=users[1]),))
    fast = make_article(by=users[0])
    transitions.emergency_publish(fast, by=publisher(), reason="Fire.")
    other = make_article(by=users[0])
    publish(other)
    change(other, by=users[2], standfirst="Later words.")
    for one in (article, fast, other):
        listed = {user.pk for user in users if Article.objects.filter(written_by(user), pk=one.pk)}
        assert listed == contributors(one) - {publisher().pk}


def test_reporter_sees_own_drafts_and_the_changes_asked_for():
    reporter = make_user("Reporter")
    make_article("Begun by me", by=reporter)
    make_article("With my byline", authors=(make_contributor(user=reporter),))
    make_article("Another’s")
    back = submitted("Sent back", by=reporter)
    transitions.request_changes(back, by=publisher(), reason="Who says so?")
    page = board(reporter)
    assert "Begun by me" in part(page, "drafts")
    assert "With my byline" in part(page, "drafts")
    assert "Another’s" not in part(page, "drafts")
    assert "Sent back" in part(page, "changes")
    assert part(page, "approve") == part(page, "legal") == part(page, "kills") == ""


def test_checks_and_kills_wait_for_those_who_do_them():
    article = make_article("Checked")
    transitions.require_legal(article, by=publisher())
    transitions.require_pictures(article, by=publisher())
    asker = make_user("Chief")
    gone = make_publication(make_article("To be killed")).article
    transitions.request_kill(gone, by=asker, reason="A court order.")
    assert "Checked" in part(board(make_user("Legal")), "legal")
    assert "To be killed" in part(board(make_user("Legal")), "kills")
    assert "Checked" in part(board(make_user("Photo editor")), "pictures")
    assert "To be killed" not in part(board(asker), "kills")


def test_emergency_waits_to_be_read_by_somebody_else():
    editor = make_user("Editor")
    transitions.emergency_publish(make_article("Fire", by=editor), by=editor, reason="Danger.")
    assert "Fire" not in part(board(editor), "to_review")
    assert "due" in part(board(make_user("Editor")), "to_review")


def test_approved_article_is_ready_until_it_is_scheduled_or_live():
    article = approve(make_article("Ready one"))
    user = make_user("Editor")
    assert "Ready one" in part(board(user), "ready")
    schedule(article, at=timezone.now() + dt.timedelta(days=1))
    assert "Ready one" not in part(board(user), "ready")
    transitions.unschedule(article, by=publisher())
    assert "Ready one" in part(board(user), "ready")
    publish(article)
    assert "Ready one" not in part(board(user), "ready")


def test_article_is_ready_since_the_approval_and_no_more_after_an_edit():
    article = approve(make_article())
    since = article.ready_at
    transitions.hold(article, by=publisher(), reason="Wait.")
    article.refresh_from_db()
    assert article.ready_at == since
    change(article, standfirst="Other words.")
    article.refresh_from_db()
    assert (article.state, article.ready_at) == ("draft", None)


def test_killed_and_spiked_articles_wait_for_nobody():
    spiked = make_article()
    transitions.require_legal(spiked, by=publisher())
    transitions.spike(spiked, by=publisher(), reason="No story.")
    killed = make_publication(make_article()).article
    transitions.hold(killed, by=publisher(), reason="Wait.")
    transitions.request_kill(killed, by=make_user("Chief"), reason="A court order.")
    transitions.kill(killed, by=publisher(), reason="A court order.")
    user = make_user("Chief")
    assert [list(rows(user)) for _title, rows in waiting.QUEUES.values()] == [[]] * 8


def test_schedule_is_a_timeline_of_days_in_the_sites_zone(settings):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    with time_machine.travel(NOON, tick=False):
        schedule(make_article("Late tonight"), at=NOON + dt.timedelta(hours=6))
        schedule(make_article("Too far"), at=NOON + dt.timedelta(days=8))
        article = make_article("Embargoed")
        transitions.set_embargo(article, by=publisher(), at=NOON + dt.timedelta(hours=3))
        off = schedule(make_article("Called off"), at=NOON + dt.timedelta(hours=1)).article
        transitions.unschedule(off, by=publisher())
        page = board(make_user("Editor"))
    text = part(page, "schedule")
    assert "times in Asia/Ho_Chi_Minh" in text
    days = [h3.text for h3 in page.xpath("//ol[@class='board-timeline']/li/h3")]
    assert days == ["Wednesday, 18 Mar", "Thursday, 19 Mar"]
    assert text.index("22:00 Embargoed") < text.index("01:00 Late tonight")
    assert "Too far" not in text
    assert "Called off" not in text


def test_first_page_shows_what_readers_got_and_what_is_missing():
    live = make_publication(make_article("Live one", parts=(make_photo(caption="No file."),)))
    publish(change(live.article, standfirst="It is 60."), kind="correction")
    transitions.hold(make_article("Held one"), by=publisher(), reason="Wait.")
    page = board(make_user("Editor"))
    assert "Live one" in part(page, "published")
    assert "Live one" in part(page, "corrected")
    assert "Held one" in part(page, "holds")
    assert "No file." in part(page, "files")
    assert "None: every import was clear." in part(page, "imports")


def test_list_shows_eight_and_leads_to_all():
    for number in range(9):
        submitted(f"Story {number}")
    page = board(make_user("Editor"))
    box = page.get_element_by_id("board-in_review").getparent()
    assert len(box.xpath(".//li")) == first_page.ROWS
    assert box.find_class("board-more")[0].find("a").get("href").endswith("?state__exact=in_review")


def test_every_list_leads_to_a_page_that_is_there():
    user = make_user("Chief")
    client = desk.client_of(user)
    links = set(board(user).xpath("//h2/a/@href|//h3/a/@href|//thead//a/@href"))
    assert len(links) > 12
    assert {client.get(link).status_code for link in links} == {200}


def test_sections_are_counted_with_those_under_them():
    business = make_section("Business")
    make_article(section=business)
    make_article(section=make_section("Markets", parent=business))
    approve(make_article(section=business))
    held = Article.objects.create(headline="Nowhere yet")
    transitions.save(held)
    transitions.hold(held, by=publisher(), reason="Wait.")
    page = board(make_user("Editor"))
    rows = page.xpath("//table[@class='board-counts']//tbody/tr")
    figures = {row.find("th").text: row.xpath("td//text()") for row in rows}
    assert figures["Business"] == ["2", "0", "0", "1", "0"]
    assert figures["No section"] == ["1", "0", "0", "0", "1"]
    assert rows[0].xpath(".//a/@href")[0].endswith("?section=business&state__exact=draft")


def test_charts_are_pictures_with_the_same_figures_as_a_table(settings):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    with time_machine.travel(NOON - dt.timedelta(days=1), tick=False):
        article = submitted("Slow one", section=make_section("Sport"))
    with time_machine.travel(NOON - dt.timedelta(minutes=30), tick=False):
        publish(article)
        submitted_late = submitted("Fast one")
    with time_machine.travel(NOON, tick=False):
        publish(submitted_late)
        page = board(make_user("Editor"))
    published, times = page.find_class("board-chart")
    assert page.xpath("//figure/svg/@role") == ["img", "img"]
    assert published.xpath(".//tbody/tr[last()]/*/text()") == ["Wed, 18 Mar", "1", "1"]
    assert "2 stories in 14 days." in published.text_content()
    assert "12 h 0 min" in times.xpath("string(.//tbody/tr[last()])")
    named = page.xpath("//figure/svg/@aria-labelledby")
    assert all(page.get_element_by_id(ref) is not None for refs in named for ref in refs.split())
    assert page.xpath("//*[@style]") == []


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (59, "59 min"), (125, "2 h 5 min"), (3000, "2 d 2 h")]
)
def test_durations_are_told_in_words(minutes, text):
    assert duration(minutes) == text


def test_empty_newsroom_says_what_to_do():
    page = board(make_user("Editor"))
    assert "add an article to begin one" in part(page, "drafts")
    assert "schedule what is ready" in part(page, "schedule")
    assert "Nothing was published in these days." in part(page, "figures")


def test_all_tables_stay_reachable():
    page = board(make_user())
    links = page.xpath("//section[@class='board-tables']//a/@href")
    assert "/admin/articles/revision/" in links
    assert "/admin/auth/user/" in links


def test_who_may_look_at_nothing_gets_no_list():
    user = make_user("Editor")
    user.groups.clear()
    page = board(user)
    assert page.find_class("board-part") == []
    assert page.xpath("//figure") == []


def fill(count: int, users: list[Any]) -> None:
    for number in range(count):
        submitted(f"Submitted {number}", by=users[number % 2])
        approve(make_article())
        make_article(by=users[0])
        held = make_article(parts=(make_photo(),))
        transitions.hold(held, by=publisher(), reason="Wait.")
        live = make_publication(make_article(authors=(make_contributor(),)))
        publish(change(live.article, standfirst="It is 60."), kind="correction")
        schedule(make_article(), at=timezone.now() + dt.timedelta(hours=number + 1))


def test_first_page_costs_the_same_with_few_and_with_many():
    user = make_user("Chief")
    in_section(user, "Chief", "World")
    make_contributor(user=user)
    client = desk.client_of(user)
    costs = []
    for count in (1, 12):
        fill(count, [user, make_user("Reporter")])
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/admin/").status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert costs[1] <= 15
