"""The code, typed: at the log-in, and when the phone is set up."""

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, validate_totp_code
from django.utils.translation import gettext_lazy as _

from ..models import Attempt
from ..models.attempt import CODES
from .codes import authenticator_for, is_unused


class _CodeForm:
    """allauth's field, in our words; a phone shows its keys for digits."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        field = self.fields["code"]
        field.label = _("Code")
        field.max_length = 20
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "maxlength": "20", "autofocus": True}


class LogInCodeForm(_CodeForm, AuthenticateForm):
    """A code of the phone, or one of the recovery codes."""

    def clean_code(self):
        code = self.cleaned_data["code"]
        self.authenticator = authenticator_for(self.user, code, request=context.request)
        if self.authenticator is None:
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        return code


class SetUpForm(_CodeForm, ActivateTOTPForm):
    """The first code, which proves that the phone has the secret."""

    def __init__(self, *args, **options):
        """The secret stays over a reload: a phone loads the page anew after a look into its app."""
        kept = context.request.session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **options)
        if kept:
            self.secret = context.request.session[SECRET_SESSION_KEY] = kept

    def clean_code(self):
        """Counted, though nobody gains by guessing; and used up, so that it can't let anybody in."""
        code = self.cleaned_data["code"]
        attempt = Attempt.objects.take(CODES, self.user.pk, request=context.request)
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        attempt.give_back()
        is_unused(self.user, code)
        return code
