"""The gate on silent changes: what readers have to be told of doesn't go out as minor."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.changes.classify import propose
from articles.choices import PublicationKind
from articles.workflow.gates import BLOCKER, RELEASE, Case, Problem, gate

# The first few say what is meant; the comparison shows all.
_MOST = 8


@gate("change_kind", gettext_lazy("A minor change changes no facts"), about=RELEASE)
def change_is_not_hidden(case: Case) -> Iterator[Problem]:
    if case.kind != PublicationKind.MINOR or case.before is None:
        return
    proposal = propose(case.before, case.story)
    kind = PublicationKind(proposal.kind)
    fix = _("Choose another kind: this looks like “%(kind)s”.") % {"kind": kind.label}
    for reason in proposal.bars[:_MOST]:
        values = {"what": reason.message, "words": reason.words}
        message = _("It can’t go out as a minor change. %(what)s “%(words)s”") % values
        if not reason.words:
            message = _("It can’t go out as a minor change. %(what)s") % values
        yield Problem("change_kind", BLOCKER, message, reason.place, reason.anchor, fix)
