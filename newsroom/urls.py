"""Addresses: the desk under ``/admin/``, readers everywhere else."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from articles.media import media

urlpatterns: list[URLPattern | URLResolver] = [path("admin/", admin.site.urls)]

if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:name>", media, name="media"))

# Sections are first in a path, so whatever is no other address is asked of the articles.
urlpatterns.append(path("", include("articles.public.urls")))

handler400 = "articles.public.errors.bad_request"
handler403 = "articles.public.errors.permission_denied"
handler404 = "articles.public.errors.page_not_found"
handler500 = "articles.public.errors.server_error"
