"""What the body editor asks while somebody writes: photos to place, files to take in, own stories.

Answers are JSON and bounded; each endpoint checks its own permission. What a file may be is decided
in ``library``, what is shown of a photo in ``editor``; a refusal is a sentence in ``error``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import library, listings
from articles.admin import base
from articles.document import nfc
from articles.editor import describe_photo
from articles.exceptions import ImportProblem
from articles.listings import Stories
from articles.models import Photo, Placement, Publication
from articles.querysets import PublicationQuerySet

PHOTOS_A_PAGE = 24
STORIES = 12
_QUERY_LIMIT = 200
_NONE = 1 << 62
# So many stories, those published last, are looked through for the words of a link.
SEARCHED = 5_000
_CURSOR = re.compile(r"[0-9]{1,18}")
_PHOTO_TEXTS = ("caption", "alt_text", "credit_line", "expected_file", "photographer__name")
_AGENCY_TEXTS = ("agency__name", "agency__credit_wording", "credit_line")


class BadQueryError(ValueError):
    """A parameter that can't be read; its text says which and what to write."""


def may_upload(user: Any) -> bool:
    """Return whether an upload in the editor may make a photo and give it its file."""
    return user.has_perms(["articles.view_photo", "articles.add_photo", "articles.supply_photo"])


def editor_addresses(user: Any) -> dict[str, str]:
    """Return the addresses the editor may ask, by name; what the user may not do is empty."""
    may = {
        "picker": user.has_perm("articles.view_photo"),
        "upload": may_upload(user),
        "stories": user.has_perm("articles.view_article"),
    }
    names = {
        "picker": "admin:articles_photo_picker",
        "upload": "admin:articles_photo_upload",
        "stories": "admin:articles_article_stories",
    }
    return {key: reverse(name) if may[key] else "" for key, name in names.items()}


@require_GET
@never_cache
def pick(request: HttpRequest) -> JsonResponse:
    """Return photos, newest first: ``?q=`` words, ``?agency=``, ``?since=``, ``?until=`` (days).

    Looked through are the newest 10,000 of those days. ``?used=yes`` leaves those that stand in a
    story already; ``stories`` tells in how many.
    """
    _require(request, "articles.view_photo")
    try:
        rows = _wanted(request)[: PHOTOS_A_PAGE + 1]
    except BadQueryError as error:
        return JsonResponse({"error": str(error)}, status=400)
    found = list(rows.select_related("agency", "photographer").prefetch_related("renditions"))
    page = found[:PHOTOS_A_PAGE]
    uses = _uses(page)
    return JsonResponse(
        {
            "photos": [describe_photo(row) | {"stories": uses.get(row.pk, 0)} for row in page],
            "next": str(page[-1].pk) if len(found) > PHOTOS_A_PAGE else "",
        }
    )


@require_POST
@never_cache
def upload(request: HttpRequest) -> JsonResponse:
    """Take in one picture file as a new photo, or return the photo that has these bytes already.

    Runs outside any transaction, since encoding takes its time.
    """
    if not may_upload(request.user):
        raise PermissionDenied
    files = request.FILES.getlist("file")
    if len(files) != 1:
        return JsonResponse({"error": _("Send one picture file at a time.")}, status=400)
    try:
        taken = library.take_in(files[0])
    except ImportProblem as problem:
        return JsonResponse({"error": problem.message, "code": problem.code}, status=422)
    told = describe_photo(taken.photo) | {"known": taken.is_known}
    return JsonResponse(told, status=200 if taken.is_known else 201)


@require_GET
@never_cache
def stories(request: HttpRequest) -> JsonResponse:
    """Return stories readers can find, for links: those whose headline has all words of ``?q=``."""
    _require(request, "articles.view_article")
    rows = Publication.objects.listed().select_related("section").defer("body")
    if typed := words(request.GET.get("q", "")):
        rows = rows.filter(published_at__gte=first_searched(listings.stories("", (), rows)))
    for word in typed:
        rows = rows.filter(headline__icontains=word)
    return JsonResponse({"stories": [_story(row) for row in rows.newest_first()[:STORIES]]})


def first_searched(stories: Stories) -> dt.datetime:
    """Return since when ``SEARCHED`` of these stories were published, if there are so many."""
    dates = stories.older(_dates, SEARCHED)
    return next(iter(dates[SEARCHED - 1 :]), dt.datetime.min.replace(tzinfo=dt.UTC))


def _dates(rows: PublicationQuerySet) -> Any:
    return rows.values_list("published_at", flat=True)


def _uses(photos: list[Photo]) -> dict[int, int]:
    """Return in how many stories photos stand, by their key; those in none are left out."""
    rows = Placement.objects.filter(photo__in=photos).order_by().values("photo")
    return dict(rows.annotate(n=Count("article", distinct=True)).values_list("photo", "n"))


def _story(row: Publication) -> dict[str, str]:
    day = date_format(timezone.localtime(row.published_at), "DATE_FORMAT")
    return {
        "title": row.headline,
        "url": row.get_absolute_url(),
        "note": f"{row.section.name} · {day}",
    }


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _wanted(request: HttpRequest) -> QuerySet[Photo]:
    """Return the photos a query asks for, newest first, none killed; raises BadQueryError."""
    rows = _of_days(request, Photo.objects.filter(killed_at=None).order_by("-id"))
    if any(request.GET.get(name) for name in ("q", "agency", "used")):
        rows = rows.filter(pk__gte=base.first_of_newest(rows))
    if request.GET.get("used") == "yes":
        rows = rows.filter(Exists(Placement.objects.filter(photo=OuterRef("pk"))))
    for word in words(request.GET.get("q", "")):
        rows = rows.filter(_any_of(_PHOTO_TEXTS, word))
    for word in words(request.GET.get("agency", "")):
        rows = rows.filter(_any_of(_AGENCY_TEXTS, word))
    if cursor := request.GET.get("cursor", ""):
        if not _CURSOR.fullmatch(cursor):
            raise BadQueryError(_("This page of photos is not known. Search again."))
        rows = rows.filter(pk__lt=int(cursor))
    return rows


def _of_days(request: HttpRequest, rows: QuerySet[Photo]) -> QuerySet[Photo]:
    """Keep the photos added in the days asked for, found by number: it grows with the time."""
    added = Photo.objects.order_by("created_at", "pk").values_list("pk", flat=True)
    if since := _day(request, "since"):
        days = {"created_at__gte": _midnight(since)}
        rows = rows.filter(**days, pk__gte=added.filter(**days).first() or _NONE)
    if until := _day(request, "until"):
        days = {"created_at__lt": _midnight(until + dt.timedelta(days=1))}
        rows = rows.filter(**days, pk__lte=added.filter(**days).last() or 0)
    return rows


def words(text: str) -> list[str]:
    """Return the words to search by, at most eight; what can't be printed parts them."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text[:_QUERY_LIMIT])
    return nfc(visible).split()[:8]


def _any_of(fields: tuple[str, ...], word: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


def _day(request: HttpRequest, name: str) -> dt.date | None:
    value = request.GET.get(name, "")
    if not value:
        return None
    message = _("“%(value)s” is no date: write it as 2026-11-23.") % {"value": value[:40]}
    try:
        day = parse_date(value)
    except ValueError as error:
        raise BadQueryError(message) from error
    if day is None or not 1900 <= day.year <= 9998:
        raise BadQueryError(message)
    return day


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
