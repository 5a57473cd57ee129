"""Who is credited inside the text: agencies and papers, people without a name, named sources.

Decides by rules and lists, and rather says nothing than something wrong. Each finding is a
stretch of one text of the article. Source lines are found by ``ending``.
"""

from __future__ import annotations

from collections.abc import Iterator

from articles.importing.readers.seed.credited import agencies_in, anonymous_in
from articles.importing.readers.seed.speakers import Speakers
from articles.importing.readers.seed.structure import (
    ListBlock,
    Paragraph,
    PhotoBlock,
    Quote,
    SeedArticle,
    SeedAttribution,
    Table,
)

_LONGEST = 20_000


def attribute(article: SeedArticle) -> None:
    """Add the attributions that stand in the text, in its order, before the source lines."""
    found: list[SeedAttribution] = []
    texts = list(_texts(article))
    speakers = Speakers([text for _, text in texts]) if article.language in ("en", "und") else None
    dateline = article.dateline
    if dateline and dateline.agency:
        found.append(
            SeedAttribution(
                "agency_in_text", dateline.agency, dateline.text, "dateline", 0, len(dateline.text)
            )
        )
    for where, text in texts:
        here = [*agencies_in(text, article.language), *anonymous_in(text, article.language)]
        if speakers:
            here += speakers.in_text(text, [(one.start, one.end) for one in here])
        here.sort(key=lambda one: (one.start, one.end))
        for one in here:
            one.where = where
            found.append(one)
    article.attributions[:0] = found


def _texts(article: SeedArticle) -> Iterator[tuple[str, str]]:
    if article.standfirst:
        yield "standfirst", article.standfirst
    for number, block in enumerate(article.body):
        if isinstance(block, (PhotoBlock, ListBlock, Table)):
            continue
        if isinstance(block, (Paragraph, Quote)) and len(block.text) <= _LONGEST:
            yield f"body[{number}]", block.text
