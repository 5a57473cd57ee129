"""What every template may use: the site's name and address, and the sections to navigate by."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Section


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's constants and its sections, which cost one query where they are used."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "navigation": SimpleLazyObject(lambda: list(Section.objects.navigation())),
    }
