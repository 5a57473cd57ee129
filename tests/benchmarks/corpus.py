"""An archive of any size: twenty stories that were made as the newsroom makes them, and copies.

The model stories go through the real path: saved, published, some of them corrected, retracted or
never public. All others are copies of their rows, made inside the database: one statement a table,
however many. A copy has a headline, address, uuid and times of its own, its words are in the search
index and its terms in those of related stories. Its digests are those of its model until ``seal``
makes the archive one that can be verified.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import (
    Count,
    DateTimeField,
    Field,
    Max,
    Min,
    Model,
)

from articles import document
from articles.models import (
    Approval,
    Article,
    Attribution,
    Byline,
    Correction,
    Event,
    Placement,
    Publication,
    PublicPath,
    RelatedLink,
    Revision,
    SearchEntry,
    StoryTerm,
    TextPrint,
)
from articles.related import terms
from articles.search.interface import PLACES_PER_SECOND
from articles.search.words import tokens
from tests.benchmarks.stories import MODELS, make_model

NEWEST = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
STEP = dt.timedelta(minutes=10)
# A word that ten stories hold (of the first thousand each hundredth), and one that nearly all do.
RARE, COMMON = "Quillonby", "council"
FIRST, EACH, LAST = 37, 100, 1000
# Of the models' words some are everybody's; those of fewer stories are others in every thousand.
BLOCK, FEW = 1000, 4

# Stories that are copied by one statement: what a database has to hold at a time.
CHUNK = 5000

# Each table that is copied, after those it points to, with its way to the article.
_TABLES: list[tuple[type[Model], str]] = [
    (Article, ""),
    (Revision, "article"),
    (Publication, "article"),
    (Approval, "revision__article"),
    (Byline, "article"),
    (Attribution, "article"),
    (RelatedLink, "article"),
    (Placement, "article"),
    (Event, "article"),
    (Correction, "publication__article"),
    (PublicPath, "article"),
    (Article.topics.through, "article"),
    *(
        (getattr(Publication, name).through, "publication__article")
        for name in ("photos", "topics", "contributors", "sources")
    ),
    (SearchEntry, "publication__article"),
    (StoryTerm, "publication__article"),
    (TextPrint, "publication__article"),
]


def populate(size: int) -> None:
    """Let the archive grow to so many articles, the newest first, and have it analysed."""
    if not Article.objects.exists():
        for number in range(MODELS):
            make_model(number, NEWEST - number * STEP)
    start = Article.objects.count()
    if start < size:
        with _written_straight(), transaction.atomic():
            Copies(start, size).make()
        terms.recount()
    analyse()


@contextmanager
def _written_straight() -> Iterator[None]:
    """Have SQLite keep a gigabyte of its file in memory, since indexes are written to all over, and
    no journal: one of a million stories is slower to look things up in than the file itself, and
    what fails here is thrown away."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("PRAGMA journal_mode = OFF")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA cache_size = {before}")


