"""The window that tests share, and how it is emptied between them.

A window of its own for each test would cost as much as most tests: the browser starts three
processes for it, and fetches and compiles every script anew. In one that is emptied only copies of
what was fetched stay.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

# What can't be taken back, as little as the clock: who needs it opens a window of its own with
# ``browser.new_context``.
LASTING = (
    "add_init_script",
    "expose_binding",
    "expose_function",
    "on",
    "once",
    "set_default_navigation_timeout",
    "set_default_timeout",
)


def open_window(browser: Browser, **options: Any) -> BrowserContext:
    """Open a window; an empty page keeps it from closing with the last page of a test."""
    window = browser.new_context(**options)
    window.new_page()

    def refuse(*args: Any, **options: Any) -> None:
        raise AssertionError("this would last into the next test: open a window of your own")

    for name in LASTING:
        setattr(window, name, refuse)
    return window


def empty(window: BrowserContext, origin: str) -> None:
    """Close a test's pages and forget what they left, all of which is of one site."""
    stays, *pages = window.pages
    # What a page would still send when it is closed is not for the next test.
    window.set_offline(True)
    for page in pages:
        page.close()
    window.unroute_all()
    window.clear_cookies()
    window.clear_permissions()
    window.set_geolocation(None)
    window.set_extra_http_headers({})
    _clear_storage(stays, origin)
    window.set_offline(False)


def forget_fetched(page: Page) -> None:
    """Have everything fetched anew, as by a browser that was never here."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.clearBrowserCache")
    devtools.detach()


def _clear_storage(page: Page, origin: str) -> None:
    """Empty local storage, databases, caches and workers of a site."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    devtools.detach()
