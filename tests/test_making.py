"""Files made when they are first asked for: each once, however many ask, and none half."""

from __future__ import annotations

import datetime as dt
import io
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from articles import making, pages, pictures, renditions
from articles.models import Photo, Rendition
from tests import apart
from tests.factories import make_photo, make_publication

# Several threads and processes take part, each with a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 8


@pytest.fixture(autouse=True)
def no_worker(settings: Any) -> None:
    settings.TASK_WORKER = False


def make_supplied_photo(size: tuple[int, int] = (1800, 1200), **values: Any) -> Photo:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, "JPEG")
    photo = make_photo(**values)
    renditions.supply(photo, buffer)
    return photo


def unmade(photo: Photo, format: str = "avif") -> Rendition:  # noqa: A002
    return photo.renditions.filter(format=format, crop="", is_made=False).order_by("-width")[0]


def stored() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def status(client: Client, address: str) -> int:
    response = client.get(address)
    body(response)  # read to its end, a file is closed
    return response.status_code


def test_upload_makes_one_file_and_plans_the_others() -> None:
    photo = make_supplied_photo()
    made = list(photo.renditions.filter(is_made=True).values_list("file", flat=True))
    assert stored() == {photo.file.name, *made}
    assert len(made) == 1
    assert photo.renditions.count() == 3 * 4 + 3 * 3 + 4


@pytest.mark.parametrize("format", ["jpeg", "webp", "avif"])
@pytest.mark.parametrize("crop", ["", "card"])
def test_file_is_made_when_it_is_first_asked_for(client: Client, format: str, crop: str) -> None:  # noqa: A002
    photo = make_supplied_photo(credit_line="Signe Hal/AFP", focal_x=0.9)
    row = photo.renditions.filter(format=format, crop=crop).order_by("-width")[0]
    assert not row.is_made
    response = client.get(row.url)
    content = body(response)
    image = Image.open(io.BytesIO(content))
    assert (image.format, image.size) == (format.upper(), (row.width, row.height))
    assert b"Signe Hal/AFP" in content
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    row.refresh_from_db()
    assert (row.is_made, row.claimed_at) == (True, None)
    assert body(client.get(row.url)) == content


def test_worker_makes_the_files_of_an_upload(settings: Any) -> None:
    settings.TASK_WORKER = True
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    photo = make_supplied_photo()
    assert photo.renditions.filter(is_made=True).count() == 1
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False)
    assert not photo.renditions.filter(is_made=False).exists()
    before = set(photo.renditions.values_list("file", flat=True))
    Photo.objects.update(credit_line="Somebody else")
    renditions.renew(photo)
    assert set(photo.renditions.values_list("file", flat=True)) == before
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False)
    assert not set(photo.renditions.values_list("file", flat=True)) & before
    assert len(stored()) == 1 + len(before)


def test_pages_name_files_that_are_not_made_yet(client: Client) -> None:
    story = make_publication(parts=(make_supplied_photo(),))
    page = client.get(story.get_absolute_url()).content.decode()
    assert "image/avif" in page
    assert all(row.url in page for row in Rendition.objects.filter(crop=""))


def test_pages_name_only_what_is_there_where_the_site_makes_nothing(settings: Any) -> None:
    settings.SERVE_MEDIA = False
    found = pages.picture(make_supplied_photo())
    assert found is not None
    assert (found.width, found.sources) == (480, [])


def ask_together(urls: list[str]) -> list[tuple[int, bytes]]:
    answers: list[tuple[int, bytes]] = []
    barrier = threading.Barrier(len(urls))

    def ask(url: str) -> None:
        try:
            barrier.wait()
            response = Client().get(url)
            answers.append((response.status_code, body(response)))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.fixture
def encodings(monkeypatch: pytest.MonkeyPatch) -> list[pictures.Copy]:
    """Note what is encoded, which takes half a second longer than usual."""
    found: list[pictures.Copy] = []
    encode = pictures.encode

    def slow(piece: Any, copy: pictures.Copy, marks: Any) -> dict[str, bytes]:
        found.append(copy)
        time.sleep(0.5)
        return encode(piece, copy, marks)

    monkeypatch.setattr(pictures, "encode", slow)
    return found


