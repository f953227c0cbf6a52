"""Jobs: each letter, and what is forgotten each night.

A job is given no token: a link is made where it is written, so that none waits in the base.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from ui import formats

from . import letters
from .models import Attempt, Company, Invitation, User
from .tokens import email_tokens

# 4, 16, 64 s … : a mail server that is away for an hour is waited for.
TRY_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=4)


@app.task(name="accounts.send_invitation", retry=TRY_AGAIN)
def send_invitation(pk):
    """Send the letter of an invitation, if it is still open. Safe to run again: the link is the same."""
    invitation = Invitation.objects.for_letter(pk)
    if invitation is None:
        return
    language, zone = invitation.language, Company.objects.current().zone
    with override(language), timezone.override(zone):
        until = formats.moment(invitation.expires_at)
    letters.send(
        letters.INVITATION,
        invitation.email,
        language,
        who=invitation.invited_by.full_name,
        link=letters.link_to("accounts:invitation_open", invitation.token),
        until=until,
    )


@app.task(name="accounts.send_password_reset", retry=TRY_AGAIN)
def send_password_reset(email, language):
    """Send a link for a new password to whoever can log in by `email`; nobody else gets a letter.

    `language` is that of the browser which asked, for a person who has not chosen one. Safe to run
    again: a second link is as good as the first, and using one ends both.
    """
    person = User.objects.who_may_enter().filter(email=email).first()
    if person is None:
        return
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    letters.send(
        letters.PASSWORD_RESET,
        email,
        person.language or language,
        name=person.first_name,
        link=letters.link_to("account_reset_password_from_key", *key.split("-", 1)),
    )


@app.task(name="accounts.send_email_link", retry=TRY_AGAIN)
def send_email_link(pk):
    """Send the link that confirms another e-mail to that e-mail, if it is still wanted. Safe to run again."""
    person = User.objects.who_may_enter().exclude(new_email="").filter(pk=pk).first()
    if person is not None:
        letters.send(
            letters.EMAIL_LINK,
            person.new_email,
            person.language,
            name=person.first_name,
            link=letters.link_to("accounts:email_confirm", email_tokens.make_token(person)),
        )


@app.task(name="accounts.tell_email_changed", retry=TRY_AGAIN)
def tell_email_changed(pk, before, after):
    """Tell a person, at the address before and at the present one, that they are not the same."""
    person = User.objects.get(pk=pk)
    for address in (before, after):
        if address:
            told = {"name": person.first_name, "before": before, "after": after or "—"}
            letters.send(letters.EMAIL_CHANGED, address, person.language, **told)


@app.task(name="accounts.tell_password_changed", retry=TRY_AGAIN)
def tell_password_changed(pk):
    """Tell a person that the password is a new one, which somebody else would not do."""
    person = User.objects.who_may_enter().filter(pk=pk).first()
    if person is not None:
        letters.send(letters.PASSWORD_CHANGED, person.email, person.language, name=person.first_name)


@app.task(name="accounts.tell_second_factor", retry=TRY_AGAIN)
def tell_second_factor(pk, is_on):
    """Tell a person that a code is asked for from now on, or no longer."""
    person = User.objects.who_may_enter().filter(pk=pk).first()
    if person is not None:
        letter = letters.SECOND_FACTOR_ON if is_on else letters.SECOND_FACTOR_OFF
        letters.send(letter, person.email, person.language, name=person.first_name)


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.forget_past", queueing_lock="accounts.forget_past")
def forget_past(timestamp):
    """Delete sessions that are over and counts of attempts that no longer stand. Safe to run again."""
    SessionStore.clear_expired()
    Attempt.objects.forget_past()
