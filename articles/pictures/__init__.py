"""Reading pictures nobody vouches for, and writing ones that are safe to publish.

Decides which formats and sizes are taken, how any of them becomes an upright sRGB picture, which
copies are made of it and how they are encoded, which words of a file's metadata are read and which
stand in a copy. Where files and rows are kept is left to ``renditions``.
"""

from articles.pictures.decoding import (
    EXTENSIONS,
    encode,
    open_picture,
    shown_size,
    upright_pieces,
)
from articles.pictures.likeness import SAME, distance, perceptual_hash
from articles.pictures.marks import Marks
from articles.pictures.metadata import embedded_texts, taken_at
from articles.pictures.shapes import WIDTHS, Box, Copy, box, copies, copy_at_once

__all__ = [
    "EXTENSIONS",
    "SAME",
    "WIDTHS",
    "Box",
    "Copy",
    "Marks",
    "box",
    "copies",
    "copy_at_once",
    "distance",
    "embedded_texts",
    "encode",
    "open_picture",
    "perceptual_hash",
    "shown_size",
    "taken_at",
    "upright_pieces",
]
