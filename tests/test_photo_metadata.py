"""What is read of a picture's own metadata, which of several places is believed, and bad input.

The pictures are made here. Reference files of a newsroom's suppliers are read too where a folder of
them is named by ``NEWSROOM_PHOTO_SAMPLES``.
"""

import datetime as dt
import hashlib
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
from PIL import ExifTags, Image

from articles import photo_texts, renditions
from articles.exceptions import ImportProblem
from articles.pictures import embedded_texts, taken_at
from tests.factories import make_photo

SAMPLES = os.environ.get("NEWSROOM_PHOTO_SAMPLES", "")
XMP_START = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"'
    ' xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"'
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    ' xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"'
)
XMP_END = "</rdf:Description></rdf:RDF></x:xmpmeta>"


def xmp(properties: str, attributes: str = "") -> bytes:
    return f"{XMP_START} {attributes}>{properties}{XMP_END}".encode()


def iim(*records: tuple[int, int, bytes]) -> bytes:
    return b"".join(
        b"\x1c" + bytes([record, number]) + struct.pack(">H", len(text)) + text
        for record, number, text in records
    )


def resource(number: int, content: bytes) -> bytes:
    head = b"8BIM" + struct.pack(">H", number) + b"\0\0" + struct.pack(">I", len(content))
    return head + content + b"\0" * (len(content) % 2)


def picture(*, blocks: bytes = b"", **options: Any) -> Image.Image:
    """Return a JPEG as read from a file; ``blocks`` are Photoshop resources."""
    if blocks:
        content = b"Photoshop 3.0\0" + blocks
        options["extra"] = b"\xff\xed" + struct.pack(">H", len(content) + 2) + content
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(buffer, "JPEG", **options)
    return Image.open(io.BytesIO(buffer.getvalue()))


def with_iim(*records: tuple[int, int, bytes], **options: Any) -> Image.Image:
    return picture(blocks=resource(0x0404, iim(*records)), **options)


CREATOR = "<dc:creator><rdf:Seq><rdf:li>New Name</rdf:li></rdf:Seq></dc:creator>"


def test_xmp_goes_before_iim_and_iim_before_exif() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Oldest Name"
    exif[ExifTags.Base.Copyright] = "© Oldest".encode()
    image = with_iim((2, 80, b"Old Name"), (2, 105, b"Harbour"), xmp=xmp(CREATOR), exif=exif)
    texts = embedded_texts(image)
    assert (texts["creator"], texts["headline"]) == ("New Name", "Harbour")
    assert texts["copyright_notice"] == "© Oldest"


@pytest.mark.parametrize(("is_stale", "creator"), [(True, "Late Name"), (False, "New Name")])
def test_iim_changed_after_the_xmp_goes_first(is_stale: bool, creator: str) -> None:
    records = iim((2, 80, b"Late Name"))
    seen = b"before that" if is_stale else records
    digest = hashlib.md5(seen, usedforsecurity=False).digest()
    blocks = resource(0x0404, records) + resource(0x0425, digest)
    assert embedded_texts(picture(blocks=blocks, xmp=xmp(CREATOR)))["creator"] == creator


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        (b"\x1b%G", "Zoë Müller".encode()),
        (b"", "Zoë Müller".encode()),
        (b"", "Zoë Müller".encode("latin-1")),
        (b"\x1b.A", "Zoë Müller".encode("latin-1")),
        (b"\x1b%G", "Zoë Müller".encode("latin-1")),
    ],
    ids=["utf-8", "undeclared utf-8", "undeclared latin-1", "latin-1", "wrongly declared"],
)
def test_letters_of_iim_are_read_in_the_set_they_were_written_in(
    declared: bytes, stored: bytes
) -> None:
    records = [(1, 90, declared)] if declared else []
    assert embedded_texts(with_iim(*records, (2, 80, stored)))["creator"] == "Zoë Müller"


def test_declared_set_is_believed_though_the_bytes_could_be_another() -> None:
    image = with_iim((1, 90, b"\x1b-B"), (2, 80, "Zdeněk Łuk".encode("iso8859-2")))
    assert embedded_texts(image)["creator"] == "Zdeněk Łuk"


def test_windows_quotation_marks_are_no_control_characters() -> None:
    assert embedded_texts(with_iim((2, 120, b"\x93Fire\x94")))["caption"] == "“Fire”"


def test_default_language_is_taken_and_all_creators() -> None:
    texts = embedded_texts(
        picture(
            xmp=xmp(
                '<dc:description><rdf:Alt><rdf:li xml:lang="de">Brücke</rdf:li>'
                '<rdf:li xml:lang="x-default">The bridge</rdf:li></rdf:Alt></dc:description>'
                "<dc:creator><rdf:Seq><rdf:li>Ines</rdf:li><rdf:li>Tomasz</rdf:li></rdf:Seq>"
                "</dc:creator>"
            )
        )
    )
    assert texts["caption"] == "The bridge"
    assert (texts["creator"], texts["credit_line"]) == ("Ines; Tomasz", "Ines, Tomasz")


