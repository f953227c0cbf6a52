"""What is asked for by letter: a forgotten password, another e-mail. Both are counted first."""

from django.db import transaction
from django.utils.translation import get_language
from procrastinate.contrib.django import app

from .models import Attempt, SecurityEvent
from .models.attempt import LETTERS, LETTERS_OF_NEW_EMAIL


def ask_for_password(email, *, request):
    """Let a letter with a link go to `email`, if somebody can log in by it; the asker is told the same.

    What is done here is the same for every address: who it belongs to is looked up by the job
    (TRUST S12). Writes a SecurityEvent. Raises TooManyAttempts for letters to one address, or from one.
    """
    Attempt.objects.take_letter(LETTERS, email, request=request)
    with transaction.atomic():
        SecurityEvent.objects.record(SecurityEvent.Kind.PASSWORD_ASKED, request=request, email=email)
        job = app.configure_task("accounts.send_password_reset")
        job.defer(email=email, language=get_language() or "")


def ask_for_email(email, *, request):
    """Let a letter with a link go to `email`, which whoever asks wants to log in with.

    Raises TooManyAttempts, and what `user.ask_for_email` raises.
    """
    Attempt.objects.take_letter(LETTERS_OF_NEW_EMAIL, email, request=request)
    request.user.ask_for_email(email, request=request)
