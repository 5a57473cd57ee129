"""Why a story is proposed, in words, for the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from articles.related.blocks import RelatedStory
from articles.related.ranking import OwnTerm
from articles.related.words import NAME, SOURCE, TOPIC, WORD, Weighed

_WORDS = 4


def reason(
    story: RelatedStory,
    shared: Sequence[OwnTerm],
    weighed: Mapping[str, Weighed],
    at: dt.datetime,
) -> str:
    """Return what a proposed story shares and how old it is: “shares Harbour, Ada Weil; topic
    Shipping; 3 days ago”.

    ``weighed`` are the terms of the text it is proposed for, as they stand there.
    """
    if story.match is None or story.publication is None or story.published_at is None:
        return ""
    by_kind: dict[str, list[str]] = {}
    for term in shared:
        if term.key in weighed:
            by_kind.setdefault(term.kind, []).append(weighed[term.key].label)
    parts = []
    if story.match.is_close:
        said = _different([*by_kind.get(NAME, ()), *by_kind.get(WORD, ())])[:_WORDS]
        parts += [_("shares %(words)s") % {"words": ", ".join(said)}] if said else []
        parts += [_("topic %(name)s") % {"name": name} for name in by_kind.get(TOPIC, ())]
        parts += [_("source %(name)s") % {"name": name} for name in by_kind.get(SOURCE, ())]
    elif topics := by_kind.get(TOPIC):
        parts.append(_("newest on %(topic)s") % {"topic": topics[0]})
    else:
        parts.append(_("newest in %(section)s") % {"section": story.publication.section_name})
    ago = timesince(story.published_at, at, depth=1)
    return "; ".join([*parts, _("%(time)s ago") % {"time": ago}])


def _different(labels: Sequence[str]) -> list[str]:
    """Return labels without those whose words stand in one before them."""
    out: list[str] = []
    for label in labels:
        words = set(label.casefold().split())
        if not any(words <= set(other.casefold().split()) for other in out):
            out.append(label)
    return out
