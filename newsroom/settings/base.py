"""What every installation shares: apps, middleware, and the services the environment names.

Decides the defaults; ``development``, ``production`` and ``test`` say where they differ. Importing
this module changes nothing on disk.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from newsroom.settings import machines, services
from newsroom.settings.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Environment(os.environ)

# True only where demonstration users may exist; what a page shows never depends on it.
DEVELOPMENT = False
DEBUG = False

# Site
SITE_NAME = env.text("SITE_NAME", "Newsroom")
SITE_URL = env.site_address("SITE_URL", "http://127.0.0.1:8000")
LIST_PAGE_SIZE = 20
# What other newsrooms may do with our stories: told by the API and its formats, empty is not said.
NEWSROOM_USAGE_TERMS = env.text("USAGE_TERMS")
NEWSROOM_LICENCE_URL = env.web_address("LICENCE_URL")

# State: everything an installation writes lies under DATA_DIR
DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "var")
REPORTS_DIR = DATA_DIR / "reports"
STATIC_ROOT = DATA_DIR / "static"

SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "newsroom",
    "articles",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_prose_editor",
    "js_asset",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "newsroom.health.middleware",
    "django.middleware.security.SecurityMiddleware",
    "newsroom.middleware.feature_policies",
    "newsroom.middleware.reader_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "newsroom.middleware.DeskPolicy",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
ASGI_APPLICATION = "newsroom.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.context_processors.site",
            ],
        },
    },
]

# Database
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.parsed(
        "DATABASE_URL", services.sqlite(DATA_DIR / "db.sqlite3"), services.database
    ),
}
_max_age = env.number("DATABASE_CONN_MAX_AGE", 60)
_pool = env.number("DATABASE_POOL_SIZE", 0)
_may_prepare = env.boolean("DATABASE_PREPARED_STATEMENTS", True)
_statement_timeout = env.number("DATABASE_STATEMENT_TIMEOUT", 30)
if DATABASES["default"]["ENGINE"] == services.POSTGRESQL:
    services.postgresql_connections(
        DATABASES["default"],
        max_age=_max_age,
        pool=_pool,
        statement_timeout=_statement_timeout,
        may_prepare=_may_prepare,
    )
else:
    services.sqlite_connections(DATABASES["default"], max_age=_max_age)
# Pages of readers are asked of replicas that are as new as the last publish (docs/scaling.md).
_replica_timeout = env.number("DATABASE_REPLICA_STATEMENT_TIMEOUT", 10)
_replicas: list[dict[str, Any]] = env.parsed("DATABASE_REPLICA_URL", [], services.replicas)
if _replicas and DATABASES["default"]["ENGINE"] != services.POSTGRESQL:
    env.problems["DATABASE_REPLICA_URL"] = "needs a DATABASE_URL of PostgreSQL."
for _number, _replica in enumerate(_replicas, 1):
    services.postgresql_replica(
        _replica,
        max_age=_max_age,
        pool=_pool,
        statement_timeout=_replica_timeout,
        may_prepare=_may_prepare,
    )
    DATABASES[f"replica{_number}"] = _replica
DATABASE_ROUTERS = ["articles.replicas.Router"] if _replicas else []
# Seconds until a process gives up a PostgreSQL that says nothing: later than the server would.
NEWSROOM_DATABASE_PATIENCE = _statement_timeout + 5 if _statement_timeout else 0

# The read API's views say all else themselves; its description is made by this class.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}

# Cache
CACHES = {"default": env.parsed("CACHE_URL", services.cache("locmem://"), services.cache)}
# Whole public pages are kept in memory, and in Redis where there is one (docs/architecture.md).
NEWSROOM_PAGE_CACHE = env.boolean("PAGE_CACHE", True)
NEWSROOM_PAGE_CACHE_BYTES = env.number("PAGE_CACHE_MEGABYTES", 32, least=1) * 1024 * 1024
NEWSROOM_WRITTEN_PAGES_BYTES = env.number("WRITTEN_PAGES_MEGABYTES", 32, least=0) * 1024 * 1024
# The number of web processes is the server's own variable; checks compare it with the cache.
WEB_PROCESSES = env.number("GRANIAN_WORKERS", 1, least=1)

# Seconds that shared caches may keep a public page (docs/http.md); browsers always ask.
NEWSROOM_CACHE_SECONDS = env.number("CACHE_SECONDS", 60)
# Whether readers may see how pages and stories read before (docs/http.md).
NEWSROOM_PUBLIC_HISTORY = env.boolean("PUBLIC_HISTORY", True)

# Whether somebody else has to approve what goes live; off for a newsroom of one person.
NEWSROOM_FOUR_EYES = env.boolean("FOUR_EYES", True)
# Hours until somebody else has to have read what was published in an emergency.
NEWSROOM_REVIEW_HOURS = env.number("REVIEW_HOURS", 2, least=1)

# Modules with gates of this newsroom's own (docs/workflow.md); imported when the app is ready.
NEWSROOM_GATES = env.listed("GATES")

# What machines are told (docs/machines.md)
WEBSUB_HUBS: list[str] = env.parsed("WEBSUB_HUBS", [], machines.hubs)
AI_CRAWLERS = env.choice("AI_CRAWLERS", "allow", machines.AI_CRAWLERS)
ROBOTS_EXTRA: list[str] = env.parsed("ROBOTS_EXTRA", [], machines.robots_lines)
SECURITY_CONTACT: list[str] = env.parsed("SECURITY_CONTACT", [], machines.contacts)
OWNERSHIP_URL = env.parsed("OWNERSHIP_URL", "", machines.web_page)
LICENSING_URL = env.parsed("LICENSING_URL", "", machines.web_page)
TRUST_TXT: list[str] = env.parsed("TRUST_TXT", [], machines.trust_lines)

# Work that no page waits for (files of photos, mails): done by ``manage.py db_worker`` where one
# runs, else at once by the process that asks for it.
TASK_WORKER = env.boolean("TASK_WORKER", False)
_task_backends = {
    True: "django_tasks_db.DatabaseBackend",
    False: "django_tasks.backends.immediate.ImmediateBackend",
}
TASKS = {"default": {"BACKEND": _task_backends[TASK_WORKER]}}

# Caches in front of the site, told what to forget (docs/deployment.md).
NEWSROOM_PURGE = env.choice("PURGE", "none", ["none", "tags", "urls", "api"])
NEWSROOM_PURGE_URLS = env.listed("PURGE_URL")
NEWSROOM_PURGE_HEADERS = [line for line in env.text("PURGE_HEADERS").split("|") if line.strip()]
NEWSROOM_PURGE_BODY = env.text("PURGE_BODY", '{"tags": $tags}')

# Photos and static files
MEDIA_URL = "/media/"
_media = services.storage((DATA_DIR / "media").as_uri())
STORAGES = {
    "default": env.parsed("STORAGE_URL", _media, services.storage),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SERVE_MEDIA = env.boolean("SERVE_MEDIA", True)
MEDIA_ORIGIN = services.public_origin(STORAGES["default"])
MEDIA_ROOT = ""
if STORAGES["default"]["BACKEND"] == services.LOCAL_FILES:
    # MEDIA_ROOT alone says where the files lie, so that tests can move it.
    MEDIA_ROOT = STORAGES["default"]["OPTIONS"].pop("location")
# The largest file and picture taken in. What a decoder holds counts: see docs/photos.md.
NEWSROOM_PHOTO_MAX_BYTES = env.number("PHOTO_MAX_MEGABYTES", 40, least=1) * 1024 * 1024
NEWSROOM_PHOTO_MAX_PIXELS = env.number("PHOTO_MAX_MEGAPIXELS", 120, least=1) * 1_000_000
NEWSROOM_PHOTO_WIDTHS = (480, 960, 1600, 2400)
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

# Languages and times; stored times are UTC, this is the zone people read
LANGUAGES = [("en", "English"), ("vi", "Tiếng Việt")]
# Readers' texts lie there (docs/languages.md); days, weeks and numbers are Django's, and ours.
LOCALE_PATHS = [str(BASE_DIR / "articles" / "locale")]
FORMAT_MODULE_PATH = "newsroom.formats"
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en", [code for code, _ in LANGUAGES])
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_TZ = True

# Mail
_mail = env.parsed("EMAIL_URL", services.email("consolemail://"), services.email)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"newsroom@{urlsplit(SITE_URL).hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Accounts
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Saving on each request would set a cookie on public pages, which caches must then not keep.
SESSION_SAVE_EVERY_REQUEST = False

# A stranger can lock an account from the stranger's own address only, and not for good.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_CLIENT_IP_CALLABLE = "newsroom.client_address.client_address"
AXES_VERBOSE = False

# How many proxies in front of this process add to X-Forwarded-For and set X-Forwarded-Proto.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None

# Headers
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
    " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)
_pictures = [SELF, "data:", *([MEDIA_ORIGIN] if MEDIA_ORIGIN else [])]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": _pictures,
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Readers' pages run no script at all and take nothing from elsewhere but the bucket's photos.
# Auditing programs such as Lighthouse ask for robots.txt in the name of the page: ``connect-src``.
READER_SECURITY_POLICY: dict[str, list[str]] = {
    "default-src": [NONE],
    "img-src": _pictures,
    "style-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

# Limits: the article form has many fields, but none is long; photos are read from disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644

# Log lines go to stderr and carry ids, never the words of a story that is not public yet.
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "django.db.backends": {"level": "INFO"},
        # One line for each mail or file would be all one sees.
        "django_tasks": {"level": "WARNING"},
    },
}
