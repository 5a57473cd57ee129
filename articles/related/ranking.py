"""Which stories have most in common with one: the same few steps along indexes in any archive.

For each of a story's weightiest terms the newest stories that have it are read, up to the moment
asked for, and once more those just before the story itself; what they share is added up in the
database. That a story may be shown is asked afterwards, of ``listed(at)``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from articles import generations, replicas
from articles.memos import Memo
from articles.models import PageTag, Publication, StoryTerm, Term, TextPrint
from articles.prepared import Prepared
from articles.related import terms, words
from articles.related.prints import text_print
from articles.related.words import AUTHOR, NAME, SECTION, SOURCE, TOPIC, WORD, Text

# Of so many terms of a story the newest stories are read, and so many stories of each.
ASKED = {WORD: 9, NAME: 7, TOPIC: 3, SOURCE: 1, AUTHOR: 1, SECTION: 2}
NEWEST = 200
BEFORE = 40
# Of so many stories, those that share most, it is asked whether they may be shown.
CANDIDATES = 24
# A story is proposed from this share of what it could share.
LEAST = 0.15
# A name is a rare one that no more than one in so many stories has, or no more than ``_FEW``.
_RARE, _FEW = 50, 8
# The weight, in tenths, at which a term counts half of what it could.
HALF = 15.0

_NEWEST = (
    "SELECT * FROM (SELECT publication_id, day, weight FROM articles_storyterm"
    " WHERE term_id = %s AND day <= %s ORDER BY day DESC, publication_id DESC LIMIT %s) AS newest"
)
# Only what is read of one term twice can stand there twice, so that little is compared.
_TERM = (
    "SELECT publication_id, day, CAST(%s AS double precision) * weight / (weight + %s) AS share,"
    " %s AS kinds FROM ({newest}) AS of_term"
)
# The numbers of terms of each kind are added up in one sum, as digits of it: all that stands in a
# row is copied to be sorted.
_RARE_NAMES, _NAMES, _WORDS, _TOPICS = 1, 10**2, 10**4, 10**6
_QUERY = """
WITH found AS ({terms}),
summed AS (
    SELECT publication_id, day, SUM(share) AS share, SUM(kinds) AS kinds
    FROM found
    GROUP BY publication_id, day
),
scored AS (
    SELECT summed.*, share * (0.75 + 0.25 / (1 + ABS(%s - day) / 120.0)) AS score FROM summed
    WHERE publication_id <> %s
),
best AS (
    SELECT * FROM scored
    ORDER BY CASE WHEN score >= %s THEN score ELSE 0 END DESC,
        CASE WHEN kinds >= %s THEN 1 ELSE 0 END DESC, day DESC, publication_id DESC
    LIMIT %s
)
SELECT terms.version, best.publication_id, shown.article_id, shown.live_from, best.score,
    best.share, best.kinds
