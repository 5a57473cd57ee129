"""Which columns of a table an archive holds, and how a row is named in it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models
from django.utils.dateparse import parse_datetime

from articles.exceptions import ImportProblem
from articles.models import (
    Approval,
    Article,
    Assignment,
    Comment,
    Contributor,
    Correction,
    Event,
    Front,
    ImportedDocument,
    ImportRun,
    KilledText,
    Photo,
    Publication,
    PublicPath,
    Rendition,
    Revision,
    Section,
    Slot,
    Source,
    Topic,
)

SCHEMA = "newsroom-archive/1"
JSONL = "newsroom.jsonl"
FILES = "files"

# Type of row → its columns; references are written by the name of the row (``KEYS``).
COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Section: ("path", "name", "slug", "description", "position", "in_navigation", "parent"),
    Topic: ("slug", "name", "description"),
    Contributor: ("uuid", "name", "slug", "title", "bio", "user"),
    Source: ("uuid", "name", "slug", "kind", "credit_wording", "licence", "url", "description"),
    Photo: (
        "uuid", "file", "expected_file", "caption", "alt_text", "is_decorative", "headline",
        "extended_description", "creator", "photographer", "agency", "credit_line",
        "copyright_notice", "usage_terms", "web_statement", "licensor_url", "taken_at", "place",
        "digital_source_type", "usable_from", "usable_until", "withheld_from", "focal_x",
        "focal_y", "width", "height", "content_hash", "perceptual_hash", "renditions_digest",
        "killed_at", "killed_by", "kill_reason", "kill_notice", "created_at",
    ),
    Rendition: ("file", "width", "height", "format", "crop", "is_made"),
    Article: (
        "uuid", "state", "on_hold", "legal_check", "picture_check", "embargo_until",
        "review_due_at", "ready_at", "kill_requested_by",
        "lock_version", "chain_head", "created_by", "created_at", "updated_at",
    ),
    Revision: (
        "number", "document", "digest", "is_proposal", "origin", "note", "created_by", "created_at",
    ),
    Approval: ("revision", "digest", "approved_by", "approved_at"),
    Publication: (
        "number", "revision", "kind", "note", "live_from", "live_until", "is_listed", "path",
        "section", "headline", "standfirst", "kicker", "language", "original", "dateline",
        "credits", "source_line", "related", "lead_photo", "published_at", "revised_at", "words",
        "body", "created_by", "created_at", "previous_digest", "digest",
    ),
    Correction: ("publication", "was", "now", "where", "position"),
    Event: (
        "number", "action", "from_state", "to_state", "revision", "publication", "by", "at",
        "reason", "detail",
    ),
    PublicPath: ("path", "created_at"),
    KilledText: ("kept", "created_at"),
    Comment: (
        "text", "quote", "where", "start", "author", "created_at", "resolved_by", "resolved_at",
    ),
    Front: (
        "section", "number", "live_from", "live_until", "note", "created_by", "created_at",
        "called_off_by", "called_off_at",
    ),
    Slot: ("zone", "position", "article", "pinned_until"),
    Assignment: ("user", "role", "section"),
    ImportRun: ("started_at", "by", "options"),
    ImportedDocument: (
        "external_id", "content_hash", "format", "outcome", "error", "report", "article",
        "revision", "created_at",
    ),
}  # fmt: skip
USER_COLUMNS = ("first_name", "last_name", "email", "is_active", "is_staff", "date_joined")
PUBLICATION_LISTS: dict[str, type[models.Model]] = {
    "photos": Photo,
    "topics": Topic,
    "contributors": Contributor,
    "sources": Source,
}


def key_field(model: type[models.Model]) -> str:
    """Return the column by which rows of a table are named in an archive."""
    if issubclass(model, get_user_model()):
        return model.USERNAME_FIELD
    keys: dict[type[models.Model], str] = {
        Section: "path", Topic: "slug", Contributor: "uuid", Source: "uuid", Photo: "uuid",
        Article: "uuid", Revision: "number", Publication: "number", Group: "name",
    }  # fmt: skip
    return keys[model]


def dump(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as plain JSON data; references must have been fetched with it."""
    return {name: plain(getattr(row, name)) for name in COLUMNS[type(row)]}


def plain(value: Any) -> Any:
    match value:
        case models.Model():
            return plain(getattr(value, key_field(type(value))))
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case uuid.UUID():
            return str(value)
        case models.fields.files.FieldFile():
            return value.name or ""
        case _:
            return value


class _Column(NamedTuple):
    """A column of an archive: ``target`` is the table of what it refers to, ``field`` is given
    where the value is no plain one."""

    name: str
    attname: str
    target: type[models.Model] | None
    field: models.Field | None


