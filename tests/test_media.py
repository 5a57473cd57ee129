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
from articles.renditions import supply
from tests.factories import make_photo

NAME = "0123456789abcdef" * 2


def get(name: str, method: str = "GET") -> HttpResponseBase:
    return media(RequestFactory().generic(method, "/media/"), name)


def body(response: HttpResponseBase) -> bytes:
    content = b"".join(response)
    response.close()
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


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_rendition_that_is_gone_is_unknown(method: str) -> None:
    with pytest.raises(Http404):
        get(f"renditions/{NAME}.jpg", method)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_written(method: str) -> None:
    assert get(f"renditions/{NAME}.jpg", method).status_code == 405
