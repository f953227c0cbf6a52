"""The ways in which an import refuses: a whole file, or one of its rows."""

from django.utils.translation import gettext_lazy as _

from ui.answers import Refusal


class ImportRefusal(Refusal):
    """Nothing of the file goes in; `sentence` says why and what to do."""

    status = 422

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class MappingMistake(ImportRefusal):
    """The mapping file says something that can't be done."""


class FileMistake(ImportRefusal):
    """The file can't be read, or lacks what the mapping names."""


class AlreadyRunning(ImportRefusal):
    """Another import of this source is running now."""

    status = 409

    def __init__(self, source):
        super().__init__(
            _("Another import of “%(source)s” is running. Wait until it has ended.") % {"source": source}
        )


class RowRefused(Exception):
    """This row does not go in; the text is the reason that its file of errors gives."""


class RowWaits(Exception):
    """This row names a record that may come later in the file; the text says which."""
