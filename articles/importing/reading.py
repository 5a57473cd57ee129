"""Reading a document and proving that no word of it got lost, before anything is stored."""

from __future__ import annotations

from typing import Any

from articles.choices import Outcome
from articles.exceptions import ImportProblem
from articles.importing import wordcheck
from articles.importing.readers import seed
from articles.importing.readers.seed.decoding import decode


def read_seed(data: bytes, name: str, *, language: str | None = None) -> dict[str, Any]:
    """Return the record of a seed. Raises ImportProblem (``word_check``) when words are lost."""
    article = seed.read(data, name, language=language)
    record = article.to_json()
    if record["outcome"] == Outcome.REJECTED:
        return record
    found = wordcheck.check(data, article)
    if not found.clean:
        raise ImportProblem("word_check", f"Words would be lost or invented: {found}")
    record["source_text"] = [line.raw for line in decode(data).lines]
    return record
