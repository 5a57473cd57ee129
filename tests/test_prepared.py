"""Queries that are written once a process find what their querysets find."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Publication, Topic
from articles.prepared import Prepared
from tests.factories import make_article, make_publication

pytestmark = pytest.mark.django_db


def test_prepared_query_returns_what_its_queryset_does() -> None:
    made = [make_publication(make_article()) for _ in range(3)]
    rows = Publication.objects.select_related("section").order_by("pk")
    query = Prepared(lambda at, keys: rows.filter(live_from__lte=at, pk__in=keys))
    for wanted in ([], made[:1], made):
        keys = [row.pk for row in wanted]
        found = query(timezone.now(), keys)
        assert [(row.pk, row.live_from, row.credits, row.section) for row in found] == [
            (row.pk, row.live_from, row.credits, row.section) for row in rows.filter(pk__in=keys)
        ]


def test_prepared_query_refuses_a_value_it_would_not_use() -> None:
    query = Prepared(lambda key, other: Publication.objects.filter(pk=key))
    with pytest.raises(ValueError, match="does not use"):
        query(1, 2)


@pytest.mark.parametrize("name", ["pk", "path", "article__uuid"])
def test_prepared_query_takes_lists_of_any_kind(name: str) -> None:
    made = [make_publication(make_article()) for _ in range(5)]
    known = list(Publication.objects.order_by("pk").values_list(name, flat=True))
    rows = Publication.objects.order_by("pk").values_list("pk", flat=True)
    query = Prepared(lambda keys, kind: rows.filter(**{f"{name}__in": keys}).exclude(kind=kind))
    for count in (1, 2, 3, 5):
        with CaptureQueriesContext(connection) as asked:
            assert query(known[:count], "kill") == [(row.pk,) for row in made[:count]]
        as_array = "= ANY (" in asked[0]["sql"]
        assert as_array == (connection.vendor == "postgresql")


def test_lists_of_texts_mean_what_they_say() -> None:
    kept = Topic.objects.create(name='a{"b",\\c} %s', slug="kept")
    rows = Topic.objects.values_list("pk", flat=True)
    query = Prepared(lambda texts: rows.filter(name__in=texts))
    assert query(['a{"b",\\c} %s', "'"]) == [(kept.pk,)]
    assert query(["a", "b", "c} %s"]) == []


def kept_statements() -> list[tuple[str, int]]:
    """Return what PostgreSQL keeps for this connection, and how often it was asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        return cursor.fetchall()


@pytest.fixture
def forgetful() -> Iterator[None]:
    """Begin without any kept statement; whether any may be kept is afterwards as before."""
    connection.ensure_connection()
    raw = connection.connection
    threshold = raw.prepare_threshold
    raw._prepared.clear()
    yield
    raw.prepare_threshold = threshold


@pytest.mark.postgres
def test_postgresql_keeps_a_query_for_all_its_values(forgetful: None) -> None:
    before = len(kept_statements())
    rows = Publication.objects.values_list("pk", flat=True)
    query = Prepared(lambda key, path: rows.filter(pk=key, path=path))
    made = make_publication(make_article())
    # Numbers of any size are sent as one type.
    for key in (made.pk, 70_000, 1 << 40):
        query(key, made.path)
    assert query(made.pk, made.path) == [(made.pk,)]
    ((statement, often),) = kept_statements()[before:]
    assert made.path not in statement
    assert often == 4


@pytest.mark.postgres
def test_postgresql_keeps_nothing_where_it_must_not(forgetful: None) -> None:
    before = kept_statements()
    connection.connection.prepare_threshold = None
    made = make_publication(make_article())
    query = Prepared(lambda key: Publication.objects.filter(pk=key))
    assert [row.pk for row in query(made.pk)] == [made.pk]
    assert kept_statements() == before
