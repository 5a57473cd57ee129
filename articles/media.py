"""Photos served by the site itself, for development and small installations.

Serves renditions and nothing else: originals, with all that cameras write into them, are not to be
had here. A rendition has a name of 128 random bits and is listed nowhere, so only those can ask for
it who saw a page that shows it; whether that page is public now is not asked again. Where photos
lie in a bucket, the bucket's host serves them instead.
"""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

_RENDITION = re.compile(r"renditions/[0-9a-f]{32}\.(jpg|webp|avif)", re.ASCII)
_TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return one rendition, to be kept for a year: a changed photo has other names."""
    match = _RENDITION.fullmatch(name)
    if match is None:
        raise Http404("No such photo.")
    content_type = _TYPES[match[1]]
    response: HttpResponseBase
    try:
        if request.method == "HEAD":
            length = str(default_storage.size(name))
            response = HttpResponse(content_type=content_type, headers={"Content-Length": length})
        else:
            response = FileResponse(default_storage.open(name, "rb"), content_type=content_type)
    except FileNotFoundError:
        raise Http404("No such photo.") from None
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
