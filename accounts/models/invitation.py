"""Invitations: how a colleague gets in by a link, with the role and the team that were meant for him."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from ..refusals import AlreadyHere, AlreadyInvited, InvitationIsOver, RoleBeyondOwn
from ..rights import Right
from .company import Company
from .role import Role
from .security_event import SecurityEvent
from .team import Team
from .user import User

VALID_FOR = timedelta(days=7)
Kind = SecurityEvent.Kind


class InvitationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who configures sees all of them, the others none."""
        return self if user.has_right(Right.CONFIGURE) else self.none()

    def for_list(self):
        return self.select_related("role", "team", "invited_by__role").prefetch_related(
            "role__scopes", "invited_by__role__scopes"
        )

    def for_letter(self, pk):
        """Return the invitation to be written about, None if it is over."""
        invitation = self.for_list().filter(pk=pk).first()
        return invitation if invitation and invitation.is_open else None

    def of_token(self, token):
        """Return the open invitation whose link holds `token`, None for any other text."""
        number, _dash, seal = token.partition("-")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return None
        invitation = self.for_letter(int(number))
        return invitation if invitation and constant_time_compare(invitation.seal, seal) else None


class InvitationManager(models.Manager.from_queryset(InvitationQuerySet)):  # type: ignore[misc]
    @transaction.atomic
    def invite(self, *, email, role, team=None, by, request=None):
        """Invite `email` to the role and the team, as the admin `by`; the letter goes out as a job.

        Raises AlreadyHere for a person's e-mail, AlreadyInvited for one that waits (expired or not),
        RoleBeyondOwn for a role that may more than `by`'s (TRUST S10). Writes a SecurityEvent.
        """
        email = email.strip().lower()
        if role.exceeds(by.role):
            raise RoleBeyondOwn
        if User.objects.filter(email=email).exists():
            raise AlreadyHere
        invitation = self.model(email=email, role=role, team=team)
        try:
            with transaction.atomic():
                invitation._send(by, request)
        except IntegrityError:
            raise AlreadyInvited from None
        return invitation


class Invitation(models.Model):
    """An open invitation; what is used or withdrawn is no row any more, the record of security tells of it.

    The base holds no token: the link is made of the row and the SECRET_KEY, which lies elsewhere, so
    that neither a copy of the base nor a waiting job opens anything.
    """

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    role = models.ForeignKey(
        Role, verbose_name=_("role"), on_delete=models.PROTECT, related_name="invitations"
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    nonce = models.CharField(max_length=32, editable=False)  # a new one ends the links before it

    objects = InvitationManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="invitation_email_is_lower_case", condition=Q(email=Lower("email")))
        ]

    def __str__(self):
        return self.email

    @property
    def is_open(self):
        """Whether the link works: in time, and its sender may still give this role."""
        by = self.invited_by
        return (
            timezone.now() < self.expires_at
            and by.has_right(Right.CONFIGURE)
            and not self.role.exceeds(by.role)
        )

    @property
    def seal(self):
        """What nobody can write who does not know the SECRET_KEY."""
        return salted_hmac("accounts.invitation", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()

    @property
    def token(self):
        return f"{self.pk}-{self.seal}"

    @property
    def language(self):
        """The language of the letter: the company's, since the invited has not chosen yet."""
        company = Company.objects.current()
        return company.language if company else settings.LANGUAGE_CODE

    # Doors

    @transaction.atomic
    def send_again(self, *, by, request=None):
        """Send a new link as the admin `by`; those before it end. Raises InvitationIsOver, RoleBeyondOwn."""
        invitation = self._locked()
        if invitation.role.exceeds(by.role):
            raise RoleBeyondOwn
        invitation._send(by, request)
        return invitation

    @transaction.atomic
    def withdraw(self, *, by, request=None):
        """End the invitation as the admin `by`. Raises InvitationIsOver if it was used or withdrawn."""
        invitation = self._locked()
        SecurityEvent.objects.record(
            Kind.INVITATION_WITHDRAWN, user=by, request=request, email=invitation.email
        )
        invitation.delete()

    @transaction.atomic
    def accept(self, *, password, language, request=None, **names):
        """Make the invited person, who chose `password`, and end the invitation. Returns the person.

        Raises InvitationIsOver if it was used, withdrawn, sent again, or is out of time meanwhile, or
        if somebody has its e-mail by now. Of two at the same moment one waits, and is refused.
        """
        invitation = self._locked()
        if invitation.nonce != self.nonce or not invitation.is_open:
            raise InvitationIsOver
        try:
            with transaction.atomic():
                person = User.objects.add_colleague(
                    by=invitation.invited_by,
                    password=password,
                    can_log_in=True,
                    request=request,
                    email=invitation.email,
                    role=invitation.role,
                    team=invitation.team,
                    language=language,
                    **names,
                )
        except IntegrityError:
            raise InvitationIsOver from None
        SecurityEvent.objects.record(Kind.JOINED, user=person, request=request, email=invitation.email)
        invitation.delete()
        return person

    def _locked(self):
        """Return the row as it is now, locked; raise InvitationIsOver if it is gone."""
        rows = Invitation.objects.for_list().select_for_update(of=("self",))
        invitation = rows.filter(pk=self.pk).first()
        if invitation is None:
            raise InvitationIsOver
        return invitation

    def _send(self, by, request):
        """Save with a new link that `by` answers for, tell, and let the letter go with the transaction."""
        self.invited_by, self.expires_at = by, timezone.now() + VALID_FOR
        self.nonce = secrets.token_hex(16)
        self.save()
        SecurityEvent.objects.record(
            Kind.INVITED,
            user=by,
            request=request,
            email=self.email,
            role=self.role.name,
            team=str(self.team or ""),
        )
        app.configure_task("accounts.send_invitation").defer(pk=self.pk)
