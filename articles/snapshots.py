"""Working copy → document, document → working copy, and the revisions written on the way.

``take`` and ``restore`` are each other's inverse. ``save`` is the one way in which a changed
working copy becomes a revision: form, import and API alike call it last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max, Subquery

from articles import body, document
from articles.choices import Origin, RelatedKind
from articles.document import (
    Document,
    DocumentAttribution,
    DocumentByline,
    DocumentRelated,
    Figure,
)
from articles.exceptions import DocumentError
from articles.models import (
    Article,
    Attribution,
    Byline,
    Contributor,
    Photo,
    Placement,
    RelatedLink,
    Revision,
    Section,
    Source,
    Topic,
)
from articles.models.sources import fold_name
from articles.parts import Parts
from articles.slugs import first_free, make_slug
from articles.sourcing import anchors

_PLACED = ("block", "photo_id", "position", "caption", "alt", "layout")
# Table → what ``rows_of`` gives of its rows.
ROWS: dict[Any, tuple[str, ...]] = {
    Byline: ("article_id", "contributor_id", "name", "role", "affiliation", "position"),
    Attribution: (
        "article_id", "kind", "source_id", "name", "text", "where", "start", "is_quote",
        "description", "reason", "verified_by_id", "approved_by_id", "position",
    ),
    RelatedLink: ("article_id", "related_id", "title", "url", "kind", "position", "pinned_until"),
    Placement: ("article_id", *_PLACED),
}  # fmt: skip


def take(article: Article, parts: Parts | None = None) -> Document:
    """Return the working copy as a document; asks the database for what ``parts`` don't hold."""
    parts = parts or Parts(article)
    return Document(
        headline=article.headline,
        standfirst=article.standfirst,
        kicker=article.kicker,
        slug=article.slug,
        slugline=article.slugline,
        dateline=article.dateline,
        language=article.language,
        section=article.section.path if article.section else "",
        originally_published_at=_time(article.originally_published_at),
        original=str(article.original.uuid) if article.original else "",
        topics=tuple(sorted(topic.slug for topic in parts.topics)),
        body=body.parse(article.body),
        bylines=tuple(
            DocumentByline(str(row.contributor.uuid), row.name, row.role, row.affiliation)
            for row in parts.bylines
        ),
        attributions=_attributions(parts),
        related=tuple(
            DocumentRelated(
                article=str(row.related.uuid) if row.related else "",
                title=row.title,
                url=row.url,
                pinned_until=_time(row.pinned_until),
                kind="" if row.kind == RelatedKind.RELATED else row.kind,
            )
            for row in parts.related_links
        ),
    )


def _attributions(parts: Parts) -> tuple[DocumentAttribution, ...]:
    return tuple(_attribution(row) for row in parts.attributions)