def test_properties_written_as_attributes_are_read() -> None:
    image = picture(xmp=xmp("", 'photoshop:City="Gdańsk" photoshop:Country="Poland"'))
    assert embedded_texts(image)["place"] == "Gdańsk, Poland"


@pytest.mark.parametrize(
    ("credit", "line"),
    [("AFP", "New Name/AFP"), ("N. Name / AFP", "N. Name / AFP"), ("New Name", "New Name")],
)
def test_bare_name_in_the_credit_gets_the_creator_before_it(credit: str, line: str) -> None:
    image = picture(xmp=xmp(CREATOR, f'photoshop:Credit="{credit}"'))
    assert embedded_texts(image)["credit_line"] == line


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//x.example", "http://", "https://a.example/ b",
     "https://[x", "https://a.example/&quot;x", "https://a.example/" + "a" * 500],
)  # fmt: skip
def test_only_addresses_of_the_web_are_taken(address: str) -> None:
    licensor = (
        '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource">'
        f"<plus:LicensorURL>{address}</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>"
    )
    image = picture(xmp=xmp(licensor, f'xmpRights:WebStatement="{address}"'))
    texts = embedded_texts(image)
    assert (texts["web_statement"], texts["licensor_url"]) == ("", "")


@pytest.mark.parametrize(
    "packet",
    [
        b"<x:xmpmeta",
        b"\xff\xfe<\0",
        b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
        xmp(CREATOR).replace(b"New Name", b"&undefined;"),
        b"<a>" * 15_000,
    ],
    ids=["cut", "utf-16", "entity", "external", "undefined", "deep"],
)
def test_broken_or_hostile_packet_counts_as_none(packet: bytes) -> None:
    assert not any(embedded_texts(picture(xmp=packet)).values())


def test_packet_over_the_limit_is_not_parsed() -> None:
    image = picture()
    image.info["xmp"] = xmp(CREATOR) + b" " * 1024 * 1024
    assert embedded_texts(image)["creator"] == ""


def test_markup_and_control_characters_stay_text_on_one_line() -> None:
    image = with_iim((2, 120, b"<script>\x00\x1b\r\nalert(1)\x9f"), (2, 80, b"\0\0"))
    texts = embedded_texts(image)
    assert texts["caption"].startswith("<script> alert(1)")
    assert texts["caption"].isprintable()
    assert texts["creator"] == ""


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-11-22T06:10:00+01:00", "2026-11-22T06:10:00+01:00"),
        ("2026-11-22T06:10:00.25Z", "2026-11-22T06:10:00+00:00"),
        ("2026-11-22T06:10", "2026-11-22T06:10:00"),
        ("2026-11-22", "2026-11-22T00:00:00"),
        ("2026", None),
        ("2026-13-40", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
    ],
)
def test_time_of_the_picture_is_read_as_written(said: str, moment: str | None) -> None:
    found = taken_at(picture(xmp=xmp("", f'photoshop:DateCreated="{said}"')))
    assert (found and found.isoformat()) == moment


def test_time_is_found_in_iim_and_in_exif() -> None:
    berlin = dt.timezone(dt.timedelta(hours=1))
    image = with_iim((2, 55, b"20261122"), (2, 60, b"061000+0100"))
    assert taken_at(image) == dt.datetime(2026, 11, 22, 6, 10, tzinfo=berlin)
    exif = Image.Exif()
    details: dict[int, Any] = {ExifTags.Base.DateTimeOriginal: "2026:11:22 06:10:00"}
    exif.get_ifd(ExifTags.IFD.Exif).update(details)
    assert taken_at(picture(exif=exif)) == dt.datetime(2026, 11, 22, 6, 10)


@pytest.mark.django_db
def test_only_empty_fields_are_filled() -> None:
    photo = make_photo(caption="Ours.", credit_line="", place="")
    image = with_iim((2, 120, b"Theirs."), (2, 80, b"Mara Quist"), (2, 90, b"Oslo"))
    assert photo_texts.fill(photo, photo_texts.read(image)) == ["creator", "credit_line", "place"]
    assert (photo.caption, photo.credit_line, photo.place) == ("Ours.", "Mara Quist", "Oslo")


@pytest.mark.django_db
def test_creator_that_the_desks_credit_does_not_name_is_not_taken() -> None:
    photo = make_photo(credit_line="Signe Hal/AFP")
    photo_texts.fill(photo, photo_texts.read(with_iim((2, 80, b"Somebody"))))
    assert photo.creator == ""


