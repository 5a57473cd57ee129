"""Finding working copies by words, in the same time in any archive.

Words and parts of words are looked for in the articles and the drafts that were changed last. What
is older is found by what has an index: the words of all that readers see of it, the whole headline
it was published under, its address, a whole byline, its uuid.
"""

from __future__ import annotations

import uuid
from functools import reduce
from operator import and_
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q

from articles.choices import DeskState
from articles.models import Article, Byline, Contributor, Publication, PublicPath
from articles.search.backends import backend
from articles.search.interface import Scope
from articles.search.query import parse

# So many articles, and so many drafts, are looked through for words; of what readers see with the
# words in it so many are found, and so many found are shown.
SEARCHED, DRAFTS = 1_000, 500
PUBLISHED = 300
FOUND = 1_000
NAMESAKES = 20


def find(rows: Any, text: str) -> list[int]:
    """Return the ids of those among ``rows`` that a text finds, the newest first."""
    text = text.strip()
    newest = rows.order_by("-updated_at", "-id").values("pk")
    with_words = Article.objects.filter(reduce(and_, map(_has, text.split())))
    ways = [
        with_words.filter(pk__in=newest[:SEARCHED]),
        with_words.filter(pk__in=newest.filter(state=DeskState.DRAFT)[:DRAFTS]),
        rows.filter(pk__in=_bylines(text)),
        rows.filter(pk__in=_headlines(text)),
        rows.filter(pk__in=_addresses(text)),
        rows.filter(pk__in=_published(text)),
    ]
    if (number := _uuid(text)) is not None:
        ways.append(rows.filter(uuid=number))
    first, *others = (way.order_by().values_list("pk", flat=True) for way in ways)
    return list(first.union(*others).order_by("-pk")[:FOUND])


def _has(word: str) -> Q:
    named = Byline.objects.filter(article=OuterRef("pk"), name__icontains=word)
    return (
        Q(headline__icontains=word)
        | Q(slugline__icontains=word)
        | Q(standfirst__icontains=word)
        | Q(Exists(named))
    )


def _bylines(name: str) -> Any:
    # Asked for by themselves: how many bylines somebody has tells the planner what to do.
    named = list(Contributor.objects.filter(name=name).values_list("pk", flat=True)[:NAMESAKES])
    rows = Byline.objects.filter(contributor__in=named).order_by("-id")
    return rows.values("article")[:FOUND]


def _headlines(headline: str) -> Any:
    return Publication.objects.filter(headline=headline).order_by().values("article")[:FOUND]


def _addresses(address: str) -> Any:
    try:
        path = f"{urlsplit(address).path.strip('/')}/"
    except ValueError:
        path = ""  # a bracket that opens no IPv6 address
    return PublicPath.objects.filter(path=path).order_by().values("article")[:1]


def _published(text: str) -> list[int]:
    query = parse(text)
    found = backend().find(query, Scope(), limit=PUBLISHED).rows if query.terms else []
    # By themselves: SQLite would read all publications rather than look these up inside the union.
    rows = Publication.objects.filter(pk__in=[0, *(match.publication for match in found)])
    return list(rows.order_by().values_list("article", flat=True))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.rsplit(":", 1)[-1])
    except ValueError:
        return None
