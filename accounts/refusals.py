"""The ways in which this room refuses."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class AdminExists(Refusal):
    """The first admin was made already."""

    status = 409
    sentence = _("This company already has an administrator. Log in, or ask them for an account.")


class LastAdmin(Refusal):
    """The last person who can configure can't be taken away."""

    status = 409
    sentence = _("This is the last administrator. Make another one first.")


class NoEmail(Refusal):
    """Who can log in is known by an e-mail."""

    status = 422
    field = "email"
    sentence = _("Who can log in needs an e-mail.")


class OwnRights(Refusal):
    """Nobody raises himself, so nobody changes what his own role may do."""

    status = 403
    sentence = _("Nobody changes what his own role may do. Ask an administrator who has another role.")


class WithinItself(Refusal):
    """Teams are a tree."""

    status = 422
    field = "parent"
    sentence = _("A team can't be part of itself.")


class OwnRole(Refusal):
    """Nobody changes his own role."""

    status = 403
    sentence = _("Nobody changes his own role. Ask another administrator.")
