"""Who is it? Contacts recognised by a phone in any spelling, an e-mail, or a name in a messenger."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from accounts.models import User
from directories.kinds.emails import email
from directories.kinds.phones import phone

from .models import Contact

MOST_DOUBLES = 5


def find_contact(text, user):
    """Return the present contacts that `user` may see and `text` names, as a queryset, in order of names.

    `text` is a phone in any spelling, an e-mail, a name in a messenger (@ivanov), or a person's name.
    """
    contacts = Contact.objects.visible_to(user).present()
    if (number := _phone_in(text)) is not None:
        found = contacts.with_phone(number)
    elif (address := _email_in(text)) is not None:
        found = contacts.with_email(address)
    elif text.strip().startswith("@"):
        found = contacts.with_messenger(text.strip().lstrip("@").lower())
    else:
        found = contacts.search(text) if len(text.strip()) > 1 else contacts.none()
    return found.by_name()


def _phone_in(text):
    try:
        return phone(text.strip())["value"]
    except ValidationError:
        return None


def _email_in(text):
    try:
        return email(text)["value"]
    except ValidationError:
        return None


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
