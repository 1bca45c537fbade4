"""The yardstick: our tables, no middleware, Django's own database backends, views as a good engineer writes them."""

from xaso.config.settings import *  # noqa: F403
from xaso.config.settings import DATABASES

MIDDLEWARE = []
ROOT_URLCONF = "bench.yardstick.urls"
if DATABASES["default"]["ENGINE"] == "xaso.kit.sqlite":
    DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"
