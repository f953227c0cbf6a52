"""Who is it? Contacts that have a phone or an e-mail already."""

from records.doubles import Doubles, doubles_among

from .models import Contact


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
    return doubles_among(same, user=user)
