"""What is done to many articles at once: choose in the list, look at what it means, confirm.

Each article goes through its own transition, in a transaction of its own, which asks everything
again: what is refused for one is told, and stops no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
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
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.base import DeskAdmin
from articles.exceptions import WorkflowError
from articles.form_fields import PassageField, SiteTimeField
from articles.models import Article
from articles.workflow import gates, transitions

# So many articles are looked through and confirmed at once.
MOST = 100

# Action → what is asked for on its page. What needs words of its own for each story isn't here.
BULK: dict[str, tuple[str, ...]] = {
    "submit": ("reason",),
    "request_changes": ("reason",),
    "approve": ("override",),
    "reapprove": ("override",),
    "publish": ("override",),
    "schedule": ("at", "override"),
    "unschedule": ("reason",),
    "publish_import": (),
    "hold": ("reason",),
    "release": ("reason",),
    "require_legal": ("reason",),
    "clear_legal": ("reason",),
    "require_pictures": ("reason",),
    "clear_pictures": ("reason",),
    "set_embargo": ("at", "reason"),
    "lift_embargo": ("reason",),
    "archive": ("reason",),
    "unarchive": ("reason",),
    "spike": ("reason",),
    "restore": (),
}
# Gates whose answer depends on a time that isn't known before it is given.
_TIMED = frozenset({"embargo", "photo_rights"})


def _words(label: Any, help_text: Any) -> PassageField:
    return PassageField(
        label=label,
        help_text=help_text,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _fields() -> dict[str, forms.Field]:
    return {
        "reason": _words(gettext_lazy("Reason"), gettext_lazy("Kept in each article’s history.")),
        "at": SiteTimeField(
            label=gettext_lazy("When"),
            help_text=_("In the time of %(zone)s.")
            % {"zone": timezone.get_current_timezone_name()},
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        ),
        "override": _words(
            gettext_lazy("Why warnings are passed over"),
            gettext_lazy("Articles with warnings are left as they are if this stays empty."),
        ),
    }


class BulkForm(forms.Form):
    """What an action asks for, once for all articles."""

    def __init__(self, name: str, data: Any = None) -> None:
        super().__init__(data)
        known = _fields()
        for field in BULK[name]:
            self.fields[field] = known[field]
            self.fields[field].required = field in transitions.ACTIONS[name].needs


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that was chosen: the revision looked at (0: none), why not (empty: it can be
    done), and what the gates say."""

    article: Article
    number: int
    why_not: str
    problems: list[gates.Problem]

    @property
    def is_possible(self) -> bool:
        return not self.why_not and not gates.blockers(self.problems)

    @property
    def token(self) -> str:
        return f"{self.article.pk}-{self.number}"


