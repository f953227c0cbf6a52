"""The site's own settings, and one address more."""

from crm_site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.faults.ledger_urls"
