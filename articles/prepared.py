"""Queries of public pages whose SQL is made once a process, not at each request.

Django writes a query anew each time it is asked, which costs more than most of ours take to run.
Here a query is built and written with stand-ins for its values; afterwards only the values differ.
What is asked for is still said by the querysets: nothing here knows a table.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from articles import planned, readings

_NUMBER = 7_300_000_000_000_001
_DAY = dt.datetime(1901, 2, 3, 4, 5, 6, 789, tzinfo=dt.UTC)
# Numbers of values in a list are rounded up to these, so that few texts are kept.
_LENGTHS = (0, *(1 << power for power in range(12)))
# Where a query takes a value, and what stands before a list of them.
_PARAMETER = re.compile(r"(?<!%)%s")
_IN = "IN ("


@dataclass(frozen=True, slots=True)
class _Rows:
    """How rows become instances: the columns that are the model's, and what fills in the rest."""

    model: type[Model]
    columns: slice
    names: tuple[str, ...]
    others: tuple[Any, ...]
    annotations: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """One query as a database reads it.

    ``places`` says of a parameter's position which value it is, and which one of a list; -1 is the
    whole list.
    ``converters`` are columns with the functions that make Python's values of them. ``rows`` is
    None for tuples. ``marked`` is the query with the marks of SQLite's driver for its parameters,
    "" for another database.
    """

    sql: str
    marked: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int, int], ...]
    converters: tuple[tuple[int, Any, Any], ...]
    rows: _Rows | None


class _WholeList(NamedTuple):
    """A parameter that is a whole list of values."""

    number: int
    place: int = -1


