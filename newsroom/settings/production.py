"""Settings for a site that readers reach: refuses to start half-configured.

Everything that is missing or wrong is said in one message, before any request is served.
"""

from newsroom.settings.base import *  # noqa: F403
from newsroom.settings.base import STORAGES, env

env.required("SECRET_KEY", "Set at least 50 random characters, and keep them secret.")
env.required("ALLOWED_HOSTS", "Set the names readers use, like news.example,www.news.example.")
env.required("SITE_URL", "Set the address of the site's root, like https://news.example.")
env.required(
    "DATABASE_URL",
    "Set postgresql://USER:PASSWORD@HOST:5432/NAME, or sqlite:////absolute/path.sqlite3"
    " for a newsroom on one machine.",
)

STORAGES = {
    **STORAGES,
    # Files get names with their own hash, so that browsers may keep them for good.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.boolean("SECURE_HSTS_PRELOAD", False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# A newspaper often shares its domain with others: subdomains and preload are its own decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

env.raise_problems()
