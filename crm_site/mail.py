"""Where letters go: to the SMTP server of EMAIL_URL, else into files of the data folder."""

import re
from datetime import datetime
from email import policy
from pathlib import Path

import environ
from django.core.mail.backends.base import BaseEmailBackend

TO_FILES = "crm_site.mail.LettersAsFiles"
AS_TEXT = policy.default.clone(utf8=True, cte_type="8bit")  # read by people, sent by nobody
TIMEOUT_SECONDS = 10


def mailers(email_url: str, folder: Path) -> dict:
    """Return Django's MAILERS for EMAIL_URL (`smtp+tls://user:password@host:587`), '' for files in `folder`.

    Raises ImproperlyConfigured or ValueError for a URL that is none.
    """
    if not email_url:
        return {"default": {"BACKEND": TO_FILES, "OPTIONS": {"folder": str(folder)}}}
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


class LettersAsFiles(BaseEmailBackend):
    """Puts each letter into a file of its own that a person can read and hand on; its name says to whom."""

    def __init__(self, *, folder, **options):
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, messages):
        """Return how many letters were written. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in messages:
            to = re.sub(r"[^\w@.+-]", "_", message.to[0])[:100]
            name = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{to}.eml"
            (self.folder / name).write_bytes(message.message(policy=AS_TEXT).as_bytes())
        return len(messages)
