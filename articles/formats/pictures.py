"""The photos of a story as other newsrooms get them: files, caption, credit and rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import strip_tags

from articles import body, pages
from articles.choices import Channel, SourceType
from articles.credits import creators, credit_line
from articles.formats.story import Story
from articles.models import Photo, Rendition
from articles.pages import alt_text

_FORMATS = ("jpeg", "webp", "avif")
_DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass(frozen=True, slots=True)
class StoryPicture:
    """A photo that may be shown, with its words for this use; ``files`` are never empty."""

    photo: Photo
    caption: str
    alt: str
    files: Sequence[Rendition]

    @property
    def uri(self) -> str:
        return f"urn:newsroom:photo:{self.photo.uuid}"

    @property
    def credit(self) -> str:
        return credit_line(self.photo)

    @property
    def by(self) -> str:
        return ", ".join(creators(self.photo)) or self.credit

    @property
    def source_type(self) -> dict[str, str]:
        """How the picture came to be, by name and code; empty if nobody said."""
        code = self.photo.digital_source_type
        if not code:
            return {}
        return {"name": str(SourceType(code).label), "uri": f"{_DIGITAL_SOURCE_TYPE}{code}"}


def pictures_of(story: Story) -> list[StoryPicture]:
    """Return the photos in the text in their order, each once.

    One that was killed or that may not be handed on leaves nothing of itself.
    """
    photos = {str(photo.uuid): photo for photo in story.photos}
    found: dict[str, StoryPicture] = {}
    for reference in body.figure_references(story.publication.body):
        photo = photos.get(reference.photo)
        if photo is None or reference.photo in found:
            continue
        picture = picture_of(photo, caption=strip_tags(reference.caption), alt=reference.alt)
        if picture is not None:
            found[reference.photo] = picture
    return list(found.values())


def picture_of(photo: Photo, *, caption: str = "", alt: str = "") -> StoryPicture | None:
    """Return a photo with its files, or None without any that may be handed on."""
    files = [
        file for name in _FORMATS for file in pages.renditions(photo, name, channel=Channel.API)
    ]
    if not files:
        return None
    words = caption or photo.caption
    return StoryPicture(photo, words, alt_text(photo, own=alt, caption=words), files)
