"""The ways in which a record's doors refuse."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class NotAllowed(Refusal):
    """The person sees the record and may not do this with it."""

    status = 403
    sentence = _("You can see this record, but your role does not let you change it. Ask its responsible.")


class Overtaken(Refusal):
    """Somebody has changed a field since this person saw it.

    `field` is the field's name, `shown` and `now` are both values, `by` and `at` say who changed it
    and when (None where no event tells).
    """

    status = 409

    def __init__(self, field, *, shown, now, by=None, at=None):
        super().__init__(field)
        self.field, self.shown, self.now, self.by, self.at = field, shown, now, by, at

    @property
    def sentence(self):
        if self.by:
            return _("%(who)s has changed this in the meantime. What you typed is kept.") % {
                "who": self.by.full_name
            }
        return _("This was changed in the meantime. What you typed is kept.")


class Archived(Refusal):
    """The record is in the archive, where nothing changes."""

    status = 409
    sentence = _("This record is in the archive. Restore it first.")


class AlreadyMade(Refusal):
    """This very form has made its record already; `record` is what it made."""

    status = 409
    sentence = _("This form was sent already.")

    def __init__(self, record):
        super().__init__()
        self.record = record


class Gone(Refusal):
    """The record was here a moment ago: the import that had made it was undone."""

    status = 404
    sentence = _("This record is gone: the import that had made it was undone.")


class StillRunning(Refusal):
    """The operation has not ended, so it can't be taken back yet."""

    status = 409
    sentence = _("This is still running. Undo it when it has ended.")


class AlreadyUndone(Refusal):
    """The operation was taken back already, or is being so now."""

    status = 409

    def __init__(self, operation):
        super().__init__(operation)
        self.operation = operation

    @property
    def sentence(self):
        return _("%(who)s has undone this already.") % {"who": self.operation.undone_by.full_name}
