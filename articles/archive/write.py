"""Writing a newsroom into a folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db import models, transaction

from articles import snapshots
from articles.archive import rows
from articles.exceptions import NewsroomError
from articles.models import (
    Approval,
    Article,
    Assignment,
    Comment,
    Contributor,
    Correction,
    Front,
    ImportedDocument,
    ImportRun,
    KilledText,
    Photo,
    Section,
    Source,
    Topic,
)


def write(folder: Path) -> dict[str, int]:
    """Write everything into a new or empty folder; return how many lines of each type.

    Reads inside one transaction, so that what is saved meanwhile is wholly in it or not at all.
    Raises NewsroomError (``not_empty``, ``no_file``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NewsroomError("not_empty", f"{folder} is not empty: name a new folder.")
    counts: dict[str, int] = {}
    unfinished = folder / f"{rows.JSONL}.part"
    with transaction.atomic(), unfinished.open("w", encoding="utf-8") as out:
        for line in _lines(folder):
            _write_line(out, line)
            counts[line["type"]] = counts.get(line["type"], 0) + 1
    unfinished.rename(folder / rows.JSONL)
    return counts


def _write_line(out: IO[str], line: dict[str, Any]) -> None:
    json.dump(line, out, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    out.write("\n")


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    yield {"type": "archive", "schema": rows.SCHEMA}
    yield from _users()
    for section in Section.objects.select_related("parent").order_by("path"):
        yield {"type": "section", **rows.dump(section)}
    for topic in Topic.objects.select_related("merged_into").order_by("pk"):
        merged = topic.merged_into.slug if topic.merged_into else None
        yield {"type": "topic", **rows.dump(topic), "merged_into": merged}
    for contributor in Contributor.objects.select_related("user").order_by("pk").iterator():
        yield {"type": "contributor", **rows.dump(contributor)}
    sources = Source.objects.prefetch_related("aliases").order_by("pk")
    for source in sources.iterator(chunk_size=500):
        names = sorted(alias.name for alias in source.aliases.all())
        yield {"type": "source", **rows.dump(source), "aliases": names}
    assignments = Assignment.objects.select_related("user", "role", "section").order_by("pk")
    for assignment in assignments:
        yield {"type": "assignment", **rows.dump(assignment)}
    yield from _photos(folder)
    for article in _articles():
        yield {"type": "article", **rows.dump(article)}
    for article in _articles():
        yield {"type": "story", "article": str(article.uuid), **_story(article)}
    yield from _fronts()
    yield from _import_runs()


def _users() -> Iterator[dict[str, Any]]:
    model = get_user_model()
    users = model._default_manager.prefetch_related("groups").order_by(model.USERNAME_FIELD)
    for user in users:
        yield {
            "type": "user",
            "name": user.get_username(),
            "groups": sorted(group.name for group in user.groups.all()),
            **{name: rows.plain(getattr(user, name)) for name in rows.USER_COLUMNS},
        }


def _photos(folder: Path) -> Iterator[dict[str, Any]]:
    photos = (
        Photo.objects.select_related("photographer", "agency", "killed_by")
        .prefetch_related("renditions")
        .order_by("pk")
    )
    for photo in photos.iterator(chunk_size=500):
        renditions = [rows.dump(row) for row in photo.renditions.all()]
        for name in [photo.file.name, *(row["file"] for row in renditions if row["is_made"])]:
            if name:
                _copy(name, folder / rows.FILES / name)
        yield {"type": "photo", **rows.dump(photo), "renditions": renditions}


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(name) as stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out)
    except FileNotFoundError as error:
        raise NewsroomError("no_file", f"The photo file {name} is not in the storage.") from error


def _articles() -> Iterator[Article]:
    return (
        Article.objects.select_related("section", "created_by", "kill_requested_by")
        .order_by("pk")
        .iterator(chunk_size=200)
    )


def _story(article: Article) -> dict[str, Any]:
    publications = (
        article.publications.select_related("revision", "section", "lead_photo", "created_by")
        .prefetch_related(*rows.PUBLICATION_LISTS)
        .order_by("number")
    )
    events = article.events.select_related("revision", "publication", "by").order_by("number")
    approvals = Approval.objects.filter(revision__article=article)
    corrections = Correction.objects.filter(publication__article=article)
    return {
        "working_copy": snapshots.take(article).to_json(),
        "revisions": _dumped(article.revisions.select_related("created_by").order_by("number")),
        "approvals": _dumped(approvals.select_related("revision", "approved_by").order_by("pk")),
        "public_paths": _dumped(article.public_paths.order_by("pk")),
        "publications": [_publication(row) for row in publications],
        "corrections": _dumped(corrections.select_related("publication").order_by("pk")),
        "events": _dumped(events),
        "killed": _dumped(KilledText.objects.filter(article=article)),
        "comments": _comments(article),
    }


def _comments(article: Article) -> list[dict[str, Any]]:
    """Return the threads, oldest first; each comment with whom it mentions, and its replies."""
    found = Comment.objects.filter(article=article).select_related("author", "resolved_by")
    threads: dict[int, dict[str, Any]] = {}
    for row in found.prefetch_related("mentions").order_by("pk"):
        names = sorted(user.get_username() for user in row.mentions.all())
        line = {**rows.dump(row), "mentions": names}
        if row.parent_id is None:
            threads[row.pk] = {**line, "replies": []}
        else:  # written after what it replies to
            threads[row.parent_id]["replies"].append(line)
    return list(threads.values())


def _dumped(found: models.QuerySet) -> list[dict[str, Any]]:
    return [rows.dump(row) for row in found]


def _publication(row: Any) -> dict[str, Any]:
    lists = {
        name: sorted(rows.plain(member) for member in getattr(row, name).all())
        for name in rows.PUBLICATION_LISTS
    }
    return {**rows.dump(row), **lists}


def _fronts() -> Iterator[dict[str, Any]]:
    """Write the layouts of all pages, each with its slots, in the order they were made."""
    fronts = Front.objects.select_related("section", "created_by", "called_off_by").order_by("pk")
    for front in fronts.iterator(chunk_size=500):
        slots = front.slots.select_related("article").order_by("zone", "position")
        yield {"type": "front", **rows.dump(front), "slots": _dumped(slots)}


def _import_runs() -> Iterator[dict[str, Any]]:
    for run in ImportRun.objects.select_related("by").order_by("pk"):
        documents = (
            ImportedDocument.objects.filter(run=run)
            .select_related("article", "revision")
            .order_by("pk")
        )
        yield {"type": "import_run", **rows.dump(run)}
        for row in documents.iterator():
            yield {"type": "imported_document", **rows.dump(row)}
