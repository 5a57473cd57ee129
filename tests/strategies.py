"""Generated stories for property tests: canonical documents with odd but legal text."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st

from articles import document
from articles.choices import AttributionKind, BylineRole, Layout, NoteKind
from articles.document import (
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

_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
_SPICE = st.sampled_from(
    [
        "<b>",
        "&amp;",
        "&lt;",
        "“quoted”",
        "đường",
        "עברית",
        "\u200d",
        "👩‍🔬",
        "a|b",
        "\u00a0",
        "\n",
        '"',
    ]
)
_RAW = st.lists(st.one_of(st.text(_CHARACTERS, max_size=12), _SPICE), max_size=6).map("".join)
LINES = _RAW.map(document.line)
WORDS = LINES.filter(bool)


@st.composite
def inlines(draw: st.DrawFn, *, empty: bool = False) -> Inline:
    text = document.nfc(draw(_RAW if empty else _RAW.filter(lambda raw: document.inline(raw).text)))
    ends = st.integers(0, max(len(text), 1))
    kinds = st.sampled_from([kind for kind in document.MARKS if kind != "link"])
    marks = draw(st.lists(st.builds(Mark, kinds, ends, ends), max_size=3))
    links = draw(st.lists(st.tuples(ends, ends), max_size=2))
    marks += [Mark("link", start, end, "https://a.example/?a=1&b=2") for start, end in links]
    content = document.inline(text, marks)
    return content if empty or content.text else Inline("x")


@st.composite
def lists(draw: st.DrawFn) -> ListBlock:
    ordered = draw(st.booleans())
    items = [Item(draw(inlines()), 0, ordered)]
    for _ in range(draw(st.integers(0, 4))):
        level = draw(st.integers(0, items[-1].level + 1))
        before = [item for item in items if item.level <= level]
        same = before[-1].ordered if level and before[-1].level == level else draw(st.booleans())
        items.append(Item(draw(inlines()), level, same if level else ordered))
    return ListBlock(tuple(items))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 3))
    row = st.tuples(*[inlines(empty=True)] * width).filter(lambda cells: any(c.text for c in cells))
    rows = draw(st.lists(row, min_size=1, max_size=3))
    return Table(tuple(rows), draw(st.booleans()))


def _figure(photos: list[str]) -> st.SearchStrategy:
    return st.builds(
        Figure,
        photo=st.sampled_from(photos),
        caption=inlines(empty=True),
        alt=LINES,
        layout=st.sampled_from(Layout.values),
        group=st.sampled_from(["", "g1"]),
    )


def blocks(photos: list[str]) -> st.SearchStrategy:
    """Blocks of every type; figures show one of ``photos`` (uuids)."""
    kinds = [
        st.builds(Paragraph, inlines()),
        st.builds(Subhead, inlines(), st.sampled_from(document.LEVELS)),
        st.builds(Quote, st.lists(inlines(), min_size=1, max_size=2).map(tuple), LINES).filter(
            lambda quote: all(document.line(p.text) != quote.cite for p in quote.paragraphs)
        ),
        lists(),
        tables(),
        st.builds(Note, st.sampled_from(NoteKind.values), inlines()),
    ]
    return st.one_of(*kinds, *([_figure(photos)] if photos else []))


def bodies(photos: list[str]) -> st.SearchStrategy:
    return st.lists(blocks(photos), max_size=6).map(document.with_ids)


@st.composite
def documents(
    draw: st.DrawFn,
    *,
    photos: list[str],
    contributors: list[str],
    sources: list[str],
    articles: list[str],
    topics: list[str],
    users: list[str],
) -> document.Document:
    """Documents that refer to rows which are there (uuids, slugs, user names)."""
    body = draw(bodies(photos))
    kinds = st.sampled_from([k for k in AttributionKind.values if k != AttributionKind.ANONYMOUS])
    attribution = st.builds(
        document.DocumentAttribution,
        kind=kinds,
        text=WORDS,
        where=st.sampled_from(["headline", "source_line", *[block.id for block in body]]),
        start=st.integers(-1, 500),
        name=LINES,
        source=st.sampled_from(["", *sources]),
        is_quote=st.booleans(),
        description=LINES,
        reason=LINES,
        verified_by=st.sampled_from(["", *users]),
        approved_by=st.sampled_from(["", *users]),
    )
    pairs = st.lists(
        st.tuples(st.sampled_from(contributors), st.sampled_from(BylineRole.values)),
        unique=True,
        max_size=4,
    )
    times = st.integers(0, 2_000_000_000)
    stamps = times.map(lambda s: dt.datetime.fromtimestamp(s, dt.UTC).isoformat())
    return document.Document(
        headline=draw(LINES),
        standfirst=draw(_RAW.map(document.nfc)),
        kicker=draw(LINES),
        slug=draw(st.sampled_from(["", "harbour-reopens", "bến-cảng"])),
        slugline=draw(LINES),
        dateline=draw(LINES),
        language=draw(st.sampled_from(["en", "vi", "ar", "zh-Hant"])),
        section=draw(st.sampled_from(["", "world"])),
        originally_published_at=draw(st.one_of(st.just(""), stamps)),
        original=draw(st.sampled_from(["", *articles])),
        topics=tuple(sorted(draw(st.sets(st.sampled_from(topics))))),
        body=body,
        bylines=tuple(
            document.DocumentByline(who, draw(WORDS), role, draw(LINES))
            for who, role in draw(pairs)
        ),
        attributions=tuple(draw(st.lists(attribution, max_size=3))),
        related=tuple(
            draw(
                st.lists(
                    st.builds(
                        document.DocumentRelated,
                        article=st.sampled_from(["", *articles]),
                        title=WORDS,
                        url=st.sampled_from(["", "https://a.example/x"]),
                        pinned_until=st.one_of(st.just(""), stamps),
                    ),
                    max_size=3,
                )
            )
        ),
    )
