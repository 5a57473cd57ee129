"""How words are read, queries parsed and extracts cut: what holds of any text."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search import extracts, postgresql, sqlite, stems, words
from articles.search.interface import Entry, Scope, moment_of, place_of
from articles.search.query import MAX_LENGTH, MAX_TERMS, Query, parse, wanted

ANY = st.text(st.characters(), max_size=300)
_WORDY = st.text(st.sampled_from("aàbđ Đé京都カภาक्ष Ж9-\"'“"), max_size=60)


@given(ANY | _WORDY)
def test_any_text_is_read_within_bounds(typed: str) -> None:
    query = parse(typed)
    assert len(query.text) <= MAX_LENGTH
    assert len(query.terms) + len(query.excluded) <= MAX_TERMS
    query.text.encode()
    assert query.text.isprintable() or not query.text


@given(ANY | _WORDY)
def test_what_was_read_reads_the_same_again(typed: str) -> None:
    query = parse(typed)
    again = parse(query.text)
    assert (again.terms, again.excluded) == (query.terms, query.excluded)


@given(ANY | _WORDY)
def test_words_hold_nothing_that_is_syntax_to_a_database(typed: str) -> None:
    for row in wanted(parse(typed)):
        for word in row:
            assert word
            assert not set(word.rstrip(words.PREFIX)) & set("\"'\\*():&|!<>-+^{} \x00")


@given(ANY | _WORDY)
@example("𝑨")
def test_folding_is_done_once(text: str) -> None:
    for token in words.tokens(text):
        assert words.fold(token.text) == token.text


@given(ANY | _WORDY)
def test_tokens_stand_in_the_text_in_order(text: str) -> None:
    starts = [token.start for token in words.tokens(text, "en")]
    assert starts == sorted(starts)
    assert all(0 <= token.start < token.end <= len(text) for token in words.tokens(text, "en"))


@given(_WORDY.filter(lambda text: any(words.readings(text))))
def test_text_of_a_story_is_found_by_itself(text: str) -> None:
    made = [token.text for token in words.tokens(text)]
    reading = words.readings(text)[0]
    beginnings = [made[n : n + len(reading)] for n in range(len(made))]
    assert any(
        len(part) == len(reading) and all(map(words.is_read, reading, part)) for part in beginnings
    )


@given(ANY | _WORDY, st.lists(_WORDY, max_size=3))
def test_pieces_of_an_extract_are_the_text_itself(text: str, asked: list[str]) -> None:
    rows = wanted(parse(" ".join(asked)))
    assert "".join(piece.text for piece in extracts.highlight(text, rows, "en")) == text
    cut = "".join(piece.text for piece in extracts.extract(text, rows, "en", length=40))
    assert cut.removeprefix("… ").removesuffix("\N{NO-BREAK SPACE}…") in text or cut == text


def test_extract_shows_the_place_with_most_different_words() -> None:
    text = "ferry " + "x " * 300 + "a ferry in a storm at sea " + "y " * 300
    shown = "".join(piece.text for piece in extracts.extract(text, [("ferry",), ("storm",)], "en"))
    assert "ferry in a storm" in shown
    assert len(shown) < extracts.LENGTH + 40


def test_phrase_is_marked_only_where_its_words_follow_each_other() -> None:
    pieces = extracts.highlight("sinks ferry, ferry sinks", [("ferri", "sink")], "en")
    assert [piece.text for piece in pieces if piece.is_found] == ["ferry sinks"]


@pytest.mark.parametrize(
    ("typed", "terms", "excluded"),
    [
        ("ferry storm", ["ferry", "storm"], []),
        ('"ferry in storm" calm', ["ferry in storm", "calm"], []),
        ("ferry -storm", ["ferry"], ["storm"]),
        ('-"a b" c', ["c"], ["a b"]),
        ("co-op", ["co-op"], []),
        ("«une école»", ["une école"], []),
        ('open "end of it', ["open", "end of it"], []),
        ("ferry ferry FERRY", ["ferry"], []),
        ("- -- -", [], []),
        ("a*b NEAR", ["a*b", "NEAR"], []),
    ],
)
def test_words_phrases_and_exclusions(typed: str, terms: list[str], excluded: list[str]) -> None:
    query = parse(typed)
    assert [term.text for term in query.terms] == terms
    assert [term.text for term in query.excluded] == excluded


@pytest.mark.parametrize(
    "forms",
    [
        "harbour harbours", "reopen reopens reopened reopening", "close closed closing closes",
        "story stories", "hope hopes hoping hoped", "hop hops hopped hopping",
        "agree agreed agrees",
        "announce announced announcing", "rise rising rises", "study studied studies studying",
        "plan planned planning plans", "news", "police", "party parties partied",
    ],
)  # fmt: skip
def test_forms_of_an_english_word_meet(forms: str) -> None:
    assert len({stems.english(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["hope hop", "news new", "universe university", "police policy", "may mai"]
)
def test_different_english_words_stay_apart(pair: str) -> None:
    first, second = map(stems.english, pair.split())
    assert first != second


def test_every_word_of_a_reader_s_is_quoted_for_both_databases() -> None:
    query, scope = parse('ferry "in a storm" -NOT'), Scope(marks=(("section1", "section2"),))
    text = sqlite.expression(query, scope)
    assert '"NOT"' not in text
    assert '{headline summary names body} : ("in a storm"' in text
    assert text.startswith('(marks : ("section1" OR "section2") AND ')
    text = postgresql.expression(query, scope)
    assert text.startswith("('=section1' | '=section2') & (('ferry')")
    assert "('in' <-> 'a' <-> 'storm')" in text
    assert "!(('not')" in text


def test_query_without_words_asks_for_every_story() -> None:
    assert sqlite.expression(Query(), Scope()) == 'marks : "every"'
    assert postgresql.expression(Query(), Scope()) == "('=every')"


def test_vector_keeps_positions_and_words_in_the_bounds_of_postgresql() -> None:
    many = ["a"] * 300 + ["b" * 3000] + [f"w{n}" for n in range(20_000)]
    texts = {"headline": "h", "summary": "", "body": " ".join(many), "names": "n"}
    text = postgresql.vector(Entry(1, 1, texts, ("photo1",)))
    assert text.startswith("'h':1A ")
    assert text.endswith("'=every' '=photo1'")
    assert text.partition("'a':")[2].partition(" ")[0].count(",") == 254
    assert f"'{'b' * 500}':" in text
    assert "'w19999':16383C" in text


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_places_lead_back_to_their_second(moment: dt.datetime) -> None:
    assert moment_of(place_of(moment)) == moment.replace(microsecond=0)
