"""Which copies of a picture are made: their shapes, widths and formats, and what a crop keeps.

A crop is the largest piece of its shape, moved so that the focal point comes as near to its middle
as the edges allow. No copy is larger than the piece of the original it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

WIDTHS = (480, 960, 1600, 2400)
TALLEST = 3600
FORMATS = ("jpeg", "webp", "avif")

# Crop → width by height, the widths made, the formats. Other sites show a JPEG for sure.
_CROPS: dict[str, tuple[float, tuple[int, ...], tuple[str, ...]]] = {
    "card": (3 / 2, (320, 640, 1280), FORMATS),
    "share": (1200 / 630, (1200,), ("jpeg",)),
    "16x9": (16 / 9, (1200,), ("jpeg",)),
    "4x3": (4 / 3, (1200,), ("jpeg",)),
    "1x1": (1.0, (1200,), ("jpeg",)),
}
# What is enough to see and place a photo at once.
AT_ONCE = 480


@dataclass(frozen=True, slots=True)
class Copy:
    """One file to make: ``box`` is the piece shown, as parts of the upright original."""

    crop: str
    size: tuple[int, int]
    formats: tuple[str, ...]
    box: Box = WHOLE


def copies(
    width: int, height: int, focal: tuple[float, float], widths: Sequence[int] = WIDTHS
) -> list[Copy]:
    """Return every copy of a picture of this size, small before large, whole before cropped."""
    return [*_whole(width, height, widths, FORMATS), *_cropped(width, height, focal)]


def copy_at_once(width: int, height: int) -> Copy:
    """Return the one copy that makes a photo usable before the others are there."""
    return next(_whole(width, height, (AT_ONCE,), ("jpeg",)))


def box(crop: str, width: int, height: int, focal: tuple[float, float]) -> Box:
    """Return the piece of an upright picture that a crop shows; "" is the whole picture.

    Raises ``KeyError`` for a crop that is made no more.
    """
    if not crop:
        return WHOLE
    shape = _CROPS[crop][0]
    across = min(1.0, height * shape / width)
    down = min(1.0, width / shape / height)
    left = min(max(focal[0] - across / 2, 0.0), 1.0 - across)
    top = min(max(focal[1] - down / 2, 0.0), 1.0 - down)
    return (left, top, left + across, top + down)


def pieces(wanted: Sequence[Copy]) -> dict[Box, tuple[int, int]]:
    """Return the pieces to cut from a picture, each as large as its largest copy."""
    found: dict[Box, tuple[int, int]] = {}
    for copy in wanted:
        found[copy.box] = max(copy.size, found.get(copy.box, copy.size))
    return found


def needed_size(wanted: Sequence[Copy]) -> tuple[int, int]:
    """Return how large the whole picture must be decoded for the sharpest of these copies."""
    sizes = [
        (round(size[0] / (right - left)), round(size[1] / (bottom - top)))
        for (left, top, right, bottom), size in pieces(wanted).items()
    ]
    return max(width for width, _ in sizes), max(height for _, height in sizes)


def _whole(
    width: int, height: int, widths: Sequence[int], formats: tuple[str, ...]
) -> Iterator[Copy]:
    widest = min(width, max(1, TALLEST * width // height))
    for wanted in sorted({min(one, widest) for one in widths}):
        yield Copy("", (wanted, max(1, round(height * wanted / width))), formats)


def _cropped(width: int, height: int, focal: tuple[float, float]) -> Iterator[Copy]:
    for name, (shape, widths, formats) in _CROPS.items():
        piece = box(name, width, height, focal)
        widest = max(1, int(width * (piece[2] - piece[0])))
        for wanted in sorted({min(one, widest) for one in widths}):
            yield Copy(name, (wanted, max(1, round(wanted / shape))), formats, piece)
