"""A new organization, and a changed one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right, right_required
from directories.kinds import KINDS
from records.refusals import AlreadyMade, NotAllowed, Overtaken
from ui.answers import Refusal, leave, say, show

from ..forms import OrganizationForm
from ..models import Organization
from ..recognition import doubles_of

FORM = "organizations/form.html"
LETTERS = 200  # no name is longer


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CHANGE_ORGANIZATIONS)
def organization_new(request):
    """The form of a new organization; the POST makes it."""
    user = request.user
    form = OrganizationForm(user, data=request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                organization = Organization.objects.make(
                    by=user, token=form.cleaned_data["token"], **form.values
                )
            except AlreadyMade as refusal:
                messages.info(request, _("This form was sent already; here is what it made."))
                return leave(request, refusal.record)
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                say(request, _("The organization is there: %(name)s") % {"name": organization})
                return leave(request, organization)
    return show(request, FORM, None, {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request, pk):
    """The whole form; what somebody else has changed since it was shown is said at its field."""
    user = request.user
    organization = get_object_or_404(Organization.objects.visible_to(user).for_card(), pk=pk)
    if not organization.may_be_changed_by(user):
        raise NotAllowed
    form = OrganizationForm(user, organization, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                organization.change(form.changes, by=user, shown=form.shown)
            except Overtaken as refusal:
                form.overtaken(refusal)
                status = refusal.status
            except NotAllowed:
                raise
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                say(request, _("Saved."))
                return leave(request, organization)
    return show(request, FORM, None, {"form": form, "organization": organization}, status=status)


@require_safe
@right_required(Right.CHANGE_ORGANIZATIONS)
def organization_doubles(request):
    """What is here already of the organization that is being typed; `?besides` is the organization itself."""
    user, besides = request.user, request.GET.get("besides", "")
    organizations = Organization.objects.visible_to(user)
    record = (
        organizations.filter(pk=int(besides)).first()
        if besides.isascii() and besides.isdigit() and len(besides) < 19
        else None
    )
    typed = {name: request.GET.get(name, "").replace("\x00", "")[:LETTERS] for name in ("name", "inn", "kpp")}
    lists = {name: KINDS[name].readable(request.GET.getlist(name)) for name in ("phones", "emails")}
    doubles = doubles_of(typed | lists, user=user, besides=record)
    return render(request, f"{FORM}#doubles", {"doubles": doubles, "record": record})
