"""What the things that stories refer to by uuid, path or slug are called at the desk."""

from __future__ import annotations

from typing import Any

from articles.document import Document
from articles.models import Article, Contributor, Photo, Section, Source, Topic


def names_in(*stories: Document) -> dict[str, str]:
    """Return name by uuid, path or slug for all that the stories refer to, in six queries."""
    wanted: dict[Any, set[str]] = {
        Photo: {uuid for story in stories for uuid in story.photos()},
        Contributor: {row.contributor for story in stories for row in story.bylines},
        Source: {row.source for story in stories for row in story.attributions},
        Article: {row.article for story in stories for row in story.related}
        | {story.original for story in stories},
    }
    out: dict[str, str] = {}
    for model, uuids in wanted.items():
        rows = model.objects.filter(uuid__in=uuids - {""}) if uuids - {""} else []
        out |= {str(row.uuid): str(row) for row in rows}
    paths = {story.section for story in stories} - {""}
    out |= dict(Section.objects.filter(path__in=paths).values_list("path", "name"))
    slugs = {slug for story in stories for slug in story.topics}
    return out | dict(Topic.objects.filter(slug__in=slugs).values_list("slug", "name"))
