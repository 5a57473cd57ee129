"""The floor of serving: a WSGI application that returns the bytes it was given under a path."""

from __future__ import annotations

from typing import Any

_pages: dict[str, tuple[list[tuple[str, str]], list[bytes]]] = {}


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] == "PUT":
        body = environ["wsgi.input"].read()
        headers = [("Content-Type", "text/html; charset=utf-8")]
        _pages[path] = ([*headers, ("Content-Length", str(len(body)))], [body])
    headers, page = _pages[path]
    start_response("200 OK", headers)
    return page
