"""Photos for search engines: files large enough, who made them, whose they are, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from articles import body
from articles.addresses import static_file
from articles.choices import Channel
from articles.credits import creators, credit_line
from articles.models import Photo, Rendition
from articles.pages import ArticlePage, absolute, renditions
from articles.public.structured_data.graph import Node, given, the_publisher

# Google shows the lead photo in one of these shapes, and none narrower than this in full width.
_SHAPES = ("16x9", "4x3", "1x1")
_LEAST = 1200
# IPTC digital source type → schema.org IPTCDigitalSourceEnumeration.
_SOURCE_TYPES = {
    "digitalCapture": "DigitalCaptureDigitalSource",
    "computationalCapture": "MultiFrameComputationalCaptureDigitalSource",
    "negativeFilm": "NegativeFilmDigitalSource",
    "positiveFilm": "PositiveFilmDigitalSource",
    "print": "PrintDigitalSource",
    "screenCapture": "ScreenCaptureDigitalSource",
    "humanEdits": "MinorHumanEditsDigitalSource",
    "algorithmicallyEnhanced": "AlgorithmicallyEnhancedDigitalSource",
    "composite": "CompositeDigitalSource",
    "compositeCapture": "CompositeCaptureDigitalSource",
    "compositeSynthetic": "CompositeSyntheticDigitalSource",
    "compositeWithTrainedAlgorithmicMedia": "CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "digitalArt": "DigitalArtDigitalSource",
    "digitalCreation": "DigitalArtDigitalSource",
    "dataDrivenMedia": "DataDrivenMediaDigitalSource",
    "algorithmicMedia": "AlgorithmicMediaDigitalSource",
    "trainedAlgorithmicMedia": "TrainedAlgorithmicMediaDigitalSource",
}


def shared(photo: Photo, crop: str = "") -> list[Rendition]:
    """Return the files other sites and search engines are told of."""
    return renditions(photo, "jpeg", crop, channel=Channel.SHARE)


def in_order(page: ArticlePage) -> list[Photo]:
    """Return a story's photos as they stand in it, the lead photo first."""
    story = page.publication
    places = {row.photo: n for n, row in enumerate(body.figure_references(story.body))}
    last = len(places)

    def place(photo: Photo) -> tuple[bool, int]:
        return photo.pk != story.lead_photo_id, places.get(str(photo.uuid), last)

    return sorted(page.photos, key=place)


def images(photos: Sequence[Photo]) -> list[Node]:
    """Return a story's photos, the first in all shapes; the site's own picture without any.

    Narrow ones are left out where there are wider ones.
    """
    found: list[Node] = []
    for number, photo in enumerate(photos):
        crops = ("", *_SHAPES) if number == 0 else ("",)
        files = [files[-1] for crop in crops if (files := shared(photo, crop))]
        found += [_image(photo, file) for file in files]
    wide = [image for image in found if image["width"] >= _LEAST]
    return wide or found[:1] or [_own_image()]


def own_picture() -> Node:
    """Return the site's picture, for stories without one."""
    return {"url": absolute(static_file("img/share.png")), "width": 1200, "height": 630}


def _image(photo: Photo, file: Rendition) -> Node:
    credit = credit_line(photo)
    source_type = _SOURCE_TYPES.get(str(photo.digital_source_type))
    return given(
        {
            "@type": "ImageObject",
            "url": absolute(file.url),
            "width": file.width,
            "height": file.height,
            "caption": photo.caption or photo.alt_text,
            "creditText": credit,
            "creator": _creator(photo, credit),
            "copyrightNotice": photo.copyright_notice or credit,
            "license": photo.web_statement or _terms(photo),
            "acquireLicensePage": photo.licensor_url or _licensor(photo),
            "digitalSourceType": f"https://schema.org/{source_type}" if source_type else "",
        }
    )


def _own_image() -> Node:
    return given(
        {
            "@type": "ImageObject",
            **own_picture(),
            "creditText": settings.SITE_NAME,
            "creator": the_publisher(),
            "copyrightNotice": f"© {settings.SITE_NAME}",
            "license": settings.LICENSING_URL,
            "acquireLicensePage": settings.LICENSING_URL,
        }
    )


def _terms(photo: Photo) -> str:
    """Return the newsroom's own terms for photos that no agency supplied."""
    return "" if photo.agency else settings.LICENSING_URL


def _licensor(photo: Photo) -> str:
    return photo.agency.url if photo.agency else settings.LICENSING_URL


def _creator(photo: Photo, credit: str) -> Node | list[Node] | None:
    people: list[Node] = [{"@type": "Person", "name": name} for name in creators(photo)]
    if people:
        return people if len(people) > 1 else people[0]
    name = photo.agency.name if photo.agency else credit
    return {"@type": "Organization", "name": name} if name else None
