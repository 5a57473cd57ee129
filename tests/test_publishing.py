"""Publish, schedule, call off and retract: what readers see from when, and the chain of digests."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.choices import PublicationKind
from articles.exceptions import AppendOnlyError, WorkflowError
from articles.models import Article, Correction, Event, Publication, PublicPath
from articles.workflow import gates, transitions
from tests.factories import (
    change,
    make_article,
    make_body,
    make_photo,
    make_publication,
    make_section,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 7, 4, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def headlines(at: dt.datetime) -> list[str]:
    return list(Publication.objects.public(at).values_list("headline", flat=True))


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(WorkflowError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_a_published_story_is_public_from_that_instant() -> None:
    make_publication(make_article("Ferry sinks"), at=NOON)
    assert headlines(NOON - dt.timedelta(microseconds=1)) == []
    assert headlines(NOON) == ["Ferry sinks"]


def test_a_new_publication_ends_the_one_before_at_the_same_instant() -> None:
    article = make_article("Ferry sinks")
    make_publication(article, at=NOON)
    make_publication(change(article, headline="Ferry raised"), at=NOON + HOUR)
    assert headlines(NOON + HOUR - dt.timedelta(microseconds=1)) == ["Ferry sinks"]
    assert headlines(NOON + HOUR) == ["Ferry raised"]


def test_the_working_copy_changes_without_readers_seeing_it() -> None:
    article = make_article("Ferry sinks")
    make_publication(article, at=NOON)
    change(article, headline="Ferry raised")
    assert headlines(timezone.now()) == ["Ferry sinks"]


@time_machine.travel(NOON, tick=False)
def test_a_scheduled_story_becomes_public_by_the_clock_alone() -> None:
    schedule(make_article("Ferry sinks"), by=publisher(), at=NOON + HOUR)
    assert headlines(NOON + HOUR - dt.timedelta(seconds=1)) == []
    assert headlines(NOON + HOUR) == ["Ferry sinks"]


@time_machine.travel(NOON, tick=False)
def test_calling_off_a_scheduled_update_leaves_the_live_text_live() -> None:
    article = make_article("Ferry sinks")
    make_publication(article, at=NOON - HOUR)
    schedule(change(article, headline="Raised"), by=publisher(), at=NOON + HOUR)
    transitions.unschedule(article, by=publisher())
    assert headlines(NOON + 2 * HOUR) == ["Ferry sinks"]
    assert refusal(transitions.unschedule, article, by=publisher()) == "not_now"


@time_machine.travel(NOON, tick=False)
def test_publishing_calls_off_what_was_scheduled() -> None:
    article = make_article("First")
    make_publication(article, at=NOON - HOUR)
    schedule(change(article, headline="Planned"), by=publisher(), at=NOON + HOUR)
    publish(change(article, headline="Urgent"), by=publisher())
    assert headlines(NOON) == ["Urgent"]
    assert headlines(NOON + 2 * HOUR) == ["Urgent"]


@time_machine.travel(NOON, tick=False)
def test_scheduling_again_moves_the_time() -> None:
    article = make_article("Ferry sinks")
    schedule(article, by=publisher(), at=NOON + HOUR)
    schedule(article, by=publisher(), at=NOON + 3 * HOUR)
    assert headlines(NOON + 2 * HOUR) == []
    assert headlines(NOON + 3 * HOUR) == ["Ferry sinks"]
    assert Publication.objects.get(live_until=None).kind == PublicationKind.FIRST


def test_scheduling_in_the_past_and_publishing_in_the_future_are_refused() -> None:
    article, later = make_article(), timezone.now() + HOUR
    assert refusal(schedule, article, by=publisher(), at=NOON) == "past"
    assert refusal(publish, article, by=publisher(), at=later) == "future"


def test_a_retracted_story_leaves_its_notice_and_no_text() -> None:
    article = make_article("Ferry sinks", parts=("Two boats collided.", make_photo()))
    make_publication(article, at=NOON)
    notice = transitions.retract(article, by=publisher(), note="The report was wrong.")
    assert (notice.body, notice.standfirst, notice.lead_photo, notice.is_listed) == (
        "", "", None, False,
    )  # fmt: skip
    assert list(Publication.objects.public()) == [notice]
    assert list(Publication.objects.listed()) == []


def test_retracting_needs_a_reason_and_something_public() -> None:
    article = make_article()
    assert refusal(transitions.retract, article, by=publisher(), note="Wrong") == "not_now"
    make_publication(article)
    assert refusal(transitions.retract, article, by=publisher(), note=" ") == "no_note"


def test_a_retracted_story_cannot_be_published_over_its_notice() -> None:
    article = make_article()
    make_publication(article, at=NOON)
    transitions.retract(article, by=publisher(), note="Wrong")
    assert refusal(publish, article, by=publisher()) == "not_now"


@pytest.mark.parametrize("role", ["Reporter", "Photo editor", "Administrator", "Auditor", "Legal"])
def test_who_may_not_publish_is_refused(role: str) -> None:
    assert refusal(publish, make_article(), by=make_user(role)) == "not_permitted"


@pytest.mark.parametrize("role", ["Editor", "Chief"])
def test_who_may_publish_can(role: str) -> None:
    assert publish(make_article(), by=make_user(role)).number == 1


def test_a_deactivated_account_publishes_nothing() -> None:
    user = make_user("Chief", is_active=False)
    assert refusal(publish, make_article(), by=user) == "not_permitted"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"headline": ""}, "no_headline"),
        ({"body": ""}, "no_body"),
        ({"section": None}, "no_section"),
        ({"slug": ""}, "no_slug"),
        ({"language": "und"}, "no_language"),
        ({"on_hold": True}, "on_hold"),
        ({"legal_check": "required"}, "legal_open"),
        ({"picture_check": "required"}, "pictures_open"),
        ({"embargo_until": dt.datetime(2090, 1, 1, tzinfo=dt.UTC)}, "embargo"),
    ],
)
def test_a_gate_refuses_and_names_itself(values: dict, code: str) -> None:
    article = change(make_article(), **values)
    with pytest.raises(WorkflowError) as caught:
        publish(article, by=publisher())
    assert code in [problem.code for problem in caught.value.problems]
    assert not Publication.objects.exists()


def test_a_photo_may_not_be_used_after_its_rights_end() -> None:
    photo = make_photo(usable_until=NOON)
    article = make_article(parts=("a", photo))
    assert refusal(publish, article, by=publisher()) == "blocked"


def test_an_address_belongs_to_one_article_for_ever() -> None:
    section = make_section()
    make_publication(make_article("Ferry sinks", section=section), at=NOON)
    second = make_article("Ferry sinks", section=section)
    assert refusal(publish, second, by=publisher(), at=NOON) == "blocked"


def test_a_changed_slug_gives_a_new_address_and_keeps_the_old_one() -> None:
    article = make_article("Ferry sinks")
    make_publication(article, at=NOON)
    make_publication(change(article, slug="ferry-raised"))
    paths = PublicPath.objects.filter(article=article).values_list("path", flat=True)
    assert list(paths) == ["world/2026/07/04/ferry-raised/", "world/2026/07/04/ferry-sinks/"]


def test_a_story_from_an_archive_keeps_its_date() -> None:
    then = dt.datetime(2017, 7, 4, 3, tzinfo=dt.UTC)
    publication = make_publication(make_article(originally_published_at=then))
    assert publication.published_at == then
    assert publication.path.startswith("world/2017/07/04/")


def test_what_was_seen_is_what_is_published() -> None:
    article = make_article("Ferry sinks")
    seen = article.revisions.get()
    change(article, headline="Ferry raised")
    call = refusal(publish, article, by=publisher(), revision=seen)
    assert call == "changed"


def test_a_minor_change_moves_no_date_and_an_update_does() -> None:
    article = make_article("Ferry sinks", parts=("It sank, near the quay.",))
    first = make_publication(article, at=NOON)
    change(article, body=make_body("It sank near the quay."))
    minor = publish(article, by=publisher(), kind=PublicationKind.MINOR)
    change(article, headline="Ferry raised")
    update = publish(article, by=publisher(), kind=PublicationKind.UPDATE)
    assert minor.revised_at == first.revised_at
    assert update.revised_at == update.live_from
    assert update.published_at == first.published_at


def test_a_kind_that_is_no_change_is_refused() -> None:
    article = make_article()
    make_publication(article, at=NOON)
    change(article, headline="Ferry raised")
    assert refusal(publish, article, by=publisher(), kind="kill") == "kind"


def test_a_correction_says_what_was_wrong_and_what_is_right() -> None:
    article = make_article()
    make_publication(article, at=NOON)
    change(article, headline="Ferry raised")
    pairs = [("three boats", "two boats")]
    kind = PublicationKind.CORRECTION
    publication = publish(article, by=publisher(), kind=kind, corrections=pairs)
    row = Correction.objects.get(publication=publication)
    assert (row.was, row.now) == pairs[0]


def test_every_transition_writes_one_event_with_who_and_what() -> None:
    user, article = make_user(), make_article()
    publish(article, by=user)
    transitions.retract(article, by=user, note="Wrong")
    events = Event.objects.filter(article=article).values_list("number", "action", "by", "reason")
    assert list(events)[-2:] == [
        (4, "publish", user.pk, "Read twice."),
        (5, "retract", user.pk, "Wrong"),
    ]


def test_publications_are_chained_by_their_digests() -> None:
    article = make_article()
    first = make_publication(article, at=NOON)
    second = make_publication(change(article, headline="Raised"))
    article.refresh_from_db()
    assert second.previous_digest == first.digest
    assert article.chain_head == second.digest


def test_only_the_end_of_a_publication_may_still_change() -> None:
    publication = make_publication()
    publication.headline = "Other"
    with pytest.raises(AppendOnlyError):
        publication.save()
    with pytest.raises(AppendOnlyError):
        publication.save(update_fields=["headline", "live_until"])


def test_the_database_keeps_one_open_publication_per_article() -> None:
    publication = make_publication()
    publication.pk, publication.number, publication._state.adding = None, 2, True
    with pytest.raises(IntegrityError), transaction.atomic():
        publication.save()


@pytest.mark.postgres
def test_postgresql_refuses_publications_that_overlap() -> None:
    article = make_article()
    first = make_publication(article, at=NOON)
    make_publication(change(article, headline="Raised"), at=NOON + HOUR)
    first.refresh_from_db()
    first.live_until = NOON + 2 * HOUR
    with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
        first.save(update_fields=["live_until"])


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["revision", "publication", "event"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_postgresql_refuses_sql_on_append_only_tables(table: str, verb: str) -> None:
    make_publication()
    with (
        pytest.raises(IntegrityError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(f"articles_{table}"))


def test_preflight_finds_blockers_before_warnings() -> None:
    article = change(make_article(), headline="")
    found = [p.code for p in gates.sorted_problems(transitions.preflight(article))]
    assert found.index("no_headline") < found.index("no_byline_no_source")


def test_allowed_actions_follow_standing_and_role() -> None:
    article: Article = make_article()
    make_publication(article, at=NOON)
    article.refresh_from_db()
    now = transitions.standing(article)
    chief, reporter = make_user("Chief"), make_user("Reporter")
    names = {action.name for action in transitions.allowed_actions(article, chief, now)}
    assert {"retract", "archive", "start_update", "request_kill"} <= names
    assert not {"publish", "submit", "approve", "reinstate", "spike", "release"} & names
    assert [one.name for one in transitions.allowed_actions(article, reporter, now)] == [
        "edit", "start_update", "require_legal", "require_pictures",
    ]  # fmt: skip
