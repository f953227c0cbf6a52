"""The ways in which this room refuses."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class AdminExists(Refusal):
    """The first admin was made already."""

    status = 409
    sentence = _("This company already has an administrator. Log in, or ask him for an account.")


class LastAdmin(Refusal):
    """The last person who can configure can't be taken away."""

    status = 409
    sentence = _("This is the last administrator. Make another one first.")


class OwnRole(Refusal):
    """Nobody changes his own role."""

    status = 403
    sentence = _("Nobody changes his own role. Ask another administrator.")
