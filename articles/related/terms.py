"""The terms kept of publications: written with them, dropped when they have ended or are killed.

Of an article the terms of what is live and of what is to come are kept, so that there is nothing
to do when a scheduled story's moment comes; whether readers may see it is asked when they ask.
Whoever writes locks the row that counts all stories, and so waits for whoever wrote before.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles import generations
from articles.models import Article, Publication, StoryTerm, Term, TextPrint
from articles.related import words
from articles.related.prints import text_print
from articles.related.words import ALWAYS, Text

KEPT = 32
# A weight is stored in tenths, up to this.
_HEAVIEST = 300
# Of so many words of a text it is asked how rare they are.
_ASKED = 160
_BATCH = 200
_AT_ONCE = 5_000
_TAGS_THAT_END_A_LINE = ("</p>", "</li>", "</td>", "</th>", "</h2>", "</h3>", "</h4>", "<br>")
_TAG = re.compile(r"<[^>]*>")
_EPOCH = dt.date(1970, 1, 1)

Rows = QuerySet[Publication] | Iterable[Publication]


@transaction.atomic(savepoint=False)
def add(publications: Sequence[Publication], before: Iterable[Publication] | None = None) -> None:
    """Keep the terms of publications, each anew; drop those of their articles that have ended.

    ``before`` are the other publications of their articles, for who has them; those given first
    are new then.
    """
    if not publications:
        return
    now = timezone.now()
    read = [_read(row) for row in publications if row.is_listed and not _has_ended(row, now)]
    if before is None:
        gone = _ended_of(publications, now)
    else:
        ended = [row.pk for row in before if not row.is_listed or _has_ended(row, now)]
        gone = TextPrint.objects.filter(pk__in=ended)
    _lock()
    _replace(gone, read)


@transaction.atomic(savepoint=False)
def remove(article: Article) -> None:
    """Forget every term of an article, and each that no other story has, whatever is counted."""
    _lock()
    gone = TextPrint.objects.filter(publication__article=article)
    used = list(
        StoryTerm.objects.filter(publication__article=article).values_list("term", flat=True)
    )
    _replace(gone, [])
    _drop(used)


def rebuild(publications: Rows | None = None) -> int:
    """Make all terms anew from publications (all that last when left out); return how many.

    How rare a word is stays known from before, so that the second time chooses a little better.
    """
    if publications is None:
        publications = _lasting().order_by("pk").iterator(chunk_size=_BATCH)
    with transaction.atomic():
        _lock()
        StoryTerm.objects.all().delete()
        TextPrint.objects.all().delete()
    written = 0
    rows = iter(publications)
    while batch := list(islice(rows, _BATCH)):
        read = [_read(row) for row in batch]
        with transaction.atomic():
            _lock()
            _write(read, _known({key for story in read for key in story.asked}))
            _print(read)
        written += len(batch)
    recount()
    return written


def recount() -> None:
    """Count for each term the stories it stands for, and drop those that stand for none."""
    with transaction.atomic():
        _lock()
        Term.objects.exclude(text="").exclude(Exists(_uses())).delete()
        counted = _uses().order_by().values("term").annotate(n=Count("publication")).values("n")
        Term.objects.exclude(text="").update(documents=Subquery(counted))
        Term.objects.filter(text="").update(documents=TextPrint.objects.count())


def text_of(publication: Publication) -> Text:
    """Return what of a publication, saved or not, is compared; asks nothing but its section."""
    rows = publication.credits
    return Text(
        headline=publication.headline,
        standfirst=f"{publication.standfirst}\n{publication.kicker}",
        body=plain(publication.body),
        dateline=publication.dateline,
        language=publication.language,
        section=publication.section.path,
        topics=_named(rows.get("topics", ())),
        sources=_named(rows.get("sources", ())),
        authors=_named(rows.get("bylines", ())),
    )


def plain(markup: str) -> str:
    """Return the words of a body's markup, a line for each paragraph."""
    for tag in _TAGS_THAT_END_A_LINE:
        markup = markup.replace(tag, "\n")
    return html.unescape(_TAG.sub("", markup))


def day_of(moment: dt.datetime) -> int:
    """Return a moment's day, in UTC, as days since 1970."""
    return (moment.astimezone(dt.UTC).date() - _EPOCH).days


