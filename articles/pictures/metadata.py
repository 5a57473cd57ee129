"""What a picture's file says of itself: its orientation, and words for readers.

Only these are read; a place, a serial number or a maker's note never leaves the original.
"""

from __future__ import annotations

import unicodedata

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

# What cameras write where a caption belongs.
_CAMERA_CAPTIONS = {"default", "digital camera", "olympus digital camera", "sony dsc"}


def embedded_texts(image: Image.Image) -> dict[str, str]:
    """Return caption, credit line and copyright notice as the file has them, "" where it has none.

    IPTC, which agencies write, goes before EXIF, which cameras write. Texts are one line each.
    """
    iptc, exif = _iptc(image), _exif(image)
    maker = _clean(iptc.get((2, 80))) or _clean(exif.get(ExifTags.Base.Artist))
    supplier = _clean(iptc.get((2, 110)))
    credit = [part for part in dict.fromkeys((maker, supplier)) if part]
    caption = _clean(iptc.get((2, 120))) or _clean(exif.get(ExifTags.Base.ImageDescription))
    notice = _clean(iptc.get((2, 116))) or _clean(exif.get(ExifTags.Base.Copyright))
    return {
        "caption": "" if caption.lower() in _CAMERA_CAPTIONS else caption,
        "credit_line": supplier if maker and maker in supplier else "/".join(credit),
        "copyright_notice": notice,
    }


def credit_exif(artist: str, notice: str) -> bytes:
    """Return EXIF that says who made a picture and whose it is, and nothing else; may be empty."""
    exif = Image.Exif()
    # Bytes, since a text would lose every letter beyond ASCII.
    if artist:
        exif[ExifTags.Base.Artist] = artist.encode()
    if notice:
        exif[ExifTags.Base.Copyright] = notice.encode()
    return exif.tobytes() if artist or notice else b""


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1, upright, if the file says none that exists."""
    value = _exif(image).get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _exif(image: Image.Image) -> dict[int, object]:
    try:
        return dict(image.getexif())
    except Exception:  # a picture is taken without its metadata if they are beyond reading
        return {}


def _iptc(image: Image.Image) -> dict[tuple[int, int], bytes | list[bytes]]:
    if not isinstance(image, ImageFile.ImageFile):
        return {}
    try:
        return IptcImagePlugin.getiptcinfo(image) or {}
    except Exception:  # as above
        return {}


def _clean(value: object) -> str:
    """Return a metadata field as one line, without control characters, of at most 2,000 letters."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_clean(part) for part in value[:5])))
    if isinstance(value, str):
        # Pillow reads every EXIF text as Latin-1, whatever it was written as.
        value = value[:20_000].encode("latin-1", "ignore")
    if not isinstance(value, bytes):
        return ""
    value = value[:20_000]
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    visible = (" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return unicodedata.normalize("NFC", " ".join("".join(visible).split()))[:2000]
