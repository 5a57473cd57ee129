"""The window that tests share keeps nothing of a test but copies of what was fetched."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page

from tests.browser.window import LASTING, empty, forget_fetched

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAVE = """async () => {
    name = "left"
    localStorage.setItem("left", "1")
    sessionStorage.setItem("left", "1")
    document.cookie = "left=1"
    await (await caches.open("left")).put("/left", new Response("1"))
    await new Promise((done) => {
        const asked = indexedDB.open("left", 1)
        asked.onsuccess = () => { asked.result.close(); done() }
    })
}"""
LEFT = """async () => ({
    name, cookies: document.cookie, local: localStorage.length, session: sessionStorage.length,
    caches: await caches.keys(), databases: await indexedDB.databases(), online: navigator.onLine,
    across: innerWidth, down: innerHeight,
    print: matchMedia("print").matches, dark: matchMedia("(prefers-color-scheme: dark)").matches,
    geolocation: (await navigator.permissions.query({name: "geolocation"})).state,
    clipboard: (await navigator.permissions.query({name: "clipboard-read"})).state,
    sent: await (await fetch(location)).text(),
})"""


def test_nothing_of_a_test_is_left_to_the_next(window: BrowserContext, live_server: Any) -> None:
    address = reverse("articles:robots")
    page = window.new_page()
    page.goto(address)
    before = page.evaluate(LEFT)
    empty(window, live_server.url)

    page = window.new_page()
    page.goto(address)
    window.grant_permissions(["geolocation", "clipboard-read"])
    window.add_cookies([{"name": "hidden", "value": "1", "url": live_server.url, "httpOnly": True}])
    page.evaluate(LEAVE)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 600})
    window.route("**/robots.txt", lambda route: route.fulfill(body="left"))
    during = page.evaluate(LEFT)
    assert [name for name, value in during.items() if value == before[name]] == ["online"]
    window.set_offline(True)
    assert page.evaluate("navigator.onLine") is False
    empty(window, live_server.url)

    page = window.new_page()
    page.goto(address)
    assert page.evaluate(LEFT) == before
    assert window.cookies() == []
    empty(window, live_server.url)


@pytest.mark.parametrize("name", LASTING)
def test_what_would_last_is_refused(context: BrowserContext, name: str) -> None:
    with pytest.raises(AssertionError, match="last into the next test"):
        getattr(context, name)()


def test_sheets_are_fetched_once_unless_a_test_forgets_them(
    page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    serve = StaticFilesHandler.serve

    def counted(self: StaticFilesHandler, request: HttpRequest) -> Any:
        if request.path.endswith(".css"):
            served.append(request.path)
        return serve(self, request)

    monkeypatch.setattr(StaticFilesHandler, "serve", counted)
    address = reverse("admin:login")
    page.goto(address)
    served.clear()
    page.goto(address)
    assert served == []
    forget_fetched(page)
    page.goto(address)
    assert served
