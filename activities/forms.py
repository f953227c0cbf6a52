"""What is typed of notes and tasks."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ui.forms import DateInput

from .models import Activity

END_OF_DAY = datetime.time(23, 59, 59)  # a task without a time is due until its day is over


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class NoteForm(forms.Form):
    """A note. `token` makes one rendered form one note."""

    text = forms.CharField(label=_("Text of the note"), max_length=20_000, widget=forms.Textarea)
    token = forms.UUIDField(widget=forms.HiddenInput)


class DueFields(forms.Form):
    """A day and perhaps a time of it, in the person's zone."""

    due_on = forms.DateField(label=_("Day"), required=False, widget=DateInput)
    due_time = forms.TimeField(label=_("Time"), required=False, widget=TimeInput)

    def clean(self):
        cleaned = super().clean()
        day, time = cleaned.get("due_on"), cleaned.get("due_time")
        if time and not day and "due_on" not in self.errors:
            self.add_error("due_on", _("Give the day too."))
        cleaned["is_all_day"] = bool(day and not time)
        cleaned["due_at"] = (
            timezone.make_aware(datetime.datetime.combine(day, time or END_OF_DAY)) if day else None
        )
        return cleaned


class TaskForm(DueFields):
    """A task. `token` makes one rendered form one task."""

    title = forms.CharField(label=_("What to do"), max_length=Activity._meta.get_field("title").max_length)
    token = forms.UUIDField(widget=forms.HiddenInput)


class ReplanForm(DueFields):
    """Another time and other words for a task, or `postpone`: so many days from today.

    `seen_due` and `seen_title` are what the form showed.
    """

    title = forms.CharField(
        label=_("What to do"), required=False, max_length=Activity._meta.get_field("title").max_length
    )
    postpone = forms.IntegerField(required=False, min_value=0, max_value=366)
    seen_due = forms.DateTimeField(required=False, input_formats=["iso8601"], widget=forms.HiddenInput)
    seen_title = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, task):
        self.task = task
        due = timezone.localtime(task.due_at) if task.due_at else None
        super().__init__(
            data,
            initial={
                "title": task.title,
                "due_on": due and due.date(),
                "due_time": due.time() if due and not task.is_all_day else None,
                "seen_due": task.due_at.isoformat() if task.due_at else "",
                "seen_title": task.title,
            },
        )

    def clean_seen_due(self):
        """What was shown, None for no date."""
        return self.cleaned_data["seen_due"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("postpone") is not None:
            cleaned |= self._put_off(cleaned["postpone"])
        return cleaned

    def _put_off(self, days):
        """The same time of the day, so many days from today."""
        due = timezone.localtime(self.task.due_at) if self.task.due_at else None
        time = due.time() if due and not self.task.is_all_day else END_OF_DAY
        day = timezone.localdate() + datetime.timedelta(days=days)
        return {
            "due_at": timezone.make_aware(datetime.datetime.combine(day, time)),
            "is_all_day": time == END_OF_DAY,
        }

    @property
    def values(self):
        """What the door takes."""
        seen = {"due_at": self.cleaned_data["seen_due"]}
        if "seen_title" in self.data:
            seen["title"] = self.cleaned_data["seen_title"]
        return {
            "due_at": self.cleaned_data["due_at"],
            "is_all_day": self.cleaned_data["is_all_day"],
            "title": self.cleaned_data["title"] or None,
            "seen": seen,
        }
