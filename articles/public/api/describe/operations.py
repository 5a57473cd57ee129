"""How an operation is described: its parameters, each answer it may give, an example of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from articles.public.api.describe.shapes import ref
from articles.public.api.parameters import Parameter
from articles.public.api.problems import MEDIA_TYPE

_PROBLEMS = {
    304: "The answer is still what the `If-None-Match` of the question names.",
    400: "A parameter can't be used; `parameters` says which, and why.",
    404: "There is nothing at this address, or nothing any more.",
    410: "The story was removed. Take it down.",
}
_ETAG = "Names this answer: send it as `If-None-Match` to be told only if it has changed."
_LINK = "Address of the next page, `rel=next`."


def operation(
    name: str,
    tag: str,
    summary: str,
    description: str,
    *,
    answer: str = "",
    media_type: str = "application/json",
    example: Any = None,
    parameters: Sequence[Parameter] = (),
    problems: Sequence[int] = (400,),
    paged: bool = False,
    uuid: bool = False,
) -> dict[str, Any]:
    """Return what ``extend_schema`` is told of an operation; ``answer`` names a schema."""
    plain = {"type": "object"} if media_type == "application/json" else {"type": "string"}
    shape = ref(answer) if answer else plain
    responses: dict[Any, Any] = {
        (200, media_type): OpenApiResponse(shape, summary, _examples(example, media_type)),
        304: OpenApiResponse(None, _PROBLEMS[304]),
    }
    for status in problems:
        responses[(status, MEDIA_TYPE)] = OpenApiResponse(
            ref("Problem"), _PROBLEMS[status], [_problem(status)]
        )
    given = [_query(parameter) for parameter in parameters]
    given.append(_header("ETag", _ETAG))
    if paged:
        given.append(_header("Link", _LINK))
    if uuid:
        given.insert(0, _uuid())
    return {
        "operation_id": name,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "parameters": given,
        "responses": responses,
        "auth": [],
    }


def _query(parameter: Parameter) -> OpenApiParameter:
    examples = [OpenApiExample(parameter.name, parameter.example)] if parameter.example else []
    return OpenApiParameter(
        parameter.name,
        parameter.schema,
        OpenApiParameter.QUERY,
        description=parameter.description,
        examples=examples,
    )


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=description, response=[200]
    )


def _uuid() -> OpenApiParameter:
    return OpenApiParameter(
        "uuid",
        {"type": "string", "format": "uuid"},
        OpenApiParameter.PATH,
        description="The part of the story's `uri` after urn:newsroom:",
    )


def _examples(value: Any, media_type: str) -> list[OpenApiExample]:
    return [OpenApiExample("Example", value, media_type=media_type)] if value else []


def _problem(status: int) -> OpenApiExample:
    titles = {400: "Bad Request", 404: "Not Found", 410: "Gone"}
    value: dict[str, Any] = {
        "type": "about:blank",
        "title": titles[status],
        "status": status,
        "detail": _PROBLEMS[status],
    }
    if status == 400:
        value["detail"] = "These parameters of the address can't be used: limit."
        value["parameters"] = [{"name": "limit", "detail": "Give a whole number from 1 to 50."}]
    return OpenApiExample(titles[status], value, media_type=MEDIA_TYPE)
