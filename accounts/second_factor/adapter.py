"""What allauth.mfa asks of this house."""

import logging
from base64 import urlsafe_b64encode
from io import BytesIO

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from ..models import Company
from ..refusals import SecondFactorUnreadable

log = logging.getLogger("voronka.accounts")


def _fernet():
    """The cipher of the installation's secret key, which reads what former keys have written too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("accounts.second_factor", "", secret=key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets are encrypted in the base, so that a stolen copy of it lets nobody in (TRUST S15)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, or was used already. Wait for the next one.")
    }

    def get_totp_issuer(self):
        company = Company.objects.current()
        return company.name if company else "Voronka"

    def build_totp_svg(self, url):
        """Dark on white, whatever the theme: a camera must read it."""
        written = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(written)
        return written.getvalue().decode()

    def encrypt(self, text):
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Raises SecondFactorUnreadable if it was written with another secret key."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("A second factor was encrypted with another secret key")
            raise SecondFactorUnreadable from None
