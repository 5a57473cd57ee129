"""Addresses of the API, under ``/api/v1/``. Whatever begins so is answered as the API answers."""

from django.urls import path

from articles.public.api import articles, corrections, description, naming
from articles.public.api.base import NotThere

urlpatterns = [
    path("", description.EntryView.as_view(), name="api"),
    path("openapi.json", description.OpenApiView.as_view(), name="api-openapi"),
    path("articles/", articles.ArticlesView.as_view(), name="api-articles"),
    path("changes/", articles.ChangesView.as_view(), name="api-changes"),
    path("articles/<str:uuid>/", articles.ArticleView.as_view(), name="api-article"),
    path("articles/<str:uuid>/newsml-g2/", articles.NewsMLG2View.as_view(), name="api-newsml-g2"),
    path("articles/<str:uuid>/nitf/", articles.NitfView.as_view(), name="api-nitf"),
    path("sections/", naming.SectionsView.as_view(), name="api-sections"),
    path("topics/", naming.TopicsView.as_view(), name="api-topics"),
    path("contributors/", naming.ContributorsView.as_view(), name="api-contributors"),
    path("sources/", naming.SourcesView.as_view(), name="api-sources"),
    path("corrections/", corrections.CorrectionsView.as_view(), name="api-corrections"),
    path("<path:rest>", NotThere.as_view()),
]
