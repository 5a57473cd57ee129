"""How bylines, credit lines, source lines and marks in files read: rows in, text out."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from articles.choices import BylineRole, SourceType
from articles.document import Document, DocumentAttribution
from articles.models import Photo
from articles.pictures import Marks

_ILLUSTRATIONS = (
    SourceType.ARTWORK,
    SourceType.CREATION,
    SourceType.COMPOSITE,
    SourceType.COMPOSITE_CAPTURE,
    SourceType.DATA_DRIVEN,
    SourceType.ALGORITHMIC,
)
_PARTLY_SYNTHETIC = (SourceType.COMPOSITE_SYNTHETIC, SourceType.COMPOSITE_PARTLY_SYNTHETIC)


def credit_line(photo: Photo) -> str:
    """Return who made and supplied a photo, in the wording its agency requires; may be empty.

    The one place a credit is made, so that a credit set right is right on every page.
    """
    if photo.credit_line:
        return photo.credit_line
    parts = [photo.photographer.name] if photo.photographer else []
    if photo.agency:
        parts.append(photo.agency.credit_wording or photo.agency.name)
    return "/".join(parts)


def printed_credit(photo: Photo) -> str:
    """Return a credit as printed, with the word for what it is: “Photo: Signe Hal/AFP”."""
    credit = credit_line(photo)
    if not credit:
        return ""
    if photo.digital_source_type == SourceType.SYNTHETIC:
        return _("Made with generative AI: %(credit)s") % {"credit": credit}
    if photo.digital_source_type in _PARTLY_SYNTHETIC:
        return _("Edited with generative AI: %(credit)s") % {"credit": credit}
    if photo.digital_source_type in _ILLUSTRATIONS:
        return _("Illustration: %(credit)s") % {"credit": credit}
    return _("Photo: %(credit)s") % {"credit": credit}


def creators(photo: Photo) -> tuple[str, ...]:
    """Return who made a photo: its photographer, else the names its file gave."""
    if photo.photographer:
        return (photo.photographer.name,)
    return tuple(name.strip() for name in photo.creator.split(";") if name.strip())


def marks(photo: Photo) -> Marks:
    """Return what every public file of a photo says inside."""
    return Marks(
        creators=creators(photo),
        credit=credit_line(photo),
        copyright_notice=photo.copyright_notice,
        alt_text="" if photo.is_decorative else photo.alt_text,
        extended_description=photo.extended_description,
        usage_terms=photo.usage_terms,
        web_statement=photo.web_statement,
        licensor_url=photo.licensor_url,
        digital_source_type=str(photo.digital_source_type),
    )


def byline_text(bylines: Iterable[dict[str, str]]) -> str:
    """Return the authors' names as one line: "A", "A and B", "A, B and C"."""
    names = [row["name"] for row in bylines if row["role"] == BylineRole.AUTHOR]
    return join_names(names)


def join_names(names: list[str]) -> str:
    """Return names as a sentence lists them."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def source_lines(story: Document) -> str:
    """Return the story's source lines as written, each once, one a line."""
    lines = (row.text for row in story.attributions if is_source_line(row))
    return "\n".join(dict.fromkeys(lines))


def is_source_line(row: DocumentAttribution) -> bool:
    return row.where == "source_line"
