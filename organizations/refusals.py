"""The ways in which this room refuses."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class PartOfItself(Refusal):
    """An organization would stand below itself."""

    status = 422
    field = "parent"
    sentence = _("This organization is itself a part of the one you edit. Choose another one.")
