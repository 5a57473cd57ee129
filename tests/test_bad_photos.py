"""Uploads gone wrong: a sentence for each file, nothing half stored, the other files unharmed."""

from __future__ import annotations

import io
import itertools
import struct
import threading
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from articles import making, renditions
from articles.exceptions import ImportProblem
from articles.models import Photo, Rendition
from tests import apart, desk
from tests.factories import make_user

# Uploads commit, each for itself; some run in several threads and processes.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def picture(size: tuple[int, int] = (600, 400), shade: int = 0) -> Image.Image:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((shade, 90, 160), (0, 0, size[0] // 2, size[1] // 2))
    return image


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def good(shade: int = 0, **options: Any) -> bytes:
    return encoded(picture(shade=shade), **options)


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr("payload.html", "<script>alert(1)</script>")
    return archive.getvalue()


BAD = {
    "empty.jpg": (b"", "empty"),
    "short.jpg": (good()[:900], "damaged or cut short"),
    "short.png": (encoded(picture(), "PNG")[:-40], "damaged or cut short"),
    "bomb.png": (bomb(60_000, 60_000), "million pixels"),
    "tall.png": (bomb(20_000, 20_000), "million pixels"),
    "lie.png": (bomb(4_000, 4_000), "damaged or cut short"),
    "page.jpg": (b"<!doctype html><script>alert(1)</script>", "no picture Newsroom takes"),
    "archive.jpg": (zipped(), "no picture Newsroom takes"),
    "map.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing"),
    "map.jpg": (b'\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG drawing"),
    "paper.pdf": (b"%PDF-1.7\n", "no picture Newsroom takes"),
    "scan.tif": (encoded(picture(), "TIFF"), "Export it as JPEG"),
    "script.gif": (b"GIF89a/*\0\0\0*/=1;alert(1)", "damaged or cut short"),
}
GOOD = {
    "plain.jpg": good(1),
    "wrong extension.gif": good(2),
    "no extension": encoded(picture(shade=3), "PNG"),
    "polyglot.jpg": good(4) + zipped(),
    "comment.jpg": good(5, comment=b"<script>" * 8_000),
    "cmyk.jpg": encoded(picture(shade=6).convert("CMYK")),
    "deep.png": encoded(picture(shade=7).convert("L").convert("I;16"), "PNG"),
    "moving.gif": encoded(picture(shade=8), "GIF", save_all=True, append_images=[picture(shade=9)]),
    "long.png": encoded(Image.new("RGB", (20_000, 90), (10, 80, 90)), "PNG"),
}


@pytest.fixture
def editor() -> Any:
    return desk.client_of(make_user("Photo editor"))


def upload(client: Any, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile("x", content, "image/jpeg")
    file._name = name  # type: ignore[attr-defined]  # as a browser would send it, unchecked
    return client.post(reverse("admin:articles_photo_upload"), {"file": file})


def stored() -> set[str]:
    root = Path(default_storage.path(""))
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def named() -> set[str]:
    names = [*Photo.objects.values_list("file", flat=True)]
    return {*names, *Rendition.objects.filter(is_made=True).values_list("file", flat=True)}


def test_bad_files_are_named_and_the_good_of_the_batch_are_taken(editor: Any) -> None:
    mixed = itertools.zip_longest(BAD.items(), GOOD.items())
    for bad, fine in mixed:
        if bad is not None:
            name, (content, said) = bad
            response = upload(editor, name, content)
            if content:  # an empty one is refused by the form already
                assert response.status_code == 422, name
                assert response.json()["error"].startswith(f"{name} "), name
                assert said in response.json()["error"], name
        if fine is not None:
            response = upload(editor, *fine)
            assert response.status_code == 201, (fine[0], response.content)
            assert response.json()["url"].startswith("/media/renditions/")
    assert Photo.objects.count() == len(GOOD)
    assert stored() == named()


@pytest.mark.parametrize("name", BAD)
def test_refused_file_leaves_no_row_and_no_file(name: str) -> None:
    content, said = BAD[name]
    with pytest.raises(ImportProblem, match=said) as caught:
        renditions.take_in(io.BytesIO(content), name=name)
    assert caught.value.message.startswith(name)
    assert (Photo.objects.count(), Rendition.objects.count(), stored()) == (0, 0, set())


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "C:\\photos\\quay.jpg", "a\x00b.jpg", "a\r\nSet-Cookie: x.jpg",
     "\u202egpj.exe", "<img src=x onerror=alert(1)>.jpg", "x" * 5000 + ".jpg", ".", "", "\ud800"],
)  # fmt: skip
def test_name_of_a_file_is_only_a_name(name: str, tmp_path: Path) -> None:
    photo, _known = renditions.take_in(io.BytesIO(good()), name=name)
    photo.refresh_from_db()
    assert photo.expected_file.isprintable()
    assert not set(photo.expected_file) & set("/\\")
    assert len(photo.expected_file) <= 80
    assert stored() == named()
    assert all(len(Path(one).stem) == 32 for one in stored())
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


