"""What a deal tells."""

from django.utils.translation import gettext_lazy as _

from records.events import Happening


class DealMoved(Happening):
    """`before` and `after`: {id, name, color} of the stages; `days`: whole days it stood, None if unknown."""

    kind = "deal_moved"
    icon = "arrows-right-left"

    @classmethod
    def sentence(cls, event):
        return _("moves the deal: %(before)s → %(after)s") % {
            "before": event.particulars["before"]["name"],
            "after": event.particulars["after"]["name"],
        }
