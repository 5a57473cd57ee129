"""Sitemaps (https://www.sitemaps.org): an index by month, the lists, and the news of two days.

Only what stands in lists is named. A time of change is always one that something changed at, and
left out where it is not known. ``months`` knows which files there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.choices import Channel
from articles.models import Contributor, Photo, Publication, Rendition, Section, Source, Topic
from articles.pages import absolute
from articles.prepared import Prepared
from articles.public import addresses, months
from articles.public.feeds import corrections
from articles.public.responses import ReaderView
from articles.public.xml import HEAD, Xml, element, tag, text

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_LATELY = 1000  # stories whose topics, people and sources are named
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
_NEWS_AGE = dt.timedelta(hours=48)
_NEWS_MOST = 1000
_CHANGED_AT = Greatest("revised_at", "published_at")
_RIGHTS = ("killed_at", "usable_from", "usable_until", "withheld_from")
_RELATIONS: dict[str, QuerySet] = {
    "topics": Topic.objects.filter(merged_into=None),
    "contributors": Contributor.objects.all(),
    "sources": Source.objects.all(),
}
_CHINESE = {"zh-cn", "zh-tw"}


class IndexView(ReaderView):
    """The index of all sitemaps but that of the news."""

    is_kept = True

    def get(self, request: HttpRequest) -> HttpResponse:
        pages = _file(absolute(reverse("articles:sitemap-pages")), _newest_change(self.at))
        return _answer(tag("sitemapindex", {"xmlns": _SITEMAP}, pages, *_files(self.at)))


class MonthView(ReaderView):
    """The stories of one month, oldest first, so that a new one changes the last file alone."""

    def get(self, request: HttpRequest, year: str, month: str, part: str = "1") -> HttpResponse:
        if not 1 <= int(month) <= 12 or not dt.MINYEAR < int(year) < dt.MAXYEAR:
            raise Http404
        asked, number = months.Month(int(year), int(month)), int(part)
        rows = list(asked.part(number, self.at).values_list("path", _CHANGED_AT, "lead_photo"))
        if not rows and not _is_named(asked, number, self.at):
            raise Http404
        # The scheme wants an entry also when none of a part's stories is listed any more.
        entries = _stories(rows) or [_url(absolute("/"), None)]
        return _answer(tag("urlset", {"xmlns": _SITEMAP, "xmlns:image": _IMAGE}, *entries))


class PagesView(ReaderView):
    """The front page, the sections, and what the newest stories are about, by and from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        newest = list(
            Publication.objects.listed(self.at)
            .order_by("-live_from")
            .values_list("pk", "live_from", "section__path")[:_LATELY]
        )
        rows = [_url(absolute("/"), _newest_change(self.at))] if newest else []
        rows += _sections(newest, self.at)
        times = {pk: live_from for pk, live_from, _path in newest}
        for relation, things in _RELATIONS.items():
            rows += _things(relation, things, times)
        told, address = corrections.newest(self.at, None, 1), addresses.page("corrections")
        if told and address:
            rows.append(_url(address, told[0].live_from))
        return _answer(tag("urlset", {"xmlns": _SITEMAP}, *rows))


