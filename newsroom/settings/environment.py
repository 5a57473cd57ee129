"""Typed reading of environment variables.

Decides when a value counts as given and what a wrong one is told. Problems are collected, not
raised one by one, so that whoever sets up a server learns of all of them at once. What the
variables are for is left to the settings modules.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class Environment:
    """The variables of a process; an empty or blank one counts as unset."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.names: set[str] = set()
        self.problems: dict[str, str] = {}

    def text(self, name: str, default: str = "") -> str:
        self.names.add(name)
        return self.variables.get(name, "").strip() or default

    def required(self, name: str, fix: str) -> None:
        """Note the variable as missing if it is; ``fix`` says what to set it to."""
        if not self.text(name):
            self.problems.setdefault(name, f"is not set. {fix}")

    def parsed(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        """Return ``parse(value)``; a ``ValueError`` becomes a problem that names the variable."""
        value = self.text(name)
        if not value:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.problems[name] = str(error)
            return default

    def boolean(self, name: str, default: bool) -> bool:
        return self.parsed(name, default, parse_boolean)

    def number(self, name: str, default: int, least: int = 0) -> int:
        def parse(value: str) -> int:
            if not (value.isascii() and value.isdigit()) or int(value) < least:
                raise ValueError(f"is {value!r}. Give a whole number of at least {least}.")
            return int(value)

        return self.parsed(name, default, parse)

    def listed(self, name: str, default: Collection[str] = ()) -> list[str]:
        """Return the values between commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()] or [*default]

    def choice(self, name: str, default: str, choices: Collection[str]) -> str:
        def parse(value: str) -> str:
            if value not in choices:
                raise ValueError(f"is {value!r}. Give one of: {', '.join(choices)}.")
            return value

        return self.parsed(name, default, parse)

    def directory(self, name: str, default: Path) -> Path:
        return self.parsed(name, default, lambda value: Path(value).expanduser().absolute())

    def time_zone(self, name: str, default: str) -> str:
        return self.parsed(name, default, parse_time_zone)

    def site_address(self, name: str, default: str) -> str:
        """Return the address of a site's root without a slash at its end."""
        return self.parsed(name, default, parse_site_address)

    def web_address(self, name: str, default: str = "") -> str:
        """Return the full address of a page, "" when there is none."""
        return self.parsed(name, default, parse_web_address)

    def raise_problems(self) -> None:
        """Refuse to go on, with one message, if a variable is missing or wrong."""
        if self.problems:
            lines = [f"  {name} {problem}" for name, problem in sorted(self.problems.items())]
            raise ImproperlyConfigured(
                "Newsroom can't start with these environment variables:\n"
                + "\n".join(lines)
                + "\nEvery variable is explained in docs/settings.md."
            )


def parse_boolean(value: str) -> bool:
    word = value.lower()
    if word not in TRUE | FALSE:
        raise ValueError(f"is {value!r}. Give true or false.")
    return word in TRUE


def parse_time_zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"is {value!r}. Give a zone like Europe/Paris or UTC.") from None
    return value


def parse_site_address(value: str) -> str:
    fix = f"is {value!r}. Give the address of the site's root, like https://news.example."
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError:
        raise ValueError(fix) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError(fix)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(fix)
    return f"{parts.scheme}://{parts.netloc}"


def parse_web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or " " in value:
        raise ValueError(f"is {value!r}. Give the full address of a page, with https://.")
    return value
