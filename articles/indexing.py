"""What is kept beside publications so that they can be found: the one place that keeps it in step.

Whoever writes, loads or empties publications tells it here, in the same transaction; which indexes
there are is decided here alone. An index holds publications from the moment they are written:
what of it readers may see at a moment is asked of ``listed(at)`` when they ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from articles import related
from articles.models import Article, Publication
from articles.search import index


def add(
    publications: Sequence[Publication],
    before: Iterable[Publication] | None = None,
    lists: index.Lists | None = None,
) -> None:
    """Take in publications that were just written, with their lists of topics and people.

    ``before`` are all other publications of their articles, and ``lists`` the numbers of topics,
    contributors and sources by publication: what who wrote them knows need not be asked.
    """
    index.add(publications, before, lists)
    related.add(publications, before)


def remove(article: Article) -> None:
    """Forget every word of an article, as when it is killed."""
    index.remove(article)
    related.remove(article)
