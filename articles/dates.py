"""How days are written for readers, in the words and the order of the interface's language.

Forms, and names of days where Django's own are not what a newspaper prints, are messages of the
catalogue; a form is written as for Django's ``date`` filter.
"""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# Django looks names up by these words, and finds our translations of them before its own.
_NAMES_OF_DAYS = (
    gettext_noop("Monday"), gettext_noop("Tuesday"), gettext_noop("Wednesday"),
    gettext_noop("Thursday"), gettext_noop("Friday"), gettext_noop("Saturday"),
    gettext_noop("Sunday"), gettext_noop("Mon"), gettext_noop("Tue"), gettext_noop("Wed"),
    gettext_noop("Thu"), gettext_noop("Fri"), gettext_noop("Sat"), gettext_noop("Sun"),
)  # fmt: skip


def day(value: dt.date) -> str:
    """Write a day: “28 November 2026”."""
    # Translators: form of a day, as for Django's date filter
    return date_format(value, _("j F Y"))


def day_of_week(value: dt.date) -> str:
    """Write a day with its name: “Saturday, 28 November 2026”."""
    # Translators: form of a day with its name, as for Django's date filter
    return date_format(value, _("l, j F Y"))


def month(value: dt.date) -> str:
    """Write a month with its year: “November 2026”."""
    # Translators: form of a month with its year, as for Django's date filter
    return date_format(value, _("F Y"))


def time(value: dt.datetime) -> str:
    """Write a time of the day it is: “08:30”."""
    # Translators: form of a time, as for Django's date filter
    return date_format(value, _("H:i"))


def day_and_time(value: dt.datetime) -> str:
    """Write a moment without its zone: “28 November 2026, 08:30”."""
    # Translators: form of a day with a time, as for Django's date filter
    return date_format(value, _("j F Y, H:i"))
