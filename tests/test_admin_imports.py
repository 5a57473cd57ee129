"""The import report at the desk: every line beside what became of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from articles.admin.imports import open_lines, report_lines
from articles.models import Article, ImportedDocument, ImportRun
from tests import desk
from tests.factories import make_article, make_user

REPORT: dict[str, Any] = {
    "schema": "seed-article/1",
    "headline": "Harbour reopens",
    "body": [
        {"type": "paragraph", "text": "Ferries left."},
        {"type": "photo", "photo": 0},
        {"type": "list", "items": [{"text": "one"}, {"text": "two"}]},
        {"type": "table", "rows": [["a", "b"], ["1", "2"]]},
    ],
    "photos": [{"caption": "The pier.", "credit": "Reuters", "credit_raw": "Photo: Reuters"}],
    "source_lines": ["According to VNE"],
    "lines": [
        {"n": 1, "class": "imported", "to": ["headline"]},
        {"n": 2, "class": "skipped", "to": []},
        {"n": 3, "class": "blank"},
        {"n": 4, "class": "uncertain", "to": ["body[1]"]},
        {"n": 5, "class": "imported", "to": ["body[2]", "body[3]"]},
        {"n": 6, "class": "imported", "to": ["source_lines[0]"]},
    ],
    "skipped": [{"line": 2, "text": "Share", "reason": "share"}],
    "uncertain": [{"line": 4, "text": "The pier.", "reason": "photo_missing_marker"}],
    "flags": ["photo_missing_marker"],
    "source_text": ["Harbour reopens", "Share", "", "<i>The pier.</i>", "one", "According to VNE"],
}


def test_each_line_stands_beside_what_it_became():
    lines = report_lines(REPORT)
    assert [(line.fate, line.text) for line in lines[:2]] == [
        ("imported", "Harbour reopens"),
        ("skipped", "Share"),
    ]
    assert lines[0].became == [("headline", "Harbour reopens")]
    assert lines[1].reasons == ["share"]
    assert lines[3].became == [("body[1]", "The pier. Photo: Reuters")]
    assert lines[4].became == [("body[2]", "one | two"), ("body[3]", "a | b | 1 | 2")]
    assert lines[5].became == [("source_lines[0]", "According to VNE")]
    assert open_lines(REPORT) == 1


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"lines": None, "body": 3},
        {"lines": [{"n": 1, "class": "imported", "to": ["body[99]", "nothing", "body[x]"]}]},
        {"lines": ["odd"], "skipped": "odd", "source_text": {}},
    ],
)
def test_report_of_another_shape_is_read_as_far_as_it_goes(report):
    assert all(text == "" for line in report_lines(report) for _place, text in line.became)


def imported(report: dict[str, Any], article: Article) -> ImportedDocument:
    return ImportedDocument.objects.create(
        run=ImportRun.objects.create(),
        external_id="world/harbour.txt",
        outcome="needs_editor",
        report=report,
        article=article,
    )


def page_of(row: ImportedDocument, query: str = "") -> Any:
    url = reverse("admin:articles_importeddocument_change", args=[row.pk])
    return desk.page(desk.client_of(make_user("Auditor")), url + query)


@pytest.mark.django_db
def test_report_shows_lines_that_need_an_editor_first_and_their_markup_as_text():
    page = page_of(imported(REPORT, make_article()))
    rows = page.xpath("//table[@class='desk-report']/tbody/tr")
    assert [row.find("th").text for row in rows] == ["4", "1", "2", "5", "6"]
    assert "<i>The pier.</i>" in rows[0].text_content()
    assert "1 line needs an editor." in page.text_content()


@pytest.mark.django_db
def test_report_is_also_read_in_the_order_of_the_source():
    page = page_of(imported(REPORT, make_article()), "?lines=in-order")
    rows = page.xpath("//table[@class='desk-report']/tbody/tr")
    assert [row.find("th").text for row in rows] == ["1", "2", "4", "5", "6"]


@pytest.mark.django_db
def test_article_form_leads_to_the_report():
    article = make_article()
    row = imported(REPORT, article)
    page = desk.page(desk.client_of(make_user("Editor")), desk.change_url(article))
    note = page.find_class("desk-note")[0]
    assert "Imported from world/harbour.txt" in note.text_content()
    assert "1 line needs an editor." in note.text_content()
    url = reverse("admin:articles_importeddocument_change", args=[row.pk])
    assert note.find("a").get("href") == url


@pytest.mark.django_db
def test_first_page_lists_imports_until_an_editor_saved_them():
    article = Article.objects.create(headline="Fresh import")
    imported(REPORT, article)
    client = desk.client_of(make_user("Editor"))
    panel = desk.page(client, "/admin/").get_element_by_id("board-imports").getparent()
    assert "Fresh import" in panel.text_content()
    desk.save(client, article, headline="Looked at")
    panel = desk.page(client, "/admin/").get_element_by_id("board-imports").getparent()
    assert "Looked at" not in panel.text_content()
