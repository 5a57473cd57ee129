"""The photo store: what a directory and a bucket must both do, and photos that lie in a bucket."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage, storages
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image

from articles import photo_store, renditions
from articles.exceptions import ImportProblem
from articles.models import Photo
from articles.workflow.photos import kill_photo
from newsroom.settings import services
from tests.factories import make_photo, make_publication, make_user

pytestmark = pytest.mark.django_db(transaction=True)

BUCKET = "photos"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a double of S3 on this machine; return its address."""
    for name in ("werkzeug", "botocore", "boto3", "s3transfer", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    double = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    double.start()
    host, port = double.get_host_and_port()
    yield f"http://{host}:{port}"
    double.stop()


@pytest.fixture
def use_store(settings: Any, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a function that puts photos where a ``STORAGE_URL`` says, in an empty bucket."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def use(address: str) -> Storage:
        store = services.storage(address)
        settings.MEDIA_ORIGIN = services.public_origin(store)
        settings.STORAGES = {**settings.STORAGES, "default": store}
        found = storages["default"]
        if store["BACKEND"] == services.S3_FILES:
            found.connection.create_bucket(Bucket=BUCKET)  # type: ignore[attr-defined]
        return found

    yield use
    store = storages["default"]
    if hasattr(store, "bucket"):
        store.bucket.objects.all().delete()


def bucket(server: str, **parameters: str) -> str:
    given = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"s3://KEY:SECRET@{BUCKET}/news?region=us-east-1&endpoint={server}&{given}"


@pytest.fixture(params=["directory", "bucket"])
def store(request: pytest.FixtureRequest, use_store: Any, server: str, tmp_path: Path) -> Storage:
    is_local = request.param == "directory"
    found: Storage = use_store((tmp_path / "store").as_uri() if is_local else bucket(server))
    return found


def jpeg(size: tuple[int, int] = (900, 600)) -> io.BytesIO:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, "JPEG")
    return buffer


def make_supplied_photo() -> Photo:
    photo = make_photo(credit_line="Signe Hal/AFP")
    renditions.supply(photo, jpeg(), name="harbour.jpg")
    return photo


def stored() -> set[str]:
    found = set()
    for folder in ("originals", "renditions"):
        try:
            found |= {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
        except FileNotFoundError:
            continue
    return found


def named(photo: Photo) -> set[str]:
    return {str(photo.file.name), *photo.renditions.values_list("file", flat=True)}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# What every store must do


def test_store_keeps_a_file_under_its_name(store: Storage) -> None:
    name = photo_store.new_name("renditions", "jpg")
    assert not store.exists(name)
    assert store.save(name, ContentFile(b"0123456789")) == name
    assert store.exists(name)
    assert store.size(name) == 10
    assert abs((timezone.now() - store.get_modified_time(name)).total_seconds()) < 60
    with store.open(name, "rb") as file:
        file.seek(3)
        assert file.read(4) == b"3456"
    assert store.listdir("renditions")[1] == [name.partition("/")[2]]


def test_store_takes_a_file_that_is_open_already(store: Storage) -> None:
    content = io.BytesIO(b"0123456789")
    content.read()
    name = store.save(photo_store.new_name("originals", "jpg"), File(content, name="x"))
    with store.open(name, "rb") as file:
        assert file.read() == b"0123456789"


def test_store_overwrites_nothing(store: Storage) -> None:
    name = photo_store.new_name("renditions", "jpg")
    store.save(name, ContentFile(b"first"))
    other = store.save(name, ContentFile(b"second"))
    assert other != name
    with store.open(name, "rb") as file:
        assert file.read() == b"first"


def test_store_forgets_a_file_and_does_not_mind_one_that_is_gone(store: Storage) -> None:
    name = store.save(photo_store.new_name("renditions", "jpg"), ContentFile(b"x"))
    store.delete(name)
    store.delete(name)
    assert not store.exists(name)
    with pytest.raises(FileNotFoundError):
        store.open(name, "rb").read()


# Photos in either


def test_photo_is_taken_in_made_and_served(store: Storage, client: Client) -> None:
    photo = make_supplied_photo()
    assert stored() == named(photo)
    for row in photo.renditions.all():
        assert row.url == f"/media/{row.file.name}"
        response = client.get(row.url)
        content = body(response)
        assert Image.open(io.BytesIO(content)).size == (row.width, row.height)
        assert b"Signe Hal/AFP" in content
        part = client.get(row.url, headers={"Range": "bytes=5-9"})
        assert (part.status_code, body(part)) == (206, content[5:10])
        assert client.head(row.url).headers["Content-Length"] == str(len(content))
    assert client.get(f"/media/{photo.file.name}").status_code == 404


def test_file_is_made_on_first_request(store: Storage, client: Client, settings: Any) -> None:
    settings.TASK_WORKER = False
    photo = make_supplied_photo()
    assert len(stored()) == 2
    row = photo.renditions.filter(format="avif")[0]
    assert Image.open(io.BytesIO(body(client.get(row.url)))).format == "AVIF"
    assert len(stored()) == 3


def test_files_follow_a_change_of_the_credit(store: Storage) -> None:
    photo = make_supplied_photo()
    before = named(photo)
    Photo.objects.update(credit_line="Somebody else")
    renditions.renew(photo)
    assert stored() == named(photo)
    assert stored() & before == {photo.file.name}


def test_killed_photo_leaves_nothing(store: Storage, client: Client) -> None:
    photo = make_supplied_photo()
    urls = [row.url for row in photo.renditions.all()]
    kill_photo(photo, by=make_user(), reason="Faked.")
    assert stored() == set()
    assert {client.get(url).status_code for url in urls} == {404}


def test_store_that_fails_takes_nothing_and_says_so(
    store: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, calls = type(store)._save, []  # type: ignore[attr-defined]

    def failing(self: Any, name: str, content: Any) -> str:
        calls.append(name)
        if len(calls) == 2:
            raise ConnectionError("the store is out of reach")
        return str(save(self, name, content))

    monkeypatch.setattr(type(store), "_save", failing)
    with pytest.raises(ImportProblem, match=r"^quay\.jpg can’t be stored") as caught:
        renditions.take_in(jpeg(), name="quay.jpg")
    assert caught.value.code == "photo_not_stored"
    assert (stored(), Photo.objects.count()) == (set(), 0)


# A bucket's own host, and a bucket that is out of reach


def test_bucket_host_serves_what_is_made(
    use_store: Any, server: str, client: Client, settings: Any
) -> None:
    use_store(bucket(server, domain="photos.example"))
    settings.TASK_WORKER = False
    photo = make_supplied_photo()
    row = photo.renditions.get(is_made=True)
    assert row.url == f"https://photos.example/news/{row.file.name}"
    page = client.get(make_publication(parts=(photo,)).get_absolute_url()).content.decode()
    assert row.url in page
    planned = photo.renditions.filter(is_made=False)[0]
    assert planned.url == f"/media/{planned.file.name}"
    response = client.get(planned.url)
    assert response.headers["Location"] == f"https://photos.example/news/{planned.file.name}"
    assert planned.file.name in stored()
    assert str(photo.file.name) not in page


def test_bucket_out_of_reach_is_told_without_a_row(use_store: Any, server: str) -> None:
    store = use_store(bucket(server))
    store.bucket.objects.all().delete()
    store.bucket.delete()
    with pytest.raises(ImportProblem, match="can’t be stored"):
        renditions.take_in(jpeg(), name="quay.jpg")
    assert Photo.objects.count() == 0
    store.connection.create_bucket(Bucket=BUCKET)
