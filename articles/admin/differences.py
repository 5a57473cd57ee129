"""What the form tells of differences: from the live text, and from the text that was approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from articles import document
from articles.admin.naming import names_in
from articles.changes.classify import Reason, propose
from articles.changes.compare import SAME, Change, compare
from articles.choices import PublicationKind
from articles.models import Approval, Article, Revision
from articles.workflow.standing import Standing

# More than these are read on the page that compares.
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Proposed:
    """As what the working copy should follow the live text, why, and where both are compared."""

    kind: str
    label: str
    reasons: tuple[Reason, ...]
    may_be_minor: bool
    url: str


def proposed(article: Article, revision: Revision | None, now: Standing) -> Proposed | None:
    """Return the kind of change to propose, None when readers see nothing or just this text."""
    if revision is None or now.live is None or now.is_withdrawn:
        return None
    before = now.live.revision
    if before.digest == revision.digest:
        return None
    found = propose(document.from_json(before.document), document.from_json(revision.document))
    return Proposed(
        found.kind,
        str(PublicationKind(found.kind).label),
        found.reasons[:SHOWN],
        found.may_be_minor,
        compare_url(article, before, revision),
    )


def compare_url(article: Article, older: Revision, newer: Revision) -> str:
    numbers = [article.pk, older.number, newer.number]
    return reverse("admin:articles_article_compare", args=numbers)


def since_approval(approval: Approval, revision: Revision) -> list[Change]:
    """Return what was changed after an approval, at most ``SHOWN`` of it."""
    old = document.from_json(approval.revision.document)
    new = document.from_json(revision.document)
    changes = [row for row in compare(old, new, names_in(old, new)) if row.kind != SAME]
    return changes[:SHOWN]


def void_box(article: Article, approval: Approval | None, revision: Revision | None) -> Any:
    """Return what the form says of an approval that an edit made void, None without one."""
    if approval is None or revision is None:
        return None
    return {
        "approval": approval,
        "changes": since_approval(approval, revision),
        "url": compare_url(article, approval.revision, revision),
    }
