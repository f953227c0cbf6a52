"""A new deal, with its people."""

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import Right, right_required
from contacts.models import Contact
from organizations.models import Organization
from records.refusals import AlreadyMade
from ui.answers import Refusal, leave, say, show

from ..create_form import DealForm, stages_for
from ..people import make_deal
from .board import LAST_BOARD


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CHANGE_DEALS)
def deal_new(request):
    """The form, begun with `?stage=`, `?contact=`, `?organization=`; its POST makes all of it at once."""
    stages = stages_for(request.user)
    form = DealForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        stages=stages,
        initial=_begun(request, stages),
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                deal = make_deal(by=request.user, token=form.cleaned_data["token"], **form.values)
            except AlreadyMade as refusal:
                messages.info(request, _("This form was sent already; here is what it made."))
                return leave(request, refusal.record)
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                return _made(request, form, deal)
    pipeline = (
        form.stages[str(form["stage"].value())].pipeline
        if str(form["stage"].value()) in form.stages
        else None
    )
    return show(request, "deals/new.html", None, {"form": form, "pipeline": pipeline}, status=status)


def _made(request, form, deal):
    if form.recognised:
        text = _("Deal № %(number)s is there. The contact was recognised: %(contact)s.")
        say(request, text % {"number": deal.pk, "contact": form.recognised})
    elif form.made_of:
        text = _("Deal № %(number)s is there, with a new contact: %(name)s.")
        say(request, text % {"number": deal.pk, "name": form.made_of.understood})
    else:
        say(request, _("Deal № %(number)s is there: %(title)s") % {"number": deal.pk, "title": deal.title})
    if "again" in request.POST:
        return leave(request, f"{reverse('deals:deal_new')}?stage={deal.stage_id}")
    return leave(request, deal)


def _begun(request, stages):
    """What the form begins with: the stage asked for, else the first of the board used last; the people."""
    wanted = request.GET.get("stage")
    last = request.COOKIES.get(LAST_BOARD)
    stage = (
        next((each for each in stages if str(each.pk) == wanted), None)
        or next((each for each in stages if str(each.pipeline_id) == last), None)
        or next(iter(stages), None)
    )
    begun = {"stage": stage and stage.pk}
    contact = _asked_for(
        request, "contact", Contact.objects.visible_to(request.user).select_related("organization")
    )
    organization = _asked_for(request, "organization", Organization.objects.visible_to(request.user))
    if contact:
        begun["contact"] = contact.full_name
        organization = organization or contact.organization
    if organization:
        begun["organization"] = organization.name
    return begun


def _asked_for(request, name, records):
    pk = request.GET.get(name, "")
    return records.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
