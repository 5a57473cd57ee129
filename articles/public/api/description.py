"""The OpenAPI description of the API, and the page that shows it to people."""

from __future__ import annotations

import functools
import json
import threading
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles import pages
from articles.public.api.base import ApiView
from articles.public.api.describe import naming as described
from articles.public.api.describe.shapes import SCHEMAS
from articles.public.responses import ReaderView

ROOT = "api/v1/"
_ABOUT = (
    "Everything readers can read, for programs. Nobody needs a key or an account, and nothing can "
    "be changed. Stories are ninjs 3.1; each also is a NewsML-G2 and a NITF document. Every answer "
    "has an `ETag`: ask again with `If-None-Match`, and an answer that has not changed costs "
    "nothing. Refusals are problem details (RFC 9457) that name what is wrong."
)
# The generator reads settings that are patched for it, for all threads of the process.
_lock = threading.Lock()
_Generator: Any = SchemaGenerator  # its own types are not told
_LISTS = ("articles", "changes", "sections", "topics", "contributors", "sources", "corrections")


class EntryView(ApiView):
    """Names the addresses of all there is."""

    @extend_schema(**described.ENTRY)
    def get(self, request: Request) -> Response:
        names = {"website": "front", "documentation": "api-docs", "openapi": "api-openapi"}
        names |= {name: f"api-{name}" for name in _LISTS}
        found = {key: pages.absolute(reverse(f"articles:{name}")) for key, name in names.items()}
        return Response({"name": settings.SITE_NAME, **found})


class OpenApiView(ApiView):
    """Answers with the OpenAPI description."""

    @extend_schema(**described.OPENAPI)
    def get(self, request: Request) -> Response:
        return Response(description())


class DocumentationView(ReaderView):
    """The description as a page: what there is to ask, with what, and what comes back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "operations": operations(),
            "shapes": shapes(),
            "canonical": pages.absolute(request.path),
            "api_root": pages.absolute(reverse("articles:api")),
            "openapi": reverse("articles:api-openapi"),
        }
        return render(request, "articles/api.html", context)


def description() -> dict[str, Any]:
    """Return the OpenAPI description; it is the same for all requests of a site."""
    with _lock:
        return _describe(settings.SITE_NAME, settings.SITE_URL)


@functools.lru_cache(maxsize=4)
def _describe(name: str, address: str) -> dict[str, Any]:
    from articles.public.api.urls import urlpatterns

    told = {
        "TITLE": f"{name}: read API",
        "DESCRIPTION": _ABOUT,
        "VERSION": "1",
        "OAS_VERSION": "3.1.1",
        "SERVERS": [{"url": address}],
        "APPEND_COMPONENTS": {"schemas": SCHEMAS},
        "EXTERNAL_DOCS": {
            "url": "https://iptc.org/standards/ninjs/",
            "description": "ninjs, the standard that stories are written in",
        },
        "SCHEMA_PATH_PREFIX": f"/{ROOT}",
        "POSTPROCESSING_HOOKS": [],
        "SORT_OPERATIONS": False,
        "SORT_OPERATION_PARAMETERS": False,
    }
    with patched_settings(told):
        generator: Any = _Generator(patterns=[path(ROOT, include(urlpatterns))])
        return dict(generator.get_schema(request=None, public=True))


def operations() -> list[dict[str, Any]]:
    """Return what the page shows of each operation, in the order of the description."""
    return [
        _shown(address, operation["get"]) for address, operation in description()["paths"].items()
    ]


def _shown(address: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    return {
        "address": address,
        "name": operation["operationId"],
        "summary": operation["summary"],
        "text": _with_code(operation["description"]),
        "parameters": [_parameter(row) for row in parameters if row["in"] != "header"],
        "answers": [_answer(status, row) for status, row in operation["responses"].items()],
        "example": _example(operation["responses"]["200"]),
    }


def _with_code(text: str) -> SafeString:
    """Return a text with what stands between backticks as code."""
    parts = (
        (part, "code" if number % 2 else "span") for number, part in enumerate(text.split("`"))
    )
    return format_html_join("", "<{1}>{0}</{1}>", parts)


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    shape = row["schema"]
    values = shape.get("enum") or []
    limits = [f"{shape[name]}" for name in ("minimum", "maximum") if name in shape]
    kind = " | ".join(values) or shape.get("format") or shape["type"]
    examples = [one["value"] for one in row.get("examples", {}).values()]
    return {
        "name": row["name"],
        "where": row["in"],
        "kind": f"{kind} {'–'.join(limits)}".strip(),
        "text": _with_code(row.get("description", "")),
        "example": examples[0] if examples else "",
    }


def _answer(status: str, row: dict[str, Any]) -> dict[str, Any]:
    contents: dict[str, Any] = row.get("content", {})
    media_type = next(iter(contents), "")
    content: dict[str, Any] = contents.get(media_type, {})
    shape = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return {
        "status": status,
        "text": _with_code(row.get("description", "")),
        "media_type": media_type,
        "shape": shape,
    }


def _example(row: dict[str, Any]) -> str:
    for content in row.get("content", {}).values():
        for example in content.get("examples", {}).values():
            return json.dumps(example["value"], ensure_ascii=False, indent=2)
    return ""


def shapes() -> list[dict[str, Any]]:
    """Return what the page shows of each shape of an answer: its properties, one a row."""
    return [
        {
            "name": name,
            "text": _with_code(shape.get("description", "")),
            "properties": [
                {
                    "name": key,
                    "kind": _kind(value),
                    "text": _with_code(value.get("description", "")),
                    "is_required": key in shape["required"],
                }
                for key, value in shape["properties"].items()
            ],
        }
        for name, shape in SCHEMAS.items()
    ]


def _kind(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    if "const" in shape:
        return f"“{shape['const']}”"
    if "enum" in shape:
        return " | ".join(shape["enum"])
    if shape.get("type") == "array":
        return f"[{_kind(shape['items'])}]"
    if shape.get("type") == "object":
        return f"{{{', '.join(shape['properties'])}}}"
    return str(shape.get("format") or shape["type"])