@lru_cache(maxsize=4096)
def rarity(documents: int, total: int) -> float:
    """Return how much a term sets stories apart that stands for ``documents`` of them."""
    return math.log(1 + (total + 1) / (documents + 1))


def choose(weights: dict[str, float], documents: dict[str, int], total: int) -> dict[str, int]:
    """Return the terms that stand for a text, with their weights in tenths.

    Topics, sources and section always do; of the rest those that say most and are rare.
    """
    rarest = rarity(0, total)
    rare = {key: rarity(number, total) for key, number in documents.items()}
    kept = [key for key in weights if key[0] in ALWAYS]
    worth = {key: weight * rare.get(key, rarest) for key, weight in weights.items()}
    for key in kept:
        del worth[key]
    kept += _greatest(worth, max(KEPT - len(kept), 0))
    return {key: max(min(round(weights[key] * 10), _HEAVIEST), 1) for key in kept}


def heaviest(weights: dict[str, float], most: int = _ASKED) -> list[str]:
    """Return the terms of which it is worth asking how rare they are: those that always stand for
    their text before any others."""
    if len(weights) <= most:
        return list(weights)
    always = {key: weight for key, weight in weights.items() if key[0] in ALWAYS}
    others = {key: weight for key, weight in weights.items() if key[0] not in ALWAYS}
    first = _greatest(always, most)
    return first + _greatest(others, most - len(first))


def _greatest(values: dict[str, float], most: int) -> list[str]:
    """Return so many keys with the greatest values, of equal ones the first of the alphabet."""
    if len(values) <= most:
        return list(values)
    least = sorted(values.values(), reverse=True)[most - 1] if most else math.inf
    greater = [key for key, value in values.items() if value > least]
    equal = sorted(key for key, value in values.items() if value == least)
    return greater + equal[: most - len(greater)]


