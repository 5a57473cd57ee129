"""How bylines, credits, times and photos are written on public pages; asks the database nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Any, NamedTuple

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import dates, pages
from articles.addresses import address, static_file
from articles.cards import Card, Story, card_of
from articles.choices import BylineRole, Channel
from articles.credits import printed_credit
from articles.memos import Memo, place
from articles.models import Photo
from articles.models.articles import direction
from articles.photo_values import CardPhoto
from articles.related import RelatedStory

register = template.Library()

# Cards and other parts of pages, by all they are written of; in bytes.
_CARDS: Memo[SafeString] = Memo(2048 * 1024)
_PARTS: Memo[SafeString] = Memo(512 * 1024)


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


register.simple_tag(address)
register.simple_tag(static_file)


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
    story: Story,
    kind: str,
    heading: str,
    *,
    picture_sizes: str = "",
    priority: str = "",
    hide_section: bool = False,
) -> SafeString:
    """Write a story's card; without ``picture_sizes`` it has no picture."""
    values = story if isinstance(story, Card) else card_of(story, with_photo=bool(picture_sizes))
    if values.photo and not (picture_sizes and values.photo.may_be_shown(Channel.PAGE)):
        values = values._replace(photo=None)
    form = _Form(kind, heading, picture_sizes, priority, bool(hide_section))
    return _CARDS.get(
        (values, form, _place(context)), lambda: _card(values, form, context.get("at"))
    )


class _Form(NamedTuple):
    """How a card is written."""

    kind: str
    heading: str
    picture_sizes: str
    priority: str
    hide_section: bool


def _card(story: Card, form: _Form, at: dt.datetime | None) -> SafeString:
    """Write a card with its photo, if it has one: whether that may be shown was asked before."""
    shown, credit = _on_card(story.photo, form.picture_sizes, form.priority)
    values = {
        "language": story.language,
        "direction": direction(story.language),
        "kind": form.kind,
        "heading": form.heading,
        "photo": shown,
        "credit": credit,
        "section": "" if form.hide_section else story.section_name,
        "section_url": "" if form.hide_section else address("section", path=story.section_path),
        "kicker": story.kicker,
        "url": story.get_absolute_url(),
        "headline": story.headline,
        "standfirst": "" if form.kind == "line" else story.standfirst,
        "time": moment(story.published_at, at),
    }
    return render_to_string("articles/includes/card.html", values)


def _on_card(
    photo: CardPhoto | None, sizes: str, priority: str = ""
) -> tuple[SafeString | str, str]:
    """Return a photo as it stands on a card, and its credit; nothing without a file."""
    row = photo.row() if photo else None
    picture = pages.files_of(row, "card") if row else None
    if row is None or picture is None:
        return "", ""
    return _photo(row, picture, sizes, priority=priority), printed_credit(row)


@register.simple_tag(takes_context=True)
def related_story(
    context: Context, story: RelatedStory, *, photo: CardPhoto | None = None
) -> SafeString:
    """Write a line of what is related, or came before: a story of ours or a link elsewhere."""
    if photo and not photo.may_be_shown(Channel.PAGE):
        photo = None
    said = (story.title, story.url, story.publication, photo)
    return _CARDS.get((said, _place(context)), lambda: _line(story, photo, context.get("at")))


def _line(story: RelatedStory, photo: CardPhoto | None, at: dt.datetime | None) -> SafeString:
    ours = story.publication
    shown, credit = _on_card(photo, "7rem")
    values = {
        "is_ours": ours is not None,
        "photo": shown,
        "credit": credit,
        "url": story.url,
        "title": story.title,
        "host": story.host,
        "label": (ours.kicker or ours.section_name) if ours else "",
        "time": moment(ours.published_at, at) if ours else "",
    }
    return render_to_string("articles/includes/related_story.html", values)


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
    return _PARTS.get(
        (template_name, place(), *values.items()), lambda: render_to_string(template_name, values)
    )


def _place(context: Context) -> Hashable:
    """Return ``place`` and the day of the page's moment, asked once a template: times of that day
    are written without it."""
    kept = context.render_context
    if "place" not in kept:
        at = context.get("at")
        kept["place"] = place(), timezone.localtime(at).date() if at else None
    found: Hashable = kept["place"]
    return found


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
    """Return address, name and path of the sections to navigate by; asked once a template."""
    kept = context.render_context
    if "sections" not in kept:
        rows = context.get("navigation") or ()
        kept["sections"] = tuple((row.get_absolute_url(), row.name, row.path) for row in rows)
    sections: tuple[tuple[str, str, str], ...] = kept["sections"]
    return sections


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