class Prepared:
    """A query of some values: times, numbers, texts, uuids, or lists of one of these.

    ``build`` makes the queryset, of whole rows or of ``values_list``. It must put each value into
    a filter as it is, and decide nothing by it; a queryset that decides needs a query of its own
    for each way. ``prefetch_related`` is not done. Values are never None.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self._texts: dict[tuple[Any, ...], _Text | None] = {}

    def __call__(self, *values: Any) -> list[Any]:
        """Ask the database; return model instances, or tuples of ``values_list``."""
        given, using, text = self._text(values)
        if text is None:
            return []
        reading = readings.current()
        if reading is None:
            rows = _fetched(text, _params(text, given, connections[using]), connections[using])
        else:
            rows = reading.answer(_Question(self, values, reading))
        found = _converted(text, rows, connections[using])
        return found if text.rows is None else _instances(text.rows, found, using)

    def first(self, *values: Any) -> Any:
        """Ask the database; return the first row or None. ``build`` says in which order."""
        found = self(*values)
        return found[0] if found else None

    def _text(self, values: Sequence[Any]) -> tuple[list[Any], str, _Text | None]:
        """Return values as a query takes them, the database, and the query, None without rows."""
        given = [_padded(value) if isinstance(value, list) else value for value in values]
        shape = tuple(len(value) if isinstance(value, list) else type(value) for value in given)
        using = self._database(given)
        key = (using, connections[using].vendor, *shape)
        if key not in self._texts:
            self._texts[key] = self._write(given, using)
        return given, using, self._texts[key]

    def _database(self, given: Sequence[Any]) -> str:
        if not hasattr(self, "_model"):
            self._model: type[Model] = self.build(*map(_stand_in, range(len(given)), given)).model
        return router.db_for_read(self._model)

    def _write(self, given: Sequence[Any], using: str) -> _Text | None:
        """Write the query with stand-ins, and see where each of them went."""
        stand_ins = [_stand_in(number, value) for number, value in enumerate(given)]
        queryset = self.build(*stand_ins).using(using)
        connection = connections[using]
        compiler = queryset.query.get_compiler(using)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        known: dict[Any, tuple[int, int]] = {}
        for number, stand_in in enumerate(stand_ins):
            for place, one in enumerate(stand_in if isinstance(stand_in, list) else [stand_in]):
                known[_adapted(one, connection)] = (number, place)
        if missing := set(known.values()) - {known[param] for param in params if param in known}:
            raise ValueError(f"A prepared query does not use its values {sorted(missing)}.")
        if connection.vendor == "postgresql":
            lists = {n: len(value) for n, value in enumerate(given) if isinstance(value, list)}
            sql, params = _with_arrays(sql, params, known, lists)
        places = tuple(
            (position, *(param if isinstance(param, _WholeList) else known[param]))
            for position, param in enumerate(params)
            if isinstance(param, _WholeList) or param in known
        )
        made = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        converters = tuple(
            (place, function, column)
            for place, (functions, column) in made.items()
            for function in functions
        )
        wants_rows = issubclass(queryset._iterable_class, ModelIterable)
        rows = _rows_of(compiler, using) if wants_rows else None
        return _Text(sql, _marked(sql, connection), tuple(params), places, converters, rows)


class _Question:
    """A query of some values, to be asked again as of other moments; its answers are rows as the
    database gives them. Of times it asks only the moment of the reading."""

    __slots__ = ("_params", "name", "query", "values")

    def __init__(self, query: Prepared, values: Sequence[Any], reading: readings.Reading) -> None:
        self.query = query
        self.values = [list(value) if isinstance(value, list) else value for value in values]
        moments = [value for value in values if isinstance(value, dt.datetime)]
        if any(moment != reading.at for moment in moments):
            reading.is_whole = False
        self.name = (query, *map(_named, values))
        # By database: the query, its parameters, and which of these are the moment.
        self._params: dict[str, tuple[_Text | None, list[Any], list[int]]] = {}

    def __call__(self, at: dt.datetime, known: readings.Known) -> list[Any]:
        if self.name not in known:
            known[self.name] = self._ask(at, known)
        rows: list[Any] = known[self.name]
        return rows

    def size(self) -> int:
        params = [params for _text, params, _moments in self._params.values()]
        return readings.size_of([self.name, self.values, *params])

    def _ask(self, at: dt.datetime, known: readings.Known) -> list[Any]:
        using = self.query._database(self.values)
        connection = connections[using]
        if using not in self._params:
            self._params[using] = self._written(connection)
        text, params, moments = self._params[using]
        if text is None:
            return []
        if moments:
            params = params.copy()
            if using not in known:
                known[using] = _adapted(at, connection)
            for place in moments:
                params[place] = known[using]
        return _fetched(text, params, connection)

    def _written(self, connection: Any) -> tuple[_Text | None, list[Any], list[int]]:
        given, _using, text = self.query._text(self.values)
        if text is None:
            return None, [], []
        times = {n for n, value in enumerate(given) if isinstance(value, dt.datetime)}
        moments = [position for position, number, _place in text.places if number in times]
        return text, _params(text, given, connection), moments


def _named(value: Any) -> Any:
    """Return what a value is known by; what is known is of one moment."""
    if isinstance(value, list):
        return tuple(value)
    return None if isinstance(value, dt.datetime) else value


def keep(instance: Model, name: str, rows: Iterable[Model]) -> None:
    """Let a relation of a row that leads to many return these, as after a prefetch."""
    field: Any = instance._meta.get_field(name)
    found: Any = QuerySet(model=field.related_model)
    found._result_cache, found._prefetch_done = list(rows), True
    kept = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found


def _padded(values: list[Any]) -> list[Any]:
    """Repeat the last value up to the next length of which a text is kept."""
    size = next((length for length in _LENGTHS if length >= len(values)), len(values))
    return values + values[-1:] * (size - len(values))


def _stand_in(number: int, value: Any, place: int = 0) -> Any:
    """Return a value of the same type that no query has by itself, another for each place."""
    if isinstance(value, list):
        return [_stand_in(number, one, n) for n, one in enumerate(value)]
    serial = number * 10_000 + place
    if isinstance(value, dt.datetime):
        return _DAY + dt.timedelta(days=number, microseconds=place)
    if isinstance(value, uuid.UUID):
        return uuid.UUID(int=_NUMBER + serial)
    return _NUMBER + serial if isinstance(value, int) else f"stand-in {_NUMBER + serial}"


def _with_arrays(
    sql: str, params: Sequence[Any], known: dict[Any, tuple[int, int]], lists: dict[int, int]
) -> tuple[str, list[Any]]:
    """Return a query that takes each list as one array: a thousand parameters cost their driver
    and PostgreSQL more than most queries do. ``lists`` are lengths by the number of the value.
    """
    pieces = _PARAMETER.split(sql)
    made, kept = pieces[0], []
    at = 0
    while at < len(params):
        number, place = known.get(params[at], (-1, -1))
        length = lists.get(number, 0)
        between = pieces[at + 1 : at + length]
        if length and place == 0 and made.endswith(_IN) and set(between) <= {", "}:
            made = f"{made.removesuffix(_IN)}= ANY (%s{pieces[at + length]}"
            kept.append(_WholeList(number))
            at += length
        else:
            made += f"%s{pieces[at + 1]}"
            kept.append(params[at])
            at += 1
    return made, kept


def _array(values: list[Any]) -> Any:
    """Return values as PostgreSQL's driver takes an array of them; numbers as it would write them,
    which takes the driver longer."""
    return f"{{{','.join(map(str, values))}}}" if isinstance(values[0], int) else values


def _adapted(value: Any, connection: Any) -> Any:
    """Return a value as the database's parameters hold it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if type(value) is int and connection.vendor == "postgresql":
        return planned.number(value)
    return value


