"""Photos served by the site itself: renditions, and nothing else that lies in the photo store."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from PIL import Image

from articles.media import media
from articles.models import Photo
from articles.models.photos import Rendition
from articles.renditions import discard_files, supply
from tests.factories import make_photo

NAME = "0123456789abcdef" * 2


def get(name: str, method: str = "GET", **headers: str) -> HttpResponseBase:
    return media(RequestFactory().generic(method, "/media/", headers=headers), name)


def body(response: HttpResponseBase) -> bytes:
    content = b"".join(response)
    for close in response._resource_closers:  # type: ignore[attr-defined]
        close()  # not the response itself, which would close the database too
    return content


def file_of(row: Photo | Rendition) -> str:
    return str(row.file.name)


@pytest.fixture
def photo(db: None) -> Photo:
    buffer = io.BytesIO()
    Image.new("RGB", (100, 50), "teal").save(buffer, "JPEG")
    photo = make_photo()
    supply(photo, buffer, name="teal.jpg")
    return photo


@pytest.mark.parametrize(
    ("format", "content_type"),
    [("jpeg", "image/jpeg"), ("webp", "image/webp"), ("avif", "image/avif")],
)
def test_rendition_is_served_for_good(photo: Photo, format: str, content_type: str) -> None:  # noqa: A002
    rendition = photo.renditions.filter(format=format, crop="")[0]
    response = get(file_of(rendition))
    with rendition.file.open() as file:
        assert body(response) == file.read()
    assert response.headers["Content-Type"] == content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_head_says_the_length_and_sends_nothing(photo: Photo) -> None:
    rendition = photo.renditions.filter(format="jpeg", crop="")[0]
    response = get(file_of(rendition), "HEAD")
    assert response.headers["Content-Length"] == str(rendition.file.size)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert body(response) == b""


def test_original_is_not_served(photo: Photo) -> None:
    assert default_storage.exists(file_of(photo))
    with pytest.raises(Http404):
        get(file_of(photo))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "renditions/",
        f"renditions/{NAME}.svg",
        f"renditions/{NAME}.html",
        f"renditions/{NAME}.jpg\n",
        f"renditions/{NAME}.jpg/",
        f"renditions/{NAME.upper()}.jpg",
        f"renditions/{NAME[:-1]}.jpg",
        f"renditions/../originals/{NAME}.jpg",
        f"renditions//{NAME}.jpg",
        f"/renditions/{NAME}.jpg",
        "renditions/harbour.jpg",
        "../db.sqlite3",
        "../../etc/passwd",
        "renditions/\0.jpg",
        f"renditions/{'٣' * 32}.jpg",
    ],
)
def test_any_other_name_is_unknown_though_the_file_exists(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        default_storage, "open", lambda *args: ContentFile(b"secret"), raising=False
    )
    with pytest.raises(Http404):
        get(name)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_rendition_that_is_gone_is_unknown(method: str) -> None:
    with pytest.raises(Http404):
        get(f"renditions/{NAME}.jpg", method)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(method: str) -> None:
    assert get(f"renditions/{NAME}.jpg", method).status_code == 405


# Parts, and what a browser has already


@pytest.fixture
def row(photo: Photo) -> Rendition:
    return photo.renditions.filter(format="jpeg", crop="")[0]


def content_of(row: Rendition) -> bytes:
    with row.file.open() as file:
        return file.read()


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-99", 0, 100), ("bytes=100-", 100, None), ("bytes=-50", -50, None),
     ("bytes=10-999999", 10, None), ("bytes=-999999", 0, None), ("bytes=0-0", 0, 1)],
)  # fmt: skip
def test_part_of_a_file(row: Rendition, asked: str, start: int, end: int | None) -> None:
    whole = content_of(row)
    response = get(file_of(row), Range=asked)
    part = whole[start:end]
    first = whole.index(part) if len(part) > 20 else 0
    assert (response.status_code, body(response)) == (206, part)
    said = response.headers["Content-Range"]
    assert said == f"bytes {first}-{first + len(part) - 1}/{len(whole)}"
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes"]
)
def test_range_that_is_none_gets_the_whole_file(row: Rendition, asked: str) -> None:
    response = get(file_of(row), Range=asked)
    assert (response.status_code, body(response)) == (200, content_of(row))
    assert response.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-9999999", "bytes=-0"])
def test_range_behind_the_file_is_refused(row: Rendition, asked: str) -> None:
    response = get(file_of(row), Range=asked)
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(content_of(row))}"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_file_a_browser_has_is_not_sent_again(row: Rendition, method: str) -> None:
    etag = get(file_of(row), "HEAD").headers["ETag"]
    headers = {"If-None-Match": f'"other", {etag}'}
    response = get(file_of(row), method, **headers)
    assert (response.status_code, body(response)) == (304, b"")
    assert response.headers["ETag"] == etag
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    changed = get(file_of(row), **{"If-None-Match": '"other"'})
    assert (changed.status_code, body(changed)) == (200, content_of(row))


def test_part_of_another_file_gets_the_whole(row: Rendition) -> None:
    response = get(file_of(row), **{"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (response.status_code, body(response)) == (200, content_of(row))
    etag = response.headers["ETag"]
    part = get(file_of(row), **{"Range": "bytes=0-9", "If-Range": etag})
    assert (part.status_code, body(part)) == (206, content_of(row)[:10])


def test_killed_photo_is_gone_though_a_browser_has_it(photo: Photo, row: Rendition) -> None:
    etag = get(file_of(row), "HEAD").headers["ETag"]
    discard_files(photo)  # its files are removed once this is committed
    assert default_storage.exists(file_of(row))
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-9"}):
        with pytest.raises(Http404):
            get(file_of(row), **headers)


def test_lost_file_is_unknown(row: Rendition) -> None:
    default_storage.delete(file_of(row))
    with pytest.raises(Http404):
        get(file_of(row))