@cache
def _columns(model: type[models.Model]) -> tuple[_Column, ...]:
    found = []
    for name in COLUMNS[model]:
        field: Any = model._meta.get_field(name)
        target = field.related_model if isinstance(field, models.ForeignKey) else None
        is_plain = not isinstance(field, (models.DateTimeField, models.UUIDField))
        found.append(_Column(name, field.attname, target, None if is_plain else field))
    return tuple(found)


@cache
def _taking(
    model: type[models.Model],
) -> tuple[Callable[[Any], Sequence[Any]], list[tuple[int, _Column]]]:
    """Return what takes a row's columns out of a line, and those that are not kept as they are."""
    columns = list(enumerate(_columns(model)))
    kept_else = [(n, column) for n, column in columns if column.target or column.field]
    return itemgetter(*COLUMNS[model]), kept_else


@cache
def names(model: type[models.Model]) -> tuple[str, ...]:
    """Return the names of the fields that ``Rows.values`` gives the values of."""
    return tuple(column.attname for column in _columns(model))


class Rows:
    """Turns lines back into unsaved rows; remembers the numbers rows got in this database."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], dict[Any, Any]] = {}

    def forget(self, *models_: type[models.Model]) -> None:
        """Forget rows that are named within one article only (revisions, publications)."""
        for model in models_:
            self._rows.pop(model, None)

    def remember(self, row: models.Model) -> None:
        """Keep a row's number by its name, or the row itself where it is asked for."""
        name = plain(getattr(row, key_field(type(row))))
        kept = row if isinstance(row, Section) else row.pk
        self._rows.setdefault(type(row), {})[name] = kept

    def know(self, model: type[models.Model], ids: dict[Any, Any]) -> None:
        """Keep rows, or their numbers, by their names and forget others of that table."""
        self._rows[model] = {**ids}

    def know_one(self, model: type[models.Model], name: Any, number: int) -> None:
        self._rows.setdefault(model, {})[name] = number

    def id_of(self, model: type[models.Model], name: Any) -> int:
        """Return the row's number here. Raises ImportProblem (``reference``)."""
        found = self.find(model, name)
        return found.pk if isinstance(found, models.Model) else found

    def find(self, model: type[models.Model], name: Any) -> Any:
        """Return what is kept of a row. Raises ImportProblem (``reference``)."""
        try:
            return self._rows[model][name]
        except (KeyError, TypeError):
            message = f"It refers to {model._meta.verbose_name} {name!r}, which is not there."
            raise ImportProblem("reference", message) from None

    def values(self, model: type[models.Model], line: dict[str, Any]) -> list[Any]:
        """Return what the fields of a row hold, numbers for references; see ``names``.

        Raises ImportProblem: reference, shape.
        """
        take, kept_else = _taking(model)
        try:
            out = list(take(line))
        except (KeyError, TypeError):
            for column in _columns(model):  # the first that is wrong is named
                if column.name not in line:
                    raise _missing(model, column.name) from None
                self._held(column, line[column.name])
            raise
        for number, column in kept_else:
            out[number] = self._held(column, out[number])
        return out

    def _held(self, column: _Column, stored: Any) -> Any:
        if column.target is not None:
            return None if stored is None else self.id_of(column.target, stored)
        return stored if column.field is None else _value(column.field, stored)

    def make(self, model: type[models.Model], line: dict[str, Any], **fixed: Any) -> Any:
        """Return an unsaved row. Raises ImportProblem: reference, shape."""
        values: dict[str, Any] = {}
        for name in COLUMNS[model]:
            if name not in line:
                raise _missing(model, name)
            field: Any = model._meta.get_field(name)
            if isinstance(field, models.ForeignKey):
                target = field.related_model
                found = None if line[name] is None else self.find(target, line[name])
                is_row = isinstance(found, models.Model)
                values[field.name if is_row else field.attname] = found
            else:
                values[name] = _value(field, line[name])
        return model(**values, **fixed)


def _missing(model: type[models.Model], name: str) -> ImportProblem:
    return ImportProblem("shape", f"A {model._meta.verbose_name} has no {name!r}.")


def is_uuid(text: str) -> bool:
    """Return whether a text is a uuid as an archive writes it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _value(field: models.Field, stored: Any) -> Any:
    if isinstance(field, models.DateTimeField) and stored is not None:
        moment = parse_datetime(stored) if isinstance(stored, str) else None
        if moment is None or moment.tzinfo is None:
            raise ImportProblem("shape", f"{field.name}: {stored!r} is no time with a zone.")
        return moment
    if isinstance(field, models.UUIDField):
        try:
            return uuid.UUID(str(stored))
        except ValueError:
            raise ImportProblem("shape", f"{stored!r} is no uuid.") from None
    return stored
