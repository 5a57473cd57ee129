"""How the API says no: problem details (RFC 9457), one shape for every refusal."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"


class Problem(APIException):
    """A refusal; ``parameters`` are pairs of the wrong parameter's name and what is wrong."""

    def __init__(
        self, status: int, detail: str, parameters: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.text = detail
        self.parameters = parameters


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error that the asker can do something about, else None."""
    if isinstance(error, Http404):
        error = Problem(404, "There is nothing at this address, or nothing any more.")
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(context["view"].allowed_methods)
        error = Problem(405, f"This API is only read: ask with {allowed}.")
    if not isinstance(error, Problem):
        return None
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": error.text,
    }
    if error.parameters:
        content["parameters"] = [
            {"name": name, "detail": detail} for name, detail in error.parameters
        ]
    return Response(content, status=error.status_code, content_type=MEDIA_TYPE)
