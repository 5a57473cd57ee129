"""The words of the body editor: every label and sentence its modules show.

Its modules are static files, which know no language; so the page hands them their words. ``{n}``,
``{name}`` and the like are filled in by them.
"""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the editor's words in the active language, by the key its modules use."""
    return _toolbar() | _photos() | _links() | _writing() | _keys()


def _toolbar() -> dict[str, str]:
    return {
        "label": _("Text"),
        "toolbar": _("Formatting"),
        "block": _("Kind of paragraph"),
        "paragraph": _("Paragraph"),
        "subhead2": _("Subhead"),
        "subhead3": _("Smaller subhead"),
        "subhead4": _("Smallest subhead"),
        "note": _("Note: {name}"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "strike": _("Struck through"),
        "sub": _("Subscript"),
        "sup": _("Superscript"),
        "bullets": _("List"),
        "numbers": _("Numbered list"),
        "quote": _("Block quote"),
        "cite": _("Who is quoted"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "table": _("Insert a table"),
        "rowBefore": _("Add a row above"),
        "rowAfter": _("Add a row below"),
        "rowGone": _("Remove this row"),
        "columnBefore": _("Add a column before"),
        "columnAfter": _("Add a column after"),
        "columnGone": _("Remove this column"),
        "headerRow": _("Header row on or off"),
        "tableGone": _("Remove the table"),
        "close": _("Close"),
        "cancel": _("Cancel"),
    }


def _photos() -> dict[str, str]:
    return {
        "layout": _("Layout"),
        "alt": _("Alt text for this use"),
        "caption": _("Caption"),
        "credit": _("Credit"),
        "noCredit": _("no credit"),
        "missing": _("File not supplied yet"),
        "unknown": _("This photo is not in the library"),
        "up": _("Move up"),
        "down": _("Move down"),
        "replace": _("Replace photo"),
        "library": _("In the library"),
        "remove": _("Remove photo"),
        "removed": _("Photo removed from the text."),
        "photo": _("Insert a photo"),
        "words": _("Words"),
        "agency": _("Agency"),
        "since": _("Added since"),
        "until": _("Added until"),
        "search": _("Search"),
        "newest": _("Newest"),
        "usedBefore": _("Used before"),
        "usedHere": _("Used in this story"),
        "more": _("More photos"),
        "none": _("No photo found."),
        "found": _("Photos shown: {n}"),
        "files": _("Upload picture files"),
        "uploading": _("Uploading {name} …"),
        "reading": _("Getting {name} ready …"),
        "stillUploading": _("A photo is still on its way: save when it stands in the text."),
        "noPicture": _("this is no picture. Drop JPEG, PNG, WebP or the like."),
        "picturesLeftOut": _(
            "Pictures left out: {n}. They have no credit: upload the files, or take them from the "
            "library."
        ),
        "stories": _("Stories: {n}"),
        "uploaded": _("{name}: taken in."),
        "known": _("{name}: was in the library already."),
        "refused": _("{name}: {why}"),
        "noUpload": _("You may not upload photos: ask a photo editor."),
        "failed": _("The server did not answer. Check the connection and try again."),
        "denied": _("You may not do that, or you were signed out."),
    }


def _links() -> dict[str, str]:
    return {
        "link": _("Link"),
        "address": _("Address, or words of one of our headlines"),
        "setLink": _("Set link"),
        "removeLink": _("Remove link"),
        "badScheme": _("{name}: links are not taken. Use a web, mail or telephone address."),
        "badAddress": _("This is no address: write https://… or choose a story below."),
        "ourStories": _("Our stories"),
        "noStories": _("No story with these words is with readers."),
    }


def _writing() -> dict[str, str]:
    return {
        "counts": _("Words: {words} · Characters: {characters} · Reading time: {minutes} min"),
        "find": _("Find and replace"),
        "findWhat": _("Find"),
        "replaceWith": _("Replace with"),
        "matchCase": _("Match case"),
        "next": _("Next"),
        "previous": _("Previous"),
        "replaceOne": _("Replace"),
        "replaceAll": _("Replace all"),
        "matches": _("{at} of {n}"),
        "noMatches": _("Not found"),
        "replaced": _("Replaced: {n}"),
        "typography": _("Set quotes, dashes and fixed blanks"),
        "typographyDone": _("Signs set: {n}"),
        "full": _("Full screen"),
        "selected": _("Selected: {n}"),
    }


def _keys() -> dict[str, str]:
    """Return what the keys do, where that isn't the name of a button."""
    return {
        "keys": _("Keys"),
        "toolbarKey": _("To the buttons; arrows move, Esc goes back"),
        "leaveTextKey": _("Leave the text"),
        "subscriptedKey": _("Subscript, superscript"),
        "subheadsKey": _("Subheads"),
        "deeperKey": _("In a list: deeper, back"),
        "toFigureKey": _("In a caption: to the photo’s fields"),
        "moveFigureKey": _("In a caption: move the photo"),
        "leaveFigureKey": _("In the photo’s fields: back to the caption"),
        "cellsKey": _("In a table: next cell, cell before"),
        "fullKey": _("Leave full screen"),
    }
