"""Roles: rows that say what their people may do, and within which scope."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ..refusals import LastAdmin, OwnRights
from ..rights import RIGHT_TO_CHANGE, Action, Entity, Right, Scope
from ..tracking import tracked
from .security_event import SecurityEvent

# DESIGN §5: code → name; scopes of view, change, archive, export; may import; funnel; configures
READY_ROLES = {
    "manager": (_("Sales manager"), (1, 1, 1, 0), False, 1, False),
    "head": (_("Head of team"), (2, 2, 2, 2), False, 2, False),
    "owner": (_("Owner"), (3, 3, 3, 3), True, 3, False),
    "admin": (_("Administrator"), (3, 3, 3, 3), True, 3, True),
    "observer": (_("Observer"), (3, 0, 0, 0), False, 3, False),
}


class RoleManager(models.Manager):
    def given_by(self, user):
        """The roles that `user` may invite to: none may more than his own (TRUST S10)."""
        roles = self.prefetch_related("scopes")
        return self.filter(pk__in=[role.pk for role in roles if not role.exceeds(user.role)])

    @transaction.atomic
    def make_ready(self, language):
        """Make the five ready roles, named in `language`, where they are missing. Safe to run again."""
        with override(language):
            for code, (name, scopes, imports, funnel, configures) in READY_ROLES.items():
                role, made = self.get_or_create(
                    code=code,
                    defaults={
                        "name": str(name),
                        "may_import": imports,
                        "funnel": funnel,
                        "configures": configures,
                    },
                )
                if made:
                    view, change, archive, export = scopes
                    RoleScope.objects.bulk_create(
                        RoleScope(
                            role=role, entity=entity, view=view, change=change, archive=archive, export=export
                        )
                        for entity in Entity.values
                    )


@tracked
class Role(models.Model):
    """What its people may do. The ready ones have a stable code; the admin edits them and adds more."""

    code = models.SlugField(_("code"), max_length=40, unique=True, null=True, blank=True, editable=False)
    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        help_text=_("What its people are here: sales manager, observer."),
    )
    may_import = models.BooleanField(
        _("may import"), default=False, help_text=_("May bring files of records in.")
    )
    funnel = models.PositiveSmallIntegerField(
        _("funnel and reports"),
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Whose figures the dashboard shows."),
    )
    configures = models.BooleanField(
        _("configures"),
        default=False,
        help_text=_("May enter this administration: people, roles, stages, fields, directories."),
    )

    objects = RoleManager()

    RIGHTS = ("funnel", "may_import", "configures")  # beside the scopes
    put_back = ("name", *RIGHTS)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def parts(self):
        """What has a change history of its own beside the role's."""
        return self.scopes.all()

    def scope(self, entity, action):
        """Return the Scope within which the role may do `action` with records of `entity`."""
        for row in self.scopes.all():
            if row.entity == entity:
                return Scope(getattr(row, action))
        return Scope.NONE

    def has_right(self, right):
        """Say whether the role may do what `right` names at all."""
        if right == Right.CONFIGURE:
            return self.configures
        if right == Right.IMPORT:
            return self.may_import
        if right == Right.SEE_FUNNEL:
            return self.funnel > Scope.NONE
        return self.scope(RIGHT_TO_CHANGE[right], Action.CHANGE) > Scope.NONE

    def exceeds(self, other):
        """Say whether the role allows anything that the role `other` does not."""
        return (
            self.funnel > other.funnel
            or (self.may_import and not other.may_import)
            or (self.configures and not other.configures)
            or any(
                self.scope(entity, action) > other.scope(entity, action)
                for entity in Entity
                for action in Action
            )
        )

    @transaction.atomic
    def begin(self, *, by, request=None):
        """Save a new role, as the admin `by`: it begins with one's own records. Writes a SecurityEvent."""
        self.save()
        RoleScope.objects.bulk_create(RoleScope(role=self, entity=entity) for entity in Entity.values)
        self._tell(by, request, changes={name: [None, getattr(self, name)] for name in self.RIGHTS})

    @transaction.atomic
    def save_as(self, *, by, request=None):
        """Save the role as the admin `by` has changed it. Writes a SecurityEvent.

        Raises OwnRights if he has this role and it would allow something else, LastAdmin if it no
        longer configures, and nobody would be left who can; locks the admins, so that two roles
        can't lose it at once.
        """
        before = Role.objects.select_for_update(no_key=True).get(pk=self.pk)
        changes = {
            name: [getattr(before, name), getattr(self, name)]
            for name in ("name", *self.RIGHTS)
            if getattr(before, name) != getattr(self, name)
        }
        if by.role_id == self.pk and changes.keys() & set(self.RIGHTS):
            raise OwnRights
        if "configures" in changes and not self.configures:
            people = self.users.model.objects
            people.lock_admins()
            if not people.admins().exclude(role=self).exists():
                raise LastAdmin
        self.save()
        if changes:
            self._tell(by, request, changes=changes)

    @transaction.atomic
    def save_scopes(self, rows, *, by, request=None):
        """Save the RoleScopes `rows` of this role as `by` has changed them. Raises OwnRights, tells."""
        if not rows:
            return
        if by.role_id == self.pk:
            raise OwnRights
        for row in rows:
            row.save()
        self._tell(by, request, scopes=[str(row) for row in rows])

    def _tell(self, by, request, **particulars):
        SecurityEvent.objects.record(
            SecurityEvent.Kind.ROLE_CHANGED, user=by, request=request, role=self.name, **particulars
        )


@tracked
class RoleScope(models.Model):
    """Whose records of one entity a role may view, change, archive and export."""

    put_back = tuple(Action)

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="scopes")
    entity = models.CharField(_("records"), max_length=20, choices=Entity)
    view = models.PositiveSmallIntegerField(
        _("view"), choices=Scope, default=Scope.OWN, help_text=_("Whose records its people see.")
    )
    change = models.PositiveSmallIntegerField(
        _("change, move, assign"),
        choices=Scope,
        default=Scope.OWN,
        help_text=_("Whose records they change, and to whom they give them."),
    )
    archive = models.PositiveSmallIntegerField(
        _("archive"), choices=Scope, default=Scope.OWN, help_text=_("Whose records they archive and restore.")
    )
    export = models.PositiveSmallIntegerField(
        _("export"), choices=Scope, default=Scope.NONE, help_text=_("Whose records they take out as files.")
    )

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="role_has_one_scope_an_entity", fields=["role", "entity"]),
            models.CheckConstraint(
                name="role_acts_only_on_what_it_sees",
                condition=models.Q(change__lte=models.F("view"))
                & models.Q(archive__lte=models.F("view"))
                & models.Q(export__lte=models.F("view")),
                violation_error_message=_("A role can't change, archive or export what it doesn't see."),
            ),
        ]

    def __str__(self):
        return self.get_entity_display()

    @property
    def part_of(self):
        """Whose page and name its change history has."""
        return self.role

    def save_as(self, *, by, request=None):
        """Save the scope as `by` has changed it; raises what `save_scopes` of its role does."""
        self.role.save_scopes([self], by=by, request=request)
