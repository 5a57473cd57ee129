"""Related stories at the desk: what readers get under a story, why, and what is pinned of it.

Shown for the text as it was saved, and again for the text as it stands in the form whenever the
desk asks; nothing is saved on the way.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.base import ArticlePages, may_edit
from articles.choices import RelatedKind
from articles.models import Article, Publication, Section, Topic
from articles.related import RelatedStory
from articles.related.blocks import blocks_for
from articles.related.ranking import shared, subject_of_text
from articles.related.reasons import reason
from articles.related.terms import day_of, text_of
from articles.related.words import weigh

_TEXTS = {"headline": 300, "standfirst": 5_000, "kicker": 80, "dateline": 160, "language": 35}
_LONGEST_BODY = 400_000
_MOST_ROWS = 60
_ROW = re.compile(r"related_links-(\d{1,3})-(related|title|url|kind|pinned_until_0|DELETE)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of the desk's list; ``number`` is the row of one of our articles, 0 of no one's."""

    story: RelatedStory
    number: int
    why: str
    kind: str


class RelatedPages(ArticlePages):
    """Mixed into the article's admin: the list of proposals beside the related links."""

    def related_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("related/", wrap(self.propose), name="articles_article_propose_new"),
            path("<int:article_id>/related/", wrap(self.propose), name="articles_article_propose"),
        ]

    def related_box(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Return what ``related_proposals.html`` shows as ``proposals``, of the saved text."""
        name, args = "admin:articles_article_propose_new", []
        if article:
            name, args = "admin:articles_article_propose", [article.pk]
        found = _proposals(_saved(article), timezone.now()) if article else []
        may = may_edit(request, article) if article else True
        return {"rows": found, "url": reverse(name, args=args), "may": may, "is_new": not article}

    @method_decorator([require_POST, never_cache])
    def propose(self, request: HttpRequest, article_id: int = 0) -> HttpResponse:
        """Answer with the list for the text as it stands in the form."""
        article = self.readable_article(request, article_id) if article_id else None
        if not article and not self.has_add_permission(request):
            raise PermissionDenied
        found = _proposals(_typed(request.POST, article), timezone.now())
        may = may_edit(request, article) if article else True
        context = {"proposals": {"rows": found, "may": may, "is_new": False}}
        return render(request, "admin/includes/related_list.html", context)


def _proposals(publication: Publication, at: dt.datetime) -> list[Proposal]:
    """Return what readers would get under a text, in seven queries."""
    text = text_of(publication)
    own = None
    if publication.article_id:  # asked for none, the database would look through all
        known = Publication.objects.filter(article=publication.article_id)
        known = known.filter(text_print__isnull=False).order_by("-number")
        own = known.values_list("pk", flat=True).first()
    subject = subject_of_text(text, day_of(publication.published_at), own or 0)
    blocks = blocks_for(publication, subject, at)
    groups = ((RelatedKind.EARLIER, blocks.earlier), (RelatedKind.RELATED, blocks.related))
    rows = [(kind, story) for kind, stories in groups for story in stories]
    common = shared(subject, [s.match.publication for _kind, s in rows if s.match])
    weighed = weigh(text)
    return [
        Proposal(
            story,
            story.publication.article_id if story.publication else 0,
            reason(story, common.get(story.match.publication, []), weighed, at)
            if story.match
            else "",
            kind,
        )
        for kind, story in rows
    ]


def _saved(article: Article) -> Publication:
    """Return the saved working copy as the publication it would be, as far as it is compared."""
    links = article.related_links.select_related("related").defer("related__body")
    rows = [
        {
            "article": str(row.related.uuid) if row.related else "",
            "title": row.title,
            "url": row.url,
            "kind": "" if row.kind == RelatedKind.RELATED else row.kind,
            "pinned_until": row.pinned_until.isoformat() if row.pinned_until else "",
        }
        for row in links
    ]
    texts = {name: getattr(article, name) for name in (*_TEXTS, "body")}
    return _draft(article, texts, article.section, article.topics.all(), rows)


def _typed(sent: QueryDict, article: Article | None) -> Publication:
    """Return what stands in the form as the publication it would be, as far as it is compared."""
    texts = {name: sent.get(name, "")[:longest] for name, longest in _TEXTS.items()}
    texts["body"] = sent.get("body", "")[:_LONGEST_BODY]
    section = Section.objects.filter(pk__in=_numbers([sent.get("section", "")])).first()
    topics = Topic.objects.filter(pk__in=_numbers(sent.getlist("topics")[:_MOST_ROWS]))
    return _draft(article, texts, section, topics, _typed_rows(sent))


def _draft(
    article: Article | None,
    texts: dict[str, str],
    section: Section | None,
    topics: Iterable[Topic],
    rows: list[dict[str, str]],
) -> Publication:
    dated = article.originally_published_at if article else None
    if article and not dated:
        dates = article.publications.order_by("number").values_list("published_at", flat=True)
        dated = dates.first()
    names = [{"slug": topic.slug, "name": topic.name} for topic in topics]
    return Publication(
        article=article,
        section=section or Section(),
        credits={"topics": names},
        related=rows,
        published_at=dated or timezone.now(),
        **texts,
    )


def _typed_rows(sent: QueryDict) -> list[dict[str, str]]:
    """Return the related links of the form that are to stay, in the order in which they stand."""
    typed: dict[int, dict[str, str]] = {}
    for name in sent:
        if (match := _ROW.fullmatch(name)) and int(match[1]) < _MOST_ROWS:
            typed.setdefault(int(match[1]), {})[match[2]] = sent.get(name, "")[:2000]
    kept = [row for _number, row in sorted(typed.items()) if not row.get("DELETE")]
    ours = _numbers(row.get("related", "") for row in kept)
    uuids = {str(pk): str(uuid) for pk, uuid in _uuids(ours)}
    rows = []
    for row in kept:
        kind = row.get("kind", "")
        rows.append(
            {
                "article": uuids.get(row.get("related", ""), ""),
                "title": row.get("title", ""),
                "url": row.get("url", ""),
                "kind": "" if kind == RelatedKind.RELATED else kind,
            }
        )
    return rows


def _uuids(numbers: list[int]) -> Iterable[tuple[int, Any]]:
    return Article.objects.filter(pk__in=numbers).values_list("pk", "uuid")


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if re.fullmatch(r"[0-9]{1,18}", text)]
