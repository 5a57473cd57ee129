"""Comments at the desk: the box beside the text, the page of its own, and what their buttons do.

All are ordinary posts that lead back; the script only spares the way. What may be said by whom is
decided in ``talk``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import talk
from articles.admin.base import ArticlePages
from articles.choices import PublicState
from articles.document import Document
from articles.exceptions import WorkflowError
from articles.models import Article, Comment
from articles.workflow.permissions import has_permission
from articles.workflow.standing import Standing, standing

# Threads a page shows, the newest; people named as an example of who may be mentioned.
SHOWN, PEOPLE = 100, 40


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies; ``label`` names the field its words stand in now."""

    comment: Comment
    place: talk.Place
    label: str
    replies: list[Comment]

    @property
    def form(self) -> str:
        return f"comment-form-{self.comment.pk}"


class CommentPages(ArticlePages):
    """The addresses of an article's comments."""

    def comment_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        one = "<int:article_id>/comments/<int:comment_id>/"
        name = "articles_article_comment"
        return [
            path("<int:article_id>/comments/", wrap(self.comments), name=f"{name}s"),
            path(f"{one}resolve/", wrap(self.resolve_comment), name=f"{name}_resolve"),
            path(f"{one}reopen/", wrap(self.reopen_comment), name=f"{name}_reopen"),
        ]

    def comments_box(
        self, request: HttpRequest, article: Article, now: Standing | None = None
    ) -> dict[str, Any]:
        """Return what the includes ``comments.html`` and ``comment_forms.html`` show as
        ``comments``; where the article stands ``now`` is asked unless given."""
        threads = _threads(article)
        opened = [thread for thread in threads if thread.comment.resolved_at is None]
        is_killed = (now or standing(article)).state == PublicState.KILLED
        may = {
            name: not is_killed and has_permission(request.user, permission, article.section)
            for name, permission in _MAY.items()
        }
        return {
            "open": opened,
            "resolved": [thread for thread in threads if thread.comment.resolved_at is not None],
            "people": list(_names(talk.people())) if may["add"] else [],
            "url": reverse("admin:articles_article_comments", args=[article.pk]),
            "longest": talk.LONGEST,
            "may": may,
        }

    def comments(self, request: HttpRequest, article_id: int) -> HttpResponse:
        """Show the comments on a page of their own; take a new one or a reply."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        article = self.readable_article(request, article_id)
        if request.method == "POST":
            return self._add_comment(request, article)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Comments"),
            "subtitle": str(article),
            "opts": Article._meta,
            "original": article,
            "comments": self.comments_box(request, article),
        }
        return TemplateResponse(request, "admin/articles/article/comments.html", context)

    def resolve_comment(
        self, request: HttpRequest, article_id: int, comment_id: int
    ) -> HttpResponse:
        return self._settle(request, article_id, comment_id, talk.resolve)

    def reopen_comment(
        self, request: HttpRequest, article_id: int, comment_id: int
    ) -> HttpResponse:
        return self._settle(request, article_id, comment_id, talk.reopen)

    def _add_comment(self, request: HttpRequest, article: Article) -> HttpResponse:
        told = request.POST
        parent = told.get("parent", "")
        try:
            row = talk.comment(
                article,
                by=request.user,
                text=told.get("text", ""),
                quote=told.get("quote", ""),
                where=told.get("where", ""),
                start=_number(told.get("start", "")),
                parent=Comment(pk=_number(parent)) if parent else None,
            )
        except WorkflowError as error:
            messages.error(request, error.message)
            return _back(request, article)
        if unknown := talk.mentioned(row.text)[1]:
            names = ", ".join(f"@{name}" for name in unknown)
            message = _("Nobody at the desk is called %(names)s: they were not told.")
            messages.warning(request, message % {"names": names})
        if talk.place([row], talk.words_of(article))[0].is_gone:
            message = _(
                "The words are not in the saved text: the comment finds them once they are."
            )
            messages.info(request, message)
        return _back(request, article, row)

    def _settle(
        self, request: HttpRequest, article_id: int, comment_id: int, act: Any
    ) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id)
        row = get_object_or_404(Comment, pk=comment_id, article=article)
        try:
            act(row, by=request.user)
        except WorkflowError as error:
            messages.error(request, error.message)
        return _back(request, article, row)


_MAY = {"add": "articles.add_comment", "settle": "articles.change_comment"}


def _threads(article: Article) -> list[Thread]:
    """Return an article's threads in the order of its text; those on the whole article first."""
    rows = article.comments.select_related("author", "resolved_by")
    first = list(rows.filter(parent=None).order_by("-created_at", "-pk")[:SHOWN])[::-1]
    replies: dict[int | None, list[Comment]] = {}
    for row in rows.filter(parent__in=first).order_by("created_at", "pk"):
        replies.setdefault(row.parent_id, []).append(row)
    story = talk.words_of(article) if any(row.quote for row in first) else Document()
    order = {where: number for number, where in enumerate(_order(story))}
    threads = [
        Thread(row, where, _label(where), replies.get(row.pk, []))
        for row, where in zip(first, talk.place(first, story), strict=True)
    ]
    return sorted(threads, key=lambda one: (order.get(one.place.where, 0), one.place.start))


def _order(story: Document) -> Iterator[str]:
    yield ""
    yield from talk.HEAD
    yield from (block.id for block in story.body)


def _label(where: talk.Place) -> str:
    if where.where not in talk.HEAD or where.is_gone:
        return ""
    field: Any = Article._meta.get_field(where.where)
    return str(field.verbose_name)


def _names(users: QuerySet) -> Iterator[tuple[str, str]]:
    for user in users.order_by(users.model.USERNAME_FIELD)[:PEOPLE]:
        yield user.get_username(), user.get_full_name()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _back(request: HttpRequest, article: Article, row: Comment | None = None) -> HttpResponse:
    """Lead back to the page the press came from: the article's form, or the comments' own."""
    page = "comments" if request.POST.get("from") == "comments" else "change"
    mark = f"#comment-{row.parent_id or row.pk}" if row else "#desk-comments"
    url = reverse(f"admin:articles_article_{page}", args=[article.pk])
    return HttpResponseRedirect(f"{url}{mark}")
