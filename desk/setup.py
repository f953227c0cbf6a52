"""The first run: who may begin it, and what it makes."""

import hmac
import ipaddress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from directories.models import Directory
from pipeline.models import Pipeline
from ui.answers import Refusal

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class CompanyExists(Refusal):
    """The company was set up already."""

    status = 409
    sentence = _("The company is set up already.")


def is_at_the_machine(request):
    """Say whether the request comes from a browser on this very machine.

    A proxy in front also speaks from loopback, so that it passed none, and that the address typed
    is loopback's (no foreign page rebinding its name), is part of the question.
    """
    try:
        at_loopback = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        at_loopback = False
    passed_a_proxy = "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META
    name, _port = split_domain_port(request.get_host())
    return at_loopback and not passed_a_proxy and name in LOOPBACK_NAMES


def key_fits(key):
    """Say whether `key` is the one that the start printed (compared in constant time)."""
    try:
        right = settings.SETUP_KEY_FILE.read_text().strip()
    except FileNotFoundError:
        return False
    return bool(right) and hmac.compare_digest(right.encode(), key.strip().encode())


@transaction.atomic
def found_company(*, language, pipeline, **company):
    """Make the company, its ready directories and its first pipeline, all named in `language`.

    `pipeline` is a code of pipeline.ready; `company` has name, country, time_zone, currency. Raises
    CompanyExists, also for the second of two at the same moment. Returns the pipeline.
    """
    try:
        with transaction.atomic():
            made = Company.objects.create(language=language, **company)
    except IntegrityError:
        raise CompanyExists from None
    Directory.objects.make_ready(language)
    return Pipeline.objects.make_ready(pipeline, language=language, currency=made.currency)
