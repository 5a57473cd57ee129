"""From a file nobody vouches for to an upright picture, and from that to what readers get.

Decoders raise whatever they stumble over in a damaged file, hence the broad ``except`` clauses:
what they catch is the file's fault, and is told as such.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile

from articles.exceptions import ImportProblem
from articles.pictures import marks as marking
from articles.pictures import shapes, structure
from articles.pictures.marks import Marks
from articles.pictures.metadata import orientation
from articles.pictures.shapes import Box, Copy

# How a kept original is named. MPO is a JPEG with more pictures behind the first.
EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
_TAKEN = ("JPEG", "PNG", "WEBP", "GIF")
_ENCODERS = {
    "jpeg": {"quality": 82, "optimize": True, "progressive": True},
    "webp": {"quality": 80, "method": 4},
    # Slower speeds save next to nothing; one thread holds the least memory.
    "avif": {"quality": 63, "speed": 8, "max_threads": 1},
}

# A picture is first reduced by whole numbers, to no less than this many times the wanted size.
_SPARE = 1.25
_BAND_PIXELS = 500_000
_LANCZOS = 3  # how many pixels of the result the filter looks to each side

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = 5


def open_picture(file: BinaryIO, name: str, *, max_pixels: int) -> ImageFile.ImageFile:
    """Read a picture's header; the pixels, all frames counted, are not decoded yet.

    Raises ``ImportProblem`` if it is no picture of a format that is taken, or has too many pixels.
    """
    file.seek(0)
    content = file.read()
    file.seek(0)
    # Pillow has one limit a process, which it also checks while it reads; it is kept at ours.
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        gif_frames = structure.count_gif_frames(content)
        image = Image.open(file, formats=_TAKEN)
        burden = max(gif_frames or _frames(image), _times_held(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name, max_pixels) from None
    except Exception as error:
        raise _unreadable(content[:4096], name) from error
    width, height = image.size
    if width < 1 or height < 1:
        raise _damaged(name)
    if width * height * burden > max_pixels:
        raise _too_many_pixels(name, max_pixels / burden)
    return _verified_png(image, file, name) if image.format == "PNG" else image


def shown_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as a viewer sees them, once the picture stands upright."""
    width, height = image.size
    return (height, width) if orientation(image) >= _SIDEWAYS else (width, height)


def upright_pieces(
    image: ImageFile.ImageFile, wanted: Sequence[Copy], name: str
) -> dict[Box, Image.Image]:
    """Decode once and return the pieces these copies show: upright, sRGB on white, no metadata.

    Each is as large as its largest copy. Worked band by band: beside the decoded picture only
    what is cut from it is held, so that an absurdly long picture takes no more than others. The
    picture loses its pixels before the crops are cut that the whole piece shows as large.
    """
    stands = orientation(image)
    is_sideways = stands >= _SIDEWAYS
    width, height = _with_spare(shapes.needed_size(wanted))
    try:
        image.draft(None, (height, width) if is_sideways else (width, height))
        image.load()
        to_srgb = _to_srgb(image)
        pieces = shapes.pieces(wanted)
        later = _shown_by_whole(pieces)
        found: dict[Box, Image.Image] = {}
        for box, size in pieces.items():
            if box not in later:
                lying = size[::-1] if is_sideways else size
                piece = _cut(image, _as_stored(box, stands), lying, to_srgb)
                turn = _TURNS.get(stands)
                found[box] = piece if turn is None else piece.transpose(turn)
        image.im = Image.new("L", (1, 1)).im  # its file stays open
        for box in later:
            found[box] = _cut(found[shapes.WHOLE], box, pieces[box], None)
    except Exception as error:
        raise _damaged(name) from error
    return found


def encode(piece: Image.Image, copy: Copy, marks: Marks) -> dict[str, bytes]:
    """Return a copy of its upright piece as a file of each of its formats, with these marks."""
    shown = _resized(piece, copy.size)
    return {name: _encoded(shown, name, marks) for name in copy.formats}


def _with_spare(size: tuple[int, int]) -> tuple[int, int]:
    return int(size[0] * _SPARE), int(size[1] * _SPARE)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _shown_by_whole(pieces: dict[Box, tuple[int, int]]) -> list[Box]:
    """Return the crops that lose nothing if they are cut from the piece of the whole picture."""
    width, height = pieces.get(shapes.WHOLE, (0, 0))
    return [
        box
        for box, size in pieces.items()
        if box != shapes.WHOLE
        and (box[2] - box[0]) * width >= size[0]
        and (box[3] - box[1]) * height >= size[1]
    ]


def _as_stored(box: Box, stands: int) -> Box:
    """Return where a piece of the upright picture lies in the picture as it is stored."""
    left, top, right, bottom = box
    across, down = (left, right), (top, bottom)
    if stands >= _SIDEWAYS:
        across, down = down, across
    if stands in (2, 3, 7, 8):
        across = (1 - across[1], 1 - across[0])
    if stands in (3, 4, 6, 7):
        down = (1 - down[1], 1 - down[0])
    return (across[0], down[0], across[1], down[1])


def _encoded(shown: Image.Image, format_: str, marks: Marks) -> bytes:
    inside = {"exif": marking.exif(marks), "xmp": marking.xmp(marks)}
    if format_ == "jpeg":
        inside["extra"] = marking.iim_segment(marks)
    buffer = BytesIO()
    said = {name: block for name, block in inside.items() if block}
    shown.save(buffer, format_.upper(), **said, **_ENCODERS[format_])
    return buffer.getvalue()


