"""A new contact, a changed one, and who may be the same person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right, right_required
from directories.kinds import KINDS
from records.refusals import AlreadyMade, NotAllowed, Overtaken
from ui.answers import Refusal, leave, say, show

from ..forms import ContactForm
from ..models import Contact
from ..recognition import doubles_of

FORM = "contacts/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.CHANGE_CONTACTS)
def contact_new(request):
    """The form of a new contact; the POST makes it, and its organization if that is new."""
    user = request.user
    form = ContactForm(user, data=request.POST if request.method == "POST" else None, initial=_asked(request))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                contact = Contact.objects.make(by=user, token=form.cleaned_data["token"], **form.values)
            except AlreadyMade as refusal:
                messages.info(request, _("This form was sent already; here is what it made."))
                return leave(request, refusal.record)
            except Refusal as refusal:
                refusal.add_to(form)
                status = refusal.status
            else:
                say(request, _("The contact is there: %(name)s") % {"name": contact})
                return leave(request, contact)
    return show(request, FORM, None, {"form": form}, status=status)


def _asked(request):
    """What a link to the form gives along: the organization, a phone, a name."""
    organization = request.GET.get("organization", "")
    return {
        "organization": int(organization) if organization.isascii() and organization.isdigit() else None,
        "first_name": request.GET.get("first_name", "")[:100],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request, pk):
    """The whole form; what somebody else has changed since it was shown is said at its field."""
    user = request.user
    contact = get_object_or_404(Contact.objects.visible_to(user).for_card(), pk=pk)
    if not contact.may_be_changed_by(user):
        raise NotAllowed
    form = ContactForm(user, contact, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                contact.change(form.changes, by=user, shown=form.shown)
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
                return leave(request, contact)
    return show(request, FORM, None, {"form": form, "contact": contact}, status=status)


@require_safe
@right_required(Right.CHANGE_CONTACTS)
def contact_doubles(request):
    """Who has one of the phones or e-mails that are being typed; `?besides` is the contact itself."""
    besides = request.GET.get("besides", "")
    contacts = Contact.objects.visible_to(request.user)
    record = (
        contacts.filter(pk=int(besides)).first()
        if besides.isascii() and besides.isdigit() and len(besides) < 19
        else None
    )
    phones, emails = (KINDS[name].readable(request.GET.getlist(name)) for name in ("phones", "emails"))
    doubles = doubles_of(phones, emails, user=request.user, besides=record)
    return render(request, f"{FORM}#doubles", {"doubles": doubles, "record": record})
