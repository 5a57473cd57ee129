"""What a body may hold, and that cleaning loses no words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body, document
from articles.document import Inline, Mark, Paragraph
from tests.strategies import bodies

PHOTO = "7b0c9f5e-0000-4000-8000-000000000001"
TAGS = "p b i div h1 h2 ul ol li table tr td th figure figcaption blockquote cite a br em p section"
MARKUP = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS.split()]),
        st.sampled_from([f"</{tag}>" for tag in TAGS.split()]),
        st.sampled_from(
            ["<a href='https://a.example'>", f"<figure data-photo='{PHOTO}'>", "&lt;b"]
        ),
        st.sampled_from(
            ["alpha ", "beta", " gamma", "đường", "<!-- x -->", '<p data-note="update">']
        ),
    ),
    max_size=40,
).map("".join)


@given(bodies([PHOTO]))
def test_blocks_to_html_and_back_is_the_identity(blocks: tuple) -> None:
    assert body.parse(body.to_html(blocks)) == blocks


@given(MARKUP)
def test_cleaning_twice_is_cleaning_once(html: str) -> None:
    once = body.clean(html)
    assert body.clean(once) == once


@given(MARKUP)
def test_cleaning_loses_no_word_and_invents_none(html: str) -> None:
    kept = "".join(f" {text} " for text in document.plain(body.parse(html)))
    letters = re.sub(r"\s+", "", "".join(re.findall(r"alpha|beta|gamma|đường", html)))
    assert sorted("".join(re.findall(r"alpha|beta|gamma|đường", kept))) == sorted(letters)


@given(st.text())
def test_any_text_is_cleaned_without_error(text: str) -> None:
    assert body.clean(body.clean(text)) == body.clean(text)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVa\tScript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<math><annotation-xml encoding='text/html'><img onerror=alert(1)></annotation-xml></math>",
        "<iframe src='https://a.example'></iframe>",
        "<style>p{background:url(https://a.example)}</style>",
        "<img src=x onerror=alert(1)>",
        "<p style='position:fixed'>x</p>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    ],
)
def test_nothing_that_acts_survives(html: str) -> None:
    for written in (body.clean(html), body.render(body.parse(html))):
        assert not re.search(
            r"<(script|svg|math|iframe|style|img)|\son\w+=|javascript:|data:t", written
        )


def test_what_looks_like_markup_in_a_text_stays_text() -> None:
    blocks = document.with_ids([Paragraph(Inline("5 < 6 & <b>7</b> > 4"))])
    assert "<b>" not in body.to_html(blocks)
    assert body.parse(body.to_html(blocks)) == blocks


def test_div_soup_becomes_paragraphs_without_gluing_words() -> None:
    texts = [b.content.text for b in body.parse("<div>one</div><div>two<br>three</div>four")]
    assert texts == ["one", "two\nthree", "four"]


def test_a_quote_that_is_worded_like_its_cite_keeps_both() -> None:
    (quote,) = body.parse("<blockquote><p>Alpha</p><p><cite>Alpha</cite></p></blockquote>")
    assert ([part.text for part in quote.paragraphs], quote.cite) == (["Alpha"], "Alpha")


def test_figure_without_a_photo_keeps_its_caption_as_text() -> None:
    (block,) = body.parse("<figure><figcaption>The quay</figcaption></figure>")
    assert block == Paragraph(Inline("The quay"), block.id)


def test_figure_attributes_are_limited_to_known_values() -> None:
    (figure,) = body.parse(f'<figure data-photo="{PHOTO}" data-layout="huge" data-group="../x">')
    assert (figure.layout, figure.group) == ("inline", "")


def test_links_out_say_noopener_and_links_inside_do_not() -> None:
    content = Inline("ab", (Mark("link", 0, 1, "https://a.example"), Mark("link", 1, 2, "/b/")))
    html = body.inline_html(content, rel=True)
    assert html == '<a href="https://a.example" rel=noopener>a</a><a href="/b/">b</a>'


def test_marks_that_cross_are_written_as_valid_nesting() -> None:
    content = document.inline("abc", [Mark("strong", 0, 2), Mark("em", 1, 3)])
    html = body.inline_html(content)
    assert html == "<strong>a<em>b</em></strong><em>c</em>"


def test_a_rendered_body_is_filled_with_its_figures_in_order() -> None:
    html = (
        f'<p>one</p><figure data-photo="{PHOTO}" data-alt="A &quot;b&quot;">'
        "<figcaption>Cap &lt;x&gt;</figcaption></figure><p>two</p>"
    )
    rendered = body.render(body.parse(html))
    filled = body.fill_figures(rendered, lambda ref: f"[{ref.photo[:4]}|{ref.alt}|{ref.caption}]")
    assert re.sub(r"<[^>]+>", "", filled) == 'one\n[7b0c|A "b"|Cap &lt;x&gt;]\ntwo'


def test_text_that_imitates_a_stored_figure_is_not_filled() -> None:
    text = f'<figure data-id="abcd" data-photo="{PHOTO}" data-layout="inline"></figure>'
    rendered = body.render(document.with_ids([Paragraph(Inline(text))]))
    assert body.figure_references(rendered) == []


def test_a_table_for_readers_scrolls_and_names_itself() -> None:
    html = "<table><tr><th>Port</th></tr><tr><td>Lisne</td></tr></table>"
    rendered = body.render(body.parse(html))
    assert 'role="region" tabindex="0" aria-label="Port"' in rendered
    assert '<th scope="col">Port</th>' in rendered


@pytest.mark.parametrize(
    ("href", "stored"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("/world/", "/world/"),
        ("mailto:a@a.example", "mailto:a@a.example"),
        ("java\nscript:alert(1)", ""),
        ("vbscript:x", ""),
        ("https://[broken", ""),
        ("//a.example/x", "//a.example/x"),
    ],
)
def test_addresses_are_kept_only_when_safe(href: str, stored: str) -> None:
    assert body.address(href) == stored
