"""Addresses of every kind that this newsroom has, about stories that it has at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from lxml import html

from articles import previews
from articles.models import (
    Article,
    Comment,
    Front,
    Notification,
    Photo,
    PreviewLink,
    Publication,
    Section,
)
from articles.public import cursors
from articles.workflow import transitions
from tests.benchmarks import corpus
from tests.benchmarks.stories import MODELS
from tests.factories import publisher
from tests.test_leaks import moment

# Of these nobody adds or deletes a row by hand, whatever the role.
_WRITTEN_ONCE = [
    "articles/importeddocument", "articles/importrun", "articles/front", "articles/revision",
    "articles/publication", "articles/event", "articles/correction", "articles/approval",
    "articles/publicpath", "articles/rendition", "django_tasks_database/dbtaskresult",
]  # fmt: skip
# Patterns that show no page to anybody who asks for one, by the reason.
NO_PAGE: dict[str, set[str]] = {
    "what is sent and never asked for": {
        "admin/logout/",
        "admin/notifications/read/",
        "admin/notifications/choices/",
        "admin/articles/photo/upload/",
        "admin/articles/photo/<int:photo_id>/file/",
        "admin/articles/article/<int:article_id>/comments/<int:comment_id>/resolve/",
        "admin/articles/article/<int:article_id>/comments/<int:comment_id>/reopen/",
        "admin/articles/article/<int:article_id>/revision/<int:number>/take-over/",
        "admin/articles/article/add/keep/",
        "admin/articles/article/kept/<int:kept_id>/drop/",
        "admin/articles/article/<int:article_id>/keep/",
        "admin/articles/article/<int:article_id>/preview-links/",
        "admin/articles/article/<int:article_id>/preview-links/<int:link_id>/withdraw/",
        "admin/articles/article/related/",
        "admin/articles/article/<int:article_id>/related/",
        "admin/articles/article/bulk/<slug:name>/",
        "admin/articles/front/fill/",
        "admin/articles/front/fill/<int:section_id>/",
    },
    "what nobody may": {
        *(f"admin/{table}/add/" for table in _WRITTEN_ONCE),
        *(f"admin/{table}/<path:object_id>/delete/" for table in _WRITTEN_ONCE),
        *(f"admin/axes/{table}/add/" for table in ("accessattempt", "accessfailurelog")),
        "admin/axes/accesslog/add/",
        "admin/articles/article/<path:object_id>/delete/",
    },
    "accounts that stories name": {"admin/auth/user/<path:object_id>/delete/"},
    "a file that is not there": {"media/<path:name>"},
    "what is nowhere": {"api/v1/<path:rest>", "admin/(?P<url>.*)$"},
}
# What was counted is remembered until it changes, so that it is not counted when asked again.
REMEMBERED = ["/sitemap.xml"]
# What does grow, and why that is left.
GROWING = {
    "/api/v1/articles/?language=fr": "a language that few stories have is looked for in all",
    "/api/v1/articles/?topic=harbours&section=world": "two that few stories have are looked for"
    " in all stories of the first",
}


def patterns() -> set[str]:
    """Return every pattern of the site, written as ``resolve`` writes the one it found."""
    return set(_patterns(get_resolver().url_patterns))


def _patterns(entries: Iterable[Any], before: str = "") -> Iterator[str]:
    for entry in entries:
        route = str(entry.pattern)
        route = before + (route.removeprefix("^") if before else route)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, route)
        else:
            yield route


def public() -> list[str]:
    """Return addresses of readers: of a story that was corrected, and of what it names."""
    models = _models()
    listed = Publication.objects.listed().newest_first()
    story = _corrected(models)
    plain = listed.filter(photos__isnull=False, article__in=models)[3]
    rare = listed.get(path__endswith="/rarity/")
    gone = Publication.objects.get(kind="retraction", article__in=models)
    *_, deep = listed[:600]
    path, at = story.path, timezone.localtime(story.published_at)
    uuid, when = story.article.uuid, moment(at + dt.timedelta(days=1))
    day = f"{at:%Y/%m/%d}/"
    found = [
        "/",
        "/media/nothing.jpg",
        *_feeds("/"),
        "/corrections/",
        *_feeds("/corrections/"),
        "/sitemap.xml",
        "/sitemap-pages.xml",
        f"/sitemap-{at:%Y-%m}.xml",
        "/news-sitemap.xml",
        "/robots.txt",
        "/.well-known/security.txt",
        "/.well-known/trust.txt",
        "/trust.txt",
        "/.well-known/change-password",
        "/favicon.ico",
        "/apple-touch-icon.png",
        "/apple-touch-icon-precomposed.png",
        "/manifest.webmanifest",
        "/api/",
        "/api/v1/",
        "/api/v1/openapi.json",
        "/api/v1/nothing/",
        *_api(story, rare, deep),
        f"/as-of/?path=/sport/&at={at:%Y-%m-%dT%H:%M}",
        f"/as-of/{when}/",
        *(f"/as-of/{when}/{part}" for part in (path, "sport/", "world/regions/", "feed/")),
        f"/oembed/?url={quote(f'https://news.example/{path}')}",
        *_searches(story, rare),
        "/opensearch.xml",
        "/archive/",
        f"/archive/{at:%Y/}",
        f"/archive/{at:%Y/%m/}",
        f"/archive/{day}",
        f"/archive/{day}?before={cursors.encode(deep)}",
        "/standards/",
        f"/{path}",
        f"/{path}history/",
        f"/{path}history/1/",
        f"/{path}history/1..2/",
        f"/{plain.path}",
        f"/{rare.path}",
        f"/{gone.path}",
        f"/world/{day}nothing/",
        f"/api/v1/articles/{plain.article.uuid}/",
        f"/api/v1/articles/{uuid}/newsml-g2/",
        f"/api/v1/articles/{uuid}/nitf/",
    ]
    for about in _lists(story, rare):
        found += [about, *_feeds(about), f"{about}?before={cursors.encode(deep)}"]
        found += [f"{about}?after={cursors.encode(deep)}"]
    return found


def _models() -> list[int]:
    """Return the keys of the stories that all others are copies of."""
    return list(Article.objects.order_by("pk").values_list("pk", flat=True)[:MODELS])


def _corrected(models: list[int]) -> Publication:
    rows = Publication.objects.listed().filter(kind="correction", article__in=models)
    return rows.order_by("pk")[0]


def _feeds(before: str) -> list[str]:
    return [f"{before}feed/{part}" for part in ("", "atom/", "json/")]


def _lists(*stories: Publication) -> Iterator[str]:
    """Yield the pages whose lists hold these stories, and sections with others under them."""
    for story in stories:
        rows = (story.section, story.topics.all()[0], story.contributors.all()[0])
        yield from (row.get_absolute_url() for row in (*rows, story.sources.all()[0]))
    yield from ("/world/", "/world/regions/", "/science/")


def _named(story: Publication) -> dict[str, str]:
    return {
        "section": story.section.path,
        "topic": story.topics.all()[0].slug,
        "contributor": story.contributors.all()[0].slug,
        "source": story.sources.all()[0].slug,
    }


def _api(story: Publication, rare: Publication, deep: Publication) -> list[str]:
    lists = "/api/v1/articles/"
    narrowed = [f"{lists}?{n}={v}" for row in (story, rare) for n, v in _named(row).items()]
    cursor = cursors.encode(deep)
    return [
        lists,
        f"{lists}?cursor={cursor}",
        *narrowed,
        *(f"{address}&cursor={cursor}" for address in narrowed),
        f"{lists}?section=world",
        f"{lists}?language=en&photo=true",
        f"{lists}?language=fr",
        f"{lists}?from=2025-12-01&until=2025-12-31",
        f"{lists}?topic={_named(story)['topic']}&section=world",
        f"{lists}?q={corpus.COMMON}",
        f"{lists}?q={corpus.RARE}",
        f"{lists}?q={corpus.COMMON}&topic={_named(story)['topic']}",
        f"{lists}{story.article.uuid}/",
        f"/api/v1/changes/?since={story.live_from:%Y-%m-%dT%H:%M:%SZ}",
        *(
            f"/api/v1/{things}/{query}"
            for things in ("topics", "contributors", "sources")
            for query in ("", "?q=ha")
        ),
        "/api/v1/sections/",
        "/api/v1/corrections/",
    ]


def _searches(story: Publication, rare: Publication) -> list[str]:
    common = [f"/search/?{name}={value}" for name, value in _named(story).items()]
    return [
        "/search/",
        f"/search/?q={quote(story.headline)}",
        f"/search/?q={corpus.COMMON}",
        f"/search/?q={corpus.COMMON}&sort=date",
        f"/search/?q={corpus.RARE}",
        f"/search/?q={corpus.COMMON}%20-harbour",
        "/search/?q=zzzzzz",
        "/search/?language=fr",
        "/search/?section=world&language=en&photo=true&from=2025-01-01",
        *common,
        *(f"{address}&q={corpus.COMMON}" for address in common),
        *(f"/search/?q={corpus.COMMON}&{name}={v}" for name, v in _named(rare).items()),
    ]


def of_the_desk(client: Client) -> list[str]:
    """Return addresses of the desk: every table's pages, filters and orders, and its own views."""
    found = ["/admin/", "/admin/nothing/", "/admin/login/", "/admin/logout/", "/admin/jsi18n/"]
    found += ["/admin/password_change/", "/admin/password_change/done/"]
    for label in ("auth", "articles"):
        found.append(f"/admin/{label}/")
    for model, shown in admin.site._registry.items():
        found += _table(client, model, shown)
    return [*found, *_desk_views()]


