"""Whole pages are kept, and what is kept is never wrong."""

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pytest_django import Settings

from articles import generations, touching
from articles.exceptions import WorkflowError
from articles.public.page_cache import PageCache, application, entries, keys, wrap
from articles.public.page_cache.stores import Memory
from articles.public.page_cache.versions import Database, UnreachableError
from articles.workflow import transitions
from articles.workflow.photos import kill_photo
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)
from tests.wsgi import Answer, Numbers, ask, databases_closed

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    with databases_closed():
        yield


def site() -> PageCache:
    """Return the site of one process, with a page cache of its own."""
    return PageCache(WSGIHandler())


def answering(view: Callable[[HttpRequest], HttpResponse]) -> tuple[Any, list[str]]:
    """Return a site of one view, and the list of what it is asked for; it asks no database."""
    asked: list[str] = []

    def plain(environ: dict[str, Any], start: Any) -> HttpResponse:
        asked.append(environ["PATH_INFO"])
        response = view(WSGIRequest(environ))
        start(f"{response.status_code} X", list(response.items()))
        return response

    cached: Any = PageCache(plain)
    cached.changes = cached.versions.database = Numbers()
    return cached, asked


def _headers(**values: str) -> dict[str, Any]:
    """Return headers by the names of arguments."""
    return {name.replace("_", "-").title(): value for name, value in values.items()}


def page(
    text: str = "page", tags: str = "front,site", seconds: float = 3600, **headers: Any
) -> HttpResponse:
    """Return an answer that keeps the contract."""
    response = HttpResponse(text, headers={"Cache-Control": "public, s-maxage=60", **headers})
    if tags:
        response.headers["Cache-Tag"] = tags
    response.fresh_until = timezone.now() + dt.timedelta(seconds=seconds)  # type: ignore[attr-defined]
    return response


@pytest.mark.django_db(transaction=True)
def test_second_reader_gets_the_kept_page_without_a_query(django_assert_num_queries: Any) -> None:
    make_publication(make_article("Ferry aground"))
    cached = site()
    first = ask(cached)
    with django_assert_num_queries(0):
        second = ask(cached)
    assert [first.cache, second.cache] == ["miss", "hit"]
    assert second.body == first.body
    assert b"Ferry aground" in second.body


@pytest.mark.django_db(transaction=True)
def test_kept_page_has_every_header_of_the_page_itself() -> None:
    # Within the hour before midnight a kept page says that it ends then.
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False):
        make_publication()
        cached = site()
        made = ask(WSGIHandler())
        ask(cached)
        kept = ask(cached)
    assert {**made.headers, "Cache-Status": "", "Content-Length": ""} == {
        **kept.headers,
        "Cache-Status": "",
        "Content-Length": "",
    }


@pytest.mark.parametrize(
    "broken",
    [
        lambda: page(tags=""),
        lambda: page(**_headers(cache_control="public, no-store")),
        lambda: page(**_headers(cache_control="private")),
        lambda: page(Vary="Cookie"),
        lambda: page(**_headers(set_cookie="a=b")),
        lambda: page(**_headers(content_security_policy="script-src 'nonce-abc'")),
        lambda: HttpResponse("x", headers={"Cache-Control": "public", "Cache-Tag": "site"}),
        lambda: HttpResponse("x", status=403, headers={"Cache-Tag": "site"}),
    ],
)
def test_answer_that_breaks_the_contract_is_not_kept(broken: Callable[[], HttpResponse]) -> None:
    cached, asked = answering(lambda request: broken())
    ask(cached)
    answer = ask(cached)
    assert len(asked) == 2
    assert answer.cache == "bypass"


@pytest.mark.parametrize("status", [200, 301, 404, 410])
def test_pages_redirects_and_notices_are_kept(status: int) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = page()
        response.status_code = status
        return response

    cached, asked = answering(view)
    ask(cached)
    assert ask(cached).status == status
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/admin/", {}),
        ("/preview/abc/", {}),
        ("/health/live", {}),
        ("/", {"authorization": "Bearer x"}),
        ("/", {"host": "elsewhere.example"}),
        ("/as-of/2099-01-01T00:00:00Z/", {}),
        ("/?unknown=1", {}),
        ("/?q=a&q=b", {}),
        ("/?" + "q=" + "x" * 2000, {}),
        ("/" + "x" * 600, {}),
    ],
)
def test_request_that_is_no_plain_readers_goes_past_the_cache(
    path: str, headers: dict[str, Any]
) -> None:
    cached, asked = answering(lambda request: page())
    answers = [ask(cached, path, **headers) for _ in range(2)]
    assert [answer.cache for answer in answers] == ["", ""]
    assert len(asked) == 2


