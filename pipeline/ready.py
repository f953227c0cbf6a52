"""The four ready funnels that `/setup/` offers."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ReadyPipeline:
    """A funnel to choose: its name, a line about it, what its pipeline is called then, and its stages.

    A stage is (name, colour of the palette, probability in percent, limit in days).
    """

    name: str | Promise
    about: str | Promise
    pipeline_name: str | Promise
    stages: tuple

    def stages_with_ends(self):
        """Return the fields of all stages, the first one for leads, won and lost at the end."""
        steps = [
            {
                "name": str(name),
                "kind": "lead" if number == 0 else "open",
                "color": color,
                "probability": probability,
                "idle_days": idle_days,
            }
            for number, (name, color, probability, idle_days) in enumerate(self.stages)
        ]
        return [
            *steps,
            {"name": str(_("Won")), "kind": "won", "color": 10, "probability": 100},
            {"name": str(_("Lost")), "kind": "lost", "color": 6, "probability": 0},
        ]


READY_PIPELINES = {
    "recruiting": ReadyPipeline(
        _("Recruiting agency"),
        _("Recruiting to order: from inquiry to the first working day"),
        _("Recruiting to order"),
        (
            (_("Inquiry"), 1, 10, 2),
            (_("Negotiation"), 2, 20, 7),
            (_("Contract"), 4, 40, 7),
            (_("Search"), 5, 60, 14),
            (_("Interviews"), 6, 75, 10),
            (_("Offer"), 7, 90, 5),
            (_("Invoice"), 9, 95, 10),
        ),
    ),
    "wholesale": ReadyPipeline(
        _("Wholesale and supply"),
        _("Request, quote, invoice, payment, shipment"),
        _("Wholesale"),
        (
            (_("Request"), 1, 10, 2),
            (_("Quote"), 2, 30, 5),
            (_("Invoice"), 4, 60, 7),
            (_("Payment"), 7, 90, 7),
            (_("Shipment"), 9, 95, 7),
        ),
    ),
    "services": ReadyPipeline(
        _("Services and projects"),
        _("Meeting, offer, contract, work"),
        _("Projects"),
        (
            (_("Inquiry"), 1, 10, 2),
            (_("Meeting"), 2, 25, 7),
            (_("Offer"), 4, 40, 7),
            (_("Contract"), 5, 70, 10),
            (_("Work"), 7, 90, 30),
            (_("Acceptance"), 9, 95, 10),
        ),
    ),
    "simple": ReadyPipeline(
        _("The simplest"),
        _("As in the textbook: inquiry, negotiation, invoice, payment, shipment"),
        _("Sales"),
        (
            (_("Inquiry"), 1, 10, 2),
            (_("Negotiation"), 2, 30, 7),
            (_("Invoice sent"), 4, 60, 7),
            (_("Payment"), 7, 90, 7),
            (_("Shipment"), 9, 95, 7),
        ),
    ),
}
