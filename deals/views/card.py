"""The card of a deal, and the change of one field in it."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Action
from directories.editing import edit_field
from directories.fields import describe_all, field_named, fields_of
from directories.models import LOST_REASONS, Entry
from pipeline.models import Pipeline, Stage
from records.timeline import flow_of, timeline_of
from records.views import news, what_may
from ui.answers import show, wants_part

from ..card import contact_of, fields_shown, organization_of, steps_of
from ..models import Deal

CARD = "deals/card.html"
# Not edited as fields: a move asks the reason, `assign_to` changes the responsible.
BY_DOORS = {"lost_reason", "owner"}
# Fields with a look of their own on the card; the others look as `directories/parts.html#field`.
OWN_LOOKS = {"title", "amount", "contact", "organization"}


@require_safe
def deal_card(request, pk):
    """The deal, its people, its next step and its history; `?after=` a further page of the history."""
    user = request.user
    deal = get_object_or_404(Deal.objects.visible_to(user).for_card(), pk=pk)
    fields = fields_of(Deal)
    describe = partial(describe_all, fields=fields, record=deal)
    after = request.GET.get("after")
    if after and wants_part(request):
        timeline = timeline_of(deal, user, describe=describe, after=after)
        context = {"timeline": timeline, "may_change": deal.may_be_changed_by(user)}
        return show(request, "activities/parts.html", "timeline_days", context)
    stages = list(Stage.objects.visible_to(user).filter(pipeline=deal.stage.pipeline_id).in_order())
    contact = contact_of(deal, user)
    context = flow_of(deal, user, describe=describe, after=after) | {
        "deal": deal,
        "stages": [stage for stage in stages if not stage.is_retired],
        "steps": steps_of(deal, stages),
        "won": _of_kind(stages, Stage.Kind.WON),
        "lost": _of_kind(stages, Stage.Kind.LOST),
        "lost_reasons": Entry.objects.visible_to(user).of(LOST_REASONS).in_use(),
        "has_other_pipelines": Pipeline.objects.visible_to(user)
        .in_use()
        .exclude(pk=deal.stage.pipeline_id)
        .exists(),
        "fields": fields_shown(deal, fields),
        "contact": contact,
        "contact_is_mine": contact and contact.record.allows(user, Action.CHANGE),
        "organization": organization_of(deal, user),
        **what_may(user, deal),
    }
    return show(request, CARD, None, context)


@require_safe
def deal_changes(request, pk):
    """What others have done to it since the card was shown; 204 if nothing."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user).select_related("stage__pipeline"), pk=pk)
    return news(request, deal, describe=lambda events: describe_all(events, fields_of(Deal), record=deal))


def _of_kind(stages, kind):
    return next((stage for stage in stages if stage.kind == kind and not stage.is_retired), None)


@require_http_methods(["GET", "HEAD", "POST"])
def deal_field(request, pk, name):
    """One field edited in place; `?shown` is the field as it is, after Esc."""
    user = request.user
    deals = Deal.objects.visible_to(user).for_card()
    deal = get_object_or_404(deals, pk=pk)
    field = field_named(fields_of(Deal), name)
    if field is None or name in BY_DOORS:
        raise Http404
    has_own_look = name in OWN_LOOKS

    def shown():
        now = get_object_or_404(deals, pk=pk)
        context = {"deal": now, "may_change": now.may_be_changed_by(user)}
        if not has_own_look:
            context["shown"] = field.of(now)
        if name == "contact":
            context["contact"] = contact_of(now, user)
        if name == "organization":
            context["organization"] = organization_of(now, user)
        return show(request, CARD, name if has_own_look else "field", context)

    return edit_field(
        request,
        deal,
        field,
        address=reverse("deals:deal_field", args=[pk, name]),
        shown=shown,
        **({"part": (CARD, "edit_in_place")} if has_own_look else {}),
    )
