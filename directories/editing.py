"""One field of a record edited in place: what the pages of all records do alike."""

from django.core.exceptions import ValidationError

from records.refusals import NotAllowed, Overtaken
from ui.answers import Refusal, leave, show, wants_part

from .forms import FieldForm

PARTS = "directories/parts.html"


def edit_field(request, record, field, *, address, shown, check=None, part=(PARTS, "field_edit")):
    """Edit `field` of `record`: GET shows the input, POST changes it, `?shown` is the field after Esc.

    `address` is this page's; `shown()` answers with the field as it is now (with htmx only), `check(changes)`
    may raise ValidationError, `part` is the template and partial of the input. Without htmx the form is a
    page, which leads back to the record.
    """
    if "shown" in request.GET:
        return shown() if wants_part(request) else leave(request, record)
    if not record.may_be_changed_by(request.user):
        raise NotAllowed
    form = FieldForm(field, record, request.user, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and _checked(form, check):
            try:
                record.change(form.changes, by=request.user, shown=form.shown)
            except Overtaken as refusal:
                form.overtaken(refusal)
                status = refusal.status
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.refused(refusal)
                status = refusal.status
            else:
                return shown() if wants_part(request) else leave(request, record)
    context = {"form": form, "record": record, "action": address, "cancel_url": f"{address}?shown"}
    if wants_part(request):
        return show(request, *part, context, status=status)
    return show(request, "directories/field.html", None, context, status=status)


def _checked(form, check):
    try:
        if check:
            check(form.changes)
    except ValidationError as problem:
        form.add_error("value", problem.messages)
    return form.is_valid()
