"""What the card of one deal shows beside its own row."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.rights import Action
from directories.fields import load_names
from pipeline.models import Stage
from ui.formats import days_short

from .models import Deal

# Said in the head, on mini cards or by a move, so not in the list of fields.
ELSEWHERE = {"title", "amount", "contact", "organization", "lost_reason", "owner"}


@dataclass(frozen=True)
class Step:
    """A stage of the bar: how long the deal stood in it, whether it stands there or has passed it."""

    stage: Stage
    days: int | None
    is_current: bool
    is_done: bool

    @property
    def words(self):
        """3-й день из 10; 6 дн. for a stage that the deal has left."""
        if self.days is None:
            return ""
        if not self.is_current:
            return days_short(self.days) if self.days else _("under a day")
        if self.stage.idle_days is None:
            return _("day %(day)s") % {"day": self.days + 1}
        return _("day %(day)s of %(limit)s") % {"day": self.days + 1, "limit": self.stage.idle_days}


def steps_of(deal, stages):
    """The bar: the open stages in use among `stages`, and the one in which the deal stands. One query."""
    days = deal.stays.days_per_stage()
    shown = [
        stage for stage in stages if stage.is_open and (not stage.is_retired or stage.pk == deal.stage_id)
    ]
    reached = _reached(deal, stages, days)
    return [
        Step(
            stage,
            days=deal.days_in_stage if stage.pk == deal.stage_id else days.get(stage.pk),
            is_current=stage.pk == deal.stage_id,
            is_done=stage.position <= reached and stage.pk != deal.stage_id,
        )
        for stage in shown
    ]


def _reached(deal, stages, days):
    """The place up to which the bar is filled: a lost deal's ends where the deal came furthest."""
    if deal.is_open:
        return deal.stage.position
    if deal.outcome == "won":
        return max(stage.position for stage in stages)
    return max((stage.position for stage in stages if stage.is_open and stage.pk in days), default=0)


def fields_shown(deal, fields):
    """The fields of the side column with their values, built-in ones and the company's own."""
    load_names([deal], fields)
    shown = [field.of(deal) for field in fields if field.name not in ELSEWHERE]
    return {
        "built_in": [one for one in shown if not one.field.is_own],
        "own": [one for one in shown if one.field.is_own],
    }


@dataclass(frozen=True)
class Party:
    """A contact or an organization of the deal: whether `user` may open its card, and what it is worth.

    Whoever sees a deal sees the names of its people (DESIGN §4); their own cards follow their owner.
    """

    record: object
    is_visible: bool
    deals_count: int = 0
    sums: tuple = ()


def contact_of(deal, user):
    """The contact of the deal as a Party, or None."""
    return deal.contact and Party(deal.contact, deal.contact.allows(user, Action.VIEW))


def organization_of(deal, user):
    """The organization as a Party, with the open deals that `user` sees of it; or None. One query."""
    if deal.organization is None:
        return None
    count, sums = Deal.objects.visible_to(user).open().filter(organization=deal.organization).worth()
    return Party(deal.organization, deal.organization.allows(user, Action.VIEW), count, tuple(sums))
