"""Buttons of the article form: each calls one transition and tells what came of it.

What is allowed, to whom and when is asked of ``workflow``; here is only which button posts where,
and that a refusal comes back as a message with nothing typed lost.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import document, snapshots
from articles.admin.base import ArticlePages
from articles.admin.standing import labels, moment
from articles.exceptions import WorkflowError
from articles.forms import ReleaseForm
from articles.models import Article, Publication, Revision
from articles.workflow import transitions
from articles.workflow.gates import BLOCKER, Problem

# Fields of the form that a problem's field name doesn't lead to by itself.
_PLACES = {"attributions": "attributions-group", "bylines": "bylines-group"}


class WorkflowPages(ArticlePages):
    """The workflow's addresses and what the box beside the text shows."""

    def workflow_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:article_id>/publish/", wrap(self.publish), name="articles_article_publish"),
            path(
                "<int:article_id>/schedule/", wrap(self.schedule), name="articles_article_schedule"
            ),
            path(
                "<int:article_id>/call-off/", wrap(self.call_off), name="articles_article_call_off"
            ),
            path("<int:article_id>/retract/", wrap(self.retract), name="articles_article_retract"),
        ]

    def workflow_box(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """Return what the box shows: standing, links, buttons, and what stands in the way."""
        now = transitions.standing(article)
        revision = snapshots.current_revision(article)
        allowed = {
            action.name for action in transitions.allowed_actions(article, request.user, now)
        }
        problems = _problems(article, revision)
        return {
            "labels": labels(now.live, now.pending),
            "live": now.live,
            "pending": now.pending,
            "was_public": any(not row.was_called_off for row in now.publications),
            "is_withdrawn": now.is_withdrawn,
            "revision": revision,
            "allowed": allowed,
            "problems": [(row, row.severity == BLOCKER, _place(row)) for row in problems],
            "is_blocked": any(row.severity == BLOCKER for row in problems),
        }

    def release(
        self, request: HttpRequest, article: Article, form: ReleaseForm, revision: Revision | None
    ) -> bool:
        """Publish or schedule the revision that was seen; tell what came of it."""
        values: dict[str, Any] = {
            "by": request.user,
            "kind": form.cleaned_data["kind"],
            "note": form.cleaned_data["note"],
            "revision": revision,
        }
        try:
            if form.action == "schedule":
                row = transitions.schedule(article, at=form.cleaned_data["at"], **values)
            else:
                row = transitions.publish(article, corrections=form.corrections, **values)
        except WorkflowError as error:
            messages.error(request, _("Not published. %(why)s") % {"why": error.message})
            return False
        messages.success(request, _told(row))
        return True

    def publish(self, request: HttpRequest, article_id: int) -> HttpResponse:
        return self._release_view(request, article_id, "publish")

    def schedule(self, request: HttpRequest, article_id: int) -> HttpResponse:
        return self._release_view(request, article_id, "schedule")

    def _release_view(self, request: HttpRequest, article_id: int, action: str) -> HttpResponse:
        """Release the revision named in the form as it was saved; nothing is edited here."""
        article = self.article_for(request, article_id, action, methods=["POST"])
        if isinstance(article, HttpResponse):
            return article
        form = ReleaseForm(request.POST, action=action)
        seen = article.revisions.filter(number=_number(request.POST.get("revision", ""))).first()
        if seen is None:
            messages.error(request, _("Not published. Say which revision you have seen."))
        elif form.is_valid():
            self.release(request, article, form, seen)
        else:
            for errors in form.errors.values():
                messages.error(request, " ".join(str(error) for error in errors))
        return _back(article)

    def call_off(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Call off what is scheduled."""
        article = self.article_for(request, article_id, "unschedule", methods=["POST"])
        if isinstance(article, HttpResponse):
            return article
        try:
            row = transitions.unschedule(article, by=request.user)
        except WorkflowError as error:
            messages.error(request, error.message)
        else:
            message = _("Called off: it will not go live on %(time)s.")
            messages.success(request, message % {"time": moment(row.live_from)})
        return _back(article)

    def retract(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Ask for the notice and say what will happen; then withdraw the story."""
        article = self.article_for(request, article_id, "retract", methods=["GET", "POST"])
        if isinstance(article, HttpResponse):
            return article
        note, error = request.POST.get("note", ""), ""
        if request.method == "POST":
            try:
                transitions.retract(article, by=request.user, note=note)
            except WorkflowError as problem:
                error = problem.message
            else:
                messages.success(request, _("Retracted: its page shows the notice from now on."))
                return _back(article)
        now = transitions.standing(article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Retract"),
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "live": now.live,
            "pending": now.pending,
            "is_withdrawn": now.is_withdrawn,
            "note": note,
            "error": error,
        }
        return TemplateResponse(request, "admin/articles/article/retract.html", context)

    def article_for(
        self, request: HttpRequest, article_id: int, action: str, *, methods: list[str]
    ) -> Article | HttpResponse:
        """Return the article of an address; refuse other methods, and who may not do the action."""
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        if not request.user.has_perm(transitions.ACTIONS[action].permission):
            raise PermissionDenied
        return self.readable_article(request, article_id)


def _problems(article: Article, revision: Revision | None) -> list[Problem]:
    if revision is None:
        return []
    return transitions.preflight(article, document.from_json(revision.document))


def _place(problem: Problem) -> str:
    """Return the id of the part of the form where a problem is put right."""
    if not problem.field:
        return ""
    return _PLACES.get(problem.field, f"id_{problem.field}")


def _told(row: Publication) -> str:
    if row.is_live():
        kind = row.get_kind_display()
        return _("Published as “%(kind)s”: readers see it now.") % {"kind": kind}
    message = _("Scheduled: readers see it from %(time)s on.")
    return message % {"time": moment(row.live_from)}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _back(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