def _params(text: _Text, given: Sequence[Any], connection: Any) -> list[Any]:
    """Return the parameters of a query with these values."""
    params = list(text.params)
    for position, number, place in text.places:
        value = given[number]
        if isinstance(value, list):
            value = value[place] if place >= 0 else _array(value)
        params[position] = _adapted(value, connection)
    return params


def _marked(sql: str, connection: Any) -> str:
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        marked: str = cursor.cursor.convert_query(sql)
    return marked


def _fetched(text: _Text, params: list[Any], connection: Any) -> list[Any]:
    """Run a query and return its rows as the database's driver gives them."""
    if not text.marked or connection.queries_logged:
        opened, sql = planned.cursor(connection), text.sql
    else:
        # Django's own cursor writes the marks anew each time, which takes longer than the query.
        connection.ensure_connection()
        opened, sql = connection.make_cursor(connection.connection.cursor()), text.marked
    with opened as cursor:
        cursor.execute(sql, params)
        rows: list[Any] = cursor.fetchall()
    return rows


def _converted(text: _Text, rows: list[Any], connection: Any) -> list[Any]:
    """Return rows in Python's types."""
    if not text.converters:
        return rows
    made = [list(row) for row in rows]
    for place, convert, column in text.converters:
        for row in made:
            row[place] = convert(row[place], column, connection)
    return [tuple(row) for row in made]


def _rows_of(compiler: Any, using: str) -> _Rows:
    """Return how instances are made of a query's rows."""
    made = compiler.klass_info
    columns = slice(made["select_fields"][0], made["select_fields"][-1] + 1)
    return _Rows(
        made["model"],
        columns,
        tuple(column[0].target.attname for column in compiler.select[columns]),
        tuple(get_related_populators(made, compiler.select, using)),  # type: ignore[call-arg]
        tuple((compiler.annotation_col_map or {}).items()),
    )


def _instances(how: _Rows, rows: Sequence[Any], using: str) -> list[Any]:
    """Make model instances of rows, with those that ``select_related`` and ``annotate`` added."""
    found = []
    for row in rows:
        instance = how.model.from_db(using, how.names, row[how.columns])
        for other in how.others:
            other.populate(row, instance)
        for name, place in how.annotations:
            setattr(instance, name, row[place])
        found.append(instance)
    return found
