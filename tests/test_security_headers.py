"""Headers that every answer carries, whoever asks and whatever the answer is."""

import pytest
from django.test import Client

from tests.factories import make_publication

pytestmark = pytest.mark.django_db

DESK = "/admin/login/"
READERS = ["/", "/feed/", "/no-such-page/", "/preview/nothing/", "/media/x.jpg"]
REDIRECT = "/no-such-page"
POLICY_FOR_REFERRERS = {"/preview/nothing/": "no-referrer"}
PAGES = [DESK, *READERS]


def policy_of(client: Client, path: str) -> dict[str, str]:
    policy = client.get(path).headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_may_be_framed_or_have_its_type_guessed(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == POLICY_FOR_REFERRERS.get(
        path, "strict-origin-when-cross-origin"
    )
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_policy_allows_no_foreign_and_no_inline_script(client: Client, path: str) -> None:
    directives = policy_of(client, path)
    script = directives.get("script-src", directives["default-src"])
    assert script in ("'self'", "'none'")
    assert "unsafe" not in str(directives)
    assert {directives[name] for name in ("base-uri", "frame-ancestors")} == {"'none'"}


@pytest.mark.parametrize("path", [*READERS, REDIRECT])
def test_what_readers_get_runs_no_script_and_loads_nothing_from_elsewhere(
    client: Client, path: str
) -> None:
    directives = policy_of(client, path)
    assert directives.pop("default-src") == "'none'"
    assert directives.pop("img-src") == "'self' data:"
    assert set(directives.values()) == {"'self'", "'none'"}
    assert "script-src" not in directives


def test_desk_keeps_a_policy_of_its_own(client: Client) -> None:
    assert policy_of(client, DESK)["default-src"] == "'self'"


def test_story_has_the_readers_policy_in_304_too(client: Client) -> None:
    url = make_publication().get_absolute_url()
    page = client.get(url)
    again = client.get(url, headers={"If-None-Match": page.headers["ETag"]})
    name = "Content-Security-Policy"
    assert (again.status_code, again.headers[name]) == (304, page.headers[name])


@pytest.mark.parametrize(
    ("path", "whose"),
    [("/", "same-origin"), (DESK, "same-origin"), ("/media/x.jpg", "cross-origin"),
     ("/static/css/site.css", "cross-origin")],
)  # fmt: skip
def test_other_sites_may_show_photos_and_no_pages(client: Client, path: str, whose: str) -> None:
    response = client.get(path)
    response.close()
    assert response.headers["Cross-Origin-Resource-Policy"] == whose


def test_reader_gets_no_cookie(client: Client) -> None:
    assert not client.get("/no-such-page/").cookies
