"""What is asked for by letter: a forgotten password, another e-mail. Both are counted first."""

from django.db import transaction
from django.utils.translation import get_language
from procrastinate.contrib.django import app

from .addresses import subscriber_of
from .models import Attempt, SecurityEvent
from .models.attempt import LETTERS, LETTERS_OF_ADDRESS


def ask_for_password(email, *, request):
    """Let a letter with a link go to `email`, if somebody can log in by it; the asker is told the same.

    What is done here is the same for every address: who it belongs to is looked up by the job
    (TRUST S12). Writes a SecurityEvent. Raises TooManyAttempts for letters to one address, or from one.
    """
    _count_letter(email, request)
    with transaction.atomic():
        SecurityEvent.objects.record(SecurityEvent.Kind.PASSWORD_ASKED, request=request, email=email)
        job = app.configure_task("accounts.send_password_reset")
        job.defer(email=email, language=get_language() or "")


def ask_for_email(email, *, request):
    """Let a letter with a link go to `email`, which whoever asks wants to log in with.

    Raises TooManyAttempts, and what `user.ask_for_email` raises.
    """
    _count_letter(email, request)
    request.user.ask_for_email(email, request=request)


def _count_letter(email, request):
    Attempt.objects.take(LETTERS, email, request=request, email=email)
    Attempt.objects.take(LETTERS_OF_ADDRESS, subscriber_of(request), request=request, email=email)
