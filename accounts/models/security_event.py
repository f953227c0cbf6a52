"""The append-only record of log-ins, refusals and changes of roles."""

import pgtrigger
from django.db import models
from django.db.models import BigIntegerField, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext_lazy as _

from ..addresses import client_address
from ..rights import Right


def kinds():
    """The kinds with their names; a function, so that a new one is no change of the table."""
    return SecurityEvent.Kind.choices


class SecurityEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The record is read by those who configure."""
        return self if user.has_right(Right.CONFIGURE) else self.none()

    def of(self, person):
        """What `person` did, and what was done to him."""
        return self.filter(Q(user=person) | Q(particulars__person=person.pk))

    def for_list(self):
        """With who did it, and `person_name`, whom it was done to."""
        people = self.model._meta.get_field("user").related_model.objects
        about = people.filter(pk=Cast(KeyTextTransform("person", OuterRef("particulars")), BigIntegerField()))
        name = about.values(name=Concat("first_name", Value(" "), "last_name"))
        return self.select_related("user").annotate(person_name=Subquery(name))


class SecurityEventManager(models.Manager.from_queryset(SecurityEventQuerySet)):  # type: ignore[misc]
    def record(self, kind, *, user=None, request=None, **particulars):
        """Write down that `kind` happened to or by `user`; `particulars` must hold no secret."""
        return self.create(
            kind=kind,
            user=user,
            address=client_address(request) if request else None,
            request_id=getattr(request, "id", "") if request else "",
            particulars=particulars,
        )

    def record_changes(self, person, changes, *, by, password="", request=None):
        """Write down which of `changes` (field of a User → before, after) and a password touch access."""
        kinds = {"role": self.model.Kind.ROLE_CHANGED, "team": self.model.Kind.TEAM_CHANGED}
        kinds["email"] = self.model.Kind.EMAIL_CHANGED
        told = {"user": by, "request": request, "person": person.pk}
        for name in kinds.keys() & changes.keys():
            before, after = (str(side or "") for side in changes[name])
            self.record(kinds[name], **told, before=before, after=after)
        if changes.keys() & {"is_active", "can_log_in"}:
            self.record(
                self.model.Kind.ACCESS_CHANGED,
                **told,
                works_here=person.is_active,
                can_log_in=person.can_log_in,
            )
        if password:
            self.record(self.model.Kind.PASSWORD_CHANGED, **told)


class SecurityEvent(models.Model):
    """What happened to access: a trigger refuses UPDATE, DELETE and TRUNCATE of its table."""

    class Kind(models.TextChoices):
        LOGGED_IN = "logged_in", _("logged in")
        LOGIN_REFUSED = "login_refused", _("log-in refused")
        LOGGED_OUT = "logged_out", _("logged out")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        FIRST_ADMIN_MADE = "first_admin_made", _("first administrator made")
        ROLE_CHANGED = "role_changed", _("role changed")
        TEAM_CHANGED = "team_changed", _("team changed")
        EMAIL_CHANGED = "email_changed", _("e-mail changed")
        ACCESS_CHANGED = "access_changed", _("access given or taken")
        SECOND_FACTOR_SET_UP = "second_factor_set_up", _("second factor set up")
        SECOND_FACTOR_OFF = "second_factor_off", _("second factor switched off")
        SECOND_FACTOR_TAKEN = "second_factor_taken", _("second factor taken away")
        SECOND_FACTOR_REQUIRED = "second_factor_required", _("second factor required, or no longer")
        CODE_REFUSED = "code_refused", _("code refused")
        RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("new recovery codes")
        SESSIONS_ENDED = "sessions_ended", _("log-ins ended")
        ACCESS_REFUSED = "access_refused", _("access refused")
        TOO_MANY_ATTEMPTS = "too_many_attempts", _("too many attempts")
        EMAIL_ASKED = "email_asked", _("another e-mail asked for")
        PASSWORD_ASKED = "password_asked", _("new password asked for")
        INVITED = "invited", _("invited")
        INVITATION_WITHDRAWN = "invitation_withdrawn", _("invitation withdrawn")
        JOINED = "joined", _("joined by an invitation")

    at = models.DateTimeField(_("when"), db_default=Now(), db_index=True)
    kind = models.CharField(_("what"), max_length=40, choices=kinds)
    user = models.ForeignKey(
        "accounts.User",
        verbose_name=_("who"),
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    particulars = models.JSONField(_("particulars"), default=dict)

    objects = SecurityEventManager()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-id"]
        indexes = [
            # the page, by person: what he did, what was done to him; and by kind
            models.Index(name="security_event_by_user", fields=["user", "id"]),
            models.Index(KeyTransform("person", "particulars"), "id", name="security_event_about_person"),
            models.Index(name="security_event_by_kind", fields=["kind", "id"]),
        ]
        triggers = [
            pgtrigger.Protect(name="security_event_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="security_events_are_kept",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'security events are kept';",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at}"
