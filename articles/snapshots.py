"""Working copy → document, document → working copy, and the revisions written on the way.

``take`` and ``restore`` are each other's inverse. ``save`` is the one way in which a changed
working copy becomes a revision: form, import and API alike call it last.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max

from articles import body, document
from articles.choices import Origin
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
from articles.slugs import first_free, make_slug
from articles.sourcing import anchors


def take(article: Article) -> Document:
    """Return the working copy as a document; asks the database for its rows."""
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
        topics=tuple(sorted(article.topics.values_list("slug", flat=True))),
        body=body.parse(article.body),
        bylines=tuple(
            DocumentByline(str(row.contributor.uuid), row.name, row.role, row.affiliation)
            for row in article.bylines.select_related("contributor")
        ),
        attributions=tuple(_attribution(row) for row in _attributions(article)),
        related=tuple(
            DocumentRelated(
                article=str(row.related.uuid) if row.related else "",
                title=row.title,
                url=row.url,
                pinned_until=_time(row.pinned_until),
            )
            for row in article.related_links.select_related("related")
        ),
    )


def _attributions(article: Article) -> Any:
    return article.attributions.select_related("source", "verified_by", "approved_by")


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


@transaction.atomic
def restore(article: Article, story: Document) -> None:
    """Write a document into the working copy; the article must have been saved before.

    Raises DocumentError (``missing``) when it refers to photos that are not in this database.
    """
    _require_photos(story)
    article.headline, article.standfirst = story.headline, story.standfirst
    article.kicker, article.slug, article.slugline = story.kicker, story.slug, story.slugline
    article.dateline, article.language = story.dateline, story.language
    article.section = Section.objects.filter(path=story.section).first() if story.section else None
    article.originally_published_at = _parsed_time(story.originally_published_at)
    article.body = body.to_html(story.body)
    article.lock_version += 1
    article.save()
    article.topics.set(Topic.objects.filter(slug__in=story.topics))
    _restore_bylines(article, story)
    _restore_attributions(article, story)
    _restore_related(article, story)
    place_photos(article, story)


def _require_photos(story: Document) -> None:
    wanted = set(story.photos())
    known = {str(u) for u in Photo.objects.filter(uuid__in=wanted).values_list("uuid", flat=True)}
    if missing := sorted(wanted - known):
        raise DocumentError("missing", f"The text uses photos that are not here: {missing}.")


def _restore_bylines(article: Article, story: Document) -> None:
    article.bylines.all().delete()
    known = _by_uuid(Contributor, [row.contributor for row in story.bylines])
    Byline.objects.bulk_create(
        Byline(
            article=article,
            contributor=known.get(row.contributor) or contributor_named(row.name),
            name=row.name,
            role=row.role,
            affiliation=row.affiliation,
            position=position,
        )
        for position, row in enumerate(story.bylines)
    )


def _restore_attributions(article: Article, story: Document) -> None:
    article.attributions.all().delete()
    known = _by_uuid(Source, [row.source for row in story.attributions])
    users = _users({name for r in story.attributions for name in (r.verified_by, r.approved_by)})
    Attribution.objects.bulk_create(
        Attribution(
            article=article,
            kind=row.kind,
            source=known.get(row.source),
            name=row.name,
            text=row.text,
            where=row.where,
            start=row.start,
            is_quote=row.is_quote,
            description=row.description,
            reason=row.reason,
            verified_by=users.get(row.verified_by),
            approved_by=users.get(row.approved_by),
            position=position,
        )
        for position, row in enumerate(story.attributions)
    )


def _restore_related(article: Article, story: Document) -> None:
    article.related_links.all().delete()
    known = _by_uuid(Article, [row.article for row in story.related])
    RelatedLink.objects.bulk_create(
        RelatedLink(
            article=article,
            related=known.get(row.article),
            title=row.title,
            url=row.url,
            pinned_until=_parsed_time(row.pinned_until),
            position=position,
        )
        for position, row in enumerate(story.related)
    )


def place_photos(article: Article, story: Document) -> None:
    """Derive the placements from the figures of a body; writes only when they differ."""
    figures = [block for block in story.body if isinstance(block, Figure)]
    known = _by_uuid(Photo, [figure.photo for figure in figures])
    wanted = [
        (
            figure.id,
            known[figure.photo].pk,
            position,
            figure.caption.text,
            figure.alt,
            figure.layout,
        )
        for position, figure in enumerate(figures)
        if figure.photo in known
    ]
    columns = ("block", "photo_id", "position", "caption", "alt", "layout")
    if wanted == list(article.placements.values_list(*columns)):
        return
    article.placements.all().delete()
    Placement.objects.bulk_create(
        Placement(article=article, **dict(zip(columns, row, strict=True))) for row in wanted
    )


def keep_anchors(article: Article, story: Document) -> None:
    """Move every attribution to where its words stand now."""
    if not story.attributions:
        return
    texts = anchors.places(story)
    for row in article.attributions.all():
        place = anchors.find(row.text, row.where, row.start, texts)
        if place != (row.where, row.start):
            row.where, row.start = place
            row.save(update_fields=["where", "start"])


@transaction.atomic
def save(
    article: Article,
    *,
    by: Any = None,
    note: str = "",
    origin: str = Origin.FORM,
) -> Revision | None:
    """Settle what follows from the text and write a revision if anything changed.

    Returns the new revision, or None when the document is the one of the last revision.
    """
    story = take(article)
    place_photos(article, story)
    if story.attributions:
        keep_anchors(article, story)
        story = take(article)
    last = current_revision(article)
    digest = story.digest()
    if last is not None and last.digest == digest:
        return None
    return _write(article, story, digest, by=by, note=note, origin=origin, is_proposal=False)


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
    return _write(article, story, story.digest(), by=by, note=note, origin=origin, is_proposal=True)


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


def _write(
    article: Article,
    story: Document,
    digest: str,
    *,
    by: Any,
    note: str,
    origin: str,
    is_proposal: bool,
) -> Revision:
    number = article.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        article=article,
        number=number + 1,
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


def _by_uuid(model: Any, uuids: list[str]) -> dict[str, Any]:
    wanted = {value for value in uuids if value}
    if not wanted:
        return {}
    return {str(row.uuid): row for row in model.objects.filter(uuid__in=wanted)}


def _users(names: set[str]) -> dict[str, Any]:
    wanted = {name for name in names if name}
    if not wanted:
        return {}
    model = get_user_model()
    rows = model._default_manager.filter(**{f"{model.USERNAME_FIELD}__in": wanted})
    return {user.get_username(): user for user in rows}


def _time(value: dt.datetime | None) -> str:
    return value.astimezone(dt.UTC).isoformat() if value else ""


def _parsed_time(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
