"""Joining two people's work on one story: each keeps every word, or is shown the conflict."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import document
from articles.changes.align import plain
from articles.changes.classify import propose
from articles.changes.compare import compare
from articles.changes.merge import merge
from articles.document import (
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    Inline,
    Paragraph,
)
from tests import strategies

PHOTO, OTHER = "0b7e4f1e-0000-4000-8000-000000000001", "0b7e4f1e-0000-4000-8000-000000000002"
STORIES = strategies.documents(
    photos=[PHOTO],
    contributors=["c1", "c2", "c3"],
    sources=["s1"],
    articles=["a1"],
    topics=["harbours", "ports", "storms"],
    users=["lan"],
)
# Whole stories are slow to make.
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def story(*texts: str, **values) -> Document:
    """A story whose paragraphs have the ids 1, 2, 3 … in the order of the texts."""
    body = tuple(Paragraph(Inline(text), str(n)) for n, text in enumerate(texts, 1) if text)
    return Document(body=body, **values)


def told(found: Document) -> list[str]:
    return [text for block in found.body for text in document.plain([block])]


BASE = story("The harbour reopened.", "Boats sail again.", "Tickets cost more.")


def with_body(*blocks, base: Document = BASE) -> Document:
    return replace(base, body=blocks)


def new(text: str, id: str = "") -> Paragraph:  # noqa: A002
    return Paragraph(Inline(text), id or f"new {text}")


def reworded(block: Any, text: str) -> Any:
    return replace(block, content=Inline(text))


ONE, TWO, THREE = BASE.body


@FEW
@given(STORIES, STORIES)
def test_what_only_one_changed_is_taken(base, other):
    assert merge(base, other, base).document == other
    assert merge(base, base, other).document == other
    assert merge(base, other, other).document == other
    assert not merge(base, other, base).conflicts
    assert not merge(base, base, other).conflicts
    assert not merge(base, other, other).conflicts


@FEW
@given(STORIES, STORIES)
def test_any_two_stories_are_compared_and_classified(old, new):
    rows = [row for row in compare(old, new) if row.place == "body"]
    anchors = [row.anchor for row in rows if row.kind != "removed"]
    assert anchors == [block.id for block in new.body]
    assert len(rows) == len(new.body) + sum(row.kind == "removed" for row in rows)
    assert bool(propose(old, new).reasons) == (old != new)


class Editor:
    """Edits a story at random; every sentence it writes is one of a kind."""

    def __init__(self, name: str, data) -> None:
        self.name, self.data, self.numbers = name, data, count(1)
        self.sentences: list[str] = []

    def sentence(self) -> str:
        self.sentences.append(f"Sentence {next(self.numbers)} of {self.name} stands here.")
        return self.sentences[-1]

    def edit(self, base: Document) -> Document:
        body = list(base.body)
        for _ in range(self.data.draw(st.integers(1, 4))):
            at = self.data.draw(st.integers(0, len(body)))
            step = self.data.draw(st.sampled_from(["insert", "rewrite", "append", "drop", "move"]))
            if step == "insert" or at == len(body):
                body.insert(at, new(self.sentence()))
            elif step == "rewrite":
                body[at] = Paragraph(Inline(self.sentence()), body[at].id)
            elif step == "append":
                text = f"{document.line(plain(body[at]))} {self.sentence()}".strip()
                body[at] = Paragraph(Inline(text), body[at].id)
            elif step == "drop":
                gone = plain(body.pop(at))
                self.sentences = [kept for kept in self.sentences if kept not in gone]
            else:
                body.insert(self.data.draw(st.integers(0, len(body) - 1)), body.pop(at))
        text = "\n".join(plain(block) for block in body)
        self.sentences = [sentence for sentence in self.sentences if sentence in text]
        return replace(base, body=document.with_ids(body))


@FEW
@given(STORIES, st.data())
def test_no_sentence_is_lost_when_several_edit_the_same_version(base, data):
    editors = [Editor(name, data) for name in ("An", "Bo", "Cy")]
    copies = [editor.edit(base) for editor in editors]
    saved, shown = base, ""
    for copy in copies:
        merged = merge(base, copy, saved)
        saved = merged.document
        shown += "\n".join(f"{row.mine}\n{row.theirs}" for row in merged.conflicts)
    kept = "\n".join(told(saved))
    for sentence in (sentence for editor in editors for sentence in editor.sentences):
        assert sentence in kept or sentence in shown


@FEW
@given(STORIES, STORIES, st.data())
def test_ids_stay_unique_whatever_is_joined(base, mine, data):
    merged = merge(base, mine, Editor("An", data).edit(base)).document
    assert len({block.id for block in merged.body}) == len(merged.body)


@FEW
@given(STORIES, st.data())
def test_nothing_is_there_twice_when_the_same_is_merged_again(base, data):
    mine = Editor("An", data).edit(base)
    theirs = Editor("Bo", data).edit(base)
    first = merge(base, mine, theirs)
    assert sorted(told(merge(theirs, first.document, theirs).document)) == sorted(
        told(first.document)
    )


def test_different_paragraphs_are_joined():
    mine = story("The harbour reopened on Monday.", "Boats sail again.", "Tickets cost more.")
    theirs = story("The harbour reopened.", "Boats sail again.", "Tickets cost less.")
    merged = merge(BASE, mine, theirs)
    assert told(merged.document) == [
        "The harbour reopened on Monday.",
        "Boats sail again.",
        "Tickets cost less.",
    ]
    assert not merged.conflicts


def test_the_same_paragraph_changed_by_both_is_a_conflict_and_what_is_saved_stays():
    mine = story("The harbour reopened on Monday.", "Boats sail again.", "Tickets cost more.")
    theirs = story("The harbour reopened on Tuesday.", "Boats sail again.", "Tickets cost more.")
    merged = merge(BASE, mine, theirs)
    (conflict,) = merged.conflicts
    assert merged.document == theirs
    assert (conflict.place, conflict.label, conflict.anchor) == ("body", "Paragraph", "1")
    assert (conflict.base, conflict.mine, conflict.theirs) == (
        "The harbour reopened.",
        "The harbour reopened on Monday.",
        "The harbour reopened on Tuesday.",
    )
    assert (conflict.mine_value, conflict.theirs_value) == (mine.body[0], theirs.body[0])


def test_insertions_at_the_same_place_are_both_kept_in_order():
    mine = with_body(ONE, new("Mine, first.", "m1"), new("Mine, second.", "m2"), TWO, THREE)
    theirs = with_body(ONE, new("Theirs, first.", "t1"), new("Theirs, second.", "t2"), TWO, THREE)
    merged = merge(BASE, mine, theirs)
    assert [block.id for block in merged.document.body] == ["1", "t1", "t2", "m1", "m2", "2", "3"]
    assert not merged.conflicts


def test_the_same_insertion_by_both_is_there_once():
    mine = with_body(ONE, new("Said by both."), TWO, THREE)
    theirs = with_body(ONE, TWO, THREE, new("Said by both.", "other"))
    assert told(merge(BASE, mine, theirs).document).count("Said by both.") == 1


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_deleting_what_the_other_edited_is_a_conflict(who):
    edited = with_body(ONE, reworded(TWO, "Boats sail again at dawn."), THREE)
    deleted = with_body(ONE, THREE)
    mine, theirs = (deleted, edited) if who == "mine" else (edited, deleted)
    merged = merge(BASE, mine, theirs)
    (conflict,) = merged.conflicts
    assert merged.document == theirs
    assert "Boats sail again at dawn." in (conflict.mine, conflict.theirs)
    assert None in (conflict.mine_value, conflict.theirs_value)


def test_a_paragraph_both_deleted_is_gone_without_a_conflict():
    merged = merge(BASE, with_body(ONE, THREE), with_body(ONE, THREE, new("More.")))
    assert told(merged.document) == ["The harbour reopened.", "Tickets cost more.", "More."]
    assert not merged.conflicts


def test_a_move_by_one_and_an_edit_by_the_other_are_joined():
    mine = with_body(THREE, ONE, TWO)
    theirs = with_body(ONE, TWO, reworded(THREE, "Tickets cost less."))
    for merged in (merge(BASE, mine, theirs), merge(BASE, theirs, mine)):
        assert [block.id for block in merged.document.body] == ["3", "1", "2"]
        assert "Tickets cost less." in told(merged.document)
        assert not merged.conflicts


def test_what_both_moved_stands_where_it_is_saved():
    merged = merge(BASE, with_body(THREE, ONE, TWO), with_body(ONE, THREE, TWO))
    assert [block.id for block in merged.document.body] == ["1", "3", "2"]


def test_head_fields_are_joined_one_by_one():
    base = story("Text.", headline="Ferry sinks", standfirst="Near the quay.", slug="ferry")
    mine = replace(base, headline="Ferry sank", standfirst="At the quay.")
    theirs = replace(base, headline="Ferry goes down", slug="ferry-down")
    merged = merge(base, mine, theirs)
    assert merged.document == replace(theirs, standfirst="At the quay.")
    assert [(row.place, row.label, row.mine, row.theirs) for row in merged.conflicts] == [
        ("headline", "Headline", "Ferry sank", "Ferry goes down")
    ]


def test_topics_are_joined_without_conflict():
    base = story("Text.", topics=("harbours", "ports"))
    mine, theirs = replace(base, topics=("ports", "storms")), replace(base, topics=("harbours",))
    assert merge(base, mine, theirs).document.topics == ("storms",)


def test_bylines_are_joined_and_a_name_changed_by_both_is_a_conflict():
    ada, bo = DocumentByline("c1", "Ada", "author"), DocumentByline("c2", "Bo", "author")
    base = story("Text.", bylines=(ada,))
    mine = replace(base, bylines=(replace(ada, name="Ada W"), bo))
    theirs = replace(base, bylines=(replace(ada, name="A. Weil"),))
    merged = merge(base, mine, theirs)
    assert [row.name for row in merged.document.bylines] == ["A. Weil", "Bo"]
    assert [(row.label, row.mine) for row in merged.conflicts] == [("Byline", "Ada W, author")]


def test_an_attribution_that_only_moved_with_its_words_is_no_conflict():
    row = DocumentAttribution("named_source", "we sail", "1", 10, name="Lan")
    base = story("Text.", attributions=(row,))
    mine = replace(base, attributions=(replace(row, start=30),))
    theirs = replace(base, attributions=(replace(row, name="Lan Anh"),))
    merged = merge(base, mine, theirs)
    assert [found.name for found in merged.document.attributions] == ["Lan Anh"]
    assert not merged.conflicts


def test_related_links_of_both_are_kept():
    first, second = DocumentRelated(article="a1"), DocumentRelated(title="B", url="https://b.test/")
    base = story("Text.")
    merged = merge(base, replace(base, related=(first,)), replace(base, related=(second,)))
    assert merged.document.related == (second, first)


def test_a_photo_is_called_by_its_name_in_a_conflict():
    figure = Figure(PHOTO, Inline("At dusk."), id="f")
    base = with_body(ONE, figure)
    mine = with_body(ONE, replace(figure, photo=OTHER))
    theirs = with_body(ONE, replace(figure, caption=Inline("At dawn.")))
    (conflict,) = merge(base, mine, theirs, {OTHER: "quay.jpg"}).conflicts
    assert (conflict.label, conflict.mine) == ("Photo", "quay.jpg\nAt dusk.")
