"""What the script of the fronts' screen says; ``{…}`` is filled in by it."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "add": _("Add"),
        "addStory": _("Add: {story}"),
        "fills": _("Fills itself"),
        "nothing": _("Nothing to fill it with"),
        "up": _("Up: {story}"),
        "down": _("Down: {story}"),
        "remove": _("Take out: {story}"),
        "more": _("Pin or move: {story}"),
        "to": _("To {place}"),
        "until": _("Pinned until"),
        "noEnd": _("Empty: as long as the layout."),
        "pinned": _("pinned until {time}"),
        "waits": _("Not shown yet. Until then: {story}"),
        "onPage": _("On the page"),
        "moved": _("{story} is now in {place}."),
        "swapped": _("{story} is now in {place}; {other} took its place."),
        "pushed": _("{story} is now in {place}; {other} went on to the next place."),
        "fell": _("{story} is now in {place}; {other} is out, since every place is taken."),
        "removed": _("{story} is out; the place fills itself."),
        "undone": _("Undone."),
        "unsaved": _("Not published yet"),
        "same": _("As readers see it"),
        "none": _("No story matches."),
        "found": _("{n} stories"),
        "failed": _("The server did not answer. Try again."),
        "denied": _("You are signed out or may not do this any more: sign in in another tab."),
    }
