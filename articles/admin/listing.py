"""The list of articles: its columns, filters, search and what is done to many at once.

What a row shows beside its own columns is looked up for the whole page at once, through the same
cases that the gates are asked of.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.bulk import BulkPages
from articles.admin.filters import Author, AuthorForm, DeskLanguage, InSection, PublicState, Waiting
from articles.admin.finding import find
from articles.admin.places import Place, Row, places
from articles.admin.standing import Label, label, marks, moment
from articles.choices import BylineRole, DeskState
from articles.credits import join_names
from articles.models import Article, Presence, Publication
from articles.workflow import gates

# Who was seen in an article's form so many seconds ago is in it now.
PRESENT_FOR = 90


@dataclass(frozen=True, slots=True)
class Line:
    """What a row shows that isn't in the article's own columns; ``words`` is None when it was
    never saved as a revision, ``problems`` when nothing can be published.

    ``publications`` are the one readers see and the one to come, without bodies."""

    label: Label
    marks: list[str]
    authors: str = ""
    words: int | None = None
    problems: list[gates.Problem] | None = None
    standfirst: str = ""
    publications: tuple[Publication, ...] = ()


def lines(articles: list[Article], at: dt.datetime) -> dict[int, Line]:
    """Return the lines of a page of articles, in the gates' queries and no more."""
    cases = {case.article.pk: case for case in gates.make_cases(articles, at)}
    return {article.pk: _line(article, cases.get(article.pk), at) for article in articles}


def _line(article: Article, case: gates.Case | None, at: dt.datetime) -> Line:
    if case is None or case.now is None:
        return Line(label(article, None, None, at), marks(article, at))
    is_over = article.state == DeskState.SPIKED or case.now.is_withdrawn
    problems = None if is_over else gates.check(case)
    found = marks(article, at)
    if any(problem.code == "photo_no_file" for problem in problems or ()):
        found.append(_("photo file missing"))
    by = [row.name for row in case.story.bylines if row.role == BylineRole.AUTHOR]
    return Line(
        label(article, case.now, case.revision, at),
        found,
        join_names(by),
        case.story.words(),
        problems,
        case.story.standfirst,
        tuple(row for row in (case.now.live, case.now.pending) if row is not None),
    )


class ArticleChangeList(ChangeList):
    """Looks up for all rows of the page what their columns show."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        now = timezone.now()
        rows = list(self.result_list)
        young = now - dt.timedelta(seconds=PRESENT_FOR)
        present = Presence.objects.filter(seen_at__gte=young).select_related("user")
        prefetch_related_objects(rows, Prefetch("present", queryset=present, to_attr="in_it"))
        shown = lines(rows, now)
        for row in rows:
            row.line = shown[row.pk]
        looked = {row.pk: _looked_through(row) for row in rows} if self.query else {}
        found = places(looked, self.query)
        for row in rows:
            row.place = found.get(row.pk)
        self.result_list = rows


def _looked_through(article: Any) -> Row:
    """Return what a row shows of its article, and what it may have been found by."""
    line: Line = article.line
    section = article.section.name if article.section else ""
    shown = (article.headline, article.slugline, line.authors, section)
    return Row(shown, article.language, line.standfirst, line.publications)


class ArticleList(BulkPages):
    list_display = ["title", "section", "authors", "words", "preflight", "in_it_now", "changed"]
    list_display_links = ["title"]
    list_select_related = ["section"]
    list_filter = [
        "state", PublicState, Waiting, InSection, Author, "updated_at", DeskLanguage,
    ]  # fmt: skip
    search_fields = ["headline", "slugline", "standfirst", "bylines__name", "uuid"]
    search_help_text = gettext_lazy(
        "Finds words in all that is published, and in the 1,000 articles and 500 drafts changed "
        "last; any article by its whole published headline, address, author’s name or uuid."
    )
    ordering = ["-updated_at", "-id"]
    sortable_by = ["changed"]

    @property
    def media(self) -> Any:
        return super().media + AuthorForm().media

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return ArticleChangeList

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "articles_article_changelist"
        return rows.for_desk() if is_list else rows

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Return what is found, in bounded time, and that nothing stands in it twice."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=find(queryset, search_term)), False

    @admin.display(description=gettext_lazy("headline"), ordering="headline")
    def title(self, article: Any) -> SafeString:
        line: Line = article.line
        return format_html(
            '<span class="desk-headline" dir="auto">{}</span>'
            '<span class="desk-marks" dir="auto">{}</span>'
            '<span class="desk-line"><span class="desk-state {}">{}</span> {}{}</span>{}',
            article,
            article.slugline if article.headline else "",
            line.label.tone,
            line.label.word,
            line.label.detail,
            _tags(line.marks),
            _why(article.place),
        )

    @admin.display(description=gettext_lazy("by"))
    def authors(self, article: Any) -> str:
        return str(article.line.authors)

    @admin.display(description=gettext_lazy("words"))
    def words(self, article: Any) -> str:
        words = article.line.words
        return "" if words is None else number_format(words)

    @admin.display(description=gettext_lazy("preflight"))
    def preflight(self, article: Any) -> SafeString | str:
        """Say what stands in the way of publishing now, with a link to where it is told."""
        problems: list[gates.Problem] | None = article.line.problems
        if problems is None:
            return ""
        url = reverse("admin:articles_article_change", args=[article.pk])
        blockers = len(gates.blockers(problems))
        tone = "blocked" if blockers else "warned" if problems else "ready"
        return format_html(
            '<a class="desk-preflight {}" href="{}#preflight" title="{}">{}</a>',
            tone,
            url,
            problems[0].message if problems else _("Nothing stands against publishing it."),
            tally(problems),
        )

    @admin.display(description=gettext_lazy("open with"))
    def in_it_now(self, article: Any) -> str:
        return ", ".join(row.user.get_full_name() or str(row.user) for row in article.in_it)

    @admin.display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed(self, article: Article) -> str:
        return moment(article.updated_at)


def tally(problems: list[gates.Problem]) -> str:
    """Return the problems' number in words: "3 blockers · 1 warning", or "ready"."""
    blockers = len(gates.blockers(problems))
    warnings = len(problems) - blockers
    parts = [
        blockers and ngettext("%(n)d blocker", "%(n)d blockers", blockers) % {"n": blockers},
        warnings and ngettext("%(n)d warning", "%(n)d warnings", warnings) % {"n": warnings},
    ]
    return " · ".join(str(part) for part in parts if part) or _("ready")


def _why(place: Place | None) -> SafeString | str:
    """Return the line that says where the words stand that a row was found by."""
    if place is None:
        return ""
    return format_html(
        '<span class="desk-place">{} <span lang="{}" dir="auto">{}</span></span>', *place
    )


def _tags(texts: list[str]) -> SafeString:
    return format_html_join("", ' <span class="desk-tag">{}</span>', ([text] for text in texts))
