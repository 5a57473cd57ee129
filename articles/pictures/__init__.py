"""Reading pictures nobody vouches for, and writing ones that are safe to publish.

Decides which formats and sizes are taken, how any of them becomes an upright sRGB picture, how
copies are encoded, and which words of a file's metadata are read. Where files and rows are kept is
left to ``renditions``.
"""

from articles.pictures.decoding import (
    EXTENSIONS,
    encode,
    open_picture,
    rendition_sizes,
    shown_size,
    upright,
)
from articles.pictures.metadata import credit_exif, embedded_texts

__all__ = [
    "EXTENSIONS",
    "credit_exif",
    "embedded_texts",
    "encode",
    "open_picture",
    "rendition_sizes",
    "shown_size",
    "upright",
]
