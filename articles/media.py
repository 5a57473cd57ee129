"""Photos as readers get them from the site: renditions, and nothing else that lies in the store.

Originals, with all that cameras write into them, are not to be had here. A rendition has a name of
128 random bits and is listed nowhere, so only those can ask for it who saw a page that shows it;
whether that page is public now is not asked again. The row decides, not the file: of a killed photo
there is neither, and a file that is planned is made when it is first asked for. Where a bucket's
host serves files, the site makes them and sends readers there.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles import making
from articles.models.photos import Rendition

_RENDITION = re.compile(r"renditions/([0-9a-f]{32})\.(jpg|webp|avif)", re.ASCII)
_TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return one rendition, to be kept for a year: a changed photo has other names."""
    match = _RENDITION.fullmatch(name)
    row = Rendition.objects.filter(file=name).first() if match else None
    if match is None or row is None:
        raise Http404("No such photo.")
    if not row.is_made and not making.make_for_reader(row):
        return _stand_in(row)
    if settings.MEDIA_ORIGIN:
        return _elsewhere(row.file.url)
    etag = f'"{match[1]}"'
    unchanged = get_conditional_response(request, etag=etag)
    try:
        response = _file(request, name, etag) if unchanged is None else unchanged
    except FileNotFoundError:
        raise Http404("No such photo.") from None
    if response.status_code in (200, 206):
        response.headers["Content-Type"] = _TYPES[match[2]]
        response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _file(request: HttpRequest, name: str, etag: str) -> HttpResponseBase:
    """Answer with the file or, if one range of it is asked for, that part."""
    size = default_storage.size(name)
    if request.method == "HEAD":
        return HttpResponse(headers={"Content-Length": str(size)})
    part = _part(request, size, etag)
    if part is None:
        return FileResponse(_opened(name), filename="")
    start, end = part
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with _opened(name) as file:
        file.seek(start)
        content = file.read(end - start)
    said = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return HttpResponse(content, status=206, headers=said)


def _opened(name: str) -> File:
    return default_storage.open(name, "rb")


def _part(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return first byte and end of the range asked for, an empty one if it lies behind the file.

    None without a range, for several, and for one of another file (RFC 9110, section 14).
    """
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size


def _stand_in(row: Rendition) -> HttpResponseBase:
    """Send readers to a file that is there while the one they asked for can't be made."""
    made = Rendition.objects.filter(photo=row.photo_id, is_made=True, crop="", format="jpeg")
    found = made.order_by("-width").first()
    if found is None:
        return HttpResponse(status=503, headers={"Retry-After": "30", "Cache-Control": "no-store"})
    response = HttpResponseRedirect(found.url)
    response.headers["Cache-Control"] = "no-store"
    return response


def _elsewhere(url: str) -> HttpResponseBase:
    response = HttpResponseRedirect(url)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