def analyse() -> None:
    """Have the database look at how much stands in the newsroom's tables, and in no other."""
    models = apps.get_app_config("articles").get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def seal() -> None:
    """Give every revision and publication its own digest; SQLite only, which doesn't guard them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for article in Article.objects.order_by("pk").iterator():
            for revision in article.revisions.all():
                values: list[str | int] = [document.digest(revision.document), revision.pk]
                cursor.execute("UPDATE articles_revision SET digest = %s WHERE id = %s", values)
                sql = "UPDATE articles_approval SET digest = %s WHERE revision_id = %s"
                cursor.execute(sql, values)
            head = ""
            rows = article.publications.select_related("revision", "section", "lead_photo")
            for row in rows.order_by("number"):
                row.previous_digest = head
                head = row.make_digest(article, row.revision.digest)
                cursor.execute(
                    "UPDATE articles_publication SET previous_digest = %s, digest = %s"
                    " WHERE id = %s",
                    [row.previous_digest, head, row.pk],
                )
            Article.objects.filter(pk=article.pk).update(chain_head=head)


@dataclass(frozen=True, slots=True)
class Rows:
    """The models' rows of one table: where they begin, how far their copies lie apart, and the
    number that is free for the first copy."""

    first: int
    apart: int
    free: int


class Copies:
    """The statements that copy the models as the stories from number ``start`` up to ``size``.

    Stories are copied in groups of twenty: in group ``g.n``, model 3 is the story 20 * g.n + 3.
    """

    def __init__(self, start: int, size: int) -> None:
        self.start, self.size = start, size
        self.models = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:MODELS])
        assert self.models == list(range(self.models[0], self.models[0] + MODELS))
        self.rows = {model: self._rows(model, way) for model, way in _TABLES if _has_number(model)}
        self.is_sqlite = connection.vendor == "sqlite"

    def _rows(self, model: type[Model], way: str) -> Rows:
        rows = model._base_manager.filter(**{f"{way or 'pk'}__in": self.models})
        found = rows.aggregate(first=Min("pk"), last=Max("pk"))
        last = model._base_manager.aggregate(last=Max("pk"))["last"]
        first = found["first"] or 0
        return Rows(first, (found["last"] or 0) - first + 1, (last or 0) + 1)

    def make(self) -> None:
        groups = range(self.start // MODELS, (self.size - 1) // MODELS + 1)
        chunks = [groups[n : n + CHUNK // MODELS] for n in range(0, len(groups), CHUNK // MODELS)]
        with connection.cursor() as cursor:
            self._trust_what_is_copied(cursor)
            self._make_terms(cursor)
            for chunk in chunks:
                for model, way in _TABLES:
                    cursor.execute(self._insert(model, way, chunk))
            # FTS5 gathers words in memory for as long as the numbers of its rows rise.
            for chunk in reversed(chunks) if self.is_sqlite else ():
                cursor.execute(self._insert_texts(chunk))
            numbered = list(self.rows)
            for sql in connection.ops.sequence_reset_sql(no_style(), numbered):
                cursor.execute(sql)
            cursor.execute("DROP TABLE bench_terms")

    def _trust_what_is_copied(self, cursor: Any) -> None:
        """Have PostgreSQL not look up every row a copy points to, where it lets us."""
        if not self.is_sqlite:
            cursor.execute("SELECT current_setting('is_superuser')")
            if cursor.fetchone() == ("on",):
                cursor.execute("SET LOCAL session_replication_role = replica")

    def _insert(self, model: type[Model], way: str, groups: range) -> str:
        table = model._meta.db_table
        fields = model._meta.concrete_fields
        values: dict[str, str] = {
            **{str(field.column): self._copied(model, field) for field in fields},
            **self._own(model),
        }
        columns = ", ".join(f'"{column}"' for column in values)
        selected = f"SELECT t.*, {_story(model)} FROM {table} t {_joins(model, way)}"
        block = f"b.term = t.term_id AND b.block = {self._number()} / {BLOCK}"
        joined = f"LEFT JOIN bench_terms b ON {block}" if model is StoryTerm else ""
        return (
            f"{self._with(groups, selected)} INSERT INTO {table} ({columns})"
            f" SELECT {', '.join(values.values())} FROM groups g CROSS JOIN models t {joined}"
            f" WHERE {self._is_wanted()} ORDER BY g.n"
        )

    def _copied(self, model: type[Model], field: Field) -> str:
        """Return what a copy has in a column that has no value of its own."""
        column = f't."{field.column}"'
        is_number = field.primary_key and model in self.rows
        numbered: Any = model if is_number else field.related_model
        if numbered in self.rows:
            rows = self.rows[numbered]
            group = f"(g.n - {self.start // MODELS})"
            return f"{column} - {rows.first} + {rows.free} + {group} * {rows.apart}"
        return self._earlier(column) if isinstance(field, DateTimeField) else column

    def _own(self, model: type[Model]) -> dict[str, str]:
        """Return what a copy has that its model has not, by column."""
        number = self._number()
        headline = f"story_headline || ', part ' || {number} || {self._if_rare(f', {RARE}')}"
        slug = f"story_slug || '-part-' || {number}"
        own = {
            Article: {"uuid": self._uuid(number), "headline": headline, "slug": slug},
            Revision: {"document": self._document(headline, slug)},
            Publication: {"headline": headline},
            SearchEntry: {"place": self._place("t.place")},
            StoryTerm: {
                "term_id": "coalesce(b.own, t.term_id)",
                "day": f"t.day - ({_minutes()} * g.n) / 1440",
            },
        }
        values = own.get(model, {})
        if model in (Publication, PublicPath):
            day = self._day(self._earlier("dated"))
            values = {**values, "path": f"section_path || '/' || {day} || '/' || {slug} || '/'"}
        if model is SearchEntry and not self.is_sqlite:
            rare = self._if_rare(f" {_words(RARE)}:3A")
            words = f"'{_words('part')}:1A ' || {number} || ':2A' || {rare}"
            values = {**values, "vector": f"t.vector || ({words})::tsvector"}
        return values

    def _insert_texts(self, groups: range) -> str:
        """Return the statement that copies the words SQLite searches, the earliest story first."""
        part = f"' {_words('part')} ' || {self._number()} || {self._if_rare(f' {_words(RARE)}')}"
        models = (
            "SELECT t.rowid AS place, t.*, a.id AS story FROM articles_searchtext t"
            " JOIN articles_searchentry e ON e.place = t.rowid"
            " JOIN articles_publication p ON p.id = e.publication_id"
            " JOIN articles_article a ON a.id = p.article_id"
        )
        return (
            f"{self._with(groups, models)} INSERT INTO articles_searchtext"
            " (rowid, headline, summary, names, marks, body)"
            f" SELECT {self._place('t.place')}, t.headline || {part},"
            " t.summary, t.names, t.marks, t.body FROM groups g CROSS JOIN models t"
            f" WHERE {self._is_wanted()} ORDER BY g.n DESC, t.place"
        )

    def _make_terms(self, cursor: Any) -> None:
        """Make terms of each thousand stories, and a table of which of them stands for which."""
        of_models = StoryTerm.objects.filter(publication__article__in=self.models)
        counted = of_models.values("term").annotate(stories=Count("publication"))
        rare = list(counted.filter(stories__lte=FEW).values_list("term", flat=True)) or [0]
        first, last = max(self.start // BLOCK, 1), (self.size - 1) // BLOCK
        blocks = (
            f"WITH RECURSIVE blocks (n) AS (SELECT {first} WHERE {first} <= {last}"
            f" UNION ALL SELECT n + 1 FROM blocks WHERE n < {last})"
        )
        text = "substr(t.text, 1, 90) || '~' || b.n"
        wanted = f"t.id IN ({', '.join(map(str, rare))})"
        cursor.execute(
            f"{blocks} INSERT INTO articles_term (text, documents) SELECT {text}, 0"
            f" FROM blocks b CROSS JOIN articles_term t WHERE {wanted}"
            f" AND NOT EXISTS (SELECT 1 FROM articles_term o WHERE o.text = {text})"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_terms"
            " (term bigint, block bigint, own bigint, PRIMARY KEY (block, term))"
        )
        cursor.execute(
            f"{blocks} INSERT INTO bench_terms SELECT t.id, b.n, o.id FROM blocks b"
            f" CROSS JOIN articles_term t JOIN articles_term o ON o.text = {text} WHERE {wanted}"
        )

    def _with(self, groups: range, models: str) -> str:
        return (
            f"WITH RECURSIVE groups (n) AS (SELECT CAST({groups[0]} AS bigint) UNION ALL"
            f" SELECT n + 1 FROM groups WHERE n < {groups[-1]}), models AS MATERIALIZED"
            f" ({models} WHERE a.id BETWEEN {self.models[0]} AND {self.models[-1]})"
        )

    def _number(self) -> str:
        return f"(story - {self.models[0]} + {MODELS} * g.n)"

    def _is_wanted(self) -> str:
        return f"{self._number()} BETWEEN {self.start} AND {self.size - 1}"

    def _if_rare(self, text: str) -> str:
        number = self._number()
        rare = f"{number} < {LAST} AND {number} % {EACH} = {FIRST}"
        return f"CASE WHEN {rare} THEN '{text}' ELSE '' END"

    def _earlier(self, column: str) -> str:
        if self.is_sqlite:
            by = f"'-' || ({_minutes()} * g.n) || ' minutes'"
            return f"datetime({column}, {by}) || substr({column}, 20)"
        return f"({column} - make_interval(mins => ({_minutes()} * g.n)::int))"

    def _place(self, column: str) -> str:
        return f"{column} - g.n * {_minutes() * 60 * PLACES_PER_SECOND}"

    def _day(self, moment: str) -> str:
        if self.is_sqlite:
            return f"strftime('%Y/%m/%d', {moment})"
        return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY/MM/DD')"

    def _uuid(self, number: str) -> str:
        if self.is_sqlite:
            return f"'0f8e7a523c1d4b7e9a64' || printf('%012x', {number})"
        return f"('0f8e7a523c1d4b7e9a64' || lpad(to_hex({number}), 12, '0'))::uuid"

    def _document(self, headline: str, slug: str) -> str:
        if self.is_sqlite:
            return f"json_set(t.document, '$.headline', {headline}, '$.slug', {slug})"
        return f"t.document || jsonb_build_object('headline', {headline}, 'slug', {slug})"


def _story(model: type[Model]) -> str:
    """Return what of the story and its publication is needed beside a row."""
    names = "a.id AS story, a.headline AS story_headline, a.slug AS story_slug"
    if model in (Publication, PublicPath):
        names += ", p.published_at AS dated, s.path AS section_path"
    return names


def _joins(model: type[Model], way: str) -> str:
    """Return the joins from a table's row to its article, and to what its own values are of."""
    if model is Article:
        return "JOIN articles_article a ON a.id = t.id"
    if model is Publication:
        joins = "JOIN articles_publication p ON p.id = t.id"
    elif model is PublicPath:
        joins = (
            "JOIN articles_publication p ON p.id = (SELECT min(o.id) FROM articles_publication o"
            " WHERE o.article_id = t.article_id AND o.path = t.path)"
        )
    elif "__" in way:
        between = way.split("__")[0]
        joins = f"JOIN articles_{between} p ON p.id = t.{between}_id"
    else:
        return "JOIN articles_article a ON a.id = t.article_id"
    joins += " JOIN articles_article a ON a.id = p.article_id"
    if model in (Publication, PublicPath):
        joins += " JOIN articles_section s ON s.id = p.section_id"
    return joins


def _has_number(model: type[Model]) -> bool:
    """Return whether rows are numbered by themselves, not by what they belong to."""
    return model not in (SearchEntry, StoryTerm, TextPrint)


def _minutes() -> int:
    """Return by how many minutes a group of copies lies before the group before it."""
    return MODELS * STEP // dt.timedelta(minutes=1)


def _words(text: str) -> str:
    """Return a text's words as the search index holds them."""
    return " ".join(token.text for token in tokens(text, "en"))
