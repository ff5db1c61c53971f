"""The one settings file. Everything that may differ between two installations comes through config/env.py."""

from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "data")
SECRET_KEY = env.secret_key("SECRET_KEY", DATA_DIR)
SECRET_KEY_FALLBACKS = list(env.names("SECRET_KEY_FALLBACKS"))  # former ones, newest first: what they sealed stays open
SECRET_KEY_IS_GENERATED = not env.text("SECRET_KEY")
DEBUG = env.boolean("DEBUG", default=False)
# The server leaves its address in the data directory, so that bin/manage makes links to it.
SITE_URL = env.site("SITE_URL", env.remembered(DATA_DIR / "address", "http://127.0.0.1:8000"))
ALLOWED_HOSTS = list(env.names("ALLOWED_HOSTS", ("*",)))
CSRF_TRUSTED_ORIGINS = [SITE_URL]
HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "storages",
    "teams",
    "tracking",
    "reports",
    "notifications",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "teams.language.LanguageMiddleware",
    "teams.auth.PrincipalMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.page_parts.context",
            ],
            "builtins": ["config.templatetags.page"],
        },
    }
]

# -- who ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.User"
LOGIN_URL = "/signin"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/signin"
CSRF_FAILURE_VIEW = "config.errors.stale_form"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # these five follow SITE_URL, and config/checks.py warns of an http one that is not local
    "security.W005",
    "security.W012",
    "security.W016",
    "security.W021",
    "security.W008",  # sending people from http to https is the work of the proxy that has the certificate
    "security.W018",  # config/checks.py warns of DEBUG with a hint
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF, "'unsafe-inline'"],
        "object-src": [NONE],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

# -- where things are kept ------------------------------------------------------------------------------------------
DATABASE_URL = env.url(
    "DATABASE_URL",
    f"sqlite:///{quote(str(DATA_DIR / 'debrief.sqlite3'))}",
    schemes=("sqlite", "postgres", "postgresql"),
)
SQLITE = DATABASE_URL.startswith("sqlite")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-20000; PRAGMA mmap_size=268435456;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGE_URL = env.url("STORAGE_URL", f"file://{quote(str(DATA_DIR / 'files'))}", schemes=("file", "s3"))
STORAGES = {
    "default": env.storage("STORAGE_URL", STORAGE_URL),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600  # Django's own default lets every user of the machine read
MAX_UPLOAD_BYTES = env.integer("MAX_UPLOAD_BYTES", 5 * 1024**4, at_least=1024)

# -- broker and work ------------------------------------------------------------------------------------------------
VALKEY_SOCKET = env.socket_path(DATA_DIR / "valkey.sock")
REDIS_URL = env.url(
    "REDIS_URL", f"redis+socket://{quote(str(VALKEY_SOCKET))}", schemes=("redis", "rediss", "redis+socket")
)
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for as long as it takes
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 1, "visibility_timeout": 3600}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_CONCURRENCY = env.integer("WORKER_CONCURRENCY", 2, at_least=1)  # processes of one worker
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000  # drawing libraries keep some memory: start afresh now and then
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = (
    False  # the rows they claimed are theirs until the lease ends
)
CELERY_TIMEZONE = "UTC"

# Sweeps: rows are the queue, so each looks for what a lost wake-up left behind.
SWEEP_INTERVAL = env.integer("SWEEP_INTERVAL", 10, at_least=1)  # seconds
CELERY_BEAT_SCHEDULE = {
    task: {"task": task, "schedule": SWEEP_INTERVAL, "options": {"expires": SWEEP_INTERVAL}}
    for task in (
        "tracking.tasks.dispatch_events",
        "tracking.tasks.mark_crashed",
        "tracking.tasks.compact_due_histories",
        "notifications.tasks.deliver_due",
        "reports.tasks.render_due",
    )
} | {
    task: {"task": task, "schedule": 3600}
    for task in (
        "tracking.tasks.forget_deleted_runs",
        "notifications.tasks.remove_unused_charts",
        "reports.tasks.remove_unused_pictures",
    )
}

# -- runs -----------------------------------------------------------------------------------------------------------
HEARTBEAT_TIMEOUT = env.integer("HEARTBEAT_TIMEOUT", 300, at_least=1)  # seconds without a heartbeat → crashed

# The seams (docs/architecture.md): where an upper app hears of what a lower one does, as literal lists.
EVENT_SUBSCRIBERS = ["notifications.subscribers.on_event"]
WATCHERS = ["notifications.evaluation.watch"]

# -- messages -------------------------------------------------------------------------------------------------------
SLACK_API_URL = env.url("SLACK_API_URL", "https://slack.com/api", schemes=("https", "http")) + "/"
_mail = env.mail("EMAIL_URL")
EMAIL_CONFIGURED = bool(_mail.host)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.host or "localhost", _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = _mail.use_tls, _mail.use_ssl, 20
DEFAULT_FROM_EMAIL = _mail.sender or "debrief@localhost"

# -- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", "INFO", LOG_LEVELS)},
    # Each would write several lines for every sweep.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.beat", "celery.app.trace", "celery.worker.strategy")},
}
