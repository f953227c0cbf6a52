"""The card of a contact, and the change of one field in it."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Action, Right
from directories.editing import edit_field
from directories.fields import describe_all, field_named, fields_of, load_names
from records.forms import check_constraints
from records.timeline import flow_of, timeline_of
from records.views import news, what_may
from ui.answers import show, wants_part
from ui.paging import capped_count

from ..models import Contact

CARD = "contacts/card.html"
REACH = ("phones", "emails", "messengers")
# Said in the head, pinned, or on a card of its own.
ELSEWHERE = {*REACH, "last_name", "first_name", "patronymic", "position", "organization", "needs", "owner"}
IN_HEAD = {"phones", "emails", "last_name", "first_name", "patronymic", "position"}
MOST_DEALS = 20


@require_safe
def contact_card(request, pk):
    """The contact, its deals and its history; `?after=` a further page of the history."""
    user = request.user
    contact = get_object_or_404(Contact.objects.visible_to(user).for_card(), pk=pk)
    fields = fields_of(Contact)
    describe = partial(describe_all, fields=fields)
    after = request.GET.get("after")
    if after and wants_part(request):
        timeline = timeline_of(contact, user, describe=describe, after=after)
        context = {"timeline": timeline, "may_change": contact.may_be_changed_by(user)}
        return show(request, "activities/parts.html", "timeline_days", context)
    load_names([contact], fields)
    deals = contact.deals.visible_to(user)
    organization = contact.organization
    sees_organization = bool(organization) and organization.allows(user, Action.VIEW)
    context = flow_of(contact, user, describe=describe, after=after) | {
        "reach": [field.of(contact) for field in fields if field.name in REACH],
        "about": [field.of(contact) for field in fields if field.name not in ELSEWHERE],
        "sees_organization": sees_organization,
        "colleagues": capped_count(organization.contacts.visible_to(user).present())
        if sees_organization
        else None,
        "open_deals": list(deals.open().for_list().newest_in_stage_first()[:MOST_DEALS]),
        "open_worth": deals.open().worth(),
        "closed": deals.closed_counts(),
    }
    return show(request, CARD, None, context | _head(contact, user))


@require_safe
def contact_changes(request, pk):
    """What others have done to it since the card was shown; 204 if nothing."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    return news(request, contact, describe=lambda events: describe_all(events, fields_of(Contact)))


def _head(contact, user):
    """What the head of the card shows, and which actions it offers."""
    return {
        "contact": contact,
        **what_may(user, contact),
        "may_make_deals": user.has_right(Right.CHANGE_DEALS),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def contact_field(request, pk, name):
    """One field edited in place; `?shown` is the field as it is, after Esc."""
    user = request.user
    contacts = Contact.objects.visible_to(user).for_card()
    contact = get_object_or_404(contacts, pk=pk)
    field = field_named(fields_of(Contact), name)
    if field is None or field.kind.has_own_door:
        raise Http404

    def shown():
        now = get_object_or_404(contacts, pk=pk)
        context = _head(now, user) | {"shown": field.of(now)}
        part = "needs" if name == "needs" else "reach" if name in REACH else "field"
        response = show(request, CARD, part, context)
        if part != "field":
            response.headers["HX-Retarget"] = "#needs" if part == "needs" else f"#reach-{name}"
        if name in IN_HEAD:
            response.content += render(request, f"{CARD}#head", context | {"oob": True}).content
        return response

    return edit_field(
        request,
        contact,
        field,
        address=reverse("contacts:contact_field", args=[pk, name]),
        shown=shown,
        check=partial(check_constraints, contact),
    )
