"""The site as a server runs it, and beside each page a floor: the same bytes from the same stack.

Django's test client copies the context of every template it sees rendered, which costs more than
some pages; here requests go straight to the WSGI application. The module is the URLconf as well.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, include, path

_PAGES: list[bytes] = []


def floor(request: HttpRequest, number: int) -> HttpResponse:
    """Answer with the bytes of a page that was kept."""
    return HttpResponse(_PAGES[number])


urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/<int:number>/", floor),
    path("", include("newsroom.urls")),
]


class Site:
    """The WSGI application under the settings of production, asked by path."""

    def __init__(self, session: str = "") -> None:
        """Start the application; ``session`` is the key of a session somebody is logged in by."""
        self.application = WSGIHandler()
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        self.headers = {"cookie": cookie} if session else {}

    def get(self, address: str) -> bytes:
        """Return the page of an address; any answer but 200 is a failure of the benchmark."""
        environ = RequestFactory().get(address, headers=self.headers).environ
        answers: list[str] = []

        def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
            answers.append(status)

        response = self.application(environ, start_response)
        page = b"".join(response)
        response.close()
        assert answers == [f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"], (address, answers)
        return page

    def keep(self, address: str) -> str:
        """Ask for a page and return the address of its floor."""
        _PAGES.append(self.get(address))
        return f"/floor/{len(_PAGES) - 1}/"
