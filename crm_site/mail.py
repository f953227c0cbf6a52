"""Where letters go: to the SMTP server of EMAIL_URL, else into files of the data folder."""

from pathlib import Path

import environ

SMTP = "django.core.mail.backends.smtp.EmailBackend"
TO_FILES = "django.core.mail.backends.filebased.EmailBackend"
TIMEOUT_SECONDS = 10


def mailers(email_url: str, folder: Path) -> dict:
    """Return Django's MAILERS for EMAIL_URL (`smtp+tls://user:password@host:587`), '' for files in `folder`.

    Raises ImproperlyConfigured or ValueError for a URL that is none.
    """
    if not email_url:
        return {"default": {"BACKEND": TO_FILES, "OPTIONS": {"file_path": str(folder)}}}
    told = environ.Env.email_url_config(email_url)
    options = {
        "host": told["EMAIL_HOST"],
        "port": told["EMAIL_PORT"] or (465 if told.get("EMAIL_USE_SSL") else 587),
        "username": told["EMAIL_HOST_USER"] or "",
        "password": told["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": told.get("EMAIL_USE_TLS", False),
        "use_ssl": told.get("EMAIL_USE_SSL", False),
        "timeout": TIMEOUT_SECONDS,
    }
    return {"default": {"BACKEND": told["EMAIL_BACKEND"], "OPTIONS": options}}
