"""What a picture's file says of itself: its orientation, and words for the desk.

Decides which of three places is believed. XMP goes before IPTC-IIM, and IIM before EXIF, as the
IPTC advises; IIM goes first only if it was changed after the XMP, which Photoshop's digest of it
tells. Coordinates, serial numbers and makers' notes are never read and stay in the original.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from articles.pictures.xmp import Packet

# What cameras write where a caption belongs.
_CAMERA_CAPTIONS = {"default", "digital camera", "olympus digital camera", "sony dsc"}
_MOST_LETTERS = 2000
_MOST_CREATORS = 5
_DIGEST_OF_IIM, _IIM = 0x0425, 0x0404

# The character set an IIM block declares (ISO 2022, sets G1 and G2), by its last letter.
_ISO_SETS = {"A": "latin-1", "B": "iso8859-2", "L": "iso8859-5", "F": "iso8859-7", "M": "iso8859-9"}
_IIM_PLACES = {
    "creator": 80, "credit": 110, "copyright_notice": 116, "caption": 120, "headline": 105,
    "city": 90, "country": 101,
}  # fmt: skip
_XMP_PLACES = {
    "creator": "dc:creator",
    "credit": "photoshop:Credit",
    "copyright_notice": "dc:rights",
    "caption": "dc:description",
    "headline": "photoshop:Headline",
    "city": "photoshop:City",
    "country": "photoshop:Country",
}
_ONLY_XMP_PLACES = {
    "alt_text": "Iptc4xmpCore:AltTextAccessibility",
    "extended_description": "Iptc4xmpCore:ExtDescrAccessibility",
    "usage_terms": "xmpRights:UsageTerms",
}
_MOMENT = re.compile(
    r"(?P<day>\d{4}[:-]?\d\d[:-]?\d\d)"
    r"(?:[T ]?(?P<time>\d\d:?\d\d(?::?\d\d)?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)

Texts = dict[str, list[str]]


def embedded_texts(image: Image.Image) -> dict[str, str]:
    """Return what the file says, by name of the photo's field, "" where it says nothing.

    Texts are one line each. Several creators stand between semicolons. An address is http or https.
    ``digital_source_type`` is the last part of its address, whether or not it is one we know.
    """
    packet = Packet(_xmp(image))
    places = [_from_xmp(packet), _from_iim(image), _from_exif(image)]
    if _iim_is_newer(image):
        places[0], places[1] = places[1], places[0]
    found = {name: next(filter(None, (p.get(name) for p in places)), []) for name in _XMP_PLACES}
    creators = found["creator"][:_MOST_CREATORS]
    first = {name: values[0] if values else "" for name, values in found.items()}
    if first["caption"].lower() in _CAMERA_CAPTIONS:
        first["caption"] = ""
    return {
        "caption": first["caption"],
        "headline": first["headline"],
        "creator": "; ".join(creators),
        "credit_line": _credit(creators, first["credit"]),
        "copyright_notice": first["copyright_notice"],
        "place": ", ".join(filter(None, (first["city"], first["country"]))),
        **{name: _clean(packet.value(at)) for name, at in _ONLY_XMP_PLACES.items()},
        "web_statement": _address(packet.value("xmpRights:WebStatement")),
        "licensor_url": _address(packet.member("plus:Licensor", "plus:LicensorURL")),
        "digital_source_type": _clean(packet.value("Iptc4xmpExt:DigitalSourceType"))
        .rstrip("/")
        .rpartition("/")[2],
    }


def taken_at(image: Image.Image) -> dt.datetime | None:
    """Return when the picture was taken; without a zone if the file names none, None if unsaid."""
    iim = _iim(image)
    exif = _exif_details(image)
    offset = _clean(exif.get(ExifTags.Base.OffsetTimeOriginal))
    return (
        _moment(_clean(Packet(_xmp(image)).value("photoshop:DateCreated")))
        or _moment(f"{_clean(iim.get((2, 55)))} {_clean(iim.get((2, 60)))}".strip())
        or _moment(f"{_clean(exif.get(ExifTags.Base.DateTimeOriginal))}{offset}")
    )


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1, upright, if the file says none that exists."""
    value = _exif(image).get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _credit(creators: list[str], credit: str) -> str:
    """Return the line to print: the supplier's own wording, the creator before a bare name."""
    makers = ", ".join(creators)
    if not credit or not makers:
        return credit or makers
    is_complete = "/" in credit or any(creator in credit for creator in creators)
    return credit if is_complete else f"{makers}/{credit}"


