"""Prints of texts: sixteen small numbers by which copies of one text know each other.

The hashes of all words of a text lie side by side in one long number, so that the three-word
shingles of the whole text come from three multiplications.
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_left
from hashlib import blake2b

from articles import letters
from articles.letters import Memo
from articles.related.lexicon import DENSE, LATIN, READ, SIGNS

_SLOTS, _FEWEST_SHINGLES = 16, 40
_MASK = (1 << 64) - 1
_LOWEST = int("1" * _SLOTS, 16)
# Odd numbers by which the words of a shingle are told apart by their order.
_FIRST, _SECOND, _THIRD = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
# A word or a figure, or a character where words aren't parted.
_ANY = re.compile(rf"[{DENSE}][{SIGNS}]*|(?:[{LATIN}0-9_]++|(?![{DENSE}])\w)++")
# Bytes that a word has in the long number: a product of 64 bits by 64, and what three add up to.
_LANE = 24


def text_print(body: str) -> int:
    """Return sixteen numbers below 16 in one, mostly equal for texts that are nearly the same.

    Each number is that of the smallest of the shingles that fall into its sixteenth of all hashes,
    or into the next where none does. 0 when the text is too short to tell.
    """
    shingles = _shingles(_words(body[:READ]))
    heads = shingles.tobytes()[7::8]  # the first byte of each, all one needs to leave most out
    known = sorted(set(heads))
    if len(known) < _FEWEST_SHINGLES and len(set(shingles)) < _FEWEST_SHINGLES:
        return 0
    out = 0
    for slot in range(_SLOTS):
        head = known[bisect_left(known, slot << 4) % len(known)]
        smallest, at = _MASK, heads.find(head)
        while at >= 0:
            smallest, at = min(smallest, shingles[at]), heads.find(head, at + 1)
        out = out << 4 | smallest >> 20 & 15
    return out - (1 << 64) if out >> 63 else out


def are_copies(first: int, second: int) -> bool:
    """Return whether two prints are those of nearly the same text."""
    if not first or not second:
        return False
    differing = (first ^ second) & _MASK
    # After this the lowest bit of a slot says whether any of it differs.
    differing |= differing >> 1
    differing |= differing >> 2
    return (differing & _LOWEST).bit_count() <= _SLOTS - _SLOTS * 5 // 8


def _words(text: str) -> list[str]:
    plain = letters.plain(text)
    return _ANY.findall(text.casefold()) if plain is None else letters.words(plain.lower())


def _shingles(words: list[str]) -> array[int]:
    """Return a 64-bit number for every three words that follow each other."""
    side_by_side = b"".join(map(_lane.__getitem__, words))
    first = int.from_bytes(side_by_side, "little")
    second, third = first >> 8 * _LANE, first >> 16 * _LANE
    sums = (first * _FIRST + second * _SECOND + third * _THIRD).to_bytes(
        len(side_by_side) + _LANE, "little"
    )
    found = array("Q", sums)[: max(len(words) - 2, 0) * 3 : 3]
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _hashed(word: str) -> bytes:
    return blake2b(word.encode(), digest_size=8).digest()[::-1].ljust(_LANE, b"\0")


_lane: Memo[bytes] = Memo(_hashed)
