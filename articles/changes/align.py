"""Which block or row of one version is which of another, and which of them were moved."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from articles import document
from articles.changes.words import longest_rise, tokens
from articles.document import (
    Block,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    Quote,
)

# Shares of common words from which on two blocks are taken for one that was rewritten: with the
# same id, without it, and with nothing else that it could be.
_WITH_ID, _WITHOUT_ID = 0.25, 0.5
# Above this many pairs of blocks without a partner, only those near each other are compared.
_PAIRS, _NEAR = 20_000, 20

Key = Callable[[Any], Hashable]


class Pair(NamedTuple):
    """The places of a thing in the old and the new row; None where it is not there."""

    old: int | None
    new: int | None
    is_moved: bool = False


def plain(block: Block) -> str:
    """Return everything a block says in words, the cite of a quote included."""
    return "\n".join(document.plain([block]))


def without_id(block: Block) -> Block:
    return replace(block, id="")


def without_place(row: DocumentAttribution) -> DocumentAttribution:
    """Return an attribution without where it stands, which follows from the text around it."""
    return replace(row, where="", start=min(row.start, 0))


# What rows are known again by, the surest first.
BYLINES: tuple[Key, ...] = (
    lambda row: row,
    lambda row: (row.contributor, row.role),
    lambda row: row.contributor,
    lambda row: row.name,
)
ATTRIBUTIONS: tuple[Key, ...] = (
    lambda row: row,
    without_place,
    lambda row: (row.text, row.source, row.name),
    lambda row: row.text,
    lambda row: (row.source, row.name, row.where),
)
RELATED: tuple[Key, ...] = (
    lambda row: row,
    lambda row: row.article or None,
    lambda row: row.url or None,
    lambda row: row.title or None,
)
Row = DocumentByline | DocumentAttribution | DocumentRelated


def align_rows(old: Sequence[Row], new: Sequence[Row], keys: Sequence[Key]) -> list[Pair]:
    """Return which rows are the same, in the order of the new ones (``in_order``)."""
    partners: dict[int, int] = {}
    for key in keys:
        _match(old, new, key, partners)
    return in_order(len(old), len(new), partners)


def align_blocks(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """Return which blocks are the same: unchanged, with the same id, or with much the same words.

    A paragraph typed above another may have got the other's id, so unchanged words come first.
    """
    partners: dict[int, int] = {}
    _match(old, new, lambda block: block, partners)
    _match(old, new, without_id, partners)
    known: dict[tuple[int, int], Counter[str]] = {}

    def words(side: int, place: int) -> Counter[str]:
        if (side, place) not in known:
            block = (old, new)[side][place]
            known[side, place] = _vocabulary(block)
        return known[side, place]

    def likeness(i: int, j: int) -> float:
        return _likeness(words(0, i), words(1, j)) if _are_akin(old[i], new[j]) else 0.0

    ids = {block.id: place for place, block in enumerate(new) if block.id}
    same_id = [(i, ids[block.id]) for i, block in enumerate(old) if block.id in ids]
    taken = set(partners.values())
    for i, j in same_id:
        if i not in partners and j not in taken and likeness(i, j) >= _WITH_ID:
            partners[i] = j
            taken.add(j)
    for i, j in _alike(old, new, partners, likeness):
        if i not in partners and j not in taken:
            partners[i] = j
            taken.add(j)
    for i, j in same_id:
        if i not in partners and j not in taken and type(old[i]) is type(new[j]):
            partners[i] = j
            taken.add(j)
    return in_order(len(old), len(new), partners)


def _match(old: Sequence[Any], new: Sequence[Any], key: Key, partners: dict[int, int]) -> None:
    """Make partners of those still alone whose keys are equal, in their order; None is no key."""
    taken = set(partners.values())
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for j, thing in enumerate(new):
        if j not in taken and (found := key(thing)) is not None:
            waiting[found].append(j)
    for i, thing in enumerate(old):
        if i not in partners and (places := waiting.get(key(thing))):
            partners[i] = places.popleft()


def _alike(
    old: Sequence[Block],
    new: Sequence[Block],
    partners: dict[int, int],
    likeness: Callable[[int, int], float],
) -> Iterator[tuple[int, int]]:
    """Yield pairs of blocks without a partner that say much the same, the most alike first."""
    taken = set(partners.values())
    left = [i for i in range(len(old)) if i not in partners]
    right = [j for j in range(len(new)) if j not in taken]
    is_long = len(left) * len(right) > _PAIRS
    found = []
    for a, i in enumerate(left):
        near = right[max(a - _NEAR, 0) : a + _NEAR] if is_long else right
        for j in near:
            if (share := likeness(i, j)) >= _WITHOUT_ID:
                found.append((-share, abs(i - j), i, j))
    for _share, _distance, i, j in sorted(found):
        yield i, j


def _are_akin(a: Block, b: Block) -> bool:
    """Return whether one may have become the other: a figure never becomes text."""
    return isinstance(a, Figure) == isinstance(b, Figure)


def _vocabulary(block: Block) -> Counter[str]:
    words = Counter(token.text.casefold() for token in tokens(plain(block)) if token.is_word)
    if isinstance(block, Figure):
        words[f"photo {block.photo}"] += 1 + words.total() * 2
    elif isinstance(block, Quote):
        words["quotation"] += 1
    return words


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Return the share of words that two blocks have in common, from 0 to 1."""
    total = a.total() + b.total()
    if not total:
        return 1.0
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return 2 * sum(min(number, large[word]) for word, number in small.items()) / total


def in_order(old: int, new: int, partners: dict[int, int]) -> list[Pair]:
    """Return all places in the order of the new ones; what is gone stands where it stood.

    Moved are those that have to change places with the fewest others for the rest to keep order.
    """
    back = {j: i for i, j in partners.items()}
    stays = longest_rise([back[j] for j in range(new) if j in back])
    out: list[Pair] = []
    gone = [i for i in range(old) if i not in partners]
    for j in range(new):
        i = back.get(j)
        if i in stays and i is not None:
            while gone and gone[0] < i:
                out.append(Pair(gone.pop(0), None))
        out.append(Pair(i, j, i is not None and i not in stays))
    return out + [Pair(i, None) for i in gone]
