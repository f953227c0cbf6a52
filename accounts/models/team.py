"""Teams: a tree (office, manager's team, people)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Team(models.Model):
    """People who work together; a head sees his team and those under it."""

    name = models.CharField(_("name"), max_length=200)
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

    def clean(self):
        if self.pk and self.parent_id in Team.objects.ids_under(self.pk):
            raise ValidationError({"parent": _("A team can't be part of itself.")})
