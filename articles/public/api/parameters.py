"""The query parameters of the API: how each is read, and what the OpenAPI description says of it.

A parameter that there is not, one given twice and one that can't be read are refused by name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from articles.public.api.problems import Problem

MOST = 50
USUAL = 20

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[-+ ]\d\d:\d\d)", re.ASCII
)
BEGINNING = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_END = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Parameter:
    """``read`` turns text into a value or raises ValueError with what is wrong."""

    name: str
    description: str
    schema: dict[str, Any]
    read: Callable[[str], Any] = str
    default: Any = None
    example: Any = None


def read_limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST:
        raise ValueError(f"Give a whole number from 1 to {MOST}.")
    return int(text)


def read_time(text: str) -> dt.datetime:
    """Return a time of RFC 3339 in UTC; a plus sign that arrived as a blank is one all the same."""
    wrong = "Give a time with its zone, like 2026-07-04T12:00:00Z."
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(wrong)
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, zone = match[7] or ".0", match[8].replace(" ", "+")
    micro = int(f"{fraction[1:7]:0<6}")
    try:
        local = dt.datetime(year, month, day, hour, minute, min(second, 59), micro, dt.UTC)
        offset = dt.time.fromisoformat(zone[1:]) if zone not in "Zz" else dt.time()
    except ValueError:
        raise ValueError(wrong) from None
    if second > 60:
        raise ValueError(wrong)
    moved = dt.timedelta(hours=offset.hour, minutes=offset.minute)
    try:
        return local - moved if zone[0] == "+" else local + moved
    except OverflowError:
        return BEGINNING if zone[0] == "+" else _END


def read(
    given: QueryDict, known: Sequence[Parameter], others: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the values by name; raises Problem with every parameter that is wrong.

    ``others`` are names that somebody else reads.
    """
    by_name = {parameter.name: parameter for parameter in known}
    values = {parameter.name: parameter.default for parameter in known}
    wrong: list[tuple[str, str]] = []
    for name, texts in given.lists():
        parameter = by_name.get(name)
        if parameter is None and name not in others:
            wrong.append((name, _unknown([*by_name, *others])))
        elif len(texts) > 1:
            wrong.append((name, "Give it once."))
        elif parameter is not None:
            try:
                values[name] = parameter.read(texts[0])
            except ValueError as error:
                wrong.append((name, str(error)))
    refuse(wrong)
    return values


def refuse(wrong: Sequence[tuple[str, str]]) -> None:
    """Raise Problem if any parameter is wrong; a name is told as far as one can read it."""
    if wrong:
        names = ", ".join(name[:100] for name, _detail in wrong[:10])
        raise Problem(
            400,
            f"These parameters of the address can't be used: {names}.",
            [(name[:100], detail) for name, detail in wrong[:10]],
        )


def _unknown(names: Sequence[str]) -> str:
    if not names:
        return "This address takes no parameters."
    return f"There is no such parameter here; there are {', '.join(names)}."
