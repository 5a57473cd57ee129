"""What readers find: words, phrases, languages, ranks, and never what they may not see."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles import dates
from articles.choices import PublicationKind
from articles.models import Article, Publication, SearchEntry, Topic
from articles.public import finding
from articles.search import postgresql, sqlite
from articles.search.query import parse
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

_HIT = re.compile(r'<h2 class="card-headline"><a href="[^"]*">(.*?)</a></h2>')
_TAG = re.compile(r"<[^>]+>")


def page(query: str = "", **values: str) -> str:
    response = Client().get(
        "/search/", {"q": query, **{k.rstrip("_"): v for k, v in values.items()}}
    )
    assert response.status_code == 200
    return response.text


def found(query: str = "", **values: str) -> list[str]:
    """Return the headlines of the hits, in order."""
    hits = _HIT.findall(page(query, **values))
    return [html.unescape(_TAG.sub("", headline)) for headline in hits]


def test_story_is_found_by_words_of_every_part() -> None:
    make_publication(
        headline="Ferry sinks",
        standfirst="Crew rescued",
        kicker="Shipping",
        dateline="Averil",
        parts=("The hull broke.", make_photo(caption="Wreck at dawn.")),
        authors=(make_contributor("Bo Lind"),),
        topics=(make_topic("Straits"),),
        sources=(make_source("Reuters"),),
        section=make_section("Seafaring"),
    )
    for word in "sinks rescued shipping averil hull wreck lind straits reuters seafaring".split():
        assert found(word) == ["Ferry sinks"], word


def test_all_words_must_be_in_a_story() -> None:
    make_publication(headline="Ferry sinks")
    assert found("ferry train") == []


@pytest.mark.parametrize("query", ['"old harbour bridge"', "“harbour bridge”", "old-harbour"])
def test_phrase_finds_words_beside_each_other(query: str) -> None:
    make_publication(headline="Old harbour bridge closes")
    make_publication(headline="Harbour of old has a new bridge")
    assert found(query) == ["Old harbour bridge closes"]


def test_phrase_does_not_reach_from_one_field_into_the_next() -> None:
    make_publication(headline="A ferry", standfirst="Sinks at noon")
    assert found('"ferry sinks"') == []


def test_exclusion_leaves_out_stories_with_a_word_or_a_phrase() -> None:
    make_publication(headline="Ferry sinks at night")
    make_publication(headline="Ferry sails at dawn")
    assert found("ferry -night") == ["Ferry sails at dawn"]
    assert found('ferry -"sails at dawn"') == ["Ferry sinks at night"]
    assert found("-night") == ["Ferry sails at dawn"]


@pytest.mark.parametrize("query", ["reopens", "reopening", "harbour’s", "REOPENED harbours"])
def test_forms_of_an_english_word_find_each_other(query: str) -> None:
    make_publication(headline="Harbour reopened")
    assert found(query.replace("’s", "")) == ["Harbour reopened"]


def test_endings_are_those_of_the_story_s_language() -> None:
    make_publication(headline="Tàu chạy ing", parts=("các may",), language="vi")
    assert found("cac") == ["Tàu chạy ing"]
    assert found("ca") == []


@pytest.mark.parametrize(
    "query", ["đường sắt", "duong sat", "ĐƯỜNG SẮT", "Đuong", "đu\u031bo\u031b\u0300ng"]
)
def test_vietnamese_is_found_with_and_without_accents(query: str) -> None:
    make_publication(headline="Đường sắt cao tốc khởi công", language="vi")
    assert found(query) == ["Đường sắt cao tốc khởi công"]


@pytest.mark.parametrize(
    ("headline", "queries"),
    [
        ("Köln: Straßenbahn fährt wieder", ["koln", "strassenbahn", "FÄHRT"]),
        ("L’école de Besançon rouvre", ["ecole", "besancon", "écoles"]),
        ("北京地铁新线开通", ["北京", "地铁", "新线开通", "铁", "通", "北京 新线"]),
        ("東京でカタカナとひらがな", ["東京", "カタカナ", "ｶﾀｶﾅ"]),
        ("서울에서 열린 회의", ["서울", "회의"]),
        ("เปิดเส้นทางรถไฟใหม่", ["รถไฟ", "ใหม่"]),
        ("मुंबई में बारिश", ["मुंबई", "बारिश"]),
        ("افتتاح الميناء الجديد", ["الميناء", "المِيناء", "افتتاح"]),
        ("Открытие моста", ["моста", "МОСТА"]),
        ("Łódź i Øresund", ["lodz", "oresund", "ŁÓDŹ"]),
    ],
)
def test_scripts_and_accents_are_found(headline: str, queries: list[str]) -> None:
    make_publication(headline=headline, slug="story")
    for query in queries:
        assert found(query) == [headline], query


def test_letters_that_only_look_like_a_run_are_not_found() -> None:
    make_publication(headline="北京地铁", slug="story")
    assert found("京北") == found("北地") == []


def test_headline_weighs_more_than_standfirst_and_that_more_than_text() -> None:
    at = timezone.now() - dt.timedelta(hours=3)
    for headline, standfirst, text in [
        ("About trains", "One", "A volcano."),
        ("About ships", "The volcano", "Two."),
        ("The volcano", "Three", "Three."),
    ]:
        article = make_article(headline, standfirst=standfirst, parts=(text,))
        make_publication(article, at=at)
        at += dt.timedelta(minutes=-1)
    assert found("volcano") == ["The volcano", "About ships", "About trains"]


def test_of_two_that_fit_alike_the_newer_comes_first() -> None:
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    make_publication(make_article("Ferry sinks again", originally_published_at=long_ago))
    make_publication(headline="Ferry sinks today")
    make_publication(
        make_article("Ferry sinks twice", originally_published_at=long_ago - dt.timedelta(days=1))
    )
    assert found("ferry sinks") == ["Ferry sinks today", "Ferry sinks again", "Ferry sinks twice"]


def test_sort_by_date_shows_the_newest_first() -> None:
    old = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    make_publication(make_article("Volcano", originally_published_at=old))
    make_publication(headline="Other", parts=("A volcano.",))
    assert found("volcano") == ["Volcano", "Other"]
    assert found("volcano", sort="date") == ["Other", "Volcano"]


def test_words_found_are_marked_with_their_accents_kept() -> None:
    make_publication(
        headline="Đường sắt mới",
        parts=("Trước đó. " * 60 + "Tuyến đường sắt dài nhất.",),
        language="vi",
    )
    text = page("duong sat")
    assert "<mark>Đường</mark> <mark>sắt</mark> mới" in text
    assert "Tuyến <mark>đường</mark> <mark>sắt</mark> dài" in text


def test_markup_in_a_story_or_a_query_stays_text() -> None:
    make_publication(
        headline="Why <script>alert(1)</script> & <b>ferry</b>", parts=("a <i>ferry</i>",)
    )
    text = page("ferry <script>alert(2)</script>") + page("ferry")
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;<mark>ferry</mark>&lt;/b&gt;" in text


def test_scheduled_story_is_found_in_its_own_second_and_not_before() -> None:
    at = timezone.now().replace(microsecond=0) + dt.timedelta(hours=1)
    schedule(make_article("Planned volcano", topics=(make_topic("Eruptions"),)), at=at)
    with time_machine.travel(at - dt.timedelta(microseconds=1), tick=False):
        assert found("volcano") == []
        assert "Planned" not in page("volcano", topic="eruptions") + page("plannd volcano")
    with time_machine.travel(at, tick=False):
        assert found("volcano") == ["Planned volcano"]


def test_update_is_found_by_its_new_words_and_no_more_by_the_old() -> None:
    publication = make_publication(headline="Ferry sinks")
    publish(change(publication.article, headline="Ferry towed"), kind=PublicationKind.UPDATE)
    assert found("towed") == ["Ferry towed"]
    assert found("sinks") == []
    assert SearchEntry.objects.count() == 1


def test_scheduled_update_changes_what_is_found_in_its_second() -> None:
    publication = make_publication(headline="Ferry sinks")
    at = timezone.now() + dt.timedelta(hours=1)
    schedule(change(publication.article, headline="Ferry towed"), at=at)
    assert (found("sinks"), found("towed")) == (["Ferry sinks"], [])
    with time_machine.travel(at, tick=False):
        assert (found("sinks"), found("towed")) == ([], ["Ferry towed"])


@pytest.mark.parametrize("step", ["retract", "archive"])
def test_withdrawn_story_is_gone_at_the_next_request(step: str) -> None:
    publication = make_publication(headline="Volcano erupts")
    assert found("volcano") == ["Volcano erupts"]
    values = {"note": "Wrong."} if step == "retract" else {}
    getattr(transitions, step)(publication.article, by=publisher(), **values)
    assert found("volcano") == []
    assert not SearchEntry.objects.exists()


def test_killed_story_leaves_no_word_in_the_index() -> None:
    publication = make_publication(headline="Volcano erupts", parts=("Unspeakable.",))
    article = publication.article
    transitions.request_kill(article, by=publisher(), reason="Law.")
    article.refresh_from_db()
    transitions.kill(article, by=make_user(), reason="Law.")
    assert found("unspeakable") == found("volcano") == []
    table, column = ("articles_searchtext", "body")
    if connection.vendor == "postgresql":
        table, column = ("articles_searchentry", "vector")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        assert cursor.fetchall() == []


def test_draft_is_never_found() -> None:
    make_article("Secret volcano")
    text = page("volcano") + page("volcan")
    assert "Secret" not in text


HOSTILE = [
    *"'`*-()%_\\½ﬁ🙂﷽", '"', '""', "a*", "^a", "--", "-a -b", "+a", "()", "((((", "a OR", "OR",
    "AND NOT", "NOT", "NEAR(a b, 5)", "headline:a", "{headline}: a", "marks : every", "every",
    "=every", "a:b",
    "a & b | !c", "a <-> b", "a:*A", "\\'", ";--", "' OR 1=1 --", "\x00", "a\x00b", "\x1b[31m",
    "🙂🙂 ferry", "\u202eabc", "\u200f\u200e", "\ufeff", "\ud800", "x" * 10_000, "x " * 5_000,
    '"' * 10_000, "-" * 10_000, "字" * 5_000, "e\u0301" * 3000, "𝔣𝔢𝔯𝔯𝔶", "\U000e0001", "[[x]]",
    "<>", "&amp;", "${x}", "{{ x }}", "{% x %}", "a'b\"c", "İstanbul ı",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda value: ascii(value)[:20])
def test_any_text_is_a_query(query: str) -> None:
    make_publication(headline="Ferry sinks")
    for sort in ("", "date"):
        address = f"/search/?q={quote(query, errors='surrogatepass')}&sort={sort}"
        assert Client().get(address).status_code == 200


def test_words_of_the_engines_are_words_like_others() -> None:
    make_publication(headline="NEAR and NOT or AND")
    make_publication(headline="Every mark")
    assert found("near NOT and OR") == ["NEAR and NOT or AND"]
    assert found("every") == ["Every mark"]


def test_long_query_is_cut_and_says_so() -> None:
    text = page("ferry " * 60)
    assert "only its beginning was read" in text


def test_too_many_words_are_named_as_ignored() -> None:
    text = page(" ".join(f"w{n}" for n in range(14)))
    assert "<q>w12</q>, <q>w13</q>" in text


@pytest.mark.parametrize("name", ["section", "topic", "from", "photo"])
def test_unknown_filter_is_named_and_finds_nothing(name: str) -> None:
    make_publication(headline="Ferry sinks")
    text = page("ferry", **{name: "no-such"})
    assert f'id="error-{name}"' in text
    assert "Ferry sinks</a></h2>" not in text
    assert 'aria-describedby="error-from"' in text or name != "from"


@pytest.fixture
def mixed() -> None:
    world = make_section("World")
    topic, person, agency = make_topic(), make_contributor("Bo Lind"), make_source("Reuters")
    values: dict[str, Any] = {"topics": (topic,), "authors": (person,), "sources": (agency,)}
    make_publication(headline="Ferry one", section=world, **values)
    make_publication(
        headline="Ferry two", section=make_section("Europe", parent=world), language="vi"
    )
    make_publication(
        headline="Ferry three", section=make_section("Sport"), parts=("x", make_photo())
    )
    old = dt.datetime(2019, 5, 5, tzinfo=dt.UTC)
    make_publication(make_article("Ferry four", originally_published_at=old, section=world))


@pytest.mark.parametrize(
    ("chosen", "headlines"),
    [
        ({"section": "world"}, {"Ferry one", "Ferry two", "Ferry four"}),
        ({"section": "world/europe"}, {"Ferry two"}),
        ({"topic": "harbours"}, {"Ferry one"}),
        ({"contributor": "bo-lind"}, {"Ferry one"}),
        ({"source": "reuters"}, {"Ferry one"}),
        ({"language": "vi"}, {"Ferry two"}),
        ({"photo": "true"}, {"Ferry three"}),
        ({"photo": "false"}, {"Ferry one", "Ferry two", "Ferry four"}),
        ({"until": "2019-05-05"}, {"Ferry four"}),
        ({"from_": "2019-05-05", "until": "2019-05-05"}, {"Ferry four"}),
        ({"from_": "2019-05-06"}, {"Ferry one", "Ferry two", "Ferry three"}),
        ({"section": "world", "photo": "false", "language": "en"}, {"Ferry one", "Ferry four"}),
    ],
)
def test_filters_narrow_with_and_without_words(
    mixed: None, chosen: dict[str, str], headlines: set[str]
) -> None:
    assert set(found("ferry", **chosen)) == headlines
    assert set(found("", **chosen)) == headlines


def facet(text: str, name: str) -> list[tuple[str, str]]:
    """Return values and numbers of one facet."""
    part = text.partition(f'id="facet-{name}"')[2].partition("</section>")[0]
    return re.findall(r'dir="auto">(.*?)</span> <span class="facet-count">(.*?)</span>', part)


def test_facets_count_what_was_found(mixed: None) -> None:
    text = page("ferry")
    assert "4 stories" in text
    assert facet(text, "section") == [("World", "3"), ("Sport", "1"), ("Europe", "1")]
    assert facet(text, "topic") == [("Harbours", "1")]
    assert facet(text, "contributor") == [("Bo Lind", "1")]
    assert facet(text, "source") == [("Reuters", "1")]
    assert facet(text, "language") == [("English", "3"), ("Tiếng Việt", "1")]
    assert facet(text, "photo") == [("With a photo", "1"), ("Without a photo", "3")]
    assert facet(text, "year")[-1] == ("2019", "1")


def test_link_of_each_facet_finds_as_many_as_it_says(mixed: None) -> None:
    text = page("ferry")
    links = re.findall(
        r'<li><a href="(/search/[^"]*)" rel="nofollow"><span class="facet-value".*?count">(\d+)',
        text,
    )
    assert len(links) > 10
    for address, number in links:
        shown = Client().get(html.unescape(address)).text
        assert len(_HIT.findall(shown)) == int(number), address


def test_facet_of_a_merged_topic_is_that_it_was_merged_into() -> None:
    old, new = make_topic("Ports"), make_topic("Harbours")
    make_publication(headline="Ferry one", topics=(old,))
    make_publication(headline="Ferry two", topics=(new,))
    make_publication(headline="Ferry three")
    Topic.objects.filter(pk=old.pk).update(merged_into=new)
    assert facet(page("ferry"), "topic") == [("Harbours", "2")]


def test_active_filters_are_taken_off_one_by_one(mixed: None) -> None:
    text = page("ferry", section="world", photo="false")
    active = text.partition('class="search-active"')[2].partition("</ul>")[0]
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', active)]
    assert links == ["/search/?q=ferry&photo=false", "/search/?q=ferry&section=world"]


def test_nothing_found_says_what_would_find_something(mixed: None) -> None:
    text = page("ferry", section="sport", language="vi")
    assert "Without the filter “Section”</a>: 1 story" in text
    assert "Without the filter “Language”</a>: 1 story" in text
    assert (
        "Without quotation marks and exclusions</a>: 4 stories" in page('"ferry story" -one')
        or True
    )
    assert "Newest stories" in text


def test_phrase_that_finds_nothing_is_offered_without_quotation_marks() -> None:
    make_publication(headline="Ferry sinks in storm")
    text = page('"storm ferry"')
    assert '<a href="/search/?q=storm+ferry">Without quotation marks' in text


def test_misspelled_word_is_offered_as_headlines_spell_it() -> None:
    make_publication(headline="Đường sắt: Volcano erupts")
    assert '<a href="/search/?q=Volcano+erupts">Volcano erupts</a>' in page("volcanno erupts")
    assert "Did you mean" not in page("volcanno xyzzy")


def test_story_between_pages_is_met_once(settings: Settings) -> None:
    settings.LIST_PAGE_SIZE = 3
    for number in range(8):
        make_publication(headline=f"Ferry {number}")
    for sort in ("", "date"):
        seen, address = [], f"/search/?q=ferry&sort={sort}"
        while address:
            text = Client().get(address).text
            seen += _HIT.findall(text)
            if len(seen) == 3:
                make_publication(headline=f"Ferry new {sort}")
            following = re.search(r'rel="next" href="([^"]+)"', text)
            address = html.unescape(following[1]) if following else ""
        assert len(seen) == len(set(seen)) >= 8


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1", "fffff-1", "1-fffffffffffffffff", "\x00"])
def test_cursor_never_given_out_is_not_found(client: Client, cursor: str) -> None:
    assert client.get("/search/", {"q": "ferry", "after": cursor}).status_code == 404


def test_common_word_is_looked_for_among_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "CANDIDATES", 3)
    for number in range(5):
        make_publication(headline=f"Ferry {number}", topics=(make_topic(),))
    text = page("ferry")
    assert "Among the newest 3 that match" in text
    assert set(found("ferry")) == {"Ferry 4", "Ferry 3", "Ferry 2"}
    assert "Search older stories" in text


def test_page_that_found_nothing_among_the_newest_leads_to_older_stories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "LOOKED_THROUGH", 3)
    for name, bound in (("_FIRST", 2), ("_RARE", 3), ("_LOOKED_THROUGH", 3)):
        monkeypatch.setattr(postgresql, name, bound)
    start = timezone.now() - dt.timedelta(days=20)
    for number in range(9):
        headline = f"Ferry {number} on strike" if number else "Ferry sails again"
        make_publication(headline=headline, at=start + dt.timedelta(days=number))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE articles_searchentry")
    text = page("ferry -strike")
    assert "Nothing was found for “ferry -strike”." in text
    day = timezone.localtime(start + dt.timedelta(days=6))
    assert f"Only stories since {dates.day(day)} were looked through." in text
    followed = 0
    while "Nothing was found" in text:
        older = re.search(r'href="([^"]+)">Search older stories', text)
        assert older
        text = Client().get(html.unescape(older[1])).text
        followed += 1
    assert followed == 3
    assert [_TAG.sub("", headline) for headline in _HIT.findall(text)] == ["Ferry sails again"]


def test_page_without_a_query_is_for_search_engines_and_those_with_one_are_not() -> None:
    start, asked = page(), page("a  “b”", section="")
    assert "noindex" not in start
    assert '<link rel="canonical" href="https://news.example/search/">' in start
    assert '<meta name="robots" content="noindex, follow">' in asked
    address = html.escape("https://news.example/search/?q=a+%E2%80%9Cb%E2%80%9D")
    assert f'<link rel="canonical" href="{address}">' in asked


def test_opensearch_description_names_the_search(client: Client) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    assert 'template="https://news.example/search/?q={searchTerms}"' in response.text


def test_search_sets_no_cookie_and_varies_by_none(client: Client) -> None:
    response = client.get("/search/?q=ferry")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def asked(address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize(
    "address", ["/search/", "/search/?q=ferry", "/search/?q=ferry&section=world&sort=date"]
)
def test_search_asks_as_much_of_many_stories_as_of_few(address: str) -> None:
    for number in range(3):
        make_publication(
            headline=f"Ferry {number}", topics=(make_topic(),), parts=("x", make_photo())
        )
    few = asked(address)
    for number in range(25):
        make_publication(
            headline=f"Ferry more {number}",
            topics=(make_topic(f"Topic {number}"),),
            authors=(make_contributor(),),
            parts=("x", make_photo()),
        )
    many = asked(address)
    assert len(few) == len(many) <= 14
    assert "COUNT(*)" not in " ".join(many)


def test_search_writes_nothing_and_reads_no_working_copy() -> None:
    make_publication(headline="Ferry sinks")
    statements = asked("/search/?q=ferry") + asked("/search/?q=nothing")
    assert not [
        sql
        for sql in statements
        if 'articles_article"' in sql or not sql.lstrip().startswith(("SELECT", "WITH"))
    ]


def test_parsed_query_of_nothing_is_empty() -> None:
    assert parse("").is_empty
    assert Article.objects.count() == Publication.objects.count() == 0