def _table(client: Client, model: Any, shown: Any) -> Iterator[str]:
    """Yield the addresses that every table has; its list with each filter, order and a search."""
    kind = model._meta
    name = f"admin:{kind.app_label}_{kind.model_name}"
    listed = reverse(f"{name}_changelist")
    yield listed
    answer = client.get(listed)
    if answer.status_code == 200:
        page: Any = html.fromstring(answer.content.decode())
        links = page.xpath("//*[@id='changelist-filter']//a/@href|//thead//a/@href")
        links += page.xpath("//*[@id='changelist-filter']//option/@value")
        yield from (f"{listed}{link}" for link in dict.fromkeys(links) if link.startswith("?"))
        if shown.get_search_fields(None):
            yield from (f"{listed}?q={word}" for word in ("harbour", "zzzzzz"))
    yield reverse(f"{name}_add")
    example = _example(model)
    for verb in ("history", "delete", "change"):
        yield reverse(f"{name}_{verb}", args=[example.pk])
    yield f"{listed}{example.pk}/"


def _example(model: Any) -> Any:
    """Return a row that every newsroom has: of what is copied one of the models."""
    if model is Article:
        return _corrected(_models()).article
    if model is Front:
        return Front.objects.order_by("-number")[3]
    if model is Photo:
        return Photo.objects.get(publications__path__endswith="/rarity/")
    if model is Group:
        return Group.objects.get(name="Editor")
    return model._default_manager.order_by("pk")[0]