FROM (SELECT MAX(version) AS version FROM articles_pagetag WHERE tag = %s) AS terms
LEFT JOIN best ON 1 = 1
LEFT JOIN articles_publication shown ON shown.id = best.publication_id
"""
# What the database answered, by the publication it was asked of and the version it answered from;
# in bytes.
_ANSWERS: Memo[str] = Memo(768 * 1024)


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """A term of the story that others are compared with; ``documents`` stories have it."""

    pk: int
    key: str
    weight: int
    documents: int

    @property
    def kind(self) -> str:
        return self.key[:1]


@dataclass(frozen=True, slots=True)
class Subject:
    """The story that others are compared with; ``publication`` is 0 while it has none.

    ``version`` is that of the tables its terms were read from, None if they were not.
    """

    terms: tuple[OwnTerm, ...] = ()
    total: int = 0
    text_print: int = 0
    day: int = 0
    publication: int = 0
    version: int | None = None

    def rarity(self, term: OwnTerm) -> float:
        return terms.rarity(term.documents, self.total)

    def is_rare(self, term: OwnTerm) -> bool:
        return term.kind == NAME and term.documents <= max(_FEW, self.total // _RARE)

    def asked(self) -> list[OwnTerm]:
        """Return the terms others are looked for by, the weightiest of each kind; none that no
        other story has."""
        least = 2 if self.publication else 1
        return self._weightiest(term for term in self.terms if term.documents >= least)

    def whole(self) -> float:
        """Return what the weightiest terms are worth, shared or not."""
        return sum(self.worth(term, term.weight) for term in self._weightiest(self.terms))

    def worth(self, term: OwnTerm, weight: int) -> float:
        """Return what it is worth that another story has a term with that weight."""
        if term.kind == SECTION:
            return 0.0
        return term.weight * self.rarity(term) * weight / (weight + HALF)

    def _weightiest(self, own: Iterable[OwnTerm]) -> list[OwnTerm]:
        left = dict(ASKED)
        out = []
        for term in sorted(own, key=lambda term: (-term.weight * self.rarity(term), term.key)):
            if left.get(term.kind):
                left[term.kind] -= 1
                out.append(term)
        return out


@dataclass(frozen=True, slots=True)
class Match:
    """What another story has in common with the subject: ``share`` of what it could share,
    ``score`` with its age; how many ``words`` and ``names``, ``rare`` ones of these, a topic if
    ``topical``."""

    article: int
    publication: int
    score: float
    share: float
    rare: int
    topical: bool
    names: int
    words: int

    @property
    def is_close(self) -> bool:
        """Return whether it shares enough to be proposed for it, and more than chance words."""
        said = self.names + self.words
        return self.score >= LEAST and (self.topical or said > 3 or (self.names > 0 and said > 1))


def version() -> int:
    """Return the version of the tables of terms, 0 if they never got one; one query.

    While it is the same and the day, too, so are the terms of a publication and what others have
    in common with it.
    """
    found = _VERSION.first(generations.TERMS)
    return found[0] if found else 0


def subject_of(publication: Publication) -> Subject:
    """Return a publication as others are compared with it, from its stored terms if it has any."""
    day = terms.day_of(publication.published_at)
    found = _TERMS_OF(publication.pk) if publication.pk else []
    if not found:
        return subject_of_text(terms.text_of(publication), day)
    own = tuple(OwnTerm(*row[:4]) for row in found)
    return Subject(own, found[0][4], found[0][5] or 0, day, publication.pk, found[0][6] or 0)


def subject_of_text(text: Text, day: int, publication: int = 0) -> Subject:
    """Return a text that is no publication, or none with terms, as others are compared with it.

    ``publication`` is the one of the same story whose terms are kept: it is no other story.
    """
    weights = words.weights(text)
    known = terms.counts(terms.heaviest(weights))
    _pk, total = known.get("", (0, 0))
    documents = {key: count for key, (_pk, count) in known.items()}
    chosen = terms.choose(weights, documents, total)
    own = tuple(OwnTerm(known[k][0], k, w, known[k][1]) for k, w in chosen.items() if k in known)
    return Subject(own, total, text_print(text.body), day, publication)


def matches(subject: Subject, at: dt.datetime) -> list[Match]:
    """Return what stories have in common with the subject, the most first; one query.

    Each story stands there once, with the text that is live at that moment, or with the one known
    of it when that is another; whether it may be shown then is not asked.
    """
    asked = subject.asked()
    if not asked:
        return []
    best: dict[int, tuple[bool, Match]] = {}
    for publication, article, live_from, score, share, kinds in _rows(subject, asked, at):
        topics, rest = divmod(int(kinds), _TOPICS)
        said, rest = divmod(rest, _WORDS)
        named, rare = divmod(rest, _NAMES)
        match = Match(article, publication, score, share, rare, topics > 0, named, said)
        begun = _aware(live_from) <= at
        if article not in best or begun > best[article][0]:
            best[article] = (begun, match)
    found = [match for _begun, match in best.values()]
    return sorted(found, key=lambda match: (-match.score, -match.publication))


def shared(subject: Subject, publications: Iterable[int]) -> dict[int, list[OwnTerm]]:
    """Return which terms publications share with the subject, the weightiest first; one query."""
    by_pk = {term.pk: term for term in subject.asked()}
    rows = StoryTerm.objects.filter(publication__in=list(publications), term__in=by_pk)
    out: dict[int, list[OwnTerm]] = {}
    for publication, term in rows.values_list("publication", "term"):
        out.setdefault(publication, []).append(by_pk[term])
    for found in out.values():
        found.sort(key=lambda term: (-term.weight * subject.rarity(term), term.key))
    return out


def _rows(subject: Subject, asked: list[OwnTerm], at: dt.datetime) -> list[list[Any]]:
    """Return the rows of the query; what was asked at the same version is not asked again."""

    def ask() -> str:
        sql, params = _query(subject, asked, at)
        with replicas.connection().cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        found = [row[1:] for row in rows if row[1] is not None]
        return json.dumps([rows[0][0] or 0, found], default=str)

    rows: list[list[Any]]
    if subject.version is not None:
        name = (subject.publication, subject.version, terms.day_of(at))
        version, rows = json.loads(_ANSWERS.get(name, ask))
        # Who wrote terms just then is told of in the answer.
        if version == subject.version:
            return rows
    _version, rows = json.loads(ask())
    return rows


def _query(
    subject: Subject, asked: list[OwnTerm], at: dt.datetime
) -> tuple[str, list[int | float | str]]:
    today = terms.day_of(at)
    whole = subject.whole() or 1.0
    parts: list[str] = []
    params: list[int | float | str] = []
    for term in asked:
        worth = 0.0 if term.kind == SECTION else term.weight * subject.rarity(term) / whole
        kinds = {NAME: _NAMES, WORD: _WORDS, TOPIC: _TOPICS}.get(term.kind, 0)
        kinds += _RARE_NAMES if subject.is_rare(term) else 0
        params += [worth, HALF, kinds, term.pk, today, NEWEST]
        newest = _NEWEST
        if term.documents > NEWEST and term.kind in (NAME, TOPIC, WORD) and subject.day < today:
            params += [term.pk, subject.day, BEFORE]
            newest = f"{_NEWEST} UNION {_NEWEST}"
        parts.append(_TERM.format(newest=newest))
    sql = _QUERY.format(terms=" UNION ALL ".join(parts))
    tail = (today, subject.publication, LEAST, _TOPICS, CANDIDATES, generations.TERMS)
    return sql, [*params, *tail]


def _terms_of(publication: int) -> QuerySet[StoryTerm, Any]:
    total = Term.objects.filter(text="").values("documents")
    version = PageTag.objects.filter(tag=generations.TERMS).values("version")
    prints = TextPrint.objects.filter(publication=OuterRef("publication")).values("value")
    return StoryTerm.objects.filter(publication=publication).values_list(
        "term", "term__text", "weight", "term__documents",
        Subquery(total), Subquery(prints), Subquery(version),
    )  # fmt: skip


_TERMS_OF = Prepared(_terms_of)
_VERSION = Prepared(lambda tag: PageTag.objects.filter(tag=tag).values_list("version"))


def _aware(value: dt.datetime | str) -> dt.datetime:
    """Return a moment as SQLite or PostgreSQL gives it."""
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
