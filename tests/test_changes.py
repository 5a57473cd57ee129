"""What differs between two versions of a story, and as what the new one should go out."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import document
from articles.changes.classify import propose
from articles.changes.compare import Change, compare
from articles.changes.words import Span, spans
from articles.document import (
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    Inline,
    Item,
    ListBlock,
    Mark,
    Note,
    Paragraph,
    Quote,
    Subhead,
    Table,
)

TEXTS = st.text(st.sampled_from("abA. ,\n“”1đ👩\u200d港"), max_size=40)


def paragraph(text: str, id: str = "", *marks: Mark) -> Paragraph:  # noqa: A002
    return Paragraph(Inline(text, marks), id)


def story(*parts, **values) -> Document:
    """A story; texts become paragraphs with the ids 1, 2, 3 …, "" leaves one out."""
    body = tuple(
        paragraph(part, str(n)) if isinstance(part, str) else part
        for n, part in enumerate(parts, 1)
        if part
    )
    return Document(body=body, **values)


def changed(old: Document, new: Document, names=None) -> list[Change]:
    return [row for row in compare(old, new, names) if row.kind != "same"]


def marked(found: tuple[Span, ...]) -> str:
    """Spans as one text: [gone] and {come}."""
    shapes = {"same": "{}", "del": "[{}]", "ins": "{{{}}}"}
    return "".join(shapes[span.op].format(span.text) for span in found)


# Words


@given(TEXTS, TEXTS)
def test_words_give_back_both_texts(old, new):
    found = spans(old, new)
    assert "".join(span.text for span in found if span.op != "ins") == old
    assert "".join(span.text for span in found if span.op != "del") == new
    assert all(span.text for span in found)


@pytest.mark.parametrize(("old", "new", "told"), [
    ("Boats sail at dawn.", "Boats sail at dusk.", "Boats sail at [dawn]{dusk}."),
    ("Boats sail.", "Boats, all, sail.", "Boats{, all,} sail."),
    ("Boats don’t sail.", "Boats do sail.", "Boats [don’t]{do} sail."),
    ("red of blue", "green of yellow", "[red]{green} of [blue]{yellow}"),
    ("ten big boats of old wood", "six new ships of our steel",
     "[ten big boats of old wood]{six new ships of our steel}"),
    ("Tàu rời bến.", "Tàu đã rời bến.", "Tàu {đã }rời bến."),
    ("港が再開", "港は再開", "港[が]{は}再開"),
    ("", "New", "{New}"),
])  # fmt: skip
def test_words_that_went_and_came(old, new, told):
    assert marked(spans(old, new)) == told


@pytest.mark.parametrize("make", [
    lambda n: ("a " * n, "a " * n + "b"),
    lambda n: ("a b " * n, "b a c " * n),
    lambda n: (" ".join(map(str, range(n))), " ".join(map(str, range(n, 0, -1)))),
    lambda n: ("x" * n, "y" * n),
], ids=["one word", "two words", "reversed", "no blanks"])  # fmt: skip
def test_a_text_made_to_be_slow_is_compared_in_time(make):
    start = time.perf_counter()
    old, new = make(5000)
    compare(story(old), story(new))
    propose(story(old), story(new))
    assert time.perf_counter() - start < 4


def test_a_story_of_five_thousand_words_is_compared_in_time():
    lines = [" ".join(f"w{(n * 7 + k * 3) % 900}" for k in range(45)) for n in range(115)]
    old = document.with_ids([paragraph(line) for line in lines])
    new = document.with_ids([paragraph(f"new {line} 5") for line in reversed(lines)])
    start = time.perf_counter()
    assert len(compare(Document(body=old), Document(body=new))) > 100
    assert propose(Document(body=old), Document(body=new)).reasons
    assert time.perf_counter() - start < 4


# Fields, rows, blocks


def test_every_field_of_the_head_is_told_apart():
    old = Document(headline="Ferry sinks", kicker="Sea", section="world", topics=("a",))
    new = Document(headline="Ferry sank", kicker="Sea", section="world/asia", topics=("a", "b"))
    rows = {row.label: marked(row.spans) for row in changed(old, new, {"world/asia": "Asia"})}
    assert rows == {
        "Headline": "Ferry [sinks]{sank}",
        "Section": "[world]{Asia}",
        "Topics": "a{, b}",
    }


def test_blocks_are_known_by_their_id_and_by_their_words():
    old = story("The harbour reopened on Monday.", "Boats sail again.", "Tickets cost more.")
    body = [
        paragraph("The harbour reopened on Tuesday.", "new-id"),
        paragraph("Completely different words.", "2"),
        paragraph("Tickets cost more.", "3"),
    ]
    rows = compare(old, replace(old, body=tuple(body)))
    assert [(row.kind, row.anchor) for row in rows if row.place == "body"] == [
        ("changed", "new-id"),
        ("changed", "2"),
        ("same", "3"),
    ]


def test_a_paragraph_that_got_the_id_of_the_one_below_it_is_new():
    old = story("The harbour reopened.")
    new = replace(old, body=(paragraph("Breaking.", "1"), paragraph("The harbour reopened.", "2")))
    rows = [row for row in compare(old, new) if row.place == "body"]
    assert [(row.kind, row.anchor) for row in rows] == [("added", "1"), ("same", "2")]


def test_what_is_gone_stands_where_it_stood():
    rows = compare(story("One is here.", "Two is there.", "Three."), story("One is here.", "", ""))
    assert [(row.kind, row.label) for row in rows if row.place == "body"] == [
        ("same", "Paragraph 1"),
        ("removed", "Paragraph 2"),
        ("removed", "Paragraph 3"),
    ]


def test_a_moved_block_is_told_as_moved_and_one_moved_and_changed_as_both():
    old = story("One is here.", "Two is there.", "Three is away.")
    one, two, three = old.body
    (row,) = changed(old, replace(old, body=(three, one, two)))
    assert (row.kind, row.anchor, row.is_moved) == ("moved", "3", True)
    edited = paragraph("Three is home.", "3")
    (row,) = changed(old, replace(old, body=(edited, one, two)))
    assert (row.kind, row.is_moved, marked(row.spans)) == (
        "changed",
        True,
        "Three is [away]{home}.",
    )


def test_links_and_looks_are_told_in_words():
    old = story(paragraph("See the harbour plan now.", "1", Mark("link", 8, 20, "https://a.test/")))
    marks = Mark("link", 8, 20, "https://b.test/"), Mark("strong", 0, 3)
    (row,) = changed(old, story(paragraph("See the harbour plan now.", "1", *marks)))
    assert row.kind == "changed"
    assert row.notes == (
        "“See” is bold now.",
        "The link on “harbour plan” leads to https://b.test/ instead of https://a.test/.",
    )
    (row,) = changed(old, story("See the harbour plan now."))
    assert row.notes == ("The link on “harbour plan” to https://a.test/ is gone.",)


def test_a_link_whose_words_changed_is_not_told_as_new():
    old = story(paragraph("See the harbour.", "1", Mark("link", 8, 15, "https://a.test/")))
    new = story(paragraph("See the port.", "1", Mark("link", 8, 12, "https://a.test/")))
    (row,) = changed(old, new)
    assert row.notes == ()


def test_figures_compare_photo_caption_alt_and_layout():
    old = story(Figure("u1", Inline("At dusk."), "Boats", "inline", id="f"))
    new = story(Figure("u2", Inline("At dawn."), "Ships", "wide", id="f"))
    (row,) = changed(old, new, {"u1": "dusk.jpg", "u2": "dawn.jpg"})
    assert (row.label, marked(row.spans)) == ("Photo 1", "At [dusk]{dawn}.")
    assert {part.label: marked(part.spans) for part in row.parts} == {
        "Photo": "[dusk.jpg]{dawn.jpg}",
        "Alt text": "[Boats]{Ships}",
        "Layout": "[In the text column]{Wide}",
    }


def test_other_blocks_are_shown_as_text_with_their_form():
    old = story(
        ListBlock((Item(Inline("One")), Item(Inline("Two"), 1)), "1"),
        Table(((Inline("a"), Inline("b")), (Inline("c"), Inline("d"))), id="2"),
        Quote((Inline("We sail."),), "Lan", "3"),
        Subhead(Inline("Then"), 2, "4"),
        Note("update", Inline("More."), "5"),
    )
    new = story(
        ListBlock((Item(Inline("One"), 0, True), Item(Inline("Two"), 1)), "1"),
        Table(((Inline("a"), Inline("x")), (Inline("c"), Inline("d"))), True, "2"),
        Quote((Inline("We sail."),), "Minh", "3"),
        Paragraph(Inline("Then"), "4"),
        Note("correction", Inline("More."), "5"),
    )
    rows = {row.anchor: row for row in changed(old, new)}
    assert marked(rows["1"].spans) == "• One\n◦ Two"
    assert marked(rows["2"].spans) == "a | [b]{x}\nc | d"
    assert marked(rows["3"].parts[0].spans) == "[Lan]{Minh}"
    assert rows["4"].notes == ("Was: Subhead. Is now: Paragraph.",)
    assert marked(rows["5"].parts[0].spans) == "[Update]{Correction}"
    assert rows["1"].notes
    assert rows["2"].notes


def test_rows_are_told_apart_and_named():
    ada = DocumentByline("c1", "Ada", "author")
    row = DocumentAttribution("named_source", "we sail", "1", 3, source="s1")
    old = story("Text.", bylines=(ada,), attributions=(row,))
    new = story(
        "Text.",
        bylines=(DocumentByline("c2", "Bo", "author"), replace(ada, role="editor")),
        attributions=(replace(row, start=9),),
        related=(DocumentRelated(article="a1"),),
    )
    rows = changed(old, new, {"a1": "Harbour reopens", "s1": "Reuters"})
    assert [(row.kind, row.label, marked(row.spans)) for row in rows] == [
        ("added", "Byline", "{Bo}"),
        ("changed", "Byline", "Ada"),
        ("added", "Related link", "{Harbour reopens}"),
    ]
    assert marked(rows[1].parts[0].spans) == "[Author]{Editor}"


# As what it goes out

MINOR_CHANGES = [
    ("The harbour reopned.", "The harbour reopened."),
    ("The harbour reopened on monday.", "The harbour reopened on Monday."),
    ("The harbour, reopened.", "The harbour reopened."),
    ("The the harbour.", "The harbour."),
    ("A web site opened.", "A website opened."),
    ("“We sail,” he said.", '"We sail," he said.'),
    ("One is here. Two is there now.", ("One is here.", "Two is there now.")),
    (("One is here.", "Two is there."), ("Two is there.", "One is here.")),
    ("There were 5 boats.", "There were five boats."),
    ("Tàu rời bên.", "Tàu rời bến."),
    ("港が再開した。", "港が再開した！"),
]


def both(old, new, language="en"):
    parts = [(side,) if isinstance(side, str) else side for side in (old, new)]
    return [story(*side, language=language) for side in parts]


@pytest.mark.parametrize(("old", "new"), MINOR_CHANGES)
def test_slips_are_minor(old, new):
    proposal = propose(*both(old, new))
    assert (proposal.kind, proposal.may_be_minor) == ("minor", True)
    assert proposal.reasons


@pytest.mark.parametrize(("old", "new", "code", "words"), [
    ("It cost 500 dollars.", "It cost 5,000 dollars.", "number", "500 → 5,000"),
    ("It cost $5.", "It cost €5.", "number", "$ → €"),
    ("Growth of 5%.", "Growth of 5‰.", "number", "% → ‰"),
    ("Three people died.", "Four people died.", "number", "Three → Four"),
    ("It was Jon Smith.", "It was John Smith.", "name", "Jon → John"),
    ("Smith left. It was Smith.", "Smyth left. It was Smith.", "name", "Smith"),
    ("Mr. Smith left.", "Mr. Smyth left.", "name", "Smith → Smyth"),
    ("NATO met.", "NASA met.", "name", "NATO → NASA"),
    ("He was guilty.", "He was not guilty.", "negation", "not"),
    ("He does know.", "He doesn’t know.", "negation", "does → doesn’t"),
    ("It was legal.", "It was illegal.", "negation", "legal → illegal"),
    ("He said “we will go”.", "He said “we would go”.", "quotation", "will → would"),
    ("He said ‘we will go’.", "He said ‘we would go’.", "quotation", "will → would"),
    ("He said «we will go».", "He said «we would go».", "quotation", "will → would"),
    ("He said „we will go“.", "He said „we would go“.", "quotation", "will → would"),
    ("He said “we will go”.", "He said we will go.", "quotation", "we will go"),
    ("He said “we will.", "He said “we would.", "quotation", "will → would"),
])  # fmt: skip
def test_facts_in_a_sentence_are_a_correction_and_never_minor(old, new, code, words):
    proposal = propose(*both(old, new))
    assert (proposal.kind, proposal.may_be_minor) == ("correction", False)
    assert (code, words, "1") in [(r.code, r.words, r.anchor) for r in proposal.bars]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("Bà Lê Thi Hoa nói.", "Bà Lê Thị Hoa nói.", "name"),
    ("Có ba người chết.", "Có bốn người chết.", "number"),
    ("Ông ấy đã đi.", "Ông ấy chưa đi.", "negation"),
    ("Ông ấy chẳng đi.", "Ông ấy sẽ đi.", "negation"),
])  # fmt: skip
def test_facts_in_vietnamese(old, new, code):
    proposal = propose(*both(old, new, "vi"))
    assert proposal.kind == "correction"
    assert [reason.code for reason in proposal.bars] == [code]


@pytest.mark.parametrize(("old", "new"), [
    ("The cat sat there.", "The animal rested there."),
    ("There is hope.", "Of hope there is some."),
    ("I sail. He says I can.", "He sails. He says I can."),
])  # fmt: skip
def test_other_words_are_a_clarification(old, new):
    proposal = propose(*both(old, new))
    assert (proposal.kind, proposal.may_be_minor) == ("clarification", True)


@pytest.mark.parametrize("new", [
    ("Boats sail.", "A whole paragraph that was not there before at all."),
    ("Boats sail.", "More soon."),
    ("Boats sail, and the people who wait for them at the quay are glad.",),
    ("Boats sail, with 12 crew of the Ha Long.",),
])  # fmt: skip
def test_new_text_is_an_update_and_not_minor(new):
    proposal = propose(*both("Boats sail.", new))
    assert (proposal.kind, proposal.may_be_minor) == ("update", False)


def test_a_paragraph_taken_out_is_not_minor():
    proposal = propose(*both(("Boats sail.", "They come home at night."), "Boats sail."))
    assert proposal.kind == "clarification"
    assert [reason.code for reason in proposal.bars] == ["text_removed"]


def test_words_without_capitals_may_be_names():
    proposal = propose(*both("港が再開した。", "港が再会した。", "ja"))
    assert [reason.code for reason in proposal.bars] == ["script"]


def test_words_of_a_set_off_quotation_are_a_quotation():
    old, new = (story(Quote((Inline(text),), "Lan", "1")) for text in ("We sail.", "We sailed."))
    assert [reason.code for reason in propose(old, new).bars] == ["quotation"]


FIGURE = Figure("u1", Inline("At dusk."), "Boats", "inline", id="f")
ROW = DocumentAttribution("named_source", "we sail", "1", 3, name="Lan")
BYLINE = DocumentByline("c1", "Ada", "author")
HEAD = story("Boats sail.", FIGURE, headline="Ferry sinks", dateline="Hanoi", bylines=(BYLINE,),
             attributions=(ROW,))  # fmt: skip


def with_figure(**values) -> Document:
    return replace(HEAD, body=(HEAD.body[0], replace(FIGURE, **values)))


@pytest.mark.parametrize(("new", "code"), [
    (replace(HEAD, headline="Ferry sinks."), "headline"),
    (replace(HEAD, dateline="Hà Nội"), "dateline"),
    (with_figure(caption=Inline("At dusk")), "caption"),
    (with_figure(alt="Ships"), "alt"),
    (with_figure(photo="u2"), "photo"),
    (replace(HEAD, body=HEAD.body[:1]), "photo"),
    (replace(HEAD, bylines=()), "byline"),
    (replace(HEAD, bylines=(replace(BYLINE, name="Ada W"),)), "byline"),
    (replace(HEAD, attributions=()), "attribution"),
    (replace(HEAD, attributions=(replace(ROW, name="Minh"),)), "attribution"),
    (replace(HEAD, body=(*HEAD.body, Note("correction", Inline("We erred."), "n"))), "notice"),
])  # fmt: skip
def test_headline_photos_credits_and_attributions_are_never_minor(new, code):
    proposal = propose(HEAD, new)
    assert not proposal.may_be_minor
    assert code in [reason.code for reason in proposal.bars]


@pytest.mark.parametrize("new", [
    HEAD,
    with_figure(layout="wide"),
    replace(HEAD, attributions=(replace(ROW, start=9, verified_by="lan"),)),
    replace(HEAD, related=(DocumentRelated(title="More"),)),
    replace(HEAD, slug="ferry", topics=("ferries",)),
    replace(HEAD, body=(Subhead(HEAD.body[0].content, 2, "1"), FIGURE)),
])  # fmt: skip
def test_what_states_nothing_may_be_minor(new):
    proposal = propose(HEAD, new)
    assert (proposal.kind, proposal.may_be_minor) == ("minor", True)
    assert bool(proposal.reasons) == (new != HEAD)


def test_an_added_correction_notice_proposes_a_correction():
    note = Note("correction", Inline("An earlier version erred."), "n")
    assert propose(HEAD, replace(HEAD, body=(*HEAD.body, note))).kind == "correction"


def test_a_new_byline_is_an_update_and_a_changed_one_a_correction():
    more = replace(HEAD, bylines=(BYLINE, DocumentByline("c2", "Bo", "author")))
    assert propose(HEAD, more).kind == "update"
    assert propose(more, HEAD).kind == "correction"


def test_numbers_that_change_places_are_told():
    old, new = both("Of them 5 sank and 7 sailed.", "Of them 7 sank and 5 sailed.")
    assert "number" in [reason.code for reason in propose(old, new).bars]


def test_a_headline_with_capitals_everywhere_tells_no_names():
    old = story("Boats sail.", headline="Ferry Goes Down Near Quay")
    proposal = propose(old, replace(old, headline="Ferry Sinks Close Near Quay"))
    assert [reason.code for reason in proposal.bars] == ["headline"]
