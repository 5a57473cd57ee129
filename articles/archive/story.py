"""One story of an archive as the rows it is made of, checked before any of them is written.

A publication's page must be what its revision renders to, and the chain of digests must hold. Rows
of the few tables others refer to get their numbers here, so that all tables can be written at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import models

from articles import body, document, snapshots
from articles.archive import rows, tables
from articles.document import Document
from articles.exceptions import ImportProblem
from articles.models import (
    Approval,
    Article,
    Correction,
    Event,
    KilledText,
    Photo,
    Publication,
    PublicPath,
    Revision,
    Section,
)
from articles.models.listings import Listing
from articles.workflow.editions import WITHDRAWN
from articles.workflow.verify import findings

# Columns of an article that a working copy's document decides.
OWN = (
    "headline", "standfirst", "kicker", "slug", "slugline", "dateline", "language", "section_id",
    "originally_published_at", "original_id", "body",
)  # fmt: skip
# What else hangs on an article and is written after its publications: table, name in the line.
_LATE: tuple[tuple[type[models.Model], str], ...] = (
    (Approval, "approvals"),
    (PublicPath, "public_paths"),
    (Correction, "corrections"),
    (Event, "events"),
    (KilledText, "killed"),
)
# What a row has beside what its line says.
_GIVEN: dict[type[models.Model], tuple[str, ...]] = {
    Revision: ("article_id", "id"),
    Publication: ("article_id", "id"),
    PublicPath: ("article_id",),
    Event: ("article_id",),
    KilledText: ("article_id",),
}
_DOCUMENT = rows.COLUMNS[Revision].index("document")


@cache
def columns(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of the fields that a story's rows of a table have values of."""
    if model in snapshots.ROWS:
        return snapshots.ROWS[model]
    if model in rows.COLUMNS:
        return (*rows.names(model), *_GIVEN.get(model, ()))
    fields = model._meta.concrete_fields  # of two tables that are linked
    return tuple(field.attname for field in fields if not field.primary_key)


class Numbers:
    """Numbers for new rows of a table, given out one by one."""

    def __init__(self, model: type[models.Model], count: int) -> None:
        self.free = tables.free_numbers(model, count)
        self.used = 0

    def next(self) -> int:
        self.used += 1
        return self.free[self.used - 1]


