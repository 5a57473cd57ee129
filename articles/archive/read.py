"""Reading a newsroom from a folder into an empty database: all of it, or nothing.

An archive is data from outside. Its files are taken by names of our own form only, and a page's
stored text is taken only if it is what its revision renders to: nothing in an archive becomes
markup that this newsroom would not have written itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from articles import body, document, snapshots
from articles.archive import rows
from articles.exceptions import DocumentError, ImportProblem
from articles.models import (
    Approval,
    Article,
    Assignment,
    Comment,
    Contributor,
    Correction,
    Event,
    ImportedDocument,
    ImportRun,
    KilledText,
    Photo,
    Publication,
    PublicPath,
    Rendition,
    Revision,
    Section,
    Source,
    SourceAlias,
    Topic,
)
from articles.workflow.editions import WITHDRAWN
from articles.workflow.verify import verify

_FILE_NAME = re.compile(r"(originals|renditions)/[0-9a-f]{32}\.(jpg|jpeg|png|webp|gif|avif)")


def read(folder: Path, *, dry_run: bool = False) -> dict[str, int]:
    """Fill this database from an archive; return how many lines of each type it has.

    Raises ImportProblem with the number of the line: not_an_archive, not_empty, shape, reference,
    file_name, no_file, altered. Nothing is kept then.
    """
    reader = _Reader(folder)
    if dry_run:
        for _number, line in _lines(folder):
            reader.count(line)
        return reader.counts
    if Article.objects.exists() or Photo.objects.exists() or Section.objects.exists():
        raise ImportProblem("not_empty", "This newsroom is not empty: use a fresh database.")
    try:
        with transaction.atomic():
            reader.read()
    except BaseException:
        reader.drop_files()
        raise
    return reader.counts


def _lines(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    path = folder / rows.JSONL
    try:
        with path.open(encoding="utf-8") as stream:
            for number, text in enumerate(stream, start=1):
                line = json.loads(text)
                if number == 1 and (
                    not isinstance(line, dict) or line.get("schema") != rows.SCHEMA
                ):
                    raise ImportProblem("not_an_archive", f"{path} is not of {rows.SCHEMA}.")
                if not isinstance(line, dict) or "type" not in line:
                    raise ImportProblem("shape", f"Line {number} is no object with a type.")
                yield number, line
    except FileNotFoundError as error:
        raise ImportProblem("not_an_archive", f"There is no {rows.JSONL} in {folder}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ImportProblem("shape", f"{path} is damaged: {error}.") from error


class _Reader:
    """Reads line after line; each type of line has a method of its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows = rows.Rows()
        self.counts: dict[str, int] = {}
        self.stored: list[str] = []
        self.merged: list[tuple[str, str]] = []
        self.run: ImportRun | None = None

    def count(self, line: dict[str, Any]) -> None:
        self.counts[line["type"]] = self.counts.get(line["type"], 0) + 1

    def read(self) -> None:
        for number, line in _lines(self.folder):
            method = getattr(self, f"_{line['type']}", None)
            if method is None:
                raise ImportProblem("shape", f"Line {number}: {line['type']!r} is not known.")
            try:
                method(line)
            except ImportProblem as problem:
                raise ImportProblem(problem.code, f"Line {number}: {problem.message}") from problem
            except (KeyError, TypeError, ValueError, DocumentError) as error:
                raise ImportProblem("shape", f"Line {number} is malformed: {error}.") from error
            self.count(line)

    def drop_files(self) -> None:
        for name in self.stored:
            default_storage.delete(name)

    def _archive(self, line: dict[str, Any]) -> None:
        pass

    def _user(self, line: dict[str, Any]) -> None:
        model = get_user_model()
        user = model._default_manager.filter(**{model.USERNAME_FIELD: line["name"]}).first()
        if user is None:
            user = model(**{model.USERNAME_FIELD: line["name"]})
            for name in rows.USER_COLUMNS:
                setattr(user, name, line[name])
            user.set_unusable_password()
            user.save()
            user.groups.set(Group.objects.filter(name__in=line["groups"]))
        self.rows.remember(user)

    def _section(self, line: dict[str, Any]) -> None:
        self._keep(self.rows.make(Section, line))

    def _topic(self, line: dict[str, Any]) -> None:
        self._keep(self.rows.make(Topic, line))
        if line["merged_into"]:
            self.merged.append((line["slug"], line["merged_into"]))

    def _contributor(self, line: dict[str, Any]) -> None:
        self._merge_topics()
        self._keep(self.rows.make(Contributor, line))

    def _source(self, line: dict[str, Any]) -> None:
        source = self._keep(self.rows.make(Source, line))
        for name in line["aliases"]:
            SourceAlias.objects.create(source=source, name=name)

    def _photo(self, line: dict[str, Any]) -> None:
        photo = self.rows.make(Photo, line)
        if photo.file.name:
            self._store(photo.file.name)
        self._keep(photo)
        Photo.objects.filter(pk=photo.pk).update(created_at=line["created_at"])
        for stored in line["renditions"]:
            row = self.rows.make(Rendition, stored, photo=photo)
            if row.is_made:
                self._store(row.file.name)
            row.save()

    def _article(self, line: dict[str, Any]) -> None:
        self._merge_topics()
        article = self._keep(self.rows.make(Article, line))
        self._set_times(article, line)

    def _story(self, line: dict[str, Any]) -> None:
        article = Article.objects.get(pk=self.rows.id_of(Article, line["article"]))
        kept = Article.objects.filter(pk=article.pk).values("lock_version", "updated_at").get()
        snapshots.restore(article, document.from_json(line["working_copy"]))
        Article.objects.filter(pk=article.pk).update(**kept)
        self.rows.forget(Revision, Publication)
        for stored in line["revisions"]:
            self._keep(self.rows.make(Revision, stored, article=article))
        self._add(Approval, line["approvals"])
        self._add(PublicPath, line["public_paths"], article=article)
        for stored in line["publications"]:
            self._publication(article, stored)
        self._add(Correction, line["corrections"])
        self._add(Event, line["events"], article=article)
        self._add(KilledText, line["killed"], article=article)
        for stored in line["comments"]:
            parent = self._comment(stored, article=article)
            for reply in stored["replies"]:
                self._comment(reply, article=article, parent=parent)
        article.refresh_from_db()
        for finding in verify(article):
            raise ImportProblem(
                "altered", f"Publication {finding.number} of {finding.article}: {finding.message}."
            )

    def _publication(self, article: Article, stored: dict[str, Any]) -> None:
        row = self.rows.make(Publication, stored, article=article)
        story = document.from_json(row.revision.document)
        expected = "" if row.kind in WITHDRAWN else body.render(story.body)
        if row.body != expected:
            raise ImportProblem("altered", f"The page of /{row.path} is not what its text makes.")
        self._keep(row)
        for name, model in rows.PUBLICATION_LISTS.items():
            getattr(row, name).set([self.rows.id_of(model, key) for key in stored[name]])

    def _comment(self, stored: dict[str, Any], **fixed: Any) -> Comment:
        row: Comment = self._save(self.rows.make(Comment, stored, **fixed))
        row.mentions.set([self.rows.id_of(get_user_model(), name) for name in stored["mentions"]])
        return row

    def _import_run(self, line: dict[str, Any]) -> None:
        self.run = self._save(self.rows.make(ImportRun, line))

    def _imported_document(self, line: dict[str, Any]) -> None:
        number, line = line["revision"], {**line, "revision": None}
        row = self.rows.make(ImportedDocument, line, run=self.run)
        if number is not None:
            row.revision = Revision.objects.get(article=row.article_id, number=number)
        row.save()

    def _add(self, model: Any, stored: list[dict[str, Any]], **fixed: Any) -> None:
        for line in stored:
            self.rows.make(model, line, **fixed).save()

    def _save(self, row: Any) -> Any:
        row.save(force_insert=True)
        return row

    def _keep(self, row: Any) -> Any:
        self._save(row)
        self.rows.remember(row)
        return row

    @staticmethod
    def _set_times(article: Article, line: dict[str, Any]) -> None:
        times = {name: line[name] for name in ("created_at", "updated_at")}
        Article.objects.filter(pk=article.pk).update(**times)

    def _assignment(self, line: dict[str, Any]) -> None:
        for role in Group.objects.filter(name=line["role"]):
            self.rows.remember(role)
        self._save(self.rows.make(Assignment, line))

    def _merge_topics(self) -> None:
        while self.merged:
            slug, into = self.merged.pop()
            Topic.objects.filter(slug=slug).update(merged_into=self.rows.id_of(Topic, into))

    def _store(self, name: str) -> None:
        """Copy a file of the archive into the storage under the same name."""
        if not _FILE_NAME.fullmatch(name):
            raise ImportProblem("file_name", f"{name!r} is no name of a photo file.")
        source = self.folder / rows.FILES / name
        if source.is_symlink() or not source.is_file():
            raise ImportProblem("no_file", f"The file {name} is not in the archive.")
        if not default_storage.exists(name):
            with source.open("rb") as stream:
                self.stored.append(default_storage.save(name, File(stream)))
