"""What all views of the API share: anonymous, read only, one format, and refusals as problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from articles import pages, replicas
from articles.public.api import parameters, problems
from articles.public.api.parameters import Parameter
from articles.public.responses import finish, moment


class OneFormat(BaseContentNegotiation):
    """Answers in the one format an address has, whatever the request would like best."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        return None

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class ApiView(APIView):
    """Reads the ``parameters`` into ``self.asked`` and fixes the moment in ``self.at``."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    parser_classes = []
    renderer_classes = [JSONRenderer]
    content_negotiation_class = OneFormat
    http_method_names = ["get", "head", "options"]

    parameters: ClassVar[Sequence[Parameter]] = ()
    other_parameters: ClassVar[Sequence[str]] = ()
    at: dt.datetime
    asked: dict[str, Any]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return replicas.reading(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.at = moment(request)
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
        return finish(request, response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            self.asked = parameters.read(
                request.query_params, self.parameters, self.other_parameters
            )

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer browsers that ask whether a page elsewhere may ask."""
        headers = {
            "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
            "Access-Control-Allow-Headers": "*",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return problems.answer

    def address(self, **changed: str) -> str:
        """Return the full address of this request with other values of its parameters."""
        query = self.request.query_params.copy()
        for name, value in changed.items():
            query[name] = value
        return pages.absolute(f"{self.request.path}{f'?{query.urlencode()}' if query else ''}")


def linked(content: Any, **links: str) -> Response:
    """Return an answer that names its neighbours in a ``Link`` header (RFC 8288) as well."""
    given = [f'<{address}>; rel="{relation}"' for relation, address in links.items() if address]
    return Response(content, headers={"Link": ", ".join(given)} if given else None)


class NotThere(ApiView):
    """Answers for every address under the API's that there is not."""

    schema = None
    other_parameters = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise problems.Problem(404, "There is nothing at this address of the API.")
