"""The desk's panel on the admin's first page: what waits for somebody, a few rows each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.standing import moment
from articles.choices import Origin, Outcome
from articles.models import ImportedDocument, Photo, Placement, Publication, Revision

ROWS = 5


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the panel; ``nothing`` is what it says when it is empty."""

    name: str
    title: str
    url: str
    nothing: str
    rows: list[Row]


def panel(user: Any) -> list[Part]:
    """Return what this user may look at, in at most one query a part."""
    parts = [
        ("importeddocument", _needs_editor),
        ("publication", _scheduled),
        ("publication", _published),
        ("photo", _files_to_supply),
    ]
    return [make() for model, make in parts if user.has_perm(f"articles.view_{model}")]


def _article(pk: int | None) -> str:
    return reverse("admin:articles_article_change", args=[pk])


def _needs_editor() -> Part:
    """List imports with open questions that no editor has saved and nobody has published."""
    saved = Revision.objects.filter(article=OuterRef("article"), origin=Origin.FORM)
    published = Publication.objects.filter(article=OuterRef("article"))
    rows = (
        ImportedDocument.objects.filter(
            ~Exists(saved), ~Exists(published), outcome=Outcome.NEEDS_EDITOR
        )
        .select_related("article")
        .only("external_id", "created_at", "article__headline", "article__slugline")[:ROWS]
    )
    return Part(
        "imports",
        _("Imports that need an editor"),
        reverse("admin:articles_importeddocument_changelist") + "?outcome__exact=needs_editor",
        _("None: every import was clear."),
        [Row(str(row.article or row), _article(row.article_id), row.external_id) for row in rows],
    )


def _scheduled() -> Part:
    rows = Publication.objects.pending(timezone.now()).order_by("live_from", "id")
    return Part(
        "scheduled",
        _("Scheduled"),
        reverse("admin:articles_article_changelist") + "?public=scheduled",
        _("Nothing is scheduled."),
        [_publication(row) for row in _light(rows)],
    )


def _published() -> Part:
    rows = Publication.objects.live(timezone.now()).order_by("-live_from", "-id")
    return Part(
        "published",
        _("Recently published"),
        reverse("admin:articles_publication_changelist"),
        _("Nothing is public yet."),
        [_publication(row) for row in _light(rows)],
    )


def _light(rows: Any) -> Any:
    return rows.only("headline", "live_from", "kind", "article_id")[:ROWS]


def _publication(row: Publication) -> Row:
    detail = f"{moment(row.live_from)} · {row.get_kind_display()}"
    return Row(row.headline, _article(row.article_id), detail)


def _files_to_supply() -> Part:
    used = Placement.objects.filter(photo=OuterRef("pk"))
    rows = Photo.objects.filter(Exists(used), file="", killed_at=None).order_by("-id")[:ROWS]
    return Part(
        "files",
        _("Files to supply"),
        reverse("admin:articles_photo_changelist") + "?missing=yes",
        _("Every photo has its file."),
        [
            Row(str(row), reverse("admin:articles_photo_change", args=[row.pk]), row.expected_file)
            for row in rows
        ],
    )
