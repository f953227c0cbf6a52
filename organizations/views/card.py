"""The card of an organization, and the change of one field in it."""

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

from ..models import Organization

CARD = "organizations/card.html"
REACH = ("phones", "emails", "site", "address")
REQUISITES = ("legal_name", "inn", "kpp", "ogrn")
# Said in the head, or on a card of its own.
ELSEWHERE = {*REACH, *REQUISITES, "name", "parent", "owner"}
IN_HEAD = {"name", "phones", "emails", "inn", "legal_name"}
MOST_DEALS = 20
MOST_PEOPLE = 10
MOST_PARTS = 10


@require_safe
def organization_card(request, pk):
    """The organization, its people, parts, deals and history; `?after=` a further page of the history."""
    user = request.user
    organization = get_object_or_404(Organization.objects.visible_to(user).for_card(), pk=pk)
    fields = fields_of(Organization)
    describe = partial(describe_all, fields=fields)
    after = request.GET.get("after")
    if after and wants_part(request):
        timeline = timeline_of(organization, user, describe=describe, after=after)
        context = {"timeline": timeline, "may_change": organization.may_be_changed_by(user)}
        return show(request, "activities/parts.html", "timeline_days", context)
    load_names([organization], fields)
    deals = organization.deals.visible_to(user)
    people = list(organization.contacts.visible_to(user).present().by_name().for_list()[: MOST_PEOPLE + 1])
    parts = list(organization.subsidiaries.visible_to(user).present().by_name().for_list()[: MOST_PARTS + 1])
    context = flow_of(organization, user, describe=describe, after=after) | {
        "reach": _of(organization, fields, REACH),
        "requisites": _of(organization, fields, REQUISITES),
        "about": [field.of(organization) for field in fields if field.name not in ELSEWHERE],
        "parent_field": field_named(fields, "parent").of(organization),
        "sees_parent": bool(organization.parent) and organization.parent.allows(user, Action.VIEW),
        "people": people[:MOST_PEOPLE],
        "more_people": len(people) > MOST_PEOPLE,
        "parts": parts[:MOST_PARTS],
        "more_parts": len(parts) > MOST_PARTS,
        "open_deals": list(deals.open().for_list().newest_in_stage_first()[:MOST_DEALS]),
        "open_worth": deals.open().worth(),
        "closed": deals.closed_counts(),
        "may_make_contacts": user.has_right(Right.CHANGE_CONTACTS),
    }
    return show(request, CARD, None, context | _head(organization, user))


@require_safe
def organization_changes(request, pk):
    """What others have done to it since the card was shown; 204 if nothing."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    return news(request, organization, describe=lambda events: describe_all(events, fields_of(Organization)))


def _of(organization, fields, names):
    return [field.of(organization) for field in fields if field.name in names]


def _head(organization, user):
    """What the head of the card shows, and which actions it offers."""
    return {
        "organization": organization,
        **what_may(user, organization),
        "may_make_deals": user.has_right(Right.CHANGE_DEALS),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def organization_field(request, pk, name):
    """One field edited in place; `?shown` is the field as it is, after Esc."""
    user = request.user
    organizations = Organization.objects.visible_to(user).for_card()
    organization = get_object_or_404(organizations, pk=pk)
    field = field_named(fields_of(Organization), name)
    if field is None or field.kind.has_own_door:
        raise Http404

    def shown():
        now = get_object_or_404(organizations, pk=pk)
        context = _head(now, user) | {"shown": field.of(now)}
        response = show(request, CARD, "reach" if name in REACH else "field", context)
        if name in REACH:
            response.headers["HX-Retarget"] = f"#reach-{name}"
        if name in IN_HEAD:
            response.content += render(request, f"{CARD}#head", context | {"oob": True}).content
        return response

    return edit_field(
        request,
        organization,
        field,
        address=reverse("organizations:organization_field", args=[pk, name]),
        shown=shown,
        check=partial(check_constraints, organization),
    )
