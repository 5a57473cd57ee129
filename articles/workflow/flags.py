"""Flags beside the desk state: hold, embargo, the legal check, the pictures.

A flag that stands against going live also calls off what is scheduled: the clock would not ask it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from articles.choices import FlagState
from articles.models import Article, Event
from articles.workflow.steps import Step, begin, in_future, required_reason


@transaction.atomic
def hold(article: Article, *, by: Any, reason: str) -> Event:
    """Keep the article from going live until it is released; a schedule is called off.

    Raises WorkflowError, as all here do: not_permitted, not_now, no_reason.
    """
    step = begin(article, "hold", by=by)
    reason = required_reason(reason)
    step.article.on_hold = True
    return step.finish("on_hold", reason=reason, detail={"called_off": step.call_off()})


@transaction.atomic
def release(article: Article, *, by: Any, reason: str = "") -> Event:
    """Release an article from hold; what was called off is not scheduled again by itself."""
    step = begin(article, "release", by=by)
    step.article.on_hold = False
    return step.finish("on_hold", reason=reason.strip())


@transaction.atomic
def set_embargo(article: Article, *, by: Any, at: dt.datetime | None, reason: str = "") -> Event:
    """Keep the article from going live before ``at``; what is scheduled for earlier is called off.

    Raises no_time and past besides.
    """
    step = begin(article, "set_embargo", by=by)
    until = in_future(at)
    step.article.embargo_until = until
    pending = step.now.pending
    called_off = step.call_off() if pending and pending.live_from < until else None
    return step.finish("embargo_until", reason=reason.strip(), detail={"called_off": called_off})


@transaction.atomic
def lift_embargo(article: Article, *, by: Any, reason: str) -> Event:
    """End an embargo before its time, with the reason."""
    step = begin(article, "lift_embargo", by=by)
    reason = required_reason(reason)
    step.article.embargo_until = None
    return step.finish("embargo_until", reason=reason)


@transaction.atomic
def require_legal(article: Article, *, by: Any, reason: str = "") -> Event:
    """Ask the lawyers to read it before it goes live; a schedule is called off."""
    step = begin(article, "require_legal", by=by)
    return _ask(step, "legal_check", reason)


@transaction.atomic
def clear_legal(article: Article, *, by: Any, reason: str = "") -> Event:
    step = begin(article, "clear_legal", by=by)
    return _done(step, "legal_check", reason)


@transaction.atomic
def require_pictures(article: Article, *, by: Any, reason: str = "") -> Event:
    """Ask the photo desk for pictures before it goes live; a schedule is called off."""
    step = begin(article, "require_pictures", by=by)
    return _ask(step, "picture_check", reason)


@transaction.atomic
def clear_pictures(article: Article, *, by: Any, reason: str = "") -> Event:
    step = begin(article, "clear_pictures", by=by)
    return _done(step, "picture_check", reason)


def _ask(step: Step, field: str, reason: str) -> Event:
    setattr(step.article, field, FlagState.REQUIRED)
    return step.finish(field, reason=reason.strip(), detail={"called_off": step.call_off()})


def _done(step: Step, field: str, reason: str) -> Event:
    setattr(step.article, field, FlagState.DONE)
    return step.finish(field, reason=reason.strip())
