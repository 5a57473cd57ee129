"""Migrations run while processes of the release before still answer: none may take from them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader

from articles.migrations import RELEASED

_TAKES = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME)\b", re.IGNORECASE)
_REMOVING = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)


def steps(wanted: Iterable[Any]) -> Iterator[Any]:
    """Yield the operations that change the database."""
    for operation in wanted:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from steps(operation.database_operations)
        else:
            yield operation


def offences(migration: Any) -> list[str]:
    """Return what breaks code that still runs; ``unused_since`` names the release that had let go
    of what a migration removes."""
    found = []
    may_remove = bool(getattr(migration, "unused_since", ""))
    for step in steps(migration.operations):
        if isinstance(step, _REMOVING) and not may_remove:
            found.append(f"{step.describe()}: old code still asks for it")
        elif (
            isinstance(step, operations.RunSQL) and _TAKES.search(str(step.sql)) and not may_remove
        ):
            found.append(f"{step.sql}: old code may still ask for it")
        elif isinstance(step, operations.AddField) and not _may_be_left_out(step.field):
            found.append(f"{step.describe()}: old code adds rows without it")
    return found


def _may_be_left_out(field: Any) -> bool:
    has_default = field.db_default is not models.NOT_PROVIDED
    return field.null or has_default or isinstance(field, models.ManyToManyField)


def with_steps(*wanted: Any, **values: Any) -> Any:
    return type("Migration", (Migration,), {"operations": list(wanted), **values})


def test_migrations_keep_the_release_before_them_running() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {name: one for (app, name), one in loader.disk_migrations.items() if app == "articles"}
    assert any(int(name.split("_")[0]) == RELEASED for name in ours)
    wrong = {
        name: offences(one) for name, one in ours.items() if int(name.split("_")[0]) > RELEASED
    }
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    "step",
    [
        operations.RemoveField("article", "kicker"),
        operations.RenameField("article", "kicker", "label"),
        operations.DeleteModel("Topic"),
        operations.RenameModel("Topic", "Subject"),
        operations.RunSQL("ALTER TABLE articles_topic DROP  COLUMN name"),
        operations.AddField("article", "mood", models.CharField(max_length=9, default="")),
        operations.SeparateDatabaseAndState([operations.RemoveField("article", "kicker")]),
    ],
    ids=lambda step: type(step).__name__,
)
def test_what_old_code_would_miss_is_refused(step: Any) -> None:
    assert len(offences(with_steps(step))) == 1


@pytest.mark.parametrize(
    "step",
    [
        operations.AddField("article", "mood", models.CharField(max_length=9, null=True)),
        operations.AddField("article", "mood", models.CharField(max_length=9, db_default="")),
        operations.AddIndex("article", models.Index(fields=["slug"], name="by_slug")),
        operations.SeparateDatabaseAndState([], [operations.RemoveField("article", "kicker")]),
    ],
    ids=["null", "default of the database", "index", "of the code alone"],
)
def test_what_old_code_does_not_meet_is_taken(step: Any) -> None:
    assert offences(with_steps(step)) == []


def test_second_step_removes_what_the_release_before_let_go_of() -> None:
    removal = operations.RemoveField("article", "kicker")
    assert offences(with_steps(removal, unused_since="1.1")) == []
    addition = operations.AddField("article", "mood", models.CharField(max_length=9, default=""))
    assert len(offences(with_steps(addition, unused_since="1.1"))) == 1
