"""Bytes that are no clean text: refused with a reason, or read with what was done flagged."""

import pytest

from articles.importing import wordcheck
from articles.importing.readers.seed import read
from articles.importing.readers.seed.decoding import decode

STORY = "Ferry stops at noon\nThe ferry to Ansty stopped at noon on Wednesday.\nNobody was hurt.\n"


def read_text(text: str):
    return read(text.encode(), "story.txt")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "empty_file"),
        (b" \n\r\n\t", "whitespace_only"),
        ("\ufeff\u00a0\n".encode(), "whitespace_only"),
        (b"\x89PNG\r\n\x1a\nabc", "not_text"),
        (b"\xff\xd8\xff\xe0JFIF", "not_text"),
        (b"%PDF-1.7 text", "not_text"),
        (b"PK\x03\x04rest", "not_text"),
        (b"\x1f\x8b\x08rest", "not_text"),
        (b"\x7fELFrest", "not_text"),
        (b"a\x00b\x00c\x00", "not_text"),
        (b"caf\xe9 \x81\x8d", "undecodable"),
        (b"---|\n***\n", "no_words"),
        (b"x" * (16 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_file_that_is_no_story_is_refused_with_a_reason(data: bytes, error: str) -> None:
    article = read(data, "bad.txt")
    assert (article.outcome, article.error) == ("rejected", error)
    assert article.to_json()["error"] == error


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark_decides_the_encoding(encoding: str) -> None:
    article = read(STORY.encode(encoding), "story.txt")
    assert article.headline == "Ferry stops at noon"
    assert "bom_removed" in article.flags
    assert article.outcome == "imported"


def test_windows_1252_is_guessed_and_flagged() -> None:
    article = read(
        "Caf\u00e9 \u201eMerrow\u201c reopens\nThe caf\u00e9 is open.\n".encode("cp1252"), "c.txt"
    )
    assert article.headline == "Café „Merrow“ reopens"
    assert "encoding_guessed" in article.flags
    assert article.outcome == "needs_editor"


def test_line_numbers_count_physical_lines_whatever_ends_them() -> None:
    decoded = decode(b"one\r\ntwo\rthree\nfour")
    assert [(line.n, line.text) for line in decoded.lines] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
        (4, "four"),
    ]


def test_entities_are_decoded_once() -> None:
    article = read_text("A &amp; B\nHill &amp;lt; Vale pays &#8364;5 &bogus; today.\n")
    assert article.headline == "A & B"
    assert article.body[0].text == "Hill &lt; Vale pays €5 &bogus; today."
    assert "entities_decoded" in article.flags


def test_joiners_inside_words_stay_and_invisible_letters_go() -> None:
    text = decode("می\u200cخواهم so\u00adft \u200bzero 👨\u200d👩".encode()).lines[0].text
    assert text == "می\u200cخواهم soft zero 👨\u200d👩"


def test_terminal_escapes_go_whole_and_are_flagged() -> None:
    article = read_text(
        "\x1b[1mFerry\x1b[0m stops\nThe ferry stop\x07ped at noon on Wednesday.\n" * 1
    )
    assert article.headline == "Ferry stops"
    assert article.body[0].text == "The ferry stopped at noon on Wednesday."
    assert "control_characters_removed" in article.flags


@pytest.mark.parametrize(
    "text", ["It’s “big” — café", "Привет мир", "東京都知事", "Cầu Tràm Lụa", "नमस्ते दुनिया"]
)
def test_garbled_line_is_repaired_when_it_goes_back_whole(text: str) -> None:
    garbled = "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    decoded = decode(garbled.encode())
    assert decoded.lines[0].text == text
    assert "mojibake_repaired" in decoded.flags


def test_garbled_line_that_does_not_go_back_is_left_and_flagged() -> None:
    decoded = decode("Itâ€™s cafÃ© № 5 世".encode())
    assert decoded.lines[0].text == "Itâ€™s cafÃ© № 5 世"
    assert "mojibake_suspected" in decoded.flags


@pytest.mark.parametrize(
    "text", ["Il dit : café\u00a0».", "KŘÍŽ a LIBERTÉ\u00a0:", "«está»", "AMANHÃ”", "À la fête"]
)
def test_ordinary_text_is_not_taken_for_garbled(text: str) -> None:
    assert not {"mojibake_repaired", "mojibake_suspected"} & set(decode(text.encode()).flags)


def test_very_long_line_is_kept_whole() -> None:
    data = ("Title\n" + "word " * 5000).encode()
    article = read(data, "long.txt")
    assert article.body[0].text.count("word") == 5000
    assert "very_long_line" in article.flags
    assert wordcheck.check(data, article).clean


@pytest.mark.parametrize(
    "tail",
    [
        "[" * 20_000,
        "![](" * 5_000,
        "**" * 5_000,
        "|" * 20_000,
        "(" * 20_000,
        "<" * 20_000,
        "“" * 9_000,
    ],
    ids=["brackets", "images", "stars", "bars", "parentheses", "angles", "quotes"],
)
def test_runs_of_signs_are_read_in_no_time_and_lose_nothing(tail: str) -> None:
    data = f"Title of it\nSome text stands here.\n{tail}\n".encode()
    assert wordcheck.check(data, read(data, "signs.txt")).clean