def _verified_png(image: ImageFile.ImageFile, file: BinaryIO, name: str) -> ImageFile.ImageFile:
    """Refuse a PNG whose checksums are wrong: it would be decoded to rubbish without a word."""
    try:
        image.verify()
        file.seek(0)
        return Image.open(file, formats=("PNG",))
    except Exception as error:
        raise _damaged(name) from error


def _frames(image: ImageFile.ImageFile) -> int:
    # The second picture of an MPO is a preview or a map of brightness, no part of an animation.
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))


def _times_held(image: ImageFile.ImageFile) -> float:
    """Return how much memory decoding takes, as a multiple of four bytes a pixel."""
    if image.format == "WEBP":
        return 4  # two canvases, the bytes handed over, and the picture
    layers = getattr(image, "layer", [])
    if not image.info.get("progressive") or not layers:
        return 1
    # Every coefficient of a progressive JPEG is kept, two bytes each, until the last scan is read,
    # beside the picture, which is made smaller while it is decoded if it is large enough.
    most = max(across for _, across, _, _ in layers) * max(down for _, _, down, _ in layers)
    kept = sum(across * down for _, across, down, _ in layers) / most / 2
    return max(1, kept + 1 / _drafted(image) ** 2)


def _drafted(image: Image.Image) -> int:
    """Return by how much a JPEG's sides are divided while it is decoded for all its copies."""
    width, height = shown_size(image)
    needed = _with_spare(shapes.needed_size(shapes.copies(width, height, (0.5, 0.5))))
    fits = min(width // max(1, needed[0]), height // max(1, needed[1]))
    return max(one for one in (1, 2, 4, 8) if one <= max(1, fits))


def _cut(
    image: Image.Image,
    box: Box,
    size: tuple[int, int],
    to_srgb: ImageCms.ImageCmsTransform | None,
) -> Image.Image:
    """Return a piece as sRGB on white in exactly this size, made band by band.

    Each band is first reduced by the largest whole number that fits, and reaches as far over its
    edges as the filter looks, so that no seam shows.
    """
    left = min(round(box[0] * image.width), image.width - 1)
    top = min(round(box[1] * image.height), image.height - 1)
    width = max(1, round(box[2] * image.width) - left)
    height = max(1, round(box[3] * image.height) - top)
    factor = max(1, int(min(width / size[0], height / size[1]) / _SPARE))
    across, down = width / factor, height / factor / size[1]  # in reduced pixels
    beyond = math.ceil(_LANCZOS * max(1, down)) + 1
    rows = max(1, int(_BAND_PIXELS / (width * factor * down)))
    result = Image.new("RGB", size)
    for at in range(0, size[1], rows):
        end = min(size[1], at + rows)
        first = max(0, int(at * down) - beyond)
        last = min(height, (math.ceil(end * down) + beyond) * factor)
        band = _readable(image.crop((left, top + first * factor, left + width, top + last)))
        band = _on_white(band.reduce(factor))
        band = to_srgb.apply(band) if to_srgb else band.convert("RGB")
        shown = (0, at * down - first, across, min(end * down, height / factor) - first)
        band = band.resize((size[0], end - at), Image.Resampling.LANCZOS, shown)
        result.paste(band, (0, at))
    return result


def _readable(band: Image.Image) -> Image.Image:
    """Return a band as grey, RGB, RGBA or CMYK of 8 bits."""
    if band.mode.startswith("I"):
        # 16 bits are scaled: converted plainly, everything above 255 would be white.
        band = band.point(lambda value: value / 257).convert("L")
        band.info.pop("transparency", None)
    if band.has_transparency_data:
        return band if band.mode == "RGBA" else band.convert("RGBA")
    return band if band.mode in ("L", "RGB", "CMYK") else band.convert("RGB")


def _on_white(band: Image.Image) -> Image.Image:
    """Return a band with white where it shows through."""
    if band.mode != "RGBA":
        return band
    return Image.alpha_composite(Image.new("RGBA", band.size, "white"), band).convert("RGB")


def _to_srgb(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """Return what takes the picture's colours to sRGB, None without a profile that can be read."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    mode = _on_white(_readable(image.crop((0, 0, 1, 1)))).mode
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(BytesIO(profile), srgb, mode, "RGB")
    except Exception:  # broken, or for other colours: viewers ignore such a profile too
        return None


def _damaged(name: str) -> ImportProblem:
    return ImportProblem(
        "photo_damaged",
        _("%(name)s is damaged or cut short. Copy it again from the camera, or export it anew.")
        % {"name": name},
    )


def _too_many_pixels(name: str, limit: float) -> ImportProblem:
    return ImportProblem(
        "photo_too_many_pixels",
        _(
            "%(name)s has more than %(limit)s million pixels, all frames counted."
            " Make it smaller, or export it as plain JPEG."
        )
        % {"name": name, "limit": f"{limit / 1_000_000:.3g}"},
    )


def _unreadable(start: bytes, name: str) -> ImportProblem:
    if b"<svg" in start.lower():
        return ImportProblem(
            "photo_svg",
            _("%(name)s is an SVG drawing, which may hold scripts. Export it as PNG.")
            % {"name": name},
        )
    if start.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8")) or start[8:12] == b"WEBP":
        return _damaged(name)
    return ImportProblem(
        "photo_unreadable",
        _("%(name)s is no picture Newsroom takes. Export it as JPEG, PNG, WebP or GIF.")
        % {"name": name},
    )
