"""Asking a WSGI application as a server does; Django's test client goes past what is around it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import brotli
import pytest
from django.test import RequestFactory

from articles.public.page_cache.versions import Database, UnreachableError


@contextmanager
def databases_closed() -> Iterator[None]:
    """Close at the end what page caches opened in this thread."""
    opened: list[Database] = []
    begin = Database.__init__

    def noted(self: Database, *given: Any) -> None:
        begin(self, *given)
        opened.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "__init__", noted)
        yield
    for database in opened:
        database.close()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as a reader sees it, decoded."""
        coding = self.headers.get("Content-Encoding", "")
        plain = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)
        return plain(self.body).decode()

    @property
    def cache(self) -> str:
        """What the page cache did: "hit", "miss", …; "" where it took no part."""
        told = self.headers.get("Cache-Status", "").removeprefix("newsroom; ")
        return told.removeprefix("fwd=").split(";")[0]


def ask(
    application: Callable[..., Any],
    path: str = "/",
    *,
    method: str = "GET",
    secure: bool = False,
    **headers: str,
) -> Answer:
    """Return an answer; ``headers`` are given as ``if_none_match=…``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    factory = RequestFactory(headers=named)
    environ = factory.generic(method, path, secure=secure).environ
    if "host" in headers:
        environ["HTTP_HOST"] = headers["host"]
    else:
        environ.setdefault("HTTP_HOST", "testserver")
    found: list[Any] = []

    def start(status: str, sent: list[tuple[str, str]], exc_info: Any = None) -> Any:
        found.append((int(status.split()[0]), sent))
        return lambda part: None

    response = application(environ, start)
    body = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    status, sent = found[-1]
    return Answer(status, dict(sent), body)


class Numbers:
    """Versions of tags without a database, for what only asks whether a page still holds."""

    def __init__(self) -> None:
        self.version = 0
        self.tags: dict[str, int] = {}
        self.is_down = False

    def bump(self, *tags: str) -> None:
        self.version += 1
        self.tags |= dict.fromkeys(tags, self.version)

    def newest(self) -> int:
        if self.is_down:
            raise UnreachableError
        return self.version

    def ask(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        if sql.startswith("SELECT MAX"):
            return [(max((self.tags.get(tag, 0) for tag in values), default=0),)]
        since, most = values
        return [(tag, at) for tag, at in self.tags.items() if at > since][:most]

    def close(self) -> None:
        pass
