"""Stories as the desk's screen of a front shows them: those that may be put on it, and those there.

Offered is what readers can find or will find soon, newest first. Words of a headline are looked
for in the stories published last; an older one is found by its address.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from articles import fronts
from articles.admin import picking
from articles.admin.standing import clock
from articles.editor import thumbnail
from articles.models import Article, Publication, PublicPath, Section
from articles.models.articles import direction
from articles.querysets import PublicationQuerySet

OFFERED = 30
COMING = 10
_LONGEST = 1_000
# What stands before and behind the path of an address.
_HOST = re.compile(r"^[a-z]+://[^/]*|[?#].*$")

Story = dict[str, Any]


def offered(text: str, section: Section | None, at: dt.datetime) -> list[Story]:
    """Return stories that have all words in the headline: soon-live ones, then the newest."""
    soon, live = _soon(section, at), fronts.all_in(section, at)
    if "/" in text:
        named = PublicPath.objects.filter(path=_path(text)).values("article")
        live, soon = live.filter(article__in=named), soon.none()
    elif words := picking.words(text):
        live = live.dated(gte=picking.first_searched(live))
        for word in words:
            live = live.filter(headline__icontains=word)
            soon = soon.filter(headline__icontains=word)
    coming = list(_lines(soon).order_by("live_from", "pk")[:COMING])
    found = list(live.older(_lines, OFFERED))
    shown = {row.article_id for row in found}
    rows = [row for row in coming if row.article_id not in shown] + found
    return [of_publication(row, at, row.article.uuid) for row in rows]


def described(uuids: Iterable[Any], at: dt.datetime) -> dict[str, Story]:
    """Return stories by uuid as they stand at a moment, whatever readers may see of them."""
    wanted = list(uuids)
    if not wanted:
        return {}
    found: dict[str, Story] = {}
    rows = Publication.objects.filter(article__uuid__in=wanted)
    for part in (rows.listed(at), rows.pending(at).filter(is_listed=True)):
        for row in fronts.lines(part).select_related("article"):
            key = row.article.uuid
            found.setdefault(str(key), of_publication(row, at, key))
    others = Article.objects.filter(uuid__in=wanted).exclude(uuid__in=list(found))
    for article in others.select_related("section").defer("body"):
        found[str(article.uuid)] = _of_article(article)
    return found


def of_publication(row: Publication, at: dt.datetime, uuid: Any) -> Story:
    """Return a story, named by its article's ``uuid``, as it stands in a list at a moment."""
    is_live = row.is_live(at)
    time = clock(row.published_at if is_live else row.live_from, at)
    return {
        "uuid": str(uuid),
        "headline": row.headline,
        "language": row.language,
        "direction": row.direction,
        "section": row.section.name,
        "time": time,
        "tone": "" if is_live else "waiting",
        "state": "" if is_live else _("goes live %(time)s") % {"time": time},
        "picture": thumbnail(row.lead_photo) if row.lead_photo else "",
    }


def _path(address: str) -> str:
    """Return the path of an address as it is stored, whatever was pasted."""
    visible = "".join(letter for letter in address[:_LONGEST] if letter.isprintable())
    return f"{_HOST.sub('', visible.strip()).strip('/')}/"


def _of_article(article: Article) -> Story:
    return {
        "uuid": str(article.uuid),
        "headline": str(article),
        "language": article.language,
        "direction": direction(article.language),
        "section": article.section.name if article.section else "",
        "time": "",
        "tone": "withdrawn",
        "state": _("not shown: it is not in the lists of readers"),
        "picture": "",
    }


def _soon(section: Section | None, at: dt.datetime) -> PublicationQuerySet:
    rows = Publication.objects.pending(at).filter(is_listed=True)
    return rows.filter(section__in=fronts.with_those_under(section)) if section else rows


def _lines(rows: PublicationQuerySet) -> PublicationQuerySet:
    return fronts.lines(rows).select_related("article")