def test_post_goes_past_the_cache() -> None:
    cached, asked = answering(lambda request: page())
    ask(cached)
    assert ask(cached, method="POST").cache == ""
    assert len(asked) == 2


def test_page_is_made_for_nobody_whoever_asks_first() -> None:
    cached, _ = answering(lambda request: page(repr(dict(request.COOKIES))))
    assert ask(cached, cookie="sessionid=editor").text == "{}"


def test_parameters_in_another_order_are_the_same_page() -> None:
    cached, asked = answering(lambda request: page())
    ask(cached, "/search/?q=ferry&section=world")
    assert ask(cached, "/search/?section=world&q=ferry").cache == "hit"
    assert len(asked) == 1


def test_tracking_parameters_reach_neither_key_nor_page() -> None:
    cached, asked = answering(lambda request: page(request.META.get("QUERY_STRING", "")))
    assert ask(cached, "/?utm_source=a&fbclid=b&q=ferry").text == "q=ferry"
    assert ask(cached, "/?q=ferry&gclid=c").cache == "hit"
    assert len(asked) == 1


def test_http_and_https_and_two_hosts_are_four_pages() -> None:
    cached, asked = answering(lambda request: page())
    for host in ("testserver", "localhost"):
        for secure in (False, True):
            ask(cached, host=host, secure=secure)
    assert len(asked) == 4


def test_head_gets_the_headers_of_the_kept_page_and_no_body() -> None:
    cached, asked = answering(lambda request: page("x" * 900))
    first = ask(cached, method="HEAD")
    got = ask(cached)
    head = ask(cached, method="HEAD")
    assert (first.body, head.body) == (b"", b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == "900"
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("", None),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", None),
    ],
)
def test_kept_page_is_given_in_the_encoding_the_reader_takes(
    accepted: str, coding: str | None
) -> None:
    cached, asked = answering(lambda request: page("harbour " * 200))
    ask(cached)
    answer = ask(cached, accept_encoding=accepted)
    assert answer.headers.get("Content-Encoding") == coding
    assert answer.text == "harbour " * 200
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_reader_who_has_the_page_is_told_so() -> None:
    make_publication()
    cached = site()
    etag = ask(cached).headers["ETag"]
    answer = ask(cached, if_none_match=f'"other", {etag}')
    assert (answer.status, answer.body, answer.cache) == (304, b"", "hit")
    assert answer.headers["ETag"] == etag
    assert "Content-Type" not in answer.headers
    assert ask(cached, if_none_match='"other"').status == 200


def test_etag_goes_before_the_date() -> None:
    cached, _ = answering(
        lambda request: page(ETag='"a"', **_headers(last_modified="Sat, 01 Nov 2025 00:00:00 GMT"))
    )
    ask(cached)
    later = "Sun, 02 Nov 2025 00:00:00 GMT"
    assert ask(cached, if_modified_since=later).status == 304
    assert ask(cached, if_modified_since=later, if_none_match='"b"').status == 200
    assert ask(cached, if_modified_since="Fri, 31 Oct 2025 00:00:00 GMT").status == 200
    assert ask(cached, if_modified_since="nonsense").status == 200


def test_kept_page_ends_at_the_very_moment_it_said() -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    cached, asked = answering(lambda request: page(seconds=90))
    with time_machine.travel(start, tick=False) as clock:
        ask(cached)
        clock.move_to(start + dt.timedelta(seconds=90) - dt.timedelta(microseconds=1))
        assert ask(cached).cache == "hit"
        clock.move_to(start + dt.timedelta(seconds=90))
        assert ask(cached).cache == "miss"
    assert len(asked) == 2