@pytest.mark.django_db
def test_creators_that_the_desks_credit_names_are_taken() -> None:
    photo = make_photo(credit_line="Ines and Tomasz/AFP")
    names = "<rdf:li>Ines</rdf:li><rdf:li>Tomasz</rdf:li>"
    image = picture(xmp=xmp(f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>"))
    photo_texts.fill(photo, photo_texts.read(image))
    assert photo.creator == "Ines; Tomasz"


@pytest.mark.parametrize(
    ("code", "taken"), [("digitalCapture", "digitalCapture"), ("madeUp", None), ("", None)]
)
def test_way_of_making_is_taken_only_if_the_newscodes_know_it(code: str, taken: str) -> None:
    address = f"http://cv.iptc.org/newscodes/digitalsourcetype/{code}"
    image = picture(xmp=xmp("", f'Iptc4xmpExt:DigitalSourceType="{address}"'))
    assert photo_texts.read(image).get("digital_source_type") == taken


# Reference files

_NAMED = {
    "headline": "XMP-photoshop:Headline",
    "alt_text": "XMP-iptcCore:AltTextAccessibility",
    "extended_description": "XMP-iptcCore:ExtDescrAccessibility",
    "usage_terms": "XMP-xmpRights:UsageTerms",
    "web_statement": "XMP-xmpRights:WebStatement",
}
_FIRST_OF = {
    "caption": ("XMP-dc:Description", "IPTC:Caption-Abstract"),
    "copyright_notice": ("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"),
    "creator": ("XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist"),
}


def expected_texts(said: dict[str, Any]) -> dict[str, str]:
    """Return what our fields should hold, from what ExifTool found in a file."""
    texts = {field: said.get(tag, "") for field, tag in _NAMED.items()}
    for field, tags in _FIRST_OF.items():
        texts[field] = next((said[tag] for tag in tags if tag in said), "")
    if isinstance(texts["creator"], list):
        texts["creator"] = "; ".join(texts["creator"])
    texts["credit_line"] = said.get("XMP-photoshop:Credit") or texts["creator"].replace("; ", ", ")
    place = (said.get("XMP-photoshop:City"), said.get("XMP-photoshop:Country"))
    texts["place"] = ", ".join(filter(None, place))
    licensors = said.get("XMP-plus:Licensor", [{}])
    texts["licensor_url"] = licensors[0].get("LicensorURL", "")
    kind = said.get("XMP-iptcExt:DigitalSourceType", "")
    texts["digital_source_type"] = kind.rpartition("/")[2]
    return texts


def test_reference_files_say_what_exiftool_finds_in_them() -> None:
    if not SAMPLES:
        pytest.skip("NEWSROOM_PHOTO_SAMPLES names no folder")
    expected = json.loads((Path(SAMPLES) / "expected.json").read_text("utf-8"))
    assert expected
    for name, said in expected.items():
        with Image.open(Path(SAMPLES) / name) as image:
            assert embedded_texts(image) == expected_texts(said), name
            moment = taken_at(image)
        created = said.get("XMP-photoshop:DateCreated")
        parsed = dt.datetime.strptime(created, "%Y:%m:%d %H:%M:%S%z") if created else None
        assert moment == parsed, name


PRIVATE = ("GPS", "Serial", "Thumbnail", "MakerNote", "PhotoMechanic", "ExifIFD", "Preview")


def exiftool(*paths: Path) -> list[dict[str, Any]]:
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("ExifTool is not installed")
    done = subprocess.run(
        [program, "-j", "-G1", "-struct", *map(str, paths)], check=True, capture_output=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.django_db
def test_every_rendition_of_the_reference_files_says_whose_it_is() -> None:
    if not SAMPLES:
        pytest.skip("NEWSROOM_PHOTO_SAMPLES names no folder")
    expected = json.loads((Path(SAMPLES) / "expected.json").read_text("utf-8"))
    for name, said in expected.items():
        with (Path(SAMPLES) / name).open("rb") as file:
            if name.endswith(".tif"):
                with pytest.raises(ImportProblem, match="Export it as JPEG"):
                    renditions.take_in(file)
                continue
            photo, _known = renditions.take_in(file)
        texts = expected_texts(said)
        assert {field: getattr(photo, field) for field in texts} == texts, name
        rows = list(photo.renditions.all())
        paths = [Path(default_storage.path(str(row.file.name))) for row in rows]
        assert len(rows) >= 7
        for row, tags in zip(rows, exiftool(*paths), strict=True):
            assert_says(tags, texts, row.format)


def assert_says(tags: dict[str, Any], texts: dict[str, str], format_: str) -> None:
    """Compare what ExifTool reads in a rendition with the photo's fields."""
    creators = [name for name in texts["creator"].split("; ") if name]
    assert tags.get("XMP-dc:Creator", []) == creators
    for field, tag in {
        "credit_line": "XMP-photoshop:Credit",
        "copyright_notice": "XMP-dc:Rights",
        "alt_text": "XMP-iptcCore:AltTextAccessibility",
        "extended_description": "XMP-iptcCore:ExtDescrAccessibility",
        "usage_terms": "XMP-xmpRights:UsageTerms",
        "web_statement": "XMP-xmpRights:WebStatement",
    }.items():
        assert tags.get(tag, "") == texts[field]
    kind = tags.get("XMP-iptcExt:DigitalSourceType", "")
    assert kind.rpartition("/")[2] == texts["digital_source_type"]
    if format_ == "jpeg" and creators:
        by = tags["IPTC:By-line"]
        assert (by if isinstance(by, list) else [by]) == creators
        assert texts["credit_line"].startswith(tags["IPTC:Credit"])
        assert texts["copyright_notice"].startswith(tags.get("IPTC:CopyrightNotice", ""))
    assert not [tag for tag in tags if any(word in tag for word in PRIVATE)]
    assert "Warning" not in str(list(tags))
