"""What the tests themselves rely on: no network, own files, a database like the real one."""

import socket
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection


def test_connection_beyond_this_machine_is_refused() -> None:
    with socket.socket() as client, pytest.raises(AssertionError, match="tried to reach"):
        client.connect(("192.0.2.1", 80))


def test_name_look_up_is_refused() -> None:
    with pytest.raises(AssertionError, match="tried to reach"):
        socket.getaddrinfo("news.example", 443)


def test_everything_is_written_to_a_temporary_directory() -> None:
    temporary = Path(tempfile.gettempdir()).resolve()
    for place in (settings.DATA_DIR, settings.REPORTS_DIR, settings.MEDIA_ROOT):
        assert Path(place).resolve().is_relative_to(temporary)


@pytest.mark.parametrize("attempt", [1, 2])
def test_cache_is_empty_at_first(attempt: int) -> None:
    assert cache.get("word") is None
    cache.set("word", attempt)
    assert cache.get("word") == attempt


@pytest.mark.django_db
def test_sqlite_runs_as_in_a_newsroom() -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 20000,
    }


@pytest.mark.django_db
@pytest.mark.postgres
def test_postgresql_gives_up_a_statement_that_takes_too_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("30s",)
