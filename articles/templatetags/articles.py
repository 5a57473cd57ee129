"""How bylines, credits, times and photos are written on public pages; asks the database nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles import dates, pages
from articles.addresses import address, urls
from articles.choices import BylineRole
from articles.credits import printed_credit
from articles.models import Photo, Publication
from articles.models.articles import direction
from articles.related import RelatedStory

register = template.Library()


@register.simple_tag
def moment(value: dt.datetime, at: dt.datetime | None = None) -> SafeString:
    """Write a time in the site's zone; with ``at``, that of the page, as short as is clear."""
    local = timezone.localtime(value)
    if not at:  # None, or a template without one
        text = f"{dates.day_and_time(local)} {_zone(local)}"
    elif local.date() == timezone.localtime(at).date():
        text = dates.time(local)
    else:
        text = dates.day(local)
    stamp = local.isoformat(timespec="seconds")
    # Isolated, so that a date in Latin script stays in order within a story in Arabic.
    return format_html('<time datetime="{}" dir="auto">{}</time>', stamp, text)


@register.filter
def day(value: dt.date) -> str:
    """Write a day; a time is written as its day in the site's zone."""
    return dates.day(_local(value))


@register.filter
def day_of_week(value: dt.date | None) -> str:
    """Write a day, or that of a time in the site's zone, with its name; without one, today."""
    return dates.day_of_week(_local(value or timezone.now()))


@register.filter
def grouped(number: float) -> str:
    """Write a number of things as the interface's language does: 1,234 or 1.234."""
    return number_format(number, use_l10n=True, force_grouping=True)


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


@register.simple_tag(takes_context=True)
def card(
    context: Context,
    story: Publication,
    kind: str,
    heading: str,
    *,
    picture_sizes: str = "",
    priority: str = "",
    hide_section: bool = False,
) -> SafeString:
    """Write a story's card; without ``picture_sizes`` it has no picture."""
    shown = story.lead_photo if picture_sizes else None
    picture = pages.picture(shown, "card") if shown else None
    section = story.section
    return written(
        "articles/includes/card.html",
        language=story.language,
        direction=story.direction,
        kind=kind,
        heading=heading,
        photo=_photo(shown, picture, picture_sizes, priority=priority) if shown and picture else "",
        credit=printed_credit(shown) if shown and picture else "",
        section="" if hide_section else section.name,
        section_url="" if hide_section else section.get_absolute_url(),
        kicker=story.kicker,
        url=story.get_absolute_url(),
        headline=story.headline,
        standfirst="" if kind == "line" else story.standfirst,
        time=moment(story.published_at, context.get("at")),
    )


@register.simple_tag(takes_context=True)
def related_story(
    context: Context, story: RelatedStory, *, with_picture: bool = False
) -> SafeString:
    """Write a line of what is related, or came before: a story of ours or a link elsewhere."""
    ours = story.publication
    shown = ours.lead_photo if ours and with_picture else None
    picture = pages.picture(shown, "card") if shown else None
    return written(
        "articles/includes/related_story.html",
        is_ours=ours is not None,
        photo=_photo(shown, picture, "7rem") if shown and picture else "",
        credit=printed_credit(shown) if shown and picture else "",
        url=story.url,
        title=story.title,
        host=story.host,
        label=(ours.kicker or ours.section.name) if ours else "",
        time=moment(story.published_at, context.get("at")) if ours and story.published_at else "",
    )


@register.simple_tag(takes_context=True)
def masthead(context: Context) -> SafeString:
    """Write the top of a page: the site's name, the day, the sections."""
    request = context.get("request")
    return written(
        "includes/masthead.html",
        is_front=bool(context.get("is_front")),
        site_name=context.get("site_name"),
        day=day_of_week(context.get("at")),
        path=request.path if request and "search" in request.path else "",
        sections=_sections(context),
        current=context.get("current"),
        current_page=context.get("current_page"),
    )


