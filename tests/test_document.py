"""The document's JSON, digest, texts and block ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import document
from articles.document import Document, Inline, Mark, Paragraph, inline
from articles.exceptions import DocumentError
from tests.strategies import documents

PHOTO = "7b0c9f5e-0000-4000-8000-000000000001"
ANY = documents(
    photos=[PHOTO],
    contributors=[PHOTO],
    sources=[PHOTO],
    articles=[PHOTO],
    topics=["a"],
    users=["u"],
)


@given(ANY)
def test_json_and_back_is_the_identity(story: Document) -> None:
    again = document.from_json(story.to_json())
    assert again == story
    assert again.digest() == story.digest()


def test_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert document.digest({"a": 1, "b": [2]}) == document.digest({"b": [2], "a": 1})


def test_a_changed_letter_changes_the_digest() -> None:
    assert Document(headline="Port").digest() != Document(headline="Fort").digest()


@pytest.mark.parametrize("stored", [{}, {"schema": "newsroom-document/99"}, {"headline": "x"}, []])
def test_an_unknown_schema_is_refused_by_name(stored: object) -> None:
    with pytest.raises(DocumentError, match=r"schema|object"):
        document.from_json(stored)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "extra", [{"body": [{"type": "video"}]}, {"bylines": [{"x": 1}]}, {"colour": "red"}]
)
def test_a_malformed_document_is_refused(extra: dict) -> None:
    with pytest.raises(DocumentError, match="not a document"):
        document.from_json({"schema": document.SCHEMA, **extra})


def test_an_older_schema_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(old: dict) -> dict:
        return {"schema": document.SCHEMA, "headline": old["title"]}

    monkeypatch.setitem(document.UPGRADES, "newsroom-document/0", rename)
    story = document.from_json({"schema": "newsroom-document/0", "title": "Port"})
    assert story.headline == "Port"


def test_inline_folds_blanks_and_moves_marks_along() -> None:
    assert inline("  a   b \n c ", [Mark("strong", 6, 7)]) == Inline(
        "a b\nc", (Mark("strong", 2, 3),)
    )


def test_adjacent_marks_of_a_kind_become_one() -> None:
    content = inline("abcd", [Mark("em", 0, 2), Mark("em", 2, 4)])
    assert content.marks == (Mark("em", 0, 4),)


def test_overlapping_links_share_no_words() -> None:
    content = inline("abcd", [Mark("link", 0, 3, "/a"), Mark("link", 2, 4, "/b")])
    assert content.marks == (Mark("link", 0, 3, "/a"), Mark("link", 3, 4, "/b"))


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_inline_is_idempotent(text: str, start: int, end: int) -> None:
    once = inline(text, [Mark("em", start, end)])
    assert inline(once.text, once.marks) == once


def test_block_ids_come_from_the_words_and_are_unique() -> None:
    one, two, three = document.with_ids([Paragraph(Inline(text)) for text in ("a", "b", "a")])
    assert len({one.id, two.id, three.id}) == 3
    assert document.with_ids([Paragraph(Inline("b"))])[0].id == two.id


def test_a_doubled_block_id_stays_with_the_first() -> None:
    blocks = document.with_ids([Paragraph(Inline("a"), "abcd"), Paragraph(Inline("b"), "abcd")])
    assert blocks[0].id == "abcd"
    assert blocks[1].id != "abcd"


@pytest.mark.parametrize(
    ("text", "words"), [("one two", 2), ("", 0), ("新华社北京电", 3), ("a  b\nc", 3)]
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert document.count_words(text) == words
