"""Settings, all from the environment. Without any WEBCARE_ variable these are production settings.

WEBCARE_DEBUG=1       for developers: error pages, a key of its own for every process
WEBCARE_DESK=1        set by run.py: plain http on one's own computer, static files straight from the source
WEBCARE_PLAIN_HTTP=1  no https anywhere (for trying the containers out)
WEBCARE_ADDRESS=https://webcare.example  where people reach the site, for links that commands print
WEBCARE_BEHIND_PROXY=1  our own proxy sets X-Forwarded-Proto and X-Forwarded-For
"""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from webcare_coding.environment import env_bool, env_int, env_list, secret_key, single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("WEBCARE_DATA") or BASE_DIR / "data").resolve()
UPLOAD_DIR = DATA_DIR / "uploads"
EXPORT_DIR = DATA_DIR / "exports"
FIGURE_DIR = DATA_DIR / "figures"
JOB_DIR = DATA_DIR / "jobs"

DEBUG = env_bool("WEBCARE_DEBUG")
DESK = env_bool("WEBCARE_DESK")
PLAIN_HTTP = DEBUG or DESK or env_bool("WEBCARE_PLAIN_HTTP")
BEHIND_PROXY = env_bool("WEBCARE_BEHIND_PROXY")

SECRET_KEY = get_random_secret_key() if DEBUG else secret_key()

try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    UPLOAD_DIR.mkdir(mode=0o700, exist_ok=True)
except OSError as problem:
    raise ImproperlyConfigured(
        f"WEBCARE_DATA: cannot make the folder {UPLOAD_DIR} ({problem.strerror})."
    ) from None

# The health check of the container calls itself by these names.
OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
NAMED_HOSTS = env_list("WEBCARE_ALLOWED_HOSTS")
ALLOWED_HOSTS = NAMED_HOSTS + OWN_HOSTS
# Where people reach the site; management commands print links to it.
ADDRESS = os.environ.get("WEBCARE_ADDRESS", "").strip().rstrip("/") or (
    "http" if PLAIN_HTTP else "https"
) + "://" + next(
    (host for host in NAMED_HOSTS if "*" not in host and not host.startswith(".")), "127.0.0.1:8000"
)
# Here every address below a domain is `*.example.org`, among the hosts it is `.example.org`.
CSRF_TRUSTED_ORIGINS = [
    origin
    for host in NAMED_HOSTS
    if host != "*"
    for origin in (
        [f"https://{host.removeprefix('.')}", f"https://*{host}"]
        if host.startswith(".")
        else [f"https://{host}"]
    )
]

INSTALLED_APPS = [
    # First: its db_worker comes before that of django_tasks_db.
    "annotations.apps.AnnotationsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "webcare_coding.limits.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "webcare_coding.middleware.PrivatePagesMiddleware",
    "annotations.accounts.session.SlidingSessionMiddleware",
    "webcare_coding.middleware.SignInRequiredMiddleware",
    "annotations.accounts.session.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "webcare_coding.trouble.TroubleMiddleware",
]

ROOT_URLCONF = "webcare_coding.urls"
WSGI_APPLICATION = "webcare_coding.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "webcare_coding.context_processors.app_version",
            ],
        },
    },
]

# Database: SQLite in the data folder, or what DATABASE_URL names.
# An answer that the screen calls saved survives a power cut: synchronous stays FULL.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": float(os.environ.get("WEBCARE_SQLITE_PATIENCE") or 20),  # seconds
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
}
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'webcare.sqlite3'}",
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env_int("WEBCARE_DATABASE_POOL", 10),
        "timeout": 10,  # seconds; who waits longer is told that the database does not answer
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a host no mail is sent at all.
EMAIL_HOST = os.environ.get("WEBCARE_MAIL_HOST", "")
EMAIL_PORT = env_int("WEBCARE_MAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("WEBCARE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WEBCARE_MAIL_PASSWORD", "")
EMAIL_USE_TLS = env_bool("WEBCARE_MAIL_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("WEBCARE_MAIL_FROM", EMAIL_HOST_USER)

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "annotations.accounts.passwords.NotBuiltFromTheName"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A second factor: who has one is asked for it; `1` here: nobody comes in without. How often codes may be
# tried is counted like passwords, so that a stranger cannot make the app wait ever longer.
SECOND_FACTOR_REQUIRED = env_bool("WEBCARE_SECOND_FACTOR")
OTP_TOTP_ISSUER = "Webcare coding"
OTP_TOTP_THROTTLE_FACTOR = 0

# The institution's sign-in (OpenID Connect), as it was registered there; see docs/administrators.md.
SINGLE_SIGN_ON = single_sign_on()

# By name and address together: a stranger cannot lock a coder out, nor one coder a whole university. What is
# tried on a name from anywhere, or from an address on many names: accounts/views/throttle.py.
AXES_ENABLED = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "annotations.accounts.views.throttle.failure_limit"
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "annotations.accounts.views.sign_in.throttled"
AXES_CLIENT_IP_CALLABLE = "webcare_coding.middleware.client_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# Cookies: a working day after the last use (see SlidingSessionMiddleware).
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_LONGEST = 24 * 60 * 60  # after signing in, however much it was used
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP

# What the browser may do: nothing from elsewhere, nothing inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else env_int("WEBCARE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = not PLAIN_HTTP
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Uploads go to disk as they come in: a corpus is larger than a small server's memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = UPLOAD_DIR
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # of everything but files; see webcare_coding/limits.py
MOST_UPLOAD = env_int("WEBCARE_MOST_UPLOAD_MB", 8192) * 1024 * 1024  # of the files of one import
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Language and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["webcare_coding.formats"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# Static files: collected, hashed and compressed in production; straight from the source on a desk.
STATIC_FROM_SOURCE = DEBUG or DESK
STATIC_URL = "static/"
STATIC_ROOT = None if STATIC_FROM_SOURCE else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "webcare_coding.static_files.StaticFiles"
    },
}
MEDIA_ROOT = DATA_DIR / "files"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "quiet": {
            "()": "logging.Formatter" if DEBUG else "webcare_coding.logs.QuietFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"refused": {"()": "webcare_coding.logs.RefusedInOneLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "quiet", "filters": ["refused"]},
        # On a desk the comings and goings of server and worker interest nobody.
        "background": {
            "class": "logging.StreamHandler",
            "formatter": "quiet",
            "level": "ERROR" if DESK else "INFO",
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers (console in debug, mail to administrators) are replaced by the one above.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Values of queries, and names and addresses of people who mistype, stay out.
        "django.db.backends": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        # Every scanner on the internet asks for some other host.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "waitress": {"handlers": ["background"], "propagate": False},
        "django_tasks": {"handlers": ["background"], "propagate": False},
        "django_tasks_db": {"handlers": ["background"], "propagate": False},
    },
}
