"""What every public file of a photo says inside, read back by Pillow and by ExifTool."""

import io
import json
import os
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import ExifTags, Image, IptcImagePlugin

from articles import renditions
from articles.choices import SourceType
from articles.models import Photo, Rendition
from articles.pictures import Marks, copies
from articles.pictures import marks as marking
from articles.pictures.xmp import Packet
from tests.factories import make_contributor, make_photo, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAID = {
    "creator": "Ines Okåfor; Tomasz Łuk",
    "credit_line": "Ines Okåfor & Tomasz <Łuk>/The Harbour Ledger and Picture Desk",
    "copyright_notice": "© 2026 The Harbour Ledger",
    "alt_text": "A steel bridge above grey water.",
    "extended_description": "Nine slanted piers.",
    "usage_terms": "One-time editorial use",
    "web_statement": "https://ledger.example/licence/?a=1&b=2",
    "licensor_url": "https://ledger.example/buy/",
    "digital_source_type": SourceType.CAPTURE,
}
PRIVATE = (b"SN-4711", b"maker-note", b"GPSLatitude", b"Hasselnuss")


def private_jpeg(size: tuple[int, int] = (700, 500)) -> io.BytesIO:
    """Return a picture with all that may not reach readers: place, serial number, preview."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Hasselnuss"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (54.0, 26.0, 24.0)})
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {ExifTags.Base.BodySerialNumber: "SN-4711", ExifTags.Base.MakerNote: b"maker-note"}
    )
    buffer = io.BytesIO()
    place = b'<x xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="54,26.4N"/>'
    Image.linear_gradient("L").resize(size).save(buffer, "JPEG", exif=exif, xmp=place)
    buffer.seek(0)
    return buffer


def supplied(**values: Any) -> Photo:
    photo = make_photo(**{**SAID, **values})
    renditions.supply(photo, private_jpeg())
    return photo


def content(row: Rendition) -> bytes:
    return Path(default_storage.path(str(row.file.name))).read_bytes()


def test_every_file_says_whose_the_picture_is_and_nothing_private() -> None:
    photo = supplied()
    rows = list(photo.renditions.all())
    assert {(row.format, row.crop) for row in rows} >= {
        ("jpeg", "share"),
        *((format_, crop) for format_ in ("jpeg", "webp", "avif") for crop in ("", "card")),
    }
    for row in rows:
        image = Image.open(io.BytesIO(content(row)))
        packet = Packet(image.info["xmp"])
        assert packet.values("dc:creator") == ["Ines Okåfor", "Tomasz Łuk"]
        assert packet.value("photoshop:Credit") == SAID["credit_line"]
        assert packet.value("dc:rights") == SAID["copyright_notice"]
        assert packet.value("Iptc4xmpCore:AltTextAccessibility") == SAID["alt_text"]
        assert packet.value("xmpRights:UsageTerms") == SAID["usage_terms"]
        assert packet.value("xmpRights:WebStatement") == SAID["web_statement"]
        assert packet.member("plus:Licensor", "plus:LicensorURL") == SAID["licensor_url"]
        assert packet.value("Iptc4xmpExt:DigitalSourceType").endswith("/digitalCapture")
        assert set(image.getexif()) == {ExifTags.Base.Artist, ExifTags.Base.Copyright}
        assert not any(secret in content(row) for secret in PRIVATE)


def test_jpeg_also_says_it_in_iim_within_its_limits() -> None:
    row = supplied().renditions.filter(format="jpeg", crop="")[0]
    records = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(content(row))))
    assert records is not None
    assert records[(1, 90)] == b"\x1b%G"
    assert records[(2, 80)] == ["Ines Okåfor".encode(), "Tomasz Łuk".encode()]
    credit = records[(2, 110)]
    assert isinstance(credit, bytes)
    assert SAID["credit_line"].encode().startswith(credit)
    assert len(credit) <= 32


def test_iim_cuts_no_letter_in_two() -> None:
    segment = marking.iim_segment(Marks(credit="a" + "ß" * 40))
    at = segment.index(b"\x1c\x02\x6e")
    length = struct.unpack(">H", segment[at + 3 : at + 5])[0]
    assert segment[at + 5 : at + 5 + length].decode() == "a" + "ß" * 15


def test_control_characters_and_markup_leave_the_packet_whole() -> None:
    packet = Packet(marking.xmp(Marks(credit="a\x00b\x1b]]></x>&\ufffe\ud800", alt_text="<i>")))
    assert packet.value("photoshop:Credit") == "ab]]></x>&"
    assert packet.value("Iptc4xmpCore:AltTextAccessibility") == "<i>"


def test_exiftool_finds_the_same_in_every_file() -> None:
    exiftool = shutil.which("exiftool")
    if exiftool is None:
        pytest.skip("ExifTool is not installed")
    rows = list(supplied().renditions.all())
    paths = [default_storage.path(str(row.file.name)) for row in rows]
    done = subprocess.run(
        [exiftool, "-j", "-G1", "-struct", *paths], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert len(found) == len(rows)
    for row, tags in zip(rows, found, strict=True):
        assert tags["XMP-dc:Creator"] == ["Ines Okåfor", "Tomasz Łuk"]
        assert tags["XMP-photoshop:Credit"] == SAID["credit_line"]
        assert tags["XMP-dc:Rights"] == tags["IFD0:Copyright"] == SAID["copyright_notice"]
        assert tags["XMP-iptcCore:AltTextAccessibility"] == SAID["alt_text"]
        assert tags["XMP-iptcExt:DigitalSourceType"].endswith("digitalsourcetype/digitalCapture")
        assert tags["XMP-plus:Licensor"] == [{"LicensorURL": SAID["licensor_url"]}]
        assert tags["IFD0:Artist"] == SAID["creator"]
        assert (tags.get("IPTC:By-line") is not None) == (row.format == "jpeg")
        private = ("GPS", "Serial", "Thumbnail", "MakerNote", "Warning")
        assert not [tag for tag in tags if any(word in tag for word in private)]


# Which files are made


def test_crop_keeps_the_focal_point() -> None:
    wide = copies(4000, 1000, (0.9, 0.5))
    boxes = {copy.crop: copy.box for copy in wide}
    assert boxes["card"] == pytest.approx((0.625, 0.0, 1.0, 1.0))
    tall = {copy.crop: copy.box for copy in copies(1000, 4000, (0.5, 0.0))}
    assert tall["card"] == pytest.approx((0.0, 0.0, 1.0, 1 / 6))


@pytest.mark.parametrize("size", [(6000, 4000), (300, 200), (1, 1), (5000, 40), (40, 5000)])
def test_no_crop_is_larger_than_its_piece_of_the_original(size: tuple[int, int]) -> None:
    for copy in copies(*size, (0.3, 0.7)):
        left, top, right, bottom = copy.box
        assert 0 <= left < right <= 1.000001
        assert 0 <= top < bottom <= 1.000001
        assert copy.size[0] <= max(1, size[0] * (right - left) + 0.001)


def test_crop_shows_the_piece_around_the_focal_point() -> None:
    strip = Image.new("RGB", (1200, 200), "white")
    strip.paste("red", (1000, 0, 1200, 200))
    buffer = io.BytesIO()
    strip.save(buffer, "PNG")
    photo = make_photo(focal_x=1.0)
    renditions.supply(photo, buffer)
    row = photo.renditions.filter(crop="card", format="jpeg").latest("width")
    image = Image.open(io.BytesIO(content(row))).convert("RGB")
    assert image.size == (300, 200)
    greys = image.crop((120, 20, 280, 180)).convert("L").tobytes()
    assert 40 < min(greys) <= max(greys) < 120


# Files made later, and made again


@pytest.fixture
def later(settings: Any) -> None:
    settings.TASK_WORKER = False


def names(photo: Photo) -> set[str]:
    return set(photo.renditions.values_list("file", flat=True))


@pytest.mark.usefixtures("later")
def test_photo_is_usable_before_all_files_are_made() -> None:
    photo = supplied()
    made = photo.renditions.filter(is_made=True)
    assert made.values_list("format", "crop", "width").get() == ("jpeg", "", 480)
    assert content(made[0])
    assert photo.renditions.count() == 19
    assert list(renditions.outdated()) == [photo]


@pytest.mark.usefixtures("later")
def test_command_makes_what_is_missing_once(capsys: pytest.CaptureFixture[str]) -> None:
    photo = supplied()
    call_command("make_renditions", "--dry-run")
    assert photo.renditions.filter(is_made=True).count() == 1
    call_command("make_renditions")
    made = set(photo.renditions.filter(is_made=True).values_list("file", flat=True))
    call_command("make_renditions")
    assert len(made) == 19
    assert names(photo) == made
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["1 to make, 0 rejected", "1 made, 0 rejected", "0 made, 0 rejected"]


def test_command_says_which_original_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    photo = supplied()
    default_storage.delete(str(photo.file.name))
    Photo.objects.update(credit_line="Somebody else")
    with pytest.raises(CommandError, match="1 photos could not be made"):
        call_command("make_renditions")
    assert f"Photo {photo.pk}: The file of" in capsys.readouterr().err


@pytest.mark.parametrize("whose", ["agency", "photographer"])
def test_renamed_agency_or_photographer_reaches_the_files(whose: str) -> None:
    people: dict[str, Any] = {
        "agency": make_source("Reuters"),
        "photographer": make_contributor("Signe Hall"),
    }
    photo = supplied(credit_line="", creator="", **people)
    other = supplied()
    untouched = names(other)
    people[whose].name = "Renamed"
    people[whose].credit_wording = "Renamed"
    people[whose].save()
    assert [row.pk for row in renditions.outdated()] == [photo.pk]
    call_command("make_renditions")
    assert all(b"Renamed" in content(row) for row in photo.renditions.all())
    assert names(other) == untouched


def test_moved_focal_point_makes_the_files_outdated() -> None:
    photo = supplied()
    assert renditions.is_current(photo)
    photo.focal_x = 0.1
    assert not renditions.is_current(photo)


def test_saved_change_renews_the_files_in_a_task() -> None:
    photo = supplied()
    before = names(photo)
    Photo.objects.update(credit_line="Somebody else")
    renditions.renew(photo)
    assert not names(photo) & before
    assert all(b"Somebody else" in content(row) for row in photo.renditions.all())


@pytest.mark.usefixtures("later")
def test_without_a_worker_a_change_plans_files_under_new_names(
    django_capture_on_commit_callbacks: Any,
) -> None:
    photo = supplied()
    renditions.make_missing(photo)
    before = names(photo)
    Photo.objects.update(focal_x=0.1)
    with django_capture_on_commit_callbacks(execute=True):
        renditions.renew(photo)
    photo.refresh_from_db()
    assert not names(photo) & before
    assert not photo.renditions.filter(is_made=True).exists()
    assert renditions.is_current(photo)
    assert not any(default_storage.exists(name) for name in before)
    call_command("make_renditions")
    assert photo.renditions.filter(is_made=True).count() == len(before)


def test_renewing_what_is_current_changes_nothing() -> None:
    photo = supplied()
    before = names(photo)
    renditions.renew(photo)
    assert names(photo) == before


def test_renamed_agency_renews_the_files_in_a_task() -> None:
    agency = make_source("Reuters")
    photo = supplied(credit_line="", creator="", agency=agency)
    agency.name = agency.credit_wording = "Renamed"
    agency.save()
    renditions.renew_outdated()
    assert all(b"Renamed" in content(row) for row in photo.renditions.all())


def test_command_removes_files_that_belong_to_no_photo(
    capsys: pytest.CaptureFixture[str],
) -> None:
    photo = supplied()
    lost = Path(default_storage.path(f"renditions/{'0' * 32}.jpg"))
    lost.write_bytes(b"x")
    os.utime(lost, (0, 0))
    call_command("make_renditions", "--remove-unused", "--dry-run")
    assert lost.exists()
    call_command("make_renditions", "--remove-unused")
    assert not lost.exists()
    assert all(content(row) for row in photo.renditions.all())
    assert "1 unused files removed" in capsys.readouterr().out
