"""What may be done to an article: one table of data, and the one function that asks it.

``refusal`` decides whether a user may do an action to an article now; the form, list actions, the
API, commands and every transition ask it, so that none allows what another refuses. What stands
against the *text* going live is not asked here but of the gates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Max, OuterRef
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import DeskState, FlagState, Origin, PublicState
from articles.exceptions import WorkflowError
from articles.models import Approval, Article, Byline, Event, Publication, Revision
from articles.workflow.permissions import has_permission
from articles.workflow.standing import Standing, four_eyes, standing

DRAFT, IN_REVIEW = DeskState.DRAFT, DeskState.IN_REVIEW
CHANGES_REQUESTED, APPROVED, SPIKED = (
    DeskState.CHANGES_REQUESTED,
    DeskState.APPROVED,
    DeskState.SPIKED,
)
WRITTEN = frozenset({DRAFT, CHANGES_REQUESTED})
OPEN = frozenset({DRAFT, IN_REVIEW, CHANGES_REQUESTED, APPROVED})

UNPUBLISHED, PUBLISHED = PublicState.UNPUBLISHED, PublicState.PUBLISHED
ARCHIVED, RETRACTED = PublicState.ARCHIVED, PublicState.RETRACTED
PUBLISHABLE = frozenset({UNPUBLISHED, PUBLISHED, ARCHIVED})
NOT_KILLED = frozenset({UNPUBLISHED, PUBLISHED, ARCHIVED, RETRACTED})


@dataclass(frozen=True, slots=True)
class Action:
    """An editorial action.

    ``states`` and ``public`` say where the article may stand, ``target`` the desk state it leads
    to (None: it stays), ``condition`` what else must hold (``CONDITIONS``). ``needs`` names what
    has to be given: ``reason``, ``note`` for readers, ``at`` (a time). ``sealed``: the text goes
    live, so the revision must be approved. ``gated``: the gates are asked.
    """

    name: str
    label: Any
    states: frozenset[DeskState] = OPEN
    public: frozenset[PublicState] = NOT_KILLED
    target: DeskState | None = None
    condition: str = ""
    needs: tuple[str, ...] = ()
    sealed: bool = False
    gated: bool = False
    permission: str = ""

    @property
    def codename(self) -> str:
        return self.permission or f"articles.{self.name}_article"


def _set(*members: Any) -> frozenset[Any]:
    return frozenset(members)


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("edit", gettext_lazy("Edit"), permission="articles.change_article"),
        Action("submit", gettext_lazy("Submit for review"), WRITTEN, target=IN_REVIEW),
        Action(
            "request_changes",
            gettext_lazy("Request changes"),
            _set(IN_REVIEW, APPROVED),
            target=CHANGES_REQUESTED,
            condition="not_as_live",
            needs=("reason",),
        ),
        Action(
            "approve",
            gettext_lazy("Approve"),
            _set(IN_REVIEW),
            target=APPROVED,
            condition="not_a_contributor",
            gated=True,
        ),
        Action(
            "reapprove",
            gettext_lazy("Approve again"),
            _set(DRAFT),
            target=APPROVED,
            condition="approval_void",
            gated=True,
            permission="articles.approve_article",
        ),
        Action(
            "publish",
            gettext_lazy("Publish"),
            _set(APPROVED),
            PUBLISHABLE,
            target=APPROVED,
            condition="not_as_live",
            sealed=True,
            gated=True,
        ),
        Action(
            "schedule",
            gettext_lazy("Schedule"),
            _set(APPROVED),
            PUBLISHABLE,
            target=APPROVED,
            condition="not_as_live",
            needs=("at",),
            sealed=True,
            gated=True,
        ),
        Action("unschedule", gettext_lazy("Call off"), condition="scheduled"),
        Action(
            "emergency_publish",
            gettext_lazy("Publish in an emergency"),
            _set(DRAFT, IN_REVIEW, CHANGES_REQUESTED),
            PUBLISHABLE,
            target=IN_REVIEW,
            condition="four_eyes",
            needs=("reason",),
            gated=True,
        ),
        Action(
            "publish_import",
            gettext_lazy("Publish as imported"),
            _set(DRAFT),
            _set(UNPUBLISHED),
            target=APPROVED,
            condition="untouched_import",
            gated=True,
            permission="articles.import_article",
        ),
        Action(
            "start_update",
            gettext_lazy("Start an update"),
            _set(APPROVED),
            _set(PUBLISHED, ARCHIVED),
            target=DRAFT,
            condition="as_live",
        ),
        Action(
            "hot_fix",
            gettext_lazy("Fix the live text"),
            public=_set(PUBLISHED),
            condition="draft_waits",
            needs=("reason",),
            gated=True,
        ),
        Action(
            "confirm_fix",
            gettext_lazy("The fix is right"),
            public=_set(PUBLISHED),
            condition="fix_unread",
            permission="articles.approve_article",
        ),
        Action(
            "retract", gettext_lazy("Retract"), public=_set(PUBLISHED, ARCHIVED), needs=("note",)
        ),
        Action(
            "reinstate",
            gettext_lazy("Reinstate"),
            public=_set(RETRACTED),
            needs=("reason",),
            gated=True,
        ),
        Action(
            "request_kill",
            gettext_lazy("Ask to kill"),
            public=_set(PUBLISHED, ARCHIVED, RETRACTED),
            condition="kill_not_requested",
            needs=("reason",),
        ),
        Action(
            "kill",
            gettext_lazy("Confirm the kill"),
            public=_set(PUBLISHED, ARCHIVED, RETRACTED),
            condition="kill_by_another",
            needs=("reason",),
        ),
        Action(
            "decline_kill",
            gettext_lazy("Don’t kill"),
            public=_set(PUBLISHED, ARCHIVED, RETRACTED),
            condition="kill_requested",
            needs=("reason",),
            permission="articles.request_kill_article",
        ),
        Action(
            "archive", gettext_lazy("Archive"), public=_set(PUBLISHED), condition="not_scheduled"
        ),
        Action(
            "unarchive",
            gettext_lazy("Bring back from the archive"),
            public=_set(ARCHIVED),
            condition="not_scheduled",
        ),
        Action(
            "spike",
            gettext_lazy("Spike"),
            OPEN,
            _set(UNPUBLISHED),
            target=SPIKED,
            condition="never_public",
            needs=("reason",),
        ),
        Action(
            "restore",
            gettext_lazy("Restore"),
            _set(SPIKED),
            _set(UNPUBLISHED),
            target=DRAFT,
        ),
        Action("set_embargo", gettext_lazy("Set an embargo"), needs=("at",)),
        Action(
            "lift_embargo",
            gettext_lazy("Lift the embargo"),
            condition="embargoed",
            needs=("reason",),
        ),
        Action("hold", gettext_lazy("Put on hold"), condition="not_held", needs=("reason",)),
        Action("release", gettext_lazy("Release from hold"), condition="held"),
        Action(
            "require_legal", gettext_lazy("Ask for the legal check"), condition="legal_not_open"
        ),
        Action("clear_legal", gettext_lazy("Legal check done"), condition="legal_open"),
        Action("require_pictures", gettext_lazy("Ask for pictures"), condition="pictures_not_open"),
        Action("clear_pictures", gettext_lazy("Pictures done"), condition="pictures_open"),
    )
}


def states_for(action: Action) -> frozenset[DeskState]:
    """Return the desk states an action may start from; alone, one publishes what one wrote."""
    if action.sealed and not four_eyes():
        return OPEN
    return action.states


def refusal(
    user: Any, name: str, article: Article, now: Standing | None = None
) -> WorkflowError | None:
    """Return why this user may not do this to this article now, or None.

    Codes: ``not_permitted`` (the role, in this section), ``not_now`` (where the article stands),
    ``own_work`` (it takes another person).
    """
    action = ACTIONS[name]
    if not has_permission(user, action.codename, article.section):
        return _not_permitted(user, action, article)
    now = now or standing(article)
    if article.state not in states_for(action) or now.state not in action.public:
        return _not_now(action, article, now)
    for condition in filter(None, [action.condition]):
        code, message = CONDITIONS[condition](article, now, user)
        if code:
            return WorkflowError(code, message)
    return None


def require(user: Any, name: str, article: Article, now: Standing | None = None) -> Action:
    """Return the action if it may be done; raises the refusal otherwise."""
    if error := refusal(user, name, article, now):
        raise error
    return ACTIONS[name]


def allowed_actions(
    article: Article, user: Any, now: Standing | None = None, names: Any = None
) -> list[Action]:
    """Return what this user may do to this article as it stands; draws the buttons."""
    now = now or standing(article)
    return [ACTIONS[name] for name in names or ACTIONS if not refusal(user, name, article, now)]


def contributors(article: Article) -> set[int]:
    """Return the ids of the users who wrote in the version that waits to go live.

    The version begins behind the last revision that went live and was approved or needed no
    approval; a hot fix, which goes out beside the draft, is none. Writers are who saved its
    revisions and whoever stands in its bylines.
    """
    emergency = Event.objects.filter(
        publication__revision=OuterRef("pk"), action="emergency_publish"
    )
    unread = Exists(emergency) & ~Exists(Approval.objects.filter(revision=OuterRef("pk")))
    revisions = article.revisions.order_by()
    shown = revisions.filter(publications__live_from__lte=timezone.now(), is_proposal=False)
    shown = shown.exclude(publications__live_until=F("publications__live_from"))
    base = shown.exclude(unread).aggregate(last=Max("number"))["last"] or 0
    wrote = revisions.filter(number__gt=base, is_proposal=False).exclude(origin=Origin.IMPORT)
    named = article.bylines.exclude(contributor__user=None)
    return {
        *wrote.exclude(created_by=None).values_list("created_by", flat=True),
        *named.values_list("contributor__user", flat=True),
    }


def written_by(user: Any) -> Any:
    """Return the condition of articles that have the user among their ``contributors``."""
    emergency = Event.objects.filter(
        publication__revision=OuterRef("revision"), action="emergency_publish"
    )
    unread = Exists(emergency) & ~Exists(Approval.objects.filter(revision=OuterRef("revision")))
    shown = Publication.objects.filter(
        article=OuterRef("article"),
        revision__number__gte=OuterRef("number"),
        live_from__lte=timezone.now(),
    )
    shown = shown.exclude(live_until=F("live_from")).exclude(unread)
    own = Revision.objects.filter(article=OuterRef("pk"), created_by=user, is_proposal=False)
    named = Byline.objects.filter(article=OuterRef("pk"), contributor__user=user)
    return Exists(own.filter(~Exists(shown)).exclude(origin=Origin.IMPORT)) | Exists(named)


def _not_permitted(user: Any, action: Action, article: Article) -> WorkflowError:
    if article.section and has_permission(user, action.codename, None):
        message = _("Your role doesn’t include “%(action)s” in the section %(section)s.")
        values = {"action": str(action.label), "section": article.section.name}
    else:
        message = _("Your role doesn’t include this action: %(action)s.")
        values = {"action": str(action.label)}
    return WorkflowError("not_permitted", message % values)


def _not_now(action: Action, article: Article, now: Standing) -> WorkflowError:
    """Say where the article stands and where it would have to."""
    desk = sorted(states_for(action), key=DeskState.values.index)
    message = _(
        "“%(action)s” is not possible now. The article is: %(stands)s. It has to be: %(asked)s."
    )
    public = sorted(action.public, key=PublicState.values.index)
    in_public = now.state in action.public
    labels = [state.label for state in (desk if in_public else public)]
    stands = article.get_state_display() if in_public else str(now.state.label)
    values = {
        "action": str(action.label),
        "stands": stands,
        "asked": get_text_list([str(label) for label in labels], _("or")),
    }
    return WorkflowError("not_now", message % values)


# What else must hold: each returns a code and a sentence, or two empty texts.

_Answer = tuple[str, str]
_FINE = ("", "")


def _when(holds: bool, message: str) -> _Answer:
    return _FINE if holds else ("not_now", message)


def is_as_live(article: Article, now: Standing) -> bool:
    """Return whether the working copy is, letter for letter, what readers see."""
    if now.live is None or now.is_withdrawn:
        return False
    current = now.digest
    if current is None:
        revisions = article.revisions.filter(is_proposal=False).order_by("-number")
        current = revisions.values_list("digest", flat=True).first()
    return current == now.live.revision.digest


def void_approval(article: Article, now: Standing) -> Approval | None:
    """Return the last approval of the version in work if the text was changed after it."""
    rows = Approval.objects.filter(revision__article=article, revision__is_proposal=False)
    approval = rows.select_related("approved_by", "revision").order_by("-revision__number").first()
    shown = {row.revision_id for row in now.publications}
    return approval if approval is not None and approval.revision_id not in shown else None


def _not_as_live(article: Article, now: Standing, user: Any) -> _Answer:
    waits = article.review_due_at is not None or not is_as_live(article, now)
    return _when(waits, _("Nothing has changed since it was published."))


def _as_live(article: Article, now: Standing, user: Any) -> _Answer:
    return _when(is_as_live(article, now), _("An update is being written already."))


def _not_a_contributor(article: Article, now: Standing, user: Any) -> _Answer:
    if not four_eyes() or user.pk not in contributors(article):
        return _FINE
    return "own_work", _("You wrote in this version: somebody else has to approve it.")


def _approval_void(article: Article, now: Standing, user: Any) -> _Answer:
    if void_approval(article, now) is None:
        return "not_now", _("It was not approved before: submit it for review.")
    return _not_a_contributor(article, now, user)


def _kill_by_another(article: Article, now: Standing, user: Any) -> _Answer:
    if article.kill_requested_by_id is None:
        return "not_now", _("Nobody has asked for this article to be killed.")
    if four_eyes() and article.kill_requested_by_id == user.pk:
        return "own_work", _("You asked for the kill: somebody else has to confirm it.")
    return _FINE


def _fix_unread(article: Article, now: Standing, user: Any) -> _Answer:
    if article.review_due_at is None or now.live is None or is_as_live(article, now):
        return "not_now", _("No hot fix waits to be read.")
    if four_eyes() and now.live.revision.created_by_id == user.pk:
        return "own_work", _("You wrote the fix: somebody else has to read it.")
    return _FINE


def _untouched_import(article: Article, now: Standing, user: Any) -> _Answer:
    if not has_permission(user, "articles.publish_article", article.section):
        return "not_permitted", _("Your role doesn’t include publishing imported articles.")
    revisions = article.revisions.filter(is_proposal=False)
    written = revisions.exclude(origin=Origin.IMPORT).exists() or not revisions.exists()
    return _when(
        not written, _("It was not imported, or changed at the desk since: submit it for review.")
    )


CONDITIONS: dict[str, Callable[[Article, Standing, Any], _Answer]] = {
    "not_as_live": _not_as_live,
    "as_live": _as_live,
    "not_a_contributor": _not_a_contributor,
    "approval_void": _approval_void,
    "untouched_import": _untouched_import,
    "kill_by_another": _kill_by_another,
    "fix_unread": _fix_unread,
    "four_eyes": lambda article, now, user: _when(
        four_eyes(), _("Nobody has to approve here: publish it.")
    ),
    "draft_waits": lambda article, now, user: _when(
        not is_as_live(article, now),
        _("No draft waits: change the article itself and publish that."),
    ),
    "scheduled": lambda article, now, user: _when(
        now.pending is not None, _("Nothing is scheduled.")
    ),
    "not_scheduled": lambda article, now, user: _when(
        now.pending is None, _("A publication is scheduled: call it off first.")
    ),
    "never_public": lambda article, now, user: _when(
        not now.was_public and now.pending is None,
        _("It was public or is scheduled: retract it, or call the schedule off first."),
    ),
    "kill_requested": lambda article, now, user: _when(
        article.kill_requested_by_id is not None,
        _("Nobody has asked for this article to be killed."),
    ),
    "kill_not_requested": lambda article, now, user: _when(
        article.kill_requested_by_id is None,
        _("Somebody has asked for the kill already: confirm or decline it."),
    ),
    "embargoed": lambda article, now, user: _when(
        article.embargo_until is not None, _("There is no embargo.")
    ),
    "held": lambda article, now, user: _when(article.on_hold, _("It is not on hold.")),
    "not_held": lambda article, now, user: _when(not article.on_hold, _("It is on hold already.")),
    "legal_open": lambda article, now, user: _when(
        article.legal_check == FlagState.REQUIRED, _("No legal check is open.")
    ),
    "legal_not_open": lambda article, now, user: _when(
        article.legal_check != FlagState.REQUIRED, _("The legal check is asked for already.")
    ),
    "pictures_open": lambda article, now, user: _when(
        article.picture_check == FlagState.REQUIRED, _("No pictures are asked for.")
    ),
    "pictures_not_open": lambda article, now, user: _when(
        article.picture_check != FlagState.REQUIRED, _("Pictures are asked for already.")
    ),
}