def test_rule_for_other_caches_reaches_no_further_than_the_page_holds() -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    rule = "public, max-age=0, s-maxage=60, stale-if-error=3600"
    cached, _ = answering(lambda request: page(seconds=4000, **_headers(cache_control=rule)))
    with time_machine.travel(start, tick=False) as clock:
        ask(cached)
        assert ask(cached).headers["Cache-Control"] == rule
        clock.move_to(start + dt.timedelta(seconds=500))
        assert ask(cached).headers["Cache-Control"].endswith("s-maxage=60, stale-if-error=3439")


@pytest.mark.django_db(transaction=True)
def test_scheduled_story_appears_in_its_second_though_the_front_is_kept() -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        cached = site()
        make_publication(make_article("Ferry aground"))
        schedule(make_article("Bridge opens"), at=start + MINUTE)
        assert "Bridge opens" not in ask(cached).text
        clock.move_to(start + MINUTE - dt.timedelta(microseconds=1))
        assert "Bridge opens" not in ask(cached).text
        clock.move_to(start + MINUTE)
        assert "Bridge opens" in ask(cached).text


@pytest.mark.django_db(transaction=True)
def test_page_kept_before_a_story_is_scheduled_ends_when_the_story_begins() -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        cached = site()
        ask(cached)
        schedule(make_article("Bridge opens"), at=start + MINUTE)
        clock.move_to(start + MINUTE)
        assert "Bridge opens" in ask(cached).text


def test_page_made_of_what_was_read_before_a_change_is_not_kept_past_it() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = page("old")
        if len(asked) == 1:
            cached.changes.bump("front")  # after the page was read, before it is stored
        return response

    cached, asked = answering(view)
    ask(cached)
    assert ask(cached).cache == "miss"
    assert ask(cached).cache == "hit"


@pytest.mark.django_db(transaction=True)
def test_change_that_is_rolled_back_makes_nothing_stale() -> None:
    make_publication()
    cached = site()
    ask(cached)
    with transaction.atomic():
        generations.bump({"front"})
        transaction.set_rollback(True)
    assert ask(cached).cache == "hit"


@pytest.mark.parametrize("statuses", [(200, 410), (404, 200)])
def test_page_that_comes_or_goes_is_kept_as_it_is_now(statuses: tuple[int, int]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = page()
        response.status_code = statuses[min(len(asked), 2) - 1]
        return response

    cached, asked = answering(view)
    ask(cached)
    cached.changes.bump("front")
    assert [ask(cached).status for _ in range(3)] == [statuses[1]] * 3
    assert len(asked) == 2


def test_pages_with_other_tags_stay() -> None:
    cached, _asked = answering(lambda request: page(tags=f"section:{request.path.strip('/')},site"))
    for path in ("/world/", "/sport/"):
        ask(cached, path)
    cached.changes.bump("section:world")
    assert ask(cached, "/sport/").cache == "hit"
    assert ask(cached, "/world/").cache == "miss"
    cached.changes.bump("site")
    assert ask(cached, "/sport/").cache == "miss"


@pytest.mark.django_db(transaction=True)
def test_versions_only_grow_also_when_the_clock_steps_back() -> None:
    with time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False) as clock:
        first = generations.bump({"a"})
        clock.shift(dt.timedelta(hours=-1))
        assert first < generations.bump({"a"}) < generations.bump({"b"}) == generations.newest()


def test_page_of_a_database_restored_from_a_backup_is_not_believed() -> None:
    cached, _asked = answering(lambda request: page())
    cached.changes.bump("other")
    ask(cached)
    cached.changes.version, cached.changes.tags = 0, {}
    assert ask(cached).cache == "miss"


def test_many_changed_tags_are_not_remembered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("articles.public.page_cache.versions._MOST_TAGS", 3)
    cached, _asked = answering(lambda request: page())
    ask(cached)
    cached.changes.bump(*(f"article:{n}" for n in range(10)))
    assert ask(cached).cache == "hit"
    cached.changes.bump("front")
    assert ask(cached).cache == "miss"


def act_publish(story: Any, photo: Any, other: Any) -> None:
    publish(make_article("Bridge opens"))


def act_update(story: Any, photo: Any, other: Any) -> None:
    publish(change(story, headline="Ferry afloat again"), kind="update")


def act_correct(story: Any, photo: Any, other: Any) -> None:
    pairs = [("Nine people.", "Eight people.")]
    article = change(story, standfirst="Eight people were saved.")
    publish(article, kind="correction", note="A number was wrong.", corrections=pairs)


