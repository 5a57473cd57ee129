"""The search page: what readers typed and chose, what was found, and how to go on from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from articles import dates, pages
from articles.cards import Card
from articles.models import Publication, Section
from articles.prepared import Prepared
from articles.public import finding, lists
from articles.public.facets import facets_of
from articles.public.filters import NAMES, PHOTO_CHOICES, StoryFilter, day_of
from articles.public.finding import BY_DATE, BY_RELEVANCE, Found
from articles.public.hints import help_for
from articles.public.responses import ReaderView
from articles.public.structured_data import json_ld, list_page
from articles.search.extracts import Piece, extract, highlight, marked
from articles.search.index import plain_text
from articles.search.interface import CANDIDATES
from articles.search.query import Query, parse, wanted

_NEWEST = 5  # stories shown where nothing was found
_HIDDEN = ("topic", "contributor", "source", "language")  # chosen by facets, kept by the form


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found, with the words it was found by marked."""

    story: Publication
    headline: SafeString
    extract: SafeString


@dataclass(frozen=True, slots=True)
class Active:
    """A filter that is on, and the address without it."""

    label: str
    value: str
    url: str


class SearchView(ReaderView, TemplateView):
    """The form, what it found, and what to narrow it down by; all of it without a script."""

    template_name = "articles/search.html"
    is_kept = True
    kept_with = frozenset({"q", "sort", "after"})

    def tags(self) -> set[str]:
        return {"search"}

    @cached_property
    def query(self) -> Query:
        return parse(self.request.GET.get("q", ""))

    @cached_property
    def filters(self) -> StoryFilter:
        return StoryFilter(self.request.GET, Publication.objects.listed(self.at), at=self.at)

    @cached_property
    def has_filters(self) -> bool:
        return any(self._asked(name) for name in NAMES)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """Return the filters that are on, by name, with what they stand for."""
        if not self.has_filters or not self.filters.is_valid():
            return {}
        values = self.filters.form.cleaned_data
        return {name: values[name] for name in NAMES if values.get(name)}

    @cached_property
    def sections(self) -> list[Section]:
        return _SECTIONS()

    @cached_property
    def sort(self) -> str:
        by_date = self.request.GET.get("sort") == BY_DATE or not self.query.terms
        return BY_DATE if by_date else BY_RELEVANCE

    def address(self, **changes: str) -> str:
        """Return the address of this search with other words or filters, from its first page."""
        asked = {name: self.request.GET.get(name, "") for name in NAMES}
        sort = BY_DATE if self.request.GET.get("sort") == BY_DATE else ""
        values = {"q": self.query.text, **asked, "sort": sort, **changes}
        query = urlencode(
            {name: value for name, value in values.items() if value}, errors="replace"
        )
        return f"{reverse('articles:search')}{'?' if query else ''}{query}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_asked = bool(self._asked("q").strip() or self._is_filtered())
        errors = self._errors() if self.has_filters else []
        here = self.address() if is_asked else reverse("articles:search")
        context = super().get_context_data(
            at=self.at,
            query=self.query,
            asked={name: self._asked(name) for name in NAMES},
            errors=errors,
            wrong={name for name, *_others in errors},
            photo_choices=PHOTO_CHOICES,
            is_asked=is_asked,
            sort=self.sort,
            sections=self.sections,
            hidden=[(name, self._asked(name)) for name in _HIDDEN if self._asked(name)],
            canonical=pages.absolute(here),
            **kwargs,
        )
        if not is_asked:
            structured = json_ld(list_page(_("Search"), here))
            return {**context, **self._start(), "structured_data": structured}
        return {**context, **self._results()}

    def _asked(self, name: str) -> str:
        return self.request.GET.get(name, "")

    def _is_filtered(self) -> bool:
        return any(self._asked(name).strip() for name in NAMES)

    def _start(self) -> dict[str, Any]:
        return {"newest": self._newest()}

    def _results(self) -> dict[str, Any]:
        found = Found()
        scope = finding.scope_of(self.chosen)
        is_valid = not self.has_filters or self.filters.is_valid()
        can_look = is_valid and not (self.query.is_empty and not self.chosen)
        if can_look:
            rows = self.filters.qs if self.chosen else None
            found = finding.look(self.query, scope, rows, sort=self.sort, at=self.at)
        page = finding.page_of(found, self._asked("after"), settings.LIST_PAGE_SIZE)
        if page is None:
            raise Http404
        context = {
            "found": found,
            "page": page,
            "active": self._active(),
            "candidates": CANDIDATES,
            "sorts": self._sorts(),
        }
        if found.count:
            return {
                **context,
                "hits": list(self._hits(page.ids)),
                "facets": facets_of(found, self.chosen, self.sections, self.address),
                "more_url": self._more(page.following),
                "older_url": self._older(found) if not page.following else "",
            }
        help_ = None
        if can_look:
            help_ = help_for(self.query, self.chosen, self._labels(), self.address, self.at)
        older = self._older(found)
        return {**context, "help": help_, "newest": self._newest(), "older_url": older}

    def _hits(self, ids: list[int]) -> Iterable[Hit]:
        stories = {story.pk: story for story in _HITS(self.at, ids)}
        pages.load_renditions(story.lead_photo for story in stories.values())
        words = wanted(self.query)
        for pk in ids:
            if story := stories.get(pk):
                headline = marked(highlight(story.headline, words, story.language))
                yield Hit(story, headline, marked(_extract(story, words)))

    def _newest(self) -> list[Card]:
        return lists.newest("", self.at, size=_NEWEST)

    def _more(self, following: str) -> str:
        return self.address(after=following) if following else ""

    def _older(self, found: Found) -> str:
        """Return where to go on when the newest that match were all paged through, or none of the
        newest stories matches."""
        if found.since is None:
            return ""
        day = day_of(found.since)
        until = self.chosen.get("until")
        if until and day >= until:
            day = until - dt.timedelta(days=1)
        return self.address(until=f"{day:%Y-%m-%d}")

    def _sorts(self) -> list[tuple[str, str, bool]]:
        """Return the orders there are: label, address, whether it is the one shown."""
        if not self.query.terms:
            return []
        return [
            (_("Best match"), self.address(sort=""), self.sort == BY_RELEVANCE),
            (_("Newest"), self.address(sort=BY_DATE), self.sort == BY_DATE),
        ]

    def _active(self) -> list[Active]:
        labels = self._labels()
        return [
            Active(labels[name], _shown(name, value), self.address(**{name: ""}))
            for name, value in self.chosen.items()
        ]

    def _labels(self) -> dict[str, str]:
        return {name: str(StoryFilter.base_filters[name].label) for name in NAMES}

    def _errors(self) -> list[tuple[str, str, str, list[str]]]:
        """Return what is wrong with filters: name, label, address without it, messages."""
        labels = self._labels()
        return [
            (name, labels[name], self.address(**{name: ""}), list(map(str, messages)))
            for name, messages in self.filters.errors.items()
        ]


class OpenSearchView(ReaderView):
    """How a browser adds this site's search to its own (OpenSearch 1.1)."""

    def get(self, request: Any) -> HttpResponse:
        address = pages.absolute(reverse("articles:search"))
        return render(
            request,
            "articles/opensearch.xml",
            {"address": address},
            content_type="application/opensearchdescription+xml; charset=utf-8",
        )


_SECTIONS = Prepared(lambda: Section.objects.order_by("path"))
_HITS = Prepared(
    lambda at, ids: lists.cards(Publication.objects.listed(at).filter(pk__in=ids), "body")
)


def _extract(story: Publication, words: list[tuple[str, ...]]) -> list[Piece]:
    """Return the place of the text that shows best why a story was found."""
    return extract(plain_text(story.body), words, story.language, instead=story.standfirst)


def _shown(name: str, value: Any) -> str:
    if isinstance(value, dt.date):
        return dates.day(value)
    if name == "language":
        return pages.language_name(value)
    if name == "photo":
        return _("With a photo") if value == "true" else _("Without a photo")
    return str(value)
