"""An article's past at the desk: its timeline, its revisions, two of them compared; its preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import body, document, pages, snapshots
from articles.admin.base import ArticlePages
from articles.admin.naming import names_in
from articles.admin.timeline import SHOWN, timeline
from articles.changes.classify import propose
from articles.changes.compare import SAME, Change, compare
from articles.choices import PublicationKind
from articles.document import Document
from articles.exceptions import DocumentError, WorkflowError
from articles.models import Article, Photo, Revision
from articles.models.articles import direction
from articles.workflow import transitions


class HistoryPages(ArticlePages):
    """The addresses of an article's past and of its preview."""

    def history_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        revision = "<int:article_id>/revision/<int:number>/"
        return [
            path(revision, wrap(self.revision), name="articles_article_revision"),
            path(f"{revision}take-over/", wrap(self.take_over), name="articles_article_take_over"),
            path(
                "<int:article_id>/compare/",
                wrap(self.choose_comparison),
                name="articles_article_choose_comparison",
            ),
            path(
                "<int:article_id>/compare/<int:older>..<int:newer>/",
                wrap(self.compare),
                name="articles_article_compare",
            ),
        ]

    def past(self, article: Article) -> dict[str, Any]:
        """Return what the history page shows, newest first."""
        return {"timeline": timeline(article)}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Add whether this user may bring a revision back."""
        context = extra_context or {}
        article = context.get("object")
        if article is not None:
            refused = transitions.refusal(request.user, "edit", article)
            context = {**context, "may_restore": refused is None}
        return super().history_view(request, object_id, context)

    def revision(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Show one revision as it reads."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self.readable_article(request, article_id)
        row = _revision(article, number)
        story = document.from_json(row.document)
        current, now = snapshots.current_revision(article), transitions.standing(article)
        refused = transitions.refusal(request.user, "edit", article, now)
        is_other = current is None or current.digest != row.digest
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revision %(number)d") % {"number": number},
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "revision": row,
            "story": story,
            "direction": direction(story.language),
            "text": read(story),
            "rows": _besides_the_text(story),
            "current": current,
            "live": now.live.revision.number if now.live and not now.is_withdrawn else None,
            "before": _number_before(article, number),
            "may_take_over": is_other and refused is None,
            "refused": refused if is_other and refused and refused.code != "not_permitted" else "",
        }
        return TemplateResponse(request, "admin/articles/article/revision.html", context)

    def take_over(self, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
        """Make a proposal or an older revision the working copy, as a new revision."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id)
        row = _revision(article, number)
        here = reverse("admin:articles_article_revision", args=[article.pk, number])
        if "confirmed" not in request.POST:
            if self._refused(request, article) is None:
                text = _("Not taken over: tick that you have read the revision.")
                messages.error(request, text)
            return HttpResponseRedirect(here)
        with transaction.atomic():
            locked = Article.objects.select_for_update().get(pk=article.pk)
            if self._refused(request, locked):
                return HttpResponseRedirect(here)
            current = snapshots.current_revision(locked)
            seen = request.POST.get("seen", "")
            if seen and current and seen != str(current.number):
                text = _("The article has been changed since you looked: look again, then decide.")
                messages.error(request, text)
                return HttpResponseRedirect(here)
            try:
                made = transitions.adopt(row, by=request.user)
            except DocumentError as error:
                messages.error(request, error.message)
                return HttpResponseRedirect(here)
        self._tell(request, article, number, made)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def _refused(self, request: HttpRequest, article: Article) -> WorkflowError | None:
        """Say why this user may not edit the article now; raises PermissionDenied for the role."""
        error = transitions.refusal(request.user, "edit", article)
        if error and error.code == "not_permitted":
            raise PermissionDenied(error.message)
        if error:
            messages.error(request, error.message)
        return error

    def _tell(
        self, request: HttpRequest, article: Article, number: int, made: Revision | None
    ) -> None:
        if made is None:
            messages.info(request, _("The article reads so already: nothing was changed."))
            return
        message = _("Revision %(number)d was taken over as revision %(new)d.")
        message %= {"number": number, "new": made.number}
        self.log_change(request, article, message)
        messages.success(request, message)

    def choose_comparison(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Lead from the form with two revisions to the page that compares them."""
        article = self.readable_article(request, article_id)
        numbers = [request.GET.get(name, "") for name in ("older", "newer")]
        if not all(number.isdecimal() and len(number) < 10 for number in numbers):
            raise Http404(_("Choose two revisions of this article."))
        args = [article.pk, *sorted(map(int, numbers))]
        return HttpResponseRedirect(reverse("admin:articles_article_compare", args=args))

    def compare(
        self, request: HttpRequest, article_id: int, older: int, newer: int
    ) -> HttpResponse:
        """Show what differs between two revisions, block by block and word by word."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        article = self.readable_article(request, article_id)
        if older > newer:
            args = [article.pk, newer, older]
            return HttpResponseRedirect(reverse("admin:articles_article_compare", args=args))
        rows = [_revision(article, number) for number in (older, newer)]
        old, new = (document.from_json(row.document) for row in rows)
        now = transitions.standing(article)
        live = now.live.revision.number if now.live and not now.is_withdrawn else None
        current = snapshots.current_revision(article)
        choices = article.revisions.select_related("created_by").defer("document")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Revisions %(old)d and %(new)d compared") % {"old": older, "new": newer},
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "older": rows[0],
            "newer": rows[1],
            "live": live,
            "current": current.number if current else None,
            "choices": choices.order_by("-number")[:SHOWN],
            "stretches": _stretches(compare(old, new, names_in(old, new))),
            "language": new.language,
            "direction": direction(new.language),
            "proposal": _proposal(old, new) if live == older else None,
        }
        return TemplateResponse(request, "admin/articles/article/compare.html", context)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring changes that are shown, or fields and blocks without any that are folded."""

    is_same: bool
    changes: list[Change]


def _stretches(changes: list[Change]) -> list[Stretch]:
    groups = groupby(changes, key=lambda change: change.kind == SAME)
    return [Stretch(is_same, list(rows)) for is_same, rows in groups]


def _besides_the_text(story: Document) -> list[Change]:
    """Return the fields and rows of a document that don't stand in the text, in words."""
    story = replace(story, body=(), headline="", standfirst="", kicker="")
    return compare(story, story, names_in(story))


def _proposal(old: Document, new: Document) -> dict[str, Any] | None:
    if old == new:
        return None
    proposal = propose(old, new)
    return {
        "kind": PublicationKind(proposal.kind).label,
        "reasons": proposal.reasons,
        "may_be_minor": proposal.may_be_minor,
    }


def _number_before(article: Article, number: int) -> int | None:
    """Return the number of the revision of the working copy before this one."""
    rows = article.revisions.filter(number__lt=number, is_proposal=False).order_by("-number")
    return rows.values_list("number", flat=True).first()


def read(story: Document) -> str:
    """Return a document's body as readers would get it, with its photos."""
    photos = Photo.objects.filter(uuid__in=story.photos()).select_related("agency", "photographer")
    return pages.fill_body(body.render(story.body), photos.prefetch_related("renditions"))


def _revision(article: Article, number: int) -> Revision:
    row = article.revisions.select_related("created_by").filter(number=number).first()
    if row is None:
        raise Http404(_("This article has no revision %(number)d.") % {"number": number})
    return row
