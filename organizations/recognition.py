"""Is it here already? Organizations with the same INN, name, phone or e-mail."""

from records.doubles import Doubles, doubles_among

from .models import Organization

NAMING = ("name", "inn", "kpp", "phones", "emails")  # the fields by which an organization is known


def doubles_of(values, *, user, besides=None):
    """Return the Doubles of an organization with these `values` of NAMING, as the record keeps them.

    What is not among `values` says nothing. `besides` is the organization itself. Of what `user` may
    not see nothing is told but who is responsible.
    """
    everything = Organization.objects.for_system("a double of a foreign one is named by its responsible")
    same = everything.present().same_as(**values)
    if same is None:
        return Doubles()
    return doubles_among(same.exclude(pk=besides and besides.pk), user=user)
