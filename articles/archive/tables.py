"""Writing many rows of a table at once, without an object for each.

Rows are tuples of what a model's fields hold (numbers for references), in the order of the names
given. Values get the form the database wants as ``bulk_create`` would give it to them, but a column
at a time: one whose values are all plain text or numbers already is left as it is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

Row = Sequence[Any]
_NOTHING = type(None)
_KIBIBYTES = 64 * 1024  # of SQLite's pages that are held while an archive is read
_JSON = json.JSONEncoder()
# What needs no other form in any database, by field; looked up for the nearest class.
_PLAIN: dict[type[models.Field], set[type]] = {
    models.CharField: {str, _NOTHING},
    models.TextField: {str, _NOTHING},
    models.IntegerField: {int, _NOTHING},
    models.BooleanField: {bool, _NOTHING},
    models.ForeignKey: {int, _NOTHING},
}


class WrittenJson(str):
    """A value of a JSON field that is JSON text already."""

    __slots__ = ()


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows; ``names`` are those of the model's fields, "_id" after references."""
    if not rows:
        return
    table, columns = model._meta.db_table, ", ".join(_columns(model, names))
    values = _prepared(model, names, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy = cursor.copy(f"COPY {table} ({columns}) FROM STDIN")
            with connection.wrap_database_errors, copy as stream:
                for row in values:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608
            cursor.executemany(sql, values)


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Change these columns of rows; the last value of each is the number of its row."""
    if not rows:
        return
    table, columns = model._meta.db_table, _columns(model, names)
    values = _prepared(model, [*names, "id"], rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            changes = ", ".join(f"{column} = v.{column}" for column in columns)
            kinds = [_array_of(_field(model, name)) for name in (*names, "id")]
            arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
            cursor.execute(
                f"UPDATE {table} t SET {changes} FROM unnest({arrays})"  # noqa: S608
                f" AS v ({', '.join(columns)}, id) WHERE t.id = v.id",
                [list(column) for column in zip(*values, strict=True)],
            )
        else:
            changes = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(f"UPDATE {table} SET {changes} WHERE id = %s", values)  # noqa: S608


@contextmanager
def pages_in_memory() -> Iterator[None]:
    """Have SQLite hold the pages in memory that batch after batch writes to, those of indexes above
    all; its own two megabytes are less than one batch. Nothing else changes, a crash included."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = -{_KIBIBYTES}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {before}")


def free_numbers(model: type[models.Model], count: int) -> Sequence[int]:
    """Return so many numbers for new rows, ascending, that nobody else is given."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, count])
            return [number for (number,) in cursor.fetchall()]
        # Whoever writes has the database for itself.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = found[0] if found else 0
    return range(last + 1, last + 1 + count)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _columns(model: type[models.Model], names: Iterable[str]) -> list[str]:
    return [connection.ops.quote_name(_field(model, name).column) for name in names]


def _array_of(field: Any) -> str:
    """Return the type of PostgreSQL that a column's values are sent as; text of any length, so
    that one that is too long is refused and not cut."""
    if isinstance(field, models.DateTimeField):
        return "timestamptz"
    return "bigint" if isinstance(field, (models.ForeignKey, models.AutoField)) else "text"


def _prepared(model: type[models.Model], names: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    columns = zip(*rows, strict=True)
    return list(
        zip(
            *(
                _in_form(_field(model, name), column)
                for name, column in zip(names, columns, strict=True)
            ),
            strict=True,
        )
    )


def _in_form(field: Any, column: Sequence[Any]) -> Sequence[Any]:
    """Return the values of a column in the form in which the database takes them."""
    plain = next((_PLAIN[kind] for kind in type(field).__mro__ if kind in _PLAIN), set())
    if set(map(type, column)) <= plain:
        return column
    if isinstance(field, models.DateTimeField):
        return _times(column)
    if isinstance(field, models.JSONField):
        return [_json(field, value) for value in column]
    return [field.get_db_prep_save(value, connection) for value in column]


def _times(column: Sequence[dt.datetime | None]) -> Sequence[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    if connection.vendor != "sqlite" or connection.timezone is not dt.UTC:
        return [None if moment is None else adapt(moment) for moment in column]
    return [
        None
        if moment is None
        else (str(moment.replace(tzinfo=None)) if moment.tzinfo is dt.UTC else adapt(moment))
        for moment in column
    ]


def _json(field: models.JSONField, value: Any) -> Any:
    if isinstance(value, WrittenJson):
        return str(value)
    if value is None:
        return field.get_db_prep_save(value, connection)
    return "{}" if value == {} else _JSON.encode(value)
