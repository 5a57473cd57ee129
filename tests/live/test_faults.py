"""Redis and the database stopped, frozen and started again under load: no 500, nothing wrong.

Readers get what was kept, or a 503 that says when to come back; the web processes heal by
themselves; what is asked of ``/health/`` is answered truly in each fault.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.live.asking import Asker, Editor
from tests.live.machines import wait_until
from tests.live.newsroom import Newsroom
from tests.live.story import Desk
from tests.live.test_two_processes import surfaces
from tests.live.watching import Life, Surface, Watch, surfaces_of

pytestmark = pytest.mark.live

# Longest time until a process is ready again once what it needs is back (seconds).
HEALING = 5.0
_numbers = itertools.count()


@pytest.fixture(autouse=True)
def mended(newsroom: Newsroom):
    """Have everything run again, whatever a test left."""
    yield
    if newsroom.redis.process is None:
        newsroom.redis.start()
    newsroom.redis.thaw()
    newsroom.postgres.stop("immediate")
    newsroom.postgres.start()


def told(newsroom: Newsroom, what: str = "ready") -> list[tuple[object, ...]]:
    """Return what both processes say of themselves: status, and the word for each part."""
    answers = [web.probe(what) for web in newsroom.web]
    return [
        (status, *(words.get(part, "") for part in ("status", "database", "cache")))
        for status, words in answers
    ]


def healed(newsroom: Newsroom) -> Callable[[], bool]:
    return lambda: told(newsroom) == [(200, "ok", "ok", "ok")] * 2


def unasked_page() -> str:
    """Return the address of a page nobody has asked for, so that no process has kept it."""
    return f"/search/?q=unasked{next(_numbers)}"


def lives_on(newsroom: Newsroom) -> bool:
    return [status for status, *_ in told(newsroom, "live")] == [200, 200]


def made_again(newsroom: Newsroom, path: str) -> Callable[[], bool]:
    return lambda: {status for _, status in read_all(newsroom, [path])} == {200}


def published(editors: Desk) -> Life:
    (life,) = editors.take(1)
    editors.publish(life, 1)
    return life


def read_all(newsroom: Newsroom, paths: list[str]) -> list[tuple[str, int]]:
    """Ask both processes for each path; return path and status of each answer."""
    with closing(Asker()) as asker:
        return [(path, asker.ask(web, path).status) for web in newsroom.web for path in paths]


def test_site_works_on_without_redis(newsroom: Newsroom, editors: Desk) -> None:
    lives = [published(editors), *editors.take(1)]
    first, second = lives
    watch = Watch(newsroom, [*surfaces(lives), Surface("/standards/", "other")], lives)
    with watch.reading():
        newsroom.redis.stop()
        assert told(newsroom) == [(200, "degraded", "ok", "unreachable")] * 2
        editors.correct(first, 2)
        editors.publish(second, 1)
        newsroom.redis.start()
        wait_until(healed(newsroom), "the processes use Redis again", HEALING)
        editors.correct(second, 2)
        newsroom.redis.freeze()
        editors.correct(first, 3)
        newsroom.redis.thaw()
        wait_until(healed(newsroom), "the processes use Redis again", HEALING)
        editors.retract(first, 3)
    print(dict(watch.counts()))  # noqa: T201
    assert watch.broken == []
    assert watch.faults() == []
    assert {seen.view.status for seen in watch.seen} <= {200, 404}


def test_readers_get_what_was_kept_without_the_database(newsroom: Newsroom, editors: Desk) -> None:
    lives = [published(editors), *editors.take(1)]
    first, second = lives
    kept = [surface.path for surface in surfaces_of(first)]
    watch = Watch(newsroom, surfaces(lives), lives, may_be_away=True)
    read_all(newsroom, ["/", *kept])
    with watch.reading():
        for mode in ("fast", "immediate"):
            newsroom.postgres.stop(mode)
            wait_until(lambda: told(newsroom)[0][0] == 503, "it is told", HEALING)
            assert {status for _, status in read_all(newsroom, ["/", *kept])} == {200}
            assert told(newsroom) == [(503, "unavailable", "unreachable", "ok")] * 2
            assert lives_on(newsroom)
            refused_for_now(newsroom, unasked := unasked_page())
            refused_at_the_desk(editors.writer)
            newsroom.postgres.start()
            wait_until(healed(newsroom), "the processes use the database again", HEALING)
            wait_until(made_again(newsroom, unasked), "pages are made again", HEALING)
        editors.correct(first, 2)
        editors.publish(second, 1)
    print(dict(watch.counts()))  # noqa: T201
    assert watch.broken == []
    assert watch.faults() == []


def test_readers_get_what_was_kept_while_both_are_gone(newsroom: Newsroom, editors: Desk) -> None:
    life = published(editors)
    paths = ["/", life.path]
    watch = Watch(newsroom, [Surface("/", "list"), *surfaces_of(life)], [life], may_be_away=True)
    read_all(newsroom, paths)
    with watch.reading():
        newsroom.redis.stop()
        newsroom.postgres.stop("immediate")
        wait_until(lambda: told(newsroom)[0][0] == 503, "it is told", HEALING)
        assert {status for _, status in read_all(newsroom, paths)} == {200}
        assert told(newsroom) == [(503, "unavailable", "unreachable", "unreachable")] * 2
        refused_for_now(newsroom, unasked_page())
        newsroom.postgres.start()
        newsroom.redis.start()
        wait_until(healed(newsroom), "the processes use both again", HEALING)
        editors.correct(life, 2)
    assert watch.broken == []
    assert watch.faults() == []


def test_change_is_not_forgotten_by_a_process_that_missed_it(
    newsroom: Newsroom, editors: Desk
) -> None:
    """One process published, and before anybody asked the other, the database went away."""
    life = published(editors)
    assert {status for _, status in read_all(newsroom, [life.path])} == {200}
    editors.retract(life, 1)
    newsroom.postgres.stop("immediate")
    time.sleep(1.5)  # until no process may believe the version it was told
    with closing(Asker()) as asker:
        for web in newsroom.web:
            answer = asker.ask(web, life.path)
            shown = (web.name, answer.status, answer.headers.get("cache-status"))
            assert answer.status == 503 or "story retraction" in answer.text, shown


def test_database_that_hangs_makes_no_reader_hang(newsroom: Newsroom, editors: Desk) -> None:
    """It takes connections and answers nothing; as bad as a network that swallows everything."""
    life = published(editors)
    watch = Watch(newsroom, [Surface("/", "list"), *surfaces_of(life)], [life], may_be_away=True)
    paths = ["/", life.path]
    read_all(newsroom, paths)
    with watch.reading():
        newsroom.postgres.freeze()
        try:
            assert {status for _, status in read_all(newsroom, paths)} == {200}
            refused_for_now(newsroom, unasked_page())
            assert [status for status, *_ in told(newsroom)] == [503, 503]
            assert lives_on(newsroom)
        finally:
            newsroom.postgres.thaw()
        wait_until(healed(newsroom), "the processes use the database again", HEALING)
        editors.correct(life, 2)
    assert watch.broken == []
    assert watch.faults() == []


def refused_for_now(newsroom: Newsroom, path: str) -> None:
    """Assert that readers are told when to come back, by a page with nothing from the database."""
    with closing(Asker()) as asker:
        for web in newsroom.web:
            answer = asker.ask(web, path)
            assert answer.status == 503, web.name
            assert 0 < int(answer.headers["retry-after"]) <= 30
            assert answer.headers["cache-control"] == "no-store"
            assert "<h1>" in answer.text


def refused_at_the_desk(editor: Editor) -> None:
    answer = editor._ask("/admin/")
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
