"""The word check: every word of an input has exactly one home in the article made of it.

Decides whether a reading may be saved. Counts again from the bytes of the file, so that nothing
the reader did on the way is taken on trust. What counts as a home is the rule of the export
schema; what to do with a document that fails is decided by the loader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.importing.readers.seed.decoding import decode
from articles.importing.readers.seed.structure import SeedArticle
from articles.importing.readers.seed.words import balance, words

# Cleaning may change words only if one of these says so.
_CHANGING = frozenset(
    {"control_characters_removed", "mojibake_repaired", "mojibake_suspected", "encoding_guessed"}
)


@dataclass(slots=True)
class WordCheck:
    """What does not add up between an input and its article."""

    lost: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    missing_targets: list[str] = field(default_factory=list)
    lines_without_fate: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Tell whether the article may be saved."""
        return not (self.lost or self.invented or self.missing_targets or self.lines_without_fate)

    def __str__(self) -> str:
        if self.clean:
            return "every word has one home"
        found = {
            "lost": sorted(self.lost),
            "invented": sorted(self.invented),
            "missing targets": self.missing_targets,
            "lines without a fate": [str(number) for number in self.lines_without_fate],
        }
        parts = [f"{what}: {', '.join(some[:10])}" for what, some in found.items() if some]
        return "; ".join(parts)


def check(source: bytes | Sequence[str], article: SeedArticle) -> WordCheck:
    """Compare an input, as bytes or as clean lines, with the article made of it.

    A rejected document has nothing to check.
    """
    if article.outcome == "rejected":
        return WordCheck()
    if not isinstance(source, bytes):
        found = balance(source, article)
        return WordCheck(
            found.lost, found.invented, found.missing_targets, found.lines_without_fate
        )
    decoded = decode(source)
    result = check([line.text for line in decoded.lines], article)
    if not _CHANGING & set(decoded.flags):
        before = Counter(word for line in decoded.lines for word in words(line.raw))
        after = Counter(word for line in decoded.lines for word in words(line.text))
        result.lost += before - after
        result.invented += after - before
    return result
