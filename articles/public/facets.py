"""How what was found can be narrowed down: values with their numbers, counted in what was found.

A fixed number of queries, each over the bounded number of stories that were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import pages
from articles.models import Publication, Section
from articles.prepared import Prepared
from articles.public.finding import Found

_SHOWN = 8  # values of one facet

Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Value:
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    values: list[Value]


def facets_of(
    found: Found, chosen: Mapping[str, Any], sections: Iterable[Section], address: Address
) -> list[Facet]:
    """Return the facets that narrow anything down; ``address`` makes a link from filters.

    What is chosen already is left out; of a chosen section, those under it are shown.
    """
    made = [
        Facet("section", _("Section"), _sections(found, chosen.get("section"), sections, address)),
        Facet("topic", _("Topic"), _related(found, "topics", "topic", address)),
        Facet("contributor", _("By"), _related(found, "contributors", "contributor", address)),
        Facet("source", _("Source"), _related(found, "sources", "source", address)),
        Facet("year", _("Year"), _years(found, address)),
        Facet("language", _("Language"), _languages(found, address)),
        Facet("photo", _("Photo"), _photos(found, address)),
    ]
    taken = {"year" if name in ("from", "until") else name for name in chosen if name != "section"}
    return [facet for facet in made if facet.name not in taken and _narrows(facet, found)]


def _narrows(facet: Facet, found: Found) -> bool:
    return len(facet.values) > 1 or any(value.count < found.count for value in facet.values)


def _sections(
    found: Found, above: Section | None, sections: Iterable[Section], address: Address
) -> list[Value]:
    """Count each section with those under it, as its filter does."""
    own = Counter(row.section for row in found.rows)
    rows = {row.path: row for row in sections}
    counts: Counter[str] = Counter()
    for path, row in rows.items():
        parts = path.split("/")
        for n in range(len(parts)):
            counts["/".join(parts[: n + 1])] += own[row.pk]
    beginning = f"{above.path}/" if above else ""
    shown = [path for path, number in counts.items() if number and path.startswith(beginning)]
    shown.sort(key=lambda path: (-counts[path], path))
    return [Value(rows[path].name, counts[path], address(section=path)) for path in shown[:_SHOWN]]


def _related(found: Found, relation: str, column: str, address: Address) -> list[Value]:
    """Count topics, people or sources; a merged topic counts as what it was merged into."""
    counts: Counter[tuple[str, str]] = Counter()
    for *names, number in _counts(relation, column)([row.pk for row in found.rows]):
        target = tuple(names[2:]) if len(names) > 2 and names[2] else tuple(names[:2])
        counts[target] += number
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))
    return [
        Value(label, number, address(**{column: slug}))
        for (slug, label), number in ordered[:_SHOWN]
    ]


@cache
def _counts(relation: str, column: str) -> Prepared:
    """Return the query of how many stories name which topic, person or source."""
    through: Any = getattr(Publication, relation).through
    columns = [f"{column}__slug", f"{column}__name"]
    if column == "topic":
        columns += ["topic__merged_into__slug", "topic__merged_into__name"]

    def build(stories: list[int]) -> QuerySet[Any, Any]:
        rows = through.objects.filter(publication__in=stories).values_list(*columns)
        return rows.annotate(number=Count("pk")).order_by()

    return Prepared(build)


def _years(found: Found, address: Address) -> list[Value]:
    zone = timezone.get_default_timezone()
    counts = Counter(row.published_at.astimezone(zone).year for row in found.rows)
    return [
        Value(str(year), number, _address_of_year(year, address))
        for year, number in sorted(counts.items(), reverse=True)[:_SHOWN]
    ]


def _address_of_year(year: int, address: Address) -> str:
    return address(**{"from": f"{year:04}-01-01", "until": f"{year:04}-12-31"})


def _languages(found: Found, address: Address) -> list[Value]:
    counts = Counter(row.language.split("-")[0].lower() for row in found.rows)
    return [
        Value(pages.language_name(code), number, address(language=code))
        for code, number in counts.most_common(_SHOWN)
    ]


def _photos(found: Found, address: Address) -> list[Value]:
    counts = Counter(row.has_photo for row in found.rows)
    labels: Iterable[tuple[bool, str]] = ((True, _("With a photo")), (False, _("Without a photo")))
    return [
        Value(label, counts[flag], address(photo=str(flag).lower()))
        for flag, label in labels
        if counts[flag]
    ]
