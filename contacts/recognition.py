"""Who is it? Contacts that have a phone or an e-mail already."""

from dataclasses import dataclass, field

from accounts.models import User

from .models import Contact

MOST_DOUBLES = 5


@dataclass(frozen=True)
class Doubles:
    """Who has a phone or e-mail already: `contacts` that the person sees, `responsibles` of others."""

    contacts: list = field(default_factory=list)
    responsibles: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.contacts or self.responsibles)


def doubles_of(phones, emails, *, user, besides=None):
    """Return the Doubles of a contact with these `phones` and `emails` (lists as the record keeps them).

    `besides` is the contact itself. Of what `user` may not see nothing is told but who is responsible.
    """
    numbers = [item["value"] for item in phones or ()]
    addresses = [item["value"] for item in emails or ()]
    if not numbers and not addresses:
        return Doubles()
    everybody = Contact.objects.for_system("a double of a foreign contact is named by its responsible")
    same = everybody.present().with_any(phones=numbers, emails=addresses).exclude(pk=besides and besides.pk)
    seen = list(same.visible_to(user).by_name().for_list()[:MOST_DOUBLES])
    people = user.people_in(Contact.entity, "view")
    if people is None:
        return Doubles(seen)
    foreign = same.exclude(owner_id__in=people).order_by().values("owner")
    return Doubles(seen, list(User.objects.filter(pk__in=foreign).order_by("last_name", "pk")[:MOST_DOUBLES]))
