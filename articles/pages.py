"""A story's page: its text with the photos in place, its related block, what was put right in it.

Takes a publication, saved or not, so that readers and the desk's preview get the same page. Which
publication somebody may see, and with which status, is decided by the views.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import F, Prefetch
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import body
from articles.body import FigureReference
from articles.choices import Channel, Layout, PublicationKind
from articles.models import Photo, Publication, Rendition

# Changes readers are told of on the page itself; an update only moves the date.
TOLD = (PublicationKind.CORRECTION, PublicationKind.CLARIFICATION)
# The file that stands in ``src``, for browsers and readers that know no ``srcset``.
_COMMON_WIDTH = 960
# How wide a photo stands in a story (HTML's ``sizes``), by layout.
_BESIDE = "(min-width: 44rem) 20rem, 100vw"
_SIZES: dict[str, str] = {
    Layout.INLINE: "(min-width: 44rem) 42rem, 100vw",
    Layout.WIDE: "(min-width: 66rem) 62rem, 100vw",
    Layout.FULL: "100vw",
    Layout.LEFT: _BESIDE,
    Layout.RIGHT: _BESIDE,
}
_FIRST_PARAGRAPH = re.compile(r'<p id="b-[0-9a-z]+">')


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo's files as an ``img`` needs them: one address, its size in pixels, and the others."""

    src: str
    width: int
    height: int
    srcset: str
    webp_srcset: str
    avif_srcset: str = ""

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Return type and addresses for each ``source``, the smallest files first."""
        rows = [("image/avif", self.avif_srcset), ("image/webp", self.webp_srcset)]
        return [(kind, srcset) for kind, srcset in rows if srcset]

    @property
    def preload(self) -> tuple[str, str]:
        """Return type and addresses of the files that a browser of today takes."""
        return (*self.sources, ("image/jpeg", self.srcset))[0]


@dataclass(frozen=True, slots=True)
class FigurePart:
    """One photo of a figure: ``photo`` is None when its row is gone, ``picture`` without a file.

    ``notice`` stands in the place of a photo that was killed or may not be shown, of which
    nothing else is shown.
    """

    photo: Photo | None
    picture: Picture | None
    alt: str
    sizes: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class RelatedStory:
    """A line of the related block; ``published_at`` is None for what is not ours."""

    title: str
    url: str
    language: str = ""
    published_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a publication put right; ``corrections`` are pairs of (was wrong, is right)."""

    kind: str
    at: dt.datetime
    note: str
    corrections: list[tuple[str, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(PublicationKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything the template of a story shows."""

    publication: Publication
    body: SafeString
    photos: Sequence[Photo]
    related: Sequence[RelatedStory]
    changes: Sequence[Change]
    lead: FigurePart | None = None


def make_page(publication: Publication, photos: Sequence[Photo], *, at: dt.datetime) -> ArticlePage:
    """Gather the page of a publication as of ``at``; ``photos`` come from ``with_renditions``."""
    shown = [photo for photo in photos if photo.may_be_shown(Channel.PAGE)]
    writer = _FigureWriter(photos, "articles/includes/figure.html", Channel.PAGE)
    return ArticlePage(
        publication=publication,
        body=writer.fill(publication.body, publication.dateline),
        photos=shown,
        lead=writer.lead,
        related=related_stories(publication, at),
        changes=changes(publication, at),
    )


def render_article(
    request: HttpRequest, page: ArticlePage, *, at: dt.datetime, preview: bool = False, **extra: Any
) -> TemplateResponse:
    """Answer with a story's page; a preview says that it is one and asks not to be indexed."""
    context = {"page": page, "publication": page.publication, "at": at, "is_preview": preview}
    return TemplateResponse(request, "articles/article.html", {**context, **extra})


def with_renditions() -> Prefetch:
    """Return the prefetch of a publication's photos with all that a figure shows of them."""
    photos = Photo.objects.select_related("agency", "photographer").prefetch_related("renditions")
    return Prefetch("photos", queryset=photos)


def absolute(address: str) -> str:
    """Return an address of this site in full, as other machines need it."""
    return urljoin(f"{settings.SITE_URL}/", address)


def renditions(
    photo: Photo, format_name: str, crop: str = "", *, channel: str = Channel.PAGE
) -> list[Rendition]:
    """Return the files of one format and shape, narrowest first; none that may not be shown there.

    ``crop`` names the shape, "" the whole picture. Rights are asked of the clock, whatever moment
    a page shows. Asks nothing when the files were prefetched.
    """
    if not photo.may_be_shown(channel):
        return []
    rows = photo.renditions.all()
    wanted = [row for row in rows if (row.format, row.crop) == (format_name, crop)]
    wanted = [row for row in wanted if row.is_offered]
    return sorted(wanted, key=lambda row: row.width)


def picture(photo: Photo, crop: str = "", *, channel: str = Channel.PAGE) -> Picture | None:
    """Return a photo's files for a page, or None without any that may be shown there.

    While the shape asked for is not made yet, they are those of the whole picture.
    """
    avif, webp, jpeg = (
        renditions(photo, name, crop, channel=channel) for name in ("avif", "webp", "jpeg")
    )
    plain = jpeg or webp
    if not plain:
        return picture(photo, channel=channel) if crop else None
    common = next((row for row in reversed(plain) if row.width <= _COMMON_WIDTH), plain[0])
    return Picture(
        common.url,
        common.width,
        common.height,
        srcset=_srcset(plain),
        webp_srcset=_srcset(webp),
        avif_srcset=_srcset(avif),
    )


def notice(photo: Photo, channel: str = Channel.PAGE) -> str:
    """Return what stands in the place of a photo that may not be shown there, "" if it may."""
    if photo.killed_at:
        return photo.kill_notice or _("This photo has been withdrawn.")
    if photo.may_be_shown(channel):
        return ""
    if channel != Channel.PAGE and photo.may_be_shown(Channel.PAGE):
        return _("This photo may be shown on our own page only.")
    return _("We have no right to show this photo at the moment.")


def alt_text(photo: Photo, *, own: str = "", caption: str = "") -> str:
    """Return what stands for a photo where it isn't seen; empty only when it is decorative.

    ``own`` is the wording for this use, ``caption`` its caption as plain text.
    """
    if photo.is_decorative and not own:
        return ""
    return own or photo.alt_text or caption or photo.caption or _("Photo without a description")


def fill_body(
    rendered: str,
    photos: Iterable[Photo],
    *,
    dateline: str = "",
    template: str = "articles/includes/figure.html",
    channel: str = Channel.PAGE,
) -> SafeString:
    """Return a rendered body with its photos in place and the dateline before its first words."""
    return _FigureWriter(photos, template, channel).fill(rendered, dateline)


def related_stories(publication: Publication, at: dt.datetime) -> list[RelatedStory]:
    """Return what the related block shows, in its order: listed stories and links elsewhere.

    A story that is not listed, and a title that is no story's headline yet, is left out.
    """
    rows = publication.related
    if not rows:
        return []
    by_article, by_headline = _listed_stories(publication, rows, at)
    found: list[RelatedStory] = []
    for row in rows:
        story = by_article.get(row["article"])
        if story is None and not row["article"]:
            story = _elsewhere(row) or by_headline.get(row["title"])
        if story is not None and story.url not in {other.url for other in found}:
            found.append(story)
    return found


def changes(publication: Publication, at: dt.datetime) -> list[Change]:
    """Return the corrections and clarifications made up to ``at``, newest first, in one query."""
    rows = (
        Publication.objects.filter(article=publication.article_id, kind__in=TOLD, live_from__lte=at)
        .exclude(live_until=F("live_from"))
        .order_by("-number", "corrections__position", "corrections__id")
        .values_list("number", "kind", "live_from", "note", "corrections__was", "corrections__now")
    )
    told: dict[int, Change] = {}
    for number, kind, live_from, note, was, now in rows:
        change = told.setdefault(number, Change(kind, live_from, note))
        if now:
            change.corrections.append((was, now))
    return [change for change in told.values() if change.note or change.corrections]


def _with_dateline(rendered: str, dateline: str) -> str:
    """Begin the first paragraph with the dateline; put it on top of a body that has none."""
    if not dateline:
        return rendered
    words = format_html('<span class="dateline">{}</span> ', dateline)
    first = _FIRST_PARAGRAPH.search(rendered)
    if first is None:
        return f"<p>{words}</p>\n{rendered}"
    return f"{rendered[: first.end()]}{words}{rendered[first.end() :]}"


class _FigureWriter:
    """Writes the figures of one body in their order; neighbours of one group become one figure."""

    def __init__(self, photos: Iterable[Photo], template: str, channel: str) -> None:
        self.photos = {str(photo.uuid): photo for photo in photos}
        self.template = template
        self.channel = channel
        self.runs: list[list[FigureReference]] = []
        self.position = 0
        self.lead: FigurePart | None = None

    def fill(self, rendered: str, dateline: str) -> SafeString:
        self.take(body.figure_references(rendered))
        return body.fill_figures(_with_dateline(rendered, dateline), self.write)

    def take(self, references: list[FigureReference]) -> None:
        for reference in references:
            last = self.runs[-1][-1] if self.runs else None
            if last and reference.group and reference.group == last.group:
                self.runs[-1].append(reference)
            else:
                self.runs.append([reference])

    def write(self, reference: FigureReference) -> str:
        """Write the whole run where its first figure stands, and nothing for the others."""
        if self.position >= len(self.runs) or reference.id != self.runs[self.position][0].id:
            return ""
        run = self.runs[self.position]
        self.position += 1
        parts = [self._part(one) for one in run]
        if self.position == 1 and parts[0].picture:
            self.lead = parts[0]
        shown = [(one, part) for one, part in zip(run, parts, strict=True) if not part.notice]
        context = {
            "id": run[0].id,
            "layout": run[0].layout,
            "parts": parts,
            "photos": list(dict.fromkeys(part.photo for _one, part in shown if part.photo)),
            "captions": [one.caption for one, _part in shown if one.caption],
            "is_first": self.position == 1,
        }
        return render_to_string(self.template, context).strip()

    def _part(self, reference: FigureReference) -> FigurePart:
        photo = self.photos.get(reference.photo)
        if photo is None:
            return FigurePart(None, None, reference.alt)
        if instead := notice(photo, self.channel):
            return FigurePart(photo, None, "", notice=instead)
        caption = strip_tags(reference.caption)
        return FigurePart(
            photo,
            picture(photo, channel=self.channel),
            alt_text(photo, own=reference.alt, caption=caption),
            sizes=_SIZES.get(reference.layout, _SIZES[Layout.INLINE]),
        )


def _srcset(rows: list[Rendition]) -> str:
    return ", ".join(f"{row.url} {row.width}w" for row in rows)


def _listed_stories(
    publication: Publication, rows: list[dict[str, str]], at: dt.datetime
) -> tuple[dict[str, RelatedStory], dict[str, RelatedStory]]:
    """Find the stories that rows name, by uuid or by headline, in one query of two indexes."""
    names = ("article__uuid", "headline", "path", "language", "published_at")
    uuids = [row["article"] for row in rows if row["article"]]
    titles = [row["title"] for row in rows if not row["article"] and not row["url"]]
    others = Publication.objects.listed(at).exclude(article=publication.article_id).order_by()
    wanted = [
        others.filter(**{lookup: values}).values_list(*names)
        for lookup, values in (("article__uuid__in", uuids), ("headline__in", titles))
        if values
    ]
    if not wanted:
        return {}, {}
    by_article: dict[str, RelatedStory] = {}
    by_headline: dict[str, RelatedStory] = {}
    for uuid, headline, path, language, published_at in wanted[0].union(*wanted[1:]):
        url = Publication(path=path).get_absolute_url()
        story = RelatedStory(headline, url, language, published_at)
        by_article[str(uuid)] = story
        by_headline[headline] = _newer(by_headline.get(headline), story)
    return by_article, by_headline


def _newer(known: RelatedStory | None, story: RelatedStory) -> RelatedStory:
    if known and known.published_at and story.published_at:
        return max(known, story, key=lambda one: (one.published_at, one.url))
    return story


def _elsewhere(row: dict[str, str]) -> RelatedStory | None:
    """Return a link that leads somewhere for sure: with a scheme, or from the site's top."""
    url = body.address(row["url"])
    if not row["title"] or not (urlsplit(url).scheme or url.startswith("/")):
        return None
    return RelatedStory(row["title"], url)
