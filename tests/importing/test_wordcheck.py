"""The word check sees what is lost, invented or left without a fate."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing import wordcheck
from articles.importing.readers.seed import read
from articles.importing.readers.seed.structure import Paragraph

DATA = (
    b"Ferry to Ansty stops\n"
    b"By Ida Corvell\n"
    b"The ferry stopped at noon, the [town register](https://merrow.example.org/r) says.\n"
    b"Nobody was hurt.\n"
    b"Source: VNA\n"
)


def article():
    return read(DATA, "ferry.txt")


def test_reading_that_keeps_everything_is_clean() -> None:
    found = wordcheck.check(DATA, article())
    assert found.clean
    assert str(found) == "every word has one home"


def test_dropped_paragraph_is_lost_words() -> None:
    damaged = article()
    damaged.body.pop()
    found = wordcheck.check(DATA, damaged)
    assert set(found.lost) == {"nobody", "was", "hurt"}
    assert not found.clean


def test_added_word_is_invented() -> None:
    damaged = article()
    damaged.body.append(Paragraph("reportedly"))
    assert dict(wordcheck.check(DATA, damaged).invented) == {"reportedly": 1}


def test_word_in_two_homes_is_invented_once() -> None:
    damaged = article()
    damaged.standfirst = "Nobody"
    assert dict(wordcheck.check(DATA, damaged).invented) == {"nobody": 1}


def test_link_target_must_be_found_again() -> None:
    damaged = article()
    for block in damaged.body:
        if isinstance(block, Paragraph):
            block.links = []
    assert wordcheck.check(DATA, damaged).missing_targets == ["https://merrow.example.org/r"]


def test_line_without_a_fate_is_named() -> None:
    damaged = article()
    damaged.lines = [fate for fate in damaged.lines if fate.n != 4]
    assert wordcheck.check(DATA, damaged).lines_without_fate == [4]


def test_rejected_document_has_nothing_to_check() -> None:
    assert wordcheck.check(b"", read(b"", "empty.txt")).clean


def test_uncertain_line_without_a_place_is_a_home() -> None:
    data = b"Title here\nText stands here.\nSource: VNA\nsome odd leftover words\n"
    found = read(data, "x.txt")
    assert [entry.placed for entry in found.uncertain] == [None]
    assert wordcheck.check(data, found).clean
    without = dataclasses.replace(found, uncertain=[])
    assert set(wordcheck.check(data, without).lost) == {"some", "odd", "leftover", "words"}


PIECES = st.sampled_from(
    [
        "By Jo Ba\n",
        "![](",
        "](x)",
        "|",
        " | ",
        "---|\n",
        "**",
        "*",
        "- ",
        "> ",
        "# ",
        "\n",
        "\n\n",
        "&amp;",
        "[a](/b)",
        "![c](d.png) |\n",
        "Photo: VNA |\n",
        "VNA\n",
        "Related\n",
        "words ",
        "Text here.\n",
        "3 July 2017\n",
        "<b>",
        "\\",
        "\u00a0",
        "\u3000",
        "é",
        "新",
        "م",
        "./.",
        "— VNS\n",
        "Tags: a, b\n",
        "[x](javascript:y)",
        "_",
        "`",
        "1. ",
        "\t",
        "Read more: ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_mixture_of_signs_loses_a_word(text: str) -> None:
    data = text.encode()
    found = read(data, "mixture.txt")
    assert wordcheck.check(data, found).clean
    assert found.unaccounted == []


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    found = read(data, "bytes.txt")
    assert found.outcome in ("imported", "needs_editor", "rejected")
    assert wordcheck.check(data, found).clean
