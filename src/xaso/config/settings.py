"""All settings, every one from the environment, with defaults for one old PC."""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from xaso.config.modules import MODULES
from xaso.kit.clock import weeks_since

PACKAGE = Path(__file__).resolve().parent.parent


def _shipped_content() -> Path:
    """`content/` beside the source in a checkout, inside the package when installed as a wheel."""
    checkout = PACKAGE.parent.parent / "content"
    return checkout if checkout.is_dir() else PACKAGE / "content"


def _data_dir() -> Path:
    folder = Path(os.environ.get("XASO_DATA") or "var").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _secret(folder: Path) -> str:
    """From XASO_SECRET_KEY, or made once and kept beside the data, readable by its owner only."""
    if key := os.environ.get("XASO_SECRET_KEY"):
        return key
    kept = folder / "secret-key"
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(48))
    return kept.read_text(encoding="ascii")


def _database(folder: Path) -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        synchronous = os.environ.get("XASO_SQLITE_SYNCHRONOUS", "FULL")
        return {
            "ENGINE": "xaso.kit.sqlite",
            "NAME": str(folder / "xaso.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={synchronous};PRAGMA cache_size=-8000;",
            },
            "TEST": {"NAME": str(folder / "test.sqlite3")},
        }
    parts = urlparse(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL phải bắt đầu bằng postgres:// (hoặc để trống để dùng SQLite).")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": options,
    }


def _flag(name: str, default: str = "") -> bool:
    return os.environ.get(name, default).lower() in {"1", "true", "yes", "on"}


def _demo_shift(folder: Path) -> timedelta:
    """How far back the demonstration lives: whole weeks, fixed at its first start and kept beside the data."""
    kept = folder / "demo-weeks"
    if not kept.exists():
        kept.write_text(str(weeks_since(DEMO_WEEK)), encoding="ascii")
    return timedelta(weeks=int(kept.read_text(encoding="ascii")))


DEMO_WEEK = date(2024, 12, 16)
DATA_DIR = _data_dir()
SECRET_KEY = _secret(DATA_DIR)
DEBUG = _flag("XASO_DEBUG")
DEMO = _flag("XASO_DEMO")
# The demonstration plays 2022–2024, so its present is the same weekday of that week and moves on from there.
DEMO_SHIFT = _demo_shift(DATA_DIR) if DEMO else timedelta()
ALLOWED_HOSTS = os.environ.get("XASO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PUBLIC_URL = os.environ.get("XASO_PUBLIC_URL", "http://localhost:8000")
SECURE = PUBLIC_URL.startswith("https://")

CONTENT_DIRS = [
    _shipped_content(),
    *(Path(extra) for extra in os.environ.get("XASO_CONTENT", "").split(os.pathsep) if extra),
]

CORE = [
    "units", "accounts", "audit", "outbox", "marks", "files", "deadlines", "numbering", "measures", "search", "content",
]  # fmt: skip
INSTALLED_APPS = [
    *(f"xaso.modules.{name}" for name in reversed(MODULES)),
    "xaso.config",
    "xaso.faces",
    *(f"xaso.core.{name}" for name in CORE),
    "xaso.ui",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "ninja",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
]
MIDDLEWARE = [
    "xaso.core.screens.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "xaso.core.accounts.middleware.WhoIsAsking",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "xaso.config.urls"
WSGI_APPLICATION = "xaso.config.wsgi.application"

_LOADERS = [
    "template_partials.loader.Loader",
    [
        "django_cotton.cotton_loader.Loader",
        "django.template.loaders.app_directories.Loader",
    ],
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS[1])])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xaso.ui.context.ui",
                "xaso.faces.context.face",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "xaso.ui.templatetags.ui",
                "xaso.core.measures.templatetags.periods",
            ],
        },
    }
]
FORM_RENDERER = "xaso.ui.forms.UiFormRenderer"

