"""How public pages read, and how they answer a browser or a cache."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone

from articles import body
from articles.choices import BylineRole
from articles.document import (
    Document,
    Figure,
    Inline,
    ListBlock,
    Mark,
    Paragraph,
    with_ids,
)
from articles.document import Item as ListItem
from articles.models import (
    Article,
    Byline,
    Photo,
    Publication,
    RelatedLink,
    Rendition,
    Section,
)
from articles.templatetags.articles import moment
from articles.workflow import transitions
from tests.factories import (
    change,
    make_article,
    make_contributor,
    make_photo,
    make_publication,
    make_section,
    make_source,
    make_topic,
    publish,
    publisher,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"'&</title></script><!--"


def make_supplied_photo(**values: object) -> Photo:
    """Make a photo with renditions of two widths; their files are only named."""
    photo = make_photo(width=1600, height=1000, **values)
    for width in (480, 960):
        for name, suffix in (("jpeg", "jpg"), ("webp", "webp")):
            Rendition.objects.create(
                photo=photo,
                format=name,
                width=width,
                height=width * 5 // 8,
                file=f"renditions/{photo.pk}-{width}.{suffix}",
            )
    return photo


def show(client: Client, article: Article) -> str:
    """Publish an article and return its page."""
    return client.get(make_publication(article).get_absolute_url()).text


def make_story_of(*blocks: object) -> Article:
    article = make_article()
    return change(article, body=body.to_html(with_ids(blocks)))  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["/", "/world/", "/by/ada-weil/", "article", "/nowhere/"])
def test_page_has_one_h1_and_the_landmarks(client: Client, address: str) -> None:
    publication = make_publication(authors=(make_contributor("Ada Weil"),))
    address = publication.get_absolute_url() if address == "article" else address
    page = client.get(address).text
    assert [len(re.findall(f"<{tag}[ >]", page)) for tag in ("h1", "main", "title")] == [1, 1, 1]


@pytest.mark.parametrize("address", ["/", "/world/", "/feed/", "/nowhere/", "article"])
def test_answer_is_the_same_for_every_reader(client: Client, address: str) -> None:
    publication = make_publication()
    address = publication.get_absolute_url() if address == "article" else address
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=")


@pytest.mark.parametrize("address", ["/", "/world/", "/feed/", "article"])
def test_reader_who_has_the_page_gets_304_until_it_changes(client: Client, address: str) -> None:
    publication = make_publication()
    address = publication.get_absolute_url() if address == "article" else address
    etag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    change(publication.article, headline="Another headline")
    publish(publication.article, by=publisher())
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_head_answers_as_get_without_the_page(client: Client) -> None:
    url = make_publication().get_absolute_url()
    head, got = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize("address", ["/", "/feed/", "/world/2026/01/01/x/"])
def test_nothing_can_be_sent_to_a_public_page(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


def test_hostile_words_are_shown_as_words(client: Client) -> None:
    contributor = make_contributor("Ada Weil", bio=HOSTILE, title=HOSTILE)
    article = make_article(
        HOSTILE,
        parts=(HOSTILE, make_photo(caption=HOSTILE, alt_text=HOSTILE, credit_line=HOSTILE)),
        authors=(contributor,),
        slug="hostile",
        standfirst=HOSTILE,
        kicker=HOSTILE,
        dateline=HOSTILE,
    )
    url = make_publication(article).get_absolute_url()
    for address in (url, "/", "/world/", "/by/ada-weil/", "/feed/"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<!--" not in page


def test_credits_name_each_role_with_links(client: Client) -> None:
    article = make_article(authors=(make_contributor("Ada Weil"), make_contributor("Bo Lind")))
    photographer = make_contributor("Signe Hal")
    Byline.objects.create(
        article=article, contributor=photographer, role=BylineRole.PHOTOGRAPHER, position=9
    )
    page = show(client, change(article, kicker="Harbour"))
    assert (
        'By <a href="/by/ada-weil/" rel="author">Ada Weil</a>'
        ' and <a href="/by/bo-lind/" rel="author">Bo Lind</a>' in page
    )
    assert 'Photographs by <a href="/by/signe-hal/">Signe Hal</a>' in page


def test_photo_has_its_files_size_caption_and_credit(client: Client) -> None:
    photo = make_supplied_photo(caption="Cranes at dusk.", alt_text="Three cranes")
    page = show(client, make_article(parts=(photo, "Text.")))
    assert (
        f'src="/media/renditions/{photo.pk}-960.jpg"'
        f' srcset="/media/renditions/{photo.pk}-480.jpg 480w,'
        f' /media/renditions/{photo.pk}-960.jpg 960w"' in page
    )
    assert 'width="960" height="600" alt="Three cranes" fetchpriority="high"' in page
    assert "Cranes at dusk." in page
    assert "Photo: Signe Hal/AFP" in page


def test_photo_without_a_file_says_so_above_caption_and_credit(client: Client) -> None:
    page = show(client, make_article(parts=(make_photo(caption="Cranes at dusk."),)))
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert "<img" not in figure
    assert figure.index("Photo not supplied yet") < figure.index("Cranes at dusk.")
    assert "Photo: Signe Hal/AFP" in figure


def test_only_the_first_photo_is_loaded_before_it_is_near(client: Client) -> None:
    page = show(client, make_article(parts=(make_supplied_photo(), make_supplied_photo())))
    assert page.partition("</head>")[2].count('fetchpriority="high"') == 1
    assert page.count('loading="lazy"') == 1


def test_photos_of_one_group_share_a_figure_and_a_caption(client: Client) -> None:
    one, two = make_photo(), make_photo()
    page = show(
        client,
        make_story_of(
            Figure(str(one.uuid), Inline("Before and after."), group="g1"),
            Figure(str(two.uuid), group="g1"),
            Paragraph(Inline("Text.")),
        ),
    )
    assert page.count("<figure") == 1
    assert page.count("Photo not supplied yet") == 2
    assert page.count("Photo: Signe Hal/AFP") == 1


def test_decorative_photo_alone_has_an_empty_alt(client: Client) -> None:
    photo = make_supplied_photo(is_decorative=True, alt_text="", caption="")
    assert 'alt=""' in show(client, make_article(parts=(photo, "Text.")))


def test_list_in_a_story_keeps_its_items(client: Client) -> None:
    items = (ListItem(Inline("One")), ListItem(Inline("Two"), level=1, ordered=True))
    assert "<li>One<ol><li>Two</li></ol></li>" in show(client, make_story_of(ListBlock(items)))


def test_dateline_begins_the_first_paragraph_not_the_photo_above_it(client: Client) -> None:
    article = make_article(parts=(make_photo(), "The harbour reopened."), dateline="AVERIL <3 –")
    page = show(client, article)
    assert '"><span class="placeline">AVERIL &lt;3 –</span> The harbour reopened.</p>' in page
    assert page.index("</figure>") < page.index("placeline")


def test_dateline_of_a_story_without_paragraphs_stands_on_top(client: Client) -> None:
    article = make_story_of(ListBlock((ListItem(Inline("One")),)))
    page = show(client, change(article, dateline="AVERIL –"))
    assert page.index('<span class="placeline">AVERIL –</span>') < page.index("<li>One")


def test_link_in_a_story_leads_on(client: Client) -> None:
    text = Inline("See here", (Mark("link", 4, 8, "https://other.example/"),))
    page = show(client, make_story_of(Paragraph(text)))
    assert '<a href="https://other.example/" rel=noopener>here</a>' in page


def test_story_in_arabic_runs_from_the_right_on_page_and_card(client: Client) -> None:
    article = make_article("شباك الضباب", slug="nets", language="ar")
    assert '<article class="story" lang="ar" dir="rtl">' in show(client, article)
    front = client.get("/").text
    assert '<article class="card card-lead" lang="ar">' in front
    assert '<div class="card-words" dir="rtl">' in front


def test_related_block_shows_listed_stories_and_links_in_their_order(client: Client) -> None:
    first = make_publication(headline="Storm shuts the harbour")
    by_title = make_publication(headline="Harbour dues rise")
    draft = make_article("Secret plan")
    article = make_article("Harbour reopens")
    rows: list[dict[str, Any]] = [
        {"related": first.article},
        {"title": "Harbour dues rise"},
        {"title": "A title of no story"},
        {"related": draft},
        {"title": "The law", "url": "https://law.example/x?a=1&b=2"},
        {"title": "Bad", "url": "javascript:alert(1)"},
        {"title": "Vague", "url": "law.example"},
    ]
    for position, row in enumerate(rows):
        RelatedLink.objects.create(article=article, position=position, **row)
    page = show(client, change(article, kicker="Harbour"))
    block = page[page.index('class="related"') :]
    links = re.findall(r'<li[^>]*><a href="([^"]*)"[^>]*>([^<]*)</a>', block.split("</section>")[0])
    assert links == [
        (first.get_absolute_url(), "Storm shuts the harbour"),
        (by_title.get_absolute_url(), "Harbour dues rise"),
        ("https://law.example/x?a=1&amp;b=2", "The law"),
    ]


def test_related_block_without_stories_has_no_heading(client: Client) -> None:
    article = make_article()
    RelatedLink.objects.create(article=article, title="A title of no story")
    page = show(client, change(article, kicker="Harbour"))
    assert "Related stories" not in page


def test_retracted_story_leaves_the_related_blocks(client: Client) -> None:
    other = make_publication(headline="Storm shuts the harbour")
    article = make_article()
    RelatedLink.objects.create(article=article, related=other.article)
    page = make_publication(change(article, kicker="Harbour"))
    transitions.retract(other.article, by=publisher(), note="Wrong.")
    assert "Storm shuts the harbour" not in client.get(page.get_absolute_url()).text


def test_correction_is_told_with_its_date_and_outlives_later_updates(client: Client) -> None:
    article = make_article()
    make_publication(article)
    publish(
        change(article, kicker="One"),
        by=publisher(),
        kind="correction",
        note="A figure was wrong.",
        corrections=[("83 florins", "38 florins")],
    )
    last = publish(change(article, kicker="Two"), by=publisher(), kind="update")
    page = client.get(last.get_absolute_url()).text
    told = page[page.index('class="changes"') : page.index("story-body")]
    for words in ("Correction", "<time", "A figure was wrong.", "83 florins", "38 florins"):
        assert words in told


def test_dates_tell_publication_and_update_apart(client: Client) -> None:
    article = make_article()
    assert "Updated" not in show(client, article)
    last = publish(change(article, kicker="New"), by=publisher(), kind="update")
    assert "Updated" in client.get(last.get_absolute_url()).text


def test_source_line_and_source_page_name_the_agency(client: Client) -> None:
    page = show(client, make_article("Harbour reopens", sources=(make_source("VNE"),)))
    assert "According to VNE" in page
    assert "Harbour reopens" in client.get("/source/vne/").text


def test_section_without_stories_says_so_in_words(client: Client) -> None:
    make_section("Culture")
    assert "No story has been published in Culture yet." in client.get("/culture/").text


def test_front_without_stories_says_so_in_words(client: Client) -> None:
    assert "Nothing has been published yet." in client.get("/").text


def test_topic_whose_only_story_was_retracted_keeps_a_page(client: Client) -> None:
    publication = make_publication(topics=(make_topic(),))
    transitions.retract(publication.article, by=publisher(), note="Wrong.")
    assert "no stories about Harbours at the moment" in client.get("/topic/harbours/").text


def test_front_shows_each_story_once(client: Client) -> None:
    for number in range(14):
        make_publication(headline=f"Story {number:02}", section=make_section(f"Part {number % 3}"))
    shown = re.findall(r">(Story \d\d)</a>", client.get("/").text)
    assert len(shown) == len(set(shown)) == 14


def test_front_leads_with_the_newest_story_that_has_a_picture(client: Client) -> None:
    make_publication(headline="Pictured", parts=(make_supplied_photo(), "Text."))
    make_publication(headline="Newest")
    page = client.get("/").text
    assert page.index("card-lead") < page.index(">Pictured<") < page.index(">Newest<")


def test_missing_page_offers_ways_on(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "To the front page" in response.text


def test_server_error_page_needs_no_context(client: Client) -> None:
    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("articles.public.lists.front_page", lambda at: 1 / 0)
        response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text


def test_policy_on_scripts_allows_what_the_page_holds(client: Client) -> None:
    """Data blocks are never run, so the pages need no nonce, which would change every ETag."""
    page = client.get(make_publication().get_absolute_url())
    scripts = re.findall(r"<script([^>]*)>", page.text)
    assert scripts == [' type="application/ld+json"']
    assert "nonce-" not in page.headers["Content-Security-Policy"]
    assert "style=" not in page.text


def test_words_of_a_page_are_those_of_the_document(client: Client) -> None:
    publication = make_publication(parts=("First words.", "Last words."))
    stored = Document(body=body.parse(publication.article.body))
    assert publication.words == stored.words() == 4
    assert "First words." in client.get(publication.get_absolute_url()).text


def test_section_and_story_paths_never_meet(client: Client) -> None:
    Section.objects.create(name="Deep", slug="deep", parent=make_section("World"))
    publication = make_publication(section=Section.objects.get(path="world/deep"))
    assert client.get("/world/deep/").status_code == 200
    assert client.get(f"/{publication.path}").status_code == 200
    assert Publication.objects.listed().get() == publication


def test_json_ld_of_a_list_is_readable(client: Client) -> None:
    make_section("World")
    data = re.search(r'ld\+json">(.*?)</script>', client.get("/world/").text)
    assert data is not None
    assert json.loads(data[1])["@graph"][0]["@type"] == "CollectionPage"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Ho_Chi_Minh", "4 May 2026, 17:30 UTC+7"),
        ("America/Sao_Paulo", "4 May 2026, 07:30 UTC−3"),
        ("Asia/Kathmandu", "4 May 2026, 16:15 UTC+5:45"),
        ("Europe/Paris", "4 May 2026, 12:30 CEST"),
    ],
)
def test_time_names_its_zone(zone: str, shown: str) -> None:
    with timezone.override(zone):
        assert f">{shown}</time>" in moment(dt.datetime(2026, 5, 4, 10, 30, tzinfo=dt.UTC))


def test_corrected_story_says_so_among_its_dates(client: Client) -> None:
    story = make_publication()
    assert ">Corrected " not in client.get(story.get_absolute_url()).text
    change(story.article, standfirst="Three days on.")
    publish(story.article, by=publisher(), kind="correction", note="It was three days.")
    page = client.get(story.get_absolute_url()).text
    assert re.findall(r"<bdi>(\w+) <time", page)[:3] == ["Published", "Updated", "Corrected"]


def test_story_page_is_in_the_language_of_its_story(client: Client) -> None:
    page = show(client, make_article("Làng chài giữ lại đội tàu", slug="lang-chai", language="vi"))
    assert '<html lang="vi" dir="ltr">' in page
    for ours in ('class="masthead"', 'id="content" tabindex="-1"', 'class="colophon"'):
        assert f'{ours} lang="en"' in page


def test_page_links_what_its_view_offers(rf: RequestFactory) -> None:
    feeds = [("application/atom+xml", "News <1>", "/feed/atom/")]
    alternates = [("application/json", "As data", "/api/v1/1/")]
    offered = {"feeds": feeds, "alternates": alternates, "hreflangs": [("vi", "/tin/")]}
    page = render_to_string("base.html", offered, rf.get("/"))
    assert '<link rel="alternate" type="application/atom+xml" title="News &lt;1&gt;"' in page
    assert '<link rel="alternate" type="application/json" title="As data"' in page
    assert '<link rel="alternate" hreflang="vi" href="/tin/">' in page


def test_page_of_a_missing_address_offers_what_it_is_given(rf: RequestFactory) -> None:
    story = make_publication(headline="Harbour reopens")
    context = {"suggestion": story, "newest": [story]}
    page = render_to_string("404.html", context, rf.get("/nowhere/"))
    assert page.count(f'<a href="{story.get_absolute_url()}">Harbour reopens</a>') == 2
