"""In which order matches are shown: how well they fit, a little more if they are fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from articles.search.interface import Match, moment_of

_FRESHNESS = 0.25  # what today's story gains over one from long ago with the same words
_HALF_AS_FRESH = 180  # days


def by_relevance(matches: Iterable[Match], at: dt.datetime) -> list[Match]:
    """Return matches as of the end of a day, the best first; of equals the newer first."""
    return sorted(matches, key=lambda match: (weighed(match, at), match.place), reverse=True)


def weighed(match: Match, at: dt.datetime) -> float:
    """Return a match's score with its freshness at the end of a day."""
    days = max(0, (at - moment_of(match.place)).days)
    return round(match.score * (1 + _FRESHNESS * 0.5 ** (days / _HALF_AS_FRESH)), 6)
