"""Sitemaps (https://www.sitemaps.org): an index by month, the lists, and the news of two days.

Only what stands in lists is named. A time of change is always one that something changed at, and
left out where it is not known. ``months`` knows which files there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.choices import Channel
from articles.models import Contributor, Publication, Rendition, Section, Source, Topic
from articles.pages import absolute, renditions
from articles.public import months
from articles.public.addresses import page
from articles.public.feeds import corrections
from articles.public.responses import ReaderView
from articles.public.xml import HEAD, Xml, element, tag
from articles.querysets import PublicationQuerySet

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_LATELY = 1000  # stories whose topics, people and sources are named
_BATCH = 1000
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
_NEWS_AGE = dt.timedelta(hours=48)
_NEWS_MOST = 1000
_RELATIONS: dict[str, QuerySet] = {
    "topics": Topic.objects.filter(merged_into=None),
    "contributors": Contributor.objects.all(),
    "sources": Source.objects.all(),
}
_CHINESE = {"zh-cn", "zh-tw"}


class IndexView(ReaderView):
    """The index of all sitemaps but that of the news."""

    def get(self, request: HttpRequest) -> HttpResponse:
        filled = months.filled(self.at)
        states = months.states(filled, self.at)
        rows = [_file(reverse("articles:sitemap-pages"), _newest_change(self.at))]
        for month in reversed(filled):
            state = states[month]
            rows += [_file(_address(month, n), state.changed_at) for n in range(1, state.parts + 1)]
        return _answer(tag("sitemapindex", {"xmlns": _SITEMAP}, *rows))


class MonthView(ReaderView):
    """The stories of one month, oldest first, so that a new one changes the last file alone."""

    def get(self, request: HttpRequest, year: str, month: str, part: str = "1") -> HttpResponse:
        if not 1 <= int(month) <= 12 or int(year) < 1:
            raise Http404
        start = (int(part) - 1) * months.PART
        rows = months.Month(int(year), int(month)).stories(self.at)
        stories = _with_pictures(rows.order_by("published_at", "pk"))[start : start + months.PART]
        entries = [_story(story) for story in stories.iterator(chunk_size=_BATCH)]
        if not entries:
            raise Http404
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
        told, address = corrections.newest(self.at, None, 1), page("corrections")
        if told and address:
            rows.append(_url(address, told[0].live_from))
        return _answer(tag("urlset", {"xmlns": _SITEMAP}, *rows))


class NewsView(ReaderView):
    """The stories of the last 48 hours for Google News, at most 1,000."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Publication.objects.listed(self.at).newest_first().defer("body", "note", "credits")
        young = rows.filter(published_at__gt=self.at - _NEWS_AGE, published_at__lte=self.at)
        # The scheme wants an entry also when nothing is young enough.
        entries = [_news(story) for story in young[:_NEWS_MOST]] or [_url(absolute("/"), None)]
        return _answer(tag("urlset", {"xmlns": _SITEMAP, "xmlns:news": _NEWS}, *entries))


def _answer(document: str) -> HttpResponse:
    return HttpResponse(HEAD + document, content_type="application/xml; charset=utf-8")


def _address(month: months.Month, part: int) -> str:
    values = {"year": f"{month.year:04}", "month": f"{month.month:02}"}
    if part > 1:
        values["part"] = str(part)
    return reverse("articles:sitemap-month", kwargs=values)


def _file(path: str, changed_at: dt.datetime | None) -> Xml:
    return element("sitemap", element("loc", absolute(path)), *_changed(changed_at))


def _url(address: str, changed_at: dt.datetime | None, *more: Xml) -> Xml:
    return element("url", element("loc", address), *_changed(changed_at), *more)


def _changed(moment: dt.datetime | None) -> tuple[Xml, ...]:
    return (element("lastmod", _time(moment)),) if moment else ()


def _time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


def _newest_change(at: dt.datetime) -> dt.datetime | None:
    """Return when anything last came, changed or went."""
    rows = Publication.objects.filter(live_from__lte=at).order_by("-live_from")
    return rows.values_list("live_from", flat=True).first()


def _with_pictures(stories: PublicationQuerySet) -> PublicationQuerySet:
    files = Rendition.objects.filter(format="jpeg")
    names = ("path", "published_at", "revised_at", "lead_photo")
    photo = [f"lead_photo__{name}" for name in ("killed_at", "usable_from", "usable_until")]
    rows = stories.select_related("lead_photo")
    rows = rows.only(*names, *photo, "lead_photo__withheld_from")
    return rows.prefetch_related(Prefetch("lead_photo__renditions", queryset=files))


def _story(story: Publication) -> Xml:
    photo = story.lead_photo
    files = renditions(photo, "jpeg", channel=Channel.SHARE) if photo else []
    pictures = (element("image:image", element("image:loc", absolute(f.url))) for f in files[-1:])
    address = absolute(story.get_absolute_url())
    return _url(address, max(story.revised_at, story.published_at), *pictures)


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


def _news(story: Publication) -> Xml:
    publication = element(
        "news:publication",
        element("news:name", settings.SITE_NAME),
        element("news:language", _language(story.language)),
    )
    news = element(
        "news:news",
        publication,
        element("news:publication_date", _time(story.published_at)),
        element("news:title", story.headline),
    )
    return _url(absolute(story.get_absolute_url()), max(story.revised_at, story.published_at), news)


def _language(tag_: str) -> str:
    """Return a language as Google News wants it: ISO 639, but for the two ways to write Chinese."""
    return tag_.lower() if tag_.lower() in _CHINESE else tag_.split("-")[0].lower()
