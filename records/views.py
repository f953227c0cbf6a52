"""What the pages of all records do alike. The look-up stays with each page."""

from django.utils.translation import gettext as _

from ui.answers import leave, say, show

from .forms import AssignForm
from .refusals import NotAllowed, Overtaken


def assign(request, record):
    """Show who may become responsible for `record` (GET), or make him so (POST).

    XX
     nothing else. A refusal is said at the field, and the present responsible is shown.
    """
    if not record.allows(request.user, "change"):
        raise NotAllowed
    form = AssignForm(request.POST or None, record=record, user=request.user)
    status = 200
    if form.is_valid():
        try:
            record.assign_to(
                form.cleaned_data["owner"], by=request.user, seen_with=form.cleaned_data["seen_with"]
            )
        except (NotAllowed, Overtaken) as refusal:
            form.add_error("owner", str(refusal))
            status = refusal.status
        else:
            say(request, _("Responsible: %(name)s") % {"name": form.cleaned_data["owner"]})
            return leave(request, record)
    elif form.is_bound:
        status = 422
    return show(request, "records/assign.html", "dialog", {"form": form, "record": record}, status=status)
