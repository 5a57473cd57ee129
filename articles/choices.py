"""Every status, role and kind that a row may hold, in the newsroom's words.

Values are stored and exported: never rename one, only add.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskState(models.TextChoices):
    """Where the working copy stands on its way to publication."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    SPIKED = "spiked", _("Spiked")


class FlagState(models.TextChoices):
    """A check beside the desk state that some stories need."""

    NOT_NEEDED = "na", _("Not needed")
    REQUIRED = "required", _("Required")
    DONE = "done", _("Done")


class PublicState(models.TextChoices):
    """Where an article stands with readers; read off its publications, never stored."""

    UNPUBLISHED = "unpublished", _("Not public")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    RETRACTED = "retracted", _("Retracted")
    KILLED = "killed", _("Killed")


class PublicationKind(models.TextChoices):
    """As what a revision went public."""

    FIRST = "first", _("First publication")
    MINOR = "minor", _("Minor change")
    UPDATE = "update", _("Update")
    CLARIFICATION = "clarification", _("Clarification")
    CORRECTION = "correction", _("Correction")
    ARCHIVED = "archived", _("Archived")
    REINSTATED = "reinstated", _("Reinstated")
    RETRACTION = "retraction", _("Retraction")
    KILL = "kill", _("Kill")


class BylineRole(models.TextChoices):
    AUTHOR = "author", _("Author")
    PHOTOGRAPHER = "photographer", _("Photographer")
    TRANSLATOR = "translator", _("Translator")
    EDITOR = "editor", _("Editor")
    CONTRIBUTOR = "contributor", _("Contributor")


class SourceKind(models.TextChoices):
    PERSON = "person", _("Person")
    INSTITUTION = "institution", _("Institution")
    AGENCY = "agency", _("Agency")
    OUTLET = "outlet", _("Outlet")
    DOCUMENT = "document", _("Document")


class AttributionKind(models.TextChoices):
    """Who a statement in the story comes from."""

    NAMED = "named_source", _("Named source")
    ANONYMOUS = "anonymous_source", _("Anonymous source")
    AGENCY = "agency_in_text", _("Agency in the text")
    SOURCE_LINE = "source_line", _("Source line")
    INSTITUTION = "institution", _("Institution")
    DOCUMENT = "document", _("Document")


class Layout(models.TextChoices):
    """How wide a photo stands in the text."""

    INLINE = "inline", _("In the text column")
    WIDE = "wide", _("Wide")
    FULL = "full", _("Full width")
    LEFT = "left", _("Left, text beside it")
    RIGHT = "right", _("Right, text beside it")


class Channel(models.TextChoices):
    """Where readers and machines meet a photo."""

    PAGE = "page", _("Pages")
    FEED = "feed", _("Feeds")
    SHARE = "share", _("Share cards")
    API = "api", _("API")


class Zone(models.TextChoices):
    """Where on a front a story stands, from the top."""

    LEAD = "lead", _("Lead")
    BESIDE = "beside", _("Beside")
    UNDER = "under", _("Under")


class NoteKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    UPDATE = "update", _("Update")
    CLARIFICATION = "clarification", _("Clarification")
    EDITORS_NOTE = "editors_note", _("Editor’s note")
    DISCLOSURE = "disclosure", _("Disclosure")


class RelatedKind(models.TextChoices):
    """What a related link is to the story; one that was dismissed is never proposed again."""

    RELATED = "related", _("Related")
    EARLIER = "earlier", _("Earlier in this story")
    DISMISSED = "dismissed", _("Not related: never show it")


class NotificationKind(models.TextChoices):
    """What people at the desk are told of."""

    SUBMITTED = "submitted", _("Submitted for review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")
    APPROVAL_VOID = "approval_void", _("Approval void")
    MENTIONED = "mentioned", _("Mentioned in a comment")
    COMMENTED = "commented", _("Comment on your article")
    PUBLISHED = "published", _("Published or scheduled")
    CALLED_OFF = "called_off", _("Schedule called off")
    WITHDRAWN = "withdrawn", _("Retracted or killed")
    KILL_ASKED = "kill_asked", _("Kill to confirm")
    LEGAL_ASKED = "legal_asked", _("Legal check asked for")
    PICTURES_ASKED = "pictures_asked", _("Pictures asked for")
    EMBARGO_NEAR = "embargo_near", _("Embargo ends soon")
    REVIEW_DUE = "review_due", _("Review of an emergency publication due")


class Origin(models.TextChoices):
    """Which way in a revision came."""

    FORM = "form", _("Form")
    IMPORT = "import", _("Import")
    API = "api", _("API")
    RESTORE = "restore", _("Restored")
    MERGE = "merge", _("Merged")
    HOT_FIX = "hot_fix", _("Hot fix")


class Outcome(models.TextChoices):
    """What the import made of a document (seed format, section 4)."""

    IMPORTED = "imported", _("Imported")
    NEEDS_EDITOR = "needs_editor", _("Needs an editor")
    REJECTED = "rejected", _("Rejected")


class SourceType(models.TextChoices):
    """How a picture came to be (IPTC digital source type, NewsCodes)."""

    UNKNOWN = "", _("Not said")
    CAPTURE = "digitalCapture", _("Camera")
    COMPUTED = "computationalCapture", _("Camera, many exposures")
    NEGATIVE = "negativeFilm", _("Scanned from film")
    POSITIVE = "positiveFilm", _("Scanned from slide")
    PRINT = "print", _("Scanned from print")
    SCREEN = "screenCapture", _("Picture of a screen")
    EDITED = "humanEdits", _("Edited by people")
    ENHANCED = "algorithmicallyEnhanced", _("Enhanced by a program")
    COMPOSITE = "composite", _("Composite")
    COMPOSITE_CAPTURE = "compositeCapture", _("Composite of photos")
    COMPOSITE_PARTLY_SYNTHETIC = "compositeSynthetic", _("Composite, partly made by AI")
    COMPOSITE_SYNTHETIC = "compositeWithTrainedAlgorithmicMedia", _("Edited with generative AI")
    ARTWORK = "digitalArt", _("Illustration")
    CREATION = "digitalCreation", _("Drawn with a program")
    DATA_DRIVEN = "dataDrivenMedia", _("Made from data")
    ALGORITHMIC = "algorithmicMedia", _("Made by a program")
    SYNTHETIC = "trainedAlgorithmicMedia", _("Made by generative AI")
