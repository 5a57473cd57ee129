"""Pages, desk and publishing at two sizes of the archive: what they cost, and whether they grow."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings
from django.urls import reverse

from articles.models import Article, Publication
from articles.public import cursors
from tests import desk
from tests.benchmarks import corpus
from tests.benchmarks.measure import Figures, interleaved
from tests.benchmarks.site import Site
from tests.benchmarks.stories import MODELS

# What is written is committed, as it is for a newsroom.
pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROUNDS = 40
SMALL, LARGE = 1_000, 20_000
SECTION, TOPIC = "world", "harbours"


def measure_page(figures: Figures, what: str, size: str, addresses: list[str]) -> None:
    """Measure pages of one kind in turn, each beside a view that returns the same bytes."""
    site = Site()
    pairs = list(islice(cycle([(site.keep(a), a) for a in addresses]), ROUNDS + 2))
    floor, ours = interleaved(
        lambda n: site.get(pairs[n][0]), lambda n: site.get(pairs[n][1]), rounds=ROUNDS
    )
    figures.add(what, size, floor, ours)


def spread(rows: Any, count: int) -> list[Any]:
    """Return rows from all over a table, first to last."""
    ids = list(rows.values_list("pk", flat=True))
    chosen = ids[:: max(len(ids) // count, 1)][:count]
    return list(rows.filter(pk__in=chosen))


def article_pages(figures: Figures, size: str) -> None:
    stories = spread(Publication.objects.listed().order_by("pk"), 20)
    measure_page(figures, "article page", size, [row.get_absolute_url() for row in stories])


def front_page(figures: Figures, size: str) -> None:
    measure_page(figures, "front page", size, ["/"])


def section_list(figures: Figures, size: str) -> None:
    measure_page(figures, "section list", size, [f"/{SECTION}/"])


def last_page_of_a_section_list(figures: Figures, size: str) -> None:
    rows = Publication.objects.listed().filter(section__path=SECTION).newest_first()
    cursor = cursors.encode(rows.reverse()[10])
    measure_page(figures, "section list, far end", size, [f"/{SECTION}/?before={cursor}"])


def topic_list(figures: Figures, size: str) -> None:
    measure_page(figures, "topic list", size, [f"/topic/{TOPIC}/"])


def contributor_and_source_list(figures: Figures, size: str) -> None:
    story = Publication.objects.listed().newest_first()[5]
    for what, rows in (("contributor list", story.contributors), ("source list", story.sources)):
        measure_page(figures, what, size, [rows.all()[0].get_absolute_url()])


def feed(figures: Figures, size: str) -> None:
    measure_page(figures, "feed", size, ["/feed/"])


def list_of_articles_at_the_desk(figures: Figures, size: str) -> None:
    site = Site(session_of(publisher_at_desk()))
    address = reverse("admin:articles_article_changelist")
    (ours,) = interleaved(lambda n: site.get(address), rounds=ROUNDS)
    figures.add("desk: list of articles", size, None, ours)


def first_page_of_the_desk(figures: Figures, size: str) -> None:
    site = Site(session_of(publisher_at_desk()))
    (ours,) = interleaved(lambda n: site.get(reverse("admin:index")), rounds=ROUNDS)
    figures.add("desk: first page", size, None, ours)


def form_of_an_article(figures: Figures, size: str) -> None:
    site = Site(session_of(publisher_at_desk()))
    addresses = [desk.change_url(row) for row in spread(Article.objects.order_by("pk"), 20)]
    (ours,) = interleaved(lambda n: site.get(addresses[n % len(addresses)]), rounds=ROUNDS)
    figures.add("desk: form of an article", size, None, ours)


def saving_and_publishing(figures: Figures, size: str) -> None:
    """Press "Publish" under changed forms, as the browser of a newsroom of one would send them.

    The model stories are left alone: the archive grows by copies of them.
    """
    client = publisher_at_desk()
    models = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:MODELS])
    live = Article.objects.filter(publications__in=Publication.objects.listed())
    articles = spread(live.exclude(pk__in=models), 22)
    before = Publication.objects.count()
    with override_settings(NEWSROOM_FOUR_EYES=False):
        forms = [filled(client, article) for article in articles]
        (ours,) = interleaved(
            lambda n: client.post(desk.change_url(articles[n]), forms[n]), rounds=len(articles) - 2
        )
    assert Publication.objects.count() == before + len(articles)
    figures.add("desk: save and publish", size, None, ours)


def filled(client: Client, article: Article) -> dict[str, Any]:
    fields = desk.filled_form(desk.page(client, desk.change_url(article)))
    said = {"_act": "publish", "act-override": "It is a measurement."}
    return {**fields, "standfirst": "Changed while it was measured.", **said}


def publisher_at_desk() -> Client:
    return desk.client_of(get_user_model().objects.get(username="publisher"))


def session_of(client: Client) -> str:
    return client.session.session_key or ""


MEASURES = (
    article_pages, front_page, section_list, last_page_of_a_section_list, topic_list,
    contributor_and_source_list, feed, first_page_of_the_desk, list_of_articles_at_the_desk,
    form_of_an_article, saving_and_publishing,
)  # fmt: skip


def test_what_pages_and_desk_cost_in_a_small_and_in_a_large_archive(figures: Figures) -> None:
    for articles in (SMALL, LARGE):
        corpus.populate(articles)
        assert Article.objects.count() == articles
        for measure in MEASURES:
            measure(figures, size_name(articles))
    figures.add_growth(size_name(SMALL), size_name(LARGE))


def size_name(articles: int) -> str:
    return f"{articles // 1000}k"
