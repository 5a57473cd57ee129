"""The read API: its lists, how it refuses, what it sends along, and what it never tells."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.choices import SourceKind
from articles.models import Article, Topic
from articles.workflow import transitions
from tests import standards, trade
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)
from tests.trade import API, NOON, SITE, UUID, publish_at

pytestmark = pytest.mark.django_db

ARTICLES = "/api/v1/articles/"
LISTS = [
    ARTICLES,
    "/api/v1/changes/",
    "/api/v1/sections/",
    "/api/v1/topics/",
    "/api/v1/contributors/",
    "/api/v1/sources/",
    "/api/v1/corrections/",
]
EVERYTHING = ["/api/v1/", "/api/v1/openapi.json", *LISTS]
FORMATS = ["", "newsml-g2/", "nitf/"]


def own(address: str) -> str:
    return address.removeprefix(SITE)


def headlines(answer: Any) -> list[str]:
    return [item["headlines"][0]["value"] for item in answer.json()["items"]]


def article_with_everything() -> Article:
    return make_article(
        "Quicksilver found",
        parts=("Quicksilver everywhere.",),
        section=make_section("World"),
        authors=(make_contributor("Quicksilver Weil"),),
        topics=(make_topic("Quicksilver"),),
        sources=(make_source("Quicksilver Press"),),
    )


def test_entry_names_every_address(client: Client) -> None:
    found = client.get("/api/v1/").json()
    assert found.pop("name") == "The Test Courier"
    assert {name: client.get(own(address)).status_code for name, address in found.items()} == (
        dict.fromkeys(found, 200)
    )


def test_articles_come_newest_first_page_by_page(client: Client) -> None:
    for number in range(5):
        publish_at(make_article(f"Story {number}"), NOON + dt.timedelta(hours=number))
    first = client.get(f"{ARTICLES}?limit=2&language=en")
    second = client.get(own(first.json()["next"]))
    third = client.get(own(second.json()["next"]))
    assert headlines(first) + headlines(second) == ["Story 4", "Story 3", "Story 2", "Story 1"]
    assert headlines(third) == ["Story 0"]
    assert third.json()["next"] is None
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    assert "language=en" in first.json()["next"]
    assert not third.has_header("Link")


def test_page_two_is_the_same_whatever_is_published_meanwhile(client: Client) -> None:
    for number in range(3):
        publish_at(make_article(f"Story {number}"), NOON + dt.timedelta(hours=number))
    following = client.get(ARTICLES, {"limit": 1}).json()["next"]
    publish(make_article("Newest"))
    assert headlines(client.get(own(following))) == ["Story 1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"section": "world"}, ["One"]),
        ({"topic": "harbours"}, ["One"]),
        ({"contributor": "ada-weil"}, ["One"]),
        ({"source": "reuters"}, ["One"]),
        ({"from": "2026-07-05"}, ["Two"]),
        ({"until": "2026-07-04"}, ["One"]),
        ({"language": "vi"}, ["Two"]),
        ({"photo": "true"}, []),
        ({"section": "world", "language": "vi"}, []),
    ],
)
def test_filters_are_those_of_search(
    client: Client, filters: dict[str, str], expected: list[str]
) -> None:
    one = make_article(
        "One",
        section=make_section("World"),
        topics=(make_topic(),),
        authors=(make_contributor("Ada Weil"),),
        sources=(make_source("Reuters"),),
    )
    publish_at(one, NOON)
    two = make_article("Two", section=make_section("Sport"), language="vi")
    publish_at(two, NOON + dt.timedelta(days=1))
    assert headlines(client.get(ARTICLES, filters)) == expected


def test_story_is_answered_in_each_format_with_its_media_type(client: Client) -> None:
    trade.publish_with_correction()
    types = [client.get(f"{own(API)}{name}")["Content-Type"] for name in FORMATS]
    assert types == [
        "application/json",
        "application/vnd.iptc.g2.newsitem+xml",
        "application/nitf+xml",
    ]


def test_page_of_a_story_leads_to_its_formats(client: Client) -> None:
    publication = trade.publish_with_correction()
    context = client.get(publication.get_absolute_url()).context
    assert context["alternates"][:3] == [
        ("application/json", "ninjs", API),
        ("application/vnd.iptc.g2.newsitem+xml", "NewsML-G2", f"{API}newsml-g2/"),
        ("application/nitf+xml", "NITF", f"{API}nitf/"),
    ]


@standards.needs_standards
def test_what_is_answered_is_valid(client: Client) -> None:
    trade.publish_with_correction()
    for item in client.get(ARTICLES).json()["items"]:
        assert standards.ninjs_errors(item) == []
    assert standards.ninjs_errors(client.get(own(API)).json()) == []
    assert standards.newsml_g2_errors(client.get(f"{own(API)}newsml-g2/").content) == []
    assert standards.nitf_errors(client.get(f"{own(API)}nitf/").content) == []


def test_retracted_story_is_canceled_and_left_out_of_the_list(client: Client) -> None:
    article = trade.publish_with_correction().article
    transitions.retract(article, by=publisher(), note="It never reopened.")
    assert client.get(own(API)).json()["pubStatus"] == "canceled"
    assert client.get(ARTICLES).json()["items"] == []


@pytest.mark.parametrize("name", FORMATS)
def test_killed_story_is_gone_in_every_format(client: Client, name: str) -> None:
    article = trade.publish_with_correction().article
    transitions.request_kill(article, by=publisher(), reason="Court order.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="Court order.")
    answer = client.get(f"{own(API)}{name}")
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert "arbour" not in answer.content.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_scheduled_story_appears_everywhere_in_its_second(client: Client, name: str) -> None:
    live = NOON + dt.timedelta(hours=1)
    with time_machine.travel(NOON, tick=False):
        article = schedule(article_with_everything(), at=live).article
    addresses = [*LISTS[:2], *LISTS[3:6], f"{ARTICLES}{article.uuid}/{name}"]
    for moment, expected in ((live - dt.timedelta(seconds=1), False), (live, True)):
        with time_machine.travel(moment, tick=False):
            found = {path: b"uicksilver" in client.get(path).content for path in addresses}
        assert found == dict.fromkeys(addresses, expected)


@pytest.mark.parametrize("state", ["draft", "embargoed", "called off"])
def test_nothing_of_what_is_not_public_is_told(client: Client, state: str) -> None:
    article = article_with_everything()
    if state == "embargoed":
        change(article, embargo_until=timezone.now() + dt.timedelta(days=1))
    if state == "called off":
        schedule(article, at=timezone.now() + dt.timedelta(hours=1))
        article.refresh_from_db()
        transitions.unschedule(article, by=publisher())
    for path in [*LISTS, *(f"{ARTICLES}{article.uuid}/{name}" for name in FORMATS)]:
        assert b"uicksilver" not in client.get(path).content
    known = client.get(ARTICLES, {"topic": "quicksilver"})
    unknown = client.get(ARTICLES, {"topic": "no-such-topic"})
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content


def test_archived_story_can_be_read_and_is_in_no_list(client: Client) -> None:
    article = trade.publish_with_correction().article
    transitions.archive(article, by=publisher())
    assert client.get(own(API)).json()["pubStatus"] == "usable"
    assert client.get(ARTICLES).json()["items"] == []


def test_sections_are_a_tree(client: Client) -> None:
    make_section("Markets", parent=make_section("Business", description="Money."))
    assert client.get("/api/v1/sections/").json() == {
        "items": [
            {
                "name": "Business",
                "path": "business",
                "description": "Money.",
                "url": f"{SITE}/business/",
                "articles": f"{SITE}/api/v1/articles/?section=business",
            },
            {
                "name": "Markets",
                "path": "business/markets",
                "parent": "business",
                "url": f"{SITE}/business/markets/",
                "articles": f"{SITE}/api/v1/articles/?section=business%2Fmarkets",
            },
        ],
        "next": None,
    }


def test_merged_topic_counts_for_the_one_it_went_into(client: Client) -> None:
    make_publication(topics=(make_topic("Ports"),))
    harbours = make_topic("Harbours")
    Topic.objects.filter(name="Ports").update(merged_into=harbours)
    assert client.get("/api/v1/topics/").json()["items"] == [
        {
            "name": "Harbours",
            "slug": "harbours",
            "url": f"{SITE}/topic/harbours/",
            "articles": f"{SITE}/api/v1/articles/?topic=harbours",
        }
    ]


def test_sources_say_what_they_are(client: Client) -> None:
    source = make_source("Reuters", SourceKind.AGENCY)
    source.licence, source.url = "Contract", "https://reuters.example/"
    source.save()
    make_publication(sources=(source,))
    assert client.get("/api/v1/sources/").json()["items"] == [
        {
            "name": "Reuters",
            "slug": "reuters",
            "kind": "agency",
            "licence": "Contract",
            "website": "https://reuters.example/",
            "url": f"{SITE}/source/reuters/",
            "articles": f"{SITE}/api/v1/articles/?source=reuters",
        }
    ]


def test_names_come_page_by_page_without_a_gap(client: Client) -> None:
    make_publication(authors=tuple(make_contributor(f"Writer {number}") for number in range(5)))
    make_contributor("Nobody Yet")
    address, found = "/api/v1/contributors/?limit=2", []
    while address:
        answer = client.get(address).json()
        found += [item["name"] for item in answer["items"]]
        address = own(answer["next"] or "")
    assert found == [f"Writer {number}" for number in range(5)]


def test_corrections_and_retractions_come_newest_first(client: Client) -> None:
    trade.publish_with_correction()
    gone = publish_at(make_article("Gone for good"), NOON).article
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        transitions.retract(gone, by=publisher(), note="Untrue.")
    first = client.get("/api/v1/corrections/", {"limit": 1}).json()
    second = client.get(own(first["next"])).json()
    assert [(item["kind"], item["note"]) for item in first["items"] + second["items"]] == [
        ("retraction", "Untrue."),
        ("correction", "A figure was wrong."),
    ]
    assert "headline" not in first["items"][0]["article"]
    assert second == {
        "items": [
            {
                "kind": "correction",
                "at": "2026-07-04T13:00:00+00:00",
                "note": "A figure was wrong.",
                "corrections": [{"was": "83 florins.", "now": "38 florins."}],
                "article": {
                    "uri": f"urn:newsroom:{UUID}",
                    "headline": "Harbour reopens",
                    "language": "en",
                    "url": trade.URL,
                },
            }
        ],
        "next": None,
    }


def test_corrections_of_what_was_withdrawn_are_told_no_more(client: Client) -> None:
    article = trade.publish_with_correction().article
    transitions.retract(article, by=publisher(), note="It never reopened.")
    answer = client.get("/api/v1/corrections/")
    assert [item["kind"] for item in answer.json()["items"]] == ["retraction"]
    assert "florins" not in answer.content.decode()


@pytest.mark.parametrize("path", EVERYTHING)
def test_answers_have_a_validator_and_cost_nothing_when_unchanged(
    client: Client, path: str
) -> None:
    answer = client.get(path)
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert client.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.head(path)["ETag"] == answer["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [*EVERYTHING, own(API)])
def test_nothing_can_be_written(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "This API is only read: ask with GET, HEAD, OPTIONS."


def test_browsers_may_ask_from_any_page(client: Client) -> None:
    answer = client.options(ARTICLES)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("query", "name", "detail"),
    [
        ("limit=0", "limit", "Give a whole number from 1 to 50."),
        ("limit=51", "limit", "Give a whole number from 1 to 50."),
        ("limit=", "limit", "Give a whole number from 1 to 50."),
        ("limit=٣", "limit", "Give a whole number from 1 to 50."),
        ("limit=1&limit=2", "limit", "Give it once."),
        ("topic=a&topic=b", "topic", "Give it once."),
        ("topic=", "topic", "Say something or leave it out."),
        (
            "cursor=zz",
            "cursor",
            "This is no cursor of ours: take it from a next address as it is.",
        ),
        ("from=yesterday", "from", "Write the day as year-month-day, like 2026-07-04."),
        ("from=2026-07-05&until=2026-07-04", "until", "The last day lies before the first."),
        ("language=%00", "language", "This is no language: write it like en, vi or zh-Hant."),
    ],
)
def test_wrong_parameter_is_named(client: Client, query: str, name: str, detail: str) -> None:
    answer = client.get(f"{ARTICLES}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["title"] == "Bad Request"
    assert problem["parameters"] == [{"name": name, "detail": detail}]


def test_unknown_parameter_is_refused_with_those_there_are(client: Client) -> None:
    problem = client.get("/api/v1/topics/?colour=red").json()
    assert problem["parameters"] == [
        {
            "name": "colour",
            "detail": "There is no such parameter here; there are limit, cursor.",
        }
    ]


@pytest.mark.parametrize(
    "value", ["%00", "'; DROP TABLE x; --", "%FF%FE", "a" * 10_000, "../../etc", "\u202e", "%", "*"]
)
@pytest.mark.parametrize("path", LISTS)
def test_hostile_values_are_refused_and_never_break(client: Client, path: str, value: str) -> None:
    for name in ("limit", "cursor", "since", "topic", "sort", value):
        assert client.get(path, {name: value}).status_code in (400, 404)
    assert client.get(f"{path}?{value}").status_code == 400


@pytest.mark.parametrize(
    "words", ["\x00", "' OR 1=1", '"', "-", "NEAR(", "*", "(", "\u202e", "..", "a AND", "%_"]
)
def test_any_words_can_be_looked_for(client: Client, words: str) -> None:
    make_publication()
    assert client.get(ARTICLES, {"q": words}).status_code == 200


def test_stories_are_found_by_words_and_filters_page_by_page(client: Client) -> None:
    for number in range(3):
        publish_at(make_article(f"Lantern market {number}", section=make_section("World")), NOON)
    publish_at(make_article("Lantern market sold", section=make_section("Sport")), NOON)
    publish_at(make_article("Something else", section=make_section("World")), NOON)
    address, found = f"{ARTICLES}?q=lantern&section=world&limit=2&sort=date", []
    while address:
        answer = client.get(address)
        found += headlines(answer)
        address = own(answer.json()["next"] or "")
    assert found == ["Lantern market 2", "Lantern market 1", "Lantern market 0"]


def test_retracted_story_is_found_no_more(client: Client) -> None:
    article = make_publication(headline="Lantern market").article
    assert len(client.get(ARTICLES, {"q": "lantern"}).json()["items"]) == 1
    article.refresh_from_db()
    transitions.retract(article, by=publisher(), note="Untrue.")
    assert client.get(ARTICLES, {"q": "lantern"}).json()["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/",
        "/api/v1/articles/nothing/",
        "/api/v1/articles/%00/",
        "/api/v1/articles/00000000-0000-0000-0000-000000000000/",
        "/api/v1/articles/00000000-0000-0000-0000-000000000000/nitf/",
        "/api/v1/articles",
    ],
)
def test_what_there_is_not_is_a_problem_too(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize("path", LISTS)
def test_page_costs_the_same_for_few_stories_and_many(
    client: Client, path: str, django_assert_num_queries: Any
) -> None:
    trade.publish_with_correction()
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for number in range(4):
        photo = trade.make_story_photo(uuid=uuid.uuid4())
        trade.publish_with_correction(
            uuid=uuid.uuid4(),
            headline=f"Story {number}",
            parts=("More.", photo),
            sources=(make_source(f"Source {number}"),),
        )
    with django_assert_num_queries(len(few)):
        assert client.get(path).status_code == 200


def test_documentation_shows_every_operation_and_needs_no_script(client: Client) -> None:
    page = client.get("/api/").content.decode()
    operations = client.get("/api/v1/openapi.json").json()["paths"]
    assert len(operations) == 12
    for address, operation in operations.items():
        assert f"GET {address}" in page
        assert f'id="{operation["get"]["operationId"]}"' in page
    assert "<script" not in page.replace('<script type="application/ld+json"', "")
    assert "style=" not in page
