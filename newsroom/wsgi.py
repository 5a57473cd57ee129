"""The WSGI application that a server runs, with the production settings unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.production")

_site = get_wsgi_application()

from articles.public.page_cache import wrap  # noqa: E402 - needs the apps to be ready

application = wrap(_site)
