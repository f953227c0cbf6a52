"""The ways in which directories refuse."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class EntryRetired(Refusal):
    """The entry is out of use, so nothing new points at it."""

    status = 409

    def __init__(self, entry):
        super().__init__(entry)
        self.entry = entry

    @property
    def sentence(self):
        return _("“%(entry)s” is no longer in use. Choose another entry.") % {"entry": self.entry.name}


class OtherDirectory(Refusal):
    """Entries are merged within one directory, into another one that is in use."""

    status = 422
    field = "target"
    sentence = _("Choose another entry of the same directory, one that is in use.")


class NameTaken(Refusal):
    """An entry in use has this name already."""

    status = 409

    def __init__(self, entry):
        super().__init__(entry)
        self.entry = entry

    @property
    def sentence(self):
        return _("Another entry in use is called “%(entry)s”. Rename one of them first.") % {
            "entry": self.entry.name
        }


class BeingMerged(Refusal):
    """The `row` is being merged by a job, so neither it nor its target goes now."""

    status = 409

    def __init__(self, row):
        super().__init__(row)
        self.row = row

    @property
    def sentence(self):
        return _("“%(row)s” is being merged into “%(target)s”. Wait until that is done.") % {
            "row": self.row,
            "target": self.row.merged_into,
        }


class ChangedSince(Refusal):
    """A field of the change has another value now: `field` is its name, `label` what people call it.

    `now` is the value as text, `by` who changed it, None where no event tells.
    """

    status = 409

    def __init__(self, field, label, *, now, by=None):
        super().__init__(field)
        self.field, self.label, self.now, self.by = field, label, now, by

    @property
    def sentence(self):
        words = {"field": self.label, "now": self.now or "–"}
        if self.by:
            return _("Nothing was undone: %(who)s has changed “%(field)s” since, it is “%(now)s” now.") % {
                **words,
                "who": self.by.full_name,
            }
        return _("Nothing was undone: “%(field)s” was changed since, it is “%(now)s” now.") % words


class NothingToPutBack(Refusal):
    """The change was of what follows from other records, so no door of this one takes it back."""

    status = 409
    sentence = _(
        "Nothing was undone: this follows from other records, such as the tasks of a deal. Change those."
    )


class DoesNotFit(Refusal):
    """The rules of the row are against what stood there: `problem`, a ValidationError, says which."""

    status = 409

    def __init__(self, problem):
        super().__init__(problem)
        self.problem = problem

    @property
    def sentence(self):
        return _("Nothing was undone. %(why)s") % {"why": " ".join(self.problem.messages)}


class WhatStoodThereIsGone(Refusal):
    """The change can't be taken back: an import was undone that had made what stood there."""

    status = 409
    sentence = _(
        "Nothing was undone: what stood there is gone, since the import that had made it was undone."
    )


class TooMany(Refusal):
    """More records than are changed at once: `most` is how many are."""

    status = 422

    def __init__(self, most):
        super().__init__(most)
        self.most = most

    @property
    def sentence(self):
        return _("At most %(count)s records are changed at once. Choose fewer of them.") % {
            "count": self.most
        }