def act_retract(story: Any, photo: Any, other: Any) -> None:
    transitions.retract(story, by=publisher(), note="It was wrong.")


def act_archive(story: Any, photo: Any, other: Any) -> None:
    transitions.archive(story, by=publisher())


def act_kill(story: Any, photo: Any, other: Any) -> None:
    transitions.request_kill(story, by=make_user(), reason="Law.")
    story.refresh_from_db()
    transitions.kill(story, by=publisher(), reason="Law.")


def act_photo_credit(story: Any, photo: Any, other: Any) -> None:
    photo.credit_line = "Another Name/AFP"
    photo.save()


def act_photo_kill(story: Any, photo: Any, other: Any) -> None:
    kill_photo(photo, by=publisher(), reason="Law.", notice="This photo was withdrawn.")


def act_section(story: Any, photo: Any, other: Any) -> None:
    story.section.name = "Abroad"
    story.section.save()


def act_contributor(story: Any, photo: Any, other: Any) -> None:
    other.name = "Ada Weil-Hansen"
    other.save()


ACTS = {
    name.removeprefix("act_"): act for name, act in list(globals().items()) if name[:4] == "act_"
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_is_seen_by_the_next_reader_of_every_process(act: str) -> None:
    """Kept pages of two processes answer as the site itself does, before and after."""
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False) as clock:
        author, photo = make_contributor("Ada Weil"), make_photo(caption="The ferry.")
        rows: dict[str, Any] = {"authors": (author,), "topics": (make_topic("Ferries"),)}
        story = make_article("Ferry aground", parts=("Nine people.", photo), **rows)
        paths = ["/", "/feed/", "/world/", "/world/feed/", "/topic/ferries/", "/nothing/here/"]
        paths += [author.get_absolute_url(), publish(story).get_absolute_url()]
        clock.shift(MINUTE)
        processes = [site(), site()]
        before = [seen(process, path) for process in processes for path in paths]
        story.refresh_from_db()
        ACTS[act](story, photo, author)
        after = [seen(process, path) for process in processes for path in paths]
        assert after == [seen(WSGIHandler(), path) for _ in processes for path in paths]
        assert after != before


def seen(application: Any, path: str) -> tuple[Any, ...]:
    answer = ask(application, path)
    return path, answer.status, answer.headers.get("Location"), answer.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_kept_answers_equal_new_ones_whatever_happens_between(seed: int) -> None:
    """Two processes, an editor and the clock take turns at random."""
    chance = random.Random(seed)
    moment = dt.datetime(2026, 3, 1, 22, tzinfo=dt.UTC)
    sections = [make_section("World"), make_section("Sport")]
    topics = [make_topic("Ferries"), make_topic("Harbours")]
    with time_machine.travel(moment, tick=False) as clock:
        processes, stories = [site(), site()], [make_article() for _ in range(4)]
        for story in stories[:2]:
            publish(story)
        for step in range(18):
            act(chance, stories, sections, topics)
            if step % 3 == 2:
                clock.shift(dt.timedelta(seconds=chance.choice([1, 29, 30, 600, 7200])))
            paths = ["/", "/feed/", "/world/", "/sport/", "/topic/ferries/", *addresses(stories)]
            for path in chance.sample(paths, 3):
                expected = seen(WSGIHandler(), path)
                for process in processes:
                    assert seen(process, path) == expected, (step, path)


def act(chance: random.Random, stories: list[Any], sections: Any, topics: Any) -> None:
    """Do one thing to one story, if it may be done now."""
    story = chance.choice(stories)
    story.refresh_from_db()
    what = chance.choice(
        ["update", "move", "schedule", "unschedule", "retract", "reinstate", "new"]
    )
    later = timezone.now() + dt.timedelta(seconds=30)
    by = publisher()
    try:
        if what == "update":
            publish(change(story, headline=f"Headline {chance.random():.6f}"), kind="update")
        elif what == "move":
            story.topics.set(chance.sample(topics, 1))
            publish(change(story, section=chance.choice(sections)), kind="update")
        elif what == "schedule":
            schedule(change(story, headline=f"Later {chance.random():.6f}"), at=later)
        elif what == "unschedule":
            transitions.unschedule(story, by=by)
        elif what == "retract":
            transitions.retract(story, by=by, note="Wrong.")
        elif what == "reinstate":
            transitions.reinstate(story, by=by, note="Right.", reason="Right.")
        else:
            stories.append(make_article())
            publish(stories[-1])
    except WorkflowError:
        pass


