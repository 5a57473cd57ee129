"""Notifications: who is told of what, never of one's own doing, at the desk and by mail."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import notices, talk, tasks
from articles.admin.notifications import at_desk
from articles.choices import NotificationKind
from articles.models import Article, Assignment, Event, Notification, NotificationChoice, Section
from articles.workflow import transitions
from articles.workflow.permissions import ROLES, has_permission, holders
from tests import desk
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_publication,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/"
Do = Callable[..., Any]


@pytest.fixture
def do(django_capture_on_commit_callbacks) -> Do:
    """Return a call that commits, so that what waits for the commit runs."""

    def call(act: Any, *args: Any, **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **values)

    return call


def told(kind: str = "") -> set[tuple[str, str]]:
    """Return (user name, kind) of all notifications but those of the factories' superusers."""
    rows = Notification.objects.filter(user__is_superuser=False)
    rows = rows.filter(kind=kind) if kind else rows
    return set(rows.values_list("user__username", "kind"))


def user(name: str, role: str = "Editor") -> Any:
    return make_user(role, username=name, email=f"{name}@news.example")


def story(by: Any, **values: Any) -> Article:
    return make_article(by=by, **values)


# Who


def test_submitted_tells_who_may_approve_there_and_did_not_write(do: Do):
    ada = user("ada", "Reporter")
    for name, section in (("ed", "World"), ("sue", "Sport")):
        editor = user(name)
        Assignment.objects.create(
            user=editor, role=editor.groups.get(), section=make_section(section)
        )
    wrote, gone, chief = user("wrote"), user("gone"), user("chief", "Chief")
    get_user_model().objects.filter(pk=gone.pk).update(is_active=False)
    article = story(ada)
    change(article, by=wrote, standfirst="More.")
    do(transitions.submit, article, by=ada)
    assert told() == {("ed", "submitted"), (chief.username, "submitted")}


def test_changes_approved_and_published_tell_the_contributors(do: Do):
    ada, named, ed = user("ada", "Reporter"), user("named", "Reporter"), user("ed")
    article = story(ada, authors=(make_contributor("Nam Ed", user=named),))
    transitions.submit(article, by=ada)
    do(transitions.request_changes, article, by=ed, reason="Shorter.")
    assert told() == {("ada", "changes_requested"), ("named", "changes_requested")}
    transitions.submit(article, by=ada)
    do(transitions.approve, article, by=ed, override="Read.")
    assert told("approved") == {("ada", "approved"), ("named", "approved")}
    do(transitions.publish, article, by=ed, override="Read.")
    assert told("published") == {("ada", "published"), ("named", "published")}


def test_an_update_tells_only_who_wrote_in_it(do: Do):
    ada, ben, ed = user("ada", "Reporter"), user("ben", "Reporter"), user("ed")
    article = story(ada)
    make_publication(article)
    change(article, by=ben, standfirst="New.")
    transitions.submit(article, by=ben)
    transitions.approve(article, by=ed, override="Read.")
    do(transitions.publish, article, by=ed, override="Read.")
    assert told() == {("ben", "published")}


def test_nobody_is_told_of_what_they_did_themselves(do: Do, settings):
    settings.NEWSROOM_FOUR_EYES = False
    ada = user("ada", "Chief")
    article = story(ada)
    do(transitions.publish, article, by=ada, override="Alone.")
    assert told() == set()


def test_called_off_tells_the_contributors_however_it_came(do: Do):
    ada, ed, law = user("ada", "Reporter"), user("ed"), user("law", "Legal")
    article = story(ada)
    later = timezone.now() + dt.timedelta(days=1)
    make_publication(article, at=later)
    do(transitions.unschedule, article, by=ed)
    assert told() == {("ada", "called_off")}
    Notification.objects.all().delete()
    transitions.schedule(article, by=ed, at=later, override="Read.")
    do(transitions.require_legal, article, by=ed)
    assert told() == {("ada", "called_off"), (law.username, "legal_asked")}


def test_kill_legal_and_pictures_ask_those_who_may(do: Do):
    law, chief, pix, ed = (
        user("law", "Legal"), user("chief", "Chief"), user("pix", "Photo editor"), user("ed"),
    )  # fmt: skip
    article = make_article()
    make_publication(article)
    do(transitions.request_kill, article, by=law, reason="Order.")
    assert told() == {(chief.username, "kill_asked")}
    Notification.objects.all().delete()
    do(transitions.require_pictures, article, by=ed)
    assert told() == {(pix.username, "pictures_asked"), ("chief", "pictures_asked")}
    Notification.objects.all().delete()
    do(transitions.require_legal, article, by=ed)
    assert told() == {("law", "legal_asked")}


