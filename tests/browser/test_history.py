"""An article's past in a browser: the timeline, a revision, two of them compared."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests import desk
from tests.factories import change, make_article, make_photo, make_publication, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_past_and_comparison_have_no_accessibility_faults_and_fit(
    page: Page, live_server: Any, scheme: Any, width: int
) -> None:
    article = make_article(parts=("There were 5 boats.", make_photo(), "They sailed."))
    make_publication(article)
    change(article, headline="Other", body=article.body.replace("5 boats", "7 of the boats"))
    cookie = desk.client_of(make_user("Chief")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    for name, *rest in (("history",), ("revision", 1), ("compare", 1, 2)):
        address = reverse(f"admin:articles_article_{name}", args=[article.pk, *rest])
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["target"]) for fault in found] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width