def addresses(stories: list[Any]) -> list[str]:
    rows = [row for story in stories for row in story.publications.all()]
    return sorted({row.get_absolute_url() for row in rows})


def test_one_of_many_who_ask_at_once_renders() -> None:
    begun, go = threading.Event(), threading.Event()

    def view(request: HttpRequest) -> HttpResponse:
        begun.set()
        go.wait(5)
        return page("made once")

    cached, asked = answering(view)
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(cached)))]
    threads[0].start()
    begun.wait(5)
    threads += [threading.Thread(target=lambda: answers.append(ask(cached))) for _ in range(6)]
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert [answer.text for answer in answers] == ["made once"] * 7
    assert len(asked) == 1


def asked_while_made_anew() -> tuple[Any, list[Answer]]:
    """Return a site that is asked once more while it makes its page anew, and what it answered."""
    inner: list[Answer] = []

    def view(request: HttpRequest) -> HttpResponse:
        number = len(asked)
        if number == 2:
            inner.append(ask(cached))
        return page(f"page {number}")

    cached, asked = answering(view)
    return cached, inner


def test_old_page_is_given_out_while_one_reader_has_it_made_anew() -> None:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    cached, inner = asked_while_made_anew()
    with time_machine.travel(start, tick=False) as clock:
        ask(cached)
        clock.shift(dt.timedelta(seconds=application.AGE + 1))
        assert ask(cached).text == "page 2"
    assert inner[0].text == "page 1"
    assert inner[0].cache == "hit"


def test_changed_page_is_never_given_out_while_it_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("articles.public.page_cache.flights.PATIENCE", 0.05)
    cached, inner = asked_while_made_anew()
    ask(cached)
    cached.changes.bump("front")
    ask(cached)
    assert inner[0].text == "page 3"


def test_memory_holds_what_it_is_given_room_for(settings: Settings) -> None:
    settings.NEWSROOM_PAGE_CACHE_BYTES = 400_000
    cached, _asked = answering(lambda request: page("x" * 5000))
    for number in range(300):
        ask(cached, f"/world/{number}/")
    assert cached.memory.used <= 400_000
    assert ask(cached, "/world/299/").cache == "hit"
    assert ask(cached, "/world/0/").cache == "miss"


def test_endless_queries_and_wrong_addresses_push_out_no_page(settings: Settings) -> None:
    settings.NEWSROOM_PAGE_CACHE_BYTES = 400_000

    def view(request: HttpRequest) -> HttpResponse:
        response = page("x" * 5000)
        response.status_code = 404 if request.path.startswith("/no/") else 200
        return response

    cached, _asked = answering(view)
    ask(cached, "/")
    for number in range(200):
        ask(cached, f"/search/?q={number}")
        ask(cached, f"/no/{number}/")
    assert ask(cached, "/").cache == "hit"
    assert cached.memory.endless.used <= 50_000


def test_page_larger_than_a_quarter_of_the_room_is_not_kept() -> None:
    memory = Memory(100_000)
    entry = entries.make(page("x" * 60_000), made=1, now=timezone.now())
    memory.put("key", entry)
    assert memory.get("key") is None


def test_body_is_kept_only_as_readers_took_it_and_counted_as_it_grows() -> None:
    cached, asked = answering(lambda request: page("harbour " * 500))
    used, codings = [], []
    for accepted in ("br", "br", "gzip", "", "br, gzip"):
        answer = ask(cached, accept_encoding=accepted)
        assert answer.text == "harbour " * 500
        codings.append(answer.headers.get("Content-Encoding", ""))
        used.append(cached.memory.used)
    assert asked == ["/"]
    assert codings == ["br", "br", "gzip", "", "br"]
    assert used[0] == used[1] < used[2] < used[3] - 3000
    assert used[3] == used[4]


