"""Which copies of a picture are made: their shapes, widths and formats, and what a crop keeps.

A crop is the largest piece of its shape, moved so that the focal point comes as near to its middle
as the edges allow. No copy is larger than the piece of the original it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTHS = (480, 960, 1600, 2400)
TALLEST = 4800
FORMATS = ("jpeg", "webp", "avif")

# Crop → width by height, the widths made, the formats. Other sites show a JPEG for sure.
_CROPS: dict[str, tuple[float, tuple[int, ...], tuple[str, ...]]] = {
    "card": (3 / 2, (320, 640, 1280), FORMATS),
    "share": (1200 / 630, (1200,), ("jpeg",)),
}
# What is enough to see and place a photo at once.
_AT_ONCE_WIDTHS = (480, 960)


@dataclass(frozen=True, slots=True)
class Copy:
    """One file to make: ``box`` is the piece shown, as parts of the upright original."""

    crop: str
    size: tuple[int, int]
    formats: tuple[str, ...]
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


def copies(
    width: int, height: int, focal: tuple[float, float], widths: Sequence[int] = WIDTHS
) -> list[Copy]:
    """Return every copy of a picture of this size, small before large, whole before cropped."""
    return [*_whole(width, height, widths, FORMATS), *_cropped(width, height, focal)]


def copies_at_once(width: int, height: int) -> list[Copy]:
    """Return the few copies that make a photo usable before the others are there."""
    return list(_whole(width, height, _AT_ONCE_WIDTHS, ("jpeg",)))


def needed_size(width: int, height: int, wanted: Sequence[Copy]) -> tuple[int, int]:
    """Return how large the whole picture must be decoded for the sharpest of these copies."""
    scale = max(copy.size[0] / (width * (copy.box[2] - copy.box[0])) for copy in wanted)
    scale = min(1.0, scale)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _whole(
    width: int, height: int, widths: Sequence[int], formats: tuple[str, ...]
) -> Iterator[Copy]:
    widest = min(width, max(1, TALLEST * width // height))
    for wanted in sorted({min(one, widest) for one in widths}):
        yield Copy("", (wanted, max(1, round(height * wanted / width))), formats)


def _cropped(width: int, height: int, focal: tuple[float, float]) -> Iterator[Copy]:
    for name, (shape, widths, formats) in _CROPS.items():
        across = min(1.0, height * shape / width)
        down = min(1.0, width / shape / height)
        left = min(max(focal[0] - across / 2, 0.0), 1.0 - across)
        top = min(max(focal[1] - down / 2, 0.0), 1.0 - down)
        box = (left, top, left + across, top + down)
        widest = max(1, int(width * across))
        for wanted in sorted({min(one, widest) for one in widths}):
            yield Copy(name, (wanted, max(1, round(wanted / shape))), formats, box)
