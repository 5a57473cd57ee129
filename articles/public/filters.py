"""What readers may narrow stories down by: one set of filters for search and the read API.

A value that means nothing here is an error of its field, never an exception and never silently
passed over; what readers can't know of yet (``lists.is_known``) is as unknown as what there is not.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import fronts, listings
from articles.listings import Stories
from articles.models import (
    Contributor,
    ContributorListing,
    Publication,
    Section,
    Source,
    SourceListing,
    Topic,
    TopicListing,
)
from articles.public import lists
from articles.querysets import PublicationQuerySet

NAMES = ("section", "topic", "contributor", "source", "from", "until", "language", "photo")

PHOTO_CHOICES = [
    ("", _("With or without")),
    ("true", _("With a photo")),
    ("false", _("Without a photo")),
]

# Filter → the publication's relation to what it names, in the order in which they lead.
_LEADING = {
    "topic": "topics",
    "contributor": "contributors",
    "source": "sources",
    "section": "section",
}

_PATH = re.compile(r"[-\w]+(?:/[-\w]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}", re.ASCII)
_EARLIEST, _LATEST = dt.date(1000, 1, 1), dt.date(9000, 12, 31)
_LONGEST = 200


class KnownField(forms.CharField):
    """A path or slug that readers know from an address, as the row it stands for."""

    find: Any = staticmethod(lambda slug, at: None)
    default_error_messages: ClassVar[dict[str, Any]] = {"unknown": _("There is none of that name.")}

    def __init__(self, *, at: dt.datetime | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at = at

    def clean(self, value: Any) -> Any:
        slug = unicodedata.normalize("NFC", self.to_python(value) or "").strip("/")
        if slug in self.empty_values:
            return None
        found = None
        if len(slug) <= _LONGEST and _PATH.fullmatch(slug):
            found = self.find(slug, self.at or timezone.now())
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


def find_section(path: str, at: dt.datetime) -> Section | None:
    return Section.objects.filter(path=path).first()


def find_topic(slug: str, at: dt.datetime) -> Topic | None:
    """Return the topic of that slug, or what it was merged into."""
    topic = Topic.objects.filter(slug=slug).select_related("merged_into").first()
    target = topic and (topic.merged_into or topic)
    return target if target and lists.is_known("topics", target, at) else None


def find_contributor(slug: str, at: dt.datetime) -> Contributor | None:
    person = Contributor.objects.filter(slug=slug).first()
    return person if person and lists.is_known("contributors", person, at) else None


def find_source(slug: str, at: dt.datetime) -> Source | None:
    source = Source.objects.filter(slug=slug).first()
    return source if source and lists.is_known("sources", source, at) else None


class SectionField(KnownField):
    find = staticmethod(find_section)
    default_error_messages: ClassVar[dict[str, Any]] = {"unknown": _("There is no such section.")}


class TopicField(KnownField):
    find = staticmethod(find_topic)
    default_error_messages: ClassVar[dict[str, Any]] = {"unknown": _("There is no such topic.")}


class ContributorField(KnownField):
    find = staticmethod(find_contributor)
    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("There are no stories by anyone of that name.")
    }


class SourceField(KnownField):
    find = staticmethod(find_source)
    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("There are no stories that lean on such a source.")
    }


class LanguageField(forms.CharField):
    """A BCP 47 tag, in lower case."""

    def clean(self, value: Any) -> str:
        tag = (self.to_python(value) or "").lower()
        if tag and not _LANGUAGE.fullmatch(tag):
            raise ValidationError(
                _("This is no language: write it like en, vi or zh-Hant."), code="unknown"
            )
        return tag


class SectionFilter(django_filters.Filter):
    field_class = SectionField


class TopicFilter(django_filters.Filter):
    field_class = TopicField


class ContributorFilter(django_filters.Filter):
    field_class = ContributorField


class SourceFilter(django_filters.Filter):
    field_class = SourceField


class LanguageFilter(django_filters.Filter):
    field_class = LanguageField


class PeriodForm(forms.Form):
    """Refuses a period that ends before it begins."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = values.get("from"), values.get("until")
        if first and last and first > last:
            self.add_error("until", _("The last day lies before the first."))
        return values


