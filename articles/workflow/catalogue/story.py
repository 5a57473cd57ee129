"""Gates on the story itself: what every text needs, its address, its headline, its links."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import RelatedKind
from articles.document import block_text
from articles.workflow.gates import BLOCKER, WARNING, Case, Problem, gate

# Longer headlines are cut by search engines and do not fit the news sitemap (Google: 110).
HEADLINE_LENGTH = 110


@gate("required", gettext_lazy("Headline, section, text and language are there"))
def required_fields(case: Case) -> Iterator[Problem]:
    story = case.story
    if not story.headline:
        yield Problem("no_headline", BLOCKER, _("The headline is missing."), "headline")
    if not story.section:
        yield Problem("no_section", BLOCKER, _("Choose the section it stands in."), "section")
    if not story.slug:
        message, fix = _("The slug is missing."), _("Leave it empty and it is made on saving.")
        yield Problem("no_slug", BLOCKER, message, "slug", fix=fix)
    if not any(block_text(block).strip() for block in story.body):
        yield Problem("no_body", BLOCKER, _("The text is empty."), "body")
    if not story.language or story.language == "und":
        yield Problem("no_language", BLOCKER, _("Say which language it is in."), "language")


@gate("address", gettext_lazy("The address is free"))
def address_is_free(case: Case) -> Iterator[Problem]:
    if case.path_is_taken:
        message = _("Another story has the address /%(path)s: change the slug.")
        yield Problem("path_taken", BLOCKER, message % {"path": case.path}, "slug")


@gate("headline", gettext_lazy("The headline is not too long"))
def headline_is_not_too_long(case: Case) -> Iterator[Problem]:
    most = getattr(settings, "NEWSROOM_HEADLINE_LENGTH", HEADLINE_LENGTH)
    length = len(case.story.headline)
    if length > most:
        message = _("The headline has %(length)d characters; above %(most)d it is cut elsewhere.")
        values = {"length": length, "most": most}
        yield Problem("long_headline", WARNING, message % values, "headline")


@gate("related", gettext_lazy("Related stories are there, public and named as they are now"))
def related_stories(case: Case) -> Iterator[Problem]:
    rows = [row for row in case.story.related if row.kind != RelatedKind.DISMISSED]
    if not rows and not case.has_proposals:
        message = _("No related story is named, and the archive has none to propose.")
        yield Problem("no_related", WARNING, message, "related_links")
    for row in rows:
        shown = case.related.get(row.article)
        if row.article and shown is None:
            message = _("A related story is not public: “%(title)s”. Readers don’t see the link.")
            values = {"title": row.title or row.article}
            yield Problem("related_not_public", WARNING, message % values, "related_links")
        elif shown is not None and row.title and row.title != shown.headline:
            message = _("A related story is called otherwise now: “%(now)s”, here “%(here)s”.")
            values = {"now": shown.headline, "here": row.title}
            yield Problem("related_title", WARNING, message % values, "related_links")