def test_what_was_replaced_is_not_counted_anew() -> None:
    memory = Memory(100_000)
    old, new = (entries.make(page("x" * 3000), made=n, now=timezone.now()) for n in (1, 2))
    memory.put("key", old)
    memory.put("key", new)
    old.answer({"HTTP_ACCEPT_ENCODING": "br"}, 60)
    memory.recount("key", old)
    assert memory.get("key") is new


def test_unknown_hosts_are_not_remembered() -> None:
    known = keys.Keys()
    for number in range(100):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": f"h{number}.example"}
        assert known.of({**environ, "wsgi.url_scheme": "http"}) is None
    assert known.hosts == set()


def unreachable(*args: Any) -> Any:
    raise UnreachableError


@pytest.mark.django_db(transaction=True)
def test_kept_pages_are_given_out_without_the_database_and_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_publication(make_article("Ferry aground"))
    cached: Any = site()
    # Where there is Redis it tells the version for a while; without the database, that has ended.
    cached.versions.mirror = None
    ask(cached)
    with monkeypatch.context() as patch:
        patch.setattr(Database, "newest", unreachable)
        kept, other = ask(cached), ask(cached, "/world/")
    assert "Ferry aground" in kept.text
    assert kept.headers["Warning"].startswith("111")
    assert "Age" in kept.headers
    assert (other.status, other.headers["Retry-After"]) == (503, "2")
    assert other.headers["Cache-Control"] == "no-store"
    assert ask(cached, "/world/").status == 200


def test_without_the_database_no_page_outlives_its_time_or_a_change_that_is_known() -> None:
    cached, _asked = answering(lambda request: page(seconds=90, tags=request.path))
    for path in ("/a/", "/b/"):
        ask(cached, path)
    cached.changes.bump("/a/")
    assert ask(cached, "/b/").cache == "hit"
    cached.changes.is_down = True
    assert ask(cached, "/a/").status == 503
    assert ask(cached, "/b/").status == 200
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=91)):
        assert ask(cached, "/b/").status == 503


def test_page_that_fails_because_the_database_went_away_is_answered_without_it() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        cached.changes.is_down = True
        return HttpResponse("error", status=500)

    cached, _asked = answering(view)
    answer = ask(cached)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


def test_error_of_a_page_is_passed_on_and_not_kept() -> None:
    cached, asked = answering(lambda request: HttpResponse("error", status=500))
    assert [ask(cached).status for _ in range(2)] == [500, 500]
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_database_that_failed_is_left_alone_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    database, asked = Database(), []

    def fail(self: Any) -> Any:
        asked.append(1)
        raise DatabaseError

    monkeypatch.setattr(Database, "_connection", fail)
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(5):
            with pytest.raises(UnreachableError):
                database.newest()
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["", "harbour " * 200])
@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_entry_is_the_same_after_its_way_through_redis(text: str, accepted: str) -> None:
    answer = page(text, ETag='"a"')
    entry = entries.make(answer, made=7, now=timezone.now(), accepted=accepted)
    again = entries.from_bytes(entry.to_bytes())
    assert again == entry


@pytest.mark.parametrize("damage", [b"", b"abc", b"\x00" * 40, None])
def test_bytes_that_are_no_entry_are_not_taken_for_one(damage: bytes | None) -> None:
    raw = entries.make(page(), made=7, now=timezone.now()).to_bytes()
    assert entries.from_bytes(raw[:-1] if damage is None else damage) is None


def test_one_setting_switches_the_cache_off(settings: Settings) -> None:
    plain = WSGIHandler()
    settings.NEWSROOM_PAGE_CACHE = False
    assert wrap(plain) is plain
    settings.NEWSROOM_PAGE_CACHE = True
    assert isinstance(wrap(plain), PageCache)
    settings.DEBUG = True
    assert wrap(plain) is plain


@pytest.mark.django_db
def test_new_photo_or_person_that_no_page_shows_changes_no_version() -> None:
    section = make_section("World")
    before = generations.newest()
    make_photo().save()
    make_contributor()
    make_topic("Lighthouses")
    make_article(section=section)
    assert generations.newest() == before


@pytest.mark.django_db(transaction=True)
def test_everything_is_stale_after_an_import() -> None:
    make_publication()
    cached = site()
    ask(cached, "/world/")
    touching.everything()
    assert ask(cached, "/world/").cache == "miss"