DATABASES = {"default": _database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Fixed fields of a signed-in session; a stolen one ends with the password, the device or the eight working hours.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "xaso.core.screens.csrf_failure"
SECURE_SSL_REDIRECT = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# `up` and `web` collect once, hashed and compressed; tests and Django's own commands read the files where they lie.
STATIC_COLLECTED = _flag("XASO_STATIC_COLLECTED")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# Optional S3-compatible store for dossier files; empty means the folder `files/` of the data directory.
FILES_S3 = {
    "endpoint_url": os.environ.get("XASO_S3_ENDPOINT", ""),
    "bucket_name": os.environ.get("XASO_S3_BUCKET", ""),
    "access_key": os.environ.get("XASO_S3_ACCESS_KEY", ""),
    "secret_key": os.environ.get("XASO_S3_SECRET_KEY", ""),
    "region_name": os.environ.get("XASO_S3_REGION", "us-east-1"),
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
MAX_FILE_BYTES = 20 * 1024 * 1024

EMAIL_HOST = os.environ.get("XASO_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("XASO_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("XASO_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("XASO_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("XASO_SMTP_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("XASO_MAIL_FROM", "khong-tra-loi@localhost")

# Short messages: empty (a file beside the data), file, smpp, kannel, vnpt or viettel; docs/guides/sms.md.
SMS = {
    "provider": os.environ.get("XASO_SMS", ""),
    "url": os.environ.get("XASO_SMS_URL", ""),
    "user": os.environ.get("XASO_SMS_USER", ""),
    "password": os.environ.get("XASO_SMS_PASSWORD", ""),
    "sender": os.environ.get("XASO_SMS_SENDER", ""),
    "callback": os.environ.get("XASO_SMS_CALLBACK", "") or PUBLIC_URL,
    "inbound_secret": os.environ.get("XASO_SMS_INBOUND_SECRET", ""),
    "long": os.environ.get("XASO_SMS_LONG", "udh"),
    "ids": os.environ.get("XASO_SMS_IDS", "same"),
    "params": dict(parse_qsl(os.environ.get("XASO_SMS_PARAMS", ""))),
}

# Text on scans by Tesseract, when the program and its Vietnamese data are there.
OCR = os.environ.get("XASO_OCR", "on").lower() not in {"0", "no", "false", "off"}

PAYMENT_WEBHOOK_SECRET = os.environ.get("XASO_PAYMENT_SECRET", "")

# Loudspeakers: the embedded broker, or host:port of Mosquitto; docs/guides/speakers.md.
SPEAKERS: dict[str, Any] = {
    "on": _flag("XASO_SPEAKERS"),
    "broker": os.environ.get("XASO_SPEAKERS_BROKER", ""),
    "tls": _flag("XASO_SPEAKERS_TLS"),
    "ca": os.environ.get("XASO_SPEAKERS_CA", ""),
    "listen": os.environ.get("XASO_SPEAKERS_LISTEN", "127.0.0.1:1883"),
    "certificate": os.environ.get("XASO_SPEAKERS_CERT", ""),
    "certificate_key": os.environ.get("XASO_SPEAKERS_CERT_KEY", ""),
    "address": os.environ.get("XASO_SPEAKERS_ADDRESS", ""),
    "link_secret": os.environ.get("XASO_SPEAKERS_LINK_SECRET", ""),
}

# Seals the tokens of Zalo official accounts at rest (a Fernet key); empty derives one from the secret key.
ZALO_KEY = os.environ.get("XASO_ZALO_KEY", "")

# Notices to browsers: the key is made at first use and kept beside the data; more hosts of push services by commas.
PUSH_KEY = os.environ.get("XASO_PUSH_KEY", "")
PUSH_CONTACT = os.environ.get("XASO_PUSH_CONTACT", "")
PUSH_SERVICES = [host for host in os.environ.get("XASO_PUSH_SERVICES", "").lower().split(",") if host]
PUSH_LOOPBACK = _flag("XASO_PUSH_LOOPBACK")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("XASO_LOG", "WARNING")},
}
NINJA_PAGINATION_PER_PAGE = 20
SILENCED_SYSTEM_CHECKS: list[str] = []
