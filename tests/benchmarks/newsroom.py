"""Newsrooms of several sizes, each on a database of its own with a server of its own.

The smallest is made, copied as a whole and let grow, and so on. Everything is set as in production.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from tests.benchmarks.serving import ROOT, Server, served


@dataclass(frozen=True)
class Newsroom:
    """``asked`` is what ``inside.make`` says may be asked of it."""

    size: int
    url: str
    folder: Path
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return size_name(self.size)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.production",
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "x1y2z3" * 12,
            "ALLOWED_HOSTS": "localhost,testserver",
            "SITE_URL": "http://localhost",
            "SECURE_SSL_REDIRECT": "false",
            "FOUR_EYES": "false",
            "LOG_LEVEL": "ERROR",
        }

    def do(self, step: str, *arguments: str) -> dict[str, Any]:
        """Do a step of ``inside`` in a process of its own."""
        command = [sys.executable, "-m", "tests.benchmarks.inside", step, *arguments]
        # A statement that copies thousands of rows may take longer than one of a page.
        environment = {**os.environ, **self.environment, "DATABASE_STATEMENT_TIMEOUT": "0"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result

    def serve(
        self, *, by: str = "granian", page_cache: bool = False, written_anew: bool = False
    ) -> AbstractContextManager[Server]:
        """Serve it, without its page cache unless told otherwise; asked as one of the desk.

        ``written_anew`` has it keep nothing at all of a page.
        """
        environment = {**self.environment, "PAGE_CACHE": "on" if page_cache else "off"}
        if written_anew:
            environment["WRITTEN_PAGES_MEGABYTES"] = "0"
        cookie = "" if page_cache else f"sessionid={self.asked['session']}"
        return served(
            "newsroom.wsgi:application",
            environment,
            by=by,
            cookie=cookie,
            beside=self.database_processes,
        )

    def database_processes(self) -> list[int]:
        """Return the processes of a PostgreSQL on this machine that serve this newsroom."""
        if self.url.startswith("sqlite"):
            return []
        sql = (
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with psycopg.connect(self.url) as connection:
            return [pid for (pid,) in connection.execute(sql)]


@contextmanager
def newsrooms(database: dict[str, Any], folder: Path, sizes: list[int]) -> Iterator[list[Newsroom]]:
    """Make newsrooms of these sizes, smallest first, on the kind of database that is given."""
    made: list[Newsroom] = []
    try:
        for size in sizes:
            url = beside(database, folder, size, made[-1].url if made else "")
            room = Newsroom(size, url, folder)
            made.append(room)
            if room is made[0]:
                collect(room)
            asked = room.do("make", str(size))
            made[-1] = Newsroom(size, url, folder, asked)
        yield made
    finally:
        for room in made:
            drop(room.url)


@contextmanager
def empty(database: dict[str, Any], folder: Path) -> Iterator[Newsroom]:
    """Make a database without tables, and drop it afterwards."""
    room = Newsroom(0, beside(database, folder, 0, ""), folder)
    try:
        yield room
    finally:
        drop(room.url)


def collect(room: Newsroom) -> None:
    """Collect the static files that pages name, in the folder newsrooms share."""
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **room.environment}, check=True)


def beside(database: dict[str, Any], folder: Path, size: int, before: str) -> str:
    """Return the address of a new database, a copy of the one before if there is one."""
    if database["ENGINE"].endswith("sqlite3"):
        path = folder / f"newsroom-{size}.sqlite3"
        path.unlink(missing_ok=True)
        if before:
            shutil.copyfile(before.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    name = f"bench_{os.getpid()}_{size}"
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    url = f"postgresql://{login}@{database['HOST']}:{database['PORT'] or 5432}/{name}"
    template = f' TEMPLATE "{urlsplit(before).path[1:]}"' if before else ""
    statement(url, f'CREATE DATABASE "{name}"{template}')
    return url


def drop(url: str) -> None:
    if url.startswith("postgresql"):
        statement(url, f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')


def statement(url: str, sql: str) -> None:
    """Execute a statement about a database in the one every server has."""
    server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.encode())


def size_name(articles: int) -> str:
    if articles >= 1_000_000:
        return f"{articles // 1_000_000}M"
    return f"{articles // 1000}k" if articles >= 1000 else str(articles)