def test_many_threads_make_one_file(encodings: list[pictures.Copy]) -> None:
    photo = make_supplied_photo()
    encodings.clear()
    before = stored()
    row = unmade(photo)
    answers = ask_together([row.url] * TOGETHER)
    assert {status for status, _ in answers} == {200}
    assert len({content for _, content in answers}) == 1
    assert len(encodings) == 1
    assert stored() - before == {row.file.name}


def test_files_of_one_photo_asked_for_together_are_all_made(
    encodings: list[pictures.Copy],
) -> None:
    photo = make_supplied_photo()
    encodings.clear()
    rows = [unmade(photo, format_) for format_ in ("jpeg", "webp", "avif")]
    answers = ask_together([row.url for row in rows] * 2)
    assert {status for status, _ in answers} == {200}
    assert len(encodings) == 3


def test_many_processes_make_one_file() -> None:
    photo = make_supplied_photo()
    row = unmade(photo)
    before = stored()
    code = """
        import time
        from articles import making, pictures
        from articles.models import Rendition
        encode = pictures.encode
        def slow(*args):
            print("encoded")
            time.sleep(0.5)
            return encode(*args)
        pictures.encode = slow
        row = Rendition.objects.get(pk=sys.argv[2])
        time.sleep(max(0, float(sys.argv[3]) - time.time()))
        print(making.make_for_reader(row))
    """
    at = time.time() + 4
    processes = [apart.start(code, row.pk, at) for _ in range(4)]
    words = [word for process in processes for word in apart.finished(process)]
    assert sorted(words) == ["True"] * 4 + ["encoded"]
    assert stored() - before == {row.file.name}


def test_claim_of_one_who_died_is_void_after_a_minute(client: Client) -> None:
    row = unmade(make_supplied_photo())
    died = timezone.now() - dt.timedelta(seconds=making.CLAIM + 1)
    Rendition.objects.filter(pk=row.pk).update(claimed_at=died)
    Path(default_storage.path(str(row.file.name))).write_bytes(b"a part")
    content = body(client.get(row.url))
    assert Image.open(io.BytesIO(content)).format == "AVIF"
    assert stored() == {*Rendition.objects.filter(is_made=True).values_list("file", flat=True),
                        *Photo.objects.values_list("file", flat=True)}  # fmt: skip


def test_who_waited_long_is_shown_a_smaller_file(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = make_supplied_photo()
    row = unmade(photo)
    monkeypatch.setattr(making, "PATIENCE", 0.2)
    Rendition.objects.filter(pk=row.pk).update(claimed_at=timezone.now())
    response = client.get(row.url)
    assert response.status_code == 302
    assert response.headers["Location"] == photo.renditions.get(is_made=True).url
    assert response.headers["Cache-Control"] == "no-store"


def test_full_disk_leaves_no_part_and_is_tried_again_later(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = unmade(make_supplied_photo())
    before = stored()

    def full(storage: Any, name: str, content: Any) -> str:
        Path(storage.path(name)).write_bytes(b"a part")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        assert status(client, row.url) == 302
    assert stored() == before
    row.refresh_from_db()
    assert not row.is_made
    Rendition.objects.update(claimed_at=None)
    assert status(client, row.url) == 200


def test_lost_original_is_answered_by_what_is_there(client: Client) -> None:
    photo = make_supplied_photo()
    default_storage.delete(str(photo.file.name))
    assert status(client, unmade(photo).url) == 302
    photo.renditions.filter(is_made=True).delete()
    response = client.get(unmade(photo, "webp").url)
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")


def test_no_transaction_is_open_while_a_file_is_made(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []
    encode = pictures.encode

    def watched(*args: Any) -> dict[str, bytes]:
        inside.append(connection.in_atomic_block)
        return encode(*args)

    monkeypatch.setattr(pictures, "encode", watched)
    assert status(client, unmade(make_supplied_photo()).url) == 200
    assert set(inside) == {False}


def test_original_is_never_served(client: Client) -> None:
    photo = make_supplied_photo()
    name = str(photo.file.name)
    for address in (f"/media/{name}", f"/media/renditions/{Path(name).name}",
                    f"/media/renditions/../{name}", f"/{name}"):  # fmt: skip
        assert status(client, address) == 404
