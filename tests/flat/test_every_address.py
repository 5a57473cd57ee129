"""Every address of the site and every form of the desk costs the same in an archive of any size.

Each is asked in a newsroom of 1,000 articles and again when it has grown to 20,000, with all its
people, photos, layouts and logs. An address of a new kind has to be put into ``addresses``, or a
test fails.

What a list looks through at most is made small here (``BOUNDS``), so that both newsrooms hold more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from articles.admin import base
from articles.public import unchanged
from articles.related import ranking
from tests import desk
from tests.factories import publisher
from tests.flat import addresses, growing, sending
from tests.flat.walking import Asked, ask

pytestmark = pytest.mark.long

FEW, MANY = 1_000, 20_000
# Of whatever is looked through up to a bound, the small newsroom has more than this.
SMALL_BOUND = 30
BOUNDS = {
    "articles.admin.base": ("SEARCHED", "FOUND"),
    "articles.admin.desk": ("COUNTED", "IMPORTS"),
    "articles.admin.filters": ("SEARCHED", "BYLINES", "WITHDRAWN"),
    "articles.admin.finding": ("SEARCHED", "DRAFTS", "PUBLISHED", "FOUND"),
    "articles.admin.picking": ("SEARCHED",),
    "articles.admin.waiting": ("BYLINES",),
    "articles.public.finding": ("CANDIDATES", "COUNTED"),
    "articles.public.months": ("_LATELY",),
    "articles.public.sitemaps": ("_LATELY",),
    "articles.public.standards": ("STORIES", "_MOST", "_CORRECTED"),
    "articles.search.postgresql": ("_FIRST", "_RARE", "_LOOKED_THROUGH"),
    "articles.search.sqlite": ("LOOKED_THROUGH",),
}


@dataclass
class Walk:
    """What was asked by address, or by what was sent, in each of the newsrooms."""

    few: dict[str, Asked] = field(default_factory=dict)
    many: dict[str, Asked] = field(default_factory=dict)


@pytest.fixture(scope="module")
def walk(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Walk:
    """Walk through both newsrooms; nothing of them is left."""
    folder = tmp_path_factory.mktemp("flat")
    settings = override_settings(
        DATA_DIR=folder,
        MEDIA_ROOT=str(folder),
        SECURITY_CONTACT=["mailto:security@news.example"],
        TRUST_TXT=["member=https://press.example/"],
    )
    with (
        pytest.MonkeyPatch.context() as patch,
        settings,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        for module, names in BOUNDS.items():
            for name in names:
                patch.setattr(import_module(module), name, SMALL_BOUND)
        # Most of a story's words stand in few others.
        patch.setattr(ranking, "NEWEST", FEW // 100)
        patch.setattr(ranking, "BEFORE", FEW // 100)
        patch.setattr(base, "COUNTED_TO", 2 * base.DeskAdmin.list_per_page)
        found = Walk()
        for size, asked in ((FEW, found.few), (MANY, found.many)):
            growing.grow(size)
            asked.update(_asked())
        for one in found.many.values():
            for query in one.queries:
                query.explain()
        transaction.set_rollback(True)
    return found


def _asked() -> dict[str, Asked]:
    ContentType.objects.clear_cache()
    unchanged.clear()
    reader, editor = Client(), desk.client_of(publisher())
    asked = [ask(reader, address) for address in addresses.public()]
    asked += [ask(editor, address) for address in addresses.of_the_desk(editor)]
    return {one.address: one for one in [*asked, *sending.acts(editor)]}


@pytest.mark.django_db
def test_every_pattern_has_an_address(walk: Walk) -> None:
    assert addresses.patterns() - {one.route for one in walk.many.values()} == set()


@pytest.mark.django_db
def test_only_what_is_named_shows_no_page(walk: Walk) -> None:
    shown = {one.route for one in walk.many.values() if one.status in (200, 301, 302)}
    named = {route for routes in addresses.NO_PAGE.values() for route in routes}
    assert addresses.patterns() - shown == named


@pytest.mark.django_db
def test_both_newsrooms_have_the_same_addresses(walk: Walk) -> None:
    assert {a: one.status for a, one in walk.few.items()} == {
        a: one.status for a, one in walk.many.items()
    }


@pytest.mark.django_db
def test_each_address_asks_as_many_queries_in_both(walk: Walk) -> None:
    counts = {a: (len(walk.few[a].queries), len(one.queries)) for a, one in walk.many.items()}
    assert {address: pair for address, pair in counts.items() if pair[0] != pair[1]} == {}


@pytest.mark.django_db
def test_no_query_reads_a_whole_growing_table(walk: Walk) -> None:
    found = [
        (address, table, query.sql)
        for address, one in walk.many.items()
        for query in one.queries
        for table in query.read_whole()
        if address not in addresses.GROWING
    ]
    assert found == []


@pytest.mark.django_db
def test_no_query_costs_more_in_the_large_newsroom(walk: Walk) -> None:
    found = [
        (address, few.steps, many.steps, many.sql, many.plan)
        for address, one in walk.many.items()
        for few, many in one.grown(walk.few[address])
        if address not in addresses.GROWING
    ]
    assert found == []


@pytest.mark.django_db
def test_what_is_said_to_grow_does(walk: Walk) -> None:
    assert [a for a in addresses.GROWING if not walk.many[a].grown(walk.few[a])] == []