def _desk_views() -> Iterator[str]:
    """Yield the addresses of the desk's own views."""
    article, photo, user = _example(Article), _example(Photo), publisher()
    section = Section.objects.get(path="sport")
    story = article.publications.order_by("-number")[0]
    one = f"/admin/articles/article/{article.pk}"
    comment, link = Comment.objects.order_by("pk")[0], PreviewLink.objects.order_by("pk")[0]
    yield urlsplit(previews.address(link)).path
    yield f"/admin/r/{ContentType.objects.get_for_model(Publication).pk}/{story.pk}/"
    for field in (
        "byline.contributor",
        "article.topics",
        "attribution.source",
        "relatedlink.related",
    ):
        model_name, _dot, field_name = field.partition(".")
        query = f"app_label=articles&model_name={model_name}&field_name={field_name}"
        yield from (f"/admin/autocomplete/?{query}&term={term}" for term in ("", "har"))
    yield f"/admin/auth/user/{user.pk}/password/"
    yield from ("/admin/notifications/", "/admin/notifications/read/")
    yield "/admin/notifications/choices/"
    notice = Notification.objects.order_by("-at")[0]
    yield f"/admin/notifications/{notice.pk}/"
    yield f"/admin/notifications/?before={Notification.objects.order_by('-at')[300].pk}"
    yield from (f"/admin/articles/article/?q={quote(text)}" for text in _found_by(story))
    yield f"/admin/articles/article/?author={story.contributors.all()[0].pk}"
    yield "/admin/articles/article/?author=mine&state__exact=draft"
    photos = "/admin/articles/photo"
    yield from (
        f"{photos}/picker/{query}" for query in ("", "?q=quay", "?agency=reuters", "?used=yes")
    )
    yield f"{photos}/described/?photo={photo.uuid}"
    yield f"{photos}/many/?ids={photo.pk}"
    yield from (f"{photos}/{part}/" for part in ("upload", "add-files"))
    yield from (f"{photos}/{photo.pk}/{part}/" for part in ("file", "kill"))
    yield f"{one}/comments/"
    yield from (f"{one}/comments/{comment.pk}/{verb}/" for verb in ("resolve", "reopen"))
    yield from (f"/admin/articles/article/stories/?q={word}" for word in ("", "harbour"))
    killed = Article.objects.get(killed_text__isnull=False)
    stories = Article.objects.filter(slugline__in=("in review", "ready", "held"))
    for row in (article, *stories.order_by("pk"), killed):
        for name in transitions.FUNCTIONS:
            yield f"/admin/articles/article/{row.pk}/act/{name}/"
        yield f"/admin/articles/article/{row.pk}/change/"
    yield from (f"{one}/revision/2/", f"{one}/revision/2/take-over/")
    yield from (f"{one}/compare/?older=1&newer=2", f"{one}/compare/1..2/")
    yield from (f"/admin/articles/article/{part}/" for part in ("add/keep", "kept/1/drop"))
    yield from (f"{one}/{part}/" for part in ("keep", "preview", "preview/frame", "preview-links"))
    yield f"{one}/preview-links/{link.pk}/withdraw/"
    yield f"/admin/articles/article/{killed.pk}/killed/"
    yield from ("/admin/articles/article/related/", f"{one}/related/")
    yield "/admin/articles/article/bulk/submit/"
    layout = Front.objects.filter(section=section).order_by("-number")
    fronts = "/admin/articles/front"
    for word in ("arrange", "fill", "layouts"):
        yield from (f"{fronts}/{word}/", f"{fronts}/{word}/{section.pk}/")
    of_front_page = Front.objects.filter(section=None).order_by("-number")
    yield f"{fronts}/preview/?layout={of_front_page[2].number}"
    yield f"{fronts}/preview/{section.pk}/?layout={layout[2].number}"
    yield f"{fronts}/arrange/{section.pk}/?from={layout[20].number}"
    yield f"{fronts}/{layout[2].pk}/call-off/"
    yield from (
        f"{fronts}/stories/{query}" for query in ("", "?q=harbour", f"?section={section.pk}")
    )


def _found_by(story: Publication) -> list[str]:
    name = story.contributors.all()[0].name
    text = "nobody had seen it"  # of a story that every newsroom has, and no headline's
    return [story.headline, name, str(story.article.uuid), story.get_absolute_url(), text]
