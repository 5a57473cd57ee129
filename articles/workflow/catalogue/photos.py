"""Gates on photos: what readers are told of each, who made it, whether it may be used."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import Channel
from articles.credits import credit_line
from articles.document import Figure
from articles.models import Photo
from articles.workflow.gates import BLOCKER, RELEASE, WARNING, Case, Problem, gate


@gate("photo_credits", gettext_lazy("Every photo has its credit, worded as its agency asks"))
def photos_are_credited(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        credit = credit_line(photo)
        wording = photo.agency.credit_wording if photo.agency else ""
        if not credit:
            message = _("Photo %(number)d has no credit.")
            yield _problem("photo_no_credit", case.desk_blocker, message, number, figure)
        elif wording and wording not in credit:
            message = _("Photo %(number)d has to be credited as “%(wording)s”.")
            yield _problem(
                "photo_wording", case.desk_blocker, message, number, figure, wording=wording
            )


@gate("photo_texts", gettext_lazy("Every photo has caption and alt text"))
def photos_are_described(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        if photo.killed_at or photo.is_decorative:
            continue
        if not (figure.caption.text or photo.caption):
            message = _("Photo %(number)d has no caption.")
            yield _problem("photo_no_caption", case.desk_blocker, message, number, figure)
        if photo.file and not (figure.alt or photo.alt_text):
            message = _("Photo %(number)d has no alt text for readers who can’t see it.")
            yield _problem("photo_no_alt", case.desk_blocker, message, number, figure)


@gate("photo_files", gettext_lazy("Every photo has its file"))
def photos_are_there(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        if photo.killed_at:
            message = _("Photo %(number)d was killed: take it out, or a notice stands there.")
            yield _problem("photo_killed", WARNING, message, number, figure)
        elif not photo.file:
            message = _("Photo %(number)d has no file yet; its place shows the caption.")
            yield _problem("photo_no_file", WARNING, message, number, figure)


@gate("photo_rights", gettext_lazy("Every photo may be used then"), about=RELEASE)
def photos_may_be_used(case: Case) -> Iterator[Problem]:
    for number, figure, photo in case.figures():
        if Channel.PAGE in photo.withheld_from:
            message = _("Photo %(number)d may not be used on pages.")
            yield _problem("photo_withheld", BLOCKER, message, number, figure)
        if photo.usable_from and case.at < photo.usable_from:
            message = _("Photo %(number)d may be used only from %(time)s on.")
            at = _time(photo, "usable_from")
            yield _problem("photo_rights", BLOCKER, message, number, figure, time=at)
        if photo.usable_until and case.at >= photo.usable_until:
            message = _("Photo %(number)d may be used only until %(time)s.")
            at = _time(photo, "usable_until")
            yield _problem("photo_rights", BLOCKER, message, number, figure, time=at)


def _time(photo: Photo, field: str) -> str:
    return date_format(localtime(getattr(photo, field)), "DATETIME_FORMAT")


def _problem(
    code: str, severity: str, message: str, number: int, figure: Figure, **values: str
) -> Problem:
    return Problem(code, severity, message % {"number": number, **values}, "body", figure.id)
