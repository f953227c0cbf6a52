"""What the pages of all records do alike (the look-up stays with each page), and operations on many."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Action, Right, Scope
from accounts.tracking import TRACKED
from ui.answers import leave, say, show
from ui.paging import by_key

from .forms import AssignForm
from .models import Operation, Record
from .news import news_of
from .refusals import NotAllowed, Overtaken

OPERATIONS_A_PAGE = 50
KEPT_A_PAGE = 100


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


@require_safe
def operation_list(request):
    """Work on many records, one's own or everybody's, newest first; `?after=` goes on."""
    operations = Operation.objects.visible_to(request.user).select_related("by", "undone_by", "by__role")
    page = by_key(operations, order=("-id",), after=request.GET.get("after"), size=OPERATIONS_A_PAGE)
    rows = [(operation, operation.may_be_undone_by(request.user)) for operation in page]
    context = {"rows": rows, "next_key": page.next_key, "query": request.GET}
    part = "rows" if request.GET.get("after") else None
    return show(request, "records/operations.html", part, context)


@require_safe
def operation_page(request, pk):
    """One operation: what it did, and what its undo has kept; with htmx only how far the undo is."""
    operations = Operation.objects.visible_to(request.user).select_related("by", "undone_by")
    operation = get_object_or_404(operations, pk=pk)
    page = by_key(operation.kept, order=("id",), after=request.GET.get("after"), size=KEPT_A_PAGE)
    context = {
        "operation": operation,
        "may_undo": operation.may_be_undone_by(request.user),
        "may_go_on": operation.undo_may_go_on_by(request.user),
        "page": page,
        "rows": _named_to(request.user, operation, page.rows),
        "query": request.GET,
    }
    part = "kept" if request.GET.get("after") else "state"
    return show(request, "records/operation.html", part, context)


def _named_to(user, operation, kept):
    """Return [(KeptRecord, whether `user` may see what it names)]; one query, for all are of one model.

    People, teams and entries are named to who configures: their history is read by nobody else.
    """
    if not kept:
        return []
    model = next(model for model in TRACKED if model._meta.model_name == operation.entity)
    seen = set()
    if issubclass(model, Record) or user.has_right(Right.CONFIGURE):
        ids = [each.object_id for each in kept]
        seen = set(model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [(each, each.object_id in seen) for each in kept]


@require_POST
def operation_undo(request, pk):
    """Take an operation back: at once, or by a job that its page shows at work."""
    operation = get_object_or_404(Operation.objects.visible_to(request.user), pk=pk)
    operation = operation.undo(by=request.user)
    if operation.state == Operation.State.UNDONE:
        say(request, _("Undone (%(counts)s).") % {"counts": operation.undid or _("nothing was left to undo")})
    return leave(request, reverse("records:operation_page", args=[pk]))
