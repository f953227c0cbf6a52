"""allauth, told how this house does it: nobody signs up, and the record of security sees everything."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django import app

from .addresses import client_address
from .models import Attempt, SecurityEvent, User
from .sessions import ROLE

Kind = SecurityEvent.Kind


class AccountAdapter(DefaultAccountAdapter):
    """Log-in without sign-up; each log-in, refusal, log-out and change of password is recorded."""

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:profile")

    def login(self, request, user):
        super().login(request, user)
        request.session[ROLE] = user.role_id
        SecurityEvent.objects.record(Kind.LOGGED_IN, user=user, request=request)

    def logout(self, request):
        user = request.user if request.user.is_authenticated else None
        super().logout(request)
        SecurityEvent.objects.record(Kind.LOGGED_OUT, user=user, request=request)

    def get_client_ip(self, request):
        return client_address(request) or "0.0.0.0"  # noqa: S104  (not known, e.g. a socket without a proxy)

    def pre_authenticate(self, request, **credentials):
        self.taken = Attempt.objects.take_password(credentials.get("email", ""), request=request)

    def authenticate(self, request, **credentials):
        """Tell whose password this is. Raises TooManyAttempts; what is right is no attempt."""
        user = super().authenticate(request, **credentials)
        if user:
            for attempt in self.taken:
                attempt.give_back()
        return user

    def get_reauthentication_methods(self, user):
        """The password, with or without a second factor."""
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def is_reauthentication_required(self, *, app, **options):
        """Not to set up a second factor right after the log-in; for that a password was typed just now."""
        match = self.request.resolver_match
        if match and match.view_name in ("mfa_activate_totp", "mfa_view_recovery_codes"):
            records = get_authentication_records(self.request, self.request.user)
            if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
                return False
        return super().is_reauthentication_required(app=app, **options)

    def authentication_failed(self, request, **credentials):
        email = str(credentials.get("email", ""))[:254]
        person = User.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
        SecurityEvent.objects.record(Kind.LOGIN_REFUSED, request=request, email=email, person=person)

    @transaction.atomic
    def set_password(self, user, password):
        """Set it, and nothing else: allauth writes the whole row, as it was when it was read."""
        user.set_password(password)
        user.save(update_fields=["password"])
        user.end_sessions(but=self.request.session.session_key or "")
        SecurityEvent.objects.record(Kind.PASSWORD_CHANGED, user=user, request=self.request)
        app.configure_task("accounts.tell_password_changed").defer(pk=user.pk)
