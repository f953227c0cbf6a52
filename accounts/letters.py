"""What letters about getting in say, in their reader's language.

Plain sentences with named placeholders: what a person typed is put in once, as text, and is never read
as a template (TRUST S34). Letters go out as jobs (`tasks.py`); no request waits for a mail server.
"""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .models.company import Company

MOST_OF_A_SUBJECT = 150  # characters; a mail program shows fewer


@dataclass(frozen=True)
class Letter:
    """A subject and a text with placeholders; each may use `company` and `site` beside its own."""

    subject: str | Promise
    text: str | Promise


INVITATION = Letter(
    _("%(who)s invites you to %(company)s"),
    _(
        "Hello!\n\n%(who)s invites you to work with customers and deals in Voronka, at %(company)s."
        "\n\nOpen this link to choose a password and log in:\n%(link)s"
        "\n\nIt works once, until %(until)s. If you don't know %(who)s, leave it alone."
    ),
)
PASSWORD_RESET = Letter(
    _("A new password for %(company)s"),
    _(
        "Hello, %(name)s!\n\nSomebody, probably you, asked for a new password."
        "\n\nOpen this link to choose one:\n%(link)s"
        "\n\nIt works once, for an hour. If it wasn't you, do nothing: your password stays as it is."
    ),
)
PASSWORD_CHANGED = Letter(
    _("Your password for %(company)s is changed"),
    _(
        "Hello, %(name)s!\n\nYour password for %(site)s has been changed, and all other browsers are"
        " logged out.\n\nIf it wasn't you, tell your administrator at once."
    ),
)
SECOND_FACTOR_ON = Letter(
    _("A second factor for %(company)s is switched on"),
    _(
        "Hello, %(name)s!\n\nTo log in at %(site)s a code of your phone is asked for now, after the password."
        "\n\nIf it wasn't you, tell your administrator at once: somebody else has your password."
    ),
)
SECOND_FACTOR_OFF = Letter(
    _("Your second factor for %(company)s is switched off"),
    _(
        "Hello, %(name)s!\n\nTo log in at %(site)s the password alone is enough now; no code is asked for."
        "\n\nIf you did not want this, tell your administrator at once."
    ),
)
EMAIL_LINK = Letter(
    _("Confirm your e-mail for %(company)s"),
    _(
        "Hello, %(name)s!\n\nYou want to log in with this e-mail. Open this link to confirm it:\n%(link)s"
        "\n\nIt works once, for an hour. If it wasn't you, do nothing: nothing changes."
    ),
)
EMAIL_CHANGED = Letter(
    _("Your e-mail for %(company)s is changed"),
    _(
        "Hello, %(name)s!\n\nTo log in at %(site)s your e-mail is %(after)s now; before it was %(before)s."
        "\n\nIf you did not want this, tell your administrator at once."
    ),
)


def send(letter: Letter, to: str, language: str = "", **values) -> None:
    """Send `letter` to the address `to`, in `language` or the company's; raise what the mail server says."""
    company = Company.objects.current()
    with override(language or (company.language if company else settings.LANGUAGE_CODE)):
        values |= {"company": company.name if company else str(_("Voronka")), "site": settings.SITE_URL}
        # a header is one line, whatever was typed into a name
        subject = " ".join((str(letter.subject) % values).split())[:MOST_OF_A_SUBJECT]
        EmailMessage(subject, str(letter.text) % values, to=[to]).send()


def link_to(name: str, *arguments) -> str:
    """Return the whole address of a page: it begins as the start was told, never as a request says (S14)."""
    return urljoin(settings.SITE_URL, reverse(name, args=arguments))
