"""What tests of the desk start from in a browser: an open form, with the editor running."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from tests import desk
from tests.browser.writer import Open, editor
from tests.factories import make_user


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
