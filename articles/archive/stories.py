"""Writing the articles of an archive and their stories in batches, table by table.

A batch costs the same few queries however many stories it has. Each story is checked (``story``)
before any row of its batch is written. A line that can't be read is rejected; those beside it are
written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import DataError, IntegrityError, models, transaction

from articles import document, indexing, snapshots
from articles.archive import rows, tables
from articles.archive.story import OWN, Numbers, Story, columns
from articles.document import Document
from articles.exceptions import DocumentError, ImportProblem
from articles.models import (
    Article,
    Comment,
    ImportedDocument,
    ImportRun,
    Publication,
    Revision,
)

SIZE = 200
Lines = Sequence[tuple[int, dict[str, Any]]]


@contextmanager
def of_line(number: int) -> Iterator[None]:
    """Name the line in whatever is wrong with it; always as an ImportProblem."""
    try:
        yield
    except ImportProblem as problem:
        raise ImportProblem(problem.code, f"Line {number}: {problem.message}") from problem
    except (KeyError, TypeError, ValueError, AttributeError, DocumentError) as error:
        raise ImportProblem("shape", f"Line {number} is malformed: {error}.") from error


class Rejected(NamedTuple):
    """A line that was left out; ``message`` begins with its number."""

    line: int
    code: str
    message: str


Write = Callable[[rows.Rows, Lines], list[Rejected]]


def write_apart(write: Write, known: rows.Rows, lines: Lines) -> list[Rejected]:
    """Write lines together, or in ever smaller parts when the database refuses some of them.

    Returns the lines that were rejected.
    """
    try:
        with transaction.atomic():
            return write(known, lines)
    except (IntegrityError, DataError, ValueError) as error:
        if len(lines) == 1:
            number = lines[0][0]
            reason = str(error).partition("\nCONTEXT:")[0]
            message = f"Line {number}: the database refuses it: {reason}."
            return [Rejected(number, "conflict", message)]
    half = len(lines) // 2
    parts = (lines[:half], lines[half:])
    return [row for part in parts for row in write_apart(write, known, part)]


class _Rejecting:
    """Collects the lines that are rejected."""

    def __init__(self) -> None:
        self.rejected: list[Rejected] = []

    @contextmanager
    def line(self, number: int) -> Iterator[None]:
        """Do something with a line; reject it when that fails."""
        try:
            with of_line(number):
                yield
        except ImportProblem as problem:
            self.rejected.append(Rejected(number, problem.code, problem.message))


def write_articles(known: rows.Rows, lines: Lines) -> list[Rejected]:
    """Write what the lines of type article say; their words follow with their stories."""
    given = rows.names(Article)
    fields = [field for field in Article._meta.concrete_fields if not field.primary_key]
    empty = {field.attname: field.get_default() for field in fields if field.attname not in given}
    made: list[Sequence[Any]] = []
    check = _Rejecting()
    for number, line in lines:
        with check.line(number):
            made.append([*known.values(Article, line), *empty.values()])
    tables.insert(Article, [*given, *empty], made)
    return check.rejected


def write_stories(known: rows.Rows, lines: Lines) -> list[Rejected]:
    """Write working copies, revisions, publications and all that hangs on them."""
    read: list[tuple[int, dict[str, Any], Document]] = []
    check = _Rejecting()
    for number, line in lines:
        with check.line(number):
            read.append((number, line, document.from_json(line["working_copy"])))
    articles = _articles(lines)
    batch = _Batch(known, snapshots.known([story for _, _, story in read]), lines)
    for number, line, story in read:
        with check.line(number):
            batch.add(_named(articles, line), line, story)
    batch.write()
    return check.rejected


def write_documents(run: ImportRun | None, known: rows.Rows, lines: Lines) -> list[Rejected]:
    """Write what is known of the files that stories came from."""
    articles = _articles(lines)
    known.know(Article, {uuid: row.pk for uuid, row in articles.items()})
    revisions = {
        (article, number): pk
        for pk, article, number in Revision.objects.filter(
            article__in=[row.pk for row in articles.values()]
        ).values_list("pk", "article", "number")
    }
    made = []
    check = _Rejecting()
    for number, line in lines:
        with check.line(number):
            row = known.make(ImportedDocument, {**line, "revision": None}, run=run)
            if line["revision"] is not None:
                row.revision_id = revisions[row.article_id, line["revision"]]
            made.append(row)
    ImportedDocument.objects.bulk_create(made)
    known.forget(Article)
    return check.rejected


def _articles(lines: Lines) -> dict[str, Article]:
    """Return the articles that lines belong to, by uuid, as far as they are there."""
    uuids = {str(line.get("article")) for _, line in lines}
    found = Article.objects.filter(uuid__in=[uuid for uuid in uuids if rows.is_uuid(uuid)])
    found = found.only("uuid", "chain_head")
    return {str(row.uuid): row for row in found}


def _named(articles: dict[str, Article], line: dict[str, Any]) -> Article:
    try:
        return articles[line["article"]]
    except KeyError:
        message = f"There is no article {line.get('article')!r}."
        raise ImportProblem("reference", message) from None


class _Batch:
    """What some stories write, table by table in the order in which they are written."""

    def __init__(self, known: rows.Rows, found: snapshots.Known, lines: Lines) -> None:
        self.known = known
        self.found = found
        self.numbers = {
            model: Numbers(model, sum(_length(line, name) for _, line in lines))
            for model, name in ((Revision, "revisions"), (Publication, "publications"))
        }
        self.stories: list[Story] = []

    def add(self, article: Article, line: dict[str, Any], story: Document) -> None:
        """Take a story in, checked, or nothing of it.

        Raises ImportProblem (reference, shape, altered) or DocumentError (missing, shape).
        """
        used = [numbers.used for numbers in self.numbers.values()]
        one = Story(article, self.known, self.numbers)
        try:
            one.take(line, story, self.found)
        except BaseException:
            for numbers, count in zip(self.numbers.values(), used, strict=True):
                numbers.used = count
            raise
        self.stories.append(one)

    def write(self) -> None:
        tables.update(Article, OWN, [story.own for story in self.stories])
        together: dict[type[models.Model], list[Sequence[Any]]] = {}
        for story in self.stories:
            for model, made in story.tables.items():
                together.setdefault(model, []).extend(made)
        for model, made in together.items():
            tables.insert(model, columns(model), made)
        for story in self.stories:
            for stored in story.comments:
                self._write_thread(story.article, stored)
        indexing.add([row for story in self.stories for row in story.publications])

    def _write_thread(self, article: Article, stored: dict[str, Any]) -> None:
        parent = self._comment(stored, article=article)
        for reply in stored["replies"]:
            self._comment(reply, article=article, parent=parent)

    def _comment(self, stored: dict[str, Any], **fixed: Any) -> Comment:
        row: Comment = self.known.make(Comment, stored, **fixed)
        row.save(force_insert=True)
        users = [self.known.id_of(get_user_model(), name) for name in stored["mentions"]]
        row.mentions.set(users)
        return row


def _length(line: dict[str, Any], name: str) -> int:
    found = line.get(name)
    return len(found) if isinstance(found, list) else 0
