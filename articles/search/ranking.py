"""In which order matches are shown: how well they fit, a little more if they are fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from articles.search.interface import PLACES_PER_SECOND, Match, place_of

_FRESHNESS = 0.25  # what today's story gains over one from long ago with the same words
_HALF_AS_FRESH = 180  # days
_PLACES_PER_DAY = 24 * 60 * 60 * PLACES_PER_SECOND


def by_relevance(
    matches: Iterable[Match], scores: Mapping[int, float], at: dt.datetime
) -> list[Match]:
    """Return matches as of the end of a day, the best first; of equals the newer first.

    ``scores`` are by place; what is not in it was taken out of the index meanwhile.
    """
    today = place_of(at)

    def weighed(match: Match) -> tuple[float, int]:
        days = max(0, (today - match.place) // _PLACES_PER_DAY)
        freshness = 1 + _FRESHNESS * 0.5 ** (days / _HALF_AS_FRESH)
        return round(scores.get(match.place, 0.0) * freshness, 6), match.place

    return sorted(matches, key=weighed, reverse=True)