def test_emergency_asks_the_others_to_read_it(do: Do):
    ada, ed = user("ada"), user("ed")
    do(transitions.emergency_publish, story(ada), by=ada, reason="Fire.")
    assert told() == {(ed.username, "review_due")}
    assert "in an emergency: read it until" in notices.words(Notification.objects.get())


def test_edit_of_an_approved_text_tells_who_approved_it(do: Do):
    ada, ed = user("ada", "Reporter"), user("ed")
    article = story(ada)
    transitions.submit(article, by=ada)
    transitions.approve(article, by=ed, override="Read.")
    do(change, article, by=ada, standfirst="Longer.")
    assert told() == {("ed", "approval_void")}


def test_withdrawn_tells_all_who_ever_wrote_and_says_nothing_of_a_killed_text(do: Do):
    ada, ben = user("ada", "Reporter"), user("ben", "Reporter")
    article = story(ada, headline="Secret ferry", slug="ferry")
    make_publication(article)
    change(article, by=ben, standfirst="New.")
    transitions.request_kill(article, by=user("law", "Legal"), reason="Names a witness.")
    do(transitions.kill, article, by=user("chief", "Chief"), reason="Court order.")
    assert told() == {("ada", "withdrawn"), ("ben", "withdrawn")}
    for row in mail.outbox:
        assert "Secret" not in f"{row.subject} {row.body}"
        assert "witness" not in row.body


def test_archive_import_tells_nobody(do: Do):
    named = user("named")
    article = make_article(authors=(make_contributor("Nam Ed", user=named),))
    assert not notices.concerns(article.events.get())
    event = Event(article=article, action="publish_import")
    assert not notices.concerns(event)


def test_comment_tells_the_mentioned_the_thread_and_the_writers_once(do: Do):
    ada, ben, cy = user("ada", "Reporter"), user("ben", "Reporter"), user("cy", "Legal")
    article = story(ada)
    row = do(talk.comment, article, by=ben, text="@cy @ada look")
    assert told() == {("ada", "mentioned"), ("cy", "mentioned")}
    Notification.objects.all().delete()
    do(talk.comment, article, by=cy, text="Fine.", parent=row)
    assert told() == {("ada", "commented"), (ben.username, "commented")}


def test_who_may_not_read_articles_any_more_is_not_told(do: Do):
    ada, ed = user("ada", "Reporter"), user("ed")
    article = story(ada)
    transitions.submit(article, by=ada)
    ada.groups.clear()
    do(transitions.request_changes, article, by=ed, reason="Shorter.")
    assert told() == set()


def test_holders_are_those_to_whom_has_permission_says_yes():
    world = make_section("World")
    asia = make_section("Asia", parent=world)
    sport = make_section("Sport")
    permission = Permission.objects.get(codename="publish_article")
    for role in (*ROLES, ""):
        for section in (None, world, asia, sport):
            one = make_user(role)
            if section and role:
                Assignment.objects.create(user=one, role=one.groups.get(), section=section)
    make_user("Auditor").user_permissions.add(permission)
    make_user("Chief", is_active=False)
    places: list[Section | None] = [None, world, asia, sport]
    for section in places:
        found = set(holders("articles.publish_article", section))
        everybody = get_user_model().objects.all()
        asked = {o for o in everybody if has_permission(o, "articles.publish_article", section)}
        assert found == asked


# The clock


def near_embargo(minutes: int = 30, **values: Any) -> Article:
    until = timezone.now() + dt.timedelta(minutes=minutes)
    return make_article(embargo_until=until, **values)


def test_embargo_that_ends_within_the_hour_is_told_once():
    ada, ed = user("ada", "Reporter"), user("ed")
    article = near_embargo(by=ada)
    near_embargo(90)
    assert len(notices.remind()) == 2
    assert told() == {("ada", "embargo_near"), (ed.username, "embargo_near")}
    assert notices.remind() == []
    later = timezone.now() + dt.timedelta(hours=3)
    Article.objects.filter(pk=article.pk).update(embargo_until=later)
    assert len(notices.remind(later - dt.timedelta(minutes=30))) == 2


