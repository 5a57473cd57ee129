"""The field a story's text is written in: what it accepts, what it shows, what it loads.

The editor is given the vocabulary of ``body.ALLOWED`` and writes that and nothing else; if it
can't, or if one of its modules doesn't load, there is no editor at all, but a plain text area with
the HTML, so that markup an editor doesn't know can't be dropped unseen. Whether a save may drop
figures is decided in ``forms``.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms import Script
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from js_asset import ImportMap, Media

from articles import body, editor_words
from articles.choices import Layout, NoteKind
from articles.credits import credit_line
from articles.models import Photo

# What the editor's module is made of. If one of them doesn't load, none runs.
MODULES = [
    "blocks", "elements", "figure", "find", "help", "icons", "links", "paste", "photos", "picker",
    "tables", "toolbar", "typography", "uploads", "vocabulary", "writing",
]  # fmt: skip
_IMPORTS = {
    "django-prose-editor/editor": "django_prose_editor/editor.js",
    **{f"newsroom/{name}": f"admin_newsroom/{name}.js" for name in MODULES},
}

_HEADING = re.compile(r"h([1-6])")


class BodyWidget(forms.Textarea):
    """A text area that becomes the editor once its module has loaded.

    ``shown`` returns the uuids of the photos in the text when the field is written, ``language``
    and ``direction`` are the story's; ``addresses`` are the endpoints the user may ask, by name.
    """

    shown: Callable[[], Iterable[str]] = tuple
    addresses: dict[str, str] = {}
    language = "en"
    direction = "ltr"

    @property
    def media(self) -> Media:
        return Media(
            importmap=ImportMap(_IMPORTS),
            css={"all": ["admin_newsroom/editor.css"]},
            js=[Script("admin_newsroom/body_editor.js", type="module")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-body-editor": json.dumps(self.settings()),
            "data-photos": json.dumps(describe_photos(self.shown())),
            "lang": self.language,
            "dir": self.direction,
        }
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # the text area is hidden behind the editor: a browser could not point at it

    def settings(self) -> dict[str, Any]:
        """Return what the modules need to know: the vocabulary, addresses and words."""
        return {
            "levels": [int(m[1]) for tag in sorted(body.ALLOWED) if (m := _HEADING.fullmatch(tag))],
            "vocabulary": {tag: sorted(names) for tag, names in body.ALLOWED.items()},
            "schemes": sorted(body.SCHEMES),
            "layouts": [[value, str(label)] for value, label in Layout.choices],
            "notes": [[value, str(label)] for value, label in NoteKind.choices],
            "describe": reverse("admin:articles_photo_described"),
            "addresses": self.addresses,
            "words": editor_words.words(),
        }


class BodyField(forms.CharField):
    """A story's text; whatever comes in leaves as canonical HTML (``body.clean``)."""

    widget = BodyWidget
    _read = ("", "")

    def to_python(self, value: Any) -> str:
        """Return the text cleaned; a form asks twice, for its value and whether it changed."""
        text = "" if value in self.empty_values else str(value)
        if text != self._read[0]:
            self._read = (text, body.clean(text))
        return self._read[1]


def figures(html: str) -> list[body.FigureReference]:
    """Return the figures of a stored or cleaned body in order."""
    return body.figure_references(html)


def describe_photos(uuids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what the editor shows of photos, by uuid; photos that are not here are left out."""
    photos = Photo.objects.filter(uuid__in=set(uuids)).select_related("agency", "photographer")
    rows = photos.prefetch_related("renditions")
    return {str(photo.uuid): describe_photo(photo) for photo in rows}


def thumbnail(photo: Photo) -> str:
    """Return the address of a photo's smallest rendition, a made one if there is, else empty."""
    return largest(photo, 0)


def largest(photo: Photo, width: int) -> str:
    """Return the address of the largest rendition of the whole photo that is no wider.

    If all are wider, the smallest; made ones before others; empty without any.
    """
    rows = [row for row in photo.renditions.all() if not row.crop and row.is_offered]
    made = [row for row in rows if row.is_made] or rows
    made.sort(key=lambda row: (row.width, row.format))
    fitting = [row for row in made if row.width <= width]
    return (fitting or made)[-1 if fitting else 0].url if made else ""


def describe_photo(photo: Photo) -> dict[str, Any]:
    """Return what the editor shows of one photo; ``width`` and ``height`` are the original's."""
    return {
        "uuid": str(photo.uuid),
        "url": thumbnail(photo),
        "width": photo.width or 3,
        "height": photo.height or 2,
        "alt": photo.alt_text,
        "caption": photo.caption,
        "credit": credit_line(photo),
        "missing": not photo.file,
        "expected": photo.expected_file,
        "warning": _warning(photo),
        "page": reverse("admin:articles_photo_change", args=[photo.pk]),
    }


def _warning(photo: Photo) -> str:
    """Return why a photo may not be shown now, as one sentence; empty if it may."""
    now = timezone.now()
    if photo.killed_at:
        return _("This photo was killed.")
    if photo.usable_until and photo.usable_until <= now:
        return _("The right to use it ended on %(day)s.") % {"day": _day(photo.usable_until)}
    if photo.usable_from and photo.usable_from > now:
        return _("It may be used from %(day)s.") % {"day": _day(photo.usable_from)}
    return ""


def _day(when: dt.datetime) -> str:
    return date_format(timezone.localtime(when), "DATE_FORMAT")
