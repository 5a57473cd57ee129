"""What every template may use: the site's name and address, and the sections to navigate by."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Section
from articles.prepared import Prepared

_NAVIGATION = Prepared(lambda: Section.objects.navigation())


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the site's constants and its sections, which cost one query where they are used.

    ``as_of`` is the moment a page is shown at, None for now (``articles.public.as_of``).
    """
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "as_of": getattr(request, "as_of", None),
        "navigation": SimpleLazyObject(_NAVIGATION),
    }
