"""How an article stands, told by its events alone: the history is the proof of the state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from articles.choices import DeskState, FlagState
from articles.models import Article, Event


@dataclass
class Told:
    """What events say: the desk state, flags and times, which publications were made, and which
    of them were called off before they began."""

    state: str = DeskState.DRAFT
    flags: dict[str, Any] = field(
        default_factory=lambda: {
            "on_hold": False,
            "legal_check": str(FlagState.NOT_NEEDED),
            "picture_check": str(FlagState.NOT_NEEDED),
            "embargo_until": None,
            "review_due_at": None,
            "kill_requested_by": None,
        }
    )
    publications: list[int] = field(default_factory=list)
    called_off: list[int] = field(default_factory=list)


def replay(events: Iterable[Event]) -> Told:
    """Return what an article's events say, in their order; their publications are fetched with
    them."""
    told = Told()
    for event in events:
        told.state = event.to_state or told.state
        for name in told.flags:
            if name in event.detail:
                told.flags[name] = event.detail[name]
        if (number := event.detail.get("called_off")) is not None:
            told.called_off.append(number)
        elif event.publication is not None:
            told.publications.append(event.publication.number)
    return told


def stands(article: Article) -> dict[str, Any]:
    """Return an article's own state and flags, in the form in which events tell them."""
    requested = article.kill_requested_by
    times = {name: getattr(article, name) for name in ("embargo_until", "review_due_at")}
    return {
        "on_hold": article.on_hold,
        "legal_check": article.legal_check,
        "picture_check": article.picture_check,
        "kill_requested_by": requested.get_username() if requested else None,
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }
