"""People: who is here, who can log in, who may be made responsible."""

from django.contrib.auth.base_user import BaseUserManager
from django.db import connection, models, transaction
from django.db.models import Q

from .models.role import Role
from .models.security_event import SecurityEvent
from .refusals import AdminExists
from .rights import Scope

FIRST_ADMIN_LOCK = 7_061_001  # pg_advisory_xact_lock key: two first admins can't be made at once


class UserQuerySet(models.QuerySet):
    def working(self):
        """Those who work here, whether they can log in or not."""
        return self.filter(is_active=True)

    def who_may_enter(self):
        """Those who can log in, and are let in at each request."""
        return self.filter(is_active=True, can_log_in=True)

    def admins(self):
        """Those who can log in and configure."""
        return self.who_may_enter().filter(role__configures=True)

    def lock_admins(self):
        """Lock the admins, in the order of their ids, and return their ids.

        They are asked for again once they are locked: while this waited, somebody may have changed
        what their role allows, which is not in the rows that were waited for.
        """
        admins = self.admins().order_by("pk")
        list(admins.select_for_update(no_key=True, of=("self",)).values_list("pk"))
        return set(admins.values_list("pk", flat=True))

    def assignable_by(self, user, entity):
        """Those whom `user` may make responsible for a record of `entity`: working, within his scope."""
        people = user.people_in(entity, "change")
        working = self.working().order_by("last_name", "first_name", "pk")
        return working if people is None else working.filter(pk__in=people)

    def ids_in_team(self, team):
        """Return the ids of the people of `team` and of the teams under it, as a list."""
        teams = type(team).objects.ids_under(team.pk)
        return list(self.filter(team_id__in=teams).order_by("pk").values_list("pk", flat=True))

    def visible_to(self, user):
        """Colleagues are known to everyone who is logged in."""
        return self if user.is_authenticated else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    @staticmethod
    def first_admin_is_missing():
        """Say whether nobody has been made admin yet, so that `/setup/` is open."""
        return not Role.objects.filter(configures=True, users__isnull=False).exists()

    def create_user(self, *, password=None, **fields):
        """Make a person; without a password he can't log in until one is set."""
        user = self.model(**fields)
        user.email = (user.email or "").strip().lower() or None
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def add_colleague(self, *, by, password="", can_log_in=False, request=None, **fields):
        """Make a person with `fields`, as the admin `by`. Raises NoEmail. Writes SecurityEvents."""
        person = self.create_user(**fields)
        nothing = dict.fromkeys(("role", "team", "email"))
        given = {name: (None, fields[name]) for name in nothing if fields.get(name)}
        SecurityEvent.objects.record_changes(person, given, by=by, request=request)
        return person.change(by=by, password=password, can_log_in=can_log_in, request=request)

    @transaction.atomic
    def create_first_admin(self, *, email, password, language, **names):
        """Make the ready roles in `language` and the first admin; raise AdminExists if there is one.

        Two requests at the same moment wait for each other, and the second is refused.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
        if not self.first_admin_is_missing():
            raise AdminExists
        Role.objects.make_ready(language)
        admin = self.create_user(
            email=email,
            password=password,
            language=language,
            can_log_in=True,
            role=Role.objects.get(code="admin"),
            **names,
        )
        SecurityEvent.objects.record(SecurityEvent.Kind.FIRST_ADMIN_MADE, user=admin)
        return admin


def people_within(user, scope):
    """Return the ids of the people within `scope` of `user` as a list, None for all."""
    if scope == Scope.ALL:
        return None
    if scope == Scope.NONE:
        return []
    if scope == Scope.OWN or user.team_id is None:
        return [user.pk]
    teams = type(user.team).objects.ids_under(user.team_id)
    people = type(user).objects.filter(Q(team_id__in=teams)).order_by("pk").values_list("pk", flat=True)
    return sorted({user.pk, *people})
