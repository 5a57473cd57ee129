"""From a file nobody vouches for to an upright picture, and from that to what readers get.

Decoders raise whatever they stumble over in a damaged file, hence the broad ``except`` clauses:
what they catch is the file's fault, and is told as such.
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile

from articles.exceptions import ImportProblem
from articles.pictures import marks as marking
from articles.pictures import structure
from articles.pictures.marks import Marks
from articles.pictures.metadata import orientation
from articles.pictures.shapes import Copy

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
_STRIP_PIXELS = 500_000

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


def upright(image: ImageFile.ImageFile, size: tuple[int, int], name: str) -> Image.Image:
    """Decode a picture, upright, as sRGB on white, without metadata, at least ``size`` large.

    Decodes once, strip by strip from there on: a large picture is never held twice.
    """
    stands = orientation(image)
    wanted = size[::-1] if stands >= _SIDEWAYS else size
    try:
        image.draft(None, (int(wanted[0] * _SPARE), int(wanted[1] * _SPARE)))
        image.load()
        reduced = _reduced(image, wanted)
    except Exception as error:
        raise _damaged(name) from error
    turn = _TURNS.get(stands)
    return reduced if turn is None else reduced.transpose(turn)


def resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture in exactly this size, so that its copies are made from fewer pixels."""
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def encode(picture: Image.Image, copy: Copy, marks: Marks) -> dict[str, bytes]:
    """Return a copy of an upright picture as a file of each of its formats, with these marks."""
    width, height = picture.size
    left, top, right, bottom = copy.box
    box = (left * width, top * height, min(right, 1) * width, min(bottom, 1) * height)
    shown = picture
    if picture.size != copy.size or copy.crop:
        shown = picture.resize(copy.size, Image.Resampling.LANCZOS, box=box)
    return {name: _encoded(shown, name, marks) for name in copy.formats}


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
    # Every coefficient of a progressive JPEG is kept, two bytes each, until the last scan is read.
    most = max(across for _, across, _, _ in layers) * max(down for _, _, down, _ in layers)
    return max(1, sum(across * down for _, across, down, _ in layers) / most / 2)


def _reduced(image: Image.Image, wanted: tuple[int, int]) -> Image.Image:
    """Return a picture as sRGB on white, made smaller by the largest whole number that fits."""
    width, height = image.size
    factor = max(1, int(min(width / wanted[0], height / wanted[1]) / _SPARE))
    rows = factor * max(1, _STRIP_PIXELS // (width * factor))
    to_srgb = _to_srgb(image)
    result = Image.new("RGB", (math.ceil(width / factor), math.ceil(height / factor)))
    for top in range(0, height, rows):
        strip = _plain(image.crop((0, top, width, min(height, top + rows))))
        strip = to_srgb.apply(strip) if to_srgb else strip.convert("RGB")
        result.paste(strip.reduce(factor), (0, top // factor))
    return result


def _plain(strip: Image.Image) -> Image.Image:
    """Return a strip as grey, RGB or CMYK of 8 bits; what shows through is white."""
    if strip.mode.startswith("I"):
        # 16 bits are scaled: converted plainly, everything above 255 would be white.
        strip = strip.point(lambda value: value / 257).convert("L")
        strip.info.pop("transparency", None)
    if strip.has_transparency_data:
        strip = strip.convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        return Image.alpha_composite(white, strip).convert("RGB")
    return strip if strip.mode in ("L", "RGB", "CMYK") else strip.convert("RGB")


def _to_srgb(image: Image.Image) -> ImageCms.ImageCmsTransform | None:
    """Return what takes the picture's colours to sRGB, None without a profile that can be read."""
    profile = image.info.get("icc_profile")
    if not profile:
        return None
    mode = _plain(image.crop((0, 0, 1, 1))).mode
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
