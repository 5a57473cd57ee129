"""Every transition by its name: who makes something happen to an article calls one of these.

Each runs in one transaction with the article locked, asks ``actions.refusal`` and, where a text is
to go live, the gates; it writes one event. A refusal is a WorkflowError with a code and writes
nothing.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from articles.models import Article
from articles.workflow import gates
from articles.workflow.actions import ACTIONS, Action, allowed_actions, refusal
from articles.workflow.flags import (
    clear_legal,
    clear_pictures,
    hold,
    lift_embargo,
    release,
    require_legal,
    require_pictures,
    set_embargo,
)
from articles.workflow.holding import Held
from articles.workflow.hotfix import hot_fix
from articles.workflow.publishing import (
    CHANGE_KINDS,
    emergency_publish,
    publish,
    publish_import,
    schedule,
    unschedule,
)
from articles.workflow.review import (
    approve,
    confirm_fix,
    reapprove,
    request_changes,
    restore,
    spike,
    start_update,
    submit,
)
from articles.workflow.saving import adopt, save
from articles.workflow.standing import Standing, four_eyes, standing
from articles.workflow.withdrawal import (
    archive,
    decline_kill,
    kill,
    reinstate,
    request_kill,
    retract,
    unarchive,
)

__all__ = [
    "ACTIONS",
    "CHANGE_KINDS",
    "Action",
    "Standing",
    "adopt",
    "allowed_actions",
    "approve",
    "archive",
    "clear_legal",
    "clear_pictures",
    "confirm_fix",
    "decline_kill",
    "emergency_publish",
    "four_eyes",
    "hold",
    "hot_fix",
    "kill",
    "lift_embargo",
    "perform",
    "preflight",
    "publish",
    "publish_import",
    "reapprove",
    "refusal",
    "reinstate",
    "release",
    "request_changes",
    "request_kill",
    "require_legal",
    "require_pictures",
    "restore",
    "retract",
    "save",
    "schedule",
    "set_embargo",
    "spike",
    "standing",
    "start_update",
    "submit",
    "unarchive",
    "unschedule",
]


def preflight(
    article: Article | Held, at: dt.datetime | None = None, kind: str = ""
) -> list[gates.Result]:
    """Return what each gate says to the working copy going live at a moment as ``kind``.

    Empty for an article without a revision.
    """
    at = at or timezone.now()
    held = article if isinstance(article, Held) else Held(article)
    revision = held.revision
    if revision is None:
        return []
    return gates.examine(
        gates.make_case(held.article, revision, held.standing(at), at=at, kind=kind)
    )


# Every action that is one call; edit is the form's.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        submit, request_changes, approve, reapprove, publish, schedule, unschedule,
        emergency_publish, publish_import, start_update, hot_fix, confirm_fix, retract, reinstate,
        request_kill, kill, decline_kill, archive, unarchive, spike, restore, set_embargo,
        lift_embargo, hold, release, require_legal, clear_legal, require_pictures, clear_pictures,
    )
}  # fmt: skip
# action → what may be given to it: reason, note, at, kind, corrections, revision, override …
TAKES = {
    name: frozenset(inspect.signature(function).parameters) - {"article", "by"}
    for name, function in FUNCTIONS.items()
}


def perform(article: Article | Held, name: str, *, by: Any, given: dict[str, Any]) -> Any:
    """Do an action by its name with what was ``given``; what the action doesn't take is left out.

    What is pressed in the form is done to an article that is held: these actions refuse before
    they write, so that in the transaction of the save a refusal takes nothing back.

    Raises WorkflowError as the transition does, with ``no_reason``, ``no_note`` or ``no_time``
    where something needed is missing.
    """
    needed = {"reason": "", "note": "", "at": None, "story": None}
    values = {
        key: given.get(key, needed.get(key))
        for key in TAKES[name]
        if key in given or key in (*ACTIONS[name].needs, "story")
    }
    function = FUNCTIONS[name]
    if isinstance(article, Held):
        function = inspect.unwrap(function)
    return function(article, by=by, **values)
