"""How bylines, credits, times and photos are written on public pages; asks the database nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import pages
from articles.choices import BylineRole
from articles.credits import printed_credit
from articles.models import Photo
from articles.models.articles import direction

register = template.Library()


@register.simple_tag
def moment(value: dt.datetime, at: dt.datetime | None = None) -> SafeString:
    """Write a time in the site's zone; with ``at``, that of the page, as short as is clear."""
    local = timezone.localtime(value)
    if at is None:
        text = f"{date_format(local, _('j F Y, H:i'))} {local.tzname()}"
    elif local.date() == timezone.localtime(at).date():
        text = date_format(local, _("H:i"))
    else:
        text = date_format(local, _("j F Y"))
    stamp = local.isoformat(timespec="seconds")
    # Isolated, so that a date in Latin script stays in order within a story in Arabic.
    return format_html('<time datetime="{}" dir="auto">{}</time>', stamp, text)


@register.simple_tag
def byline(stored: dict[str, Any]) -> SafeString:
    """Write who made a story, one line a role; ``stored`` are the credits of a publication."""
    wordings = {
        BylineRole.AUTHOR: _("By {names}"),
        BylineRole.CONTRIBUTOR: _("Additional reporting by {names}"),
        BylineRole.PHOTOGRAPHER: _("Photographs by {names}"),
        BylineRole.TRANSLATOR: _("Translated by {names}"),
        BylineRole.EDITOR: _("Edited by {names}"),
    }
    rows = stored.get("bylines", [])
    lines = []
    for role, wording in wordings.items():
        people = [_person(row) for row in rows if row["role"] == role]
        if people:
            lines.append((role.value, format_html(wording, names=_listed(people))))
    return format_html_join("", '<p class="byline byline-{}">{}</p>', lines)


@register.simple_tag
def photo_credit(photo: Photo) -> str:
    """Return a photo's credit as printed, with the word for what it is: “Photo: Signe Hal/AFP”."""
    return printed_credit(photo)


@register.inclusion_tag("articles/includes/photo.html")
def photo(
    row: Photo, sizes: str, *, alt: str = "", priority: str = "", crop: str = ""
) -> dict[str, Any]:
    """Write a photo's ``picture``, or its placeholder while the file is missing.

    ``sizes`` says how wide it stands (HTML's ``sizes``); ``priority`` is "high" for the picture
    the reader sees first, "eager" for one above the fold; ``alt`` for this use; ``crop`` is the
    shape wanted, the whole picture when left out or while that shape is not made yet.
    """
    return {
        "picture": pages.picture(row, crop),
        "alt": alt or pages.alt_text(row),
        "sizes": sizes,
        "priority": priority,
        # The point to keep when a card crops the picture, to a quarter of its side.
        "focus": f"fx{round(row.focal_x * 4)} fy{round(row.focal_y * 4)}",
    }


@register.filter
def has_file(row: Photo | None) -> bool:
    """Return whether a photo can be shown."""
    return row is not None and pages.picture(row) is not None


@register.filter
def writing_direction(language: str) -> str:
    """Return ``ltr`` or ``rtl`` for a BCP 47 language."""
    return direction(language)


@register.filter
def absolute(address: str) -> str:
    """Return an address of this site in full."""
    return pages.absolute(address)


def _person(row: dict[str, str]) -> SafeString:
    name = format_html("{}", row["name"])
    if row["slug"]:
        url = reverse("articles:contributor", kwargs={"slug": row["slug"]})
        name = format_html('<a href="{}" rel="author">{}</a>', url, row["name"])
    if row["affiliation"]:
        return format_html('{}<span class="affiliation">, {}</span>', name, row["affiliation"])
    return name


def _listed(people: list[SafeString]) -> SafeString:
    """Join names as a sentence lists them."""
    first = format_html_join(", ", "{}", ((person,) for person in people[:-1]))
    if len(people) == 1:
        return people[0]
    return format_html(_("{first} and {last}"), first=first, last=people[-1])
