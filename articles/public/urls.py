"""Addresses of the public pages. What begins with no word of ours is a section or a story."""

from django.urls import path, register_converter

from articles.public import converters, feeds, oembed, previews, views

app_name = "articles"

register_converter(converters.Slug, "anyslug")
register_converter(converters.SectionPath, "section")
register_converter(converters.StoryPath, "story")

urlpatterns = [
    path("", views.FrontView.as_view(), name="front"),
    path("feed/", feeds.SiteFeed(), name="feed"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("oembed/", oembed.OEmbedView.as_view(), name="oembed"),
    path("topic/<anyslug:slug>/", views.TopicView.as_view(), name="topic"),
    path("topic/<anyslug:slug>/feed/", feeds.TopicFeed(), name="topic-feed"),
    path("by/<anyslug:slug>/", views.ContributorView.as_view(), name="contributor"),
    path("by/<anyslug:slug>/feed/", feeds.ContributorFeed(), name="contributor-feed"),
    path("source/<anyslug:slug>/", views.SourceView.as_view(), name="source"),
    path("<story:path>", views.ArticleView.as_view(), name="article"),
    path("<section:path>/feed/", feeds.SectionFeed(), name="section-feed"),
    path("<section:path>/", views.SectionView.as_view(), name="section"),
]