def counts(keys: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return number and count of stories of the terms that are known, and of all under ""."""
    wanted = ["", *keys]
    rows = Term.objects.values_list("text", "pk", "documents")
    parts = (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
    return {
        text: (pk, documents)
        for part in parts
        for text, pk, documents in rows.filter(text__in=part)
    }


def _named(rows: Iterable[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((row["slug"], row["name"]) for row in rows if row.get("slug"))


def _lasting() -> QuerySet[Publication]:
    rows = Publication.objects.filter(is_listed=True).select_related("section")
    return rows.filter(Q(live_until=None) | Q(live_until__gt=timezone.now()))


def _uses() -> QuerySet[StoryTerm]:
    return StoryTerm.objects.filter(term=OuterRef("pk"))


def _has_ended(row: Publication, now: dt.datetime) -> bool:
    return row.live_until is not None and row.live_until <= now


def _ended_of(publications: Sequence[Publication], now: dt.datetime) -> QuerySet[TextPrint]:
    """Return the prints of these publications and of all of their articles that have ended."""
    articles = {row.article_id for row in publications}
    others = Publication.objects.filter(article__in=articles).exclude(
        pk__in=[row.pk for row in publications]
    )
    lasting = others.exclude(Q(live_until__lte=now) | Q(is_listed=False))
    return TextPrint.objects.filter(publication__article__in=articles).exclude(
        publication__in=lasting
    )


def _lock() -> None:
    """Wait for whoever writes terms, and give the tables that are about to change a new version.

    SQLite has one writer at a time as it is.
    """
    if connection.features.has_select_for_update:
        rows = Term.objects.select_for_update().filter(text="")
        if rows.first() is None:
            Term.objects.get_or_create(text="")
            rows.get()
    generations.tick(generations.TERMS)


def _replace(gone: QuerySet[TextPrint], read: list[_Story]) -> None:
    """Drop the terms of publications and those no story has any more; write those of others.

    What goes with one and comes with another is counted as before.
    """
    uses = gone.values_list("pk", "publication__terms__term__text", "publication__terms__term")
    rows = list(uses)
    old = list(dict.fromkeys(row[0] for row in rows))
    if not old and not read:
        return
    lost = Counter(pk for _, _, pk in rows if pk is not None)
    known = _known(
        {key for story in read for key in story.asked} | {text for _, text, _ in rows if text}
    )
    left = {text: (pk, documents - lost[pk]) for text, (pk, documents) in known.items()}
    if old:
        StoryTerm.objects.filter(publication__in=old).delete()
    changes = _write(read, left)
    _print(read, old)
    changes.subtract(lost)
    changes[known[""][0]] += len(read) - len(old)
    _count({pk: number for pk, number in changes.items() if number})
    _drop([pk for pk, documents in known.values() if pk in lost and documents + changes[pk] < 1])


def _drop(terms: list[int]) -> None:
    """Drop those of some terms that no story has."""
    if not terms:
        return
    places = ", ".join(["%s"] * len(terms))
    uses = "SELECT 1 FROM articles_storyterm u WHERE u.term_id = articles_term.id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM articles_term WHERE id IN ({places}) AND NOT EXISTS ({uses})",  # noqa: S608
            terms,
        )


@dataclass(frozen=True, slots=True)
class _Story:
    """What reading a publication gives, before anybody has to wait for it."""

    publication: int
    day: int
    weights: dict[str, float]
    asked: list[str]
    text_print: int


def _read(row: Publication) -> _Story:
    text = text_of(row)
    weights = words.weights(text)
    asked = heaviest(weights)
    # Nobody is asked about what is lighter: such terms are equally rare, and the first are chosen.
    named = len(text.topics) + len(text.sources) + len(text.authors)
    possible = heaviest(weights, _ASKED + KEPT + named)
    day = day_of(row.published_at)
    return _Story(
        row.pk, day, {key: weights[key] for key in possible}, asked, text_print(text.body)
    )


def _known(keys: set[str]) -> dict[str, tuple[int, int]]:
    """Return what is known of terms, and the count of all stories, made if there is none."""
    known = counts(keys)
    if "" not in known:
        known[""] = (Term.objects.create(text="").pk, 0)
    return known


def _write(read: list[_Story], known: dict[str, tuple[int, int]]) -> Counter[int]:
    """Write the terms of stories; return how many more stories each stands for by that.

    ``known`` are number and count of the terms asked about, the number of all stories under "".
    """
    total = known[""][1]
    chosen = [
        choose(story.weights, {key: known[key][1] for key in story.asked if key in known}, total)
        for story in read
    ]
    ids = {key: pk for key, (pk, _count) in known.items()}
    asked = {key for story in read for key in story.asked}
    ids |= _make({key for terms in chosen for key in terms} - ids.keys(), asked)
    _insert(
        StoryTerm,
        [
            (story.publication, ids[key], story.day, weight)
            for story, terms in zip(read, chosen, strict=True)
            for key, weight in terms.items()
        ],
    )
    return Counter(ids[key] for terms in chosen for key in terms)


def _print(read: list[_Story], old: Sequence[int] = ()) -> None:
    """Write the prints of stories, one in the place of an old one; drop the other old ones."""
    new = list(read)
    if len(new) == len(old) == 1:
        row = TextPrint.objects.filter(pk=old[0])
        row.update(publication=new[0].publication, value=new[0].text_print)
        return
    if old:
        TextPrint.objects.filter(pk__in=old).delete()
    _insert(TextPrint, [(story.publication, story.text_print) for story in new])


def _insert(model: type[StoryTerm] | type[TextPrint], rows: Sequence[tuple[int, ...]]) -> None:
    """Write rows of numbers, in the order of the table's columns, without making objects."""
    if not rows:
        return
    columns = ", ".join(str(field.column) for field in model._meta.local_concrete_fields)
    values = ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(["%s::bigint[]"] * len(rows[0]))
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({columns}) SELECT * FROM unnest({arrays})",  # noqa: S608
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            cursor.executemany(
                f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({values})",  # noqa: S608
                rows,
            )


def _make(keys: set[str], asked: set[str]) -> dict[str, int]:
    """Make terms, and return their numbers with those of terms nobody had asked about."""
    others = keys - asked
    there = {key: pk for key, (pk, _count) in counts(others).items()} if others else {}
    new = [Term(text=key) for key in sorted(keys - there.keys())]
    made = Term.objects.bulk_create(new) if new else []
    return there | {term.text: term.pk for term in made}


def _count(changes: dict[int, int]) -> None:
    """Add to the counts of terms, or take from them."""
    if not changes:
        return
    table = Term._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} SET documents = documents + more.number"  # noqa: S608
                f" FROM unnest(%s::bigint[], %s::bigint[]) AS more (term, number)"
                f" WHERE {table}.id = more.term",
                [list(changes), list(changes.values())],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET documents = documents + %s WHERE id = %s",  # noqa: S608
                [(number, term) for term, number in changes.items()],
            )
