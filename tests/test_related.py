"""Related and earlier stories: which are shown under a story, in what order, and until when."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from articles import document, related
from articles.choices import RelatedKind
from articles.models import Article, Publication, RelatedLink, StoryTerm, Term, TextPrint
from articles.public import unchanged
from articles.related import blocks, prints, ranking, terms, words
from articles.related.words import Text
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_photo,
    make_publication,
    make_section,
    make_topic,
    make_user,
    publish,
    publisher,
    schedule,
)

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

STRIKE = "Pilots of the Averil Strait said on {day} that Orla Venn had broken her word on wages."
PORT = "The pilots bring tankers into Port Lisne, and {n} of them have refused night shifts."
TALKS = "Orla Venn, who runs the Strait Authority, called talks in Lisne on {day} and left early."
CHEESE = "A dairy in Torvik won the goat cheese prize with a recipe from {n} years ago."
GOATS = "Torvik keeps {n} goats on salt meadows, and the dairy has sold out until {day}."


def tell(headline: str, *sentences: str, at: dt.datetime = NOON, **values: Any) -> Publication:
    """Publish a story of some sentences; their days and numbers differ from story to story."""
    n = sum(map(ord, headline)) % 80
    days = ("Monday", "Tuesday", "Friday")
    parts = tuple(text.format(day=days[n % 3], n=n + 12) for text in sentences)
    return make_publication(make_article(headline, parts=parts, **values), at=at)


def under(publication: Publication, at: dt.datetime | None = None) -> list[str]:
    """Return the headlines of the related block."""
    return [story.title for story in _blocks(publication, at).related]


def before(publication: Publication, at: dt.datetime | None = None) -> list[str]:
    return [story.title for story in _blocks(publication, at).earlier]


def _blocks(publication: Publication, at: dt.datetime | None) -> related.Blocks:
    shown = Publication.objects.get(pk=publication.pk)
    return related.make_blocks(shown, at or timezone.now())


def pin(article: Article, **values: Any) -> Publication:
    """Add a related link to a published article, and publish it again."""
    RelatedLink.objects.create(article=article, **values)
    return publish(change(article, kicker=f"Pins {article.related_links.count()}"))


def test_story_with_the_same_names_is_proposed_and_one_without_is_not() -> None:
    tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    tell("Goat cheese wins a prize", CHEESE, GOATS, at=NOON - DAY)
    assert under(tell("Talks on pay fail", TALKS, PORT)) == ["Pilots threaten to strike"]


def test_story_appears_in_the_second_in_which_it_goes_live() -> None:
    talks = tell("Talks on pay fail", TALKS, PORT)
    moment = timezone.now() + HOUR
    article = make_article("Pilots strike", parts=(STRIKE.format(day="Monday"), PORT.format(n=3)))
    schedule(article, at=moment)
    assert "Pilots strike" not in under(talks, moment - dt.timedelta(microseconds=1))
    assert under(talks, moment) == ["Pilots strike"]


def test_page_of_the_past_shows_what_was_listed_then_under_its_headline_of_then() -> None:
    first = tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT)
    then = timezone.now()
    publish(change(first.article, headline="Pilots call off their strike"))
    assert under(talks, then) == ["Pilots threaten to strike"]
    assert under(talks) == ["Pilots call off their strike"]
    assert under(talks, NOON - 301 * DAY) == []


@pytest.mark.parametrize("step", ["retract", "archive", "kill"])
def test_withdrawn_story_leaves_the_related_block_at_the_next_request(
    client: Client, step: str
) -> None:
    other = tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY).article
    url = tell("Talks on pay fail", TALKS, PORT).get_absolute_url()
    assert "Pilots threaten" in client.get(url).text
    if step == "retract":
        transitions.retract(other, by=publisher(), note="It was not so.")
    elif step == "archive":
        transitions.archive(other, by=publisher(), reason="Old.")
    else:
        transitions.request_kill(other, by=publisher(), reason="A court.")
        transitions.kill(other, by=make_user(), reason="A court.")
    assert "Pilots threaten" not in client.get(url).text


def test_no_word_of_a_killed_story_stays_in_the_tables() -> None:
    tell("Goat cheese wins a prize", CHEESE, GOATS)
    killed = tell("Pilots threaten to strike", STRIKE, PORT).article
    transitions.request_kill(killed, by=publisher(), reason="A court.")
    transitions.kill(killed, by=make_user(), reason="A court.")
    kept = set(Term.objects.values_list("text", flat=True))
    assert "n:torvik" in kept
    assert not [text for text in kept if "pilot" in text or "venn" in text]
    assert Term.objects.get(text="").documents == TextPrint.objects.count() == 1


def test_near_copies_stand_once_and_not_under_each_other() -> None:
    text = [sentence.format(day="Monday", n=n) for n in range(7) for sentence in (STRIKE, PORT)]
    tell("Pilots threaten to strike", *text, at=NOON - 300 * DAY)
    tell("Strait pilots may walk out", *text, "A word more.", at=NOON - 299 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT)
    assert under(talks) == ["Strait pilots may walk out"]
    copy = tell("Pilots want more", *text, "At the end.", at=NOON - DAY)
    assert under(copy) == ["Talks on pay fail"]


def test_stories_of_one_headline_stand_once() -> None:
    for number in range(3):
        at = NOON - (200 + number) * DAY
        tell("Pilots strike", STRIKE, PORT, at=at, slug=f"pilots-{number}")
    assert under(tell("Talks on pay fail", TALKS, PORT)) == ["Pilots strike"]


def test_pins_come_first_and_are_not_proposed_again() -> None:
    tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    cheese = tell("Goat cheese wins a prize", CHEESE, GOATS)
    talks = tell("Talks on pay fail", TALKS, PORT)
    pinned = pin(talks.article, related=cheese.article)
    assert under(pinned) == ["Goat cheese wins a prize", "Pilots threaten to strike"]


def test_expired_pin_is_shown_only_if_it_is_proposed_by_itself() -> None:
    strike = tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    cheese = tell("Goat cheese wins a prize", CHEESE, GOATS)
    talks = tell("Talks on pay fail", TALKS, PORT).article
    end = timezone.now() + HOUR
    pin(talks, related=cheese.article, pinned_until=end)
    page = pin(talks, related=strike.article, pinned_until=end, position=1)
    assert under(page) == ["Goat cheese wins a prize", "Pilots threaten to strike"]
    assert under(page, end) == ["Pilots threaten to strike"]
    assert blocks.next_change(page, timezone.now()) == end
    assert blocks.next_change(page, end) is None


def test_dismissed_story_is_not_proposed() -> None:
    strike = tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT, section=make_section("Business"))
    page = pin(talks.article, related=strike.article, kind=RelatedKind.DISMISSED)
    assert under(page) == []


def test_what_came_before_in_the_same_matter_stands_apart_in_its_order() -> None:
    for number in (3, 1, 2):
        tell(f"Pilots, day {number}", STRIKE, PORT, at=NOON - (10 - number) * DAY)
    old = tell("Pilots, a year ago", STRIKE, PORT, at=NOON - 365 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT)
    assert before(talks) == ["Pilots, day 1", "Pilots, day 2", "Pilots, day 3"]
    assert under(talks) == ["Pilots, a year ago"]
    assert before(old) == []


def test_editor_sets_what_came_before_by_hand() -> None:
    cheese = tell("Goat cheese wins a prize", CHEESE, GOATS, at=NOON - 400 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT, section=make_section("Business"))
    page = pin(talks.article, related=cheese.article, kind=RelatedKind.EARLIER)
    assert before(page) == ["Goat cheese wins a prize"]
    assert under(page) == []


def test_block_holds_five_stories_or_as_many_pins_as_there_are() -> None:
    others = [tell(f"Pilots, part {n}", STRIKE, PORT, at=NOON - (100 + n) * DAY) for n in range(8)]
    talks = tell("Talks on pay fail", TALKS, PORT).article
    assert len(under(talks.publications.get())) == 5
    for position, other in enumerate(others[:6]):
        RelatedLink.objects.create(article=talks, related=other.article, position=position)
    assert len(under(publish(change(talks, kicker="Six")))) == 6


def test_one_chance_word_brings_no_story_of_another_section() -> None:
    tell("Goat cheese wins a prize", CHEESE, section=make_section("Food"), at=NOON - DAY)
    dairy = tell("Dairy union elects its board", "The dairy union voted on {day} with {n} members.")
    assert under(dairy) == []


def test_without_shared_words_the_newest_of_the_topic_is_shown_then_of_the_section() -> None:
    world, business = make_section("World"), make_section("Business")
    tell("Goat cheese wins a prize", CHEESE, at=NOON - 9 * DAY, section=world)
    lone = tell("Rain in the hills", "It rained.", section=world)
    assert under(lone) == ["Goat cheese wins a prize"]
    topic = make_topic("Weather")
    tell("Sun", "The sun shone.", at=NOON - 8 * DAY, section=business, topics=(topic,))
    topical = tell("Hail", "It hailed.", section=world, topics=(topic,))
    assert under(topical)[0] == "Sun"


def test_story_alone_in_its_section_has_no_block(client: Client) -> None:
    tell("Goat cheese wins a prize", CHEESE, section=make_section("Business"))
    page = client.get(tell("Rain in the hills", "It rained.").get_absolute_url()).text
    assert 'class="related' not in page


def test_story_in_another_language_is_shown_only_if_there_is_none_in_the_same() -> None:
    french = "Les pilotes de Port Lisne reprochent à Orla Venn ses horaires au Strait Authority."
    tell("Les pilotes en colère", french, language="fr", at=NOON - 300 * DAY)
    talks = tell("Talks on pay fail", TALKS, PORT)
    assert under(talks) == ["Les pilotes en colère"]
    tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY)
    assert under(talks) == ["Pilots threaten to strike"]


def test_terms_of_a_text_that_ended_are_dropped_and_counted_no_more() -> None:
    story = tell("Goat cheese wins a prize", CHEESE, GOATS).article
    publish(change(story, headline="Rain", body="<p>It rained on the chapel.</p>"))
    assert StoryTerm.objects.values("publication").distinct().count() == 1
    assert not Term.objects.filter(text="n:torvik").exists()
    for term in Term.objects.exclude(text=""):
        assert term.documents == term.uses.count()


def test_terms_that_stay_are_counted_as_before() -> None:
    story = tell("Goat cheese wins a prize", CHEESE, GOATS).article
    tell("Another goat cheese", CHEESE)
    before = dict(Term.objects.values_list("text", "documents"))
    publish(change(story, kicker="Food"))
    assert dict(Term.objects.values_list("text", "documents")).items() >= before.items()
    for term in Term.objects.exclude(text=""):
        assert term.documents == term.uses.count()


def test_terms_made_anew_are_those_that_were_written_with_the_stories() -> None:
    tell("Goat cheese wins a prize", CHEESE, GOATS)
    gone = tell("Pilots threaten to strike", STRIKE, PORT)
    tell("Talks on pay fail", TALKS, PORT)
    transitions.retract(gone.article, by=publisher(), note="It was not so.")
    kept = set(StoryTerm.objects.values_list("publication", "term__text", "weight"))
    counted = dict(Term.objects.values_list("text", "documents"))
    assert related.rebuild() == 2
    assert set(StoryTerm.objects.values_list("publication", "term__text", "weight")) == kept
    assert dict(Term.objects.values_list("text", "documents")) == counted


def test_pins_and_kinds_are_sealed_and_links_without_them_read_as_before() -> None:
    other = tell("Goat cheese wins a prize", CHEESE)
    story = tell("Talks on pay fail", TALKS)
    plain = pin(story.article, related=other.article)
    assert plain.related == [{"article": str(other.article.uuid), "title": "", "url": ""}]
    ended = pin(story.article, title="A", url="/a/", pinned_until=NOON, kind=RelatedKind.EARLIER)
    assert ended.related[1] == {
        "article": "", "title": "A", "url": "/a/", "kind": "earlier",
        "pinned_until": NOON.isoformat(),
    }  # fmt: skip
    row = document.from_json(ended.revision.document).related[0]
    assert "kind" not in document.Document(related=(row,)).to_json()["related"][0]


def test_page_shows_section_time_picture_and_where_a_link_leads(client: Client) -> None:
    tell("Pilots threaten to strike", STRIKE, PORT, at=NOON - 300 * DAY, kicker="Shipping")
    talks = tell("Talks on pay fail", TALKS, PORT)
    page = pin(talks.article, title="The law", url="https://law.example/strikes")
    text = client.get(page.get_absolute_url()).text
    block = text[text.index('class="related"') :].split("</section>")[0]
    assert '<a href="https://law.example/strikes" rel="noopener external">The law</a>' in block
    assert "on law.example" in block
    assert re.search(r"Shipping</span>.*<time datetime=\"2025-05-05", block)


def queries(client: Client, url: str) -> list[str]:
    """Return the statements of a page that was not asked for before."""
    unchanged.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in captured]


def test_page_asks_as_much_with_one_proposal_as_with_many(client: Client) -> None:
    tell("Pilots, part 0", STRIKE, PORT, make_photo().caption, at=NOON - 300 * DAY)
    url = tell("Talks on pay fail", TALKS, PORT).get_absolute_url()
    few = queries(client, url)
    for number in range(12):
        tell(f"Pilots, more {number}", STRIKE, PORT, at=NOON - (number + 1) * DAY)
    many = queries(client, url)
    assert len(many) == len(few)
    assert sum("storyterm" in sql for sql in many) == 2


def test_what_stories_share_is_asked_again_once_terms_were_written(client: Client) -> None:
    tell("Pilots threaten to strike", STRIKE, PORT)
    url = tell("Talks on pay fail", TALKS, PORT).get_absolute_url()
    first, second = queries(client, url), queries(client, url)
    assert len(second) == len(first) - 1
    tell("Port closed by strike", STRIKE, PORT)
    assert len(queries(client, url)) == len(first)
    assert "Port closed by strike" in client.get(url).text


def test_answer_that_is_newer_than_its_terms_is_not_kept() -> None:
    tell("Pilots threaten to strike", STRIKE, PORT)
    subject = ranking.subject_of(tell("Talks on pay fail", TALKS, PORT))
    for headline in ("Pilots strike", "Port closed by strike"):
        late = tell(headline, STRIKE, PORT)
        found = ranking.matches(subject, timezone.now())
        assert late.pk in [match.publication for match in found]


def plan(sql: str, params: list[int | float | str]) -> str:
    """Return how the database would answer, as for tables too large to read through."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return "\n".join(str(row) for row in cursor.fetchall())


