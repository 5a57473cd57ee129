"""Queries that are written once a process find what their querysets find."""

import pytest
from django.utils import timezone

from articles.models import Publication
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
