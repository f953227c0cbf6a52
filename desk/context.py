"""The way round the house, for every page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rights import Action, Entity, Right, Scope
from pipeline.models import Pipeline


def navigation(request):
    """The side bar's entries (label, icon, url, active, here, children, gap) and the menu «Create».

    An entry is `here` when it is active and none of its children is. Only what the person's role opens;
    what is later is left out.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not getattr(request, "company", None):
        return {}
    return {"navigation": list(_entries(user, request.path)), "create_menu": list(_creations(user))}


def _entries(user, path):
    def entry(label, icon, url, **more):
        active = path.startswith(more.pop("within", url))
        below = any(child["active"] for child in more.get("children", ()))
        here = active and not below
        return {"label": label, "icon": icon, "url": url, "active": active, "here": here, **more}

    def sees(entity):
        return user.role.scope(entity, Action.VIEW) > Scope.NONE

    if sees(Entity.DEAL):
        boards = [
            {"label": each.name, "url": url, "active": path.startswith(url)}
            for each in Pipeline.objects.visible_to(user).in_use()
            for url in [reverse("deals:board", args=[each.pk])]
        ]
        within = (reverse("deals:board_last"), reverse("deals:deal_list"))
        yield entry(_("Deals"), "layout-kanban", within[0], within=within, children=boards)
    if sees(Entity.CONTACT):
        yield entry(_("Contacts"), "users", reverse("contacts:contact_list"))
    if sees(Entity.ORGANIZATION):
        yield entry(_("Organizations"), "building", reverse("organizations:organization_list"))
    if user.has_right(Right.SEE_FUNNEL):
        yield entry(_("Funnel"), "chart-bar", reverse("deals:funnel_last"))
    if user.has_right(Right.IMPORT):
        yield entry(_("Operations"), "history", reverse("records:operation_list"))
    if user.is_staff:
        yield entry(_("Directories"), "book-2", reverse("admin:directories_directory_changelist"), gap=True)
        yield entry(_("Settings"), "settings", reverse("admin:index"))
        yield entry(_("System"), "device-desktop", reverse("system"))


def _creations(user):
    for right, label, icon, name, key in (
        (Right.CHANGE_DEALS, _("Deal"), "briefcase", "deals:deal_new", "c"),
        (Right.CHANGE_CONTACTS, _("Contact"), "user-plus", "contacts:contact_new", ""),
        (Right.CHANGE_ORGANIZATIONS, _("Organization"), "building", "organizations:organization_new", ""),
    ):
        if user.has_right(right):
            yield {"label": label, "icon": icon, "url": reverse(name), "key": key}
