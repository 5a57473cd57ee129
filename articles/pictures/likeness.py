"""A number by which pictures that look alike are found, whatever their size or encoding.

The difference hash: nine by eight greys, and for each whether it is lighter than the next. A few
bits differ between copies of one picture, about half of them between any two.
"""

from __future__ import annotations

from PIL import Image

SAME = 6  # most bits in which two files of one picture differ


def perceptual_hash(picture: Image.Image) -> str:
    """Return 64 bits as 16 hex digits; "" for a picture of one colour, which is like any other."""
    greys = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for at in range(row, row + 8):
            bits = bits << 1 | (greys[at] > greys[at + 1])
    return f"{bits:016x}" if bits else ""


def distance(one: str, other: str) -> int:
    """Return in how many bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
