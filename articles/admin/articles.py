"""The article's list and form: what is shown where, and what one press of Save does.

A save writes the form and its rows and then, once, a revision; what was pressed beside it goes on
to the transition. Both happen in the admin's one transaction, with the row locked.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from articles import document, keeping, snapshots
from articles.action_forms import ActionForm
from articles.admin import picking
from articles.admin.base import edit_refusal, may_edit
from articles.admin.comments import CommentPages
from articles.admin.history import HistoryPages, read
from articles.admin.imports import note_of_import
from articles.admin.keeping import KeepingPages
from articles.admin.killed import KilledPages
from articles.admin.listing import ArticleList
from articles.admin.naming import names_in
from articles.admin.previews import PreviewPages
from articles.admin.related import RelatedPages
from articles.admin.rows import (
    AttributionInline,
    BylineInline,
    PlacementInline,
    RelatedLinkInline,
)
from articles.admin.workflow import WorkflowPages
from articles.changes.merge import Conflict, merge
from articles.choices import Origin
from articles.forms import PRESSES, ArticleForm
from articles.models import Article, Comment, Revision
from articles.parts import Parts
from articles.workflow import transitions
from articles.workflow.holding import Held

_TEXTS = ("headline", "standfirst", "kicker", "dateline", "slugline", "body")
_MADE = "article-of-form-%s"
_STASH = "act-on-article-%s"


class UnjoinedError(Exception):
    """Two people changed the same words; ``conflicts`` has both versions of each."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(f"{len(conflicts)} conflicts")
        self.conflicts = conflicts


class NotEditableError(Exception):
    """An article stands where nobody may edit it; ``why`` says so."""

    def __init__(self, article: Article, why: str) -> None:
        super().__init__(why)
        self.article, self.why = article, why


