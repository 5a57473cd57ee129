"""The desk's admin site: the stock one with a board of what waits on its first page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.admin.desk import board
from articles.admin.notifications import at_desk, notification_urls


def index(request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
    """Answer with the first page, and on it what waits for this user."""
    context = {
        "title": _("Desk"),
        "board": board(request.user),
        "notices": at_desk(request.user),
        **(extra_context or {}),
    }
    return admin.AdminSite.index(admin.site, request, context)


def urls() -> list[Any]:
    """Return the stock site's addresses and those of the desk that are no table's."""
    return [*notification_urls(), *_stock_urls()]


_stock_urls = admin.site.get_urls
# The stock site is made before any app's admin module is read, so it is dressed, not replaced.
admin.site.index = index  # type: ignore[method-assign]
admin.site.get_urls = urls  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
# The first page and the crumbs lead everywhere; lists and texts need the width.
admin.site.enable_nav_sidebar = False
