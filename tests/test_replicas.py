"""Pages of readers come from a replica, and are never older than the last publish.

Run against servers of the tests' own: a primary and a replica whose replay is paused at will.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import InternalError, OperationalError, connections, router
from psycopg.errors import SerializationFailure
from pytest_django import DjangoDbBlocker

from articles import generations, replicas
from articles.models import Publication
from articles.public.page_cache import PageCache
from articles.workflow import transitions
from newsroom.settings import services
from tests import clusters
from tests.factories import change, make_article, make_topic, make_user, publish, publisher
from tests.wsgi import Answer, ask, databases_closed

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(clusters.reason_against()), reason=clusters.reason_against()),
]

KEPT = {"max_age": 60, "pool": 0, "statement_timeout": 10}


@dataclass
class Pair:
    """A primary and its replica."""

    primary: clusters.Server
    replica: clusters.Server

    def pause(self) -> None:
        self.replica.ask("SELECT pg_wal_replay_pause()")
        while self.replica.ask("SELECT pg_get_wal_replay_pause_state()") != ("paused",):
            time.sleep(0.01)

    def level(self) -> None:
        """Let the replica replay all there is, and wait until it has."""
        self.replica.ask("SELECT pg_wal_replay_resume()")
        (position,) = self.primary.ask("SELECT pg_current_wal_lsn()")
        for _ in range(1000):
            if self.replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") == (True,):
                return
            time.sleep(0.01)
        raise AssertionError("the replica does not follow")


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with clusters.servers() as named:
        primary, replica = named("primary"), named("replica")
        primary.make()
        primary.start()
        replica.copy(primary)
        replica.start()
        yield Pair(primary, replica)


@contextmanager
def databases(primary: str, *addresses: str, **kept: Any) -> Iterator[None]:
    """Have Django use these servers, set up as the settings do it."""
    config = {"default": services.database(primary)}
    services.postgresql_connections(config["default"], **{**KEPT, **kept})
    for number, replica in enumerate(services.replicas(",".join(addresses)), 1):
        services.postgresql_replica(replica, **{**KEPT, **kept})
        config[f"replica{number}"] = replica
    before, mine = connections.settings, connections["default"]
    connections.settings = connections.configure_settings(config)
    del connections["default"]
    routers, router.routers = router.routers, [replicas.Router()]
    try:
        yield
    finally:
        for alias in config:
            connections[alias].close()
            if kept.get("pool"):
                wrapper: Any = connections[alias]
                wrapper.close_pool()
            del connections[alias]
        connections.settings, router.routers = before, routers
        connections["default"] = mine


@pytest.fixture(scope="module")
def tables(pair: Pair, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), databases(pair.primary.address):
        call_command("migrate", verbosity=0)


@pytest.fixture
def site(pair: Pair, tables: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable]:
    """Give what asks the site of one process, page cache included, of a level replica."""
    replicas._down_until.clear()
    with (
        django_db_blocker.unblock(),
        databases(pair.primary.address, pair.replica.address),
        databases_closed(),
    ):
        cached = PageCache(WSGIHandler())
        yield lambda path="/", **given: ask(cached, path, **given)
        if not pair.replica.runs:
            pair.replica.start()
        pair.level()


Ask = Callable[..., Answer]


@contextmanager
def queries() -> Iterator[dict[str, int]]:
    """Count what each database is asked."""
    found: dict[str, int] = dict.fromkeys(connections, 0)

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found[context["connection"].alias] += 1
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(noted))
        yield found


def asked_of(make: Callable[[], Any]) -> set[str]:
    """Return which databases were asked while something was made."""
    with queries() as found:
        make()
    return {alias for alias, count in found.items() if count}


def test_page_is_made_from_a_level_replica(pair: Pair, site: Ask) -> None:
    story = publish(make_article("Ferry aground at dusk"))
    pair.level()
    for path in (story.get_absolute_url(), "/", "/feed/", "/search/?q=ferry", "/api/v1/articles/",
                 "/world/", "/sitemap.xml", "/nobody/"):  # fmt: skip
        with queries() as found:
            answer = site(path)
        assert answer.status in (200, 404), path
        assert found["replica1"] > 1, path
        assert found["default"] == 0, path


def test_publish_is_seen_at_once_while_the_replica_lags(pair: Pair, site: Ask) -> None:
    story = make_article("Bridge closed")
    publish(story)
    pair.level()
    path = story.publications.get().get_absolute_url()
    assert "Bridge closed" in site(path).text
    pair.pause()
    publish(change(story, headline="Bridge open again"), kind="update")
    for page in (path, "/"):
        assert "Bridge open again" in site(page).text
        assert "Bridge closed" not in site(page).text


def test_what_the_primary_made_meanwhile_stays_true(pair: Pair, site: Ask) -> None:
    story = make_article("Tram late")
    publish(story)
    pair.pause()
    publish(change(story, headline="Tram on time"), kind="update")
    first, kept = site(), site()
    pair.level()
    assert (first.cache, kept.cache, site().cache) == ("miss", "hit", "hit")
    assert "Tram on time" in site().text


def test_retraction_is_seen_at_once_while_the_replica_lags(pair: Pair, site: Ask) -> None:
    story = make_article("Mayor resigns")
    path = publish(story).get_absolute_url()
    pair.level()
    assert site(path).status == 200
    pair.pause()
    transitions.retract(story, by=publisher(), note="It was another mayor.")
    assert "It was another mayor." in site(path).text


def test_replica_serves_again_once_it_is_level(pair: Pair, site: Ask) -> None:
    pair.pause()
    publish(make_article("Market opens"))
    assert "default" in asked_of(lambda: site("/"))
    pair.level()
    assert asked_of(lambda: site("/feed/")) == {"replica1"}


def test_page_that_is_not_kept_asks_the_primary_for_the_version_only(pair: Pair, site: Ask) -> None:
    publish(make_article("School opens"))
    pair.level()
    with queries() as found:
        assert site("/?anything=1").status == 200
    assert found["default"] == 1
    assert found["replica1"] > 1


def test_old_replica_never_answers_over_random_acts(pair: Pair, site: Ask) -> None:
    """A page is what the primary alone would answer, whatever is published, paused and resumed."""
    chance = random.Random(6)
    topics = (make_topic(),)
    stories = [make_article(f"Story {number} of many", topics=topics) for number in range(2)]
    paths = ["/", "/topic/harbours/", "/feed/"] + [
        publish(story).get_absolute_url() for story in stories
    ]
    for round_ in range(15):
        act = chance.choice(["pause", "level", "publish", "publish", "wait"])
        if act == "pause":
            pair.pause()
        elif act == "level":
            pair.level()
        elif act == "publish":
            story = chance.choice(stories)
            publish(change(story, headline=f"Headline of round {round_}"), kind="update")
        path = chance.choice(paths)
        answer = site(path)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(replicas, "_able", list)
            plain = ask(WSGIHandler(), path)
        assert (answer.status, answer.text) == (plain.status, plain.text), (round_, act, path)


def test_dead_replica_costs_no_page(pair: Pair, site: Ask) -> None:
    publish(make_article("Storm ahead"))
    pair.level()
    assert site("/").status == 200
    pair.replica.stop()
    assert (site("/feed/").status, site("/corrections/").status) == (200, 200)
    assert asked_of(lambda: site("/standards/")) == {"default"}


def test_replica_that_is_back_is_asked_again(
    pair: Pair, site: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "PAUSE", 0.0)
    pair.replica.stop()
    assert asked_of(lambda: site("/atom/")) == {"default"}
    pair.replica.start()
    pair.level()
    assert asked_of(lambda: site("/archive/")) == {"replica1"}


def test_replica_that_dies_while_a_page_is_made_costs_no_page(pair: Pair, site: Ask) -> None:
    publish(make_article("Lights out"))
    pair.level()

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "articles_section" in sql:
            pair.replica.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        return execute(sql, params, many, context)

    with connections["replica1"].execute_wrapper(die):
        answer = site("/")
    assert answer.status == 200
    assert "Lights out" in answer.text


def test_snapshot_that_the_primary_ended_costs_no_page_and_no_replica(
    pair: Pair, site: Ask
) -> None:
    def end(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "articles_section" in sql:
            raise OperationalError("conflict with recovery") from SerializationFailure()
        return execute(sql, params, many, context)

    publish(make_article("Snow falls"))
    pair.level()
    with connections["replica1"].execute_wrapper(end):
        assert "Snow falls" in site("/").text
    assert replicas._able() == ["replica1"]


@pytest.mark.parametrize("wrong", ["SELECT not_yet FROM articles_section", "SELECT FROM WHERE"])
def test_replica_without_a_new_column_costs_no_page(pair: Pair, site: Ask, wrong: str) -> None:
    def ask_another(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "articles_section" in sql:
            sql, params = wrong, None
        return execute(sql, params, many, context)

    publish(make_article(f"Road open: {wrong}", slug=f"road-{len(wrong)}"))
    pair.level()
    with connections["replica1"].execute_wrapper(ask_another):
        is_there = wrong.startswith("SELECT not_yet")
        assert site("/").status == (200 if is_there else 500)


def test_query_that_takes_too_long_is_not_asked_again(pair: Pair, site: Ask) -> None:
    def sleep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "articles_section" in sql:
            execute("SET LOCAL statement_timeout = 20", None, False, context)
            sql, params = "SELECT pg_sleep(5)", None
        return execute(sql, params, many, context)

    pair.level()
    with connections["replica1"].execute_wrapper(sleep), queries() as found:
        assert site("/?slow=1").status == 503
    assert found["default"] == 1


def test_desk_and_whoever_is_logged_in_stay_with_the_primary(pair: Pair, site: Ask) -> None:
    pair.level()
    assert asked_of(lambda: site("/admin/login/")) <= {"default"}
    cookie = f"{django_settings.SESSION_COOKIE_NAME}=abc"
    assert asked_of(lambda: ask(WSGIHandler(), "/", cookie=cookie)) == {"default"}
    assert asked_of(lambda: site("/", method="POST")) <= {"default"}
    assert "replica1" not in asked_of(lambda: site("/preview/nothing/"))
    assert "replica1" not in asked_of(lambda: site("/as-of/2999-01-01T00:00:00Z/"))


def test_rows_outside_a_page_come_from_the_primary(pair: Pair, site: Ask) -> None:
    publish(make_article("Quiet day"))
    assert asked_of(lambda: Publication.objects.count()) == {"default"}
    assert asked_of(lambda: make_user()) == {"default"}


def test_replica_is_read_in_one_snapshot_and_never_written_to(pair: Pair, site: Ask) -> None:
    pair.level()
    with replicas._level("replica1", 0), replicas.connection().cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        with pytest.raises(InternalError, match="read-only"):
            cursor.execute("DELETE FROM articles_pagetag")


def test_migrations_are_for_the_primary_alone(site: Ask) -> None:
    assert router.allow_migrate("replica1", "articles") is False
    assert router.allow_migrate("default", "articles") is True


@pytest.mark.parametrize("pool", [0, 2])
def test_of_several_replicas_those_that_answer_are_asked_in_turn(
    pair: Pair, tables: None, django_db_blocker: DjangoDbBlocker, pool: int
) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{clusters.free_port()}/postgres"
    replicas._down_until.clear()
    with (
        django_db_blocker.unblock(),
        databases(pair.primary.address, nowhere, *[pair.replica.address] * 2, pool=pool),
    ):
        publish(make_article(f"Two to ask, {pool} kept"))
        pair.level()
        asked = [asked_of(lambda: ask(WSGIHandler(), "/")) - {"default"} for _ in range(6)]
    assert {"replica2"} in asked
    assert {"replica3"} in asked
    assert {"replica1"} not in asked


def test_version_of_a_level_replica_is_that_of_the_primary(pair: Pair, site: Ask) -> None:
    publish(make_article("Counted"))
    pair.level()
    assert generations.newest("replica1") == generations.newest() > 0
