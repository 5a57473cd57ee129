"""System checks of an installation: what ``check --deploy`` says before readers find out.

Settings that can't be read at all are refused earlier, by ``settings.environment``. The codes stay
the same for good, since operators silence them by code.
"""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from newsroom.settings.services import LOCAL_CACHE

Apps = Sequence[AppConfig] | None
SECRET_KEY_LENGTH = 50


@register(Tags.files)
def data_directory(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    # The directory may not be there yet; then the nearest one above it must allow making it.
    directory = settings.DATA_DIR
    while not directory.exists() and directory != directory.parent:
        directory = directory.parent
    if directory.is_dir() and os.access(directory, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"DATA_DIR {settings.DATA_DIR} can't be written to.",
            hint="Set DATA_DIR to a directory that the user running Newsroom may write to.",
            id="newsroom.E006",
        )
    ]


@register(Tags.security, deploy=True)
def site_url(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        Error(
            f"SITE_URL {settings.SITE_URL} is not an https address.",
            hint="Set SITE_URL to the https:// address under which readers reach the site.",
            id="newsroom.E001",
        )
    ]


@register(Tags.security, deploy=True)
def secret_key(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY) >= SECRET_KEY_LENGTH:
        return []
    return [
        Error(
            f"SECRET_KEY has fewer than {SECRET_KEY_LENGTH} characters.",
            hint="Set SECRET_KEY to a longer random value; people have to log in again.",
            id="newsroom.E002",
        )
    ]


@register(Tags.security, deploy=True)
def debug_off(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if not (settings.DEBUG or settings.DEVELOPMENT):
        return []
    return [
        Error(
            "These are development settings: errors may show code, and anyone may know the"
            " demonstration passwords.",
            hint="Set DJANGO_SETTINGS_MODULE=newsroom.settings.production.",
            id="newsroom.E003",
        )
    ]


@register(Tags.security, deploy=True)
def allowed_hosts(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS allows any host name, so links in mails and caches can be forged.",
            hint="Set ALLOWED_HOSTS to the names under which readers reach the site.",
            id="newsroom.E004",
        )
    ]


@register(Tags.staticfiles, deploy=True)
def collected_static_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    storage: object = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin) or storage.read_manifest() is not None:
        return []
    return [
        Error(
            f"STATIC_ROOT {settings.STATIC_ROOT} holds no collected static files.",
            hint="Run `manage.py collectstatic --no-input` before the server starts.",
            id="newsroom.E005",
        )
    ]


@register(Tags.caches, deploy=True)
def shared_cache(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.WEB_PROCESSES < 2 or settings.CACHES["default"]["BACKEND"] != LOCAL_CACHE:
        return []
    return [
        checks.Warning(
            f"{settings.WEB_PROCESSES} web processes each keep a cache of their own.",
            hint="Set CACHE_URL to a Redis or Valkey server that all processes share.",
            id="newsroom.W001",
        )
    ]


@register(Tags.caches, deploy=True)
def purging_worker(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    if settings.NEWSROOM_PURGE != "urls" or settings.TASK_WORKER:
        return []
    return [
        checks.Warning(
            "PURGE=urls has the cache fetch pages from the process that is about to answer.",
            hint="Set TASK_WORKER=true and run `manage.py db_worker`, which then asks for them.",
            id="newsroom.W002",
        )
    ]
