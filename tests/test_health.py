"""What probes are told: whether the process lives, and whether it can serve."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from newsroom import health


def test_process_lives_without_asking_the_database(client: Client) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_process_is_ready_when_database_tables_and_cache_are_there(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
    }


def test_process_without_its_database_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise OperationalError("could not connect to secret.example as desk")

    monkeypatch.setattr(connection, "cursor", fail)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["database"] == "unreachable"
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_process_whose_tables_are_not_there_yet_is_not_ready(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("articles", "0001_initial")
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["migrations"]) == (503, "missing")


@pytest.mark.django_db
def test_tables_of_newer_code_are_no_matter(client: Client) -> None:
    MigrationRecorder(connection).record_applied("articles", "9999_from_tomorrow")
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_site_without_its_cache_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> Any:
        raise ConnectionError("redis://:password@cache.example")

    monkeypatch.setattr(caches["default"], "get", fail)
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["status"] == "degraded"
    assert b"password" not in response.content


def test_probe_needs_neither_host_name_nor_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/health/live", headers={"host": "10.1.2.3"})
    assert response.status_code == 200


def test_answer_is_not_cached_and_sets_no_cookie(client: Client) -> None:
    response = client.get("/health/live")
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


def test_failing_probe_leaves_no_line_in_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_database", lambda: "unreachable")
    assert client.get("/health/ready").status_code == 503
    assert caplog.records == []


def test_probe_only_reads(client: Client) -> None:
    response = client.post("/health/live")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


def test_other_addresses_are_nobodys(client: Client, db: None) -> None:
    assert client.get("/health/").status_code == 404
