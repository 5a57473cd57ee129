"""What was put right lately, newest first: of stories that stand in lists now, and of no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from articles.listings import Place
from articles.models import Publication
from articles.pages import TOLD, Change, absolute, changes_from
from articles.public import lists
from articles.public.feeds.entries import Entry, categories, entry_id, site_author


def newest(at: dt.datetime, before: Place | None, size: int) -> list[Publication]:
    """Return up to ``size`` corrections and clarifications older than a place.

    A few steps along one index for each kind, whatever the size of the archive.
    """
    listed = Publication.objects.listed(at).filter(article=OuterRef("article")).order_by()
    found: list[Publication] = []
    for kind in TOLD:
        rows = lists.begun(at).filter(Exists(listed), kind=kind).order_by("-live_from", "-id")
        if before is not None:
            moment, pk = before
            older = Q(live_from__lt=moment) | Q(live_from=moment, pk__lt=pk)
            rows = rows.filter(older, live_from__lte=moment)
        rows = rows.prefetch_related("corrections").annotate(uuid=F("article__uuid"))
        found += rows.defer("body")[:size]
    return sorted(found, key=lambda row: (row.live_from, row.pk), reverse=True)[:size]


def entries(told: Sequence[Publication], at: dt.datetime) -> list[Entry]:
    """Return what was put right as entries, each leading to the story as it stands now."""
    articles = [row.article_id for row in told]
    stories = Publication.objects.listed(at).filter(article__in=articles)
    rows = stories.select_related("section").annotate(uuid=F("article__uuid")).defer("body")
    now = {row.article_id: row for row in rows}
    return [_entry(row, now[row.article_id]) for row in told if row.article_id in now]


def _entry(told: Publication, story: Publication) -> Entry:
    change = changes_from(told)
    return Entry(
        id=f"{entry_id(story)}:{told.number}",
        url=absolute(story.get_absolute_url()),
        title=_("%(kind)s: %(headline)s") % {"kind": change.label, "headline": story.headline},
        summary=change.text or change.label,
        content=_content(change, story),
        language=story.language,
        published=told.live_from,
        updated=told.live_from,
        authors=(site_author(),),
        categories=categories(story),
    )


def _content(change: Change, story: Publication) -> str:
    note = format_html("<p>{}</p>\n", change.note) if change.note else ""
    pairs = format_html_join("", "<dl>{}{}</dl>\n", map(_terms, change.corrections))
    link = format_html(
        '<p><a href="{}">{}</a></p>', absolute(story.get_absolute_url()), story.headline
    )
    return note + pairs + link


def _terms(pair: tuple[str, str]) -> tuple[str, str]:
    was, now = pair
    wrong = format_html("<dt>{}</dt><dd>{}</dd>", _("An earlier version said"), was) if was else ""
    return wrong, format_html("<dt>{}</dt><dd>{}</dd>", _("It should say"), now)
