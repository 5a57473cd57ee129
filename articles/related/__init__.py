"""Related news: what a story has to do with others, and what of it readers and the desk are shown.

``words`` makes terms of a text, ``terms`` keeps those of publications in tables, ``ranking``
compares them, ``blocks`` decides what stands on a page and ``reasons`` says why. How it decides is
written down in ``docs/related.md``.
"""

from articles.related.blocks import Blocks, RelatedStory, make_blocks, next_change
from articles.related.terms import add, rebuild, remove

__all__ = ["Blocks", "RelatedStory", "add", "make_blocks", "next_change", "rebuild", "remove"]
