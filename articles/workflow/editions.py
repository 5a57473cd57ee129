"""Making a publication out of a revision: listing columns, rendered body, address, digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from articles import body, document, indexing
from articles.choices import PublicationKind
from articles.credits import source_lines
from articles.document import Document, DocumentRelated
from articles.models import (
    Article,
    Contributor,
    Photo,
    Publication,
    Revision,
    Section,
    Source,
    Topic,
)
from articles.models.listings import Listing
from articles.parts import Parts

SILENT = (PublicationKind.MINOR, PublicationKind.ARCHIVED)
WITHDRAWN = (PublicationKind.RETRACTION, PublicationKind.KILL)
UNLISTED = (*WITHDRAWN, PublicationKind.ARCHIVED)


@dataclass
class Edition:
    """A publication not yet saved, the rows its lists are made of, and those before it."""

    publication: Publication
    photos: list[Photo] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    before: list[Publication] = field(default_factory=list)

    def save(self) -> Publication:
        self.publication.save(force_insert=True)
        lists = {}
        for name in ("photos", "topics", "contributors", "sources"):
            numbers = list(dict.fromkeys(row.pk for row in getattr(self, name)))
            self._write(getattr(Publication, name).field, numbers)
            lists[name] = {self.publication.pk: sorted(numbers)}
        indexing.add([self.publication], self.before, lists)
        return self.publication

    def _write(self, relation: Any, numbers: Sequence[int]) -> None:
        """Write one list of the publication, which has none yet: nothing needs to be looked up."""
        through, column = relation.remote_field.through, relation.m2m_reverse_name()
        row = self.publication
        dated = {"published_at": row.published_at} if issubclass(through, Listing) else {}
        rows = [through(publication=row, **{column: number}, **dated) for number in numbers]
        if rows:
            through.objects.bulk_create(rows)


def path_for(story: Document, published_at: dt.datetime) -> str:
    """Return the address of a story, without the first slash; empty when it can't have one yet."""
    if not story.section or not story.slug:
        return ""
    day = timezone.localtime(published_at, timezone.get_default_timezone())
    return f"{story.section}/{day:%Y/%m/%d}/{story.slug}/"


def published_at(
    article: Article, first: Publication | None, live_from: dt.datetime
) -> dt.datetime:
    """Return the date a story carries: its original one, else that of its first publication."""
    if article.originally_published_at:
        return article.originally_published_at
    return first.published_at if first else live_from


def compose(
    article: Article,
    revision: Revision,
    *,
    kind: str,
    live_from: dt.datetime,
    note: str,
    by: Any,
    before: list[Publication],
    parts: Parts | None = None,
) -> Edition:
    """Make the edition of a revision; ``before`` are the article's publications, oldest first.

    ``parts`` are the rows that the revision was made of, for who has them.
    """
    story = document.from_json(revision.document)
    standing = [publication for publication in before if not publication.was_called_off]
    dated = published_at(article, standing[0] if standing else None, live_from)
    withdrawn = kind in WITHDRAWN
    rows = _rows(story, parts) if not withdrawn else {}
    last = standing[-1] if standing else None
    publication = Publication(
        article=article,
        revision=revision,
        number=before[-1].number + 1 if before else 1,
        kind=kind,
        note=note,
        live_from=live_from,
        is_listed=kind not in UNLISTED,
        path=last.path if withdrawn and last else path_for(story, dated),
        section=last.section if withdrawn and last else _section(article, story),
        headline="" if kind == PublicationKind.KILL else story.headline,
        standfirst="" if withdrawn else story.standfirst,
        kicker="" if kind == PublicationKind.KILL else story.kicker,
        language=last.language if withdrawn and last else story.language,
        original=last.original if withdrawn and last else story.original,
        dateline="" if withdrawn else story.dateline,
        published_at=dated,
        revised_at=_revised_at(kind, last, live_from, dated),
        created_by=by,
        previous_digest=before[-1].digest if before else "",
    )
    if not withdrawn:
        _fill(publication, story, rows)
    publication.digest = publication.make_digest(article, revision.digest)
    return Edition(publication, **rows, before=before)


def _fill(publication: Publication, story: Document, rows: dict[str, list]) -> None:
    publication.body = body.render(story.body)
    publication.words = story.words()
    publication.source_line = source_lines(story)
    publication.credits = _credits(story, rows)
    publication.related = [_related(row) for row in story.related]
    publication.lead_photo = rows["photos"][0] if rows["photos"] else None


def _related(row: DocumentRelated) -> dict[str, str]:
    """Return a related link as it is sealed: what is seldom there is left out."""
    out = {"article": row.article, "title": row.title, "url": row.url}
    seldom = {"pinned_until": row.pinned_until, "kind": row.kind}
    return out | {name: value for name, value in seldom.items() if value}


def _revised_at(
    kind: str, last: Publication | None, live_from: dt.datetime, dated: dt.datetime
) -> dt.datetime:
    if last is None:
        return dated
    comes_back = last.kind == PublicationKind.ARCHIVED and kind == PublicationKind.REINSTATED
    return last.revised_at if kind in SILENT or comes_back else live_from


def _section(article: Article, story: Document) -> Section:
    if article.section is not None and article.section.path == story.section:
        return article.section
    return Section.objects.get(path=story.section)


def _rows(story: Document, parts: Parts | None) -> dict[str, list]:
    if parts is not None:
        return {
            "photos": list(parts.photos(story.photos()).values()),
            "topics": parts.topics,
            "contributors": parts.contributors(),
            "sources": parts.sources,
        }
    photos = {str(row.uuid): row for row in Photo.objects.filter(uuid__in=story.photos())}
    sources = {row.source for row in story.attributions if row.source}
    return {
        "photos": [photos[key] for key in story.photos() if key in photos],
        "topics": list(Topic.objects.filter(slug__in=story.topics)),
        "contributors": list(
            Contributor.objects.filter(uuid__in=[row.contributor for row in story.bylines])
        ),
        "sources": list(Source.objects.filter(uuid__in=sources)),
    }


def _credits(story: Document, rows: dict[str, list]) -> dict[str, Any]:
    slugs = {str(row.uuid): row.slug for row in rows["contributors"]}
    return {
        "bylines": [
            {
                "name": row.name,
                "slug": slugs.get(row.contributor, ""),
                "role": row.role,
                "affiliation": row.affiliation,
            }
            for row in story.bylines
        ],
        "topics": [{"name": row.name, "slug": row.slug} for row in rows["topics"]],
        "sources": [
            {"name": row.name, "slug": row.slug, "kind": row.kind} for row in rows["sources"]
        ],
    }
