"""The orders of the list of deals, each served by an index of the model, and its tabs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What is asked (`?sort=-amount`) → the columns by which a page goes on by key.
OPEN_SORTS = {
    "updated_at": "updated_at",
    "amount": "amount",
    "created_at": "created_at",
    "stage_since": "in_column_since",
    "title": "search",
    "next_step": "next_step_at",
}
CLOSED_SORTS = {"closed_at": "closed_at", "updated_at": "updated_at", "created_at": "created_at"}
ARCHIVE_SORTS = {"updated_at": "updated_at"}
ANY_SORTS = {"updated_at": "updated_at", "created_at": "created_at"}
ORDERS = [
    ("-closed_at", _("closed last first")),
    ("-updated_at", _("changed last first")),
    ("updated_at", _("changed longest ago first")),
    ("-created_at", _("newest first")),
    ("created_at", _("oldest first")),
    ("-amount", _("largest amount first")),
    ("amount", _("smallest amount first")),
    ("stage_since", _("longest in its stage first")),
    ("-stage_since", _("shortest in its stage first")),
    ("next_step", _("nearest step first")),
    ("title", _("by title")),
]


def sorts_of(narrowed):
    """Return {sort: column}, those that indexes serve for what the DealFilter `narrowed` lists."""
    if narrowed.cleaned.get("archived"):
        return ARCHIVE_SORTS
    if narrowed.lists_open_deals:
        return OPEN_SORTS
    if narrowed.happened.kind:
        return ANY_SORTS
    return ANY_SORTS if narrowed.cleaned.get("outcome") == "any" else CLOSED_SORTS


def order_of(asked, narrowed):
    """Return (sort, order): the sort in force and its columns, for `ui.paging.by_key`.

    What no index serves is not looked at: then the last change or closing comes first, and of overdue
    deals the one that has waited longest.
    """
    sorts = sorts_of(narrowed)
    if asked.removeprefix("-") not in sorts:
        asked = "next_step" if narrowed.cleaned.get("step") == "overdue" else f"-{next(iter(sorts))}"
    sign = "-" if asked.startswith("-") else ""
    return asked, (f"{sign}{sorts[asked.removeprefix('-')]}", f"{sign}id")


def tabs_for(user):
    """The tabs: name, label, query."""
    return [
        ("open", _("All open"), ""),
        ("mine", _("Mine"), f"responsible={user.pk}"),
        ("overdue", pgettext_lazy("deals", "Overdue"), "step=overdue"),
        ("none", _("Without a step"), "step=none"),
        ("idle", pgettext_lazy("deals", "Idle"), "idle=1"),
        ("won", pgettext_lazy("deals", "Won"), "outcome=won"),
        ("lost", pgettext_lazy("deals", "Lost"), "outcome=lost"),
        ("archive", _("Archive"), "archived=1"),
    ]
