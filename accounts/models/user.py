"""The people who work here."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from ..querysets import UserManager, people_within
from ..refusals import LastAdmin, NoEmail, OwnRole, OwnSecondFactor
from ..rights import Right
from ..tracking import tracked
from .company import check_time_zone
from .own_email import OwnEmail
from .role import Role
from .security_event import SecurityEvent
from .team import Team


@tracked(leave_out=("password", "last_login", "theme", "density", "side", "new_email"))
class User(OwnEmail, AbstractBaseUser):
    """Someone who works here (`is_active`), and perhaps can log in (`can_log_in`), by e-mail."""

    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The name to log in with."),
        error_messages={"unique": _("Somebody has this e-mail already.")},
    )
    first_name = models.CharField(
        _("first name"), max_length=100, help_text=_("Cards, lists and the board show it.")
    )
    patronymic = models.CharField(
        _("patronymic"),
        max_length=100,
        blank=True,
        help_text=_("If the person has one. Lists don't show it."),
    )
    last_name = models.CharField(
        _("last name"), max_length=100, blank=True, help_text=_("Lists of people are sorted by it.")
    )
    role = models.ForeignKey(
        Role,
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        related_name="users",
        help_text=_("What this person may do."),
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="users",
        help_text=_("A head of team sees the records of this team and of those under it."),
    )
    is_active = models.BooleanField(
        _("works here"),
        default=True,
        help_text=_("Untick when someone leaves: the person stays in history and can't log in."),
    )
    can_log_in = models.BooleanField(_("can log in"), default=False, help_text=_("Needs an e-mail."))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    language = models.CharField(
        _("language"),
        max_length=5,
        choices=settings.LANGUAGES,
        blank=True,
        default="",
        help_text=_("Of the pages and letters. Empty: as in the person's browser."),
    )
    theme = models.CharField(
        _("theme"),
        max_length=5,
        choices=[("light", _("light")), ("dark", _("dark"))],
        blank=True,
        default="",
    )
    density = models.CharField(
        _("density of lists"), max_length=7, choices=[("compact", _("compact"))], blank=True, default=""
    )
    side = models.CharField(max_length=4, choices=[("mini", "mini")], blank=True, default="", editable=False)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        default="",
        validators=[check_time_zone],
        help_text=_("The person's tasks are shown in this zone."),
    )
    single_keys = models.BooleanField(
        _("single-key shortcuts"),
        default=True,
        help_text=_("C makes a deal, M moves the card in focus; off, only keys with Ctrl work."),
    )

    objects = UserManager()

    put_back = (
        "first_name", "patronymic", "last_name", "role", "team", "email", "can_log_in", "is_active",
        "language", "time_zone",
    )  # fmt: skip

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case", condition=Q(email=None) | Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="user_who_logs_in_has_email_and_works_here",
                condition=Q(can_log_in=False) | Q(email__isnull=False, is_active=True),
                violation_error_message=_("Who can log in needs an e-mail, and works here."),
            ),
        ]

    def __str__(self):
        return self.full_name

    def clean(self):
        super().clean()
        self.email = (self.email or "").strip().lower() or None

    # How a person is called

    @property
    def full_name(self):
        return " ".join(filter(None, (self.first_name, self.last_name)))

    @property
    def short_name(self):
        """Кузьмина А."""
        if not self.last_name:
            return self.first_name
        return f"{self.last_name}\u00a0{self.first_name[:1]}."

    @property
    def initials(self):
        return (self.first_name[:1] + self.last_name[:1]).upper()

    # What the person may do: all answers come from the role

    @property
    def is_staff(self):
        return self.may_enter and self.role.configures

    @property
    def may_enter(self):
        """Say whether the person can log in, and stay logged in, today."""
        return self.is_active and self.can_log_in

    def has_right(self, right):
        """Say whether the person may do what the Right `right` names at all."""
        return self.may_enter and self.role.has_right(right)

    def has_perm(self, perm, obj=None):
        """Django's admin asks here; DESIGN §5: the role answers."""
        return self.has_right(Right.CONFIGURE)

    def has_perms(self, perms, obj=None):
        return self.has_right(Right.CONFIGURE)

    def has_module_perms(self, app_label):
        return self.has_right(Right.CONFIGURE)

    @cached_property
    def _people_by_scope(self):
        return {}

    def _people(self, scope):
        if scope not in self._people_by_scope:
            self._people_by_scope[scope] = people_within(self, scope)
        return self._people_by_scope[scope]

    def people_in(self, entity, action):
        """Return the ids of those whose records of `entity` the person may `action`, None for everybody's.

        Resolved once for each instance, so once a request (DESIGN §4).
        """
        return self._people(self.role.scope(entity, action))

    def people_in_funnel(self):
        """Return the ids of those whose figures the person sees on dashboards, None for everybody's."""
        return self._people(self.role.funnel)

    # Doors

    @transaction.atomic
    def change(self, *, by, password="", request=None, **values):
        """Write `values` (field → value), and a new `password` if there is one, as the admin `by`.

        Who no longer works here can't log in either. Raises OwnRole, LastAdmin, NoEmail. Tells the
        record of security what decides what the person sees and whether he gets in (role, team,
        e-mail, access, password), with where `request` came from. A new password, or no access, ends his
        log-ins; another password than the one before he is told by letter. Returns the person as he is now.
        """
        people = type(self).objects
        admins = people.lock_admins()  # before the person: two who demote each other wait in a line
        person = self._locked()
        if not values.get("is_active", person.is_active):
            values["can_log_in"] = False
        changes = {
            name: (before, after)
            for name, after in values.items()
            if (before := getattr(person, name)) != after
        }
        if "role" in changes and by.pk == person.pk:
            raise OwnRole
        for name, (_before, after) in changes.items():
            setattr(person, name, after)
        if person.can_log_in and not person.email:
            raise NoEmail
        if admins == {person.pk} and not person.is_staff:
            raise LastAdmin
        is_another = bool(password) and person.has_usable_password()  # the first one is no news to him
        if password:
            person.set_password(password)
        person.save(update_fields=[*changes, *(["password"] if password else [])])
        SecurityEvent.objects.record_changes(person, changes, password=password, by=by, request=request)
        if "email" in changes:
            person._tell_of_email(*changes["email"])
        if is_another:
            app.configure_task("accounts.tell_password_changed").defer(pk=person.pk)
        if not person.may_enter:
            person.end_sessions()
        elif password:
            person.end_sessions(but=request.session.session_key if request and by.pk == person.pk else "")
        return person

    def save_as(self, *, by, request=None):
        """Write what was set in this instance by `change`; raises what that does."""
        self.change(by=by, request=request, **{name: getattr(self, name) for name in self.put_back})

    @transaction.atomic
    def take_second_factor(self, *, by, request=None):
        """Take away the second factor of a person who has lost it, as the admin `by` (None: at the machine).

        Raises OwnSecondFactor; writes a SecurityEvent, and a letter to him. Returns whether there was one.
        """
        if by is not None and by.pk == self.pk:
            raise OwnSecondFactor
        taken, _each = self.authenticator_set.all().delete()  # type: ignore[attr-defined]  # allauth's
        if taken:
            SecurityEvent.objects.record(
                SecurityEvent.Kind.SECOND_FACTOR_TAKEN, user=by, request=request, person=self.pk
            )
            app.configure_task("accounts.tell_second_factor").defer(pk=self.pk, is_on=False)
        return bool(taken)

    def end_sessions(self, *sessions, but=""):
        """End the person's log-ins: those of `sessions` (ids), or all, but the one with the key `but`.

        Each is over at its next request. Returns how many there were.
        """
        ended = self.usersession_set.exclude(session_key=but)  # type: ignore[attr-defined]  # allauth's
        if sessions:
            ended = ended.filter(pk__in=sessions)
        keys = list(ended.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        ended.delete()
        return len(keys)
