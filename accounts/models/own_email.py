"""How a person changes the e-mail to log in with: by the link of a letter to the new one."""

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from ..refusals import AlreadyHere, LinkIsOver
from ..tokens import email_tokens
from .security_event import SecurityEvent


class OwnEmail(models.Model):
    """What a User has of it: the e-mail that waits for its letter, and the doors."""

    new_email = models.EmailField(
        _("new e-mail, not confirmed yet"),
        max_length=254,
        blank=True,
        db_default="",
        default="",
        editable=False,
    )

    class Meta:
        abstract = True

    @transaction.atomic
    def ask_for_email(self, email, *, request=None):
        """Remember that the person wants to log in with `email`, and let a letter with a link go there.

        Raises AlreadyHere if it is somebody's. Writes a SecurityEvent. Another wish ends the one before.
        """
        person = self._locked()
        if type(self).objects.filter(email=email).exists():
            raise AlreadyHere
        person.new_email = email
        person.save(update_fields=["new_email"])
        kind = SecurityEvent.Kind.EMAIL_ASKED
        SecurityEvent.objects.record(kind, user=person, request=request, before=person.email, after=email)
        app.configure_task("accounts.send_email_link").defer(pk=person.pk)

    def confirms_email(self, token):
        """Say whether `token` comes from the letter to the e-mail that the person wants."""
        return bool(self.new_email) and email_tokens.check_token(self, token)

    @transaction.atomic
    def confirm_email(self, token, *, request=None):
        """Change the e-mail to the one whose letter held `token`. Returns the person as he is now.

        Raises LinkIsOver, AlreadyHere if it is somebody's by now. Writes a SecurityEvent, and
        tells both addresses.
        """
        person = self._locked()
        if not person.confirms_email(token):
            raise LinkIsOver
        before, person.email, person.new_email = person.email, person.new_email, ""
        try:
            with transaction.atomic():
                person.save(update_fields=["email", "new_email"])
        except IntegrityError:
            raise AlreadyHere from None
        changes = {"email": (before, person.email)}
        SecurityEvent.objects.record_changes(person, changes, by=person, request=request)
        person._tell_of_email(before, person.email)
        return person

    def _locked(self):
        return type(self).objects.select_for_update(no_key=True).get(pk=self.pk)

    def _tell_of_email(self, before, after):
        """Let a letter go to both addresses: whoever did not want this learns it at the one he reads."""
        if self.may_enter and before:
            app.configure_task("accounts.tell_email_changed").defer(pk=self.pk, before=before, after=after)
