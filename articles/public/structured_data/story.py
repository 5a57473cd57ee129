"""A story as schema.org NewsArticle: who wrote it, what it rests on, what was put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from articles.choices import BylineRole, SourceKind
from articles.models import Publication
from articles.pages import ArticlePage, Change, absolute
from articles.public.addresses import page_of
from articles.public.structured_data.graph import (
    Node,
    breadcrumb,
    given,
    graph,
    name_of_site,
    publisher,
    time,
    website,
)
from articles.public.structured_data.pictures import images, in_order

_SUPPLIERS = (SourceKind.AGENCY, SourceKind.OUTLET)


def news_article(page: ArticlePage, translations: Iterable[tuple[str, str]] = ()) -> Node:
    """Return a story with the way to it; ``translations`` are pairs of language and address."""
    story = page.publication
    url = absolute(story.get_absolute_url())
    article = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": url,
        "isPartOf": website(),
        "headline": story.headline,
        "description": story.standfirst,
        "inLanguage": story.language,
        "datePublished": time(story.published_at),
        "dateModified": time(max(story.revised_at, story.published_at)),
        "articleSection": story.section.name,
        "wordCount": story.words,
        "isAccessibleForFree": True,
        "author": _authors(story.credits) or [{"@type": "Organization", **name_of_site()}],
        "publisher": publisher(),
        "translator": people(story.credits, BylineRole.TRANSLATOR),
        "about": [
            {"@type": "Thing", "name": row["name"], "url": page_of("topic", row["slug"])}
            for row in story.credits.get("topics", [])
        ],
        "image": images(in_order(page)),
        "isBasedOn": [_work(row) for row in _sources(story.credits, supplied=True)],
        "citation": [_work(row) for row in _sources(story.credits, supplied=False)],
        "correction": [_correction(change) for change in page.changes],
        "workTranslation": [
            {"@type": "CreativeWork", "@id": f"{to}#article", "url": to, "inLanguage": code}
            for code, to in translations
        ],
    }
    return graph(article, breadcrumb(_way(story)))


def people(stored: dict[str, Any], role: str) -> list[Node]:
    """Return those who stand in a byline in a role; ``stored`` are the credits of a publication."""
    return [_person(row) for row in stored.get("bylines", []) if row["role"] == role]


def _authors(stored: dict[str, Any]) -> list[Node]:
    return people(stored, BylineRole.AUTHOR)


def _person(row: dict[str, str]) -> Node:
    page = page_of("contributor", row["slug"]) if row["slug"] else ""
    affiliation = {"@type": "Organization", "name": row["affiliation"]}
    return given(
        {
            "@type": "Person",
            "@id": f"{page}#person" if page else "",
            "name": row["name"],
            "url": page,
            "affiliation": affiliation if row["affiliation"] else None,
        }
    )


def _sources(stored: dict[str, Any], *, supplied: bool) -> list[dict[str, str]]:
    return [row for row in stored.get("sources", []) if (row["kind"] in _SUPPLIERS) == supplied]


def _work(row: dict[str, str]) -> Node:
    """Return what a source gave: the story knows who it came from, not which work it was."""
    work: Node = {
        "@type": "CreativeWork",
        "name": row["name"],
        "url": page_of("source", row["slug"]),
    }
    if row["kind"] != SourceKind.DOCUMENT:
        work["creator"] = {"@type": kind_of(row["kind"]), "name": row["name"]}
    return work


def kind_of(source_kind: str) -> str:
    """Return what a source is in schema.org's words."""
    kinds = {SourceKind.PERSON: "Person", SourceKind.DOCUMENT: "CreativeWork"}
    return kinds.get(SourceKind(source_kind), "Organization")


def _correction(change: Change) -> Node:
    return {
        "@type": "CorrectionComment",
        "text": change.text,
        "datePublished": time(change.at),
    }


def _way(story: Publication) -> Iterable[tuple[str, str]]:
    section = story.section
    if section.parent:
        yield section.parent.name, section.parent.get_absolute_url()
    yield section.name, section.get_absolute_url()
    yield story.headline, story.get_absolute_url()
