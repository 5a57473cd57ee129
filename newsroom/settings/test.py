"""Settings for the tests: nothing of the machine matters but ``DATABASE_URL`` and ``CACHE_URL``.

Where the test database and the photos lie is decided by ``tests/conftest.py``.
"""

from newsroom.settings import services
from newsroom.settings.base import *  # noqa: F403
from newsroom.settings.base import BASE_DIR, DATABASES, STORAGES, env

env.raise_problems()

SITE_NAME = "The Test Courier"
SITE_URL = "https://news.example"
SECRET_KEY = "not-a-secret-the-tests-sign-nothing-that-anyone-else-would-trust"  # noqa: S105
# Replicas have tests of their own, which start some.
DATABASES = {"default": DATABASES["default"]}
DATABASE_ROUTERS = []
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = []
DATA_DIR = BASE_DIR / "var"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = "newsroom@news.example"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TRUSTED_PROXY_COUNT = 0
SECURE_PROXY_SSL_HEADER = None
SERVE_MEDIA = True
MEDIA_ORIGIN = None
NEWSROOM_PHOTO_MAX_BYTES = 40 * 1024 * 1024
NEWSROOM_PHOTO_MAX_PIXELS = 120_000_000
NEWSROOM_FOUR_EYES = True
NEWSROOM_CACHE_SECONDS = 60
NEWSROOM_PUBLIC_HISTORY = True
NEWSROOM_REVIEW_HOURS = 2
WEBSUB_HUBS = []
AI_CRAWLERS = "allow"
ROBOTS_EXTRA = []
SECURITY_CONTACT = []
OWNERSHIP_URL = LICENSING_URL = ""
TRUST_TXT = []
# Work is handed to tasks, which are done at once.
TASK_WORKER = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {**STORAGES, "default": {"BACKEND": services.LOCAL_FILES}}

# A fast hash; and the log-in limit has tests of its own that switch it on.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# The page cache has tests of its own, which put it around the site.
NEWSROOM_PAGE_CACHE = False
NEWSROOM_PAGE_CACHE_BYTES = 8 * 1024 * 1024
NEWSROOM_WRITTEN_PAGES_BYTES = 16 * 1024 * 1024
NEWSROOM_PURGE = "none"
NEWSROOM_PURGE_URLS = []
NEWSROOM_PURGE_HEADERS = []
NEWSROOM_PURGE_BODY = '{"tags": $tags}'
