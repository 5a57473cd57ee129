"""Wait for what a page does in its own time, without a script of the test's in the page.

A page's Content-Security-Policy forbids what Playwright's ``wait_for_function`` does from its
second look on.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from playwright.sync_api import Page

PATIENCE = 10_000  # milliseconds
STEP = 50


def until(page: Page, ready: Callable[[], object], what: str) -> None:
    """Look again until ``ready`` says something true; ``what`` names it if it never does."""
    for waited in count(step=STEP):
        if ready():
            return
        assert waited < PATIENCE, f"in {PATIENCE} ms this did not come: {what}"
        page.wait_for_timeout(STEP)