HOSTILE = {
    "markup": b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/'
    b'02/22-rdf-syntax-ns#"><rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    b' photoshop:Credit="&lt;script&gt;alert(1)&lt;/script&gt;"/></rdf:RDF></x:xmpmeta>',
    "broken": b"<x:xmpmeta><rdf:RDF",
    "entities": b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><x>&c;</x>',
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "latin-1": '<?xml version="1.0" encoding="utf-8"?><x>Å'.encode("latin-1"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_metadata_do_no_harm(kind: str) -> None:
    photo, _known = renditions.take_in(io.BytesIO(good(xmp=HOSTILE[kind])))
    assert photo.credit_line == ("<script>alert(1)</script>" if kind == "markup" else "")
    making.make_files(photo)
    for row in photo.renditions.all():
        content = Path(default_storage.path(str(row.file.name))).read_bytes()
        # EXIF and IIM hold plain text; in the XMP markup is escaped.
        assert (b"&lt;script&gt;" in content) == (kind == "markup")
        assert b"ENTITY" not in content


def test_megabyte_of_comments_is_no_part_of_what_readers_get() -> None:
    comment = b"\xff\xfe" + struct.pack(">H", 60_000) + b"<script>" * 7499 + b"x" * 6
    content = good()
    photo, _known = renditions.take_in(io.BytesIO(content[:2] + comment * 18 + content[2:]))
    sizes = [default_storage.size(str(row.file.name)) for row in photo.renditions.all()]
    assert max(sizes) < 60_000


# The same file twice at once


def test_same_file_sent_twice_is_one_photo(editor: Any) -> None:
    first, second = upload(editor, "a.jpg", good()), upload(editor, "b.jpg", good())
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["uuid"] == second.json()["uuid"]
    assert (Photo.objects.count(), stored()) == (1, named())


def test_same_file_from_several_threads_is_one_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    barrier, answers = threading.Barrier(4), []
    read = renditions._read

    def together(*args: Any) -> Any:
        barrier.wait(20)  # all have looked for the file and found none
        return read(*args)

    monkeypatch.setattr(renditions, "_read", together)

    def take() -> None:
        try:
            answers.append(renditions.take_in(io.BytesIO(good())))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(known for _photo, known in answers) == [False, True, True, True]
    assert len({photo.pk for photo, _known in answers}) == 1
    assert (Photo.objects.count(), stored()) == (1, named())


def test_same_file_from_several_processes_is_one_photo(tmp_path: Path) -> None:
    path = tmp_path / "quay.jpg"
    path.write_bytes(good())
    code = """
        import time
        from articles import renditions
        with open(sys.argv[2], "rb") as file:
            time.sleep(max(0, float(sys.argv[3]) - time.time()))
            photo, known = renditions.take_in(file)
        print(photo.pk, known)
    """
    at = time.time() + 4
    processes = [apart.start(code, path, at) for _ in range(3)]
    answers = [apart.finished(process) for process in processes]
    assert sorted(known for _pk, known in answers) == ["False", "True", "True"]
    assert len({pk for pk, _known in answers}) == 1
    assert stored() == named()


# A full disk


@pytest.mark.parametrize("fails_at", [1, 2])
def test_full_disk_takes_nothing_and_the_next_file_is_taken(
    fails_at: int, editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = FileSystemStorage._save, itertools.count(1)  # type: ignore[attr-defined]

    def full(storage: Any, name: str, content: Any) -> str:
        if next(calls) == fails_at:
            Path(storage.path(name)).parent.mkdir(parents=True, exist_ok=True)
            Path(storage.path(name)).write_bytes(b"a part")
            raise OSError(28, "No space left on device")
        return str(write(storage, name, content))

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        response = upload(editor, "quay.jpg", good())
    assert response.status_code == 422
    assert response.json()["code"] == "photo_not_stored"
    assert response.json()["error"].startswith("quay.jpg can’t be stored: No space left")
    assert (Photo.objects.count(), stored()) == (0, set())
    assert upload(editor, "quay.jpg", good()).status_code == 201
    assert stored() == named()


def test_full_disk_while_a_task_makes_files_leaves_the_photo_usable(
    editor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = FileSystemStorage._save, itertools.count(1)  # type: ignore[attr-defined]

    def full(storage: Any, name: str, content: Any) -> str:
        if next(calls) > 4:
            raise OSError(28, "No space left on device")
        return str(write(storage, name, content))

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        assert upload(editor, "quay.jpg", good()).status_code == 201
    photo = Photo.objects.get()
    assert photo.renditions.filter(is_made=True).count() == 3
    assert stored() == named()
    Rendition.objects.update(claimed_at=None)
    renditions.make_missing(photo)
    assert not photo.renditions.filter(is_made=False).exists()


def test_limits_are_settings(settings: Any) -> None:
    settings.NEWSROOM_PHOTO_MAX_PIXELS = 600 * 400 - 1
    with pytest.raises(ImportProblem, match=r"0\.24 million pixels"):
        renditions.take_in(io.BytesIO(good()))
    settings.NEWSROOM_PHOTO_MAX_PIXELS, settings.NEWSROOM_PHOTO_MAX_BYTES = 240_000, 1000
    with pytest.raises(ImportProblem, match="larger than"):
        renditions.take_in(io.BytesIO(good()))
    assert (Photo.objects.count(), stored()) == (0, set())
