"""Previews: a frame at the desk, and signed links that show one revision for a while."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.signing import Signer
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import previews, snapshots
from articles.exceptions import WorkflowError
from articles.models import Article, Assignment, PreviewLink, Section
from articles.workflow import transitions
from tests import desk
from tests.factories import change, make_article, make_photo, make_section, make_user, publish

pytestmark = pytest.mark.django_db


def share(article: Article, **values: Any) -> PreviewLink:
    given = {
        "by": make_user("Editor"),
        "revision": snapshots.current_revision(article),
        "lifetime": "day",
        "note": "Dr Voss",
        **values,
    }
    return previews.share(article, **given)


def path_of(link: PreviewLink) -> str:
    return previews.address(link).removeprefix("https://news.example")


def expire(link: PreviewLink) -> None:
    past = timezone.now() - dt.timedelta(hours=1)
    PreviewLink.objects.filter(pk=link.pk).update(
        created_at=past, expires_at=timezone.now() - dt.timedelta(seconds=1)
    )


# The link


def test_link_shows_its_revision_to_anybody_and_says_what_it_is(client: Client):
    article = make_article("Storm ahead", parts=("The first wording.", make_photo()))
    link = share(article, by=make_user("Editor", first_name="Ada", last_name="Weil"))
    change(article, headline="Another headline")
    page = desk.page(client, path_of(link)).text_content()
    assert "Storm ahead" in page
    assert "The first wording." in page
    assert "Another headline" not in page
    assert "Preview of revision 1, made by Ada Weil for Dr Voss." in page
    assert "Not published" in page
    assert "Expires" in page


def test_answer_is_kept_nowhere(client: Client):
    article = make_article()
    answers = [client.get(path_of(share(article))), client.get("/preview/nonsense/")]
    for answer in answers:
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex, noarchive"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "ETag" not in answer
        assert "Cookie" not in answer.get("Vary", "")
    assert answers[0]["X-Frame-Options"] == "DENY"
    assert b'name="robots" content="noindex' in answers[0].content


def test_nobody_else_learns_of_the_article_by_its_link(client: Client):
    article = make_article(slug="storm")
    client.get(path_of(share(article)))
    assert b"storm" not in client.get("/").content


def test_markup_in_the_note_is_text(client: Client):
    link = share(make_article(), note="<script>x</script>\nme")
    answer = client.get(path_of(link))
    assert b"<script>x" not in answer.content
    assert link.note == "<script>x</script> me"


@pytest.mark.parametrize(
    "end",
    [
        expire,
        lambda link: previews.withdraw(link, by=make_user("Editor")),
        lambda link: get_user_model().objects.filter(pk=link.created_by_id).update(is_active=False),
        lambda link: Section.objects.update(path="moved"),
        lambda link: PreviewLink.objects.all().delete(),
    ],
    ids=["expired", "withdrawn", "maker gone", "section gone", "deleted"],
)
def test_dead_link_answers_as_if_it_never_was(client: Client, end: Any):
    link = share(make_article())
    assert client.get(path_of(link)).status_code == 200
    end(link)
    dead, never = client.get(path_of(link)), client.get("/preview/nonsense/")
    assert (dead.status_code, dead.content) == (404, never.content)
    assert dead.headers == never.headers


def test_tampered_token_is_refused(client: Client):
    link = share(make_article())
    name, signature = path_of(link).removeprefix("/preview/").removesuffix("/").split(":")
    other = share(make_article()).uuid.hex
    never = client.get("/preview/nonsense/")
    tokens = [
        f"{other}:{signature}", f"{name}:{signature[:-1]}", f"{name}:", f"{name}", ":", "%00",
        f"{name.upper()}:{signature}", f"{name}:{signature}x", "x" * 5000,
        Signer(salt="another").sign(name), Signer(salt="articles.preview-link").sign("x" * 32),
        Signer(salt="articles.preview-link").sign("0" * 32),
    ]  # fmt: skip
    for token in tokens:
        answer = client.get(f"/preview/{token}/")
        assert (answer.status_code, answer.content) == (404, never.content), token


def test_other_methods_are_refused(client: Client):
    url = path_of(share(make_article()))
    assert client.post(url).status_code == 405
    assert client.head(url).status_code == 200


def test_link_of_a_killed_article_is_gone_and_no_new_one_is_made(client: Client):
    article = make_article(slug="ferry")
    publish(article)
    link = share(article)
    transitions.request_kill(article, by=make_user("Editor"), reason="Order.")
    transitions.kill(article, by=make_user("Legal"), reason="Order.")
    PreviewLink.objects.update(withdrawn_at=None)
    assert client.get(path_of(link)).status_code == 404
    with pytest.raises(WorkflowError) as refused:
        share(article)
    assert refused.value.code == "not_now"


def test_link_says_when_its_revision_was_published(client: Client):
    article = make_article()
    link = share(article)
    publish(article)
    assert "published by now" in desk.page(client, path_of(link)).text_content()


def test_who_gave_a_link_cannot_be_deleted():
    link = share(make_article())
    with pytest.raises(ProtectedError):
        link.created_by.delete()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"lifetime": "year"}, "lifetime"),
        ({"lifetime": ""}, "lifetime"),
        ({"note": " \n "}, "no_note"),
    ],
)
def test_wrong_link_is_refused(values: Any, code: str):
    with pytest.raises(WorkflowError) as refused:
        share(make_article(), **values)
    assert refused.value.code == code


def test_sharing_needs_the_permission_in_the_section():
    article = make_article(section=make_section("World"))
    editor = make_user("Editor")
    link = share(article)
    Assignment.objects.create(user=editor, role=editor.groups.get(), section=make_section("Sport"))
    for by in (make_user("Reporter"), make_user("Auditor"), editor):
        with pytest.raises(WorkflowError) as refused:
            share(article, by=by)
        assert refused.value.code == "not_permitted"
        with pytest.raises(WorkflowError):
            previews.withdraw(link, by=by)
    assert PreviewLink.objects.get().withdrawn_at is None


def test_revision_of_another_article_is_refused():
    with pytest.raises(WorkflowError) as refused:
        share(make_article(), revision=snapshots.current_revision(make_article()))
    assert refused.value.code == "no_revision"


# The desk


def url(article: Article, what: str, *args: int) -> str:
    return reverse(f"admin:articles_article_preview_{what}", args=[article.pk, *args])


def test_frame_shows_the_page_as_wide_as_a_phone_or_a_desk():
    article, client = make_article(), desk.client_of(make_user("Reporter"))
    for width in ("phone", "desktop"):
        page = desk.page(client, f"{url(article, 'frame')}?width={width}")
        frame = page.xpath("//iframe")[0]
        assert frame.get("src") == url(article, "page")
        assert (frame.get("sandbox"), frame.get("class")) == ("", f"desk-preview {width}")
    assert (
        "phone"
        in desk.page(client, f"{url(article, 'frame')}?width=<b>").xpath("//iframe/@class")[0]
    )
    assert page.xpath("//*[@id='links']") == []


def test_only_the_framed_page_may_be_framed_and_only_here():
    article, client = make_article("Storm ahead"), desk.client_of(make_user("Reporter"))
    answer = client.get(url(article, "page"))
    assert b"Storm ahead" in answer.content
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"
    outer = client.get(url(article, "frame"))
    assert outer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in outer["Content-Security-Policy"]
    assert outer["Referrer-Policy"] == "same-origin"


def test_framed_page_says_what_is_missing():
    article = make_article()
    Article.objects.filter(pk=article.pk).update(section=None)
    transitions.save(Article.objects.get(pk=article.pk))
    client = desk.client_of(make_user("Reporter"))
    answer = client.get(url(article, "page"))
    assert (answer.status_code, b"choose one" in answer.content) == (409, True)
    assert client.post(url(article, "page")).status_code == 405


def test_preview_needs_its_permission():
    article, client = make_article(), desk.client_of(make_user("Auditor"))
    for what in ("frame", "page"):
        assert client.get(url(article, what)).status_code == 403


def test_desk_makes_shows_and_withdraws_a_link(client: Client):
    article, editor = make_article(), desk.client_of(make_user("Editor"))
    values = {"revision": "1", "lifetime": "week", "note": "Dr Voss"}
    assert "Dr Voss made" in desk.told(editor, editor.post(url(article, "links"), values))
    link = PreviewLink.objects.get()
    assert link.expires_at - link.created_at == dt.timedelta(days=7)
    shown = desk.page(editor, url(article, "frame")).xpath("//input[@readonly]/@value")
    assert shown == [previews.address(link)]
    assert client.get(path_of(link)).status_code == 200
    editor.post(url(article, "link_withdraw", link.pk))
    assert client.get(path_of(link)).status_code == 404
    assert desk.page(editor, url(article, "frame")).xpath("//input[@readonly]") == []
    log = " ".join(LogEntry.objects.values_list("change_message", flat=True))
    assert "made" in log
    assert "withdrawn" in log
    assert path_of(link) not in log


@pytest.mark.parametrize("revision", ["", "0", "99", "x", "²", "9" * 30])
def test_desk_refuses_a_revision_that_is_none(revision: str):
    article, editor = make_article(), desk.client_of(make_user("Editor"))
    values = {"revision": revision, "lifetime": "day", "note": "Dr Voss"}
    assert "which revision" in desk.told(editor, editor.post(url(article, "links"), values))
    assert not PreviewLink.objects.exists()


def test_desk_refuses_get_reporters_and_links_of_other_articles():
    article, other = make_article(), make_article()
    link = share(article)
    editor, reporter = desk.client_of(make_user("Editor")), desk.client_of(make_user("Reporter"))
    assert editor.get(url(article, "links")).status_code == 405
    assert editor.get(url(article, "link_withdraw", link.pk)).status_code == 405
    assert editor.post(url(other, "link_withdraw", link.pk)).status_code == 404
    values = {"revision": "1", "lifetime": "day", "note": "x"}
    told = desk.told(reporter, reporter.post(url(article, "links"), values))
    assert "doesn’t include" in told
    assert PreviewLink.objects.count() == 1
