"""What stands against publishing: small functions that look and write nothing.

Each gate yields problems; a *blocker* refuses the publication, a *warning* is told and may be
passed. The form, the list action, the command and a direct call all ask ``check``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.choices import AttributionKind, FlagState, PublicationKind
from articles.credits import credit_line
from articles.document import Document, Figure, block_text
from articles.models import Article, Photo, Publication, PublicPath

BLOCKER = "blocker"
WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A gate's finding. ``field`` names the form field, ``anchor`` the block of the body."""

    code: str
    severity: str
    message: str
    field: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What the gates look at: a document of an article, to go live at a moment."""

    article: Article
    story: Document
    photos: dict[str, Photo]
    at: dt.datetime
    path: str
    live: Publication | None

    def figures(self) -> Iterator[tuple[int, Figure, Photo]]:
        figures = (block for block in self.story.body if isinstance(block, Figure))
        for number, figure in enumerate(figures, start=1):
            if figure.photo in self.photos:
                yield number, figure, self.photos[figure.photo]


Gate = Callable[[Case], Iterable[Problem]]
GATES: list[Gate] = []


def gate(function: Gate) -> Gate:
    """Register a gate; gates are asked in the order in which they were registered."""
    GATES.append(function)
    return function


def check(case: Case) -> list[Problem]:
    """Return what all gates find, blockers first."""
    found = [problem for function in GATES for problem in function(case)]
    return sorted(found, key=lambda problem: problem.severity != BLOCKER)


def blockers(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == BLOCKER]


@gate
def required_fields(case: Case) -> Iterator[Problem]:
    if not case.story.headline:
        yield Problem("no_headline", BLOCKER, _("The headline is missing."), "headline")
    if not case.story.section:
        yield Problem("no_section", BLOCKER, _("Choose the section it stands in."), "section")
    if not case.story.slug:
        yield Problem("no_slug", BLOCKER, _("The slug is missing."), "slug")
    if not any(block_text(block).strip() for block in case.story.body):
        yield Problem("no_body", BLOCKER, _("The text is empty."), "body")
    if not case.story.language or case.story.language == "und":
        yield Problem("no_language", BLOCKER, _("Say which language it is in."), "language")


@gate
def address_is_free(case: Case) -> Iterator[Problem]:
    taken = PublicPath.objects.filter(path=case.path).exclude(article=case.article)
    if case.path and taken.exists():
        message = _("Another story has the address /%(path)s: change the slug.")
        yield Problem("path_taken", BLOCKER, message % {"path": case.path}, "slug")


@gate
def embargo(case: Case) -> Iterator[Problem]:
    until = case.article.embargo_until
    if until and case.at < until:
        when = date_format(timezone.localtime(until), "DATETIME_FORMAT")
        message = _("Under embargo until %(when)s: schedule it for then or later.")
        yield Problem("embargo", BLOCKER, message % {"when": when}, "embargo_until")


@gate
def flags(case: Case) -> Iterator[Problem]:
    article = case.article
    if article.on_hold:
        yield Problem("on_hold", BLOCKER, _("The article is on hold: release it first."), "on_hold")
    if article.legal_check == FlagState.REQUIRED:
        message = _("The legal check is required and not done.")
        yield Problem("legal_open", BLOCKER, message, "legal_check")
    if article.picture_check == FlagState.REQUIRED:
        message = _("Pictures are required and not done.")
        yield Problem("pictures_open", BLOCKER, message, "picture_check")


@gate
def not_withdrawn(case: Case) -> Iterator[Problem]:
    if case.live and case.live.kind in (PublicationKind.RETRACTION, PublicationKind.KILL):
        message = _("The story was withdrawn: its notice stays at its address.")
        yield Problem("withdrawn", BLOCKER, message)


@gate
def photo_credits_and_rights(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        if not credit_line(photo):
            message = _("Photo %(number)d has no credit.") % {"number": number}
            yield Problem("photo_no_credit", WARNING, message, "body", figure.id)
        if photo.killed_at:
            message = _("Photo %(number)d was killed: take it out, or a notice stands there.")
            yield Problem("photo_killed", WARNING, message % {"number": number}, "body", figure.id)
        begins, ends = photo.usable_from, photo.usable_until
        if (begins and case.at < begins) or (ends and case.at >= ends):
            message = _("Photo %(number)d may not be used at that time.") % {"number": number}
            yield Problem("photo_rights", BLOCKER, message, "body", figure.id)


@gate
def photo_texts(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        described = figure.alt or photo.alt_text or photo.is_decorative
        if not figure.caption.text and not photo.is_decorative:
            message = _("Photo %(number)d has no caption.") % {"number": number}
            yield Problem("photo_no_caption", WARNING, message, "body", figure.id)
        if photo.file and not described:
            message = _("Photo %(number)d has no alt text.") % {"number": number}
            yield Problem("photo_no_alt", WARNING, message, "body", figure.id)
        if not photo.file and not photo.killed_at:
            message = _("Photo %(number)d has no file yet; its place shows the caption.")
            yield Problem("photo_no_file", WARNING, message % {"number": number}, "body", figure.id)


@gate
def attributions_stand(case: Case) -> Iterator[Problem]:
    for row in case.story.attributions:
        if row.start < 0:
            message = _("The words of an attribution are gone: “%(words)s”.")
            yield Problem(
                "attribution_lost", WARNING, message % {"words": row.text[:60]}, "attributions"
            )
        if row.kind == AttributionKind.ANONYMOUS and not row.description:
            message = _("An anonymous source is not described for readers: “%(words)s”.")
            yield Problem(
                "anonymous_undescribed", WARNING, message % {"words": row.text[:60]}, "attributions"
            )


@gate
def someone_answers_for_it(case: Case) -> Iterator[Problem]:
    if not case.story.bylines and not case.story.attributions:
        message = _("There is neither a byline nor a source.")
        yield Problem("no_byline_no_source", WARNING, message, "bylines")