@admin.register(Article)
class ArticleAdmin(
    ArticleList,
    WorkflowPages,
    HistoryPages,
    KeepingPages,
    CommentPages,
    PreviewPages,
    KilledPages,
    RelatedPages,
):
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    object_history_template = "admin/articles/article/history.html"
    autocomplete_fields = ["topics", "original"]
    inlines = [BylineInline, AttributionInline, RelatedLinkInline, PlacementInline]
    readonly_fields = ["text"]

    class Media:
        js = ["admin_newsroom/keeping.js"]

    fieldsets = [
        (None, {"fields": ["headline", "standfirst", ("kicker", "dateline"), "body"]}),
        (
            gettext_lazy("Where readers find it"),
            {
                "fields": [
                    "section",
                    "topics",
                    "language",
                    "slug",
                    "slugline",
                    "originally_published_at",
                    "original",
                ],
                "classes": ["side"],
            },
        ),
    ]

    # The form

    def get_urls(self) -> list[Any]:
        stories = path(
            "stories/", self.admin_site.admin_view(picking.stories), name="articles_article_stories"
        )
        return [
            stories,
            *self.workflow_urls(),
            *self.history_urls(),
            *self.keeping_urls(),
            *self.comment_urls(),
            *self.preview_urls(),
            *self.killed_urls(),
            *self.related_urls(),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a story is spiked or retracted: its revisions are kept

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the article, locked while it is being saved, so that two saves can't cross.

        Raises NotEditableError when where it stands forbids any editing.
        """
        if not object_id.isdecimal():
            return None
        rows = self.get_queryset(request).select_related("section").prefetch_related("topics")
        is_saving = transaction.get_connection().in_atomic_block
        if is_saving:
            quoting = Comment.objects.filter(article=OuterRef("pk")).exclude(quote="")
            rows = rows.select_for_update(of=("self",)).annotate(has_quotes=Exists(quoting))
        article = rows.filter(pk=object_id).first()
        if article is not None:
            held = Held(article, Parts(article) if is_saving else None)
            error = edit_refusal(request, article, held.now)
            is_post = is_saving and request.method == "POST"
            if is_post and error is not None and error.code != "not_permitted":
                raise NotEditableError(article, error.message)
            request.held = held  # type: ignore[attr-defined]
        return article

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.user, form.clash = request.user, getattr(request, "clash", None)
        form.held = getattr(request, "held", None) if change else None
        return form

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out of a save what is only shown: the photos of the text."""
        for inline in self.get_inline_instances(request, obj):
            if request.method != "POST" or not isinstance(inline, PlacementInline):
                yield inline.get_formset(request, obj), inline

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Give each table what was sent; none of them changes it, so none needs a copy."""
        given = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        if request.method == "POST":
            given |= {"data": request.POST, "files": request.FILES}
        return given

    def get_inline_formsets(
        self, request: HttpRequest, formsets: Any, inline_instances: Any, obj: Any = None
    ) -> Any:
        """Show the photos of the text also where a save was refused."""
        if request.method == "POST":
            for inline in self.get_inline_instances(request, obj):
                if isinstance(inline, PlacementInline):
                    shown = inline.get_formset(request, obj)
                    rows = inline.get_queryset(request)
                    formsets = [*formsets, shown(instance=obj, queryset=rows)]
                    inline_instances = [*inline_instances, inline]
        return super().get_inline_formsets(request, formsets, inline_instances, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the text as it reads, not its markup, to those who may not change it."""
        sets = super().get_fieldsets(request, obj)
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may:
            return sets
        first, *rest = sets
        fields = ["text" if name == "body" else name for name in first[1]["fields"]]
        return [(first[0], {**first[1], "fields": fields}), *rest]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["text"]

    @admin.display(description=gettext_lazy("Text"))
    def text(self, article: Article) -> str:
        return read(snapshots.take(article))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Add the workflow box, and let the editor's import map run under the page's policy."""
        article = kwargs.get("obj")
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))  # type: ignore[attr-defined]
        form = context["adminform"].form
        if "body" in form.fields:
            form.fields["body"].widget.addresses = picking.editor_addresses(request.user)
        saved = article if article is not None and article.pk else None
        context["proposals"] = self.related_box(request, saved)
        context["keeping"] = self.keeping_box(request, saved, form)
        if article is not None and article.pk:
            held = request.held  # type: ignore[attr-defined]
            context["box"] = self.workflow_box(request, held)
            context["killed_url"] = self.killed_url(request, article)
            context["comments"] = self.comments_box(request, article, held.now)
            context["import_note"] = note_of_import(article)
            context["release"] = getattr(form, "release", None) or ActionForm(actions=PRESSES)
            if request.method == "GET":
                context["release"] = self._stashed_release(request, article, context["box"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save a new article; the row of one that was changed is written with its revision."""
        if not change:
            obj.created_by = request.user  # type: ignore[assignment]
            super().save_model(request, obj, form, change)
            request.held = Held(obj, Parts(obj))  # type: ignore[attr-defined]
        elif form.stale_base is not None:
            request.before_mine = transaction.savepoint()  # type: ignore[attr-defined]
            if form.has_changed():
                super().save_model(request, obj, form, change)
        elif form.has_changed():
            obj.lock_version += 1
            request.held.is_unsaved = True  # type: ignore[attr-defined]

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Save the rows of a table; those that nobody changed were read for the form."""
        for row in formset.forms:
            if hasattr(row, "sign") and row.has_changed() and row not in formset.deleted_forms:
                row.sign(request.user)
        super().save_formset(request, form, formset, change)
        name = formset.fk.remote_field.get_accessor_name()
        if formset.has_changed():
            request.held.parts.forget(name)
        else:
            request.held.parts.give(name, formset.get_queryset())

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save the rows, then write one revision if the story reads differently now."""
        super().save_related(request, form, formsets, change)
        if change and form.stale_base is not None:
            revision = self._join(request, form)
        else:
            held = request.held
            held.parts.forget("topics")
            revision = transitions.save(held, by=request.user)
            if change and revision and not form.has_changed():
                rows = Article.objects.filter(pk=held.article.pk)
                rows.update(lock_version=F("lock_version") + 1)
        request.saved_form, request.saved_revision = form, revision
        if token := form.data.get("keep_form", ""):
            keeping.drop(request.user, token)

    def _join(self, request: Any, form: ArticleForm) -> Revision | None:
        """Join what was typed with what somebody else saved meanwhile, as one revision.

        Raises Unjoined where both changed the same, unless the writer has read both.
        """
        mine = snapshots.take(form.instance)
        transaction.savepoint_rollback(request.before_mine)
        article = Article.objects.select_for_update().get(pk=form.instance.pk)
        theirs = snapshots.take(article)
        base = document.from_json(form.stale_base.document)  # type: ignore[union-attr]
        joined = merge(base, mine, theirs, names_in(base, mine, theirs))
        if joined.conflicts and not form.prefers_mine:
            raise UnjoinedError(joined.conflicts)
        if joined.conflicts:
            joined = merge(base, theirs, mine)
        snapshots.restore(article, joined.document)
        note = _("Joined with revision %(number)d")
        held = request.held = Held(article)
        number = held.revision.number if held.revision else 0
        revision = transitions.save(
            held, by=request.user, origin=Origin.MERGE, note=note % {"number": number}
        )
        if revision is not None:
            message = _("Somebody else had saved meanwhile: both changes are kept.")
            messages.info(request, message)
        return revision

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        if token := request.POST.get("keep_form", ""):
            request.session[_MADE % token[:40]] = obj.pk
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_change(request, obj)
        return self._saved(request, obj)

    def _saved(self, request: Any, article: Article) -> HttpResponse:
        """Say what was saved, go on to publish if that was pressed, and come back to the form."""
        form, revision = request.saved_form, request.saved_revision
        if revision is not None:
            messages.success(request, _("Saved as revision %(n)d.") % {"n": revision.number})
        elif form.has_changed():
            messages.success(request, _("Saved. The story reads as before: no new revision."))
        elif not form.action:
            messages.info(request, _("Nothing was changed: no new revision."))
        if form.action and not self.act_on_saved(request, request.held, form.release):
            request.session[_STASH % article.pk] = form.release.typed
        if "_list" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def _stashed_release(self, request: HttpRequest, article: Article, box: Any) -> ActionForm:
        """Return the form of the actions, with what was typed before the workflow refused it."""
        proposal = box["proposed"]
        typed = request.session.pop(_STASH % article.pk, None)
        typed = typed or ({"kind": proposal.kind} if proposal else None)
        return ActionForm(actions=PRESSES, initial=typed)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save a new article; a form sent twice makes one."""
        if request.method == "POST":
            made = request.session.get(_MADE % request.POST.get("keep_form", "")[:40])
            if made is not None:
                return self._made_before(request, made)
            if "_recover" in request.POST:
                request = self.recovered(request, None)
        return super().add_view(request, form_url, extra_context)

    def _made_before(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep what a second press or the back button sent, and lead to the article it made."""
        article = get_object_or_404(Article, pk=pk)
        token = request.POST["keep_form"][:40]
        pairs = [(name, value) for name, values in request.POST.lists() for value in values]
        if request.POST.get("headline") != article.headline or "_save" not in request.POST:
            keeping.keep(request.user, article, token, 1, pairs)
        messages.info(request, _("This form has made an article already: here it is."))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show or save the form; what was typed into one that can be saved no more is shown."""
        try:
            if request.method == "POST" and object_id.isdigit() and "_recover" in request.POST:
                article = self.get_object(request, object_id)
                error = edit_refusal(request, article) if article is not None else None
                if error is not None and error.code != "not_permitted":
                    return self._not_saved(request, article, error.message)
                request = self.recovered(request, article)
            return super().change_view(request, object_id, form_url, extra_context)
        except NotEditableError as refused:
            return self._not_saved(request, refused.article, refused.why)
        except UnjoinedError as unjoined:
            request.clash = unjoined.conflicts  # type: ignore[attr-defined]
            return super().change_view(request, object_id, form_url, extra_context)

    def _not_saved(self, request: HttpRequest, article: Article, why: str) -> HttpResponse:
        typed = [(name, request.POST.get(name, "")) for name in _TEXTS]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not saved"),
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "why": why,
            "texts": [(name, label_for_field(name, Article), text) for name, text in typed if text],
        }
        return TemplateResponse(
            request, "admin/articles/article/not_saved.html", context, status=409
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if not object_id.isdigit():
            return super().history_view(request, object_id, extra_context)
        article = self.readable_article(request, int(object_id))
        context = {"object": article, **self.past(article), **(extra_context or {})}
        return super().history_view(request, object_id, context)
