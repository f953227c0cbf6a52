"""Notes and tasks: written on the card of their record, done, taken up again, put off."""

import uuid
from functools import partial

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.models import Contact
from deals.models import Deal
from directories.fields import describe_all, fields_of
from organizations.models import Organization
from records.refusals import AlreadyMade, Overtaken
from records.timeline import flow_of
from ui.answers import done, show

from .forms import NoteForm, ReplanForm, TaskForm
from .models import Activity

SUBJECTS = {model.entity: model for model in (Deal, Contact, Organization)}
PARTS = "activities/parts.html"


@require_http_methods(["GET", "HEAD", "POST"])
def note_add(request, entity, pk):
    """The form of a note on the record; its POST writes the note."""
    return _add(request, entity, pk, "note", NoteForm, lambda subject, form: Activity.objects.note(
        subject, form["text"], by=request.user, token=form["token"]
    ))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def task_add(request, entity, pk):
    """The form of a task on the record; its POST plans the task."""
    return _add(request, entity, pk, "task", TaskForm, lambda subject, form: Activity.objects.plan(
        subject, form["title"], due_at=form["due_at"], is_all_day=form["is_all_day"],
        by=request.user, token=form["token"],
    ))  # fmt: skip


def _add(request, entity, pk, tab, form_class, make):
    subject = get_object_or_404(SUBJECTS[entity].objects.visible_to(request.user), pk=pk)
    form = form_class(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                make(subject, form.cleaned_data)
            except AlreadyMade as refusal:
                if str(refusal.record) == _words_of(form):  # the same form twice: it is done
                    return _flow(request, subject)
                form.add_error(None, _("This form was sent already. What you typed is kept: send it again."))
                status = refusal.status
            else:
                return _flow(request, subject)
    context = {"subject": subject, "tab": tab, "form": form, "token": uuid.uuid4()}
    response = show(request, "activities/add.html", "composer", context, status=status)
    if status != 200:
        response.headers["HX-Retarget"] = "#composer"
    return response


def _words_of(form):
    return str(Activity(title=form.cleaned_data.get("title", ""), text=form.cleaned_data.get("text", "")))


@require_POST
def task_complete(request, pk):
    """The task is done."""
    task = _task(request, pk)
    task.complete(by=request.user)
    return _flow(request, task.subject)


@require_POST
def task_reopen(request, pk):
    """The task is not done after all."""
    task = _task(request, pk)
    task.reopen(by=request.user)
    return _flow(request, task.subject)


@require_http_methods(["GET", "HEAD", "POST"])
def task_replan(request, pk):
    """Another time, other words; by a form, or put off by a menu."""
    task = _task(request, pk)
    form = ReplanForm(request.POST if request.method == "POST" else None, task=task)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                task.replan(by=request.user, **form.values)
            except Overtaken as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                return _flow(request, task.subject)
    context = {"subject": task.subject, "task": task, "form": form}
    response = show(request, "activities/replan.html", "replan", context, status=status)
    if status != 200:
        response.headers["HX-Retarget"] = "#next"
    return response


def _task(request, pk):
    tasks = Activity.objects.visible_to(request.user).filter(kind=Activity.Kind.TASK)
    return get_object_or_404(tasks.select_related("deal__stage", "contact", "organization"), pk=pk)


def _flow(request, subject):
    """What the record's card shows of its activities, as it is now."""
    subject = type(subject).objects.visible_to(request.user).for_card().get(pk=subject.pk)
    describe = partial(describe_all, fields=fields_of(type(subject)), record=subject)
    context = flow_of(subject, request.user, describe=describe)
    return done(request, PARTS, "flow", context, page=subject)
