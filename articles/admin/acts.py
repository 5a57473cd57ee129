"""Editorial actions in words: what will happen, before it does; what was done, afterwards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.standing import moment
from articles.models import Article, Publication
from articles.templatetags.people import person
from articles.workflow.standing import Standing

# These ask before they happen though they need nothing said.
CONFIRMED = frozenset({"archive", "unarchive", "publish_import", "kill", "spike"})
# These take something from readers or the desk.
DANGEROUS = frozenset({"retract", "kill", "spike", "emergency_publish", "hot_fix"})

_CALLED_OFF = gettext_lazy("What is scheduled is called off.")
_WHAT_HAPPENS: dict[str, tuple[Any, ...]] = {
    "request_changes": (
        gettext_lazy("Whoever wrote it is told what to change; an approval is void."),
    ),
    "emergency_publish": (
        gettext_lazy("Readers see this text at once, although nobody else has approved it."),
        gettext_lazy("It then stands in review, with a time by which somebody else reads it."),
    ),
    "hot_fix": (
        gettext_lazy("This is the text readers see. Your fix goes live at once, on its own."),
        gettext_lazy("It is carried into the draft that waits, which keeps its own changes."),
        gettext_lazy("Nobody has approved it: somebody else has to read it within hours."),
    ),
    "publish_import": (
        gettext_lazy("Readers see it as it came from the archive, under its own date."),
    ),
    "schedule": (gettext_lazy("Exactly this text goes live then; no job has to run for it."),),
    "retract": (
        gettext_lazy(
            "The page stays at its address and shows the headline, the word “Retracted” and your "
            "notice. Its text and photos are public no more."
        ),
        gettext_lazy("The story leaves the front page, its section, topics, feeds and lists."),
        gettext_lazy("The working copy and every revision stay here; a chief can reinstate it."),
    ),
    "reinstate": (
        gettext_lazy("Readers see the text again that they saw before it was retracted."),
    ),
    "request_kill": (
        gettext_lazy("Nothing changes for readers yet: another person has to confirm it."),
        gettext_lazy("If it has to go at once, retract it first."),
    ),
    "decline_kill": (gettext_lazy("The request is closed; the story stays as it is."),),
    "kill": (
        gettext_lazy("The page answers “gone”; the story leaves every list, feed and search."),
        gettext_lazy(
            "Its words are taken out of every revision and publication. One locked copy stays, "
            "for those who may read killed texts."
        ),
        gettext_lazy("This can’t be undone."),
    ),
    "archive": (
        gettext_lazy("The page stays at its address; the story leaves lists, feeds and fronts."),
    ),
    "unarchive": (gettext_lazy("The story is listed again, under its old date."),),
    "spike": (
        gettext_lazy("The story is dropped: nobody can edit or publish it until it is restored."),
    ),
    "set_embargo": (
        gettext_lazy("It can’t go live before then. What is scheduled for earlier is called off."),
    ),
    "lift_embargo": (gettext_lazy("It may go live at once; the reason is kept."),),
    "hold": (gettext_lazy("It can’t go live until it is released from hold."),),
}
_CALLING_OFF = frozenset({"request_changes", "hold", "retract", "kill", "require_legal"})

_DONE: dict[str, Any] = {
    "submit": gettext_lazy("Submitted: the editors have it on their desk now."),
    "request_changes": gettext_lazy("Handed back with what is to be changed."),
    "approve": gettext_lazy("Approved: exactly this text may go live."),
    "reapprove": gettext_lazy("Approved again: exactly this text may go live."),
    "start_update": gettext_lazy("An update is begun. Readers see the published text until then."),
    "confirm_fix": gettext_lazy("The fix was read: nothing of it is due any more."),
    "retract": gettext_lazy("Retracted: its page shows the notice from now on."),
    "reinstate": gettext_lazy("Reinstated: readers see the story again."),
    "request_kill": gettext_lazy("Asked for the kill. Somebody else has to confirm it."),
    "decline_kill": gettext_lazy("The request to kill it is closed."),
    "kill": gettext_lazy("Killed: nobody can read it any more."),
    "archive": gettext_lazy("Archived: it stays at its address and leaves all lists."),
    "unarchive": gettext_lazy("Back from the archive: it is listed again."),
    "spike": gettext_lazy("Spiked. It can be restored."),
    "restore": gettext_lazy("Restored as a draft."),
    "set_embargo": gettext_lazy("The embargo is set."),
    "lift_embargo": gettext_lazy("The embargo is lifted."),
    "hold": gettext_lazy("On hold: it can’t go live until it is released."),
    "release": gettext_lazy("Released from hold."),
    "require_legal": gettext_lazy("The legal check is asked for."),
    "clear_legal": gettext_lazy("The legal check is done."),
    "require_pictures": gettext_lazy("Pictures are asked for."),
    "clear_pictures": gettext_lazy("The pictures are done."),
}


def consequences(name: str, article: Article, now: Standing) -> list[str]:
    """Return what an action will do, in sentences, to an article as it stands."""
    told = [str(sentence) for sentence in _WHAT_HAPPENS.get(name, ())]
    if name in ("kill", "decline_kill"):
        asked = article.events.filter(action="request_kill").order_by("-number").first()
        if asked is not None:
            values = {"who": person(asked.by), "why": asked.reason}
            told.insert(0, _("%(who)s asked for the kill: %(why)s") % values)
    if now.pending is not None and name in _CALLING_OFF:
        told.append(str(_CALLED_OFF))
    return told


def done(name: str, result: Any) -> str:
    """Return what an action did; ``result`` is what its transition returned."""
    if name == "unschedule":
        message = _("Called off: it will not go live on %(time)s.")
        return message % {"time": moment(result.live_from)}
    if name in _DONE:
        return str(_DONE[name])
    return _released(result)


def _released(row: Publication) -> str:
    if row.is_live():
        kind = row.get_kind_display()
        return _("Published as “%(kind)s”: readers see it now.") % {"kind": kind}
    message = _("Scheduled: readers see it from %(time)s on.")
    return message % {"time": moment(row.live_from)}
