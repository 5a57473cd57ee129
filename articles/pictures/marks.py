"""The words every public copy of a picture carries: who made it, whose it is, what may be done.

They are written anew from what the desk says, as EXIF and XMP and, in a JPEG, as IPTC-IIM. Nothing
else goes into a copy: no place, no serial number, no preview.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import astuple, dataclass

from PIL import ExifTags, Image

from articles.pictures.xmp import packet

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# Most bytes of an IIM value (IIM 4.2); a longer text stands in full in the XMP.
_BYLINE, _CREDIT, _NOTICE = (80, 32), (110, 32), (116, 128)


@dataclass(frozen=True, slots=True)
class Marks:
    """What copies say; each may be empty. ``digital_source_type`` is a code of the NewsCodes."""

    creators: tuple[str, ...] = ()
    credit: str = ""
    copyright_notice: str = ""
    alt_text: str = ""
    extended_description: str = ""
    usage_terms: str = ""
    web_statement: str = ""
    licensor_url: str = ""
    digital_source_type: str = ""

    def digest(self) -> str:
        """Return what tells these marks from others, 32 hex digits."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:32]


def exif(marks: Marks) -> bytes:
    """Return EXIF with artist and copyright and nothing else; b"" if both are unknown."""
    block = Image.Exif()
    artist = "; ".join(marks.creators) or marks.credit
    # Bytes, since a text would lose every letter beyond ASCII.
    if artist:
        block[ExifTags.Base.Artist] = artist.encode()
    if marks.copyright_notice:
        block[ExifTags.Base.Copyright] = marks.copyright_notice.encode()
    return block.tobytes() if len(block) else b""


def xmp(marks: Marks) -> bytes:
    """Return an XMP packet; b"" if nothing is known."""
    kind = marks.digital_source_type
    return packet(
        plain={
            "photoshop:Credit": marks.credit,
            "xmpRights:WebStatement": marks.web_statement,
            "Iptc4xmpExt:DigitalSourceType": f"{_SOURCE_TYPES}{kind}" if kind else "",
        },
        languages={
            "dc:rights": marks.copyright_notice,
            "Iptc4xmpCore:AltTextAccessibility": marks.alt_text,
            "Iptc4xmpCore:ExtDescrAccessibility": marks.extended_description,
            "xmpRights:UsageTerms": marks.usage_terms,
        },
        lists={"dc:creator": marks.creators},
        licensor_url=marks.licensor_url,
    )


def iim_segment(marks: Marks) -> bytes:
    """Return the JPEG segment (APP13) with by-line, credit and copyright; b"" without any."""
    records = [(_BYLINE, creator) for creator in marks.creators]
    records += [(_CREDIT, marks.credit), (_NOTICE, marks.copyright_notice)]
    rows = b"".join(_record(*place, text) for place, text in records if text)
    if not rows:
        return b""
    rows = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"\x1c\x02\x00\x00\x02\x00\x04" + rows
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(rows)) + rows + b"\0" * (len(rows) % 2)
    content = b"Photoshop 3.0\0" + resource
    return b"\xff\xed" + struct.pack(">H", len(content) + 2) + content


def _record(number: int, most: int, text: str) -> bytes:
    content = text.encode()[:most].decode("utf-8", "ignore").encode()
    return b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(content)) + content
