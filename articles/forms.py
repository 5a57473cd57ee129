"""Forms of the writing side: what comes back from the desk, and what is refused without loss.

``ArticleForm`` decides that a save may neither overwrite somebody else's unseen, nor drop a photo
because the editor did not load. ``ReleaseForm`` reads as what, and when, a revision goes public;
whether it may is decided by the workflow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body, document, snapshots
from articles.body import FigureReference
from articles.choices import PublicationKind
from articles.editor import BodyField, describe_photos, figures
from articles.models import Article, Section
from articles.slugs import make_slug
from articles.workflow.transitions import CHANGE_KINDS

# A press of one of these saves the form and then does the action.
RELEASES = {"_publish": "publish", "_schedule": "schedule"}


class LineField(forms.CharField):
    """One line of text: every run of blanks is one blank."""

    def to_python(self, value: Any) -> str:
        return document.line(super().to_python(value) or "")


class LanguageField(LineField):
    """A BCP 47 tag, by its form alone."""

    default_validators = [
        RegexValidator(
            r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
            gettext_lazy("This is no language tag: write en, vi, zh-Hant …"),
        )
    ]


class PassageField(forms.CharField):
    """Text that may hold line breaks."""

    def to_python(self, value: Any) -> str:
        return document.nfc(super().to_python(value) or "").strip()


class SiteTimeField(forms.DateTimeField):
    """A time in the site's zone; one that the clocks skip or repeat is refused."""

    widget = forms.DateTimeInput(
        format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
    )

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            message = _(
                "%(time)s does not exist or comes twice in %(zone)s, because the clocks change "
                "then: choose an earlier or later time."
            )
            params = {"time": str(value).replace("T", " "), "zone": settings.TIME_ZONE}
            raise ValidationError(message, code="ambiguous_timezone", params=params) from error


class SectionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Section) -> str:
        depth = obj.path.count("/")
        return f"{'— ' * depth}{obj.name}"


