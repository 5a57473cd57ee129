"""Gates on sourcing: who answers for what is said, and whether the words still stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import AttributionKind
from articles.document import Block, DocumentAttribution, Paragraph, Quote, block_text
from articles.workflow.gates import BLOCKER, RELEASE, WARNING, Case, Problem, gate

_PLACE = "attributions"
# A quotation of four words or more, in the marks of several languages.
_QUOTED = re.compile(r"“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|\"([^\"]+)\"")
_QUOTED_WORDS = 4


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


@gate("attributions", gettext_lazy("Every attribution stands on its words and names its source"))
def attributions_are_resolved(case: Case) -> Iterator[Problem]:
    for row in case.story.attributions:
        values = {"words": _short(row.text)}
        if row.start < 0:
            code = "quotation_changed" if row.is_quote and row.verified_by else "attribution_lost"
            yield Problem(
                code,
                BLOCKER,
                _lost_message(row) % values,
                _PLACE,
                fix=_("Put the words back, or correct or delete the attribution."),
            )
        if row.kind != AttributionKind.ANONYMOUS and not (row.name or row.source):
            message = _("An attribution names nobody: “%(words)s”. Say who it is.")
            yield Problem("attribution_unresolved", case.desk_blocker, message % values, _PLACE)


def _lost_message(row: DocumentAttribution) -> str:
    if row.is_quote and row.verified_by:
        return _("A verified quotation was changed: “%(words)s”.")
    return _("The words of an attribution are gone: “%(words)s”.")


@gate("anonymous", gettext_lazy("Anonymous sources are described and the reason is kept"))
def anonymous_sources_are_described(case: Case) -> Iterator[Problem]:
    for row in _anonymous(case):
        values = {"words": _short(row.text)}
        if not row.description:
            message = _("An anonymous source is not described for readers: “%(words)s”.")
            yield Problem("anonymous_undescribed", case.desk_blocker, message % values, _PLACE)
        if not row.reason:
            message = _("Say why a source stays anonymous: “%(words)s”. Only the desk sees it.")
            yield Problem("anonymous_no_reason", case.desk_blocker, message % values, _PLACE)


@gate(
    "anonymous_signed",
    gettext_lazy("Somebody else signed off the anonymous sources"),
    about=RELEASE,
)
def anonymous_sources_are_signed_off(case: Case) -> Iterator[Problem]:
    """The approval of the story is the signature; without one each source needs its own."""
    if case.is_sealed or not case.needs_seal:
        return
    for row in _anonymous(case):
        if not row.approved_by:
            message = _("Nobody else has signed off an anonymous source: “%(words)s”.")
            fix = _("Who approves the story signs it off.")
            values = {"words": _short(row.text)}
            yield Problem("anonymous_unsigned", BLOCKER, message % values, _PLACE, fix=fix)


def _anonymous(case: Case) -> list[DocumentAttribution]:
    rows = case.story.attributions
    return [row for row in rows if row.kind == AttributionKind.ANONYMOUS]


@gate("quotations", gettext_lazy("Every quotation has its attribution"))
def quotations_are_attributed(case: Case) -> Iterator[Problem]:
    told = {row.where for row in case.story.attributions}
    for block in case.story.body:
        for words in _quotations(block):
            if block.id in told or _quoted_elsewhere(words, case):
                continue
            message = _("A quotation has no attribution: “%(words)s”.")
            values = {"words": _short(words)}
            yield Problem("quotation_unattributed", WARNING, message % values, "body", block.id)


def _quotations(block: Block) -> Iterator[str]:
    if isinstance(block, Quote) and not block.cite:
        yield block_text(block)
    if isinstance(block, Paragraph):
        for match in _QUOTED.finditer(block_text(block)):
            words = next(filter(None, match.groups()), "")
            if len(words.split()) >= _QUOTED_WORDS:
                yield words


def _quoted_elsewhere(words: str, case: Case) -> bool:
    return any(row.text in words or words in row.text for row in case.story.attributions)


@gate("agency_credit", gettext_lazy("Agencies are credited as they ask for"))
def agencies_are_credited_as_they_ask(case: Case) -> Iterator[Problem]:
    for row in case.story.attributions:
        source = case.sources.get(row.source)
        wording = source.credit_wording if source else ""
        if row.kind == AttributionKind.SOURCE_LINE and wording and wording not in row.text:
            message = _("%(source)s asks to be credited as “%(wording)s”; here stands “%(text)s”.")
            values = {"source": source, "wording": wording, "text": _short(row.text)}
            yield Problem("agency_wording", case.desk_blocker, message % values, _PLACE)


@gate("sources", gettext_lazy("More than one source, and somebody answers for it"))
def someone_answers_for_it(case: Case) -> Iterator[Problem]:
    names = {row.source or row.name or row.description for row in case.story.attributions}
    if not case.story.bylines and not names:
        message = _("There is neither a byline nor a source.")
        yield Problem("no_byline_no_source", WARNING, message, "bylines")
    elif len(names) == 1:
        message = _("The story leans on a single source.")
        yield Problem("single_source", WARNING, message, _PLACE)
