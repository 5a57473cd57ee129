"""Emptying a killed article: its text leaves every table that readers or the desk can look into.

What was emptied is kept in one ``KilledText``, for those with ``view_killed_article`` and for
``verify_publications``, which still proves from it that nothing had been altered before. The
append-only tables are emptied past their rule, on PostgreSQL by a setting that their trigger asks
for and that ends with the transaction.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone

from articles import indexing, snapshots
from articles.document import Document
from articles.models import (
    Article,
    Comment,
    Correction,
    Event,
    ImportedDocument,
    KilledText,
    Photo,
    Publication,
    Revision,
)

SLUGLINE = "killed"
_EMPTY: dict[type[models.Model], dict[str, Any]] = {
    Article: {
        "headline": "", "standfirst": "", "kicker": "", "slugline": SLUGLINE, "dateline": "",
        "body": "",
    },
    Revision: {"document": Document().to_json(), "note": ""},
    Publication: {
        "note": "", "headline": "", "standfirst": "", "kicker": "", "dateline": "", "credits": {},
        "source_line": "", "related": [], "words": 0, "body": "", "lead_photo": None,
    },
    Correction: {"was": "", "now": ""},
    Event: {"reason": ""},
    ImportedDocument: {"report": {}},
}  # fmt: skip
_LISTS = ("photos", "topics", "contributors", "sources")


def empty(article: Article) -> KilledText:
    """Move what a locked article says into a ``KilledText``; what is written later stays."""
    story = snapshots.take(article).to_json()
    tables = {
        "Article": Article.objects.filter(pk=article.pk),
        "Revision": article.revisions.order_by("number"),
        "Publication": article.publications.order_by("number"),
        "Correction": Correction.objects.filter(publication__article=article).order_by("pk"),
        "Event": article.events.order_by("number"),
        "ImportedDocument": ImportedDocument.objects.filter(article=article).order_by("pk"),
    }
    kept: dict[str, Any] = {"working_copy": story}
    for name, rows in tables.items():
        kept[name] = {str(_name(row)): _columns(row) for row in rows}
    comments = Comment.objects.filter(article=article).select_related("author")
    kept["Comment"] = [
        {"by": row.author.get_username(), "text": row.text, "quote": row.quote} for row in comments
    ]
    text = KilledText.objects.create(article=article, kept=kept)
    _let_append_only_tables_be_emptied()
    for rows in tables.values():
        model = rows.model
        model._base_manager.filter(pk__in=rows.values_list("pk", flat=True)).update(**_EMPTY[model])
    for publication in article.publications.all():
        for name in _LISTS:
            getattr(publication, name).clear()
    for name in ("bylines", "attributions", "related_links", "placements", "comments", "autosaves"):
        getattr(article, name).all().delete()
    article.topics.clear()
    indexing.remove(article)
    article.preview_links.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    log = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Article), object_id=str(article.pk)
    )
    log.update(object_repr=SLUGLINE, change_message="")
    for name, value in _EMPTY[Article].items():
        setattr(article, name, value)
    return text


def restored(publication: Publication, kept: dict[str, Any] | None) -> Publication:
    """Return a publication with the columns it had before its article was killed."""
    columns = (kept or {}).get("Publication", {}).get(str(publication.number), {})
    for name, value in columns.items():
        is_photo = name == "lead_photo" and value
        setattr(publication, name, Photo.objects.get(uuid=value) if is_photo else value)
    return publication


def _name(row: models.Model) -> Any:
    return getattr(row, "number", row.pk)


def _columns(row: models.Model) -> dict[str, Any]:
    names = _EMPTY[type(row)]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return str(value.uuid) if isinstance(value, Photo) else value


def _let_append_only_tables_be_emptied() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL newsroom.emptying = 'on'")
