"""Suggestions for fields that point at a record, and the history of any record."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.rights import Right
from accounts.tracking import changes_model
from records.models import Record
from ui.answers import leave, say, show

from .forms import AsOfForm
from .history import history_of, record_as_of, undo_change, undo_setting, visible_record
from .registry import model_of

MOST = 10


@require_GET
def suggest(request, entity):
    """Options with the names that fit the text among the records the person sees, for a datalist.

    `in` is the name of the input that asks, under which htmx sends its text.
    """
    model = model_of(entity)
    if model is None or not hasattr(model.objects, "by_name"):
        raise Http404
    text = request.GET.get(request.GET.get("in", "q"), "")[:100].strip()
    fitting = model.objects.visible_to(request.user).present().search(text).by_name()
    found = fitting[:MOST] if len(text) > 1 else []
    return render(request, "directories/parts.html#suggestions", {"found": found})


@require_safe
def record_history(request, entity, pk):
    """Who changed what in a record; `?after=` goes on, `?at=` shows it as it was on a day, or at a moment."""
    record = visible_record(entity, pk, request.user)
    whole = getattr(record, "part_of", record)
    form = AsOfForm(request.GET if request.GET.get("at") else None)
    context = {
        "record": record,
        "entity": entity,
        "name": str(record) if whole is record else f"{whole}, {record}",
        "parts": getattr(record, "parts", ()),
        "back": address_of(whole),
        "form": form,
        "query": request.GET,
        "may_change": _may_be_changed_by(request.user, record),
        "shows_requests": request.user.has_right(Right.CONFIGURE),
    }
    if form.is_bound and form.is_valid():
        moment = form.cleaned_data["at"]
        context |= {"moment": moment, "state": record_as_of(record, moment)}
    else:
        context["page"] = history_of(record, after=request.GET.get("after"))
    part = "changes" if request.GET.get("after") else None
    return show(request, "directories/history.html", part, context, status=422 if form.errors else 200)


@require_POST
def change_undo(request, entity, pk, change):
    """Put back what one change of a record, or of what is set up, replaced."""
    record = visible_record(entity, pk, request.user)
    row = get_object_or_404(changes_model(type(record)), pgh_obj=pk, pk=change)
    if isinstance(record, Record):
        undo_change(record, row, by=request.user)
    else:
        undo_setting(record, row, by=request.user, request=request)
    say(request, _("The change is undone."))
    return leave(request, reverse("directories:record_history", args=[entity, pk]))


def _may_be_changed_by(user, record):
    return record.may_be_changed_by(user) if isinstance(record, Record) else user.has_right(Right.CONFIGURE)


def address_of(record):
    """Return where the page of `record` is: its card, or its form in the administration."""
    if hasattr(record, "get_absolute_url"):
        return record.get_absolute_url()
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
