"""Settings for a checkout on one's own machine: works with no variable set.

Finds static files where they are written and keeps a secret key of its own in ``DATA_DIR``.
"""

from newsroom.settings.base import *  # noqa: F403
from newsroom.settings.base import ALLOWED_HOSTS, DATA_DIR, SECRET_KEY, env
from newsroom.settings.secret_key import kept_secret_key

DEVELOPMENT = True
DEBUG = env.boolean("DEBUG", True)
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", ".localhost", "127.0.0.1", "[::1]"]

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 0

env.raise_problems()

SECRET_KEY = SECRET_KEY or kept_secret_key(DATA_DIR)
