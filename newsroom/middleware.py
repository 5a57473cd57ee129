"""Response headers that Django and its packages don't set themselves."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_Respond = Callable[[HttpRequest], HttpResponse]
DESK = "/admin/"


def feature_policies(get_response: _Respond) -> _Respond:
    """Tell browsers which of their features no page uses, and which files other sites may show.

    Photos and static files stand on pages of others: in feed readers, in shared links.
    """
    shown_elsewhere = tuple(
        url for url in (settings.MEDIA_URL, settings.STATIC_URL) if url.startswith("/")
    )

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        elsewhere = request.path_info.startswith(shown_elsewhere)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if elsewhere else "same-origin"
        )
        return response

    return middleware


def reader_policy(get_response: _Respond) -> _Respond:
    """Give every answer outside the desk the readers' policy, redirects and files included.

    Written here and not by ``csp``, so that all processes write the same header.
    """
    directives: Any = settings.READER_SECURITY_POLICY
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        shows_code = settings.DEBUG and response.status_code in (404, 500)
        if not request.path_info.startswith(DESK) and not shows_code:
            response.headers["Content-Security-Policy"] = policy
        return response

    return middleware


class DeskPolicy(CSPMiddleware):
    """Gives the pages of the desk their policy; all else has the readers' (``reader_policy``)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(DESK):
            return super().process_response(request, response)
        return response
