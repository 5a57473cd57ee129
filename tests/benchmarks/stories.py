"""Twenty model stories that go the newsroom's own way, from the document to the publication.

Some are corrected, one is retracted, some were never public. How an archive is made of them is
decided in ``corpus``.
"""

from __future__ import annotations

import datetime as dt
import random

from articles import body, document, snapshots
from articles.choices import AttributionKind, BylineRole, PublicationKind, SourceKind
from articles.document import (
    Block,
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
    Inline,
    Mark,
    Paragraph,
    Subhead,
)
from articles.models import Article, Photo, Rendition, Source
from articles.slugs import make_slug
from articles.workflow import transitions
from tests.benchmarks import prose
from tests.factories import (
    make_photo,
    make_section,
    make_source,
    make_topic,
    publish,
    publisher,
)

MODELS = 20

SECTIONS = "World Business Science Culture Sport Opinion".split()
TOPICS = "Harbours Budgets Rain Schools Rail Elections Energy Housing".split()


def make_model(number: int, at: dt.datetime) -> None:
    """Make the model story of that number, first published at that moment if at all."""
    article = Article.objects.create(slugline=f"model {number}")
    snapshots.restore(article, _story(number))
    transitions.save(article)
    later = at + dt.timedelta(minutes=10)
    if number % 10 != 9:
        publish(article, by=publisher(), at=at)
    if number % 10 == 4:
        _correct(article, later)
    if number == MODELS - 2:
        transitions.retract(article, by=publisher(), note="The story was withdrawn.", at=later)


def _correct(article: Article, at: dt.datetime) -> None:
    article.refresh_from_db()
    article.standfirst = f"Corrected: {article.standfirst}"
    article.save()
    transitions.save(article)
    pairs = [("The bridge is 90 metres long.", "The bridge is 60 metres long.")]
    kind = PublicationKind.CORRECTION
    publish(article, by=publisher(), at=at, kind=kind, corrections=pairs)


def _story(number: int) -> Document:
    rng = random.Random(number)
    top = make_section(SECTIONS[number % len(SECTIONS)])
    section = make_section("Regions", parent=top) if number % 5 == 0 else top
    return Document(
        headline=prose.headline(number),
        standfirst=prose.sentence(rng),
        slug=make_slug(prose.headline(number)),
        dateline=prose.PLACES[number % len(prose.PLACES)],
        section=section.path,
        topics=tuple(sorted(make_topic(name).slug for name in rng.sample(TOPICS, 2))),
        body=_body(rng, photos=number % 3),
        bylines=tuple(_byline(name) for name in rng.sample(prose.PEOPLE, 1 + number % 2)),
        attributions=(_source_line(_agency(number)),),
        related=(
            DocumentRelated(title=prose.headline(number + 1)),
            DocumentRelated(title="The council's minutes", url="https://council.example/minutes"),
        ),
    )


def _byline(name: str) -> DocumentByline:
    contributor = snapshots.contributor_named(name)
    return DocumentByline(str(contributor.uuid), name, BylineRole.AUTHOR)


def _source_line(source: Source) -> DocumentAttribution:
    text = f"According to {source.name}"
    kind, uuid = AttributionKind.SOURCE_LINE, str(source.uuid)
    return DocumentAttribution(kind, text, "source_line", name=source.name, source=uuid)


def _agency(number: int) -> Source:
    return make_source(prose.AGENCIES[number % len(prose.AGENCIES)], SourceKind.AGENCY)


def _body(rng: random.Random, *, photos: int) -> tuple[Block, ...]:
    link = Mark("link", 0, 10, "https://council.example/plan")
    blocks: list[Block] = [
        Paragraph(Inline(prose.paragraph(rng), (link,) if place == 1 else ()))
        for place in range(14)
    ]
    blocks.insert(7, Subhead(Inline("What the council decided")))
    for place in range(photos):
        photo = _photo(rng)
        blocks.insert(1 + 5 * place, Figure(str(photo.uuid), Inline(photo.caption)))
    return body.parse(body.to_html(document.with_ids(blocks)))


def _photo(rng: random.Random) -> Photo:
    agency = _agency(rng.randrange(100))
    photo = make_photo(caption=prose.caption(rng), alt_text="A quay in the rain", agency=agency)
    Rendition.objects.bulk_create(
        Rendition(
            photo=photo,
            format=kind,
            width=width,
            height=width * 2 // 3,
            file=f"renditions/{photo.pk}-{width}.{kind}",
        )
        for kind in ("jpeg", "webp")
        for width in (480, 960, 1600)
    )
    return photo
