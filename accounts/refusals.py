"""The ways in which this room refuses."""

from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ui.answers import Refusal


class AdminExists(Refusal):
    """The first admin was made already."""

    status = 409
    sentence = _("This company already has an administrator. Log in, or ask them for an account.")


class AlreadyHere(Refusal):
    """Who is to be invited has an account."""

    status = 422
    field = "email"
    sentence = _("Somebody has this e-mail already.")


class AlreadyInvited(Refusal):
    """An invitation to this e-mail waits."""

    status = 422
    field = "email"
    sentence = _("This e-mail is invited already: send that invitation again, or withdraw it first.")


class InvitationIsOver(Refusal):
    """The invitation was used, withdrawn, sent again, or is out of time."""

    status = 409
    sentence = _("This invitation was used or withdrawn in the meantime.")


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


class LinkIsOver(Refusal):
    """The link of a letter was used, is out of time, or was made for something else."""

    status = 409
    sentence = _("This link no longer works: it does once, for an hour, for whoever asked for it.")


class RoleBeyondOwn(Refusal):
    """Nobody invites to more than he may himself."""

    status = 403
    field = "role"
    sentence = _("This role may more than yours. Ask an administrator who may as much.")


class WithinItself(Refusal):
    """Teams are a tree."""

    status = 422
    field = "parent"
    sentence = _("A team can't be part of itself.")


class OwnRole(Refusal):
    """Nobody changes his own role."""

    status = 403
    sentence = _("Nobody changes his own role. Ask another administrator.")


class OwnSecondFactor(Refusal):
    """One's own is switched off on one's own page, with the password."""

    status = 403
    sentence = _("Your own second factor is switched off on your own page.")


class SecondFactorUnreadable(Refusal):
    """The secret key of the installation is another than when the second factor was set up."""

    sentence = _(
        "Your second factor can't be read: it was made with another secret key of this installation."
        " Ask an administrator to take it away; for the last administrator there is"
        " manage.py take_second_factor on the server."
    )


class SessionIsOver(Refusal):
    """What is to be ended is no log-in of this person, or none any more."""

    status = 422
    sentence = _("This log-in is over already.")


class TooManyAttempts(Refusal):
    """Something was tried too often; `wait` (a timedelta) says for how long it is refused."""

    status = 429

    def __init__(self, wait):
        super().__init__()
        seconds = max(1, ceil(wait.total_seconds()))
        minutes = ceil(seconds / 60)
        self.retry_after_seconds = seconds
        self.sentence = ngettext(
            "Too many attempts. Wait %(minutes)d minute, then try again.",
            "Too many attempts. Wait %(minutes)d minutes, then try again.",
            minutes,
        ) % {"minutes": minutes}
