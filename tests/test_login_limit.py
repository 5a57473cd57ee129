"""Guessing passwords: ten tries per account and address in a quarter of an hour."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from pytest_django import Settings

from newsroom.client_address import client_address

PASSWORD = "a long enough password"
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limited_account(settings: Settings) -> None:
    settings.AXES_ENABLED = True
    User.objects.create_superuser("desk", password=PASSWORD)


def log_in(client: Client, password: str, address: str = "192.0.2.1") -> int:
    answer = client.post(
        "/admin/login/", {"username": "desk", "password": password}, REMOTE_ADDR=address
    )
    return answer.status_code


def fail(client: Client, times: int) -> list[int]:
    return [log_in(client, "wrong") for _ in range(times)]


def test_nine_mistakes_are_forgiven(client: Client) -> None:
    assert set(fail(client, 9)) == {200}
    assert log_in(client, PASSWORD) == 302


def test_tenth_mistake_locks_even_the_right_password_out(client: Client) -> None:
    assert fail(client, 10)[-1] == 429
    assert log_in(client, PASSWORD) == 429


def test_stranger_locks_nobody_out_who_is_elsewhere(client: Client) -> None:
    fail(client, 12)
    assert log_in(client, PASSWORD, address="198.51.100.7") == 302


def test_lock_opens_after_a_quarter_of_an_hour(client: Client) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        fail(client, 12)
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert log_in(client, PASSWORD) == 302


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "forged, 203.0.113.9", "203.0.113.9"),
        (2, "forged, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "", "10.0.0.1"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "not an address", "10.0.0.1"),
    ],
)
def test_only_own_proxies_are_believed(
    settings: Settings, count: int, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = count
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded}
    )
    assert client_address(request) == expected
