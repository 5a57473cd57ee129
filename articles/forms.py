"""Forms of the writing side: what comes back from the desk, and what is refused without loss.

``ArticleForm`` decides that a save may neither overwrite somebody else's unseen, nor drop a photo
because the editor did not load. What is to happen after the save is read by an ``ActionForm``;
whether it may is decided by the workflow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body, snapshots
from articles.action_forms import ActionForm
from articles.body import FigureReference
from articles.changes.merge import Conflict as Clash
from articles.editor import BodyField, describe_photos, figures
from articles.form_fields import (
    KnownChoice,
    KnownChoices,
    LanguageField,
    LineField,
    PassageField,
    SectionChoice,
)
from articles.models import Article, Revision, Section
from articles.parts import Parts
from articles.slugs import make_slug
from articles.workflow.holding import Held
from articles.workflow.permissions import has_permission, sections_of

# What can be pressed in the form: it is saved first, then this is done to what was saved.
PRESSES = ("submit", "approve", "reapprove", "publish", "schedule")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved in between: who, when, and each text that differs (label, theirs, mine)."""

    version: int
    by: str
    at: Any
    texts: list[tuple[str, str, str]]


class ArticleForm(forms.ModelForm):
    """The working copy; ``user`` is who edits it, ``held`` what was read of it, and
    ``clash`` what could not be joined with what somebody else saved meanwhile; the admin sets them.

    Besides the fields come back: ``based_on`` and ``base_revision``, the version and the revision
    the text was opened at; ``figures_given``, the figures the editor was given;
    ``figures_ready``, how many of them its figure node took over, empty when no editor ran.
    """

    user: Any = None
    held: Held | None = None
    clash: tuple[Clash, ...] | None = None
    body = BodyField(label=gettext_lazy("Text"), required=False)
    section = SectionChoice(
        label=gettext_lazy("Section"), queryset=Section.objects.order_by("path"), required=False
    )

    class Meta:
        model = Article
        fields = [
            "headline", "standfirst", "kicker", "slug", "slugline", "dateline", "language",
            "section", "topics", "body", "originally_published_at", "original",
        ]  # fmt: skip
        field_classes = {
            "topics": KnownChoices,
            "original": KnownChoice,
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
        self.stale_base: Revision | None = None
        self.lost: list[FigureReference] = []
        pressed = self.data.get("_act", "")
        self.action = pressed if pressed in PRESSES else ""
        self.release = ActionForm(
            self.data if self.action else None, actions=PRESSES, chosen=self.action
        )
        if "topics" in self.fields:
            # The library puts its "clear all" where a list may hold list items only.
            self.fields["topics"].widget.widget.is_required = True
        if "body" in self.fields:
            self._prepare_editor()
        if self.is_bound and self.instance.pk:
            self._keep_choices()
        if "section" in self.fields and self.user is not None:
            self._offer_own_sections()

    def _keep_choices(self) -> None:
        """Give the choices what is chosen: what nobody changes is not looked up."""
        for name in {"section", "original"} & self.fields.keys():
            self.fields[name].known = getattr(self.instance, name)  # type: ignore[attr-defined]
        if "topics" in self.fields:
            self.fields["topics"].known = self.initial.get("topics")  # type: ignore[attr-defined]

    def _offer_own_sections(self) -> None:
        """Offer the sections this user may write in, and the one the article stands in."""
        paths = sections_of(self.user, self._permission)
        if paths is None:
            return
        own = Q(pk=self.instance.section_id)
        for path in paths:
            own |= Q(path=path) | Q(path__startswith=f"{path}/")
        self.fields["section"].queryset = self.fields["section"].queryset.filter(own)  # type: ignore[attr-defined]

    @property
    def _permission(self) -> str:
        return "articles.change_article" if self.instance.pk else "articles.add_article"

    def clean_section(self) -> Section | None:
        section: Section | None = self.cleaned_data["section"]
        may = self.user is None or has_permission(self.user, self._permission, section)
        if section is not None and not may:
            message = _("Your role doesn’t include writing in the section %(section)s.")
            raise ValidationError(message, params={"section": section.name})
        if section is None and self.user is not None and self._is_limited:
            raise ValidationError(_("Choose one of your sections: you write only there."))
        return section

    @property
    def _is_limited(self) -> bool:
        return sections_of(self.user, self._permission) is not None

    def _prepare_editor(self) -> None:
        widget = self.fields["body"].widget
        widget.shown = lambda: [one.photo for one in figures(self._shown_body())]
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
    def base_revision(self) -> str:
        """The revision the text was opened at, for its hidden field."""
        if self.is_bound:
            return self.data.get("base_revision", "")
        if self.held is not None:
            revision = self.held.revision
        else:
            revision = snapshots.current_revision(self.instance) if self.instance.pk else None
        return str(revision.number) if revision else ""

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
            self._look_for_conflict()
        if (text := values.get("body")) is not None:
            self._refuse_unknown_photos(text)
            self._refuse_lost_figures(text)
        if when := self.data.get("_recovered"):
            message = _("This is what you typed by %(when)s. It is not saved yet: look, then save.")
            self.add_error(None, ValidationError(message, "recovered", {"when": when}))
        if self.action and not self.release.is_valid():
            message = _("Nothing was saved or done: see the marked fields beside the text.")
            self.add_error(None, message)
        return values

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out what the form has just fetched: that it exists needs no second look."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"section", "original"}

    def _save_m2m(self) -> None:
        if "topics" in self.changed_data:
            super()._save_m2m()  # type: ignore[misc]

    def _keep_untouched(self, values: dict[str, Any]) -> None:
        """Leave what nobody changed as it is stored, also where a widget shows less of it."""
        for name in set(values) - set(self.changed_data) - {"topics"}:
            if hasattr(self.instance, name) and self.instance.pk:
                values[name] = getattr(self.instance, name)

    def _refuse_unknown_photos(self, html: str) -> None:
        wanted = {one.photo for one in figures(html)}
        parts = (self.held and self.held.parts) or Parts(self.instance)
        if missing := wanted - parts.photos(wanted).keys():
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

    def _look_for_conflict(self) -> None:
        """Refuse to save over somebody's words unseen, unless the two versions can be joined."""
        version = str(self.instance.lock_version)
        if self.data.get("based_on") == version:
            return
        self.stale_base = self._base()
        if self.clash is None and self.stale_base is not None:
            return  # the save joins them, or comes back here with the clash
        if self.data.get("overwrite") == version:
            return
        revision = snapshots.current_revision(self.instance)
        author = revision.created_by if revision else None
        when = max(filter(None, [self.instance.updated_at, revision and revision.created_at]))
        self.conflict = Conflict(
            version=self.instance.lock_version,
            by=(author.get_full_name() or str(author)) if author else _("somebody else"),
            at=when,
            texts=[(c.label, c.theirs, c.mine) for c in self.clash or ()],
        )
        message = _(
            "Not saved: %(who)s changed the same words on %(when)s, after you opened this form. "
            "Both texts are on this page; nothing you typed is lost."
        )
        time = date_format(timezone.localtime(when), "j M Y, H:i")
        params = {"who": self.conflict.by, "when": time}
        self.add_error(None, ValidationError(message, code="conflict", params=params))

    def _base(self) -> Revision | None:
        number = self.data.get("base_revision", "")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        return self.instance.revisions.filter(number=int(number), is_proposal=False).first()

    @property
    def prefers_mine(self) -> bool:
        """Whether the writer has read both versions and wants theirs where they differ."""
        return self.data.get("overwrite") == str(self.instance.lock_version)
