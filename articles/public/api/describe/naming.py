"""The operations that answer with what stories are under, about, by and from."""

from __future__ import annotations

from articles.public.api import asking
from articles.public.api.describe import examples
from articles.public.api.describe.operations import operation

_NAMES, _ABOUT = "Names", "About"
_PAGED = [asking.LIMIT, asking.AFTER]

ENTRY = operation(
    "getEntry", _ABOUT, "Where everything is", "The addresses of all lists.", answer="Entry"
)
OPENAPI = operation(
    "getOpenApi", _ABOUT, "This description", "The OpenAPI 3.1 description of the API."
)
SECTIONS = operation(
    "listSections", _NAMES, "Sections", "All sections of the site.", answer="SectionList"
)
TOPICS = operation(
    "listTopics",
    _NAMES,
    "Topics",
    "What published stories are or were about.",
    answer="TopicList",
    example=examples.TOPICS,
    parameters=_PAGED,
    paged=True,
)
CONTRIBUTORS = operation(
    "listContributors",
    _NAMES,
    "Contributors",
    "Who stands or stood in the bylines of published stories.",
    answer="ContributorList",
    parameters=_PAGED,
    paged=True,
)
SOURCES = operation(
    "listSources",
    _NAMES,
    "Sources",
    "Persons, institutions, agencies, outlets and documents that published stories lean on.",
    answer="SourceList",
    parameters=_PAGED,
    paged=True,
)
CORRECTIONS = operation(
    "listCorrections",
    _NAMES,
    "Corrections and retractions, newest first",
    "What was put right in stories that stand, and which stories were withdrawn.",
    answer="CorrectionList",
    example=examples.CORRECTIONS,
    parameters=[asking.LIMIT, asking.CURSOR],
    paged=True,
)