def test_candidates_are_read_off_the_index_of_a_term() -> None:
    talks = tell("Talks on pay fail", TALKS, PORT)
    tell("Pilots threaten to strike", STRIKE, PORT)
    subject = ranking.subject_of(talks)
    how = plan(*ranking._query(subject, subject.asked(), NOON))
    assert how.count("story_term_newest") == len(subject.asked())
    assert "SCAN articles_storyterm" not in how
    assert "Seq Scan on articles_storyterm" not in how
    assert "TEMP B-TREE FOR ORDER BY" not in how.split("MATERIALIZE")[0]


FRAGMENTS = (STRIKE, PORT, TALKS, CHEESE, GOATS)
_numbers = itertools.count(1)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    stories=st.lists(
        st.tuples(
            st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4),
            st.sampled_from(("live", "retracted", "to come")),
            st.sampled_from(("A headline", "Another", "")),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_nothing_is_shown_twice_nor_itself_nor_what_is_not_listed(stories: list[Any]) -> None:
    shown = []
    for sentences, state, headline in stories:
        number = next(_numbers)
        at = timezone.now() + HOUR if state == "to come" else NOON - number * HOUR
        headline = headline or f"Story {number}"
        story = tell(headline, *sentences, at=at, slug=f"story-{number}")
        if state == "retracted":
            transitions.retract(story.article, by=publisher(), note="It was not so.")
        shown.append(story)
    now = timezone.now()
    listed = set(Publication.objects.listed(now).values_list("pk", flat=True))
    for story in shown:
        found = _blocks(story, now)
        rows = [one.publication for one in (*found.earlier, *found.related) if one.publication]
        articles = [row.article_id for row in rows]
        headlines = [row.headline for row in rows]
        assert story.article_id not in articles
        assert len(set(articles)) == len(articles)
        assert len({*headlines, story.headline}) == len(headlines) + 1
        assert {row.pk for row in rows} <= listed


# What a text is about


def keys(text: str, language: str = "en", **values: Any) -> set[str]:
    return set(words.weigh(Text(body=text, language=language, **values)))


def test_names_are_found_and_a_later_surname_counts_for_the_whole_name() -> None:
    found = words.weigh(
        Text(body="Minister Ada Weil left. In Lisne, Weil’s aides spoke to the Bank of Quell.")
    )
    assert {"n:ada weil", "n:lisne", "n:bank of quell"} <= set(found)
    assert "n:weil" not in found
    assert "n:in lisne" not in found
    assert found["n:ada weil"].weight > found["n:lisne"].weight


def test_first_word_of_a_sentence_is_no_name_and_small_words_say_nothing() -> None:
    found = keys("Boats sank. The boats were old, and there were many.")
    assert found == {"w:en:boat", "w:en:sank"}


def test_name_is_the_same_in_every_language_and_a_word_is_not() -> None:
    english, french = keys("He met Zoë Müller there."), keys("Il a vu Zoe Muller hier.", "fr")
    assert english & french == {"n:zoe muller"}


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ruộng bậc thang", "vi", "w:vi:ruộng bậc"),
        ("東京の新しい橋", "ja", "w:ja:東京"),
        ("สะพานใหม่", "th", "w:th:สะ"),
        ("شباك الضباب", "ar", "w:ar:الضباب"),
        ("नया पुल", "hi", "w:hi:पुल"),
    ],
)
def test_words_are_found_in_scripts_without_blanks_or_capitals(
    text: str, language: str, expected: str
) -> None:
    assert expected in keys(text, language)