def _from_xmp(packet: Packet) -> Texts:
    return {name: _cleaned(packet.values(at)) for name, at in _XMP_PLACES.items()}


def _from_iim(image: Image.Image) -> Texts:
    records = _iim(image)
    encoding = _declared_encoding(records.get((1, 90)))
    texts: Texts = {}
    for name, number in _IIM_PLACES.items():
        value = records.get((2, number), [])
        rows = value if isinstance(value, list) else [value]
        texts[name] = _cleaned(_decoded(row, encoding) for row in rows[:_MOST_CREATORS])
    return texts


def _from_exif(image: Image.Image) -> Texts:
    exif = _exif(image)
    artists = _clean(exif.get(ExifTags.Base.Artist)).split(";")
    return {
        "creator": _cleaned(artists),
        "caption": _cleaned([exif.get(ExifTags.Base.ImageDescription)]),
        "copyright_notice": _cleaned([exif.get(ExifTags.Base.Copyright)]),
    }


def _exif(image: Image.Image) -> dict[int, object]:
    try:
        return {tag: _octets(value) for tag, value in image.getexif().items()}
    except Exception:  # a picture is taken without its metadata if they are beyond reading
        return {}


def _exif_details(image: Image.Image) -> dict[int, object]:
    try:
        return {
            tag: _octets(value) for tag, value in image.getexif().get_ifd(ExifTags.IFD.Exif).items()
        }
    except Exception:  # as above
        return {}


def _octets(value: object) -> object:
    """Return a text of EXIF as its bytes: Pillow reads every one as Latin-1, whatever it is."""
    return value[:20_000].encode("latin-1", "ignore") if isinstance(value, str) else value


def _iim(image: Image.Image) -> dict[tuple[int, int], Any]:
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    try:
        return IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # as above
        return {}


def _xmp(image: Image.Image) -> bytes:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "ignore")
    return packet if isinstance(packet, bytes) else b""


def _iim_is_newer(image: Image.Image) -> bool:
    """Return whether IIM was changed by a program that knew no XMP."""
    resources = image.info.get("photoshop")
    if not isinstance(resources, dict):
        return False
    digest, block = resources.get(_DIGEST_OF_IIM), resources.get(_IIM)
    if not isinstance(digest, bytes) or not isinstance(block, bytes) or not any(digest):
        return False
    return digest != hashlib.md5(block, usedforsecurity=False).digest()


def _declared_encoding(value: object) -> str:
    declared = value[0] if isinstance(value, list) and value else value
    if not isinstance(declared, bytes):
        return ""
    if declared.startswith((b"\x1b%G", b"\x1b%/")):
        return "utf-8"
    if len(declared) == 3 and declared[:2] in (b"\x1b-", b"\x1b."):
        return _ISO_SETS.get(chr(declared[2]), "")
    return ""


def _decoded(value: object, encoding: str) -> str:
    """Decode bytes as declared; undeclared ones as UTF-8 if they are, else as Windows wrote."""
    if not isinstance(value, bytes):
        return value if isinstance(value, str) else ""
    value = value[:20_000]
    for name in filter(None, (encoding, "utf-8", "cp1252")):
        try:
            return value.decode(name)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _cleaned(values: Iterable[object]) -> list[str]:
    return [text for text in (_clean(value) for value in values) if text]


def _clean(value: object) -> str:
    """Return a metadata field as one line, without control characters, of at most 2,000 letters."""
    if isinstance(value, list):
        value = value[0] if value else ""
    text = _decoded(value, "")[:20_000]
    # Also lone surrogates and unassigned ones, which no database and no page can hold.
    visible = (" " if unicodedata.category(one) in ("Cc", "Cs") else one for one in text)
    return unicodedata.normalize("NFC", " ".join("".join(visible).split()))[:_MOST_LETTERS]


def _address(value: str) -> str:
    """Return an address of the web, "" for anything else."""
    address = _clean(value)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.netloc and not set(address) & set(" <>\"'\\")
    return address if good and len(address) <= 500 else ""


def _moment(text: str) -> dt.datetime | None:
    """Read a time as XMP, IIM or EXIF write it; the day must be known."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    digits = re.sub(r"\D", "", f"{match['day']}{match['time'] or ''}").ljust(14, "0")
    zone = (match["zone"] or "").replace(":", "").replace("Z", "+0000")
    try:
        form = "%Y%m%d%H%M%S%z" if zone else "%Y%m%d%H%M%S"
        moment = dt.datetime.strptime(f"{digits}{zone}", form)  # noqa: DTZ007
    except ValueError:
        return None
    return moment if 1800 <= moment.year <= 2200 else None
