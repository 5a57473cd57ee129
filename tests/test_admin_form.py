"""The article form: what a save keeps, what it writes, what it refuses without loss."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from articles import body, snapshots
from articles.choices import AttributionKind
from articles.models import Article, Attribution
from articles.workflow import transitions
from tests import desk
from tests.factories import (
    make_article,
    make_contributor,
    make_photo,
    make_section,
    make_source,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

RICH = """<p>A <a href="https://example.org/a?b=1&amp;c=2">link</a>, <strong>b <em>i</em></strong>,
H<sub>2</sub>O, 5 &lt; 6 &amp; "quotes".<br>Next line.</p><h2>Subhead</h2><h3>Third</h3>
<blockquote><p>Said so.</p><p>Twice.</p><p><cite>Ada Weil</cite></p></blockquote>
<ul><li><p>a</p><ol><li><p>b</p></li></ol></li><li><p>c</p></li></ul>
<table><tbody><tr><th><p>h</p></th><th><p>i</p></th></tr><tr><td><p>1</p></td><td><p></p></td></tr>
</tbody></table><p data-note="correction">Correction: it was Monday.</p>
<p>متن and Tiếng Việt and <s>gone</s> x<sup>2</sup>.</p>"""


@pytest.fixture
def editor() -> Any:
    return make_user("Editor")


def rich_article(**values: Any) -> Article:
    article = make_article(parts=(make_photo(), make_photo(), "Text."), **values)
    article.body = body.clean(article.body + RICH)
    article.save()
    snapshots.save(article)
    return article


def test_untouched_save_leaves_every_byte_of_the_text(editor):
    article = rich_article(standfirst="One line.\nAnother.")
    before = Article.objects.values().get(pk=article.pk)
    assert desk.save(desk.client_of(editor), article).status_code == 302
    assert Article.objects.values().get(pk=article.pk) == before


def test_untouched_save_writes_no_revision_and_says_so(editor):
    client, article = desk.client_of(editor), rich_article()
    response = desk.save(client, article)
    assert article.revisions.count() == 2
    assert "Nothing was changed: no new revision." in desk.told(client, response)


def test_changing_save_writes_one_revision_by_its_editor(editor):
    client, article = desk.client_of(editor), make_article()
    response = desk.save(client, article, headline="Harbour shut again")
    revision = snapshots.current_revision(article)
    assert (revision.number, revision.created_by) == (2, editor)
    assert revision.document["headline"] == "Harbour shut again"
    assert "Saved as revision 2." in desk.told(client, response)


def test_changing_save_raises_the_version_and_an_untouched_one_does_not(editor):
    client, article = desk.client_of(editor), rich_article()
    desk.save(client, article, kicker="Shipping")
    desk.save(client, article)
    article.refresh_from_db()
    assert article.lock_version == 2


def test_flags_are_no_fields_of_the_form(editor):
    client, article = desk.client_of(editor), make_article()
    desk.save(client, article, on_hold="on", legal_check="done", state="approved")
    article.refresh_from_db()
    assert (article.on_hold, article.legal_check, article.state) == (False, "na", "draft")


def test_reporter_of_one_section_writes_only_there():
    sport, world = make_section("Sport"), make_section("World")
    reporter = make_user("Reporter")
    role = reporter.groups.get()
    reporter.assignments.create(role=role, section=sport)
    client, article = desk.client_of(reporter), make_article(section=sport)
    page = desk.page(client, desk.change_url(article))
    offered = page.get_element_by_id("id_section").xpath("option/@value")
    assert offered == ["", str(sport.pk)]
    answer = desk.save(client, article, section=str(world.pk), headline="Moved")
    assert "Select a valid choice" in answer.content.decode()
    foreign = make_article(section=world)
    assert client.post(desk.change_url(foreign), {"headline": "Mine"}).status_code == 403
    assert desk.page(client, desk.change_url(foreign)).xpath("//*[@id='id_headline']") == []


def test_what_was_typed_into_a_spiked_article_is_shown_and_not_lost(editor):
    client, article = desk.client_of(editor), make_article()
    fields = desk.filled_form(desk.page(client, desk.change_url(article)))
    transitions.spike(article, by=make_user(), reason="Not ours.")
    fields |= {"headline": "Typed <b>late</b>", "_save": "1"}
    answer = client.post(desk.change_url(article), fields)
    assert answer.status_code == 409
    page: Any = html.fromstring(answer.content.decode())
    assert page.get_element_by_id("typed-headline").text.strip() == "Typed <b>late</b>"
    assert "Spiked" in page.find_class("errornote")[0].text_content()
    article.refresh_from_db()
    assert article.headline != "Typed <b>late</b>"


def test_empty_slug_is_made_from_the_headline(editor):
    article = rich_article()
    desk.save(desk.client_of(editor), article, slug="", headline="Đêm ở cảng")
    article.refresh_from_db()
    assert article.slug == "dem-o-cang"


def test_text_from_outside_the_vocabulary_is_cleaned(editor):
    article = make_article()
    dirty = '<p onclick="x()">Kept</p><script>bad()</script><p><a href="javascript:x">said</a></p>'
    desk.save(desk.client_of(editor), article, body=dirty)
    article.refresh_from_db()
    assert body.parse(article.body)[0].content.text == "Kept"
    assert "script" not in article.body


def test_new_article_gets_its_first_revision_and_author(editor):
    client, section = desk.client_of(editor), make_section()
    url = "/admin/articles/article/add/"
    fields = desk.filled_form(desk.page(client, url))
    fields |= {"headline": "New pier", "section": str(section.pk), "body": "<p>It stands.</p>"}
    response = client.post(url, {**fields, "_save": "1"})
    article = Article.objects.get()
    assert response["Location"] == desk.change_url(article)
    assert (article.created_by, article.slug, article.revisions.count()) == (editor, "new-pier", 1)


def test_rows_are_saved_with_the_text_in_one_revision(editor):
    client, article = desk.client_of(editor), make_article()
    ada, topic = make_contributor("Ada Weil"), make_topic()
    rows: dict[str, Any] = {
        "bylines-TOTAL_FORMS": "1",
        "bylines-0-contributor": str(ada.pk),
        "bylines-0-role": "author",
        "bylines-0-position": "0",
        "bylines-0-article": str(article.pk),
        "topics": [str(topic.pk)],
    }
    desk.save(client, article, headline="With rows", **rows)
    story = snapshots.take(Article.objects.get(pk=article.pk))
    assert [row.name for row in story.bylines] == ["Ada Weil"]
    assert story.topics == (topic.slug,)
    assert article.revisions.count() == 2


def attribution_row(article: Article, **values: str) -> dict[str, str]:
    row = {"kind": "named_source", "text": "harbour reopened", "position": "0", **values}
    return {
        "attributions-TOTAL_FORMS": "1",
        "attributions-0-article": str(article.pk),
        **{f"attributions-0-{name}": value for name, value in row.items()},
    }


def test_new_attribution_is_anchored_to_its_words_and_signed_by_who_verified_it(editor):
    article = make_article()
    desk.save(desk.client_of(editor), article, **attribution_row(article, verified="on"))
    row = Attribution.objects.get()
    assert (row.where, row.start) == (body.parse(article.body)[0].id, 4)
    assert row.verified_by == editor


def test_source_line_stands_by_itself(editor):
    article, source = make_article(), make_source("VNE")
    kind = AttributionKind.SOURCE_LINE.value
    values = {"kind": kind, "source": str(source.pk), "name": "VNE", "text": "According to VNE"}
    desk.save(desk.client_of(editor), article, **attribution_row(article, **values))
    row = Attribution.objects.get()
    assert (row.where, row.start) == ("source_line", 0)


def test_save_based_on_an_older_version_is_refused_and_shows_both_texts(editor):
    other, article = make_user("Editor", username="lan"), make_article("First")
    client = desk.client_of(editor)
    opened = desk.filled_form(desk.page(client, desk.change_url(article)))
    desk.save(desk.client_of(other), article, headline="Theirs")
    answer = client.post(desk.change_url(article), {**opened, "headline": "Mine", "_save": "1"})
    page = desk.answered(answer)
    article.refresh_from_db()
    assert article.headline == "Theirs"
    assert page.get_element_by_id("id_headline").get("value") == "Mine"
    refusal = page.find_class("desk-refusal")[0].text_content()
    assert all(word in refusal for word in ("lan", "Theirs", "Mine"))


def test_refused_save_goes_through_once_its_writer_says_so(editor):
    article = make_article("First")
    client = desk.client_of(editor)
    opened = desk.filled_form(desk.page(client, desk.change_url(article)))
    desk.save(client, article, headline="Theirs")
    fields = {**opened, "headline": "Mine", "_save": "1"}
    client.post(desk.change_url(article), fields)
    client.post(desk.change_url(article), {**fields, "overwrite": "2"})
    article.refresh_from_db()
    assert article.headline == "Mine"
    assert article.revisions.count() == 3


def test_form_without_its_version_is_refused(editor):
    article = make_article("First")
    desk.save(desk.client_of(editor), article, headline="Blind", based_on=None, base_revision=None)
    article.refresh_from_db()
    assert article.headline == "First"


def figureless(article: Article) -> str:
    return body.to_html(b for b in body.parse(article.body) if b.type != "figure")


def test_save_that_drops_photos_without_an_editor_is_refused(editor):
    article = make_article(parts=(make_photo(caption="The old pier."), "Text."))
    answer = desk.save(desk.client_of(editor), article, body=figureless(article))
    page = desk.answered(answer)
    article.refresh_from_db()
    assert "data-photo" in article.body
    assert "The old pier." in page.find_class("errorlist")[0].text_content()
    assert "data-photo" in page.get_element_by_id("desk-lost").text


def test_photos_that_the_editor_took_over_may_be_removed(editor):
    article = make_article(parts=(make_photo(), "Text."))
    desk.save(desk.client_of(editor), article, body=figureless(article), figures_ready="1")
    article.refresh_from_db()
    assert "data-photo" not in article.body
    assert not article.placements.exists()


def test_photos_may_be_removed_by_hand_when_said_so(editor):
    article = make_article(parts=(make_photo(), "Text."))
    values = {"body": figureless(article), "remove_figures": "yes"}
    desk.save(desk.client_of(editor), article, **values)
    article.refresh_from_db()
    assert "data-photo" not in article.body


@pytest.mark.parametrize("ready", ["", "0", "7"])
def test_editor_that_did_not_take_over_all_photos_drops_none(editor, ready):
    article = make_article(parts=(make_photo(), "Text."))
    desk.save(desk.client_of(editor), article, body=figureless(article), figures_ready=ready)
    article.refresh_from_db()
    assert "data-photo" in article.body


def test_form_that_forgot_its_photos_is_held_against_the_stored_text(editor):
    article = make_article(parts=(make_photo(), "Text."))
    values: dict[str, Any] = {
        "body": figureless(article),
        "figures_given": None,
        "figures_ready": "0",
    }
    desk.save(desk.client_of(editor), article, **values)
    article.refresh_from_db()
    assert "data-photo" in article.body


def test_text_edited_without_the_editor_keeps_its_photos(editor):
    article = make_article(parts=(make_photo(), "Text."))
    text = article.body.replace("Text.", "New text.")
    desk.save(desk.client_of(editor), article, body=text)
    article.refresh_from_db()
    assert "New text." in article.body
    assert article.placements.count() == 1


def test_photo_that_is_not_in_the_library_is_refused(editor):
    article, photo = make_article(), make_photo()
    foreign = make_article(parts=(photo,)).body.replace(str(photo.uuid)[:8], "00000000")
    answer = desk.save(desk.client_of(editor), article, body=article.body + foreign)
    assert "not in the library" in answer.content.decode()


def test_hostile_words_are_shown_as_words(editor):
    evil = '"><script>alert(1)</script>'
    photo = make_photo(caption=evil, credit_line=evil)
    article = make_article(evil, parts=(photo, evil), slug="evil")
    page = desk.page(desk.client_of(editor), desk.change_url(article))
    assert not [s for s in page.iter("script") if "alert" in (s.text or "")]


def test_refused_save_shows_the_photos_of_the_text(editor):
    photo = make_photo(caption="Boats at the quay.")
    article = make_article(parts=(photo, "Text."))
    response = desk.save(desk.client_of(editor), article, language="no language at all")
    rows = desk.answered(response).get_element_by_id("placements-group")
    assert "Boats at the quay." in rows.text_content()