def test_headline_weighs_more_than_body() -> None:
    found = words.weigh(Text(headline="Ferry aground", body="A trawler helped."))
    assert found["w:en:ferry"].weight > found["w:en:trawler"].weight


def test_topic_source_and_section_are_terms() -> None:
    text = Text(topics=(("rail", "Rail"),), sources=(("ap", "AP"),), section="world/europe")
    assert set(words.weigh(text)) == {"t:rail", "s:ap", "x:world/europe", "x:world"}


def test_print_tells_near_copies_from_other_texts() -> None:
    text = " ".join(f"{n} boats left pier {n * 7 % 31} for Lisne at {n}" for n in range(40))
    changed = text.replace("3 boats", "three boats") + " More follows."
    other = " ".join(f"goat {n} gave cup {n * 5 % 17} of milk to Torvik" for n in range(60))
    assert prints.are_copies(prints.text_print(text), prints.text_print(changed))
    assert not prints.are_copies(prints.text_print(text), prints.text_print(other))


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.lists(st.integers(0, 63), max_size=16))
def test_copies_share_ten_of_sixteen_numbers(first: int, flipped: list[int]) -> None:
    second = first
    for bit in flipped:
        second ^= (1 << bit) if bit < 63 else -(1 << 63)
    same = sum(first >> 4 * slot & 15 == second >> 4 * slot & 15 for slot in range(16))
    assert prints.are_copies(first, second) == (bool(first and second) and same >= 10)
    assert prints.text_print("Too short to tell.") == 0


def test_any_text_can_be_weighed_and_stored(settings: Settings) -> None:
    wild = "A\u0301'’-’ \ufdfa 𝔸𝔹ℂ İstanbul " + "x" * 500 + " Ñ\u200cو ı"
    tell("Wild", wild, kicker="K")
    assert max(len(text) for text in Term.objects.values_list("text", flat=True)) <= 100


def test_day_of_a_story_is_counted_in_utc() -> None:
    assert terms.day_of(dt.datetime(1970, 1, 2, 1, tzinfo=dt.timezone(2 * HOUR))) == 0
    assert terms.day_of(dt.datetime(1969, 12, 31, tzinfo=dt.UTC)) == -1
