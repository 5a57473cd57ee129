"""Addresses of the public pages. What begins with no word of ours is a section or a story."""

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter

from articles.public import (
    archive,
    as_of,
    converters,
    corrections,
    history,
    oembed,
    previews,
    robots,
    searching,
    sitemaps,
    standards,
    views,
    well_known,
)
from articles.public.api import urls as api
from articles.public.api.description import ROOT, DocumentationView
from articles.public.feeds import views as feeds
from articles.websub import FORMATS

app_name = "articles"

register_converter(converters.Slug, "anyslug")
register_converter(converters.SectionPath, "section")
register_converter(converters.StoryPath, "story")
register_converter(converters.Year, "year")
register_converter(converters.TwoDigits, "two")


def feed(before: str, view: type[feeds.FeedView], name: str) -> list[URLPattern]:
    """Return the addresses of a list's feed, one for each format; RSS has the shortest."""
    return [
        path(
            f"{before}{part}",
            view.as_view(),
            {"feed_format": key},
            name=name if key == "rss" else f"{name}-{key}",
        )
        for key, part in FORMATS.items()
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.FrontView.as_view(), name="front"),
    path("as-of/", as_of.choose, name="as-of-choose"),
    path("as-of/<str:when>/", as_of.as_of, name="as-of-front"),
    path("as-of/<str:when>/<path:rest>", as_of.as_of, name="as-of"),
    # Early, since most of what is asked for is a story; no address below looks like one.
    path("<story:path>", views.ArticleView.as_view(), name="article"),
    *feed("", feeds.SiteFeed, "feed"),
    *feed("corrections/", feeds.CorrectionsFeed, "corrections-feed"),
    path("sitemap.xml", sitemaps.IndexView.as_view(), name="sitemap"),
    path("sitemap-pages.xml", sitemaps.PagesView.as_view(), name="sitemap-pages"),
    re_path(
        r"^sitemap-(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<part>[2-9]|[1-9][0-9]{1,3}))?\.xml$",
        sitemaps.MonthView.as_view(),
        name="sitemap-month",
    ),
    path("news-sitemap.xml", sitemaps.NewsView.as_view(), name="news-sitemap"),
    path("robots.txt", robots.RobotsView.as_view(), name="robots"),
    path(".well-known/security.txt", well_known.SecurityView.as_view(), name="security"),
    path(".well-known/trust.txt", well_known.TrustView.as_view()),
    path("trust.txt", well_known.TrustView.as_view(), name="trust"),
    path(".well-known/change-password", well_known.ChangePasswordView.as_view()),
    path("favicon.ico", well_known.IconView.as_view(), {"file": "img/favicon.ico"}),
    path("apple-touch-icon.png", well_known.IconView.as_view(), {"file": "img/logo-180.png"}),
    path(
        "apple-touch-icon-precomposed.png",
        well_known.IconView.as_view(),
        {"file": "img/logo-180.png"},
    ),
    path("manifest.webmanifest", well_known.ManifestView.as_view(), name="manifest"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("api/", DocumentationView.as_view(), name="api-docs"),
    path(ROOT, include(api.urlpatterns)),
    path("oembed/", oembed.OEmbedView.as_view(), name="oembed"),
    path("search/", searching.SearchView.as_view(), name="search"),
    path("opensearch.xml", searching.OpenSearchView.as_view(), name="opensearch"),
    path("archive/", archive.YearsView.as_view(), name="archive"),
    path("archive/<year:year>/", archive.YearView.as_view(), name="archive-year"),
    path("archive/<year:year>/<two:month>/", archive.MonthView.as_view(), name="archive-month"),
    path(
        "archive/<year:year>/<two:month>/<two:day>/",
        archive.DayView.as_view(),
        name="archive-day",
    ),
    path("topic/<anyslug:slug>/", views.TopicView.as_view(), name="topic"),
    *feed("topic/<anyslug:slug>/", feeds.TopicFeed, "topic-feed"),
    path("by/<anyslug:slug>/", views.ContributorView.as_view(), name="contributor"),
    *feed("by/<anyslug:slug>/", feeds.ContributorFeed, "contributor-feed"),
    path("source/<anyslug:slug>/", views.SourceView.as_view(), name="source"),
    *feed("source/<anyslug:slug>/", feeds.SourceFeed, "source-feed"),
    path("corrections/", corrections.CorrectionsView.as_view(), name="corrections"),
    path("standards/", standards.StandardsView.as_view(), name="standards"),
    path("<story:path>history/", history.HistoryView.as_view(), name="history"),
    path("<story:path>history/<int:number>/", history.VersionView.as_view(), name="version"),
    path(
        "<story:path>history/<int:older>..<int:newer>/",
        history.DifferenceView.as_view(),
        name="difference",
    ),
    *feed("<section:path>/", feeds.SectionFeed, "section-feed"),
    path("<section:path>/", views.SectionView.as_view(), name="section"),
]
