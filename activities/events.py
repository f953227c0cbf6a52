"""What activities tell, of the record they are on: `activity` is its id, `title` its words."""

from django.utils.translation import gettext_lazy as _

from records.events import Happening


class NoteWritten(Happening):
    kind = "note_written"
    icon = "note"

    @classmethod
    def sentence(cls, event):
        return _("writes a note")


class TaskPlanned(Happening):
    kind = "task_planned"
    icon = "checklist"

    @classmethod
    def sentence(cls, event):
        return _("plans a task: %(title)s") % {"title": event.particulars["title"]}


class TaskCompleted(Happening):
    kind = "task_completed"
    icon = "check"

    @classmethod
    def sentence(cls, event):
        return _("completes a task: %(title)s") % {"title": event.particulars["title"]}


class TaskReopened(Happening):
    kind = "task_reopened"
    icon = "arrow-back-up"

    @classmethod
    def sentence(cls, event):
        return _("reopens a task: %(title)s") % {"title": event.particulars["title"]}


class ActivityReplanned(Happening):
    kind = "activity_replanned"
    icon = "clock"

    @classmethod
    def sentence(cls, event):
        return _("reschedules a task: %(title)s") % {"title": event.particulars["title"]}
