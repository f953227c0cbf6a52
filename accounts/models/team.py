"""Teams: a tree (office, manager's team, people)."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from ..refusals import WithinItself
from ..tracking import tracked
from .security_event import SecurityEvent


class TeamManager(models.Manager):
    def visible_to(self, user):
        """Teams are known to everyone who is logged in."""
        return self.all() if user.is_authenticated else self.none()

    def ids_under(self, team_id):
        """Return the ids of the team and of all teams below it, in one query."""
        children = {}
        for pk, parent_id in self.values_list("pk", "parent_id"):
            children.setdefault(parent_id, []).append(pk)
        found, waiting = set(), [team_id]
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(children.get(pk, ()))
        return found


def in_tree(teams):
    """Return [(team, depth)] of `teams` as their tree goes, each level in their own order.

    A team whose parent is not among them stands at the top, at depth 0.
    """
    teams = {team.pk: team for team in teams}
    children: dict = {}
    for team in teams.values():
        children.setdefault(team.parent_id if team.parent_id in teams else None, []).append(team)

    def below(parent_id, depth):
        for team in children.get(parent_id, ()):
            yield team, depth
            yield from below(team.pk, depth + 1)

    return list(below(None, 0))


@tracked
class Team(models.Model):
    """People who work together; a head sees his team and those under it."""

    put_back = ("name", "parent")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("An office, a manager's team: who work together.")
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("The team above; its head sees this team too."),
    )

    objects = TeamManager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="team_name_is_unique_in_its_parent",
                fields=["parent", "name"],
                nulls_distinct=False,
                violation_error_message=_("There is such a team here already."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_within_itself(self):
        return bool(self.pk) and self.parent_id in Team.objects.ids_under(self.pk)

    def clean(self):
        if self.is_within_itself:
            raise ValidationError({"parent": str(WithinItself())})

    @transaction.atomic
    def save_as(self, *, by, request=None):
        """Save the team as the admin `by` has made or changed it.

        Raises WithinItself; locks the tree, so that two can't be put under each other at once. What
        a team is part of decides whose records a head sees: a new place is told in a SecurityEvent.
        """
        places = {team.pk: team.parent for team in Team.objects.select_for_update().order_by("pk")}
        if self.is_within_itself:
            raise WithinItself
        before = places.get(self.pk)
        self.save()
        if before != self.parent:
            SecurityEvent.objects.record(
                SecurityEvent.Kind.TEAM_CHANGED,
                user=by,
                request=request,
                team=self.name,
                before=str(before or ""),
                after=str(self.parent or ""),
            )