def test_overdue_review_is_told_once():
    ada, ed = user("ada"), user("ed")
    article = story(ada)
    transitions.emergency_publish(article, by=ada, reason="Fire.")
    past = timezone.now() - dt.timedelta(minutes=1)
    Article.objects.filter(pk=article.pk).update(review_due_at=past)
    assert [row.user_id for row in notices.remind()] == [ed.pk]
    assert notices.remind() == []


def test_command_tells_and_mails_or_only_counts(capsys):
    user("ed")
    near_embargo()
    call_command("remind", "--dry-run")
    assert (Notification.objects.count(), len(mail.outbox)) == (0, 0)
    call_command("remind")
    assert (Notification.objects.count(), len(mail.outbox)) == (1, 1)
    assert "1 told, 1 mailed" in capsys.readouterr().out


# By mail


def submitted(do: Do, headline: str = "Harbour reopens") -> Article:
    article = make_article(headline, by=user("ada", "Reporter"))
    do(transitions.submit, article, by=article.created_by, reason="Please by noon.\nThanks.")
    return article


def test_mail_is_plain_text_with_headline_and_link(do: Do):
    user("ed")
    article = submitted(do)
    sent = mail.outbox[0]
    assert sent.to == ["ed@news.example"]
    assert sent.subject == "[The Test Courier] Submitted for review: Harbour reopens"
    assert f"https://news.example/admin/articles/article/{article.pk}/change/\n" in sent.body
    assert "> Please by noon.\n> Thanks." in sent.body
    assert sent.content_subtype == "plain"


def test_headline_cannot_add_headers(do: Do):
    user("ed")
    submitted(do, "Storm\r\nBcc: all@news.example\n\nHello " + "x" * 200)
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in mail.outbox[0].subject
    assert len(mail.outbox[0].subject) <= 120


def test_choices_switch_desk_and_mail(do: Do):
    for name, desk_too, by_mail in (("d", True, False), ("m", False, True), ("n", False, False)):
        one = user(name)
        NotificationChoice.objects.create(
            user=one, kind="submitted", at_desk=desk_too, by_mail=by_mail
        )
    submitted(do)
    assert told() == {("d", "submitted"), ("m", "submitted")}
    assert [row.to for row in mail.outbox] == [["m@news.example"]]
    users = {row.username: row for row in get_user_model().objects.all()}
    assert (notices.unread(users["d"]), notices.unread(users["m"])) == (1, 0)


