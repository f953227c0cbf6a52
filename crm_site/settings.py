"""Settings of the site, read from the environment in this one place (README has the table)."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from crm_site import environment
from crm_site.allowed_hosts import LOOPBACK, hosts_to_answer, site_url
from crm_site.logs import LOGGING  # noqa: F401  (Django's setting)
from crm_site.mail import mailers
from crm_site.pool import refuse_if_broken
from crm_site.secret_files import kept_secret
from crm_site.socket_path import database_url

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
# Where the base, the secret key and the files live.
CRM_DATA_DIR = Path(env.str("CRM_DATA_DIR", "") or BASE_DIR / "var").resolve()
FILES_FOLDER = CRM_DATA_DIR / "files"  # what people upload
BACKUP_FOLDER = CRM_DATA_DIR / "backups"
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
# Where it listens; 0.0.0.0 for the whole office.
HOST = environment.listening_host(env.str("HOST", "") or "127.0.0.1")
PORT = env.str("PORT", "") or "8000"  # the start says it if it is no number
# The address people type; it alone decides cookies, HSTS and the redirect to https.
PUBLIC_URL = environment.public_url(env.str("PUBLIC_URL", ""))
IS_HTTPS = PUBLIC_URL.startswith("https://")
# Whose X-Forwarded-For is believed, beside this machine's own: addresses and networks, with commas.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES", env.str("TRUSTED_PROXIES", ""))
# For developing with runserver; the supervisor refuses to start with it.
DEBUG = environment.switch("DEBUG", env.str("DEBUG", ""))
# Set by gunicorn_conf: a pool of connections, hashed static files, limits on every query.
SERVES_PAGES = env.bool("CRM_SERVES_PAGES", False)
THREADS = 8  # of each of gunicorn's two workers, and so connections

# Where letters go: `smtp+tls://user:password@host:587`; without it into files.
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_FOLDER = CRM_DATA_DIR / "mail"
MAILERS = mailers(EMAIL_URL, MAIL_FOLDER)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "") or f"voronka@{urlsplit(PUBLIC_URL).hostname or 'localhost'}"

SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(CRM_DATA_DIR / "secret.key")
# What opens /setup/ to a browser on another machine, until the first admin is there.
SETUP_KEY_FILE = CRM_DATA_DIR / "setup.key"
# The password of the demo company's people; without it a random one is made and kept.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")
ALLOWED_HOSTS = hosts_to_answer(HOST, PUBLIC_URL)
# What colleagues type and links in letters begin with; what a request says in Host is never part of it.
SITE_URL = site_url(HOST, PORT, PUBLIC_URL)
# Others than this computer reach it, and what they type travels as it is: the administrator is told.
IS_UNENCRYPTED = not IS_HTTPS and set(ALLOWED_HOSTS) > set(LOOPBACK)

# The rooms stand in the order in which they may know each other (tests/house).
ROOMS = [
    "ui",
    "accounts",
    "records",
    "directories",
    "organizations",
    "contacts",
    "pipeline",
    "deals",
    "activities",
    "exchange",
    "desk",
]

INSTALLED_APPS = [
    *ROOMS,
    "adminsortable2",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "ui.admin_config.VoronkaAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "ui.middleware.RequestIdMiddleware",
    "ui.middleware.HeadersMiddleware",
    "crm_site.watchdog.WatchdogMiddleware",
    "crm_site.retries.RetryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.kept_forms.KeptFormMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.refused_access.RefusedAccessMiddleware",
    "desk.middleware.FirstRunMiddleware",
    "accounts.second_factor.gate.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.HistoryMiddleware",
    "ui.middleware.DraftMiddleware",
    "ui.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "crm_site.urls"
WSGI_APPLICATION = "crm_site.wsgi.application"

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
                "accounts.context.company",
                "accounts.context.mail",
                "desk.context.navigation",
                "crm_site.system.context.encryption",
            ],
            "builtins": ["ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Without DATABASE_URL: the embedded PostgreSQL of CRM_DATA_DIR. psycopg's server-side prepared statements
# and bindings stay off: on a generic plan "my deals" takes a thousand times as long.
DATABASE_URL = env.str("DATABASE_URL", "")
if not DATABASE_URL:
    environment.forget_other_servers()
DATABASES = {"default": environment.database("DATABASE_URL", DATABASE_URL or database_url(CRM_DATA_DIR))}
# The tables of the change history have no index but that of the record (FACTS 2): each would cost a write.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
# The moment of the change itself, under the row's lock; a transaction may have begun before another's change.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
# The same base without a PgBouncer before it, which loses LISTEN and locks: for the worker and migrations.
DATABASE_URL_DIRECT = env.str("DATABASE_URL_DIRECT", "")
if DATABASE_URL_DIRECT:
    environment.database("DATABASE_URL_DIRECT", DATABASE_URL_DIRECT)
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["connect_timeout"] = 3
# A cursor that outlives its transaction would be looked for on another of PgBouncer's connections.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = bool(DATABASE_URL_DIRECT)
if SERVES_PAGES:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A short reconnect_timeout: the next page tries anew instead of waiting out a growing pause.
    _options["pool"] = {
        "min_size": 1,
        "max_size": THREADS,
        "timeout": 5,
        "reconnect_timeout": 3,
        "check": refuse_if_broken,
    }
    # A page gives up before its reader does (milliseconds). PgBouncer takes no options: there its own
    # `connect_query` sets them (docs/install.md).
    if not DATABASE_URL_DIRECT:
        _options["options"] = (
            f"{_options.get('options', '')} -c statement_timeout=8000 -c lock_timeout=4000"
            " -c idle_in_transaction_session_timeout=30000"
        ).strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The site's own jobs, beside those of the rooms.
PROCRASTINATE_IMPORT_PATHS = ["crm_site.tasks"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LogInForm",
    "change_password": "accounts.forms.PasswordForm",
    "reset_password": "accounts.forms.AskForPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "user_token": "accounts.forms.LinkForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth wants it said; nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_RATE_LIMITS = False  # they count in each process for itself; accounts.models.attempt in the base
# Django's own, of password, e-mail and last log-in: allauth's would keep addresses in a table of its own.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600  # seconds
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "accounts.second_factor.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor.forms.LogInCodeForm",
    "activate_totp": "accounts.second_factor.forms.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # periods of 30 s that a phone's clock may be off (RFC 6238 §5.2)
MFA_RECOVERY_CODES_SHOW_ONCE = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
TIME_ZONE = "UTC"
USE_TZ = True

LOCALE_PATHS: list[Path] = []  # each room has its own

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = CRM_DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if SERVES_PAGES
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Without the supervisor (tests, runserver) files come straight from their folders.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not SERVES_PAGES
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# https: the browser accepts these names only with Secure, Path=/ and no Domain.
_prefix = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_prefix}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "ui.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_SSL_HOST = urlsplit(PUBLIC_URL).netloc  # nobody answers https where http was asked: 127.0.0.1:8000
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked from the machine itself, over http
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading is for the owner of a whole domain to decide; the domain here is often one of many.
# Letters as files are what the page of the installation says as long as no mail server is named.
SILENCED_SYSTEM_CHECKS = ["security.W021", "mail.E001"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
