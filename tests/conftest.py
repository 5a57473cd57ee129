"""What every test starts from: a place of its own on disk, a cache of its own, and no network.

Fixtures for stories and people are in ``factories``; here is only what keeps one test, and one
run of the tests, from touching another.
"""

import gc
import ipaddress
import os
import socket
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from PIL import Image
from pytest_django import DjangoDbBlocker, Settings

CHROMIUM = os.environ.get("NEWSROOM_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on SQLite what only PostgreSQL can show, there what asks no database or says
    nothing more (``once``). What takes long is begun first: at the end a process would work at it
    alone, and two would make what its module shares."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        left_out = [item for item in items if not _asks_a_database(item) or _is_once(item)]
    else:
        left_out = [item for item in items if item.get_closest_marker("postgres")]
    config.hook.pytest_deselected(items=left_out)
    out = set(left_out)
    items[:] = [item for item in items if item not in out]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Leave what was imported out of all later looks for garbage: it stays to the end anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _asks_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("benchmark")
    return bool(marked or fixtures & {"db", "transactional_db"})


def _is_once(item: pytest.Item) -> bool:
    return item.get_closest_marker("once") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Name the test database after this process, so that runs at the same time don't meet.

    On SQLite it is a file, since a database in memory knows neither WAL nor waiting for a writer.
    On PostgreSQL it is dropped even if a migration failed half-way.
    """
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        name = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        name = f"test_{database['NAME']}_{os.getpid()}"
    database.setdefault("TEST", {})["NAME"] = name
    with pytest.MonkeyPatch.context() as patch:
        if database["ENGINE"].endswith("postgresql"):
            operations: Any = connection.ops
            patch.setattr(operations, "sql_flush", partial(_emptying, operations.sql_flush))
        yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _emptying(
    truncating: Callable[..., list[str]], style: Any, tables: Sequence[str], **given: Any
) -> list[str]:
    """Return the statements that empty PostgreSQL's tables after a test that commits.

    Rows are deleted where the login may leave out what guards them: a test makes few, while each
    truncated table and index gets a file anew, which takes seconds on a disk that is waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        may_delete = cursor.fetchone() == ("on",)
    if given.get("reset_sequences") or not may_delete:
        return truncating(style, tables, **given)
    names = map(connection.ops.quote_name, tables)
    deleting = "; ".join(f"DELETE FROM {name}" for name in names)
    return [f"SET LOCAL session_replication_role = replica; {deleting}"]


@pytest.fixture(autouse=True)
def data_directory(tmp_path: Path, settings: Settings) -> Path:
    """Move everything a newsroom writes into the test's own directory."""
    settings.DATA_DIR = tmp_path / "data"
    settings.REPORTS_DIR = settings.DATA_DIR / "reports"
    settings.MEDIA_ROOT = str(settings.DATA_DIR / "media")
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture(autouse=True)
def no_connection(request: pytest.FixtureRequest) -> None:
    """Give a test that asks no database no connection of the one before: what ends a request
    looks at those that are open, and is refused."""
    if not _asks_a_database(request.node):
        connections.close_all()


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """Give each test an empty cache, also where runs share one Redis server."""
    cache = dict(settings.CACHES["default"], KEY_PREFIX=uuid.uuid4().hex)
    if cache["BACKEND"].endswith("LocMemCache"):
        cache["LOCATION"] = cache["KEY_PREFIX"]
    settings.CACHES = {"default": cache}


def is_local(address: Any) -> bool:
    """Return whether a socket address is on this machine."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True)
def pixel_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a limit that one test lowers, which Pillow has once a process, out of the next."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 120_000_000)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse connections and name look-ups that would leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def refuse(address: Any) -> None:
        if not is_local(address):
            raise AssertionError(f"a test tried to reach {address!r}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse((host or "localhost",))
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the machine's own Chromium; NEWSROOM_CHROMIUM names another one."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Give the browser whole addresses: each live server has a port of its own."""


@pytest.fixture(scope="session", autouse=True)
def database_beside_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests use the database while Playwright's event loop runs in the same thread."""
    with pytest.MonkeyPatch.context() as patch:
        if any(item.get_closest_marker("browser") for item in request.session.items):
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield
