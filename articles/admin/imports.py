"""Imports at the desk: every line of a source document beside what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import ReadOnlyAdmin
from articles.choices import Outcome
from articles.models import Article, ImportedDocument, ImportRun


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of a source: its fate (imported, skipped, uncertain or blank), the reasons given,
    and pairs of (place, the text it became there)."""

    number: int
    fate: str
    text: str
    reasons: list[str] = field(default_factory=list)
    became: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What an article's form says about where it came from."""

    source: str
    open_lines: int
    url: str


def report_lines(report: dict[str, Any]) -> list[ReportLine]:
    """Read a reader's report (``seed-article/1`` with ``source_text``) line by line."""
    texts = _source_texts(report)
    reasons: dict[int, list[str]] = {}
    for row in [*_rows(report, "skipped"), *_rows(report, "uncertain")]:
        reasons.setdefault(row.get("line", 0), []).append(str(row.get("reason", "")))
    return [
        ReportLine(
            number=row.get("n", 0),
            fate=str(row.get("class", "")),
            text=texts.get(row.get("n", 0), ""),
            reasons=reasons.get(row.get("n", 0), []),
            became=[(place, _text_at(report, place)) for place in _places(row)],
        )
        for row in _rows(report, "lines")
    ]


def uncertain_first(lines: Iterable[ReportLine]) -> list[ReportLine]:
    """Put the lines that need an editor above the others, each part in the source's order."""
    return sorted(lines, key=lambda line: line.fate != "uncertain")


def open_lines(report: dict[str, Any]) -> int:
    """Count the lines that need an editor."""
    return sum(1 for row in _rows(report, "lines") if row.get("class") == "uncertain")


def note_of_import(article: Article) -> ImportNote | None:
    """Return where an article came from, or None if it was written here; one query."""
    row = article.imported_documents.order_by("-id").first()
    if row is None:
        return None
    url = reverse("admin:articles_importeddocument_change", args=[row.pk])
    return ImportNote(row.external_id, open_lines(row.report), url)


def _rows(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = report.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _places(row: dict[str, Any]) -> list[str]:
    places = row.get("to") or []
    return [str(place) for place in ([places] if isinstance(places, str) else places)]


def _source_texts(report: dict[str, Any]) -> dict[int, str]:
    """Return the source's lines by number; without them, those that the report quotes."""
    lines = report.get("source_text")
    if isinstance(lines, list):
        return {number: str(text) for number, text in enumerate(lines, start=1)}
    quoted = [*_rows(report, "skipped"), *_rows(report, "uncertain")]
    return {row.get("line", 0): str(row.get("text", "")) for row in quoted}


def _text_at(report: dict[str, Any], place: str) -> str:
    """Return the text of a place: a field, or an entry of a list like ``body[3]``."""
    name, _bracket, rest = place.partition("[")
    value = report.get(name)
    index = rest.partition("]")[0]
    if index.isdigit():
        entries = value if isinstance(value, list) else []
        value = entries[int(index)] if int(index) < len(entries) else None
        if isinstance(value, dict) and value.get("type") == "photo":
            value = _photo(report, value.get("photo"))
    return _flat(value)


def _photo(report: dict[str, Any], index: Any) -> Any:
    photos = _rows(report, "photos")
    return photos[index] if isinstance(index, int) and 0 <= index < len(photos) else None


def _flat(value: Any) -> str:
    """Return the words of any part of a report in one line."""
    match value:
        case None | bool():
            return ""
        case str() | int():
            return str(value)
        case list():
            return " | ".join(filter(None, (_flat(part) for part in value)))
        case {"text": text}:
            return _flat(text)
        case {"items": parts} | {"rows": parts}:
            return _flat(parts)
        case {"credit_raw": credit}:
            return " ".join(filter(None, [_flat(value.get("caption")), _flat(credit)]))
        case {"title": title}:
            return _flat(title)
        case {"name": name}:
            return _flat(name)
    return ""


@admin.register(ImportedDocument)
class ImportedDocumentAdmin(ReadOnlyAdmin):
    change_form_template = "admin/articles/importeddocument/change_form.html"
    list_display = ["external_id", "outcome", "error", "to_article", "created_at"]
    list_select_related = ["article"]
    list_filter = ["outcome"]
    search_fields = ["external_id"]
    search_whole = ("external_id", "article__uuid")
    search_help_text = gettext_lazy(
        "Finds words in the 10,000 documents imported last; any by its whole source, or the "
        "article’s uuid."
    )
    fields = ["external_id", "outcome", "error", "to_article", "format", "run", "created_at"]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "articles_importeddocument_changelist"
        return rows.defer("report", "article__body") if is_list else rows

    @admin.display(description=gettext_lazy("article"))
    def to_article(self, row: ImportedDocument) -> SafeString | str:
        if row.article is None:
            return _("none: the document was rejected")
        url = reverse("admin:articles_article_change", args=[row.article_id])
        return format_html('<a href="{}" dir="auto">{}</a>', url, row.article)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        if row is not None:
            lines = [line for line in report_lines(row.report) if line.fate != "blank"]
            in_order = request.GET.get("lines") == "in-order"
            context["lines"] = lines if in_order else uncertain_first(lines)
            context["in_order"] = in_order
            context["open_lines"] = open_lines(row.report)
            context["flags"] = row.report.get("flags") or []
            context["needs_editor"] = row.outcome == Outcome.NEEDS_EDITOR
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "by", "options"]
    list_select_related = ["by"]
    ordering = ["-id"]
