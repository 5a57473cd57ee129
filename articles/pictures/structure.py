"""How a picture's file is put together, seen without decoding it.

Decoders written for honest files spend minutes on one that is cut into millions of blocks. So the
blocks are stepped over first, and an absurd file is refused here. A file that merely ends too soon
or is garbled is left to the decoder, which says so.
"""

from __future__ import annotations

# Far more than any program writes, few enough to be read in a second.
_MOST_BLOCKS = {"gif": 1_000_000, "jpeg": 10_000, "png": 100_000}
_MOST_SCANS = 100

_JPEG_SCAN = 0xDA
_JPEG_WITHOUT_LENGTH = {0x00, 0x01, *range(0xD0, 0xDA)}


class AbsurdFileError(ValueError):
    """A file in more parts than any program would write."""


def count_gif_frames(content: bytes) -> int:
    """Return how many pictures a file holds if it is a GIF, 0 if it is none.

    Raises ``AbsurdFileError``, here for every format.
    """
    if content.startswith(b"GIF8"):
        return _gif_frames(content)
    if content.startswith(b"\xff\xd8"):
        _step_over_jpeg(content)
    elif content.startswith(b"\x89PNG"):
        _step_over_png(content)
    return 0


def _gif_frames(content: bytes) -> int:
    frames = blocks = 0
    at = 13 + _gif_palette(content[10:11])
    while content[at : at + 1] in (b"!", b","):
        if content[at : at + 1] == b",":
            frames += 1
            at += 11 + _gif_palette(content[at + 9 : at + 10])
        else:
            at += 2
        while step := int.from_bytes(content[at : at + 1]):
            at += step + 1
            blocks += 1
        at += 1
        blocks += 1
        if blocks > _MOST_BLOCKS["gif"]:
            raise AbsurdFileError
    return max(1, frames)


def _gif_palette(flags: bytes) -> int:
    """Return how many bytes of colours follow a block with these flags."""
    value = int.from_bytes(flags)
    return 3 << ((value & 7) + 1) if value & 128 else 0


def _step_over_jpeg(content: bytes) -> None:
    if content.count(b"\xff\xda") > _MOST_SCANS:
        raise AbsurdFileError
    at = 2
    for _ in range(_MOST_BLOCKS["jpeg"]):
        if at + 2 > len(content):
            return
        marker = content[at + 1]
        if content[at] != 0xFF or marker == 0xFF:
            at += 1
        elif marker == _JPEG_SCAN:
            return
        elif marker in _JPEG_WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    raise AbsurdFileError


def _step_over_png(content: bytes) -> None:
    at = 8
    for _ in range(_MOST_BLOCKS["png"]):
        if at >= len(content) or content[at + 4 : at + 8] == b"IEND":
            return
        at += 12 + int.from_bytes(content[at : at + 4])
    raise AbsurdFileError