def _attribution(row: Attribution) -> DocumentAttribution:
    return DocumentAttribution(
        kind=row.kind,
        text=row.text,
        where=row.where,
        start=row.start,
        name=row.name,
        source=str(row.source.uuid) if row.source else "",
        is_quote=row.is_quote,
        description=row.description,
        reason=row.reason,
        verified_by=row.verified_by.get_username() if row.verified_by else "",
        approved_by=row.approved_by.get_username() if row.approved_by else "",
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What the names in documents stand for in this database."""

    sections: dict[str, Section]
    topics: dict[str, Topic]
    photos: dict[str, Photo]
    contributors: dict[str, Contributor]
    sources: dict[str, Source]
    articles: dict[str, Article]
    users: dict[str, Any]


def known(stories: Sequence[Document]) -> Known:
    """Look up what documents refer to: seven queries at most, however many documents."""
    photos = {uuid for story in stories for uuid in story.photos()}
    attributions = [row for story in stories for row in story.attributions]
    names = {name for row in attributions for name in (row.verified_by, row.approved_by)}
    articles = {row.article for story in stories for row in story.related}
    articles |= {story.original for story in stories}
    return Known(
        sections=_by("path", Section, {story.section for story in stories}),
        topics=_by("slug", Topic, {slug for story in stories for slug in story.topics}),
        photos=_by("uuid", Photo, photos),
        contributors=_by(
            "uuid", Contributor, {row.contributor for story in stories for row in story.bylines}
        ),
        sources=_by("uuid", Source, {row.source for row in attributions}),
        articles=_by("uuid", Article, articles),
        users=_by(get_user_model().USERNAME_FIELD, get_user_model(), names),
    )


@transaction.atomic
def restore(article: Article, story: Document) -> None:
    """Write a document into the working copy; the article must have been saved before.

    Raises DocumentError (``missing``) when it refers to photos that are not in this database.
    """
    found = known([story])
    rows = fill(article, story, found)
    article.lock_version += 1
    article.save()
    article.topics.set([found.topics[slug] for slug in story.topics if slug in found.topics])
    for model, made in rows.items():
        model._default_manager.filter(article=article).delete()
        model._default_manager.bulk_create(made)


def fill(article: Article, story: Document, found: Known) -> dict[Any, list[Any]]:
    """Set an article's own columns to a document's; return its other rows by table, all unsaved.

    Topics are left to the caller. Raises DocumentError (``missing``) when the document refers to
    photos that are not among those found.
    """
    rows = rows_of(article.pk, story, found)
    article.headline, article.standfirst = story.headline, story.standfirst
    article.kicker, article.slug, article.slugline = story.kicker, story.slug, story.slugline
    article.dateline, article.language = story.dateline, story.language
    article.section = found.sections.get(story.section)
    article.originally_published_at = parsed_time(story.originally_published_at)
    article.original = found.articles.get(story.original)
    article.body = body.to_html(story.body)
    return {
        model: [model(**dict(zip(ROWS[model], row, strict=True))) for row in made]
        for model, made in rows.items()
    }


def rows_of(article: int, story: Document, found: Known) -> dict[Any, list[tuple[Any, ...]]]:
    """Return the rows of an article beside its own by table, in the order of ``ROWS``.

    Topics are left to the caller. Raises DocumentError (``missing``) when the document refers to
    photos that are not among those found.
    """
    if missing := sorted(set(story.photos()) - found.photos.keys()):
        raise DocumentError("missing", f"The text uses photos that are not here: {missing}.")
    return {
        Byline: [
            (
                article,
                (found.contributors.get(row.contributor) or contributor_named(row.name)).pk,
                row.name,
                row.role,
                row.affiliation,
                position,
            )
            for position, row in enumerate(story.bylines)
        ],
        Attribution: [
            (
                article,
                row.kind,
                _number(found.sources.get(row.source)),
                row.name,
                row.text,
                row.where,
                row.start,
                row.is_quote,
                row.description,
                row.reason,
                _number(found.users.get(row.verified_by)),
                _number(found.users.get(row.approved_by)),
                position,
            )
            for position, row in enumerate(story.attributions)
        ],
        RelatedLink: [
            (
                article,
                _number(found.articles.get(row.article)),
                row.title,
                row.url,
                row.kind or RelatedKind.RELATED.value,
                position,
                parsed_time(row.pinned_until),
            )
            for position, row in enumerate(story.related)
        ],
        Placement: [(article, *row) for row in _placed(story, found.photos)],
    }


def _number(row: Any) -> int | None:
    return row.pk if row else None


def place_photos(article: Article, story: Document, parts: Parts) -> None:
    """Derive the placements from the figures of a body; writes only when they differ."""
    wanted = _placed(story, parts.photos(story.photos()))
    if wanted == [tuple(getattr(row, name) for name in _PLACED) for row in parts.placements]:
        return
    article.placements.all().delete()
    Placement.objects.bulk_create(
        Placement(article=article, **dict(zip(_PLACED, row, strict=True))) for row in wanted
    )
    parts.forget("placements")


def _placed(story: Document, photos: dict[str, Photo]) -> list[tuple[Any, ...]]:
    """Return the columns of a document's placements; a figure without its photo has none."""
    figures = [block for block in story.body if isinstance(block, Figure)]
    return [
        (
            figure.id,
            photos[figure.photo].pk,
            position,
            figure.caption.text,
            figure.alt,
            figure.layout,
        )
        for position, figure in enumerate(figures)
        if figure.photo in photos
    ]


def keep_anchors(story: Document, parts: Parts) -> bool:
    """Move every attribution to where its words stand now; return whether any had moved."""
    texts = anchors.places(story)
    moved = []
    for row in parts.attributions:
        place = anchors.find(row.text, row.where, row.start, texts)
        if place != (row.where, row.start):
            row.where, row.start = place
            moved.append(row)
    if moved:
        Attribution.objects.bulk_update(moved, ["where", "start"])
    return bool(moved)


@transaction.atomic(savepoint=False)
def save(
    article: Article,
    *,
    by: Any = None,
    note: str = "",
    origin: str = Origin.FORM,
    parts: Parts | None = None,
    last: Last | None = None,
) -> Revision | None:
    """Settle what follows from the text and write a revision if anything changed.

    Returns the new revision, or None when the document is the one of the last revision.
    ``parts`` and ``last`` are what is known of the working copy and of its revisions.
    """
    parts = parts or Parts(article)
    story = take(article, parts)
    place_photos(article, story, parts)
    if story.attributions and keep_anchors(story, parts):
        story = replace(story, attributions=_attributions(parts))
    last = last or last_of(article)
    digest = story.digest()
    if last.revision is not None and last.revision.digest == digest:
        return None
    return _write(
        article, story, digest, last.number, by=by, note=note, origin=origin, is_proposal=False
    )


@transaction.atomic
def propose(
    article: Article,
    story: Document,
    *,
    by: Any = None,
    note: str = "",
    origin: str = Origin.IMPORT,
) -> Revision:
    """Write a revision beside the working copy, for an editor to take over or leave."""
    last = last_number(article)
    return _write(
        article, story, story.digest(), last, by=by, note=note, origin=origin, is_proposal=True
    )


@transaction.atomic
def adopt(revision: Revision, *, by: Any) -> Revision | None:
    """Make any revision the working copy, as a new revision; nothing older is lost."""
    article = Article.objects.select_for_update().get(pk=revision.article_id)
    restore(article, document.from_json(revision.document))
    note = f"Revision {revision.number} taken over"
    return save(article, by=by, note=note, origin=Origin.RESTORE)


def current_revision(article: Article) -> Revision | None:
    """Return the revision of the working copy as it stands (proposals left out)."""
    return article.revisions.filter(is_proposal=False).order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Last:
    """The revision of a working copy, if there is one, and the highest number of any revision."""

    revision: Revision | None
    number: int


def last_of(article: Article, **also: Any) -> Last:
    """Return the revision of a working copy and the highest number, in one query.

    ``also`` are annotations that the revision is to carry.
    """
    newest = Revision.objects.filter(article=article).order_by("-number").values("number")[:1]
    rows = article.revisions.filter(is_proposal=False).order_by("-number")
    found = rows.select_related("created_by").annotate(newest=Subquery(newest), **also).first()
    return Last(found, found.newest) if found else Last(None, last_number(article))


def last_number(article: Article) -> int:
    """Return the number of the newest revision, proposals among them; 0 for none."""
    return article.revisions.aggregate(last=Max("number"))["last"] or 0


def _write(
    article: Article,
    story: Document,
    digest: str,
    last: int,
    *,
    by: Any,
    note: str,
    origin: str,
    is_proposal: bool,
) -> Revision:
    return Revision.objects.create(
        article=article,
        number=last + 1,
        document=story.to_json(),
        digest=digest,
        created_by=by,
        note=note[:300],
        origin=origin,
        is_proposal=is_proposal,
    )


def contributor_named(name: str) -> Contributor:
    """Return the contributor of that name, made if there is none."""
    contributor = Contributor.objects.filter(name=name).order_by("pk").first()
    if contributor is None:
        slug = make_slug(name, fallback="contributor")
        taken = set(
            Contributor.objects.filter(slug__startswith=slug).values_list("slug", flat=True)
        )
        contributor = Contributor.objects.create(name=name, slug=first_free(slug, taken))
    return contributor


def source_named(name: str, kind: str) -> Source:
    """Return the source that has this name or alias, made if there is none."""
    source = Source.objects.named(name)
    if source is None:
        slug = make_slug(name, fallback="source")
        taken = set(Source.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
        source = Source.objects.create(name=name, slug=first_free(slug, taken), kind=kind)
        source.aliases.create(name=name, folded=fold_name(name))
    return source


def _by(column: str, model: Any, names: set[str]) -> dict[str, Any]:
    """Return the rows that have these names in a column, by name; asks nothing for no names."""
    wanted = names - {""}
    if not wanted:
        return {}
    rows = model._default_manager.filter(**{f"{column}__in": wanted})
    return {str(getattr(row, column)): row for row in rows}


def _time(value: dt.datetime | None) -> str:
    return value.astimezone(dt.UTC).isoformat() if value else ""


def parsed_time(text: str) -> dt.datetime | None:
    """Return a time as a document holds it; None for none."""
    return dt.datetime.fromisoformat(text) if text else None
