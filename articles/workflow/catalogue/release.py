"""Gates on going live at a moment: approval, embargo, hold, checks, as what it goes out."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import FlagState, PublicationKind
from articles.workflow.editions import WITHDRAWN
from articles.workflow.gates import BLOCKER, RELEASE, Case, Problem, gate


@gate("embargo", gettext_lazy("No embargo stands against it"), about=RELEASE)
def embargo_has_passed(case: Case) -> Iterator[Problem]:
    until = case.article.embargo_until
    if until and case.at < until:
        when = date_format(timezone.localtime(until), "DATETIME_FORMAT")
        message = _("Under embargo until %(when)s: schedule it for then or later.")
        yield Problem("embargo", BLOCKER, message % {"when": when}, "embargo_until")


@gate("checks", gettext_lazy("Neither on hold nor waiting for a check"), about=RELEASE)
def no_check_is_open(case: Case) -> Iterator[Problem]:
    article = case.article
    if article.on_hold:
        yield Problem("on_hold", BLOCKER, _("The article is on hold: release it first."), "on_hold")
    if article.legal_check == FlagState.REQUIRED:
        message = _("The legal check is required and not done.")
        yield Problem("legal_open", BLOCKER, message, "legal_check")
    if article.picture_check == FlagState.REQUIRED:
        message = _("Pictures are required and not done.")
        yield Problem("pictures_open", BLOCKER, message, "picture_check")


@gate("standing", gettext_lazy("It was not withdrawn"), about=RELEASE)
def was_not_withdrawn(case: Case) -> Iterator[Problem]:
    if case.live and case.live.kind in WITHDRAWN and case.kind != PublicationKind.REINSTATED:
        message = _("The story was withdrawn: its notice stays at its address.")
        yield Problem("withdrawn", BLOCKER, message)
