"""What tests start from in a browser: an empty window, and for the desk a form with the editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from articles.models import Article
from tests import desk
from tests.browser.window import empty, forget_fetched, open_window
from tests.browser.writer import Open, editor
from tests.factories import make_user

RECORDING = ("--tracing", "--video", "--screenshot")


@pytest.fixture(scope="session")
def kept_files() -> Iterator[None]:
    """Let the browser keep static files, as it keeps those of a release, whose names never stand
    for anything else."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(self: StaticFilesHandler, request: HttpRequest) -> Any:
        response = serve(self, request)
        response.headers["Cache-Control"] = "max-age=31536000, immutable"
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        yield


@pytest.fixture(scope="session")
def window(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, kept_files: None
) -> Iterator[BrowserContext]:
    """Open the window that tests share."""
    window = open_window(browser, **{**browser_context_args, "base_url": live_server.url})
    yield window
    window.close()


@pytest.fixture
def context(request: pytest.FixtureRequest, live_server: Any) -> Iterator[BrowserContext]:
    """Give the test the shared window, empty; a test that is recorded gets one of its own."""
    if any(request.config.getoption(option) != "off" for option in RECORDING):
        yield request.getfixturevalue("new_context")(base_url=live_server.url)
        return
    window = request.getfixturevalue("window")
    yield window
    empty(window, live_server.url)


@pytest.fixture
def nothing_fetched(page: Page) -> None:
    """Forget what was fetched before, for a test that looks at how it is fetched."""
    forget_fetched(page)


@pytest.fixture
def opened(page: Page, live_server: Any) -> Open:
    """Open an article's form as a chief, with the editor running."""
    cookie = desk.client_of(make_user("Chief")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.on("dialog", lambda dialog: dialog.accept())

    def open_form(article: Article) -> Page:
        page.goto(live_server.url + desk.change_url(article))
        expect(editor(page)).to_be_visible()
        return page

    return open_form