@register.simple_tag(takes_context=True)
def colophon(context: Context) -> SafeString:
    """Write the foot of a page."""
    name = context.get("site_name")
    return written("includes/footer.html", site_name=name, sections=_sections(context))


@register.simple_tag
def photo(
    row: Photo, sizes: str, *, alt: str = "", priority: str = "", crop: str = ""
) -> SafeString:
    """Write a photo's ``picture``, or its placeholder while the file is missing.

    ``sizes`` says how wide it stands (HTML's ``sizes``); ``priority`` is "high" for the picture
    the reader sees first, "eager" for one above the fold; ``alt`` for this use; ``crop`` is the
    shape wanted, the whole picture when left out or while that shape is not made yet.
    """
    return _photo(row, pages.picture(row, crop), sizes, alt=alt, priority=priority)


@register.filter
def has_file(row: Photo | None) -> bool:
    """Return whether a photo can be shown."""
    return row is not None and pages.picture(row) is not None


def written(template_name: str, **values: Hashable) -> SafeString:
    """Write a part of a page, or return it as it was written from the same values.

    The part depends on these alone, the language and the addresses of the site. A value is always
    of the same type: text that is safe in one place and not in another would be one text here.
    """
    if settings.DEBUG:
        return _write(template_name, **values)
    place = (get_language(), get_script_prefix(), urls())
    return _written(template_name, place, tuple(values.items()))


@lru_cache(maxsize=4096)
def _written(
    template_name: str, place: tuple[str | None, ...], values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    return _write(template_name, **dict(values))


def _write(template_name: str, **values: Hashable) -> SafeString:
    return render_to_string(template_name, values)


@register.filter
def writing_direction(language: str) -> str:
    """Return ``ltr`` or ``rtl`` for a BCP 47 language."""
    return direction(language)


@register.filter
def absolute(address: str) -> str:
    """Return an address of this site in full."""
    return pages.absolute(address)


def _photo(
    row: Photo, picture: pages.Picture | None, sizes: str, *, alt: str = "", priority: str = ""
) -> SafeString:
    return written(
        "articles/includes/photo.html",
        picture=picture,
        alt=alt or pages.alt_text(row),
        sizes=sizes,
        priority=priority,
        # The point to keep when a card crops the picture, to a quarter of its side.
        focus=f"fx{round(row.focal_x * 4)} fy{round(row.focal_y * 4)}",
    )


def _sections(context: Context) -> tuple[tuple[str, str, str], ...]:
    """Return address, name and path of the sections to navigate by."""
    rows = context.get("navigation") or ()
    return tuple((row.get_absolute_url(), row.name, row.path) for row in rows)


def _local(value: dt.date) -> dt.date:
    return timezone.localtime(value) if isinstance(value, dt.datetime) else value


def _zone(local: dt.datetime) -> str:
    """Name a time's zone; one that has only a number is told by its distance from UTC."""
    name = local.tzname() or ""
    if name[:1] not in "+-":
        return name
    hours, minutes = name[1:3].lstrip("0") or "0", name[3:]
    return f"UTC{name[0].replace('-', '−')}{hours}{f':{minutes}' if minutes else ''}"


def _person(row: dict[str, str]) -> SafeString:
    name = format_html("{}", row["name"])
    if row["slug"]:
        url = address("contributor", slug=row["slug"])
        if row["role"] == BylineRole.AUTHOR:
            name = format_html('<a href="{}" rel="author">{}</a>', url, row["name"])
        else:
            name = format_html('<a href="{}">{}</a>', url, row["name"])
    if row["affiliation"]:
        return format_html('{}<span class="affiliation">, {}</span>', name, row["affiliation"])
    return name


def _listed(people: list[SafeString]) -> SafeString:
    """Join names as a sentence lists them."""
    first = format_html_join(", ", "{}", ((person,) for person in people[:-1]))
    if len(people) == 1:
        return people[0]
    return format_html(_("{first} and {last}"), first=first, last=people[-1])