class ReleaseForm(forms.Form):
    """As what a revision goes public, what readers are told, and when."""

    kind = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[(kind.value, kind.label) for kind in CHANGE_KINDS],
        initial=PublicationKind.UPDATE,
        required=False,
    )
    note = PassageField(
        label=gettext_lazy("Note for readers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    was = PassageField(
        label=gettext_lazy("Was wrong"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    now = PassageField(
        label=gettext_lazy("Is right"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    at = SiteTimeField(
        label=gettext_lazy("Live from"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    prefix = "release"

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.action == "schedule" and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say from when on it is to be live."))
        was, now = values.get("was", ""), values.get("now", "")
        if bool(was) != bool(now):
            self.add_error("now" if was else "was", _("Give both: what was wrong, what is right."))
        is_correction = values.get("kind") == PublicationKind.CORRECTION
        if is_correction and not (was or now or values.get("note")):
            self.add_error("was", _("Tell readers what was wrong and what is right."))
        return values

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as initial values of the form's next showing."""
        return {name: str(self[name].value() or "") for name in self.fields}

    @property
    def corrections(self) -> list[tuple[str, str]]:
        was, now = self.cleaned_data["was"], self.cleaned_data["now"]
        return [(was, now)] if was else []


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved in between: who, when, and each text that differs (label, theirs, mine)."""

    version: int
    by: str
    at: Any
    texts: list[tuple[str, str, str]]


class ArticleForm(forms.ModelForm):
    """The working copy. Besides the fields come back: ``based_on``, the version the text was
    opened at; ``figures_given``, the figures the editor was given; ``figures_ready``, how many of
    them its figure node took over, empty when no editor ran."""

    body = BodyField(label=gettext_lazy("Text"), required=False)
    section = SectionChoice(
        label=gettext_lazy("Section"), queryset=Section.objects.order_by("path"), required=False
    )

    class Meta:
        model = Article
        fields = [
            "headline", "standfirst", "kicker", "slug", "slugline", "dateline", "language",
            "section", "topics", "body", "originally_published_at", "on_hold", "legal_check",
            "picture_check", "embargo_until",
        ]  # fmt: skip
        field_classes = {
            "language": LanguageField,
            "headline": LineField,
            "kicker": LineField,
            "slugline": LineField,
            "dateline": LineField,
            "standfirst": PassageField,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: Conflict | None = None
        self.lost: list[FigureReference] = []
        self.action = next((RELEASES[name] for name in RELEASES if name in self.data), "")
        self.release = ReleaseForm(self.data if self.action else None, action=self.action)
        if "topics" in self.fields:
            # The library puts its "clear all" where a list may hold list items only.
            self.fields["topics"].widget.widget.is_required = True
        if "body" in self.fields:
            self._prepare_editor()

    def _prepare_editor(self) -> None:
        widget = self.fields["body"].widget
        widget.photos = describe_photos(one.photo for one in figures(self._shown_body()))
        widget.language, widget.direction = self.instance.language, self.instance.direction

    def _shown_body(self) -> str:
        if not self.is_bound:
            return self.instance.body
        return body.clean(self.data.get(self.add_prefix("body"), ""))

    @property
    def based_on(self) -> str:
        """The version this form was opened at, for its hidden field."""
        return self.data.get("based_on", "") if self.is_bound else str(self.instance.lock_version)

    @property
    def figures_given(self) -> str:
        """The photos the editor is given now; those a refused save lost stay among them."""
        if self.is_bound and self.lost:
            return " ".join(self._given())
        return " ".join(one.photo for one in figures(self._shown_body()))

    @property
    def lost_markup(self) -> str:
        """The markup of the figures that a refused save would have dropped, to put back."""
        stored = self.instance_body.split("\n")
        ids = {one.id for one in self.lost}
        return "\n".join(line for line in stored if any(f'data-id="{i}"' in line for i in ids))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.instance_body = self.instance.body
        self._keep_untouched(values)
        if not values.get("slug") and values.get("headline") and "slug" not in self.errors:
            values["slug"] = make_slug(values["headline"])
        if self.instance.pk:
            self._refuse_conflict(values)
        if (text := values.get("body")) is not None:
            self._refuse_unknown_photos(text)
            self._refuse_lost_figures(text)
        if self.action and not self.release.is_valid():
            message = _("Not saved and not published: see the marked fields beside the button.")
            self.add_error(None, message)
        return values

    def _keep_untouched(self, values: dict[str, Any]) -> None:
        """Leave what nobody changed as it is stored, also where a widget shows less of it."""
        for name in set(values) - set(self.changed_data) - {"topics"}:
            if hasattr(self.instance, name) and self.instance.pk:
                values[name] = getattr(self.instance, name)

    def _refuse_unknown_photos(self, html: str) -> None:
        wanted = {one.photo for one in figures(html)}
        if missing := wanted - set(describe_photos(wanted)):
            message = _(
                "The text shows photos that are not in the library: %(photos)s. Remove them."
            )
            self.add_error("body", ValidationError(message, params={"photos": ", ".join(missing)}))

    def _given(self) -> list[str]:
        """Return the photos the editor was given, with the stored ones if the form doesn't say."""
        if "figures_given" in self.data:
            return self.data["figures_given"].split()
        return [one.photo for one in figures(self.instance.body)]

    def _refuse_lost_figures(self, html: str) -> None:
        given = self._given()
        dropped = Counter(given) - Counter(one.photo for one in figures(html))
        editor_ran = self.data.get("figures_ready", "") == str(len(given))
        if not dropped or editor_ran or "remove_figures" in self.data:
            return
        self.lost = [one for one in figures(self.instance.body) if one.photo in dropped]
        photos = describe_photos(dropped)
        names = [
            str(row["caption"] or row["expected"] or uuid)[:80] for uuid, row in photos.items()
        ]
        message = _(
            "Nothing was saved: the text came back without %(count)d of its photos, and the editor "
            "did not say that you removed them. Lost would be: %(photos)s"
        )
        params = {"count": dropped.total(), "photos": "; ".join(f"“{name}”" for name in names)}
        self.add_error("body", ValidationError(message, code="figures_lost", params=params))

    def _refuse_conflict(self, values: dict[str, Any]) -> None:
        version = str(self.instance.lock_version)
        if version in (self.data.get("based_on"), self.data.get("overwrite")):
            return
        revision = snapshots.current_revision(self.instance)
        author = revision.created_by if revision else None
        when = max(filter(None, [self.instance.updated_at, revision and revision.created_at]))
        self.conflict = Conflict(
            version=self.instance.lock_version,
            by=str(author) if author else _("somebody else"),
            at=when,
            texts=self._differing_texts(values),
        )
        message = _(
            "Not saved: %(who)s changed this article on %(when)s, after you opened it. "
            "Both texts are on this page; nothing you typed is lost."
        )
        time = date_format(timezone.localtime(when), "DATETIME_FORMAT")
        params = {"who": self.conflict.by, "when": time}
        self.add_error(None, ValidationError(message, code="conflict", params=params))

    def _differing_texts(self, values: dict[str, Any]) -> list[tuple[str, str, str]]:
        found = []
        for name in ("headline", "standfirst", "kicker", "dateline", "slug", "body"):
            theirs, mine = getattr(self.instance, name), values.get(name)
            if mine is None or theirs == mine:
                continue
            if name == "body":
                theirs, mine = (plain_text(text) for text in (theirs, mine))
            found.append((str(self.fields[name].label), theirs, mine))
        return found


def plain_text(html: str) -> str:
    """Return a body's words, a blank line between blocks."""
    return "\n\n".join(document.plain(body.parse(html)))