class NewsView(ReaderView):
    """The stories of the last 48 hours for Google News, at most 1,000."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Publication.objects.listed(self.at).newest_first()
        young = rows.filter(published_at__gt=self.at - _NEWS_AGE, published_at__lte=self.at)
        told = young.values_list("path", _CHANGED_AT, "language", "published_at", "headline")
        address = addresses.stories()
        entries = [_news(address(path), *said) for path, *said in told[:_NEWS_MOST]]
        # The scheme wants an entry also when nothing is young enough.
        entries = entries or [_url(absolute("/"), None)]
        return _answer(tag("urlset", {"xmlns": _SITEMAP, "xmlns:news": _NEWS}, *entries))


def _answer(document: str) -> HttpResponse:
    return HttpResponse(HEAD + document, content_type="application/xml; charset=utf-8")


def _file(address: str, changed_at: dt.datetime | None) -> Xml:
    return element("sitemap", element("loc", address), *_changed(changed_at))


def _files(at: dt.datetime) -> Iterator[Xml]:
    """Yield the files of the months, the newest month first."""
    before, after = _around_a_month()
    for month, state in sorted(months.states(at).items(), reverse=True):
        begun = f"<sitemap><loc>{before}{month}"
        rest = f"{after}</loc>{''.join(_changed(state.changed_at))}</sitemap>"
        yield Xml(begun + rest)
        for number in range(2, state.parts + 1):
            yield Xml(f"{begun}-{number}{rest}")


def _around_a_month() -> tuple[str, str]:
    """Return what stands before and after a month, and its part, in the address of a file."""
    some = months.Month(2000, 1)
    values = {"year": f"{some.year}", "month": f"{some.month:02}"}
    address = absolute(reverse("articles:sitemap-month", kwargs=values))
    before, _month, after = text(address).rpartition(str(some))
    return before, after


def _is_named(month: months.Month, part: int, at: dt.datetime) -> bool:
    """Return whether the index names a part of a month."""
    state = months.states(at).get(month)
    return state is not None and part <= state.parts


def _url(address: str, changed_at: dt.datetime | None, *more: Xml) -> Xml:
    return element("url", element("loc", address), *_changed(changed_at), *more)


def _changed(moment: dt.datetime | None) -> tuple[Xml, ...]:
    return (element("lastmod", _time(moment)),) if moment else ()


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _newest_change(at: dt.datetime) -> dt.datetime | None:
    """Return when anything last came, changed or went."""
    found: tuple[dt.datetime] | None = _NEWEST_CHANGE.first(at)
    return found[0] if found else None


_NEWEST_CHANGE = Prepared(
    lambda at: (
        Publication.objects.filter(live_from__lte=at)
        .order_by("-live_from")
        .values_list("live_from")[:1]
    )
)


def _stories(rows: Sequence[tuple[str, dt.datetime, int | None]]) -> list[Xml]:
    """Return the entries of stories, of path, last change and lead photo."""
    address = addresses.stories()
    pictures = _pictures({photo for _path, _changed_at, photo in rows if photo})
    return [
        Xml(
            f"<url><loc>{text(address(path))}</loc><lastmod>{_time(changed_at)}</lastmod>"
            f"{pictures.get(photo, '')}</url>"
        )
        for path, changed_at, photo in rows
    ]


def _pictures(photos: set[int]) -> dict[int | None, Xml]:
    """Return the picture of each photo that others may show, its largest file."""
    found: dict[int | None, Xml] = {}
    files = Rendition.objects.filter(photo__in=photos, format="jpeg", crop="").order_by("-width")
    columns = [f"photo__{name}" for name in _RIGHTS]
    for photo, name, is_made, *rights in files.values_list("photo", "file", "is_made", *columns):
        if photo not in found and _may_be_shown(rights):
            file = Rendition(file=name, is_made=is_made)
            if file.is_offered:
                address = element("image:loc", absolute(file.url))
                found[photo] = element("image:image", address)
    return found


def _may_be_shown(rights: Sequence[Any]) -> bool:
    """Return whether others may show a photo of these ``_RIGHTS``; where nothing is said, they
    may."""
    if not any(rights):
        return True
    return Photo(**dict(zip(_RIGHTS, rights, strict=True))).may_be_shown(Channel.SHARE)


def _sections(newest: Iterable[tuple[int, dt.datetime, str]], at: dt.datetime) -> Iterator[Xml]:
    """Yield the sections with stories, those under them counted in."""
    stories = Publication.objects.listed(at).filter(section=OuterRef("pk")).newest_first()
    rows = list(Section.objects.annotate(newest=Subquery(stories.values("published_at")[:1])))
    times = [(section.path, section.newest) for section in rows if section.newest]
    changed: dict[str, dt.datetime] = {}
    for path, moment in [*times, *((path, live_from) for _pk, live_from, path in newest)]:
        slugs = path.split("/")
        for depth in range(len(slugs)):
            above = "/".join(slugs[: depth + 1])
            changed[above] = max(moment, changed.get(above, moment))
    for section in rows:
        if section.path in changed:
            yield _url(absolute(section.get_absolute_url()), changed[section.path])


def _things(relation: str, things: QuerySet, times: dict[int, dt.datetime]) -> Iterator[Xml]:
    """Yield the pages of what some publications name, with the time of the newest."""
    pairs = getattr(Publication, relation).through.objects.filter(publication__in=list(times))
    changed: dict[int, dt.datetime] = {}
    for publication, thing in pairs.values_list("publication", things.model._meta.model_name):
        changed[thing] = max(times[publication], changed.get(thing, times[publication]))
    for row in things.filter(pk__in=list(changed)).order_by("pk"):
        yield _url(absolute(row.get_absolute_url()), changed[row.pk])


def _news(
    address: str,
    changed_at: dt.datetime,
    language: str,
    published_at: dt.datetime,
    headline: str,
) -> Xml:
    publication = element(
        "news:publication",
        element("news:name", settings.SITE_NAME),
        element("news:language", _language(language)),
    )
    news = element(
        "news:news",
        publication,
        element("news:publication_date", _time(published_at)),
        element("news:title", headline),
    )
    return _url(address, changed_at, news)


def _language(tag_: str) -> str:
    """Return a language as Google News wants it: ISO 639, but for the two ways to write Chinese."""
    return tag_.lower() if tag_.lower() in _CHINESE else tag_.split("-")[0].lower()