class Down(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


class Picky(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        if "ed@" in messages[0].to[0]:
            raise smtplib.SMTPRecipientsRefused({"ed@news.example": (550, b"no")})
        return super().send_messages(messages)


def test_mail_server_that_is_down_stops_nothing(do: Do, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    user("ed")
    article = submitted(do, "Secret words")
    article.refresh_from_db()
    assert article.state == "in_review"
    assert told() == {("ed", "submitted")}
    assert "0 of 1 notifications mailed" in caplog.text
    assert "Secret" not in caplog.text


def test_one_refused_address_does_not_keep_the_mail_from_others(do: Do, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    user("ed")
    user("sue")
    submitted(do)
    assert [row.to for row in mail.outbox] == [["sue@news.example"]]
    assert "SMTPRecipientsRefused" in caplog.text


def test_with_a_worker_the_work_waits_in_the_database(do: Do, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    editor = user("ed")
    event = submitted(do).events.get(action="submit")
    assert (told(), mail.outbox) == (set(), [])
    whom = [["submitted", [editor.pk]]]
    assert DBTaskResult.objects.get().args_kwargs == {"args": [event.pk, whom], "kwargs": {}}
    tasks.tell.call(event.pk)
    assert told() == {("ed", "submitted")}
    assert len(mail.outbox) == 1


# At the desk


def test_bell_shows_the_number_of_unread_up_to_nine(do: Do, django_assert_num_queries):
    ed, article = user("ed"), make_article()
    client = desk.client_of(ed)
    assert desk.page(client, LIST).find_class("desk-bell-count") == []
    rows = [Notification(user=ed, article=article, kind="approved") for _n in range(12)]
    Notification.objects.bulk_create(rows[:3])
    assert desk.page(client, LIST).find_class("desk-bell-count")[0].text == "3"
    Notification.objects.bulk_create(rows[3:])
    assert desk.page(client, LIST).find_class("desk-bell-count")[0].text == "9+"
    with django_assert_num_queries(1):
        assert notices.unread(ed) == 10


def test_list_shows_only_ones_own_and_markup_as_text(do: Do):
    ada, ed, sue = user("ada", "Reporter"), user("ed"), user("sue", "Legal")
    article = make_article("<i>Storm</i>", by=ada)
    do(talk.comment, article, by=ed, text="<script>x</script> @sue")
    assert Notification.objects.count() == 2
    answer = desk.client_of(sue).get(LIST)
    assert b"<script>x" not in answer.content
    assert b"<i>Storm" not in answer.content
    rows = desk.answered(answer).find_class("desk-notice-list")[0]
    assert len(rows.xpath("li")) == 1
    assert "mentioned you" in rows.text_content()


def test_opening_marks_as_read_and_leads_to_the_comment(do: Do):
    ada, ed = user("ada", "Reporter"), user("ed")
    article = make_article(by=ada)
    row = do(talk.comment, article, by=ed, text="Hm.")
    one = Notification.objects.get()
    url = reverse("admin:notification_open", args=[one.pk])
    assert desk.client_of(ed).get(url).status_code == 404
    answer = desk.client_of(ada).get(url)
    assert answer["Location"] == f"{desk.change_url(article)}#comment-{row.pk}"
    assert notices.unread(ada) == 0


def test_mark_one_or_all_as_read_touches_ones_own_only():
    ed, sue, article = user("ed"), user("sue"), make_article()
    rows = Notification.objects.bulk_create(
        Notification(user=one, article=article, kind="approved") for one in (ed, ed, ed, sue)
    )
    client, url = desk.client_of(ed), reverse("admin:notifications_read")
    assert client.get(url).status_code == 405
    for pk in (rows[0].pk, rows[3].pk, "x", "9" * 30):
        client.post(url, {"notification": pk})
    assert (notices.unread(ed), notices.unread(sue)) == (2, 1)
    client.post(url)
    assert (notices.unread(ed), notices.unread(sue)) == (0, 1)


def test_list_goes_on_page_by_page():
    ed, article = user("ed"), make_article()
    Notification.objects.bulk_create(
        Notification(user=ed, article=article, kind="approved") for _n in range(60)
    )
    client = desk.client_of(ed)
    page = desk.page(client, LIST)
    assert len(page.xpath("//ol[@class='desk-notice-list']/li")) == 50
    older = page.xpath("//a[starts-with(@href, '?before=')]/@href")[0]
    assert len(desk.page(client, LIST + older).xpath("//ol[@class='desk-notice-list']/li")) == 10
    for wrong in ("?before=x", "?before=" + "9" * 40, "?before=0"):
        assert client.get(LIST + wrong).status_code == 200


def test_choices_are_saved_and_shown():
    client, url = desk.client_of(user("ed")), reverse("admin:notifications_choose")
    client.post(url, {"at_desk": ["submitted", "nonsense"], "by_mail": ["approved"]})
    assert NotificationChoice.objects.count() == len(NotificationKind)
    page = desk.page(client, LIST)
    assert page.xpath("//input[@name='at_desk'][@checked]/@value") == ["submitted"]
    assert page.xpath("//input[@name='by_mail'][@checked]/@value") == ["approved"]


def test_desk_shows_near_embargoes_without_a_job():
    near_embargo(headline="Under embargo")
    page = desk.page(desk.client_of(user("ed")), "/admin/")
    assert "Under embargo" in page.get_element_by_id("content-main").text_content()
    assert Notification.objects.count() == 0


def test_stranger_sees_no_notifications():
    outsider = user("outsider")
    outsider.groups.clear()
    client = desk.client_of(outsider)
    assert client.get(LIST).status_code == 403
    assert client.get("/admin/").status_code == 200


def test_every_kind_has_words():
    article = make_article()
    event = Event(article=article, action="submit", by=user("ada"))
    for kind in NotificationKind:
        row = Notification(user=event.by, article=article, kind=kind, event=event)
        assert "user" not in notices.words(row)
        assert notices.words(row).endswith(".")


def test_desk_lists_the_newest_unread(do: Do):
    ada, ed = user("ada", "Reporter"), user("ed")
    article = make_article("<i>Storm</i>", by=ada)
    do(transitions.submit, article, by=ada)
    html = render_to_string("admin/includes/notifications.html", {"notices": at_desk(ed)})
    assert "&lt;i&gt;Storm" in html
    notices.mark_read(ed)
    html = render_to_string("admin/includes/notifications.html", {"notices": at_desk(ed)})
    assert "Nothing new for you." in html
