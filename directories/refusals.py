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