class BulkPages(DeskAdmin):
    """The list's drop-down and the page on which an action is confirmed."""

    actions = []

    def get_urls(self) -> list[Any]:
        bulk = path(
            "bulk/<slug:name>/", self.admin_site.admin_view(self.bulk), name="articles_article_bulk"
        )
        return [bulk, *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions that this user may do in one section at least."""
        if IS_POPUP_VAR in request.GET:
            return {}
        return {
            name: (partial(_choose, name), name, transitions.ACTIONS[name].label)
            for name in BULK
            if request.user.has_perm(transitions.ACTIONS[name].codename)
        }

    def bulk(self, request: HttpRequest, name: str) -> HttpResponse:
        """Do an action to the articles that were confirmed, or ask again for what is missing."""
        if name not in BULK:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        allowed = request.user.has_perm(transitions.ACTIONS[name].codename)
        if not allowed or not self.has_view_permission(request):
            raise PermissionDenied
        chosen = _chosen(request.POST.getlist("article")[:MOST])
        articles = list(Article.objects.for_desk().filter(pk__in=chosen))
        form = BulkForm(name, request.POST)
        if not articles:
            messages.error(request, _("Nothing was done: choose articles that are still there."))
        elif "confirmed" not in request.POST:
            return self.confirmation(request, name, articles, BulkForm(name))
        elif not form.is_valid():
            return self.confirmation(request, name, articles, form)
        else:
            given = {field: form.cleaned_data[field] for field in BULK[name]}
            _report(
                request, name, [_do(row, name, chosen, request.user, given) for row in articles]
            )
        return HttpResponseRedirect(_list_url(request.POST.get("filters", "")))

    def confirmation(
        self, request: HttpRequest, name: str, articles: list[Article], form: BulkForm
    ) -> TemplateResponse:
        """Show what an action would do to each article and what stands in the way."""
        rows = candidates(articles, name, request.user)
        possible = sum(row.is_possible for row in rows)
        filters = request.POST.get("filters") if "confirmed" in request.POST else None
        context = {
            **self.admin_site.each_context(request),
            "title": transitions.ACTIONS[name].label,
            "opts": Article._meta,
            "media": self.media,
            "name": name,
            "form": form,
            "rows": rows,
            "possible": possible,
            "filters": request.GET.urlencode() if filters is None else filters,
            "list_url": _list_url(request.GET.urlencode() if filters is None else filters),
        }
        return TemplateResponse(request, "admin/articles/article/bulk.html", context)


def candidates(articles: list[Article], name: str, user: Any) -> list[Candidate]:
    """Return the articles with what stands in the way of an action."""
    action = transitions.ACTIONS[name]
    cases = {case.article.pk: case for case in gates.make_cases(articles)}
    rows = []
    for article in articles:
        case = cases.get(article.pk)
        error = transitions.refusal(user, name, article, case.now if case else None)
        problems = _problems(case, name) if case and action.gated and not error else []
        number = case.revision.number if case and case.revision else 0
        rows.append(Candidate(article, number, error.message if error else "", problems))
    return rows


def _problems(case: gates.Case, name: str) -> list[gates.Problem]:
    about = gates.TEXT if name in ("approve", "reapprove") else ""
    left_out = _TIMED if "at" in transitions.ACTIONS[name].needs else frozenset()
    results = gates.examine(case, about)
    return gates.sorted_problems(row for row in results if row.gate.id not in left_out)


def _choose(name: str, admin: BulkPages, request: HttpRequest, rows: Any) -> HttpResponse | None:
    """Show the page to confirm for the articles that were ticked in the list."""
    articles = list(rows[: MOST + 1])
    if len(articles) > MOST:
        message = _("Choose at most %(most)d articles: each is looked at before anything is done.")
        messages.error(request, message % {"most": MOST})
        return None
    return admin.confirmation(request, name, articles, BulkForm(name))


def _chosen(tokens: list[str]) -> dict[int, int]:
    """Read "article-revision" pairs; what doesn't read so is left out."""
    pairs = (token.partition("-") for token in tokens)
    return {int(pk): _number(seen) for pk, _dash, seen in pairs if _number(pk)}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action for one article; ``refused`` is empty when it was done."""

    article: Article
    refused: str = ""


def _do(article: Article, name: str, seen: dict[int, int], user: Any, given: Any) -> Done:
    try:
        values = dict(given)
        if "revision" in transitions.TAKES[name]:
            values["revision"] = _seen(article, seen[article.pk])
        transitions.perform(article, name, by=user, given=values)
    except WorkflowError as error:
        return Done(article, error.message)
    return Done(article)


def _seen(article: Article, number: int) -> Any:
    """Return the revision that was looked at; without one nothing can be sealed or published."""
    revision = article.revisions.filter(number=number, is_proposal=False).first()
    if revision is None:
        raise WorkflowError(
            "changed", _("The list didn’t say which revision you have seen: choose it again.")
        )
    return revision


def _report(request: HttpRequest, name: str, rows: list[Done]) -> None:
    """Tell what was done to which article, and why not to which."""
    label = transitions.ACTIONS[name].label
    done = [row for row in rows if not row.refused]
    refused = [row for row in rows if row.refused]
    if done:
        text = ngettext(
            "%(action)s: done for %(n)d article.", "%(action)s: done for %(n)d articles.", len(done)
        )
        messages.success(request, _told(text % {"action": label, "n": len(done)}, done))
    if refused:
        text = ngettext(
            "%(action)s: refused for %(n)d article.",
            "%(action)s: refused for %(n)d articles.",
            len(refused),
        )
        messages.error(request, _told(text % {"action": label, "n": len(refused)}, refused))


def _told(text: str, rows: list[Done]) -> SafeString:
    lines = ((_url(row.article), row.article, f" {row.refused}".rstrip()) for row in rows)
    items = format_html_join("", '<li dir="auto"><a href="{}">{}</a>{}</li>', lines)
    return format_html("{}<ul>{}</ul>", text, items)


def _url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _list_url(filters: str) -> str:
    url = reverse("admin:articles_article_changelist")
    return f"{url}?{filters}" if filters else url
