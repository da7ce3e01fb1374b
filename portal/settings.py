"""Settings of the portal. Everything a township changes is an environment variable; the rest is decided here.

Environment: YIBENTONG_ENV (demo | production, default demo), YIBENTONG_HOSTS (comma separated), YIBENTONG_VAR (folder of
keys, database and uploads), DATABASE_URL (PostgreSQL), YIBENTONG_KEYS (JSON instead of var/keys.json),
YIBENTONG_SMS_URL / YIBENTONG_SMS_KEY, EMAIL_URL parts, YIBENTONG_PROXIES (number of proxies in front).
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

from csp.constants import NONE, SELF

from officials.privacy.keys import load_or_create

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("YIBENTONG_VAR", BASE_DIR / "var"))
PRODUCTION = os.environ.get("YIBENTONG_ENV", "demo") == "production"
DEMO = not PRODUCTION
DEBUG = False

KEYS_FILE = VAR_DIR / "keys.json"
_KEYS = load_or_create(KEYS_FILE, strict=PRODUCTION)
SECRET_KEY = _KEYS.signing_key
SECRET_KEY_FALLBACKS = _KEYS.signing_fallbacks
ALLOWED_HOSTS = [h for h in os.environ.get("YIBENTONG_HOSTS", "").split(",") if h] or (
    [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
PROXIES = int(os.environ.get("YIBENTONG_PROXIES", "0"))

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "requests.apps.RequestsConfig",
    "services.apps.ServicesConfig",
    "officials.apps.OfficialsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "csp",
    "guardian",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.ExtraHeadersMiddleware",
    "portal.middleware.PlainInputMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PreferencesMiddleware",
    "portal.pagecache.PublicPageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.middleware.StaffSessionMiddleware",
    "portal.sign_in.SignInMiddleware",
    "requests.held_post.HeldFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "officials.formrendering.QuickRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "portal.context.page",
                "requests.desk_nav.desk",
                "django.contrib.messages.context_processors.messages",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    }
]


def database_from_url(url: str) -> dict:
    """The PostgreSQL named by DATABASE_URL: postgres://user:password@host:port/name, or ?host=/socket/folder."""
    parts = urlparse(url)
    options: dict = {}
    host = parts.hostname or ""
    for pair in filter(None, parts.query.split("&")):
        key, _, value = pair.partition("=")
        if key == "host":
            host = unquote(value)
        else:
            options[key] = unquote(value)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A case is read with twenty tables along, each by its key and in the order written: PostgreSQL thought about another
        # order for 30 to 60 ms at every page of a case. With three at a time it is 2 ms.
        "OPTIONS": {"options": "-c lock_timeout=20s -c statement_timeout=60s -c join_collapse_limit=3", **options},
    }


def sqlite() -> dict:
    """One file. IMMEDIATE transactions and FULL sync: no lost commit, no lock error in the middle of a verb."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "yibentong.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
        },
        # A file, not memory: the browser tests serve from threads, the race tests from processes.
        "TEST": {"NAME": os.environ.get("YIBENTONG_TEST_SQLITE", str(VAR_DIR / "test.sqlite3"))},
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": database_from_url(DATABASE_URL) if DATABASE_URL else sqlite()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

AUTH_USER_MODEL = "officials.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.staff_session.StaffBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
TWO_FACTOR = PRODUCTION
OTP_TOTP_ISSUER = "YIBENTONG"

SESSION_ENGINE = "portal.staff_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
STAFF_IDLE_MINUTES = 30
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours: strangers cannot lock a clerk out for the day
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "portal.sign_in.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # knocking on a locked door does not keep it locked
AXES_LOCKOUT_CALLABLE = "portal.views.accounts.locked"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# Formatted numbers cost more than the query behind them and a year is not "2,026".
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.staticfiles.FallbackManifestStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = VAR_DIR / "uploads"

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# The form of a draft with all its materials and steps is by far the longest.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if os.environ.get("EMAIL_HOST") else "django.core.mail.backends.locmem.EmailBackend"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "centre@localhost")
SMS_URL = os.environ.get("YIBENTONG_SMS_URL", "")
OUTBOX_OPENER = "requests.messages.key_of"
OUTBOX_WORKING_TIME = "requests.messages.in_working_time"
SMS_KEY = os.environ.get("YIBENTONG_SMS_KEY", "")

# Footer of the site; the numbers a real site must show stay empty until they are real (国办发〔2017〕47号).
SITE_IDENTITY = {
    key: os.environ.get(f"YIBENTONG_{key.upper()}", "")
    for key in ("host_name", "operator", "site_code", "icp", "police_record")
}

SIMPLE_HISTORY_REVERT_DISABLED = True
SIMPLE_HISTORY_ENFORCE_HISTORY_MODEL_PERMISSIONS = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 3000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
