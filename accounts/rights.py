"""What a role may do: the scopes, the entities and actions they are given for, and the rights."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.IntegerChoices):
    """Whose records an action reaches; a greater one contains the lesser."""

    NONE = 0, _("none")
    OWN = 1, _("own")
    TEAM = 2, _("own team")
    ALL = 3, _("all")


class Entity(models.TextChoices):
    """The kinds of records that have a responsible, and so a scope."""

    CONTACT = "contact", _("Contact")
    ORGANIZATION = "organization", _("Organization")
    DEAL = "deal", _("Deal")


class Action(models.TextChoices):
    """What a scope is given for. `change` covers moving and assigning too."""

    VIEW = "view", _("view")
    CHANGE = "change", _("change, move, assign")
    ARCHIVE = "archive", _("archive")
    EXPORT = "export", _("export")


class Right(models.TextChoices):
    """What a role may do at all, whatever the record."""

    CHANGE_CONTACTS = "change_contacts"
    CHANGE_ORGANIZATIONS = "change_organizations"
    CHANGE_DEALS = "change_deals"
    SEE_FUNNEL = "see_funnel"
    IMPORT = "import"
    CONFIGURE = "configure"


RIGHT_TO_CHANGE = {
    Right.CHANGE_CONTACTS: Entity.CONTACT,
    Right.CHANGE_ORGANIZATIONS: Entity.ORGANIZATION,
    Right.CHANGE_DEALS: Entity.DEAL,
}


def right_required(right):
    """Refuse the view with a sentence (403) to a person whose role lacks `right`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_right(right):
                raise PermissionDenied(_("Your role does not allow this. Ask your administrator."))
            return view(request, *args, **kwargs)

        guarded.right = right
        return guarded

    return decorate
