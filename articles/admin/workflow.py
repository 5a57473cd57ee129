"""Buttons of the article form: each calls one transition and tells what came of it.

What is allowed, to whom and when is asked of ``workflow``; here is only how an action is asked for:
a *press* saves the form first, a *post* does it at once, a *page* asks for what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from js_asset import Media

from articles import document, snapshots
from articles.action_forms import ActionForm, HotFixForm
from articles.admin import picking
from articles.admin.acts import CONFIRMED, DANGEROUS, consequences, done
from articles.admin.base import ArticlePages
from articles.admin.differences import proposed, void_box
from articles.admin.standing import labels
from articles.choices import DeskState
from articles.exceptions import WorkflowError
from articles.forms import PRESSES
from articles.models import Article, Event, Revision
from articles.workflow import gates, transitions
from articles.workflow.actions import void_approval
from articles.workflow.gates import BLOCKER, Problem
from articles.workflow.holding import Held
from articles.workflow.standing import Standing

# Where each action is offered: in the bar, beside the flags, or among the rarer ones.
BAR = (
    "submit", "approve", "reapprove", "publish", "request_changes", "confirm_fix", "kill",
    "decline_kill", "start_update", "unschedule", "restore",
)  # fmt: skip
FLAGS = (
    "set_embargo", "lift_embargo", "hold", "release", "require_legal", "clear_legal",
    "require_pictures", "clear_pictures",
)  # fmt: skip
MORE = (
    "hot_fix", "emergency_publish", "publish_import", "archive", "unarchive", "retract",
    "reinstate", "request_kill", "spike",
)  # fmt: skip
# Fields of the form that a problem's field name doesn't lead to by itself.
_PLACES = {
    "attributions": "attributions-group",
    "bylines": "bylines-group",
    "related_links": "related_links-group",
    "on_hold": "desk-flags",
    "legal_check": "desk-flags",
    "picture_check": "desk-flags",
    "embargo_until": "desk-flags",
}


@dataclass(frozen=True, slots=True)
class Button:
    """``way`` is press, post or page; ``url`` is where the last two go."""

    name: str
    label: str
    way: str
    url: str
    is_dangerous: bool


class WorkflowPages(ArticlePages):
    """The workflow's addresses and what the box beside the text shows."""

    def workflow_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(self.act)
        return [path("<int:article_id>/act/<slug:name>/", act, name="articles_article_act")]

    def workflow_box(self, request: HttpRequest, held: Held) -> dict[str, Any]:
        """Return what the box and the bar show: standing, buttons, and what stands in the way."""
        article, revision = held.article, held.revision
        now = held.standing(timezone.now())
        actions = transitions.allowed_actions(article, request.user, now, transitions.FUNCTIONS)
        allowed = {action.name for action in actions}
        may_edit = self.has_change_permission(request, article)
        buttons = {
            name: _button(article, name, now, may_edit=may_edit)
            for name in (*BAR, "schedule", *FLAGS, *MORE)
            if name in allowed
        }
        results = transitions.preflight(held)
        problems = gates.sorted_problems(results)
        void = void_approval(article, now) if article.state == DeskState.DRAFT else None
        return {
            "labels": labels(now.live, now.pending),
            "live": now.live,
            "pending": now.pending,
            "was_public": now.was_public,
            "revision": revision,
            "proposed": proposed(article, revision, now),
            "allowed": allowed,
            "buttons": buttons,
            "bar": [buttons[name] for name in BAR if name in buttons],
            "flags": [buttons[name] for name in FLAGS if name in buttons],
            "more": [buttons[name] for name in MORE if name in buttons],
            "asks": bool(allowed & set(PRESSES)) and may_edit,
            "blockers": [(row, _place(row)) for row in problems if row.severity == BLOCKER],
            "warnings": [(row, _place(row)) for row in problems if row.severity != BLOCKER],
            "is_warned": _is_warned(revision, problems),
            "passed": [result.gate.label for result in results if not result.problems],
            "asked": _asked(article),
            "void": void_box(article, void, revision),
        }

    def act_on_saved(self, request: HttpRequest, held: Held, form: ActionForm) -> bool:
        """Do what was pressed to the revision that was saved or seen; tell what came of it."""
        given = {**form.given, "revision": held.revision}
        try:
            result = transitions.perform(held, form.chosen, by=request.user, given=given)
        except WorkflowError as error:
            action = transitions.ACTIONS[form.chosen].label
            message = _("“%(action)s” was not done. %(why)s")
            messages.error(request, message % {"action": action, "why": error.message})
            return False
        messages.success(request, done(form.chosen, result))
        return True

    def act(self, request: HttpRequest, article_id: int, name: str) -> HttpResponse:
        """Ask for what an action needs and say what will happen (GET); do it (POST)."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if name not in transitions.FUNCTIONS:
            raise Http404(_("There is no such action."))
        article = self.readable_article(request, article_id)
        if error := transitions.refusal(request.user, name, article):
            if error.code == "not_permitted":
                raise PermissionDenied(error.message)
            messages.error(request, error.message)
            return back_to(article)
        current = snapshots.current_revision(article)
        is_post = request.method == "POST"
        form = _form(request, article, name)
        problems: tuple[Problem, ...] = ()
        if is_post and form.is_valid():
            seen = _seen(article, request.POST.get("revision", ""))
            try:
                if "revision" in transitions.TAKES[name] and seen is None:
                    raise WorkflowError("no_revision", _("Say which revision you have seen."))
                result = transitions.perform(
                    article, name, by=request.user, given={**form.given, "revision": seen}
                )
            except WorkflowError as refused:
                form.refuse(refused)
                problems = refused.problems
            else:
                messages.success(request, done(name, result))
                return back_to(article)
        return self._page(request, article, form, current, problems)

    def _page(
        self,
        request: HttpRequest,
        article: Article,
        form: ActionForm,
        revision: Revision | None,
        problems: tuple[Problem, ...],
    ) -> HttpResponse:
        action = transitions.ACTIONS[form.chosen]
        now = transitions.standing(article)
        context = {
            **self.admin_site.each_context(request),
            "title": action.label,
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "action": action,
            "form": form,
            "revision": revision,
            "labels": labels(now.live, now.pending),
            "consequences": consequences(form.chosen, article, now),
            "problems": problems,
            "is_dangerous": form.chosen in DANGEROUS,
            "media": Media.from_media(self.media + form.media, nonce=str(request.csp_nonce)),  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/articles/article/act.html", context)


def _is_warned(revision: Revision | None, problems: list[Problem]) -> bool:
    """Return whether a warning stands that nobody has passed over for this text before."""
    codes = {problem.code for problem in problems if problem.severity != BLOCKER}
    return bool(revision and codes - gates.accepted_warnings(revision))


def _asked(article: Article) -> Event | None:
    """Return the event that brought an article to who has it now, if something was said with it."""
    actions = {DeskState.IN_REVIEW: "submit", DeskState.CHANGES_REQUESTED: "request_changes"}
    action = actions.get(DeskState(article.state))
    if action is None:
        return None
    rows = article.events.filter(action=action).select_related("by").order_by("-number")
    event = rows.first()
    return event if event is not None and event.reason else None


def initial_of(article: Article) -> dict[str, str]:
    """Return what a form of actions begins with: the kind of change that is proposed."""
    found = proposed(article, snapshots.current_revision(article), transitions.standing(article))
    return {"kind": found.kind} if found else {}


def _form(request: HttpRequest, article: Article, name: str) -> ActionForm:
    data = request.POST if request.method == "POST" else None
    live = transitions.standing(article).live
    if name != "hot_fix" or live is None:
        return ActionForm(data, chosen=name, initial=initial_of(article))
    story = document.from_json(live.revision.document)
    return HotFixForm(data, story, picking.editor_addresses(request.user))


def back_to(article: Article) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _button(article: Article, name: str, now: Standing, *, may_edit: bool) -> Button:
    action = transitions.ACTIONS[name]
    if name in PRESSES and may_edit:
        way = "press"
    elif action.needs or name in CONFIRMED or name in PRESSES:
        way = "page"
    else:
        way = "post"
    label = str(action.label)
    if name == "publish":
        label = _("Publish the change") if now.was_public else _("Publish now")
    if way == "page":
        label = _("%(action)s …") % {"action": label}
    url = reverse("admin:articles_article_act", args=[article.pk, name])
    return Button(name, label, way, url, name in DANGEROUS)


def _place(problem: Problem) -> str:
    """Return the id of the part of the form where a problem is put right."""
    if not problem.field:
        return ""
    return _PLACES.get(problem.field, f"id_{problem.field}")


def _seen(article: Article, text: str) -> Revision | None:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return article.revisions.filter(number=int(text)).first()
