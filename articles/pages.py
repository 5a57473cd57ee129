"""A story's page: its text with the photos in place, its related block, what was put right in it.

Takes a publication, saved or not, so that readers and the desk's preview get the same page. Which
publication somebody may see, and with which status, is decided by the views.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import F, Prefetch, QuerySet
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
from articles.photo_values import CardPhoto, photo_with_files
from articles.prepared import Prepared, keep
from articles.related import RelatedStory, make_blocks

# Changes readers are told of on the page itself; an update only moves the date.
TOLD = (PublicationKind.CORRECTION, PublicationKind.CLARIFICATION)
# The file that stands in ``src``, for browsers and readers that know no ``srcset``.
_COMMON_WIDTH = 960
# How wide a photo stands in a story (HTML's ``sizes``), by layout.
_OPENS = 1200  # pixels that a photo in the text needs to open a story wider than its text
_BESIDE = "(min-width: 44rem) 20rem, 100vw"
_SIZES: dict[str, str] = {
    Layout.INLINE: "(min-width: 44rem) 38rem, 100vw",
    Layout.WIDE: "(min-width: 66rem) 62rem, 100vw",
    Layout.FULL: "100vw",
    Layout.LEFT: _BESIDE,
    Layout.RIGHT: _BESIDE,
}
_AS_OF = re.compile(r"^/as-of/[^/]+/")
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
    widest: int = 0

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
class Translation:
    """The same story in another language; ``name`` is the language's own word for itself."""

    language: str
    title: str
    url: str
    is_original: bool = False

    @property
    def name(self) -> str:
        return language_name(self.language)


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

    @property
    def text(self) -> str:
        """What was put right, as one plain text."""
        said = [self.note] if self.note else []
        said += [
            _("An earlier version said: %(was)s It should say: %(now)s") % {"was": was, "now": now}
            if was
            else now
            for was, now in self.corrections
        ]
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything the template of a story shows.

    ``earlier`` are stories that came before in the same matter; ``first_photo`` stands beside the
    first related one; ``until`` is when a pin of the related block ends, the first moment at which
    the page changes by itself.
    """

    publication: Publication
    body: SafeString
    photos: Sequence[Photo]
    related: Sequence[RelatedStory]
    changes: Sequence[Change]
    lead: FigurePart | None = None
    first_photo: CardPhoto | None = None
    earlier: Sequence[RelatedStory] = ()
    until: dt.datetime | None = None
    translations: Sequence[Translation] = ()

    @property
    def corrected_at(self) -> dt.datetime | None:
        """When a correction was last made, or None."""
        kind = PublicationKind.CORRECTION
        return next((change.at for change in self.changes if change.kind == kind), None)


def make_page(publication: Publication, photos: Sequence[Photo], *, at: dt.datetime) -> ArticlePage:
    """Gather the page of a publication as of ``at``; ``photos`` come from ``with_renditions``."""
    shown = [photo for photo in photos if photo.may_be_shown(Channel.PAGE)]
    writer = _FigureWriter(photos, "articles/includes/figure.html", Channel.PAGE)
    blocks = make_blocks(publication, at)
    return ArticlePage(
        publication=publication,
        body=writer.fill(publication.body, publication.dateline),
        photos=shown,
        lead=writer.lead,
        related=blocks.related,
        first_photo=_first_photo(blocks.related),
        earlier=blocks.earlier,
        until=blocks.until,
        changes=changes(publication, at),
        translations=translations(publication, at),
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


def _first_photo(stories: Sequence[RelatedStory]) -> CardPhoto | None:
    """Return the photo that stands beside the first story, if it has one with files."""
    first = stories[0].publication if stories else None
    return photo_with_files(first.lead_photo) if first and first.lead_photo else None


def load_photos(stories: Iterable[Publication]) -> None:
    """Load the photos of stories as ``with_renditions`` does, in two queries."""
    by_pk = {story.pk: story for story in stories}
    found: dict[int, list[Photo]] = {pk: [] for pk in by_pk}
    for photo in _PHOTOS_OF(list(by_pk)) if by_pk else ():
        found[photo.of_story].append(photo)
    load_renditions(photo for photos in found.values() for photo in photos)
    for pk, story in by_pk.items():
        keep(story, "photos", found[pk])


def load_renditions(photos: Iterable[Photo | None]) -> None:
    """Load the files of photos, in one query for all."""
    rows = [photo for photo in photos if photo is not None]
    found: dict[int, list[Rendition]] = {photo.pk: [] for photo in rows}
    for rendition in _RENDITIONS_OF(list(found)) if found else ():
        found[rendition.photo_id].append(rendition)
    for photo in rows:
        keep(photo, "renditions", found[photo.pk])


def absolute(address: str) -> str:
    """Return an address of this site in full, as other machines need it: always that of today."""
    return _absolute(settings.SITE_URL, address)


@lru_cache(maxsize=1000)
def _absolute(site: str, address: str) -> str:
    return urljoin(f"{site}/", _AS_OF.sub("/", address))


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
    return files_of(photo, crop) if photo.may_be_shown(channel) else None


def files_of(photo: Photo, crop: str = "") -> Picture | None:
    """Return a photo's files for a page as ``picture`` does, whether or not it may be shown."""
    files: dict[str, list[Rendition]] = {}
    rows = photo.renditions.all()
    for row in sorted(rows, key=lambda row: row.width):
        if row.crop == crop and row.is_offered:
            files.setdefault(row.format, []).append(row)
    avif, webp, jpeg = (files.get(name, []) for name in ("avif", "webp", "jpeg"))
    plain = jpeg or webp
    if not plain:
        return files_of(photo) if crop else None
    common = next((row for row in reversed(plain) if row.width <= _COMMON_WIDTH), plain[0])
    return Picture(
        common.url,
        common.width,
        common.height,
        srcset=_srcset(plain),
        webp_srcset=_srcset(webp),
        avif_srcset=_srcset(avif),
        widest=plain[-1].width,
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


def changes(publication: Publication, at: dt.datetime) -> list[Change]:
    """Return the corrections and clarifications made up to ``at``, newest first, in one query."""
    return changes_of([publication.article_id], at).get(publication.article_id, [])


def changes_of(articles: Iterable[int], at: dt.datetime) -> dict[int, list[Change]]:
    """Return the ``changes`` of several articles by their ids, in one query for all."""
    rows = _TOLD_OF(list(articles), at)
    told: dict[int, dict[int, Change]] = {}
    for article, number, kind, live_from, note, was, now in rows:
        of_article = told.setdefault(article, {})
        change = of_article.setdefault(number, Change(kind, live_from, note))
        if now:
            change.corrections.append((was, now))
    return {
        article: [change for change in found.values() if change.note or change.corrections]
        for article, found in told.items()
    }


def changes_from(publication: Publication) -> Change:
    """Return what a publication put right, with its corrections prefetched."""
    pairs = [(row.was, row.now) for row in publication.corrections.all()]
    return Change(publication.kind, publication.live_from, publication.note, pairs)


def translations(publication: Publication, at: dt.datetime) -> list[Translation]:
    """Return the listed stories that are this one in another language, by language; one query.

    The story they were translated from is one of them. Of two in one language the newer counts.
    """
    uuid = getattr(publication, "uuid", None) or publication.article.uuid
    group = publication.original or str(uuid)
    if publication.original:
        rows = _IN_OTHER_LANGUAGES(at, publication.article_id or 0, group, UUID(group))
    else:
        rows = _IN_OTHER_LANGUAGES(at, publication.article_id or 0, group)
    found = {
        language: Translation(language, headline, Publication(path=path).get_absolute_url(), not of)
        for _published_at, language, headline, path, of in sorted(rows)
    }
    found.pop(publication.language, None)
    return [found[language] for language in sorted(found)]


def hreflangs(page: ArticlePage) -> list[tuple[str, str]]:
    """Return language and full address of a story in each of its languages, itself included.

    The one it was written in is the default; empty for a story in one language only.
    """
    if not page.translations:
        return []
    own = absolute(page.publication.get_absolute_url())
    found = {row.language: absolute(row.url) for row in page.translations}
    found[page.publication.language] = own
    original = next((absolute(row.url) for row in page.translations if row.is_original), own)
    return [*sorted(found.items()), ("x-default", original)]


def language_name(code: str) -> str:
    """Return what a language (BCP 47) is called by those who read it; its code if unknown."""
    names: dict[str, Any] = LANG_INFO
    for known in (code.lower(), code.lower().split("-")[0]):
        if name := names.get(known, {}).get("name_local"):
            name = unicodedata.normalize("NFC", name)
            return f"{name[:1].upper()}{name[1:]}"
    return code


def _with_dateline(rendered: str, dateline: str) -> str:
    """Begin the first paragraph with the dateline; put it on top of a body that has none."""
    if not dateline:
        return rendered
    words = format_html('<span class="placeline">{}</span> ', dateline)
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
        layout = run[0].layout
        parts = [self._part(one) for one in run]
        if self.position == 1 and layout == Layout.INLINE and _fills_a_screen(parts[0].picture):
            layout = Layout.WIDE
            parts = [replace(part, sizes=_SIZES[layout]) for part in parts]
        if self.position == 1 and parts[0].picture:
            self.lead = parts[0]
        shown = [(one, part) for one, part in zip(run, parts, strict=True) if not part.notice]
        context = {
            "id": run[0].id,
            "layout": layout,
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


def _fills_a_screen(shown: Picture | None) -> bool:
    """Return whether a picture is wide and sharp enough to open a story across the page."""
    return shown is not None and shown.widest >= _OPENS and shown.width >= 1.2 * shown.height


def _photos_of(stories: list[int]) -> QuerySet[Photo, Photo]:
    rows = Photo.objects.select_related("agency", "photographer")
    return rows.filter(publications__in=stories).annotate(of_story=F("publications"))


def _told_of(articles: list[int], at: dt.datetime) -> QuerySet[Publication, Any]:
    rows = Publication.objects.filter(article__in=articles, kind__in=TOLD, live_from__lte=at)
    columns = ("article", "number", "kind", "live_from", "note")
    return (
        rows.exclude(live_until=F("live_from"))
        .order_by("-number", "corrections__position", "corrections__id")
        .values_list(*columns, "corrections__was", "corrections__now")
    )


def _in_other_languages(
    at: dt.datetime, article: int, group: str, original: UUID | None = None
) -> QuerySet[Publication, Any]:
    others = Publication.objects.listed(at).exclude(article=article).order_by()
    columns = ("published_at", "language", "headline", "path", "original")
    # That the column is not empty lets the database use the index of the few that are.
    rows = others.filter(original=group).exclude(original="").values_list(*columns)
    if original is None:
        return rows
    return rows.union(others.filter(article__uuid=original).values_list(*columns))


_PHOTOS_OF = Prepared(_photos_of)
_RENDITIONS_OF = Prepared(
    lambda photos: Rendition.objects.filter(photo__in=photos).order_by("crop", "format", "width")
)
_TOLD_OF = Prepared(_told_of)
_IN_OTHER_LANGUAGES = Prepared(_in_other_languages)


def _srcset(rows: list[Rendition]) -> str:
    return ", ".join(f"{row.url} {row.width}w" for row in rows)
