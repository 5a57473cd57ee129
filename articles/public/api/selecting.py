"""Which stories a list of the API holds: the words and filters that search has, and no others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from articles.models import Publication
from articles.public import cursors, finding
from articles.public.api import loading
from articles.public.api.parameters import Parameter, refuse
from articles.public.api.problems import Problem
from articles.public.filters import NAMES, StoryFilter
from articles.search.query import parse

# Filters that name a row: nothing readers know of is a 404, as at its page.
_NAMING = ("section", "topic", "contributor", "source")
_DAY = {"type": "string", "format": "date", "pattern": "^[1-8][0-9]{3}-"}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "section": {"type": "string", "minLength": 1, "maxLength": 200},
    "from": _DAY,
    "until": _DAY,
    "language": {"type": "string", "pattern": "^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,4}$"},
    "photo": {"type": "string", "enum": ["true", "false"]},
}
_EXAMPLES = {
    "section": "world",
    "topic": "harbours",
    "contributor": "ada-weil",
    "source": "reuters",
    "from": "2026-01-01",
    "until": "2026-12-31",
    "language": "en",
    "photo": "true",
}


def described() -> list[Parameter]:
    """Return the filters as the OpenAPI description has them."""
    filters = StoryFilter.base_filters
    return [
        Parameter(
            name,
            f"{filters[name].label}. {filters[name].extra.get('help_text', '')}".strip(),
            _SCHEMAS.get(name, {"type": "string", "minLength": 1, "maxLength": 100}),
            example=_EXAMPLES.get(name),
        )
        for name in NAMES
    ]


@dataclass(frozen=True, slots=True)
class Selected:
    """One page of a list; ``following`` is the cursor of the next, empty on the last."""

    publications: list[Any]
    following: str = ""


def select(given: QueryDict, asked: dict[str, Any], at: dt.datetime) -> Selected:
    """Return the page of listed stories that is asked for, found by words or newest first."""
    chosen = _filtered(given, at)
    if asked["q"] is not None:
        return _found(chosen, asked, at)
    place = {"before": asked["cursor"]} if asked["cursor"] else {}
    page = cursors.read_page(chosen.stories(), loading.lines, place, asked["limit"])
    return Selected(page.stories, page.older.partition("=")[2])


def _filtered(given: QueryDict, at: dt.datetime) -> StoryFilter:
    """Return the filters with what they leave; raises Problem with each that means nothing."""
    refuse([(name, "Say something or leave it out.") for name in NAMES if given.get(name) == ""])
    chosen = StoryFilter(given, queryset=Publication.objects.listed(at), at=at)
    wrong = [(name, str(errors[0])) for name, errors in chosen.errors.items()]
    if wrong and all(name in _NAMING for name, _detail in wrong):
        raise Problem(404, "There is nothing of that name, or nothing any more.", wrong)
    refuse(wrong)
    return chosen


def _found(chosen: StoryFilter, asked: dict[str, Any], at: dt.datetime) -> Selected:
    query = parse(asked["q"])
    if query.is_empty:
        return Selected([])
    values = {name: value for name, value in chosen.form.cleaned_data.items() if value}
    found = finding.look(query, finding.scope_of(values), chosen.qs, sort=asked["sort"], at=at)
    page = finding.page_of(found, asked["cursor"] or "", asked["limit"])
    if page is None:
        raise Problem(404, "This cursor is of another list: take it from a next address.")
    rows = {row.pk: row for row in loading.lines(chosen.qs.filter(pk__in=page.ids))}
    return Selected([rows[pk] for pk in page.ids if pk in rows], page.following)