class Story:
    """The rows of one story: ``own`` are the article's values of ``OWN``, ``tables`` what is
    inserted, by table (``columns``), ``publications`` the unsaved ones among them."""

    def __init__(self, article: Article, known: rows.Rows, numbers: dict[Any, Numbers]) -> None:
        self.article = article
        self.number = article.pk
        self.known = known
        self.numbers = numbers
        self.own: tuple[Any, ...] = ()
        self.tables: dict[type[models.Model], list[Sequence[Any]]] = {}
        self.publications: list[Publication] = []
        self.comments: list[dict[str, Any]] = []
        self.revisions: dict[int, Revision] = {}
        self.lines: dict[int, list[Any]] = {}
        self.digests: dict[int, str] = {}

    def take(self, line: dict[str, Any], story: Document, found: snapshots.Known) -> None:
        """Take a line in. Raises ImportProblem (reference, shape, altered) or DocumentError."""
        for model, made in snapshots.rows_of(self.number, story, found).items():
            self._put(model, made)
        topics = [found.topics[slug].pk for slug in story.topics if slug in found.topics]
        self._put(Article.topics.through, [(self.number, topic) for topic in topics])
        self.own = (*_own(story, found), self.number)
        self._take_revisions(line["revisions"])
        self._take_publications(line, story)
        self._check(line)
        for model, name in _LATE:
            given = [self.number] if model in _GIVEN else []
            self._put(model, [[*self.known.values(model, row), *given] for row in line[name]])
        self.comments = [*line["comments"]]

    def _put(self, model: type[models.Model], made: Iterable[Sequence[Any]]) -> None:
        self.tables.setdefault(model, []).extend(made)

    def _take_revisions(self, lines: list[dict[str, Any]]) -> None:
        self.known.forget(Revision)
        made = []
        for stored in lines:
            values = self.known.values(Revision, stored)
            row = [*values, self.number, self.numbers[Revision].next()]
            made.append(row)
            revision: Revision = _object(Revision, row)
            self.revisions[revision.number], self.lines[revision.number] = revision, row
            self.known.know_one(Revision, revision.number, revision.pk)
        self._put(Revision, made)

    def _take_publications(self, line: dict[str, Any], story: Document) -> None:
        self.known.forget(Publication)
        for stored in line["publications"]:
            row = self._publication(stored)
            self._seal(stored["revision"])
            read = row.revision.document
            is_working_copy = read is line["working_copy"] or read == line["working_copy"]
            text = story if is_working_copy else document.from_json(read)
            expected = "" if row.kind in WITHDRAWN else body.render(text.body)
            if row.body != expected:
                message = f"The page of /{row.path} is not what its text makes."
                raise ImportProblem("altered", message)
            self.publications.append(row)
            self._put_lists(row, stored)

    def _seal(self, number: int) -> None:
        """Make the digest of a revision, and have it written as the text that is made for it."""
        if number not in self.digests:
            text = document.canonical(self.revisions[number].document)
            self.digests[number] = hashlib.sha256(text).hexdigest()
            self.lines[number][_DOCUMENT] = tables.WrittenJson(text.decode())

    def _publication(self, stored: dict[str, Any]) -> Publication:
        values = self.known.values(Publication, stored)
        made = [*values, self.number, self.numbers[Publication].next()]
        row: Publication = _object(Publication, made)
        row.revision = self.revisions[stored["revision"]]
        row.section = self.known.find(Section, stored["section"])
        if stored["lead_photo"]:
            named = [row.lead_photo_id, stored["lead_photo"]]
            row.lead_photo = Photo.from_db(None, ["id", "uuid"], named)
        self.known.know_one(Publication, row.number, row.pk)
        self._put(Publication, [made])
        return row

    def _put_lists(self, row: Publication, stored: dict[str, Any]) -> None:
        """Take in what a publication lists: its photos, topics, contributors and sources."""
        for name, model in rows.PUBLICATION_LISTS.items():
            through: Any = getattr(Publication, name).through
            kept = (row.pk, row.published_at) if issubclass(through, Listing) else (row.pk,)
            self._put(through, [(*kept, self.known.id_of(model, key)) for key in stored[name]])

    def _check(self, line: dict[str, Any]) -> None:
        kept = line["killed"][0]["kept"] if line["killed"] else {}
        called_off = {
            event["detail"]["called_off"]
            for event in line["events"]
            if "called_off" in event["detail"]
        }
        # Looking through a kill writes into the rows it looks at.
        looked_at = [copy(row) for row in self.publications] if kept else self.publications
        for finding in findings(self.article, looked_at, called_off, kept, self.digests):
            raise ImportProblem(
                "altered", f"Publication {finding.number} of {finding.article}: {finding.message}."
            )


def _own(story: Document, found: snapshots.Known) -> tuple[Any, ...]:
    section, original = found.sections.get(story.section), found.articles.get(story.original)
    return (
        story.headline,
        story.standfirst,
        story.kicker,
        story.slug,
        story.slugline,
        story.dateline,
        story.language,
        section.pk if section else None,
        snapshots.parsed_time(story.originally_published_at),
        original.pk if original else None,
        body.to_html(story.body),
    )


@cache
def _in_order(model: type[models.Model]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    names = columns(model)
    return itemgetter(*[names.index(field.attname) for field in model._meta.concrete_fields])


def _object(model: Any, values: Sequence[Any]) -> Any:
    """Return an unsaved row of a table whose fields all have values."""
    return model(*_in_order(model)(values))
