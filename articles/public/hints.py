"""What to try when nothing was found; each hint is asked for before it is given."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.models import Publication
from articles.public import finding
from articles.search.interface import Scope
from articles.search.query import Query, Term, parse
from articles.search.words import fold

_HEADLINES = 2000  # newest headlines whose words may be meant by a misspelled one
_WORD = re.compile(r"[^\W\d_]{3,}")
_ALIKE = 0.75

Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Hint:
    """A search that finds something; ``without`` names the filter it leaves out."""

    url: str
    count: int
    is_whole: bool
    without: str = ""


@dataclass
class Help:
    """``missing`` are words that no story has; ``meant`` is the query spelled as headlines do."""

    filters: list[Hint] = field(default_factory=list)
    loosened: Hint | None = None
    missing: list[str] = field(default_factory=list)
    meant: str = ""
    meant_url: str = ""


def help_for(
    query: Query, chosen: Mapping[str, Any], labels: Mapping[str, str], address: Address,
    at: dt.datetime,
) -> Help:  # fmt: skip
    """Return what would find something instead of a query that found nothing."""
    made = Help(filters=_without_filters(query, chosen, labels, address, at))
    if query.has_phrase or query.excluded:
        loose = parse(query.loosened)
        made.loosened = _hint(loose, finding.scope_of(chosen), address(q=loose.text), at)
    missing = [term for term in query.terms if not finding.is_found(Query(terms=(term,)), at)]
    made.missing = [term.text for term in missing]
    if missing:
        made.meant = _spelled(query, missing, at)
        made.meant_url = address(q=made.meant) if made.meant else ""
    return made


def _without_filters(
    query: Query, chosen: Mapping[str, Any], labels: Mapping[str, str], address: Address,
    at: dt.datetime,
) -> list[Hint]:  # fmt: skip
    hints = []
    for name in chosen:
        others = {key: value for key, value in chosen.items() if key != name}
        scope = finding.scope_of(others)
        if hint := _hint(query, scope, address(**{name: ""}), at, without=labels[name]):
            hints.append(hint)
    return hints


def _hint(
    query: Query, scope: Scope, url: str, at: dt.datetime, *, without: str = ""
) -> Hint | None:
    if query.is_empty:
        return None
    number, is_whole = finding.count(query, scope, at)
    return Hint(url, number, is_whole, without) if number else None


def _spelled(query: Query, missing: list[Term], at: dt.datetime) -> str:
    """Return the query with each missing word spelled as the newest headlines have it."""
    headlines = Publication.objects.listed(at).newest_first().values_list("headline", flat=True)
    known = {fold(word): word for row in headlines[:_HEADLINES] for word in _WORD.findall(row)}
    text = query.text
    for term in missing:
        if meant := _closest(fold(term.text), known):
            text = text.replace(term.text, meant)
    return text if text != query.text and finding.is_found(parse(text), at) else ""


def _closest(word: str, known: Mapping[str, str]) -> str:
    """Return the word that is spelled most alike, of those about as long."""
    near = [other for other in known if abs(len(other) - len(word)) <= 2 and other != word]
    found = difflib.get_close_matches(word, near, n=1, cutoff=_ALIKE)
    return known[found[0]] if found else ""