def _day(label: Any, method: str, help_text: Any) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        method=method,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as year-month-day, like 2026-07-04.")},
        validators=[MinValueValidator(_EARLIEST), MaxValueValidator(_LATEST)],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class StoryFilter(django_filters.FilterSet):
    """Narrows publications down; ``at`` is the moment that decides what readers know of.

    With an error in any field, ``qs`` is empty. ``form.cleaned_data`` holds rows for section,
    topic, contributor and source.
    """

    section = SectionFilter(
        label=_("Section"), method="in_section", help_text=_("Path; with the sections under it.")
    )
    topic = TopicFilter(label=_("Topic"), method="on_topic", help_text=_("Slug."))
    contributor = ContributorFilter(
        label=_("By"), method="credited_to", help_text=_("Slug of a person in the byline.")
    )
    source = SourceFilter(
        label=_("Source"), method="leaning_on", help_text=_("Slug of what the story leans on.")
    )
    first_day = _day(_("From"), "since", _("First day, in the site’s time zone."))
    last_day = _day(_("Until"), "up_to", _("Last day, in the site’s time zone."))
    language = LanguageFilter(
        label=_("Language"), method="written_in", help_text=_("BCP 47; en also finds en-GB.")
    )
    photo = django_filters.ChoiceFilter(
        label=_("Photo"),
        method="with_photo",
        choices=PHOTO_CHOICES[1:],
        empty_label=PHOTO_CHOICES[0][1],
        null_label=None,
        help_text=_("Whether the story has a lead photo."),
    )

    class Meta:
        model = Publication
        form = PeriodForm
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, at: dt.datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.filters.values():
            if issubclass(one.field_class, KnownField):
                one.extra["at"] = at

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        """Name the days as addresses do: ``from`` can't be a name in Python."""
        names = {"first_day": "from", "last_day": "until"}
        return {names.get(name, name): one for name, one in super().get_filters().items()}

    def filter_queryset(self, queryset: PublicationQuerySet) -> Any:
        return queryset.none() if self.errors else super().filter_queryset(queryset)

    def stories(self) -> Stories:
        """Return what is left as a list, of whatever its filters have an index for.

        The first of topic, contributor, source and section says which stories are looked at, the
        others which of them stay.
        """
        values = self.form.cleaned_data
        led_by = next((name for name in _LEADING if values.get(name)), "")
        rows = self.queryset.all()
        for name, value in values.items():
            if name != led_by:
                rows = self.filters[name].filter(rows, value)
        things = _keys(led_by, values[led_by]) if led_by else []
        found = listings.stories(_LEADING.get(led_by, ""), things, rows)
        if values.get("from"):
            found = found.dated(gte=start_of(values["from"]))
        return found.dated(lt=_end_of(values["until"])) if values.get("until") else found

    def in_section(self, rows: PublicationQuerySet, name: str, value: Section) -> Any:
        return rows.filter(section__in=_keys(name, value))

    def on_topic(self, rows: PublicationQuerySet, name: str, value: Topic) -> Any:
        return _named_in(rows, TopicListing.objects.filter(topic__in=_keys(name, value)))

    def credited_to(self, rows: PublicationQuerySet, name: str, value: Contributor) -> Any:
        return _named_in(rows, ContributorListing.objects.filter(contributor=value))

    def leaning_on(self, rows: PublicationQuerySet, name: str, value: Source) -> Any:
        return _named_in(rows, SourceListing.objects.filter(source=value))

    def since(self, rows: PublicationQuerySet, name: str, value: dt.date) -> Any:
        return rows.filter(published_at__gte=start_of(value))

    def up_to(self, rows: PublicationQuerySet, name: str, value: dt.date) -> Any:
        return rows.filter(published_at__lt=_end_of(value))

    def written_in(self, rows: PublicationQuerySet, name: str, value: str) -> Any:
        return rows.filter(Q(language__iexact=value) | Q(language__istartswith=f"{value}-"))

    def with_photo(self, rows: PublicationQuerySet, name: str, value: str) -> Any:
        return rows.filter(lead_photo__isnull=value == "false")


def _keys(name: str, thing: Any) -> list[int]:
    """Return the keys of what a filter's value stands for, what is under it included."""
    if isinstance(thing, Section):
        return fronts.with_those_under(thing)
    return lists.with_merged(thing) if isinstance(thing, Topic) else [thing.pk]


def _named_in(rows: PublicationQuerySet, named: QuerySet) -> PublicationQuerySet:
    """Keep the publications that rows of a list name, asked of each by itself."""
    return rows.filter(Exists(named.filter(publication=OuterRef("pk"))))


def _end_of(day: dt.date) -> dt.datetime:
    return start_of(day + dt.timedelta(days=1))


def start_of(day: dt.date) -> dt.datetime:
    """Return the moment a day begins in the site's time zone."""
    return timezone.make_aware(
        dt.datetime.combine(day, dt.time.min), timezone.get_default_timezone()
    )


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day a moment lies in, in the site's time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()
