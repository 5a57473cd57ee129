"""Plain helpers that build the rows tests need; every argument has a sensible default."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from articles import body, snapshots
from articles.choices import AttributionKind, BylineRole, DeskState, Origin, SourceKind
from articles.document import Figure, Inline, Paragraph, with_ids
from articles.fronts import PLACES
from articles.models import (
    Article,
    Attribution,
    Byline,
    Contributor,
    Front,
    Photo,
    Publication,
    Section,
    Slot,
    Source,
    Topic,
)
from articles.slugs import make_slug
from articles.workflow import transitions
from articles.workflow.layouts import newest_number, publish_layout

_numbers = itertools.count(1)


def make_user(role: str = "", **values: Any) -> Any:
    """Make a member of staff; ``role`` is a group of ``permissions.ROLES``, "" a superuser."""
    number = next(_numbers)
    values.setdefault("username", f"user{number}")
    user = get_user_model().objects.create_user(
        password="correct horse", is_staff=True, is_superuser=not role, **values
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_section(name: str = "World", **values: Any) -> Section:
    values.setdefault("slug", make_slug(name))
    parent = values.get("parent")
    path = f"{parent.path}/{values['slug']}" if parent else values["slug"]
    return Section.objects.filter(path=path).first() or Section.objects.create(name=name, **values)


def make_topic(name: str = "Harbours") -> Topic:
    return Topic.objects.get_or_create(name=name, slug=make_slug(name))[0]


def make_contributor(name: str = "", **values: Any) -> Contributor:
    name = name or f"Ada Weil {next(_numbers)}"
    values.setdefault("slug", make_slug(name))
    return Contributor.objects.create(name=name, **values)


def make_source(name: str = "", kind: str = SourceKind.AGENCY) -> Source:
    return snapshots.source_named(name or f"Agency {next(_numbers)}", kind)


def make_photo(**values: Any) -> Photo:
    values.setdefault("caption", f"The harbour at dusk {next(_numbers)}.")
    values.setdefault("credit_line", "Signe Hal/AFP")
    values.setdefault("alt_text", "Boats at a quay in evening light")
    return Photo.objects.create(**values)


def make_body(*parts: str | Photo) -> str:
    """Return a stored body: a text becomes a paragraph, a photo a figure with its caption."""
    blocks = [
        Figure(photo=str(part.uuid), caption=Inline(part.caption))
        if isinstance(part, Photo)
        else Paragraph(Inline(part))
        for part in parts
    ]
    return body.to_html(with_ids(blocks))


def make_article(
    headline: str = "",
    *,
    parts: tuple[str | Photo, ...] = ("The harbour reopened on Monday.",),
    section: Section | None = None,
    authors: tuple[Contributor, ...] = (),
    topics: tuple[Topic, ...] = (),
    sources: tuple[Source, ...] = (),
    by: Any = None,
    origin: str = Origin.FORM,
    **values: Any,
) -> Article:
    """Make a saved working copy with one revision."""
    headline = headline or f"Harbour reopens after storm {next(_numbers)}"
    values.setdefault("slug", make_slug(headline))
    article = Article.objects.create(
        headline=headline,
        body=make_body(*parts),
        section=section or make_section(),
        created_by=by,
        **values,
    )
    article.topics.set(topics)
    for position, contributor in enumerate(authors):
        Byline.objects.create(
            article=article, contributor=contributor, role=BylineRole.AUTHOR, position=position
        )
    for position, source in enumerate(sources):
        Attribution.objects.create(
            article=article,
            kind=AttributionKind.SOURCE_LINE,
            source=source,
            name=source.name,
            text=f"According to {source.name}",
            where="source_line",
            start=0,
            position=position,
        )
    transitions.save(article, by=by, origin=origin)
    return article


def publisher() -> Any:
    """Return the superuser that tests publish with."""
    return _superuser("publisher")


def _superuser(name: str) -> Any:
    user = get_user_model().objects.filter(username=name).first()
    return user or make_user(username=name)


def approve(article: Article, *, by: Any = None) -> Article:
    """Submit and approve what was written, as somebody who wrote nothing in it."""
    article.refresh_from_db()
    if article.state in (DeskState.DRAFT, DeskState.CHANGES_REQUESTED):
        transitions.submit(article, by=publisher())
        article.refresh_from_db()
    if article.state == DeskState.IN_REVIEW:
        transitions.approve(article, by=by or _superuser("approver"), override="Read twice.")
        article.refresh_from_db()
    return article


def publish(article: Article, *, by: Any = None, **values: Any) -> Publication:
    """Approve what was written, if it is not, and publish it."""
    by = by or publisher()
    return transitions.publish(approve(article), by=by, **{"override": "Read twice.", **values})


def schedule(article: Article, *, at: dt.datetime, by: Any = None, **values: Any) -> Publication:
    """Approve what was written, if it is not, and schedule it."""
    values = {"override": "Read twice.", **values}
    return transitions.schedule(approve(article), by=by or publisher(), at=at, **values)


def make_publication(
    article: Article | None = None, *, at: dt.datetime | None = None, by: Any = None, **values: Any
) -> Publication:
    """Publish an article, made from ``values`` if none is given; ``at`` may lie ahead."""
    article = article or make_article(**values)
    if at is not None and at > timezone.now():
        return schedule(article, by=by, at=at)
    return publish(article, by=by, at=at)


def change(article: Article, *, by: Any = None, **values: Any) -> Article:
    """Change fields of a working copy and save it as the form would."""
    article.refresh_from_db()
    for name, value in values.items():
        setattr(article, name, value)
    article.save()
    transitions.save(article, by=by)
    return article


def arrange(
    *articles: Article | None,
    section: Section | None = None,
    until: dt.datetime | None = None,
    at: dt.datetime | None = None,
    by: Any = None,
    note: str = "",
) -> Front:
    """Publish or schedule a layout with these stories in its first places; None leaves one free."""
    slots = [
        Slot(zone=zone, position=position, article=article, pinned_until=until)
        for (zone, position), article in zip(PLACES, articles, strict=False)
        if article is not None
    ]
    seen = newest_number(section)
    return publish_layout(section, slots, by=by or publisher(), seen=seen, note=note, at=at)


def publish_then_correct(make: Callable[[], Article], at: dt.datetime) -> Publication:
    """Make a story and publish it at a moment, correct it an hour later; return the correction."""
    with time_machine.travel(at, tick=False):
        article = publish(make()).article
    with time_machine.travel(at + dt.timedelta(hours=1), tick=False):
        return publish(
            change(article, kicker="Storm"),
            by=publisher(),
            kind="correction",
            note="A figure was wrong.",
            corrections=[("83 florins.", "38 florins.")],
        )
