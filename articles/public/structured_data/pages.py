"""The site, its lists and the people on them, in schema.org's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings

from articles.cards import Story
from articles.models import Contributor, Source
from articles.pages import absolute
from articles.public.addresses import page
from articles.public.structured_data.graph import (
    Node,
    breadcrumb,
    given,
    graph,
    publisher,
    the_publisher,
    website,
)
from articles.public.structured_data.story import kind_of

Way = Iterable[tuple[str, str]]


def site_page() -> Node:
    """Return the site with its publisher and the address of its search."""
    site = {
        **website(),
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": the_publisher(),
        "potentialAction": _search(),
    }
    return graph(site, publisher())


def list_page(
    name: str,
    path: str,
    stories: Sequence[Story] = (),
    *,
    description: str = "",
    way: Way = (),
    about: Node | None = None,
) -> Node:
    """Return a list of stories; ``path`` may end in a query, ``way`` are the lists above it."""
    return graph(
        {
            "@type": "CollectionPage",
            "@id": absolute(path),
            "url": absolute(path),
            "name": name,
            "description": description,
            "inLanguage": settings.LANGUAGE_CODE,
            "isPartOf": website(),
            "about": about,
            "mainEntity": _items(stories),
        },
        breadcrumb([*way, (name, path.partition("?")[0])]),
    )


def profile_page(person: Contributor, path: str, stories: Sequence[Story] = ()) -> Node:
    """Return the page of a contributor, with the stories it lists."""
    url = absolute(person.get_absolute_url())
    node = given(
        {
            "@type": "Person",
            "@id": f"{url}#person",
            "name": person.name,
            "url": url,
            "jobTitle": person.title,
            "description": person.bio,
            "worksFor": publisher(),
        }
    )
    return graph(
        {
            "@type": "ProfilePage",
            "@id": absolute(path),
            "url": absolute(path),
            "name": person.name,
            "inLanguage": settings.LANGUAGE_CODE,
            "isPartOf": website(),
            "mainEntity": node,
        },
        *([items] if (items := _items(stories)) else []),
        breadcrumb([(person.name, person.get_absolute_url())]),
    )


def source_page(source: Source, path: str, stories: Sequence[Story] = ()) -> Node:
    """Return the page of a source, with the stories that lean on it."""
    about = given({"@type": kind_of(source.kind), "name": source.name, "url": source.url})
    return list_page(source.name, path, stories, description=source.description, about=about)


def _items(stories: Sequence[Story]) -> Node | None:
    if not stories:
        return None
    return {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "url": absolute(story.get_absolute_url()),
                "name": story.headline,
            }
            for position, story in enumerate(stories, 1)
        ],
    }


def _search() -> Node | None:
    """Return how to search the site (https://schema.org/SearchAction), if it can be searched."""
    address = page("search")
    if not address:
        return None
    return {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{address}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
