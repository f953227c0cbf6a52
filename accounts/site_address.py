"""The address that colleagues type."""

from urllib.parse import urlsplit

from django.conf import settings

ONLY_THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def for_colleagues():
    """Return what `accounts/parts.html#address` shows: site_url, is_reached_by_others."""
    return {
        "site_url": settings.SITE_URL,
        "is_reached_by_others": urlsplit(settings.SITE_URL).hostname not in ONLY_THIS_COMPUTER,
    }
