"""Addresses that keep words from being lost: the form's autosave, its recovery, who is in it."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import keeping
from articles.admin.base import ArticlePages
from articles.admin.standing import moment
from articles.models import Article, Autosave, Presence
from articles.templatetags.people import person

_FORM = re.compile(r"[0-9a-f]{8,40}")
# More fields than any form has, and fewer than would hurt.
_FIELDS = 5000
# Of a form's fields these are no words of the writer.
_NOT_KEPT = {"csrfmiddlewaretoken", "_act", "_save", "_list", "overwrite"}


class KeepingPages(ArticlePages):
    """Autosave and presence of the article form."""

    def keeping_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("add/keep/", wrap(self.keep), name="articles_article_keep_new"),
            path("<int:article_id>/keep/", wrap(self.keep), name="articles_article_keep"),
            path("kept/<int:kept_id>/drop/", wrap(self.drop), name="articles_article_drop_kept"),
        ]

    def keep(self, request: HttpRequest, article_id: int | None = None) -> HttpResponse:
        """Keep what is typed (JSON: form, based_on, pairs or null) and tell who else is here."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        article = self.readable_article(request, article_id) if article_id else None
        if article is not None and "leave" in request.POST:
            keeping.leave(request.user, article)
            return HttpResponse(status=204)
        if not self._may_write(request, article):
            raise PermissionDenied
        try:
            form, based_on, pairs = _read(request.body)
        except ValueError as error:
            return JsonResponse({"error": str(error)}, status=400)
        answer: dict[str, Any] = {"version": article.lock_version if article else 0}
        if pairs is not None:
            kept = keeping.keep(request.user, article, form, based_on, pairs)
            answer["kept"] = date_format(timezone.localtime(kept.saved_at), "H:i:s")
        if article is not None:
            keeping.sign(request.user, article, has_changes=pairs is not None)
            answer["present"] = told_present(article, request.user)
        return JsonResponse(answer)

    def _may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, article)

    def drop(self, request: HttpRequest, kept_id: int) -> HttpResponse:
        """Throw away what was kept; only one's own."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        kept = get_object_or_404(Autosave, pk=kept_id, user=request.user)
        article = kept.article
        kept.delete()
        messages.info(request, _("The unsaved text was thrown away."))
        if article is None:
            return HttpResponseRedirect(reverse("admin:articles_article_add"))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def keeping_box(self, request: HttpRequest, article: Article | None, form: Any) -> Any:
        """Return what the form shows: where to keep, what may be taken back, who is here."""
        token = form.data.get("keep_form") or uuid.uuid4().hex
        rows = keeping.offered(request.user, article, but=token)[:3]
        url = reverse("admin:articles_article_keep_new")
        if article is not None:
            url = reverse("admin:articles_article_keep", args=[article.pk])
        return {
            "token": token,
            "url": url,
            "offered": [(row, moment(row.saved_at)) for row in rows],
            "present": told_present(article, request.user) if article else "",
        }

    def recovered(self, request: Any, article: Article | None) -> Any:
        """Put what was kept in the place of what came, as if it had been sent, but not to save."""
        text = request.POST.get("_recover", "")
        known = Autosave.objects.filter(user=request.user, article=article)
        kept = get_object_or_404(known, pk=int(text) if text.isdecimal() else 0)
        data = keeping.typed(kept)
        data["keep_form"], data["_recovered"] = kept.form, moment(kept.saved_at)
        data["based_on"] = str(kept.based_on)
        request.POST = data
        return request


def told_present(article: Article, user: Any) -> str:
    """Return in a sentence who else has the form open, "" for nobody."""
    rows = list(keeping.present(article, but=user)[:6])
    if not rows:
        return ""
    return _("Also in this article: %(names)s") % {"names": ", ".join(_told(row) for row in rows)}


def _told(row: Presence) -> str:
    values = {"who": person(row.user), "time": date_format(timezone.localtime(row.since), "H:i")}
    if row.has_changes:
        return _("%(who)s (since %(time)s, with unsaved changes)") % values
    return _("%(who)s (since %(time)s)") % values


def _read(body: bytes) -> tuple[str, int, keeping.Pairs | None]:
    """Return what a form sent; raises ValueError with a sentence."""
    try:
        data = json.loads(body)
        form, based_on, pairs = data["form"], int(data["based_on"] or 0), data["pairs"]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(_("This is not what the form sends.")) from error
    if not isinstance(form, str) or not _FORM.fullmatch(form) or not 0 <= based_on < 2**31:
        raise ValueError(_("This form is not known."))
    if pairs is None:
        return form, based_on, None
    are_texts = isinstance(pairs, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        for pair in pairs
    )
    if not are_texts or len(pairs) > _FIELDS:
        raise ValueError(_("This is not what the form sends."))
    kept = [(name, value.replace("\x00", "")) for name, value in pairs if name not in _NOT_KEPT]
    return form, based_on, kept
