"""Which columns of a table an archive holds, and how a row is named in it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

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
        "section", "headline", "standfirst", "kicker", "language", "dateline", "credits",
        "source_line", "related", "lead_photo", "published_at", "revised_at", "words", "body",
        "created_by", "created_at", "previous_digest", "digest",
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


class Rows:
    """Turns lines back into unsaved rows; remembers the numbers rows got in this database."""

    def __init__(self) -> None:
        self._ids: dict[type[models.Model], dict[Any, int]] = {}

    def forget(self, *models_: type[models.Model]) -> None:
        """Forget rows that are named within one article only (revisions, publications)."""
        for model in models_:
            self._ids.pop(model, None)

    def remember(self, row: models.Model) -> None:
        name = plain(getattr(row, key_field(type(row))))
        self._ids.setdefault(type(row), {})[name] = row.pk

    def id_of(self, model: type[models.Model], name: Any) -> int:
        """Return the row's number here. Raises ImportProblem (``reference``)."""
        try:
            return self._ids[model][name]
        except (KeyError, TypeError):
            message = f"It refers to {model._meta.verbose_name} {name!r}, which is not there."
            raise ImportProblem("reference", message) from None

    def make(self, model: type[models.Model], line: dict[str, Any], **fixed: Any) -> Any:
        """Return an unsaved row. Raises ImportProblem: reference, shape."""
        values: dict[str, Any] = {}
        for name in COLUMNS[model]:
            if name not in line:
                raise ImportProblem("shape", f"A {model._meta.verbose_name} has no {name!r}.")
            field: Any = model._meta.get_field(name)
            if isinstance(field, models.ForeignKey):
                target = field.related_model
                empty = line[name] is None
                values[field.attname] = None if empty else self.id_of(target, line[name])
            else:
                values[name] = _value(field, line[name])
        return model(**values, **fixed)


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
