"""What the pages of all records do alike. The look-up stays with each page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.rights import Action, Scope
from ui.answers import leave, say, show

from .forms import AssignForm
from .news import news_of
from .refusals import NotAllowed, Overtaken


def what_may(user, record):
    """Return what the head of a record's card asks of its reader: may_change, may_assign, may_archive."""
    return {
        "may_change": record.may_be_changed_by(user),
        "may_assign": user.role.scope(record.entity, Action.CHANGE) > Scope.OWN,
        "may_archive": record.allows(user, Action.ARCHIVE),
    }


def assign(request, record):
    """Show who may become responsible for `record` (GET), or make him so (POST).

    Answers with the dialog if htmx asked, else with a page; then goes to the record, or to `?next=` and
    nowhere else. A refusal is said at the field, and the present responsible is shown.
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


def news(request, record, *, describe):
    """What others did to `record` since `?since=` (the id of an event), as a bar; 204 if nothing new.

    `?told=` is the last event that the bar told already.
    """
    since, told = (_number(request.GET.get(name, "")) for name in ("since", "told"))
    found = news_of(record, request.user, since=since, told=max(since, told), describe=describe)
    if found is None:
        return HttpResponse(status=204)
    return render(request, "records/parts.html#news", {"record": record, "news": found, "since": since})


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
