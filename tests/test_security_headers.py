"""Headers that every answer carries, whoever asks and whatever the answer is."""

import pytest
from django.test import Client

PAGES = ["/admin/login/", "/no-such-page/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_be_framed_or_have_its_type_guessed(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_policy_allows_no_foreign_and_no_inline_script(client: Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["script-src"].split()[0] == "'self'"
    assert "unsafe" not in policy
    assert {directives[name] for name in ("object-src", "base-uri", "frame-ancestors")} == {
        "'none'"
    }


@pytest.mark.django_db
def test_reader_gets_no_cookie(client: Client) -> None:
    assert not client.get("/no-such-page/").cookies
