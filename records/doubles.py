"""Who is here already: of what a person may not see, no more than who is responsible (DESIGN §4)."""

from dataclasses import dataclass, field

from accounts.models import User
from accounts.rights import Action

MOST_SHOWN = 5
MOST_FOUND = 100  # of a phone that half the base has


@dataclass(frozen=True)
class Doubles:
    """Records that may be the same: those that the person sees, and the `responsibles` of others."""

    records: list = field(default_factory=list)
    responsibles: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.records or self.responsibles)


def doubles_among(same, *, user):
    """Return the Doubles that `user` is told of, from the unscoped queryset `same`. Three queries at most."""
    # In no order: with one, the planner walks the index of names, which is right only if many are the same.
    found = list(same.order_by().values_list("pk", "owner")[:MOST_FOUND])
    people = user.people_in(same.model.entity, Action.VIEW)
    seen = [pk for pk, owner in found if people is None or owner in people]
    foreign = {owner for _pk, owner in found if people is not None and owner not in people}
    records = same.model.objects.visible_to(user).filter(pk__in=seen).by_name().for_list()
    responsibles = User.objects.filter(pk__in=foreign).order_by("last_name", "pk")
    return Doubles(
        list(records[:MOST_SHOWN]) if seen else [], list(responsibles[:MOST_SHOWN]) if foreign else []
    )
