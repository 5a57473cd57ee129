"""Texts in plain letters are read on a shorter way, with what the way for all scripts gives."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import letters
from articles.letters import Memo
from articles.related import prints, words
from articles.related.words import Text

_PIECES = [
    "The ", "of ", "Minnesota ", "President ", "Ada Weil ", "Weil ", "van ", "de ", "said, ",
    "council’s ", "Councils' ", "ministries ", "U.S. ", "in 2009 Maria ", "at 5:30 Maria ",
    "St. Paul", "O’Brien-Smith ", "“", "”", "‘", "–", "—", "…", "\u00a0", "_", "a--b", "\n", ". ",
]  # fmt: skip
PLAIN = st.lists(
    st.one_of(
        st.sampled_from(_PIECES), st.text(st.characters(min_codepoint=32, max_codepoint=126))
    ),
    max_size=40,
).map("".join)
ANY = st.lists(st.one_of(st.text(max_size=9), st.sampled_from(_PIECES)), max_size=60).map("".join)


@given(PLAIN)
def test_words_of_plain_texts_are_those_of_all_texts(text: str) -> None:
    plain = letters.plain(text)
    assert plain is not None
    assert letters.words(plain) == re.findall(r"\w+", text)


@pytest.mark.parametrize("text", ["Đường", "naïve", "e\u0301", "a\u2010b", "漢字", "\u200b"])
def test_other_letters_and_signs_are_not_plain(text: str) -> None:
    assert letters.plain(f"Plain {text} words") is None


@given(PLAIN, PLAIN, st.sampled_from(["en", "de", "vi"]))
def test_terms_of_plain_texts_are_those_of_all_texts(body: str, head: str, language: str) -> None:
    text = Text(headline=head, standfirst=head, body=body, language=language)
    with pytest.MonkeyPatch.context() as patch:
        short = words.weigh(text)
        patch.setattr(letters, "plain", lambda text: None)
        assert words.weigh(text) == short
    assert words.weights(text) == {key: one.weight for key, one in short.items()}


@given(ANY)
def test_a_print_holds_the_smallest_shingle_of_each_sixteenth(body: str) -> None:
    body = f"{body} " * 3 + "Ferries to the island stay in port until the wind has turned again."
    assert prints.text_print(body) == _printed(prints._ANY.findall(body.casefold()))


def _printed(found: list[str]) -> int:
    """Return a print in the plainest way: shingle by shingle, in order."""
    hashes = [int.from_bytes(prints._hashed(word), "little") for word in found]
    factors = (prints._FIRST, prints._SECOND, prints._THIRD)
    shingles = sorted(
        {
            sum(number * factor for number, factor in zip(three, factors, strict=True)) % (1 << 64)
            for three in zip(hashes, hashes[1:], hashes[2:], strict=False)
        }
    )
    if len(shingles) < 40:
        return 0
    out = 0
    for slot in range(16):
        smallest = next((one for one in shingles if one >= slot << 60), shingles[0])
        out = out << 4 | smallest >> 20 & 15
    return out - (1 << 64) if out >> 63 else out


def test_a_memo_makes_each_word_once_and_forgets_when_it_is_full() -> None:
    made: list[str] = []

    def length(word: str) -> int:
        made.append(word)
        return len(word)

    memo = Memo(length, most=2)
    assert [memo[word] for word in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert made == ["a", "bb", "ccc", "a"]
