"""What a deal tells, and what only its stays tell."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.events import Happening
from records.models import Event

from .querysets.stage_history import ENTRY


class DealMoved(Happening):
    """`before` and `after`: {id, name, color} of the stages; `days`: days it stood, None if unknown.

    `reason`: {id, name} of why it was lost, as it was called then; a move that is no loss has none.
    `before` is None where a past begins (`untold_moves`).
    """

    kind = "deal_moved"
    icon = "arrows-right-left"

    @classmethod
    def sentence(cls, event):
        told = event.particulars
        names = {name: told[name]["name"] for name in ("before", "after", "reason") if told.get(name)}
        if "before" not in names:
            return _("The deal begins: %(after)s") % names
        if "reason" in names:
            return _("moves the deal: %(before)s → %(after)s: %(reason)s") % names
        return _("moves the deal: %(before)s → %(after)s") % names


def untold_moves(deal, *, before):
    """Return the moves of `deal` before the moment `before`, newest first, as events that are not kept.

    A past that came with a file has no events: nobody did it here. Its stays tell it, without a person.
    One query; they are as many as the file had stages.
    """
    stays = (
        deal.stays.filter(ENTRY, moved_by=None, entered_at__lt=before)
        .select_related("stage", "came_from", "deal__lost_reason")
        .order_by("-entered_at", "-pk")
    )
    return [
        Event(kind=DealMoved.kind, at=stay.entered_at, deal_id=deal.pk, particulars=_told_by(stay))
        for stay in stays
    ]


def _told_by(stay):
    before, after = (
        each and {"id": each.pk, "name": each.name, "color": each.color}
        for each in (stay.came_from, stay.stage)
    )
    days = (
        (timezone.localdate(stay.entered_at) - timezone.localdate(stay.came_since)).days
        if stay.came_since
        else None
    )
    told = {"before": before, "after": after, "days": days}
    reason = stay.deal.lost_reason
    if reason and stay.entered_at == stay.deal.stage_since:
        told["reason"] = {"id": reason.pk, "name": reason.name}
    return told
